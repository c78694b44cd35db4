/* SPDX-License-Identifier: MIT */
/* struct driver_ops over the client of /dev/jailhouse. */
#ifndef AGENT_PORT_DRIVER_H
#define AGENT_PORT_DRIVER_H

#include "ports.h"

struct port_driver;

extern const struct driver_ops port_driver_ops;

/* NULL paths: the usual ones. The device is opened when it is first needed: the module may come later. */
struct port_driver *port_driver_new(const char *device, const char *sysfs);
void port_driver_free(struct port_driver *port);

#endif
