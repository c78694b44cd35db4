// SPDX-License-Identifier: MIT
#include "console.h"
#include "follow.h"

#include "cell_table.h"
#include "collector.h"
#include "created.h"
#include "recorder.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void attach(void *agent, const char *name, struct console *console)
{
	recorder_attach(((struct agent *)agent)->recorder, name, console);
}

struct console *follow_take(struct agent *agent, const char *name)
{
	return cell_table_console(agent->cells, name, attach, agent);
}

/* An agent before this one may have followed the same stream: the record says up to where. */
static void adopt(struct agent *agent, const char *name, struct console *console, int fd)
{
	char identity[DRIVER_IDENTITY_LEN] = "";
	struct driver_cell cell;

	if (agent->driver_ops->identity && created_find(agent, name, &cell) == 0)
		agent->driver_ops->identity(agent->driver, cell.id, identity);
	console_adopt(console, identity, fd);
}

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
	console = follow_take(agent, name);
	if (console)
		adopt(agent, name, console, fd);
	if (!console || collector_follow(agent->collector, name, console, fd) != 0)
		agent_log("warning", "cell %s: its console is not followed", name);
	console_release(console);
}

void follow_state(struct agent *agent, const char *name, const char *state)
{
	follow_end(agent, name, state, "", "%s", "");
}

void follow_end(struct agent *agent, const char *name, const char *state, const char *code, const char *format, ...)
{
	struct console *console = follow_take(agent, name);
	char why[CONSOLE_WHY];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(why, sizeof(why), format, arguments);
	va_end(arguments);
	if (console)
		console_set_state(console, state, code, why);
	console_release(console);
}
