/* SPDX-License-Identifier: MIT */
/* The real server on loopback in front of the scripted world, and a client that speaks TLS and checks its certificate. */
#ifndef FAKES_HTTPS_H
#define FAKES_HTTPS_H

#include "agent_world.h"

#include <openssl/ssl.h>

#define AUTH "Authorization: Bearer " WORLD_ADMIN_TOKEN "\r\n"
#define HOST "Host: localhost\r\n"

extern struct world world;
extern struct agent agent;
extern struct http *http;
extern SSL_CTX *tls;
extern char answer[128 * 1024];

/* cmocka's set-up and tear-down. */
int server_open(void **state);
int server_close(void **state);

struct client {
	int fd;
	SSL *ssl;
};

int connect_to(int port);
struct client client_open(void);
void client_close(struct client *client);
void send_bytes(struct client *client, const void *bytes, size_t size);
bool complete(size_t used); /* `answer` has a whole reply */
int receive(struct client *client); /* status of the answer, 0 when the server just closed */
int ask(const char *text); /* on a connection of its own; the reply is in `answer` */

#endif
