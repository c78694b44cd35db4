// SPDX-License-Identifier: MIT
/* Gives back every line that is typed into its console. */
#include "inmate.h"

#define POLLS_PER_SECOND 50 /* input has no interrupt: it is looked for at every tick */
#define LINE_MAX	 128

static char line[LINE_MAX];
static unsigned int length;

static void take(char c)
{
	if (c == '\r' || c == '\n') {
		line[length] = 0;
		if (length)
			print("echo: %s\n", line);
		length = 0;
	} else if (length < LINE_MAX - 1) {
		line[length++] = c;
	}
}

void inmate_main(void)
{
	int c;

	print("echo: type a line\n");
	timer_start(POLLS_PER_SECOND);
	for (;;) {
		timer_tick();
		while ((c = console_getc()) >= 0)
			take((char)c);
		comm_answer();
	}
}
