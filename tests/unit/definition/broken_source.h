/* SPDX-License-Identifier: MIT */
/* What is broken without being a definition's text: binaries, and boards that are to be described. One line of broken.txt each. */
#ifndef BROKEN_SOURCE_H
#define BROKEN_SOURCE_H

#include "definition.h"
#include "tree_file.h"

/*
 * "FILE EDIT…": the binary of a definition below configs/boards, edited, is decompiled. OFFSET=HEX overwrites, +HEX is added, -N bytes
 * are cut off; sizes as in C. *problems as those of definition_decompile(); fails the test when it is not refused.
 */
void broken_binary(const char *line, struct definition_problems *problems);
/* "TREE [TEXT OF /proc/iomem]": the board of trees/TREE.dts describes itself; "none": one that has no device tree. */
void broken_board(const char *line, struct definition_problems *problems);
/* trees/NAME.dts, compiled. */
struct tree_file broken_tree(const char *name);

#endif
