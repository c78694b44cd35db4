// SPDX-License-Identifier: MIT
#include "ports.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void api_reply_init(struct api_reply *reply)
{
	memset(reply, 0, sizeof(*reply));
	reply->fd = -1;
}

void api_reply_free(struct api_reply *reply)
{
	free(reply->body);
	if (reply->fd >= 0)
		close(reply->fd);
	api_reply_init(reply);
}

void api_reply_json(struct api_reply *reply, int status, cJSON *json)
{
	free(reply->body);
	reply->body = json ? cJSON_PrintUnformatted(json) : NULL;
	cJSON_Delete(json);
	reply->status = reply->body ? status : 500;
	reply->size = reply->body ? strlen(reply->body) : 0;
	reply->type = "application/json";
}

void api_reply_header(struct api_reply *reply, const char *format, ...)
{
	size_t used = strlen(reply->headers);
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(reply->headers + used, sizeof(reply->headers) - used, format, arguments);
	va_end(arguments);
	/* Half a header line would swallow the next one: all or nothing. */
	if (length < 0 || (size_t)length + 2 >= sizeof(reply->headers) - used)
		reply->headers[used] = '\0';
	else
		memcpy(reply->headers + used + length, "\r\n", 3);
}

const char *api_status_title(int status)
{
	static const struct {
		int status;
		const char *title;
	} rows[] = {
		{ 200, "OK" },
		{ 201, "Created" },
		{ 202, "Accepted" },
		{ 204, "No Content" },
		{ 301, "Moved Permanently" },
		{ 304, "Not Modified" },
		{ 308, "Permanent Redirect" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 408, "Request Timeout" },
		{ 409, "Conflict" },
		{ 411, "Length Required" },
		{ 412, "Precondition Failed" },
		{ 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" },
		{ 421, "Misdirected Request" },
		{ 422, "Unprocessable Content" },
		{ 426, "Upgrade Required" },
		{ 428, "Precondition Required" },
		{ 429, "Too Many Requests" },
		{ 500, "Internal Server Error" },
		{ 503, "Service Unavailable" },
		{ 505, "HTTP Version Not Supported" },
		{ 507, "Insufficient Storage" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].status == status)
			return rows[i].title;
	return "Error";
}

static void problem_reply(struct api_reply *reply, int status, const char *code, const char *remedy,
			  const char *pointer, const char *detail)
{
	cJSON *json = cJSON_CreateObject();
	char type[128];

	snprintf(type, sizeof(type), "https://rotunda.invalid/errors/%s", code);
	cJSON_AddStringToObject(json, "type", type);
	cJSON_AddStringToObject(json, "title", api_status_title(status));
	cJSON_AddNumberToObject(json, "status", status);
	cJSON_AddStringToObject(json, "code", code);
	cJSON_AddStringToObject(json, "detail", detail);
	cJSON_AddStringToObject(json, "pointer", pointer);
	cJSON_AddStringToObject(json, "remedy", remedy);
	api_reply_json(reply, status, json);
	reply->type = "application/problem+json";
}

void api_problem(struct api_reply *reply, int status, const char *code, const char *remedy, const char *format, ...)
{
	char detail[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(detail, sizeof(detail), format, arguments);
	va_end(arguments);
	problem_reply(reply, status, code, remedy, "", detail);
}

void api_problem_number(struct api_reply *reply, const char *name, double value)
{
	cJSON *json = cJSON_Parse(reply->body);

	cJSON_AddNumberToObject(json, name, value);
	api_reply_json(reply, reply->status, json);
	reply->type = "application/problem+json";
}

void api_problem_json(struct api_reply *reply, const struct json_problem *problem)
{
	problem_reply(reply, 400, problem->code, "Correct the body; agent/README.md describes it.", problem->pointer,
		      problem->detail);
}

void api_refused(struct api_reply *reply, const struct driver_reason *reason, int err)
{
	/* The driver's own refusals may be ENODEV too: what is missing then (EL2, say) does not come by itself. */
	bool missing = err == -ENODEV && strcmp(reason->code, "driver-missing") == 0;

	problem_reply(reply, missing ? 503 : 409, reason->code, reason->remedy, reason->pointer, reason->text);
}

cJSON *api_body(const struct api_request *request, struct api_reply *reply, const char *const *names)
{
	struct json_problem problem;
	cJSON *json = json_parse(request->body ? request->body : "", request->body_size, &problem);

	if (json && json_only(json, names, &problem))
		return json;
	cJSON_Delete(json);
	api_problem_json(reply, &problem);
	return NULL;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool percent_decode(const char *at, size_t length, char *buffer, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		int value = (unsigned char)at[i];

		if (at[i] == '%') {
			if (i + 2 >= length || hex_digit(at[i + 1]) < 0 || hex_digit(at[i + 2]) < 0)
				return false;
			value = hex_digit(at[i + 1]) * 16 + hex_digit(at[i + 2]);
			i += 2;
		}
		if (value < 0x20 || used + 1 >= size)
			return false;
		buffer[used++] = (char)value;
	}
	buffer[used] = '\0';
	return true;
}

bool api_query(const struct api_request *request, const char *name, char *buffer, size_t size)
{
	const char *at = request->query;
	size_t name_length = strlen(name);

	while (at && *at) {
		size_t length = strcspn(at, "&");

		if (length > name_length && at[name_length] == '=' && strncmp(at, name, name_length) == 0)
			return percent_decode(at + name_length + 1, length - name_length - 1, buffer, size);
		at += length + (at[length] == '&');
	}
	return false;
}

bool api_name_valid(const char *name)
{
	size_t length = strlen(name);

	if (length < 1 || length > 31 || !isalnum((unsigned char)name[0]))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)name[i]) && !strchr("._-", name[i]))
			return false;
	return true;
}
