/* SPDX-License-Identifier: MIT */
/* The API's own description (OpenAPI 3.1), put together by the build from the areas of this folder. */
#ifndef AGENT_OPENAPI_H
#define AGENT_OPENAPI_H

/* JSON text, constant. */
const char *openapi_document(void);

#endif
