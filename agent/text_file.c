// SPDX-License-Identifier: MIT
#include "text_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

char *text_file_read(const char *path, size_t max, size_t *size)
{
	FILE *file = fopen(path, "rbe");
	char *text = file ? malloc(max + 2) : NULL;
	int err = errno;

	*size = text ? fread(text, 1, max + 1, file) : 0;
	if (text && (*size > max || ferror(file))) {
		err = *size > max ? EFBIG : EIO;
		free(text);
		text = NULL;
	}
	if (text)
		text[*size] = '\0';
	if (file)
		fclose(file);
	errno = err;
	return text;
}
