/* SPDX-License-Identifier: MIT */
/*
 * Notices what nobody here commanded: a cell that failed or shut itself down, and whatever another program did to
 * cells and hypervisor. Each such change is an event, and the watchers of that cell's console are told.
 */
#ifndef AGENT_OBSERVER_H
#define AGENT_OBSERVER_H

#include "agent.h"

struct observer;

/* What exists already is taken as it is; its consoles are followed when this returns. NULL without memory. */
struct observer *observer_start(struct agent *agent);
void observer_stop(struct observer *observer);

/* Looks again: after a command, or when a cell was defined that may exist. observer may be NULL. */
void observer_wake(struct observer *observer);

#endif
