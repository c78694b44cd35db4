/* SPDX-License-Identifier: MIT */
/* What a write demands of what it changes: If-Match and If-None-Match (RFC 9110, 13.1). Lost updates are refused. */
#ifndef AGENT_PRECONDITION_H
#define AGENT_PRECONDITION_H

#include "ports.h"

/*
 * etag: of what stands, with its quotes; NULL when nothing does. Without a condition only something new may be made: 428 when there
 * is something. 412 when the condition does not hold. False: *reply is the problem. `what` is for people: "cell \"beat\"".
 */
bool precondition_holds(const struct api_request *request, const char *etag, const char *what, struct api_reply *reply);

/* The same of a stored cell, or NULL; *expected is what the store shall find when it writes (struct store_ops, cell_put). */
bool precondition_cell(const struct api_request *request, const struct store_cell *cell, int64_t *expected,
		       struct api_reply *reply);

/* The store found another revision: somebody was faster. */
void precondition_lost(struct api_reply *reply, const char *what);

#endif
