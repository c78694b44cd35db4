// SPDX-License-Identifier: MIT
#include "precondition.h"

#include <stdio.h>
#include <string.h>

#define REMEDY "GET it again, look at what has changed, and repeat the change with the new ETag."

/* A list of entity tags; weak ones ("W/...") match nothing, since writes need the strong comparison (RFC 9110, 8.8.3.2). */
static bool lists(const char *text, const char *etag)
{
	size_t length = strlen(etag);

	if (strcmp(text, "*") == 0)
		return true;
	while (*text) {
		text += strspn(text, " \t,");
		if (strncmp(text, etag, length) == 0 && strchr(" \t,", text[length]))
			return true;
		/* Over one tag: what stands between its quotes may be a comma. */
		text += strcspn(text, "\",");
		if (*text == '"')
			text += 1 + strcspn(text + 1, "\"");
		text += *text == '"';
	}
	return false;
}

void precondition_lost(struct api_reply *reply, const char *what)
{
	api_problem(reply, 412, "version-changed", REMEDY, "The %s is not the one that the request was made for.",
		    what);
}

static bool required(struct api_reply *reply, const char *what, const char *etag)
{
	api_problem(reply, 428, "version-required",
		    "GET it, and send its ETag as If-Match. \"If-Match: *\" overwrites whatever is there.",
		    "There is a %s: a change must say which one it was made for.", what);
	api_reply_header(reply, "ETag: %s", etag);
	return false;
}

bool precondition_holds(const struct api_request *request, const char *etag, const char *what, struct api_reply *reply)
{
	bool changed = request->if_match && (!etag || !lists(request->if_match, etag));
	bool unwanted = etag && request->if_none_match && lists(request->if_none_match, etag);

	if (changed || unwanted) {
		precondition_lost(reply, what);
		return false;
	}
	return !etag || request->if_match || required(reply, what, etag);
}

bool precondition_cell(const struct api_request *request, const struct store_cell *cell, int64_t *expected,
		       struct api_reply *reply)
{
	char what[API_NAME_LEN + 16], etag[32];

	snprintf(what, sizeof(what), "cell \"%s\"", request->name);
	if (cell)
		snprintf(etag, sizeof(etag), "\"%lld\"", (long long)cell->revision);
	*expected = cell ? cell->revision : 0;
	return precondition_holds(request, cell ? etag : NULL, what, reply);
}
