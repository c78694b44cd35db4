// SPDX-License-Identifier: MIT
/* `jailhouse console` and `jailhouse cell console`. */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "cell_ref.h"
#include "problem.h"
#include "terminal.h"

static bool is_follow(const char *argument)
{
	return strcmp(argument, "-f") == 0 || strcmp(argument, "--follow") == 0;
}

static int blocking_set(int fd, bool blocking)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0)
		return -errno;
	flags = blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
	return fcntl(fd, F_SETFL, flags) < 0 ? -errno : 0;
}

/* Until the end, or until a non-blocking descriptor has no more. -EAGAIN only if it never had any. */
static int stream_copy(FILE *out, int fd)
{
	bool any = false;
	char buffer[2048];
	ssize_t got;

	while ((got = read(fd, buffer, sizeof(buffer))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno == EAGAIN && any ? 0 : -errno;
		any = true;
		/* Flushed, as a person looks on; cli_run() tells what could not be written. */
		if (fwrite(buffer, 1, (size_t)got, out) != (size_t)got || fflush(out) != 0)
			return 0;
	}
	return 0;
}

static int console_copy(struct cli *cli, int fd, bool follow)
{
	int err = blocking_set(fd, follow);

	return err ? err : stream_copy(cli->out, fd);
}

int console_hypervisor(struct cli *cli, int argc, char **argv)
{
	static const struct problem problem = {
		"console-unreadable", "The hypervisor's log could not be read.",
		"Enable the hypervisor with a system configuration that has the virtual debug console."
	};
	struct jh_client *client;
	int err;

	if (argc > 1 || (argc == 1 && !is_follow(argv[0])))
		return CLI_USAGE;
	client = client_take(cli);
	if (!client)
		return CLI_FAILED;
	err = console_copy(cli, jh_client_fd(client), argc == 1);
	jh_client_close(client);
	return err ? problem_print(cli, "reading the console", err, &problem) : CLI_OK;
}

/* A quiet cell is no failure: only the hypervisor's log says -EAGAIN for "not enabled". */
static int cell_console_copy(struct cli *cli, int fd, bool follow)
{
	static const struct problem problem = { "console-unreadable", "The cell's console could not be read.",
						"See the cells there are: jailhouse cell list" };
	int err = console_copy(cli, fd, follow);

	close(fd);
	return err && err != -EAGAIN ? problem_print(cli, "reading the console", err, &problem) : CLI_OK;
}

static bool is_interactive(const char *argument)
{
	return strcmp(argument, "-i") == 0 || strcmp(argument, "--interactive") == 0;
}

int console_cell(struct cli *cli, int argc, char **argv)
{
	struct jh_client *client;
	struct cell_ref ref;
	int used = cell_ref_parse(&ref, argc, argv);
	const char *option = used && argc - used == 1 ? argv[used] : "";
	int fd, result;

	if (used == 0 || argc - used > 1 || (argc - used == 1 && !is_follow(option) && !is_interactive(option)))
		return CLI_USAGE;
	client = client_take(cli);
	if (!client)
		return CLI_FAILED;
	fd = jh_client_cell_console(client, ref.id, ref.name);
	if (fd < 0)
		result = problem_request(cli, client, "JAILHOUSE_CELL_CONSOLE", fd);
	else if (is_interactive(option))
		result = terminal_run(cli, fd);
	else
		result = cell_console_copy(cli, fd, is_follow(option));
	jh_client_close(client);
	return result;
}
