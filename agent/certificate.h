/* SPDX-License-Identifier: MIT */
#ifndef AGENT_CERTIFICATE_H
#define AGENT_CERTIFICATE_H

/*
 * Makes DATA/tls.pem (key and self-signed certificate, EC P-256, for localhost, 127.0.0.1, ::1 and the
 * board's name) unless it exists. 0 or -errno.
 */
int certificate_prepare(const char *path, const char *host_name);

#endif
