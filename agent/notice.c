// SPDX-License-Identifier: MIT
#include "notice.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* For reading, too: a pipe then keeps what was written before its reader came, and writing never blocks (fifo(7)). */
int notice_open(const char *path)
{
	int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | O_APPEND);

	if (fd < 0)
		agent_log("warning", "%s cannot be opened: %s", path, strerror(errno));
	return fd;
}

void notice_line(struct agent *agent, const char *format, ...)
{
	char line[512];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(line, sizeof(line) - 1, format, arguments);
	va_end(arguments);
	if (length < 0)
		return;
	if (agent->notice < 0)
		return;
	length = (int)strlen(line);
	line[length] = '\n';
	if (write(agent->notice, line, (size_t)length + 1) < 0)
		agent_log("warning", "the last line was not shown at the board: %s", strerror(errno));
}
