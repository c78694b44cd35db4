// SPDX-License-Identifier: MIT
/* POST /api/v1/cells/{name}/start, stop, restart, destroy. */
#include "cell_life.h"
#include "cell_reply.h"
#include "cell_table.h"
#include "command_wait.h"

#include <errno.h>

static void command(struct agent *agent, const struct api_request *request, command_fn run, const char *verb,
		    const char *shown, struct api_reply *reply)
{
	const struct order order = { run, verb, request->name, request->who.username };
	struct outcome outcome = { 0 };
	int64_t id;
	int err;

	if (!cell_reply_known(agent, reply, request->name))
		return;
	if (cell_table_claim(agent->cells, request->name, shown) != 0) {
		api_problem(reply, 409, "cell-busy", "Wait until that is done.",
			    "Another command is at work on the cell \"%s\".", request->name);
		return;
	}
	err = supervisor_run(agent->supervisor, &order, command_wait_ms(request), &outcome, &id);
	if (err && err != -EINPROGRESS) {
		cell_table_unclaim(agent->cells, request->name);
		api_problem(reply, 503, "busy", "Try again in a moment.", "Too many commands wait for the driver.");
	} else if (!err && outcome.error) {
		api_refused(reply, &outcome.reason, outcome.error);
	} else {
		cell_reply_stored(agent, reply, 200, request->name);
		if (err)
			command_goes_on(reply, id);
	}
}

void api_cell_start(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	command(agent, request, life_start, "start", "starting", reply);
}

void api_cell_stop(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	command(agent, request, life_stop, "stop", "stopping", reply);
}

void api_cell_restart(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	command(agent, request, life_restart, "restart", "stopping", reply);
}

void api_cell_destroy(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	command(agent, request, life_destroy, "destroy", "stopping", reply);
}
