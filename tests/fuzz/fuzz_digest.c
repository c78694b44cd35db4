// SPDX-License-Identifier: MIT
/* Repr-Digest as any client may send it: refused, or 64 digits that are told as they were read. */
#include "digest.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char hex[DIGEST_HEX_SIZE] = "", again[DIGEST_HEX_SIZE] = "", field[DIGEST_FIELD_SIZE];
	char *text = malloc(size + 10);
	enum digest_demand demand;

	if (!text)
		return 0;
	/* Half of them begin well: the whole of it would hardly be guessed. */
	snprintf(text, size + 10, "%s%.*s", size && data[0] & 1 ? "sha-256=:" : "", (int)size, (const char *)data);
	demand = digest_parse(text, hex);
	free(text);
	if (demand == DIGEST_NONE || (demand == DIGEST_SHA256) != (hex[0] != '\0' && strlen(hex) == 64))
		if (demand != DIGEST_MALFORMED)
			abort();
	if (demand == DIGEST_SHA256 &&
	    (!digest_format(hex, field) || digest_parse(field, again) != DIGEST_SHA256 || strcmp(hex, again) != 0))
		abort();
	return 0;
}
