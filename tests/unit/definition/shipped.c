// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "shipped.h"

#define SYSTEM(board, sum) { "boards/" board "/system.json", NULL, sum }
#define CELL(board, name, sum) { "boards/" board "/" name ".json", "boards/" board "/system.json", sum }

const struct shipped shipped[] = {
	SYSTEM("qemu-virt", NULL),
	{ "cells/echo/echo.json", "boards/qemu-virt/system.json", NULL },
	{ "cells/heartbeat/heartbeat.json", "boards/qemu-virt/system.json", NULL },
	{ "cells/linux/linux.json", "boards/qemu-virt/system.json", NULL },
	SYSTEM("qemu-arm64", "5618a9ea73b60d48bfbc608e04e2ec0f094021d1e70d515d747412aa8e7f1cb6"),
	CELL("qemu-arm64", "cells/inmate-demo", "408ed108b5ed17669c40d2685497f4d5af01f6e923f869ce4254078203255cff"),
	CELL("qemu-arm64", "cells/linux-demo", "571a35bbe11b6f6ebf1ccdf84ca16aa8eee49057b5892204bf915d3df7a6ce38"),
	CELL("qemu-arm64", "cells/zephyr-demo", "e0ac3d7af8ac46155bf83ff38338d366b9641fa16b18e153309df07593b8b1ff"),
	SYSTEM("imx8qm-mek", NULL),
	CELL("imx8qm-mek", "cells/heartbeat", NULL),
	{ "boards/imx8qm-mek/original/system.json", NULL,
	  "37f1a04d4524903506cec21b56eccc408f2fc6b6e3a2b53461ba166a2a0112fd" },
	CELL("imx8qm-mek", "original/linux-demo", "ea6ef7554bbaa64398552847a6286255ed0a7f94513f6401d2cb5e40c7c233b3"),
	CELL("imx8qm-mek", "cells/inmate-demo", "b094628856f887659869c9b782d127e50cee0224fa3ddd598b30873ee65dda9e"),
	CELL("imx8qm-mek", "original/inmate-demo", "7edd488295f836cb92f8d99cd32ddfb969e154779ef2576e7e1e59e9449d79a2"),
	SYSTEM("imx8mp-evk", "d57a699df0b908db30c45b5a4bd115338d1fb8af6001518756e6dcd2bd52d2c6"),
	{ "boards/imx8mp-evk/original/system.json", NULL,
	  "e9f950948f4df86543a6d6b316a0d266dacb02c7b4fd8615e94d52e933116cee" },
	CELL("imx8mp-evk", "cells/heartbeat", NULL),
	CELL("imx8mp-evk", "cells/inmate-demo", "a7d1ca5b6a7f971417b3919cba9b8f925f42773f8b865fceb637c99e62209940"),
	CELL("imx8mp-evk", "cells/linux-demo", "90142916fc7eee721f888ec837a9ed12afc94d21dca94767276eb0071edebfb6"),
	CELL("imx8mp-evk", "cells/zephyr-demo", "afe0419aa926325456c158f92033fa68156703077c8a5d3643aae7682449924a"),
	{ NULL, NULL, NULL },
};

char *shipped_text(const char *file)
{
	char path[512], *text = calloc(1, 65536);
	FILE *stream;

	snprintf(path, sizeof(path), CONFIGS "/%s", file);
	stream = fopen(path, "r");
	if (!stream || !text)
		fail_msg("%s cannot be read", path);
	assert_true(fread(text, 1, 65535, stream) > 0);
	fclose(stream);
	return text;
}

void shipped_compile(const struct shipped *row, struct definition_result *result)
{
	struct definition_result system = { 0 };
	struct definition_board board;
	char *board_text = row->board ? shipped_text(row->board) : NULL;
	char *text = shipped_text(row->file);
	int err;

	if (board_text)
		assert_int_equal(definition_compile_system(board_text, strlen(board_text), &board, &system), 0);
	err = board_text ? definition_compile_cell(text, strlen(text), &board, result) :
			   definition_compile_system(text, strlen(text), NULL, result);
	if (err)
		print_error("%s: %s\n", row->file,
			    result->problems.count ? result->problems.items[0].text : "no memory");
	assert_int_equal(err, 0);
	definition_result_free(&system);
	free(board_text);
	free(text);
}
