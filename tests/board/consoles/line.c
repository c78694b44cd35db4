// SPDX-License-Identifier: MIT
/* What busybox cannot do to a tty: line break TTY | line poll TTY in|out | line carrier TTY. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static int poll_now(int fd, short event)
{
	struct pollfd poll_fd = { .fd = fd, .events = event };

	return poll(&poll_fd, 1, 0) == 1 && (poll_fd.revents & event) ? 0 : 1;
}

int main(int argc, char **argv)
{
	int fd = argc > 2 ? open(argv[2], O_RDWR | O_NOCTTY | O_NONBLOCK) : -1, lines = 0;

	if (fd < 0) {
		perror("line");
		return 2;
	}
	if (strcmp(argv[1], "break") == 0)
		return tcsendbreak(fd, 0) != 0;
	if (strcmp(argv[1], "poll") == 0 && argc > 3)
		return poll_now(fd, strcmp(argv[3], "in") == 0 ? POLLIN : POLLOUT);
	if (strcmp(argv[1], "carrier") == 0)
		return ioctl(fd, TIOCMGET, &lines) != 0 || !(lines & TIOCM_CAR);
	return 2;
}
