// SPDX-License-Identifier: MIT
/* /api/v1/openapi.json */
#include "api.h"

#include <openapi.h>

#include <string.h>

void api_openapi(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	(void)agent;
	(void)request;
	reply->status = 200;
	reply->type = "application/json";
	reply->constant = openapi_document();
	reply->size = strlen(openapi_document());
}
