// SPDX-License-Identifier: MIT
/* Lines of the table that are not one attack of the hostile cell. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "watch.h"

#define ROUNDS 200

static void wait_for_beat(struct line *line)
{
	uint64_t end = now_us() + PATIENCE_US;

	while (!report->beats && now_us() < end)
		usleep(1000);
	if (!report->beats)
		line_wrong(line, "no sign of life");
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

/* While a silent cell has its time to answer, every call that needs the management lock is answered. */
static void silent(struct line *line, const char *config)
{
	unsigned int calls = 0;
	pthread_t thread;
	int err = 0;

	destroyed = false;
	if (image_create(config) || hostile_load(ATTACK_comm_silence) || hostile_start())
		line_refused(line);
	wait_for_beat(line);
	pthread_create(&thread, NULL, destroy_slowly, &err);
	while (!destroyed) {
		calls += cell_is(VICTIM_ID, "running");
		usleep(1000);
	}
	pthread_join(thread, NULL);
	snprintf(line->saw, sizeof(line->saw), "%u calls answered", calls);
	snprintf(line->outcome, sizeof(line->outcome), "destroyed");
	if (err || calls < 20)
		line_wrong(line, "root waited with it");
	line_judge(line);
	line_print(line);
}

void row_silence(void)
{
	struct line line = { .name = "silence", .what = "root's other calls while a silent cell has its 3 s" };

	silent(&line, "slow.cell");
}

void row_patience(void)
{
	struct line line = { .name = "patience", .what = "the same with a timeout of 0 in its configuration" };

	silent(&line, "patient.cell");
}

/* Each start is followed by a first sign of life. */
void row_first_beat(void)
{
	struct line line = { .name = "first_beat", .what = "started and stopped 200 times: one without a first beat" };
	uint64_t longest = 0, begun, took;
	unsigned int mute = 0;

	if (image_create("hostile.cell"))
		line_refused(&line);
	for (unsigned int round = 0; round < ROUNDS && !line.wrong[0]; round++) {
		if (hostile_load(NUM_ATTACKS) || hostile_start())
			line_refused(&line);
		for (begun = now_us(), took = 0; !report->beats && took < PATIENCE_US; took = now_us() - begun)
			usleep(100);
		mute += !report->beats;
		longest = took > longest ? took : longest;
	}
	if (mute)
		line_wrong(&line, "without a beat");
	snprintf(line.saw, sizeof(line.saw), "%u without a beat, the last after %lu us", mute, (unsigned long)longest);
	line_judge(&line);
	if (jh_client_cell_destroy(client, HOSTILE_ID, NULL))
		line_refused(&line);
	snprintf(line.outcome, sizeof(line.outcome), "destroyed");
	line_judge(&line);
	line_print(&line);
}

/* The code of the refusal of each: tests/board/lib/refused.py. */
static void configuration(const char *code, const char *file)
{
	char name[40], what[80];
	struct line line = { .name = name, .what = what };
	int err = image_create(file);

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(file, "."), file);
	snprintf(what, sizeof(what), "root's configuration, refused as %s", code);
	snprintf(line.outcome, sizeof(line.outcome), "%s", err ? jh_client_reason(client)->code : "ACCEPTED");
	if (strcmp(line.outcome, code))
		line_wrong(&line, line.outcome);
	if (!err)
		jh_client_cell_destroy(client, HOSTILE_ID, NULL);
	line_judge(&line);
	line_print(&line);
}

void row_configurations(void)
{
	FILE *list = fopen("refused", "r");
	char code[40], file[60];
	unsigned int count = 0;

	while (list && fscanf(list, "%39s %59s", code, file) == 2) {
		configuration(code, file);
		count++;
	}
	if (list)
		fclose(list);
	if (!count) {
		struct line line = { .name = "configurations", .what = "none is there", .wrong = "no list" };

		line_judge(&line);
		line_print(&line);
	}
}

/* Its console, until the text has come. */
static bool says(const char *text)
{
	int fd = jh_client_cell_console(client, HOSTILE_ID, NULL);
	uint64_t end = now_us() + PATIENCE_US;
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	char said[8192] = "";
	size_t used = 0;

	while (fd >= 0 && !strstr(said, text) && now_us() < end && used < sizeof(said) - 1) {
		ssize_t got = poll(&poll_fd, 1, 1000) > 0 ? read(fd, said + used, sizeof(said) - 1 - used) : 0;

		used += got > 0 ? (size_t)got : 0;
		said[used] = 0;
	}
	if (fd >= 0)
		close(fd);
	return strstr(said, text);
}

static void run_image(struct line *line, const char *image, const char *text, const char *otherwise)
{
	if (image_create("hostile.cell") || image_load(HOSTILE_ID, image, "") || hostile_start())
		line_refused(line);
	if (!says(text))
		line_wrong(line, otherwise);
	line_judge(line);
	if (jh_client_cell_destroy(client, HOSTILE_ID, NULL))
		line_refused(line);
}

/* tests/board/cpus/registers.S */
#define FILLED	"do not exist"
#define NOTHING "0000000000000000 are not clean"

static void look(struct line *line)
{
	run_image(line, "look.bin", NOTHING, "it finds something");
	snprintf(line->saw, sizeof(line->saw), "all registers as after a reset");
	snprintf(line->outcome, sizeof(line->outcome), "destroyed");
	line_judge(line);
	line_print(line);
}

void row_registers_of_cell(void)
{
	struct line line = { .name = "registers_of_cell", .what = "registers of the cell that had this CPU before" };

	run_image(&line, "fill.bin", FILLED, "it does not fill them");
	look(&line);
}

/* A process on the CPU that the cell gets then: tests/board/cpus/occupy.c. */
void row_registers_of_root(void)
{
	struct line line = { .name = "registers_of_root", .what = "registers of root, which had this CPU before" };
	int ends[2];
	char byte;
	pid_t child;

	if (pipe(ends)) {
		line_wrong(&line, "no pipe");
		return;
	}
	child = fork();
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		execl("/cells/occupy", "occupy", (char *)NULL);
		_exit(1);
	}
	close(ends[1]);
	if (child < 0 || read(ends[0], &byte, 1) != 1)
		line_wrong(&line, "root does not fill them");
	close(ends[0]);
	look(&line);
	if (child > 0) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
}

/* After all of it: everything goes, and root has its board again. */
void row_end(void)
{
	struct line line = { .name = "the end", .what = "the victim goes, the hypervisor too, and comes again" };
	size_t size;
	void *system = file_content("system.cell", &size);

	if (victim_leaves())
		line_refused(&line);
	line.victim = "ok";
	line.audit = audit_verdict();
	if (jh_client_disable(client))
		line_refused(&line);
	line.root = root_verdict();
	if (jh_client_enable(client, system, size))
		line_refused(&line);
	if (strcmp(line.audit, "clean") == 0)
		line.audit = audit_verdict();
	snprintf(line.outcome, sizeof(line.outcome), "%ld CPUs are root's", sysconf(_SC_NPROCESSORS_ONLN));
	if (sysconf(_SC_NPROCESSORS_ONLN) != NUM_CPUS)
		line_wrong(&line, "a CPU is missing");
	line_print(&line);
}
