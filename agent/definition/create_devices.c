// SPDX-License-Identifier: MIT
/* What the hypervisor itself drives: interrupt controller, IOMMUs, the UART it prints to. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "create.h"

#define MAINTENANCE_DEFAULT 25 /* PPI 9 on nearly every chip */
#define FIRST_PPI	    16
#define IOMMUS_MAX	    8

struct kind {
	const char *compatible, *word;
};

static int find_enabled(const struct tree *tree, const char *compatible)
{
	int node = tree_next(tree, -1);

	while (node >= 0 && !(tree_is(tree, node, compatible) && tree_is_enabled(tree, node)))
		node = tree_next(tree, node);
	return node;
}

static void keep_registers(struct create *create, int node)
{
	struct definition_range range;
	int err;

	for (unsigned index = 0; (err = tree_registers(&create->tree, node, index, &range)) != -ENOENT && index < 64;
	     index++)
		if (!err)
			spans_add(&create->kept, create_pages(range));
}

static void add_bases(struct create *create, int node, const char *const *keys)
{
	struct definition_range range;

	for (unsigned index = 0; keys[index]; index++)
		if (tree_registers(&create->tree, node, index, &range) == 0)
			create_hex(create->json, keys[index], range.start);
}

static void add_maintenance(struct create *create, int node)
{
	struct tree_reference interrupt;
	bool known =
		tree_interrupt(&create->tree, node, 0, &interrupt) && interrupt.count >= 2 && interrupt.cells[0] == 1;

	cJSON_AddNumberToObject(create->json, "maintenance_intid",
				known ? FIRST_PPI + (interrupt.cells[1] & 15) : MAINTENANCE_DEFAULT);
}

static void warn_of_gic(struct create *create, int node)
{
	if (tree_number(&create->tree, node, "#redistributor-regions", 1) > 1)
		compiler_warn(
			&create->compiler, "/gicr_base", "gic-redistributors",
			"Take the CPUs out of root's \"cpus\" whose redistributor lies elsewhere.",
			"The redistributors lie in several places, and the hypervisor looks for those of all CPUs in the first.");
	if (find_enabled(&create->tree, "arm,gic-v3-its") >= 0)
		compiler_warn(
			&create->compiler, "", "gic-its",
			"Write status = \"disabled\" into its node of root's device tree, and boot again.",
			"The interrupt controller has an ITS that is enabled, by which root could write to memory of cells.");
}

void create_gic(struct create *create)
{
	static const char *const of_v2[] = { "arm,gic-400", "arm,cortex-a15-gic", "arm,cortex-a7-gic",
					     "arm,cortex-a9-gic", NULL };
	static const char *const bases_v2[] = { "gicd_base", "gicc_base", "gich_base", "gicv_base", NULL };
	static const char *const bases_v3[] = { "gicd_base", "gicr_base", NULL };
	int node = find_enabled(&create->tree, "arm,gic-v3");
	bool v3 = node >= 0;

	for (size_t i = 0; node < 0 && of_v2[i]; i++)
		node = find_enabled(&create->tree, of_v2[i]);
	if (node < 0) {
		compiler_refuse(&create->compiler, "/gicd_base", "no-gic", "Use a board with a GICv2 or GICv3.",
				"The device tree has neither a GICv2 nor a GICv3.");
		return;
	}
	cJSON_AddNumberToObject(create->json, "gic_version", v3 ? 3 : 2);
	add_bases(create, node, v3 ? bases_v3 : bases_v2);
	add_maintenance(create, node);
	keep_registers(create, node);
	warn_of_gic(create, node);
}

static void add_iommu(cJSON *list, const char *word, struct definition_range range)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "type", word);
	create_hex(json, "base", range.start);
	create_size(json, "size", range.size);
	cJSON_AddItemToArray(list, json);
}

/* Those that are disabled too: root must not drive them, and has no reason to. */
void create_iommus(struct create *create)
{
	static const struct kind kinds[] = {
		{ "arm,smmu-v3", "smmu-v3" }, { "arm,mmu-500", "mmu-500" }, { "arm,smmu-v2", "mmu-500" }, { NULL, NULL }
	};
	struct definition_range range;
	cJSON *list = NULL;

	for (int node = tree_next(&create->tree, -1); node >= 0; node = tree_next(&create->tree, node)) {
		const struct kind *kind = kinds;

		while (kind->compatible && !tree_is(&create->tree, node, kind->compatible))
			kind++;
		if (!kind->compatible || tree_registers(&create->tree, node, 0, &range) != 0)
			continue;
		list = list ? list : cJSON_AddArrayToObject(create->json, "iommus");
		if (cJSON_GetArraySize(list) == IOMMUS_MAX)
			return;
		add_iommu(list, kind->word, range);
		keep_registers(create, node);
		if (tree_is_enabled(&create->tree, node))
			compiler_warn(
				&create->compiler, "/iommus", "iommu-of-root",
				"Write status = \"disabled\" into its node of root's device tree, and boot again.",
				"Root's device tree has the IOMMU at 0x%" PRIx64
				" enabled, which the hypervisor will take.",
				range.start);
	}
}

static int console_node(const struct tree *tree)
{
	int chosen = tree_find(tree, "/chosen");
	const char *path = chosen >= 0 ? tree_text(tree, chosen, "stdout-path") : NULL;
	char name[TREE_PATH_MAX];

	/* "serial0:115200n8" */
	snprintf(name, sizeof(name), "%.*s", path ? (int)strcspn(path, ":") : 0, path ? path : "");
	return tree_find(tree, name);
}

static const char *console_type(const struct tree *tree, int node)
{
	static const struct kind kinds[] = {
		{ "arm,pl011", "pl011" },	  { "fsl,imx7ulp-lpuart", "lpuart" }, { "fsl,vf610-lpuart", "lpuart" },
		{ "fsl,ls1021a-lpuart", "lpuart" }, { "fsl,imx21-uart", "imx" },	      { "fsl,imx6q-uart", "imx" },
		{ "xlnx,xuartps", "xuartps" },	  { "cdns,uart-r1p12", "xuartps" },   { "marvell,armada-3700-uart", "mvebu" },
		{ "renesas,hscif", "hscif" },	  { "renesas,scifa", "scifa" },	      { "renesas,scif", "scif" },
		{ "ns16550a", "8250" },		  { "ns16550", "8250" },	      { "snps,dw-apb-uart", "8250" },
		{ "ti,am654-uart", "8250" },	  { NULL, NULL },
	};
	const struct kind *kind = kinds;

	while (node >= 0 && kind->compatible && !tree_is(tree, node, kind->compatible))
		kind++;
	return node >= 0 ? kind->word : NULL;
}

void create_console(struct create *create)
{
	int node = console_node(&create->tree);
	const char *type = console_type(&create->tree, node);
	struct definition_range range;
	cJSON *json, *flags;

	if (!type || tree_registers(&create->tree, node, 0, &range) != 0) {
		compiler_warn(
			&create->compiler, "/debug_console", "no-console",
			"Add \"debug_console\" if the board has a UART.",
			"The device tree's stdout-path names no UART that the hypervisor drives: it will print to none.");
		return;
	}
	json = cJSON_AddObjectToObject(create->json, "debug_console");
	cJSON_AddStringToObject(json, "type", type);
	create_hex(json, "address", range.start);
	create_size(json, "size", create_pages(range).size);
	flags = cJSON_AddArrayToObject(json, "flags");
	cJSON_AddItemToArray(flags, cJSON_CreateString("mmio"));
	/* An 8250 on a byte bus has its registers side by side (reg-shift 0). */
	if (strcmp(type, "8250") != 0 || tree_number(&create->tree, node, "reg-shift", 0) == 2)
		cJSON_AddItemToArray(flags, cJSON_CreateString("4-byte-registers"));
}
