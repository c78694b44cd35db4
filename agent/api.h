/* SPDX-License-Identifier: MIT */
/* What a handler gets and what it gives back. No sockets, no threads, no civetweb. */
#ifndef AGENT_API_H
#define AGENT_API_H

#include "json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct agent;
struct driver_reason;

#define API_NAME_LEN 64

enum api_role { API_ROLE_NONE, API_ROLE_VIEWER, API_ROLE_OPERATOR, API_ROLE_ADMIN };

/* A body that is too large for memory: the handler pulls it. read() gives bytes, 0 at the end, -errno. */
struct api_stream {
	long (*read)(void *context, void *buffer, size_t size);
	void *context;
	int64_t declared; /* Content-Length, -1 when chunked */
};

struct api_identity {
	char username[API_NAME_LEN];
	enum api_role role;
	bool from_cookie;
};

struct api_request {
	const char *method, *path, *query;
	char name[API_NAME_LEN]; /* what stood for {name} in the route */
	int64_t number; /* what stood for {number} */
	const char *body;
	size_t body_size;
	const struct api_stream *stream; /* routes with a streamed body */
	const char *if_match, *if_none_match, *prefer, *idempotency_key;
	const char *repr_digest; /* the header of the same name, NULL without */
	const char *session; /* value of the cookie, NULL without */
	const char *remote; /* address of the client */
	struct api_identity who;
};

struct api_reply {
	int status;
	const char *type;
	char *body; /* malloc()ed; freed by whoever sends it */
	size_t size;
	const void *constant; /* instead of body: not freed */
	int fd; /* instead of body: a file of `size` bytes; -1 */
	char headers[1024]; /* further header lines, each with CRLF */
	bool secret; /* nobody may keep the body */
};

typedef void (*api_handler)(struct agent *agent, const struct api_request *request, struct api_reply *reply);

void api_reply_init(struct api_reply *reply);
void api_reply_free(struct api_reply *reply);

/* Takes the tree. */
void api_reply_json(struct api_reply *reply, int status, cJSON *json);
void api_reply_header(struct api_reply *reply, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* application/problem+json: a stable code, one sentence with values, and what to do about it. */
void api_problem(struct api_reply *reply, int status, const char *code, const char *remedy, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
void api_problem_json(struct api_reply *reply, const struct json_problem *problem);

/* Adds a member to the problem that is in the reply. */
void api_problem_number(struct api_reply *reply, const char *name, double value);

/* A command's refusal: 503 without the driver (-ENODEV), else 409. */
void api_refused(struct api_reply *reply, const struct driver_reason *reason, int err);

/* The request's body as a JSON object with only these members; NULL and a problem reply otherwise. */
cJSON *api_body(const struct api_request *request, struct api_reply *reply, const char *const *names);

/* A member of the query string, percent-decoded; false when it is absent or malformed. */
bool api_query(const struct api_request *request, const char *name, char *buffer, size_t size);

/* 1 to 31 characters of a-z A-Z 0-9 . _ -, the first a letter or digit: cell and image names. */
bool api_name_valid(const char *name);

const char *api_status_title(int status);

/* One file per resource. */
void api_health(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_setup_get(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_setup_post(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_session_create(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_session_get(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_session_delete(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_openapi(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_system_get(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_hypervisor_get(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_hypervisor_enable(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_hypervisor_disable(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_cells_list(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_cell_create(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_cell_get(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_cell_put(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_cell_patch(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_cell_delete(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_cell_start(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_cell_stop(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_cell_restart(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_cell_destroy(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_users_list(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_user_create(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_user_get(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_user_patch(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_user_delete(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_tokens_list(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_token_create(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_token_delete(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_operations_list(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_operation_get(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_operation_cancel(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_audit_get(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_audit_post(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_flight_recorder(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_versions_list(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_version_get(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_hypervisor_console(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_cell_stats(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_definition_schema(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_definition_check(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_console_post(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_console_get(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_metrics(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_images_list(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_image_put(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_image_get(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_image_delete(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_presets_list(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_preset_get(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_preset_put(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_preset_delete(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_preset_apply(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_preset_confirm(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_preset_rollback(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_boot_get(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_event_get(struct agent *agent, const struct api_request *request, struct api_reply *reply);
void api_events_list(struct agent *agent, const struct api_request *request, struct api_reply *reply);

#endif
