/* SPDX-License-Identifier: MIT */
/* Setting up a board without a person. */
#ifndef AGENT_PROVISION_H
#define AGENT_PROVISION_H

#include "auth.h"

/*
 * {"admin":{"username":…,"password":…},"tokens":[{"name":…,"role":"viewer|operator|admin","token":…}]}, all or nothing, on a board
 * that is not set up. 0, -ENOENT without the file, -EALREADY. -EINVAL: *problem names field and reason, never a secret.
 */
int provision_apply(struct auth *auth, const char *path, struct json_problem *problem);

#endif
