// SPDX-License-Identifier: MIT
/* rotundad: options, order of start and stop. */
#include "agent.h"
#include "auth.h"
#include "certificate.h"
#include "device_tree.h"
#include "http.h"
#include "hypervisor_life.h"
#include "port_definition.h"
#include "port_driver.h"
#include "port_store.h"
#include "provision.h"
#include "supervisor.h"

#include <db/db.h>

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef ROTUNDA_WEBUI
#include <webui_assets.h>
#endif

struct paths {
	const char *device, *sysfs, *provision, *images, *setup_code;
};

struct daemon {
	struct agent agent;
	struct paths paths;
	struct db *db;
	struct auth *auth;
	struct port_driver *driver;
	struct port_definition *definition;
	struct http *http;
};

static void usage(FILE *to)
{
	fputs("usage: rotundad [--data DIR] [--board DIR] [--device PATH] [--sysfs PATH] [--listen ADDRESS]\n"
	      "                [--https-port N] [--http-port N] [--public-port N] [--provision FILE] [--images DIR]\n"
	      "                [--setup-code-file FILE]\n",
	      to);
}

static int port_number(const char *text)
{
	char *end;
	long number = strtol(text, &end, 10);

	if (*end || number < 1 || number > 65535) {
		fprintf(stderr, "rotundad: %s is not a port (1 to 65535)\n", text);
		exit(2);
	}
	return (int)number;
}

static void option_take(struct daemon *daemon, int option, const char *value)
{
	struct agent_options *options = &daemon->agent.options;

	switch (option) {
	case 'd': options->data = value; break;
	case 'b': options->board_dir = value; break;
	case 'l': options->listen = value; break;
	case 's': options->https_port = port_number(value); break;
	case 'p': options->http_port = port_number(value); break;
	case 'P': options->public_port = port_number(value); break;
	case 'D': daemon->paths.device = value; break;
	case 'S': daemon->paths.sysfs = value; break;
	case 'v': daemon->paths.provision = value; break;
	case 'i': daemon->paths.images = value; break;
	case 'c': daemon->paths.setup_code = value; break;
	default: usage(stderr); exit(2);
	}
}

static void options_parse(struct daemon *daemon, int argc, char **argv)
{
	static const struct option table[] = {
		{ "data", 1, NULL, 'd' },	{ "board", 1, NULL, 'b' },	     { "listen", 1, NULL, 'l' },
		{ "https-port", 1, NULL, 's' }, { "http-port", 1, NULL, 'p' },	     { "public-port", 1, NULL, 'P' },
		{ "device", 1, NULL, 'D' },	{ "sysfs", 1, NULL, 'S' },	     { "provision", 1, NULL, 'v' },
		{ "images", 1, NULL, 'i' },	{ "setup-code-file", 1, NULL, 'c' }, { NULL, 0, NULL, 0 },
	};
	int option;

	daemon->agent.options = (struct agent_options){ .data = "/var/lib/rotunda",
							.board_dir = "/etc/rotunda",
							.device_tree = DEVICE_TREE,
							.https_port = 443,
							.http_port = 80,
							.workers = 64,
							.body_deadline_ms = 15000 };
	daemon->paths.images = "/usr/lib/rotunda/cells";
	daemon->paths.setup_code = "/run/rotunda/setup-code";
	daemon->paths.provision = "/run/rotunda/provision.json";
	while ((option = getopt_long(argc, argv, "", table, NULL)) != -1)
		option_take(daemon, option, optarg);
	if (optind != argc)
		option_take(daemon, '?', NULL);
	if (!daemon->agent.options.public_port)
		daemon->agent.options.public_port = daemon->agent.options.https_port;
}

static int store_open(struct daemon *daemon)
{
	char path[512];
	int err;

	snprintf(path, sizeof(path), "%s/rotunda.db", daemon->agent.options.data);
	err = db_open(&daemon->db, path);
	if (err)
		agent_log("error", "the database %s cannot be used: %s", path,
			  err == -EPROTO ? "it is not ours, or a newer version made it" : strerror(-err));
	return err;
}

static int neighbours_open(struct daemon *daemon)
{
	struct agent *agent = &daemon->agent;
	int err = store_open(daemon);

	if (err)
		return err;
	daemon->auth = auth_new(daemon->db, NULL);
	daemon->driver = port_driver_new(daemon->paths.device, daemon->paths.sysfs);
	daemon->definition = port_definition_new(agent->options.board_dir);
	agent->store_ops = &port_store_ops;
	agent->store = daemon->db;
	agent->auth_ops = &auth_ops;
	agent->auth = daemon->auth;
	agent->driver_ops = &port_driver_ops;
	agent->driver = daemon->driver;
	agent->compiler_ops = &port_definition_ops;
	agent->compiler = daemon->definition;
#ifdef ROTUNDA_WEBUI
	agent->assets = webui_assets;
	agent->num_assets = webui_asset_count;
#endif
	return daemon->auth && daemon->driver && daemon->definition ? agent_start(agent) : -ENOMEM;
}

static void provision(struct daemon *daemon)
{
	char cells[512];
	int err = daemon->paths.provision ? provision_apply(daemon->auth, daemon->paths.provision) : -ENOENT;

	if (!err)
		agent_event(&daemon->agent, "info", "provisioned", "", "provision",
			    "The board was set up by its file.");
	else if (err != -ENOENT && err != -EALREADY)
		agent_log("error", "the provision file is refused: %s", strerror(-err));
	snprintf(cells, sizeof(cells), "%s/cells", daemon->agent.options.board_dir);
	provision_factory(&daemon->agent, cells, daemon->paths.images);
}

static int serve(struct daemon *daemon)
{
	char certificate[512], host[65] = "rotunda";
	int err;

	gethostname(host, sizeof(host) - 1);
	snprintf(certificate, sizeof(certificate), "%s/tls.pem", daemon->agent.options.data);
	err = certificate_prepare(certificate, host);
	if (err) {
		agent_log("error", "the certificate %s cannot be made: %s", certificate, strerror(-err));
		return err;
	}
	daemon->http = http_start(&daemon->agent, certificate);
	return daemon->http ? 0 : -EADDRINUSE;
}

/* For whoever prints it on the serial console. Gone once it is worth nothing. */
static void publish_code(struct daemon *daemon)
{
	const char *code = auth_setup_code(daemon->auth);
	FILE *file;

	if (!daemon->paths.setup_code)
		return;
	unlink(daemon->paths.setup_code);
	file = code ? fopen(daemon->paths.setup_code, "wex") : NULL;
	if (code && (!file || fprintf(file, "%s\n", code) < 0))
		agent_log("error", "the set-up code cannot be written to %s", daemon->paths.setup_code);
	if (file)
		fclose(file);
}

/* The serial console's line; scripts wait for it. */
static void announce(struct daemon *daemon)
{
	const char *code = auth_setup_code(daemon->auth);

	printf("Rotunda is at https://localhost:%d%s%s\n", daemon->agent.options.public_port,
	       code ? "  set-up code " : "", code ? code : "");
	fflush(stdout);
}

static void daemon_close(struct daemon *daemon)
{
	http_stop(daemon->http);
	agent_stop(&daemon->agent);
	port_definition_free(daemon->definition);
	port_driver_free(daemon->driver);
	auth_free(daemon->auth);
	db_close(daemon->db);
}

int main(int argc, char **argv)
{
	struct daemon daemon = { 0 };
	struct outcome outcome = { 0 };
	sigset_t signals;
	int signal_number;

	/* Before the first thread: all inherit the mask, and only the wait below takes these. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	umask(077);
	options_parse(&daemon, argc, argv);
	if (neighbours_open(&daemon) != 0) {
		daemon_close(&daemon);
		return 1;
	}
	provision(&daemon);
	publish_code(&daemon); /* before the ports open: `announce` waits for them */
	if (serve(&daemon) != 0) {
		daemon_close(&daemon);
		return 1;
	}
	announce(&daemon);
	supervisor_run(daemon.agent.supervisor, life_restore, "", "boot", 0, &outcome);
	sigwait(&signals, &signal_number);
	daemon_close(&daemon);
	return 0;
}
