// SPDX-License-Identifier: MIT
/* usage: report ADDRESS [WORD]: prints what an inmate reported there, or word 2 of its header; fails when it is not finished. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define SIZE 0x2000
#define DONE 0x646f6e65

int main(int argc, char **argv)
{
	int fd = open("/dev/mem", O_RDONLY | O_SYNC);
	const volatile uint32_t *words;

	if (argc < 2 || fd < 0)
		return 2;
	words = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, fd, (off_t)strtoull(argv[1], NULL, 0));
	if (words == MAP_FAILED)
		return 2;
	if (argc > 2)
		return printf("%u\n", words[2]) < 0;
	if (words[0] != DONE || words[1] > SIZE - 16)
		return 1;
	for (uint32_t i = 0; i < words[1]; i++)
		putchar(((const volatile char *)(words + 4))[i]);
	return fflush(stdout) != 0;
}
