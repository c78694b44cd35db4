// SPDX-License-Identifier: MIT
#include "command_wait.h"

#include <stdlib.h>
#include <string.h>

#define WAIT_DEFAULT_MS 1000
#define WAIT_MAX_S 10

int command_wait_preferred_ms(const struct api_request *request, int otherwise_ms)
{
	const char *wait = request->prefer ? strstr(request->prefer, "wait=") : NULL;
	long seconds;
	char *end;

	if (request->prefer && strstr(request->prefer, "respond-async"))
		return 0;
	if (!wait)
		return otherwise_ms;
	seconds = strtol(wait + 5, &end, 10);
	if (end == wait + 5 || seconds < 0)
		return otherwise_ms;
	return (int)(seconds < WAIT_MAX_S ? seconds : WAIT_MAX_S) * 1000;
}

int command_wait_ms(const struct api_request *request)
{
	return command_wait_preferred_ms(request, WAIT_DEFAULT_MS);
}

void command_goes_on(struct api_reply *reply, int64_t id)
{
	reply->status = 202;
	api_reply_header(reply, "Location: /api/v1/operations/%lld", (long long)id);
}
