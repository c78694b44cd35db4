// SPDX-License-Identifier: MIT
#include "head.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *head_get(const struct head *head, const char *name)
{
	for (size_t i = 0; i < head->num_fields; i++)
		if (strcasecmp(head->fields[i].name, name) == 0)
			return head->fields[i].value;
	return NULL;
}

static size_t count(const struct head *head, const char *name)
{
	size_t found = 0;

	for (size_t i = 0; i < head->num_fields; i++)
		found += strcasecmp(head->fields[i].name, name) == 0;
	return found;
}

static bool refuse(struct api_reply *reply, int status, const char *code, const char *remedy, const char *detail)
{
	api_problem(reply, status, code, remedy, "%s", detail);
	return false;
}

/* Two of these would let two readers of one request disagree (request smuggling). */
static bool check_single(const struct head *head, struct api_reply *reply)
{
	static const char *const names[] = { "Host",	      "Content-Length", "Transfer-Encoding",
					     "Authorization", "Origin",		"Content-Type",
					     "Cookie",	      "Repr-Digest" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (count(head, names[i]) > 1) {
			api_problem(reply, 400, "duplicate-header", "Send it once.", "The header %s appears twice.",
				    names[i]);
			return false;
		}
	return true;
}

static bool all_digits(const char *text)
{
	size_t length = strspn(text, "0123456789");

	return length && length <= 18 && !text[length];
}

/* RFC 9112 6.1 and 6.3. */
static bool check_length(const struct head *head, struct api_reply *reply)
{
	const char *length = head_get(head, "Content-Length");
	const char *encoding = head_get(head, "Transfer-Encoding");

	if (length && encoding)
		return refuse(reply, 400, "bad-length", "Send one of them.",
			      "Content-Length and Transfer-Encoding contradict each other.");
	if (length && !all_digits(length))
		return refuse(reply, 400, "bad-length", "Send a decimal number.",
			      "Content-Length is not a number of bytes.");
	if (encoding && (strcasecmp(encoding, "chunked") != 0 || strcmp(head->version, "1.1") != 0))
		return refuse(reply, 400, "bad-length", "Send Content-Length or chunked.",
			      "This Transfer-Encoding is not supported.");
	return true;
}

/* Names and dots are enough for all our paths: an escape hides something. */
static bool check_path(const struct head *head, struct api_reply *reply)
{
	const char *path = head->path;

	if (!path || *path != '/' || strlen(path) > 512)
		return refuse(reply, 400, "bad-path", "Send a path of at most 512 bytes.",
			      "The request target is not a path.");
	if (strpbrk(path, "%\\") || strstr(path, "//") || strstr(path, "/.") || strchr(path, ';'))
		return refuse(reply, 400, "bad-path", "Send the path as the documentation writes it.",
			      "The path has escapes, empty segments or segments that begin with a dot.");
	return true;
}

bool head_check(const struct head *head, struct api_reply *reply)
{
	if (!head->exact_lines)
		return refuse(reply, 400, "bad-request", "End every line with CRLF, fold none, send at most 64.",
			      "The head of the request is malformed.");
	if (!check_single(head, reply) || !check_length(head, reply) || !check_path(head, reply))
		return false;
	if (!head_get(head, "Host"))
		return refuse(reply, 400, "bad-host", "Send a Host header.", "The request has no Host header.");
	return true;
}

static bool is_address(const char *host)
{
	unsigned char bytes[16];
	char inner[INET6_ADDRSTRLEN];
	size_t length = strlen(host);

	if (inet_pton(AF_INET, host, bytes) == 1)
		return true;
	if (length < 4 || length - 2 >= sizeof(inner) || host[0] != '[' || host[length - 1] != ']')
		return false;
	memcpy(inner, host + 1, length - 2);
	inner[length - 2] = '\0';
	return inet_pton(AF_INET6, inner, bytes) == 1;
}

static bool strip_port(const char *host, char *name, size_t size)
{
	const char *end = *host == '[' ? strchr(host, ']') : strchr(host, ':');
	size_t length = !end ? strlen(host) : *host == '[' ? (size_t)(end - host) + 1 : (size_t)(end - host);

	if (length >= size || !length)
		return false;
	memcpy(name, host, length);
	name[length] = '\0';
	return !host[length] || (host[length] == ':' && all_digits(host + length + 1));
}

bool head_host_is_ours(const char *host, const char *own_name)
{
	char name[256];
	size_t own = strlen(own_name);

	if (!strip_port(host, name, sizeof(name)))
		return false;
	if (is_address(name) || strcasecmp(name, "localhost") == 0)
		return true;
	/* A rebinding attacker's name resolves to us, but it is not ours. */
	return own && strncasecmp(name, own_name, own) == 0 && (!name[own] || name[own] == '.');
}

int64_t head_length(const struct head *head)
{
	const char *length = head_get(head, "Content-Length");

	return length ? strtoll(length, NULL, 10) : -1;
}

bool head_chunked(const struct head *head)
{
	return head_get(head, "Transfer-Encoding") != NULL;
}

static bool copy(char *value, size_t size, const char *from, size_t length)
{
	if (!length || length >= size)
		return false;
	memcpy(value, from, length);
	value[length] = '\0';
	return true;
}

bool head_cookie(const struct head *head, const char *name, char *value, size_t size)
{
	const char *at = head_get(head, "Cookie");
	size_t name_length = strlen(name);

	while (at && *at) {
		size_t length;

		at += strspn(at, " ;");
		length = strcspn(at, ";");
		if (length > name_length && at[name_length] == '=' && strncmp(at, name, name_length) == 0)
			return copy(value, size, at + name_length + 1, length - name_length - 1);
		at += length;
	}
	return false;
}

bool head_bearer(const struct head *head, char *value, size_t size)
{
	const char *text = head_get(head, "Authorization");

	if (!text || strncasecmp(text, "Bearer ", 7) != 0)
		return false;
	text += 7;
	return copy(value, size, text, strlen(text));
}

bool head_same_origin(const struct head *head)
{
	const char *origin = head_get(head, "Origin"), *host = head_get(head, "Host");

	return origin && host && strncmp(origin, "https://", 8) == 0 && strcasecmp(origin + 8, host) == 0;
}
