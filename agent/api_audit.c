// SPDX-License-Identifier: MIT
/* /api/v1/hypervisor/audit: whether any memory is reachable that should not be. */
#include "hypervisor_life.h"
#include "command_wait.h"
#include "supervisor.h"

#include <errno.h>

static void reply_audit(struct api_reply *reply, const struct driver_audit *audit)
{
	cJSON *json = cJSON_CreateObject(), *violation;

	cJSON_AddStringToObject(json, "result", audit->result);
	cJSON_AddNumberToObject(json, "cells", audit->cells);
	cJSON_AddNumberToObject(json, "pages", (double)audit->pages);
	cJSON_AddNumberToObject(json, "runs", audit->runs);
	cJSON_AddNumberToObject(json, "duration_us", audit->duration_us);
	cJSON_AddNumberToObject(json, "audits", (double)audit->audits);
	cJSON_AddNumberToObject(json, "violations", (double)audit->violations);
	if (audit->code[0]) {
		violation = cJSON_AddObjectToObject(json, "violation");
		cJSON_AddStringToObject(violation, "code", audit->code);
		cJSON_AddStringToObject(violation, "detail", audit->text);
	} else {
		cJSON_AddNullToObject(json, "violation");
	}
	api_reply_json(reply, 200, json);
}

/* As a command: the driver does one thing at a time, and the hypervisor must not be disabled in between. */
static void audit_now(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	struct driver_audit audit;

	(void)name;
	(void)actor;
	if (hypervisor_ready(agent, outcome))
		outcome_driver(outcome, agent->driver_ops->audit(agent->driver, true, &audit, &outcome->reason),
			       "audit the hypervisor", "");
}

void api_audit_get(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct outcome outcome = { 0 };
	struct driver_audit audit = { 0 };

	(void)request;
	if (hypervisor_ready(agent, &outcome))
		outcome_driver(&outcome, agent->driver_ops->audit(agent->driver, false, &audit, &outcome.reason),
			       "read the audit of", "");
	if (outcome.error)
		api_refused(reply, &outcome.reason, outcome.error);
	else
		reply_audit(reply, &audit);
}

void api_audit_post(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	const struct order order = { audit_now, "audit", "", request->who.username };
	struct outcome outcome = { 0 };
	int64_t id;
	int err = supervisor_run(agent->supervisor, &order, command_wait_ms(request), &outcome, &id);

	if (err && err != -EINPROGRESS) {
		api_problem(reply, 503, "busy", "Try again in a moment.", "Too many commands wait for the driver.");
	} else if (!err && outcome.error) {
		api_refused(reply, &outcome.reason, outcome.error);
	} else if (err) {
		command_goes_on(reply,
				id); /* without a body: what was found the last time would be taken for the answer */
	} else {
		api_audit_get(agent, request, reply);
	}
}
