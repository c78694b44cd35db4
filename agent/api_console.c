// SPDX-License-Identifier: MIT
/* /api/v1/cells/{name}/console: what is kept of the output. The live stream is http/socket.c's. */
#include "agent.h"
#include "cell_reply.h"
#include "cell_table.h"

#include <errno.h>
#include <stdlib.h>

static bool since_offset(const struct api_request *request, struct api_reply *reply, uint64_t *offset)
{
	char text[24], *end;

	*offset = 0;
	if (!api_query(request, "since", text, sizeof(text)))
		return true;
	*offset = strtoull(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end)
		return true;
	api_problem(reply, 400, "bad-request", "Give the offset as a decimal number.", "since=%s is no offset.", text);
	return false;
}

void api_console_get(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct console *console;
	uint64_t offset, lost;

	if (!cell_reply_known(agent, reply, request->name) || !since_offset(request, reply, &offset))
		return;
	console = cell_table_console(agent->cells, request->name);
	reply->body = console ? malloc(CONSOLE_KEPT) : NULL;
	if (!reply->body) {
		api_problem(reply, 500, "internal", "Try again.", "The agent ran out of memory.");
	} else {
		reply->status = 200;
		reply->type = "application/octet-stream";
		reply->size = console_read(console, &offset, reply->body, CONSOLE_KEPT, &lost);
		api_reply_header(reply, "Rotunda-Console-Start: %llu", (unsigned long long)(offset - reply->size));
		api_reply_header(reply, "Rotunda-Console-End: %llu", (unsigned long long)offset);
	}
	console_release(console);
}

void api_console_post(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct console *console;
	int err;

	if (!cell_reply_known(agent, reply, request->name))
		return;
	console = cell_table_console(agent->cells, request->name);
	err = console ? console_input(console, request->body, request->body_size) : -ENOMEM;
	console_release(console);
	if (!err)
		reply->status = 204;
	else if (err == -EAGAIN)
		api_problem(reply, 503, "input-full", "Send less, or wait until the cell has read it.",
			    "The cell \"%s\" does not read its input fast enough; some of it was not taken.",
			    request->name);
	else
		api_problem(reply, 409, "cell-not-created", "Start it first.",
			    "The cell \"%s\" has no console that could take input.", request->name);
}
