// SPDX-License-Identifier: MIT
#include "follow.h"

#include "cell_table.h"
#include "collector.h"

#include <string.h>

void follow_console(struct agent *agent, const char *name)
{
	struct console *console;
	int fd;

	if (collector_follows(agent->collector, name))
		return;
	fd = agent->driver_ops->console(agent->driver, name);
	if (fd < 0) {
		agent_log("warning", "cell %s: its console cannot be opened: %s", name, strerror(-fd));
		return;
	}
	console = cell_table_console(agent->cells, name);
	if (!console || collector_follow(agent->collector, name, console, fd) != 0)
		agent_log("warning", "cell %s: its console is not followed", name);
	console_release(console);
}

void follow_state(struct agent *agent, const char *name, const char *state)
{
	struct console *console = cell_table_console(agent->cells, name);

	if (console)
		console_set_state(console, state);
	console_release(console);
}
