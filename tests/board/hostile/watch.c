// SPDX-License-Identifier: MIT
/* Root's part of the hostile suite: lets the hostile cell do one thing after the other, and judges from outside. */
#include "watch.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_US   60000000	/* without any progress */
#define HANG_SECONDS  240	/* of one line: then root itself is taken to hang */
#define ROUNDS	      200
#define MILLISECONDS(us) ((unsigned long)((us) / 1000))

static struct jh_client *client;
static volatile struct report *report;
static unsigned int passed, failed;

/* A line of the table, as it is found out. */
struct line {
	const char *name, *what;
	char saw[60], outcome[60], wrong[60];
	const char *victim, *root, *audit;
};

static void *file(const char *name, size_t *size)
{
	FILE *stream = fopen(name, "r");
	char *content = malloc(1 << 20);

	*size = stream ? fread(content, 1, 1 << 20, stream) : 0;
	if (!*size) {
		fprintf(stderr, "no %s\n", name);
		exit(1);
	}
	fclose(stream);
	return content;
}

static int create(const char *name)
{
	size_t size;
	void *config = file(name, &size);
	int err = jh_client_cell_create(client, config, size);

	free(config);
	return err;
}

static int load(unsigned int attack)
{
	static void *image;
	static size_t size;
	char string[32];
	struct jh_client_image images[2];

	if (!image)
		image = file("hostile.bin", &size);
	snprintf(string, sizeof(string), "attack=%u", attack);
	images[0] = (struct jh_client_image){ image, size, 0 };
	images[1] = (struct jh_client_image){ string, strlen(string) + 1, 0x1000 };
	*report = (struct report){ 0 };
	return jh_client_cell_load(client, HOSTILE_ID, NULL, images, 2);
}

static int start(void)
{
	return jh_client_cell_start(client, HOSTILE_ID, NULL);
}

static void judge(struct line *line)
{
	const char *victim = victim_verdict(), *root = root_verdict(), *audit = audit_verdict(client);

	/* The first that is wrong stays. */
	if (!line->victim || !strcmp(line->victim, "ok"))
		line->victim = victim;
	if (!line->root || !strcmp(line->root, "ok"))
		line->root = root;
	if (!line->audit || !strcmp(line->audit, "clean"))
		line->audit = audit;
}

static void wrong(struct line *line, const char *what)
{
	if (!line->wrong[0])
		snprintf(line->wrong, sizeof(line->wrong), "%s", what);
}

static void print(const struct line *line)
{
	bool good = !line->wrong[0] && !strcmp(line->victim, "ok") && !strcmp(line->root, "ok") &&
		    !strcmp(line->audit, "clean");

	good ? passed++ : failed++;
	printf("| %-19s | %-58s | %-38s | %-36s | %-6s | %-4s | %-5s | %s%s\n", line->name, line->what, line->saw,
	       line->outcome, line->victim, line->root, line->audit, good ? "ok" : "NOT OK ", line->wrong);
	fflush(stdout);
}

/* To its end; where a step ends the cell, it goes on with the next. The number of times that this happened. */
static unsigned int run_to_end(struct line *line)
{
	uint64_t step = 0, end = now_us() + PATIENCE_US;
	unsigned int failures = 0;
	char code[40];

	while (!report->done) {
		if (report->step != step || failures > step)
			end = now_us() + PATIENCE_US;
		step = report->step;
		if (now_us() > end) {
			wrong(line, "it does not come to its end");
			break;
		}
		if (!cell_is(HOSTILE_ID, "failed")) {
			usleep(200);
			continue;
		}
		failures++;
		cell_word(HOSTILE_ID, "failure", code, sizeof(code));
		if (strcmp(code, "memory-access"))
			wrong(line, code);
		if (failures > report->steps || start()) {
			wrong(line, "it does not start again");
			break;
		}
	}
	return failures;
}

static void comes_to_its_end(struct line *line, enum attack_kind kind)
{
	unsigned int failures = run_to_end(line);

	snprintf(line->saw, sizeof(line->saw), "%lu steps, %lu exceptions", (unsigned long)report->steps,
		 (unsigned long)report->skipped);
	if (failures)
		snprintf(line->outcome, sizeof(line->outcome), "failed %u times with memory-access", failures);
	else
		snprintf(line->outcome, sizeof(line->outcome), "goes on");
	if (report->breaches) {
		snprintf(line->saw, sizeof(line->saw), "%lu BREACHES, at 0x%lx", (unsigned long)report->breaches,
			 (unsigned long)report->where);
		wrong(line, "it got through");
	}
	if (kind == PASSES && failures)
		wrong(line, "it failed");
	if (kind == FAILS && failures < report->steps / 2)
		wrong(line, "it did not fail");
	if (!cell_is(HOSTILE_ID, "running"))
		wrong(line, "it does not go on");
}

static void lives(struct line *line)
{
	uint64_t end = now_us() + PATIENCE_US;

	while (!report->beats && now_us() < end)
		usleep(1000);
	if (!report->beats)
		wrong(line, "no sign of life");
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
		wrong(line, "it is not off");
}

/* Asked, or by force where it denies. */
static int destroy(struct line *line, enum attack_kind kind)
{
	int err = jh_client_cell_destroy(client, HOSTILE_ID, NULL);
	bool denied = err && !strcmp(jh_client_reason(client)->code, "shutdown-denied");

	if (denied && (kind == DENIES || kind == MAY_DENY))
		return jh_client_cell_force_destroy(client, HOSTILE_ID, NULL);
	if (!err && kind == DENIES)
		wrong(line, "its denial was ignored");
	return err;
}

static void end(struct line *line, enum attack_kind kind)
{
	uint64_t before = now_us();
	size_t used = strlen(line->outcome);

	if (destroy(line, kind)) {
		wrong(line, jh_client_reason(client)->code);
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
			wrong(line, "root reads its secret");
			break;
		}
}

static void attack(unsigned int number, const char *name, enum attack_kind kind, const char *what)
{
	struct line line = { .name = name, .what = what };

	alarm(HANG_SECONDS);
	if (create("hostile.cell") || load(number) || start()) {
		wrong(&line, jh_client_reason(client)->code);
	} else if (kind == LEAVES) {
		leaves(&line);
	} else if (kind == PASSES || kind == FAILS || kind == EITHER) {
		comes_to_its_end(&line, kind);
	} else {
		lives(&line);
	}
	judge(&line);
	end(&line, kind);
	if (number == ATTACK_leave_secret)
		look_for_secret(&line);
	judge(&line);
	print(&line);
}

static volatile bool destroyed;
static void *destroy_slowly(void *error)
{
	struct jh_client *own;

	*(int *)error = jh_client_open(&own, NULL);
	if (!*(int *)error)
		*(int *)error = jh_client_cell_destroy(own, HOSTILE_ID, NULL);
	destroyed = true;
	return NULL;
}

/* While a silent cell has three seconds to answer, every call that needs the management lock is answered. */
static void wait_for_silence(void)
{
	struct line line = { .name = "silence, 3 s", .what = "root's other calls while a silent cell has its time" };
	unsigned int calls = 0;
	pthread_t thread;
	int err = 0;

	alarm(HANG_SECONDS);
	if (create("slow.cell") || load(ATTACK_comm_silence) || start())
		wrong(&line, jh_client_reason(client)->code);
	lives(&line);
	pthread_create(&thread, NULL, destroy_slowly, &err);
	while (!destroyed) {
		calls += cell_is(VICTIM_ID, "running");
		usleep(1000);
	}
	pthread_join(thread, NULL);
	snprintf(line.saw, sizeof(line.saw), "%u calls answered", calls);
	snprintf(line.outcome, sizeof(line.outcome), "destroyed");
	if (err || calls < 50)
		wrong(&line, "root waited with it");
	judge(&line);
	print(&line);
}

/* Each start is followed by a first sign of life. */
static void start_often(void)
{
	struct line line = { .name = "first beat", .what = "started and stopped 200 times: one without a first beat" };
	uint64_t longest = 0, begun, took;
	unsigned int late = 0, silent = 0;

	alarm(HANG_SECONDS);
	if (create("hostile.cell"))
		wrong(&line, jh_client_reason(client)->code);
	for (unsigned int round = 0; round < ROUNDS && !line.wrong[0]; round++) {
		if (load(NUM_ATTACKS) || start())
			wrong(&line, jh_client_reason(client)->code);
		for (begun = now_us(), took = 0; !report->beats && took < PATIENCE_US; took = now_us() - begun)
			usleep(100);
		silent += !report->beats;
		late += took > 20000;
		longest = took > longest ? took : longest;
	}
	if (silent)
		wrong(&line, "silent");
	snprintf(line.saw, sizeof(line.saw), "%u silent, %u after 20 ms, last %lu us", silent, late,
		 (unsigned long)longest);
	judge(&line);
	end(&line, PASSES);
	judge(&line);
	print(&line);
}

static void hangs(int signal)
{
	(void)signal;
	static const char text[] = "| NOT OK: root waits for ever\n";

	(void)!write(STDOUT_FILENO, text, sizeof(text) - 1);
	_exit(1);
}

/* All, or those that are named. */
static bool wanted(const char *name, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], name))
			return true;
	return argc < 2;
}

#define AS_CALL(name, kind, what)                    \
	if (wanted(#name, argc, argv))               \
		attack(ATTACK_##name, #name, kind, what);

int main(int argc, char **argv)
{
	signal(SIGALRM, hangs);
	report = physical(REPORT_AT, 0x1000);
	if (jh_client_open(&client, NULL))
		return 1;
	printf("| %-19s | %-58s | %-38s | %-36s | %-6s | %-4s | %-5s |\n", "attack", "what it tries",
	       "what the cell saw", "outcome", "victim", "root", "audit");
	ATTACKS(AS_CALL)
	if (wanted("silence", argc, argv))
		wait_for_silence();
	if (wanted("first_beat", argc, argv))
		start_often();
	printf("%u passed, %u failed\n", passed, failed);
	return failed > 0;
}
