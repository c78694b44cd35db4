/* SPDX-License-Identifier: MIT */
#ifndef TERMINAL_H
#define TERMINAL_H

#include "cli.h"

/*
 * Connects this terminal with a cell's console until the cell is destroyed, Ctrl-] is typed or a signal ends it. Takes the
 * descriptor over. While it runs the terminal is raw: every other key is the cell's. When stdin is no terminal its end does not end
 * this, because the cell's answer comes later.
 */
int terminal_run(struct cli *cli, int console);

#endif
