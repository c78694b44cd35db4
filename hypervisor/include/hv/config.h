/* SPDX-License-Identifier: MIT */
/* Reading configuration binaries. The records are packed and unaligned: they are copied out, never pointed into. */
#ifndef HV_CONFIG_H
#define HV_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <jailhouse/config.h>

#define HV_MAX_CPUS	64

/* Bytes that the counts in the descriptor ask for; 0 if they are absurd (more than JH_CONFIG_MAX_SIZE). */
size_t config_size(const struct jh_cell_desc *cell);

/* CPU bitmap as a mask. CPUs from HV_MAX_CPUS on are reported by config_cpus_fit() == false. */
uint64_t config_cpus(const struct jh_cell_desc *cell);
bool config_cpus_fit(const struct jh_cell_desc *cell);

struct jh_memory config_memory(const struct jh_cell_desc *cell, unsigned int index);
/* The same, but of its physical memory all the pages that it touches: who has a part of a page has the page. */
struct jh_memory config_pages(const struct jh_cell_desc *cell, unsigned int index);
struct jh_irqchip config_irqchip(const struct jh_cell_desc *cell, unsigned int index);
struct jh_pci_device config_pci_device(const struct jh_cell_desc *cell, unsigned int index);

/* Not made of whole pages: see hv/subpage.h. */
bool memory_is_subpage(const struct jh_memory *memory);

#endif
