// SPDX-License-Identifier: MIT
/* rotundad: order of start and stop. */
#include "agent.h"
#include "auth.h"
#include "boot.h"
#include "certificate.h"
#include "factory.h"
#include "http.h"
#include "hypervisor_life.h"
#include "notice.h"
#include "options.h"
#include "port_definition.h"
#include "port_driver.h"
#include "port_store.h"
#include "provision.h"
#include "restore.h"

#include <db/db.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef ROTUNDA_WEBUI
#include <webui_assets.h>
#endif

/* The hypervisor talks to the same serial console while it comes up: the announcement waits until that is over. */
#define RESTORE_WAIT_MS 5000

struct daemon {
	struct agent agent;
	struct options options;
	struct db *db;
	struct auth *auth;
	struct port_driver *driver;
	struct port_definition *definition;
	struct http *http;
	bool published;
};

static int store_open(struct daemon *daemon)
{
	char path[512];
	int err;

	snprintf(path, sizeof(path), "%s/rotunda.db", daemon->agent.options.data);
	err = db_open(&daemon->db, path);
	if (err) {
		const char *why = err == -EPROTO ? "it is not ours, or a newer version made it" : strerror(-err);

		agent_log("error", "the database %s cannot be used: %s", path, why);
		notice_line(&daemon->agent, "rotunda: the database %s cannot be used: %s", path, why);
	}
	return err;
}

static int neighbours_open(struct daemon *daemon)
{
	struct agent *agent = &daemon->agent;
	int err;

	agent->options = daemon->options.agent;
	agent->notice = daemon->options.notice ? notice_open(daemon->options.notice) : -1;
	err = store_open(daemon);
	if (err)
		return err;
	daemon->auth = auth_new(daemon->db, NULL);
	daemon->driver = port_driver_new(daemon->options.device, daemon->options.sysfs);
	daemon->definition = port_definition_new(agent->options.board_dir, daemon->options.loader);
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
	struct json_problem problem = { 0 };
	char cells[512];
	int err = provision_apply(daemon->auth, daemon->options.provision, &problem);

	if (!err)
		agent_event(&daemon->agent, "info", "provisioned", "", "provision",
			    "The board was set up by its file.");
	if (err == -EINVAL) {
		agent_event(&daemon->agent, "error", "provision-refused", "", "provision",
			    "The provision file is refused at \"%s\": %s (%s)", problem.pointer, problem.detail,
			    problem.code);
		notice_line(&daemon->agent, "rotunda: the provision file is refused at \"%s\": %s", problem.pointer,
			    problem.detail);
	}
	snprintf(cells, sizeof(cells), "%s/cells", daemon->agent.options.board_dir);
	factory_import(&daemon->agent, cells, daemon->options.images);
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
static void publish_code(void *context, const char *code)
{
	struct daemon *daemon = context;
	const char *path = daemon->options.setup_code;
	FILE *file;

	unlink(path);
	file = code ? fopen(path, "wex") : NULL;
	if (code && (!file || fprintf(file, "%s\n", code) < 0))
		agent_log("error", "the set-up code cannot be written to %s", path);
	if (file)
		fclose(file);
	/* The first one is shown together with the address, by whoever reads the file. */
	if (daemon->published && code)
		notice_line(&daemon->agent, "rotunda: the set-up code is now %s", code);
	daemon->published = true;
}

/* Scripts wait for this line; it goes into a log, so it has no code. */
static void announce(const struct daemon *daemon)
{
	printf("Rotunda is at https://localhost:%d\n", daemon->agent.options.public_port);
	fflush(stdout);
}

/* Until a signal; meanwhile a set-up code that ends is followed by another. */
static void wait_for_signal(struct daemon *daemon, const sigset_t *signals)
{
	int left, got = -1;

	while (got < 0) {
		left = auth_setup_tick(daemon->auth);
		got = left < 0 ? sigwaitinfo(signals, NULL) :
				 sigtimedwait(signals, NULL, &(struct timespec){ .tv_sec = left });
	}
}

static void daemon_close(struct daemon *daemon)
{
	http_stop(daemon->http);
	if (daemon->agent.supervisor)
		boot_not_judged(&daemon->agent);
	agent_stop(&daemon->agent);
	port_definition_free(daemon->definition);
	port_driver_free(daemon->driver);
	auth_free(daemon->auth);
	db_close(daemon->db);
	if (daemon->agent.notice >= 0)
		close(daemon->agent.notice);
}

static int run(struct daemon *daemon, const sigset_t *signals)
{
	const struct order restore = { life_restore, "boot", "", "boot" };
	struct outcome outcome = { 0 };
	int64_t id;

	if (neighbours_open(daemon) != 0)
		return 1;
	provision(daemon);
	/* Before the ports open: whoever shows the code waits for them. */
	auth_publish(daemon->auth, publish_code, daemon);
	if (serve(daemon) != 0)
		return 1;
	supervisor_run(daemon->agent.supervisor, &restore, RESTORE_WAIT_MS, &outcome, &id);
	announce(daemon);
	wait_for_signal(daemon, signals);
	return 0;
}

int main(int argc, char **argv)
{
	static struct daemon daemon;
	sigset_t signals;
	int status;

	/* Before the first thread: all inherit the mask, and only the wait takes these. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	umask(077);
	options_parse(&daemon.options, argc, argv);
	status = run(&daemon, &signals);
	daemon_close(&daemon);
	return status;
}
