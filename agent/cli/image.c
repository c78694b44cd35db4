// SPDX-License-Identifier: MIT
/* The images of `jailhouse cell load`. */
#include "image.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "problem.h"

static bool is_option(const char *argument, const char *brief, const char *full)
{
	return strcmp(argument, brief) == 0 || strcmp(argument, full) == 0;
}

/* The first character must be a digit: strtoull() would take "-1" for the highest address. */
int address_parse(const char *text, uint64_t *address)
{
	char *end;
	unsigned long long value;

	if (!isdigit((unsigned char)text[0]))
		return -EINVAL;
	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || *end)
		return -EINVAL;
	*address = value;
	return 0;
}

/* How many arguments the image took, 0 when they are none. */
static int source_parse(struct cli *cli, struct image_source *source, int argc, char **argv)
{
	int used = 1;

	*source = (struct image_source){ .text = argv[0] };
	if (is_option(argv[0], "-a", "--address"))
		return 0;
	if (is_option(argv[0], "-s", "--string")) {
		if (argc < 2)
			return 0;
		source->is_string = true;
		source->text = argv[used++];
	}
	if (used == argc || !is_option(argv[used], "-a", "--address"))
		return used;
	if (used + 1 == argc)
		return 0;
	if (address_parse(argv[used + 1], &source->address) == 0)
		return used + 2;
	problem_argument(cli, "address-invalid", "The address is not a number of 64 bits", argv[used + 1]);
	return 0;
}

int image_sources_parse(struct cli *cli, struct image_source *sources, int argc, char **argv)
{
	int count = 0, used;

	while (argc > 0) {
		used = source_parse(cli, &sources[count], argc, argv);
		if (used == 0)
			return -EINVAL;
		count++;
		argc -= used;
		argv += used;
	}
	return count;
}

int image_take(struct cli *cli, const struct image_source *source, struct jh_client_image *image)
{
	struct file file = { 0 };

	if (source->is_string) {
		/* With its NUL: inmates read their command line as a C string. */
		file.size = strlen(source->text) + 1;
		file.data = strdup(source->text);
		if (!file.data)
			return problem_memory(cli);
	} else if (file_take(cli, source->text, &file) != CLI_OK) {
		return CLI_FAILED;
	}
	*image = (struct jh_client_image){ file.data, file.size, source->address };
	return CLI_OK;
}
