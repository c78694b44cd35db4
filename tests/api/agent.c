// SPDX-License-Identifier: MIT
/*
 * The agent as it is, over a driver of made-up cells: real server, store, accounts and compiler. usage: api_agent BOARD-FOLDER
 * Says in one line of JSON where it is, and runs until its standard input ends.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <db/db.h>

#include "auth.h"
#include "certificate.h"
#include "http.h"
#include "port_definition.h"
#include "port_store.h"
#include "world.h"

static struct world world;
static struct agent agent;
static struct db *db;
static struct auth *auth;
static struct port_definition *definition;
static char code[32];

static int free_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&address, size) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &size) != 0)
		abort();
	close(fd);
	return ntohs(address.sin_port);
}

static void publish(void *context, const char *text)
{
	(void)context;
	snprintf(code, sizeof(code), "%s", text ? text : "");
}

static bool neighbours_open(const char *board)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/rotunda.db", world.data);
	if (db_open(&db, path) != 0)
		return false;
	auth = auth_new(db, NULL);
	definition = port_definition_new(board, "");
	if (!auth || !definition)
		return false;
	agent.store_ops = &port_store_ops;
	agent.store = db;
	agent.auth_ops = &auth_ops;
	agent.auth = auth;
	agent.compiler_ops = &port_definition_ops;
	agent.compiler = definition;
	auth_publish(auth, publish, NULL);
	return true;
}

static struct http *serve(char *certificate, size_t size)
{
	agent.options.https_port = free_port();
	do
		agent.options.http_port = free_port();
	while (agent.options.http_port == agent.options.https_port);
	agent.options.public_port = agent.options.https_port;
	agent.options.body_deadline_ms = 20000;
	snprintf(certificate, size, "%s/tls.pem", world.data);
	return certificate_prepare(certificate, "board") == 0 ? http_start(&agent, certificate) : NULL;
}

/* Commands of the test: "say CELL TEXT", "slow MILLISECONDS", "fail CELL CODE". */
static void obey(char *line)
{
	char cell[API_NAME_LEN] = "", text[128] = "";

	if (sscanf(line, "say %63s %127[^\n]", cell, text) == 2)
		world_say(&world, cell, text);
	else if (sscanf(line, "fail %63s %127s", cell, text) == 2)
		world_state(&world, cell, "failed", text);
	else if (strncmp(line, "slow ", 5) == 0)
		world.start_delay_ms = (unsigned int)atoi(line + 5);
	printf("ok\n");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	char certificate[128], line[256];
	struct http *http;

	if (argc != 2)
		return 2;
	signal(SIGPIPE, SIG_IGN);
	world_open(&world, &agent);
	http = neighbours_open(argv[1]) ? serve(certificate, sizeof(certificate)) : NULL;
	if (!http)
		return 1;
	printf("{\"port\": %d, \"certificate\": \"%s\", \"code\": \"%s\"}\n", agent.options.https_port, certificate,
	       code);
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin))
		obey(line);
	http_stop(http);
	world_close(&world, &agent);
	auth_free(auth);
	db_close(db);
	port_definition_free(definition);
	return 0;
}
