// SPDX-License-Identifier: MIT
#include "cell_reply.h"

#include "cell_json.h"

#include <errno.h>
#include <string.h>

void cell_reply_unknown(struct api_reply *reply, const char *name)
{
	api_problem(reply, 404, "cell-not-found", "GET /api/v1/cells lists the cells.", "There is no cell \"%s\".",
		    name);
}

void cell_reply_store_failed(struct api_reply *reply, int err)
{
	if (err == -ENOSPC)
		api_problem(reply, 507, "disk-full", "Delete images that no cell uses.", "The data disk is full.");
	else
		api_problem(reply, 500, "internal", "Look at the board's log.", "The database refused: %s.",
			    strerror(-err));
}

void cell_reply(struct agent *agent, struct api_reply *reply, int status, const struct store_cell *cell)
{
	api_reply_json(reply, status, cell_json(agent, cell));
	api_reply_header(reply, "ETag: \"%lld\"", (long long)cell->revision);
}

void cell_reply_stored(struct agent *agent, struct api_reply *reply, int status, const char *name)
{
	struct store_cell cell;
	int err = agent->store_ops->cell_get(agent->store, name, &cell);

	if (err == -ENOENT) {
		cell_reply_unknown(reply, name);
	} else if (err) {
		cell_reply_store_failed(reply, err);
	} else {
		cell_reply(agent, reply, status, &cell);
		store_cell_free(&cell);
	}
}

bool cell_reply_known(struct agent *agent, struct api_reply *reply, const char *name)
{
	struct store_cell cell;
	int err = agent->store_ops->cell_get(agent->store, name, &cell);

	if (err == -ENOENT)
		cell_reply_unknown(reply, name);
	else if (err)
		cell_reply_store_failed(reply, err);
	else
		store_cell_free(&cell);
	return !err;
}
