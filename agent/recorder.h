/* SPDX-License-Identifier: MIT */
/*
 * One thread that writes what the cells say to disk, watched or not. It waits until something is said, collects for a second so that
 * a line is not a write, and gives each console its own allowance: a cell that prints without end loses bytes of its record (counted,
 * and told by the event console-unrecorded once an hour), and takes nothing from others and little of the flash memory's life.
 */
#ifndef AGENT_RECORDER_H
#define AGENT_RECORDER_H

#include "agent.h"
#include "console.h"

#define RECORDER_RATE	(16 * 1024) /* bytes a second and console, sustained: 1.4 GB a day */
#define RECORDER_BURST	(256 * 1024)
#define RECORDER_SYNC	10 /* seconds: what a power cut may cost, but for the last words of a cell that ended */
#define RECORDER_PAUSE \
	(32 * 1024) /* a console that was too fast waits for so much: a few long pieces, not many short ones */

struct recorder;

struct recorder *recorder_start(struct agent *agent); /* also removes what cells left that are gone */
void recorder_stop(struct recorder *recorder); /* all that the rings have is written first */

/* Gives a new console of this cell its record. */
void recorder_attach(struct recorder *recorder, const char *name, struct console *console);

#endif
