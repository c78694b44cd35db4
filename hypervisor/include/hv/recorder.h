/* SPDX-License-Identifier: MIT */
/* The flight recorder, as jailhouse/recorder.h lays it out: what a reset must not take with it. */
#ifndef HV_RECORDER_H
#define HV_RECORDER_H

#include <jailhouse/recorder.h>

struct cell;

/*
 * Once, with JH_RECORDER_SIZE bytes whose contents may be anything: records of earlier lives stay and are continued, anything
 * else is no record afterwards.
 */
void recorder_init(void *memory);

/*
 * Takes no lock, waits for nobody and is bounded, so that a CPU that dies can use it too. cell may be NULL. Before
 * recorder_init() nothing happens. Text that is too long is cut.
 */
void record(unsigned int kind, const struct cell *cell, int error, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
