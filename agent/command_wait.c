// SPDX-License-Identifier: MIT
#include "command_wait.h"

#include <stdlib.h>
#include <string.h>

#define WAIT_MAX_S 10

int command_wait_ms(const struct api_request *request)
{
	const char *wait;
	long seconds;

	if (!request->prefer)
		return WAIT_MAX_S * 1000;
	if (strstr(request->prefer, "respond-async"))
		return 0;
	wait = strstr(request->prefer, "wait=");
	seconds = wait ? strtol(wait + 5, NULL, 10) : WAIT_MAX_S;
	return seconds >= 0 && seconds < WAIT_MAX_S ? (int)seconds * 1000 : WAIT_MAX_S * 1000;
}

void command_goes_on(struct api_reply *reply, int64_t id)
{
	reply->status = 202;
	api_reply_header(reply, "Location: /api/v1/operations/%lld", (long long)id);
}
