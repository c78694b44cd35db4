// SPDX-License-Identifier: MIT
/* /api/v1/hypervisor */
#include "command_wait.h"
#include "hypervisor_life.h"

#include <errno.h>
#include <string.h>

static int root_name(void *context, const struct driver_cell *cell)
{
	if (cell->id == 0)
		cJSON_AddStringToObject(context, "root_cell", cell->name);
	return 0;
}

static void add_pool(struct agent *agent, cJSON *json)
{
	uint64_t pages, used;
	cJSON *pool;

	if (agent->driver_ops->pool(agent->driver, &pages, &used) != 0)
		return;
	pool = cJSON_AddObjectToObject(json, "memory_pool");
	cJSON_AddNumberToObject(pool, "pages", (double)pages);
	cJSON_AddNumberToObject(pool, "used", (double)used);
}

void api_hypervisor_get(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	const char *state = hypervisor_state(agent);
	cJSON *json = cJSON_CreateObject();
	char wanted[16] = "disabled";

	(void)request;
	agent->store_ops->setting_get(agent->store, SETTING_HYPERVISOR_WANTED, wanted, sizeof(wanted));
	cJSON_AddStringToObject(json, "state", state);
	cJSON_AddStringToObject(json, "wanted", wanted);
	if (strcmp(state, "enabled") == 0) {
		agent->driver_ops->each(agent->driver, root_name, json);
		add_pool(agent, json);
	}
	api_reply_json(reply, 200, json);
}

/* Takes the text. */
static void reply_text(struct api_reply *reply, int err, const char *what, char *text, size_t size)
{
	if (err) {
		bool missing = err == -ENODEV || err == -ENOENT;

		api_problem(reply, missing ? 503 : 500, missing ? "driver-missing" : "internal",
			    "Load the kernel module jailhouse.", "%s cannot be read: %s.", what, strerror(-err));
		return;
	}
	reply->status = 200;
	reply->type = "text/plain; charset=utf-8";
	reply->body = text;
	reply->size = size;
}

void api_hypervisor_console(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	char *text = NULL;
	size_t size = 0;
	int err = agent->driver_ops->log(agent->driver, &text, &size);

	(void)request;
	reply_text(reply, err, "The hypervisor's console", text, size);
}

void api_flight_recorder(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	char life[16] = "current", *text = NULL;
	size_t size = 0;
	int err;

	api_query(request, "life", life, sizeof(life));
	if (strcmp(life, "current") != 0 && strcmp(life, "previous") != 0) {
		api_problem(reply, 400, "bad-request", "Use life=current or life=previous.",
			    "life=%s is neither current nor previous.", life);
		return;
	}
	err = agent->driver_ops->recorder(agent->driver, life[0] == 'p', &text, &size);
	reply_text(reply, err, "The flight recorder", text, size);
}

static void command(struct agent *agent, const struct api_request *request, command_fn run, const char *verb,
		    struct api_reply *reply)
{
	const struct order order = { run, verb, "", request->who.username };
	struct outcome outcome = { 0 };
	int64_t id;
	int err = supervisor_run(agent->supervisor, &order, command_wait_ms(request), &outcome, &id);

	if (err && err != -EINPROGRESS) {
		api_problem(reply, 503, "busy", "Try again in a moment.", "Too many commands wait for the driver.");
	} else if (!err && outcome.error) {
		api_refused(reply, &outcome.reason, outcome.error);
	} else {
		api_hypervisor_get(agent, request, reply);
		if (err)
			command_goes_on(reply, id);
	}
}

void api_hypervisor_enable(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	command(agent, request, life_enable, "enable", reply);
}

void api_hypervisor_disable(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	command(agent, request, life_disable, "disable", reply);
}
