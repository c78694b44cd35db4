// SPDX-License-Identifier: MIT
/* jailhouse config schema: for editors and other programs that write definitions. */
#include <string.h>
#include "tool.h"

int config_schema(int argc, char **argv)
{
	const char *schema = definition_schema();

	(void)argv;
	if (argc)
		return -1;
	return file_write(NULL, schema, strlen(schema)) ? 0 : 1;
}
