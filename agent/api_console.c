// SPDX-License-Identifier: MIT
/* /api/v1/cells/{name}/console: what is kept of the output. The live stream is http/socket.c's. */
#include "agent.h"
#include "cell_reply.h"
#include "console.h"
#include "follow.h"

#include <errno.h>
#include <stdlib.h>

#define PART_MAX (256 * 1024)

static bool since_offset(const struct api_request *request, struct api_reply *reply, uint64_t *offset, bool *asked)
{
	char text[24], *end;

	*offset = 0;
	*asked = api_query(request, "since", text, sizeof(text));
	if (!*asked)
		return true;
	*offset = strtoull(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end)
		return true;
	api_problem(reply, 400, "bad-request", "Give the offset as a decimal number.", "since=%s is no offset.", text);
	return false;
}

/* From *offset, or from where something is kept again, up to the next gap. */
static size_t read_from(struct console *console, uint64_t *offset, char *body)
{
	uint64_t lost, at;
	size_t used = console_read(console, offset, body, PART_MAX, &lost), count;

	while (used && used < PART_MAX) {
		at = *offset;
		count = console_read(console, &at, body + used, PART_MAX - used, &lost);
		if (!count || lost)
			break;
		*offset = at;
		used += count;
	}
	return used;
}

/* The newest without a gap. */
static size_t read_last(struct console *console, uint64_t *offset, char *body)
{
	struct console_view view;
	size_t used, more = 1;
	uint64_t at;

	console_view(console, &view);
	*offset = view.end > PART_MAX ? view.end - PART_MAX : 0;
	used = read_from(console, offset, body);
	/* A gap: what is behind it counts. */
	for (at = *offset; more && at < view.end; at = *offset) {
		*offset = at;
		more = read_from(console, offset, body);
		used = more ? more : used;
	}
	return used;
}

void api_console_get(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct console *console;
	uint64_t offset;
	bool asked;

	if (!cell_reply_known(agent, reply, request->name) || !since_offset(request, reply, &offset, &asked))
		return;
	console = follow_take(agent, request->name);
	reply->body = console ? malloc(PART_MAX) : NULL;
	if (!reply->body) {
		api_problem(reply, 500, "internal", "Try again.", "The agent ran out of memory.");
	} else {
		reply->status = 200;
		reply->type = "application/octet-stream";
		reply->size =
			asked ? read_from(console, &offset, reply->body) : read_last(console, &offset, reply->body);
		api_reply_header(reply, "Rotunda-Console-Start: %llu", (unsigned long long)(offset - reply->size));
		api_reply_header(reply, "Rotunda-Console-End: %llu", (unsigned long long)offset);
	}
	console_release(console);
}

static void input_full(const struct api_request *request, size_t taken, struct api_reply *reply)
{
	api_problem(reply, 503, "input-full", "Send the rest when the cell has read what it was given.",
		    "The cell \"%s\" does not read its input fast enough: of %zu bytes the first %zu were taken.",
		    request->name, request->body_size, taken);
	api_problem_number(reply, "taken", (double)taken);
}

void api_console_post(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct console *console;
	size_t taken = 0;
	int err;

	if (!cell_reply_known(agent, reply, request->name))
		return;
	console = follow_take(agent, request->name);
	err = console ? console_input(console, request, request->who.username, request->body, request->body_size,
				      &taken) :
			-ENOMEM;
	if (console)
		console_leave(console, request);
	console_release(console);
	if (!err)
		reply->status = 204;
	else if (err == -EBUSY)
		api_problem(reply, 409, "another-writes", "Wait until that person leaves, or take the console over there.",
			    "Somebody else is typing on the console of cell \"%s\".", request->name);
	else if (err == -EAGAIN)
		input_full(request, taken, reply);
	else
		api_problem(reply, 409, "cell-not-created", "Start it first.",
			    "The cell \"%s\" has no console that could take input.", request->name);
}
