/* SPDX-License-Identifier: MIT */
/* Setting up a board without a person, and what it brings from the factory. */
#ifndef AGENT_PROVISION_H
#define AGENT_PROVISION_H

#include "agent.h"
#include "auth.h"

/*
 * {"admin":{"username":…,"password":…},"tokens":[{"name":…,"role":"admin","token":…}]}, applied once, on a
 * board that is not set up. 0, -ENOENT without the file, -EALREADY, -EINVAL.
 */
int provision_apply(struct auth *auth, const char *path);

/* On the first start: DEFINITIONS/NAME.json and the images IMAGES/NAME.bin go into the store. */
void provision_factory(struct agent *agent, const char *definitions, const char *images);

#endif
