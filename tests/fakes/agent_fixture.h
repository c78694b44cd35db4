/* SPDX-License-Identifier: MIT */
/* Handlers called as the server would call them, in a scripted world. Failed checks end the cmocka test. */
#ifndef FAKES_AGENT_FIXTURE_H
#define FAKES_AGENT_FIXTURE_H

#include "agent_world.h"

struct fixture {
	struct world world;
	struct agent agent;
	struct api_reply reply;
	const char *if_match; /* of the next requests; NULL: whatever stands, "*" */
	const char *prefer, *repr_digest;
	bool no_condition; /* they have none */
};

int fixture_open(void **state);
int fixture_close(void **state);
#define FIXTURE_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

/* As administrator; returns the status, the reply is in the fixture. */
int call_body(struct fixture *fixture, api_handler handler, const char *name, const char *body);
int call(struct fixture *fixture, api_handler handler); /* of the cell "beat", without a body */
void says(struct fixture *fixture, const char *text); /* the reply contains it */
/* An image of this text; the stream ends with `then`: 0, or -errno. */
int upload(struct fixture *fixture, const char *name, const char *text, long then);
void ready(struct fixture *fixture); /* hypervisor enabled, "beat" and its image stored */

/* Waits for an event of this kind, at most 20 s; NULL when it does not come. */
const struct store_event *fixture_event(struct fixture *fixture, const char *kind);

#endif
