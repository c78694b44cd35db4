// SPDX-License-Identifier: MIT
/*
 * Root's part of the hostile suite: lets the hostile cell do one thing after the other, and judges from outside.
 * usage: watch GIC-VERSION [NAME...]
 */
#include "watch.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HANG_SECONDS	 240 /* of one line: then root itself is taken to hang */
#define MOST_TRIES	 20
#define MILLISECONDS(us) ((unsigned long)((us) / 1000))

struct jh_client *client;
volatile struct report *report;

/* Only attacks on emulated devices may fail for something else than memory. */
static bool is_expected(const char *failure, unsigned int number)
{
	bool uart = number == ATTACK_uart;

	return !strcmp(failure, "memory-access") || (uart && !strcmp(failure, "console-access")) ||
	       ((uart || number == ATTACK_odd_accesses) && !strcmp(failure, "unsupported-access"));
}

/* It failed in a step: on with the next. */
static bool start_again(struct line *line, unsigned int number, unsigned int failures)
{
	char code[40];

	cell_word(HOSTILE_ID, "failure", code, sizeof(code));
	if (!is_expected(code, number))
		line_wrong(line, code);
	if (failures <= report->steps && !hostile_start())
		return true;
	line_wrong(line, "it does not start again");
	return false;
}

/* To its end. The number of times that it failed. */
static unsigned int run_to_end(struct line *line, unsigned int number)
{
	uint64_t step = 0, beats = 0, end = now_us() + PATIENCE_US;
	unsigned int failures = 0;

	while (!report->done) {
		if (report->step != step || report->beats != beats)
			end = now_us() + PATIENCE_US;
		step = report->step;
		beats = report->beats;
		if (now_us() > end) {
			line_wrong(line, "it does not come to its end");
			break;
		}
		if (!cell_is(HOSTILE_ID, "failed"))
			usleep(200);
		else if (!start_again(line, number, ++failures))
			break;
	}
	return failures;
}

/* What the cell says of itself, and whether its account is complete. */
static void read_report(struct line *line, enum attack_kind kind, unsigned int failures)
{
	const uint64_t stopped = kind == FAILS ? failures : report->aborted;
	const bool accounts = kind == FAILS || kind == ABORTS;

	if (accounts)
		snprintf(line->saw, sizeof(line->saw), "%lu steps: %lu aborts, %lu own, %lu other, %lu given up",
			 (unsigned long)report->steps, (unsigned long)report->aborted, (unsigned long)report->own,
			 (unsigned long)report->excepted, (unsigned long)report->given_up);
	else
		snprintf(line->saw, sizeof(line->saw), "%lu steps, %lu exceptions", (unsigned long)report->steps,
			 (unsigned long)report->skipped);
	if (report->breaches) {
		snprintf(line->saw, sizeof(line->saw), "%lu BREACHES, at 0x%lx", (unsigned long)report->breaches,
			 (unsigned long)report->where);
		line_wrong(line, "it got through");
	}
	if (accounts && stopped + report->own + report->excepted + report->given_up != report->steps)
		line_wrong(line, "steps without an outcome");
	if (accounts && !stopped)
		line_wrong(line, "nothing stopped it");
}

static void comes_to_its_end(struct line *line, unsigned int number, enum attack_kind kind)
{
	unsigned int failures = run_to_end(line, number);

	if (failures)
		snprintf(line->outcome, sizeof(line->outcome), "failed %u times", failures);
	else
		snprintf(line->outcome, sizeof(line->outcome), "goes on");
	read_report(line, kind, failures);
	if ((kind == PASSES || kind == ABORTS) && failures)
		line_wrong(line, "it failed");
	if (!cell_is(HOSTILE_ID, "running"))
		line_wrong(line, "it does not go on");
}

static void lives(struct line *line)
{
	uint64_t end = now_us() + PATIENCE_US;

	while (!report->beats && now_us() < end)
		usleep(1000);
	if (!report->beats)
		line_wrong(line, "no sign of life");
	usleep(50000);
	snprintf(line->saw, sizeof(line->saw), "%lu rounds", (unsigned long)report->beats);
}

static void leaves(struct line *line)
{
	uint64_t end = now_us() + PATIENCE_US;
	char code[40];

	while (!cell_is(HOSTILE_ID, "shut down") && now_us() < end)
		usleep(1000);
	cell_word(HOSTILE_ID, "failure", code, sizeof(code));
	snprintf(line->outcome, sizeof(line->outcome), "shut down, %s", code);
	if (strcmp(code, "system-off"))
		line_wrong(line, "it is not off");
}

static bool refused_as(int err, const char *code)
{
	return err && !strcmp(jh_client_reason(client)->code, code);
}

/* Another cell is created, started and destroyed while this one is asked nothing. */
static void other_comes_and_goes(struct line *line)
{
	if (victim2_start())
		line_refused(line);
	line_judge(line);
	if (victim2_destroy())
		line_refused(line);
}

/* While the configuration is locked nobody comes or goes; a person's force overrules that. */
static void other_is_locked(struct line *line)
{
	if (!refused_as(victim2_destroy(), "configuration-locked") || !cell_is(VICTIM_2_ID, "running"))
		line_wrong(line, "destroyed in spite of the lock");
	line_judge(line);
	if (victim2_force())
		line_refused(line);
	if (!refused_as(victim2_start(), "configuration-locked"))
		line_wrong(line, "created in spite of the lock");
}

/* It locks and unlocks all the time: each call is done or refused for that, until both have been seen. */
static void other_is_locked_at_times(struct line *line)
{
	unsigned int refusals = 0, tries = 0;

	while (tries < MOST_TRIES && (!refusals || refusals == tries)) {
		int err = victim2_start();

		tries++;
		refusals += !!err;
		if (err && !refused_as(err, "configuration-locked"))
			line_refused(line);
		if (!err)
			line_judge(line);
		if (!err && victim2_force())
			line_refused(line);
	}
	snprintf(line->outcome, sizeof(line->outcome), "locked %u of %u times", refusals, tries);
}

static void meanwhile(struct line *line, unsigned int number)
{
	if (number == ATTACK_comm_silence || number == ATTACK_comm_denial)
		other_comes_and_goes(line);
	else if (number == ATTACK_comm_lock)
		other_is_locked(line);
	else if (number == ATTACK_comm_lies)
		other_is_locked_at_times(line);
}

/* Asked, or by force where it denies. */
static int destroy(struct line *line, enum attack_kind kind)
{
	int err = jh_client_cell_destroy(client, HOSTILE_ID, NULL);

	if (refused_as(err, "shutdown-denied") && (kind == DENIES || kind == MAY_DENY))
		return jh_client_cell_force_destroy(client, HOSTILE_ID, NULL);
	if (!err && kind == DENIES)
		line_wrong(line, "its denial was ignored");
	return err;
}

static void end(struct line *line, enum attack_kind kind)
{
	uint64_t before = now_us();
	size_t used = strlen(line->outcome);

	if (destroy(line, kind)) {
		line_refused(line);
		jh_client_cell_force_destroy(client, HOSTILE_ID, NULL);
	}
	snprintf(line->outcome + used, sizeof(line->outcome) - used, "%sdestroyed in %lu ms", used ? ", " : "",
		 MILLISECONDS(now_us() - before));
}

/* What a destroyed cell had, as root sees it then. */
static void look_for_secret(struct line *line)
{
	volatile uint64_t *word = physical(SECRET_RAM, SECRET_SIZE);

	for (size_t i = 0; i < SECRET_SIZE / sizeof(*word); i++)
		if (word[i]) {
			line_wrong(line, "root reads its secret");
			break;
		}
}

/* Where the second victim must be there, or must have been. */
static int prepare(unsigned int number)
{
	int err = 0;

	if (number == ATTACK_memory_during || number == ATTACK_memory_after || number == ATTACK_comm_lock)
		err = victim2_start();
	if (!err && number == ATTACK_memory_after)
		err = victim2_destroy();
	return err;
}

static void attack(unsigned int number, const char *name, enum attack_kind kind, const char *what)
{
	struct line line = { .name = name, .what = what };

	alarm(HANG_SECONDS);
	if (image_create(kind == ABORTS || number == ATTACK_abort_storm ? "inject.cell" : "hostile.cell") ||
	    prepare(number) || hostile_load(number) || hostile_start())
		line_refused(&line);
	else if (kind == LEAVES)
		leaves(&line);
	else if (kind == PASSES || kind == FAILS || kind == ABORTS || kind == EITHER)
		comes_to_its_end(&line, number, kind);
	else
		lives(&line);
	line_judge(&line);
	meanwhile(&line, number);
	if (victim2_is_there() && victim2_destroy())
		line_refused(&line);
	end(&line, kind);
	if (number == ATTACK_leave_secret)
		look_for_secret(&line);
	line_judge(&line);
	line_print(&line);
}

static void hangs(int signal)
{
	(void)signal;
	static const char text[] = "| NOT OK: root waits for ever\n";

	(void)!write(STDOUT_FILENO, text, sizeof(text) - 1);
	_exit(1);
}

/* All, or those that are named. What looks for traces needs who left them. */
static bool is_wanted(const char *name, int argc, char **argv)
{
	for (int i = 2; i < argc; i++)
		if (!strcmp(argv[i], name) || (!strcmp(argv[i], "find_secret") && !strcmp(name, "leave_secret")))
			return true;
	return argc < 3;
}

static const struct {
	const char *name;
	unsigned int number;
	enum attack_kind kind;
	int gic;
	const char *what;
} attacks[] = {
#define AS_ENTRY(name, kind, gic, what) { #name, ATTACK_##name, kind, gic, what },
	ATTACKS(AS_ENTRY)
};

static const struct {
	const char *name;
	void (*function)(void);
} rows[] = {
	{ "silence", row_silence },
	{ "patience", row_patience },
	{ "first_beat", row_first_beat },
	{ "registers_of_cell", row_registers_of_cell },
	{ "registers_of_root", row_registers_of_root },
	{ "configurations", row_configurations },
};

int main(int argc, char **argv)
{
	int gic = argc > 1 ? atoi(argv[1]) : 3;

	signal(SIGALRM, hangs);
	report = physical(REPORT_AT, 0x1000);
	if (jh_client_open(&client, NULL))
		return 1;
	table_head();
	for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++)
		if (is_wanted(attacks[i].name, argc, argv) && (!attacks[i].gic || attacks[i].gic == gic))
			attack(attacks[i].number, attacks[i].name, attacks[i].kind, attacks[i].what);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (is_wanted(rows[i].name, argc, argv)) {
			alarm(HANG_SECONDS);
			rows[i].function();
		}
	row_end();
	return table_end() > 0;
}
