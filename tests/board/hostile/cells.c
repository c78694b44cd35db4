// SPDX-License-Identifier: MIT
/* The cells of this suite, through the client of /dev/jailhouse. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "watch.h"

#define ARGUMENTS_AT 0x1000

static bool second;

void *file_content(const char *name, size_t *size)
{
	FILE *stream = fopen(name, "r");
	char *content = malloc(1 << 20);

	*size = stream ? fread(content, 1, 1 << 20, stream) : 0;
	if (!*size) {
		fprintf(stderr, "no %s\n", name);
		exit(1);
	}
	fclose(stream);
	return content;
}

int image_create(const char *config)
{
	size_t size;
	void *content = file_content(config, &size);
	int err = jh_client_cell_create(client, content, size);

	free(content);
	return err;
}

int image_load(int id, const char *name, const char *arguments)
{
	struct jh_client_image images[2] = { { NULL, 0, 0 }, { arguments, strlen(arguments) + 1, ARGUMENTS_AT } };
	size_t size;
	void *image = file_content(name, &size);
	int err;

	images[0].data = image;
	images[0].size = size;
	err = jh_client_cell_load(client, id, NULL, images, 2);
	free(image);
	return err;
}

int hostile_load(unsigned int attack)
{
	char string[32];

	snprintf(string, sizeof(string), "attack=%u", attack);
	*report = (struct report){ 0 };
	return image_load(HOSTILE_ID, "hostile.bin", string);
}

int hostile_start(void)
{
	return jh_client_cell_start(client, HOSTILE_ID, NULL);
}

int victim2_start(void)
{
	char string[32];
	int err = image_create("victim2.cell");

	victim2_forget();
	snprintf(string, sizeof(string), "spi=%u", VICTIM_2_SPI);
	if (!err)
		err = image_load(VICTIM_2_ID, "victim.bin", string);
	if (!err)
		err = jh_client_cell_start(client, VICTIM_2_ID, NULL);
	second = !err;
	return err;
}

int victim2_destroy(void)
{
	int err = jh_client_cell_destroy(client, VICTIM_2_ID, NULL);

	second = second && err;
	return err;
}

int victim2_force(void)
{
	int err = jh_client_cell_force_destroy(client, VICTIM_2_ID, NULL);

	second = second && err;
	return err;
}

int victim_leaves(void)
{
	return jh_client_cell_destroy(client, VICTIM_ID, NULL);
}

bool victim2_is_there(void)
{
	return second;
}

void cell_word(int id, const char *name, char *word, size_t size)
{
	char path[80];
	FILE *stream;

	snprintf(path, sizeof(path), "/sys/devices/jailhouse/cells/%d/%s", id, name);
	stream = fopen(path, "r");
	word[0] = 0;
	if (stream && fgets(word, (int)size, stream))
		word[strcspn(word, ":\n")] = 0;
	if (stream)
		fclose(stream);
}

bool cell_is(int id, const char *state)
{
	char word[40];

	cell_word(id, "state", word, sizeof(word));
	return !strcmp(word, state);
}
