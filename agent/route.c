// SPDX-License-Identifier: MIT
#include "route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define V "/api/v1"
#define CELL V "/cells/{name}"
#define PRESET V "/presets/{name}"

static const struct route routes[] = {
	{ "GET", "/healthz", API_ROLE_NONE, ROUTE_BODY_NONE, api_health, ROUTE_ANSWER_ONCE },
	{ "GET", "/metrics", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_metrics, ROUTE_ANSWER_ONCE },
	{ "GET", V "/setup", API_ROLE_NONE, ROUTE_BODY_NONE, api_setup_get, ROUTE_ANSWER_ONCE },
	{ "POST", V "/setup", API_ROLE_NONE, ROUTE_BODY_JSON, api_setup_post, ROUTE_ANSWER_ONCE },
	{ "POST", V "/sessions", API_ROLE_NONE, ROUTE_BODY_JSON, api_session_create, ROUTE_ANSWER_ONCE },
	{ "GET", V "/sessions/current", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_session_get, ROUTE_ANSWER_ONCE },
	{ "DELETE", V "/sessions/current", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_session_delete, ROUTE_ANSWER_ONCE },
	{ "GET", V "/users", API_ROLE_ADMIN, ROUTE_BODY_NONE, api_users_list, ROUTE_ANSWER_ONCE },
	{ "POST", V "/users", API_ROLE_ADMIN, ROUTE_BODY_JSON, api_user_create, ROUTE_ANSWER_ONCE },
	{ "GET", V "/users/{name}", API_ROLE_ADMIN, ROUTE_BODY_NONE, api_user_get, ROUTE_ANSWER_ONCE },
	{ "PATCH", V "/users/{name}", API_ROLE_ADMIN, ROUTE_BODY_JSON, api_user_patch, ROUTE_ANSWER_ONCE },
	{ "DELETE", V "/users/{name}", API_ROLE_ADMIN, ROUTE_BODY_NONE, api_user_delete, ROUTE_ANSWER_ONCE },
	{ "GET", V "/tokens", API_ROLE_ADMIN, ROUTE_BODY_NONE, api_tokens_list, ROUTE_ANSWER_ONCE },
	{ "POST", V "/tokens", API_ROLE_ADMIN, ROUTE_BODY_JSON, api_token_create, ROUTE_ANSWER_ONCE },
	{ "DELETE", V "/tokens/{name}", API_ROLE_ADMIN, ROUTE_BODY_NONE, api_token_delete, ROUTE_ANSWER_ONCE },
	{ "GET", V "/system", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_system_get, ROUTE_ANSWER_ONCE },
	{ "GET", V "/openapi.json", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_openapi, ROUTE_ANSWER_ONCE },
	{ "GET", V "/hypervisor", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_hypervisor_get, ROUTE_ANSWER_ONCE },
	{ "POST", V "/hypervisor/enable", API_ROLE_ADMIN, ROUTE_BODY_NONE, api_hypervisor_enable, ROUTE_ANSWER_ONCE },
	{ "POST", V "/hypervisor/disable", API_ROLE_ADMIN, ROUTE_BODY_NONE, api_hypervisor_disable, ROUTE_ANSWER_ONCE },
	{ "GET", V "/hypervisor/console", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_hypervisor_console, ROUTE_ANSWER_ONCE },
	{ "GET", V "/hypervisor/flight-recorder", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_flight_recorder, ROUTE_ANSWER_ONCE },
	{ "GET", V "/hypervisor/audit", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_audit_get, ROUTE_ANSWER_ONCE },
	{ "POST", V "/hypervisor/audit", API_ROLE_OPERATOR, ROUTE_BODY_NONE, api_audit_post, ROUTE_ANSWER_ONCE },
	{ "POST", V "/definitions/check", API_ROLE_VIEWER, ROUTE_BODY_JSON, api_definition_check, ROUTE_ANSWER_ONCE },
	{ "GET", V "/definitions/schema", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_definition_schema, ROUTE_ANSWER_ONCE },
	{ "GET", V "/cells", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_cells_list, ROUTE_ANSWER_ONCE },
	{ "POST", V "/cells", API_ROLE_ADMIN, ROUTE_BODY_JSON, api_cell_create, ROUTE_ANSWER_ONCE },
	{ "GET", CELL, API_ROLE_VIEWER, ROUTE_BODY_NONE, api_cell_get, ROUTE_ANSWER_ONCE },
	{ "PUT", CELL, API_ROLE_ADMIN, ROUTE_BODY_JSON, api_cell_put, ROUTE_ANSWER_ONCE },
	{ "PATCH", CELL, API_ROLE_OPERATOR, ROUTE_BODY_JSON, api_cell_patch, ROUTE_ANSWER_ONCE },
	{ "DELETE", CELL, API_ROLE_ADMIN, ROUTE_BODY_NONE, api_cell_delete, ROUTE_ANSWER_ONCE },
	{ "POST", CELL "/start", API_ROLE_OPERATOR, ROUTE_BODY_NONE, api_cell_start, ROUTE_ANSWER_ONCE },
	{ "POST", CELL "/stop", API_ROLE_OPERATOR, ROUTE_BODY_NONE, api_cell_stop, ROUTE_ANSWER_ONCE },
	{ "POST", CELL "/restart", API_ROLE_OPERATOR, ROUTE_BODY_NONE, api_cell_restart, ROUTE_ANSWER_ONCE },
	{ "POST", CELL "/destroy", API_ROLE_OPERATOR, ROUTE_BODY_NONE, api_cell_destroy, ROUTE_ANSWER_ONCE },
	{ "GET", CELL "/versions", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_versions_list, ROUTE_ANSWER_ONCE },
	{ "GET", CELL "/versions/{number}", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_version_get, ROUTE_ANSWER_ONCE },
	{ "GET", CELL "/stats", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_cell_stats, ROUTE_ANSWER_ONCE },
	{ "POST", CELL "/console", API_ROLE_OPERATOR, ROUTE_BODY_BYTES, api_console_post, ROUTE_ANSWER_ONCE },
	{ "GET", CELL "/console", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_console_get, ROUTE_ANSWER_ONCE },
	{ "GET", CELL "/console/stream", API_ROLE_VIEWER, ROUTE_BODY_NONE, NULL, ROUTE_ANSWER_SOCKET },
	{ "GET", V "/operations", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_operations_list, ROUTE_ANSWER_ONCE },
	{ "GET", V "/operations/{number}", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_operation_get, ROUTE_ANSWER_ONCE },
	{ "POST", V "/operations/{number}/cancel", API_ROLE_OPERATOR, ROUTE_BODY_NONE, api_operation_cancel, ROUTE_ANSWER_ONCE },
	{ "GET", V "/images", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_images_list, ROUTE_ANSWER_ONCE },
	{ "PUT", V "/images/{name}", API_ROLE_ADMIN, ROUTE_BODY_STREAM, api_image_put, ROUTE_ANSWER_ONCE },
	{ "GET", V "/images/{name}", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_image_get, ROUTE_ANSWER_ONCE },
	{ "DELETE", V "/images/{name}", API_ROLE_ADMIN, ROUTE_BODY_NONE, api_image_delete, ROUTE_ANSWER_ONCE },
	{ "GET", V "/presets", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_presets_list, ROUTE_ANSWER_ONCE },
	{ "GET", PRESET, API_ROLE_VIEWER, ROUTE_BODY_NONE, api_preset_get, ROUTE_ANSWER_ONCE },
	{ "PUT", PRESET, API_ROLE_ADMIN, ROUTE_BODY_JSON, api_preset_put, ROUTE_ANSWER_ONCE },
	{ "DELETE", PRESET, API_ROLE_ADMIN, ROUTE_BODY_NONE, api_preset_delete, ROUTE_ANSWER_ONCE },
	{ "POST", PRESET "/apply", API_ROLE_OPERATOR, ROUTE_BODY_NONE, api_preset_apply, ROUTE_ANSWER_ONCE },
	{ "POST", PRESET "/confirm", API_ROLE_OPERATOR, ROUTE_BODY_NONE, api_preset_confirm, ROUTE_ANSWER_ONCE },
	{ "POST", PRESET "/rollback", API_ROLE_OPERATOR, ROUTE_BODY_NONE, api_preset_rollback, ROUTE_ANSWER_ONCE },
	{ "GET", V "/boot", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_boot_get, ROUTE_ANSWER_ONCE },
	{ "GET", V "/events", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_events_list, ROUTE_ANSWER_ONCE },
	{ "GET", V "/events/{number}", API_ROLE_VIEWER, ROUTE_BODY_NONE, api_event_get, ROUTE_ANSWER_ONCE },
	{ "GET", V "/events/stream", API_ROLE_VIEWER, ROUTE_BODY_NONE, NULL, ROUTE_ANSWER_EVENTS },
};

const struct route *route_table(size_t *count)
{
	*count = sizeof(routes) / sizeof(routes[0]);
	return routes;
}

static bool take_name(const char **path, char name[API_NAME_LEN])
{
	size_t length = strcspn(*path, "/");

	if (length >= API_NAME_LEN)
		return false;
	memcpy(name, *path, length);
	name[length] = '\0';
	*path += length;
	return api_name_valid(name);
}

/* 1 to 18 digits, which always fit, without a zero in front: a thing has one path. */
static bool take_number(const char **path, int64_t *number)
{
	size_t length = strspn(*path, "0123456789");

	if (length < 1 || length > 18 || **path == '0')
		return false;
	*number = strtoll(*path, NULL, 10);
	*path += length;
	return true;
}

static bool path_matches(const char *pattern, const char *path, struct api_request *request)
{
	request->name[0] = '\0';
	request->number = 0;
	for (; *pattern; pattern++) {
		if (*pattern != '{') {
			if (*pattern != *path)
				return false;
			path++;
			continue;
		}
		if (!(pattern[1] == 'n' && pattern[2] == 'a' ? take_name(&path, request->name) :
							       take_number(&path, &request->number)))
			return false;
		pattern += strcspn(pattern, "}");
	}
	return !*path;
}

static void allow_add(char *allow, size_t size, const char *method)
{
	size_t used = strlen(allow);

	snprintf(allow + used, size - used, "%s%s", used ? ", " : "", method);
}

enum route_match route_find(const char *method, const char *path, const struct route **route,
			    struct api_request *request, char *allow, size_t allow_size)
{
	allow[0] = '\0';
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		if (!path_matches(routes[i].pattern, path, request))
			continue;
		if (strcmp(method, routes[i].method) == 0) {
			*route = &routes[i];
			return ROUTE_FOUND;
		}
		allow_add(allow, allow_size, routes[i].method);
	}
	return allow[0] ? ROUTE_NO_METHOD : ROUTE_NO_PATH;
}
