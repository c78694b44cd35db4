/* SPDX-License-Identifier: MIT */
/* Between the files of root's part. Functions that return int return 0 or -errno, with jh_client_reason(). */
#ifndef WATCH_H
#define WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attacks.h"
#include "jailhouse_client.h"

#define VICTIM_ID   1
#define HOSTILE_ID  2
#define VICTIM_2_ID 3 /* it is created after the hostile one */
#define PATIENCE_US 60000000 /* without any progress */

extern struct jh_client *client;
extern volatile struct report *report;

/* --- table.c: a line of the table, as it is found out. */
struct line {
	const char *name, *what;
	char saw[80], outcome[60], wrong[60];
	const char *victim, *root, *audit;
};
void line_wrong(struct line *line, const char *what); /* the first one stays */
void line_refused(struct line *line);		      /* the client's reason is what is wrong */
void line_judge(struct line *line);		      /* victims, root and audit as they are now */
void line_print(const struct line *line);
void table_head(void);
unsigned int table_end(void); /* prints the sum; the number of lines that failed */

/* --- cells.c: files of the current folder; the program ends when one is missing. The caller frees the content. */
void *file_content(const char *name, size_t *size);
int hostile_load(unsigned int attack);
int hostile_start(void);
int image_load(int id, const char *file, const char *arguments);
int image_create(const char *config);
int victim2_start(void);
int victim2_destroy(void);
int victim2_force(void);
int victim_leaves(void);
bool victim2_is_there(void);

/* The word in a cell's file of sysfs, up to the line's end or, of a failure, to its code's. */
void cell_word(int id, const char *file, char *word, size_t size);
bool cell_is(int id, const char *state);

/* --- rows.c: what is not one cell and its attack. */
void row_silence(void);
void row_first_beat(void);
void row_patience(void);
void row_configurations(void);
void row_registers_of_cell(void);
void row_registers_of_root(void);
void row_end(void);

/* --- others.c */
volatile void *physical(uint64_t address, size_t size); /* uncached; the program ends when that is refused */
uint64_t now_us(void);

void victim2_forget(void);				/* before it starts: what its last life said */

/* "ok", or what is wrong; valid until the next call. */
const char *victim_verdict(bool second);
const char *root_verdict(void);
const char *audit_verdict(void);

#endif
