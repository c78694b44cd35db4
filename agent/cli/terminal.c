// SPDX-License-Identifier: MIT
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "problem.h"

#define ESCAPE_KEY 0x1d /* Ctrl-] */

struct terminal {
	struct cli *cli;
	int console;
	struct termios before;
	bool is_tty;
	char typed[256]; /* read from stdin, not yet taken by the cell */
	size_t num_typed;
	bool input_ended; /* nothing more will be typed */
	bool leave;
};

static volatile sig_atomic_t killed;

static void on_signal(int number)
{
	killed = number;
}

/* Caught so that the terminal is put back; blocked but while ppoll() waits, so that none is missed. */
static void signals_catch(sigset_t *unblocked)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t caught;

	sigemptyset(&caught);
	sigaddset(&caught, SIGTERM);
	sigaddset(&caught, SIGHUP);
	sigaddset(&caught, SIGINT);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigprocmask(SIG_BLOCK, &caught, unblocked);
}

static void terminal_raw(struct terminal *terminal)
{
	struct termios raw;

	terminal->is_tty = tcgetattr(STDIN_FILENO, &terminal->before) == 0;
	if (!terminal->is_tty)
		return;
	raw = terminal->before;
	cfmakeraw(&raw);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	fprintf(terminal->cli->err, "Connected; Ctrl-] leaves.\r\n");
}

static void terminal_restore(const struct terminal *terminal)
{
	if (terminal->is_tty)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal->before);
}

static size_t room(const struct terminal *terminal)
{
	return sizeof(terminal->typed) - terminal->num_typed;
}

/* A person must get away from a cell that does not read: the bell says that a key was for nothing. */
static void stdin_read(struct terminal *terminal)
{
	char keys[sizeof(terminal->typed)];
	ssize_t got = read(STDIN_FILENO, keys, room(terminal) ? room(terminal) : 1);
	const char *escape;

	if (got <= 0) {
		terminal->input_ended = got == 0 || errno != EINTR;
		return;
	}
	escape = terminal->is_tty ? memchr(keys, ESCAPE_KEY, (size_t)got) : NULL;
	terminal->leave = escape;
	if (escape)
		got = escape - keys;
	if (!room(terminal)) {
		fputc('\a', terminal->cli->err);
		return;
	}
	memcpy(terminal->typed + terminal->num_typed, keys, (size_t)got);
	terminal->num_typed += (size_t)got;
}

static int typed_send(struct terminal *terminal)
{
	ssize_t sent = write(terminal->console, terminal->typed, terminal->num_typed);

	if (sent < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	terminal->num_typed -= (size_t)sent;
	memmove(terminal->typed, terminal->typed + sent, terminal->num_typed);
	return 0;
}

/* 1: the cell is gone, and this was all. */
static int output_copy(struct terminal *terminal)
{
	FILE *out = terminal->cli->out;
	char buffer[2048];
	ssize_t got = read(terminal->console, buffer, sizeof(buffer));

	if (got < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (got == 0)
		return 1;
	return fwrite(buffer, 1, (size_t)got, out) == (size_t)got && fflush(out) == 0 ? 0 : -EIO;
}

static int terminal_turn(struct terminal *terminal, const sigset_t *unblocked)
{
	bool reading = !terminal->input_ended && (terminal->is_tty || room(terminal));
	struct pollfd fds[2] = { { .fd = terminal->console, .events = POLLIN },
				 { .fd = reading ? STDIN_FILENO : -1, .events = POLLIN } };
	int done = 0;

	if (terminal->num_typed)
		fds[0].events |= POLLOUT;
	if (ppoll(fds, 2, NULL, unblocked) < 0)
		return errno == EINTR ? 0 : -errno;
	if (fds[1].revents)
		stdin_read(terminal);
	if (fds[0].revents & (POLLIN | POLLHUP))
		done = output_copy(terminal);
	if (!done && terminal->num_typed)
		done = typed_send(terminal);
	return done;
}

int terminal_run(struct cli *cli, int console)
{
	static const struct problem problem = { "console-unreadable", "The connection to the console broke.",
						"See the cells there are: jailhouse cell list" };
	struct terminal terminal = { .cli = cli, .console = console };
	sigset_t unblocked;
	int done = 0, flags = fcntl(console, F_GETFL);

	fcntl(console, F_SETFL, flags | O_NONBLOCK);
	signals_catch(&unblocked);
	terminal_raw(&terminal);
	while (!done && !killed && !terminal.leave)
		done = terminal_turn(&terminal, &unblocked);
	terminal_restore(&terminal);
	close(console);
	if (done < 0)
		return problem_print(cli, "the console", done, &problem);
	if (terminal.is_tty)
		fprintf(cli->err, done ? "\nThe cell is gone.\n" : "\n");
	return CLI_OK;
}
