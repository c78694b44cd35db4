// SPDX-License-Identifier: MIT
/* What a device hangs on that root keeps: it could stop, slow, or reach through it. */
#include <stdio.h>
#include <string.h>
#include "devices.h"

#define REFERENCES_MAX 64
/* EL2 drives no IOMMU yet: stream ids are in the binary, and nothing holds a master back. */
#define HYPERVISOR_HAS_IOMMU false

/* A property that refers to providers, and what it means when root drives them. */
struct tie {
	const char *property, *cells;
	uint32_t what;
	const char *noun;
};

static const struct tie ties[] = {
	{ "clocks", "#clock-cells", ACCEPT_CLOCK, "a clock" },
	{ "power-domains", "#power-domain-cells", ACCEPT_POWER_DOMAIN, "its power" },
	{ "resets", "#reset-cells", ACCEPT_RESET, "its reset" },
	{ "dmas", "#dma-cells", ACCEPT_DMA_CONTROLLER, "a DMA channel" },
};

/* Nobody switches a crystal. */
static bool is_fixed(const struct tree *tree, int node)
{
	return tree_is(tree, node, "fixed-clock") || tree_is(tree, node, "regulator-fixed");
}

static bool same(const struct tree_reference *a, const struct tree_reference *b)
{
	return a->node == b->node && a->count == b->count &&
	       memcmp(a->cells, b->cells, a->count * sizeof(a->cells[0])) == 0;
}

static bool uses(const struct tree *tree, int node, const struct tie *tie, const struct tree_reference *wanted)
{
	struct tree_reference other;

	if (!tree_mentions(tree, node, tie->property, wanted->phandle))
		return false;
	for (unsigned i = 0; i < REFERENCES_MAX && tree_reference(tree, node, tie->property, tie->cells, i, &other);
	     i++)
		if (same(wanted, &other))
			return true;
	return false;
}

/* A device of root that uses the same; below 0: none. */
static int other_user(const struct devices *devices, const struct tie *tie, const struct tree_reference *wanted)
{
	for (int node = tree_next(&devices->tree, -1); node >= 0; node = tree_next(&devices->tree, node))
		if (uses(&devices->tree, node, tie, wanted) && !devices_have(devices, node) &&
		    tree_is_enabled(&devices->tree, node))
			return node;
	return -1;
}

static void tell_tie(struct build *build, struct device *device, const struct tie *tie,
		     const struct tree_reference *provider)
{
	int other = other_user(build->devices, tie, provider);
	char path[TREE_PATH_MAX], user[TREE_PATH_MAX];

	tree_path(&build->devices->tree, provider->node, path);
	if (other >= 0 && tie->what == ACCEPT_CLOCK) {
		tree_path(&build->devices->tree, other, user);
		device_tell(build, device, ACCEPT_SHARED_CLOCK,
			    "%.70s has a clock of %.70s that root uses, too, for %.70s.", device->path, path, user);
		return;
	}
	device_tell(build, device, tie->what, "%.80s has %s from %.80s, which root drives%s", device->path, tie->noun, path,
		    tie->what == ACCEPT_CLOCK ? " and switches off when it has no user (clk_ignore_unused)." : ".");
}

static void tell_ties(struct build *build, struct device *device, const struct tie *tie)
{
	const struct tree *tree = &build->devices->tree;
	struct tree_reference provider;

	for (unsigned i = 0;
	     i < REFERENCES_MAX && tree_reference(tree, device->node, tie->property, tie->cells, i, &provider); i++)
		if (provider.node >= 0 && !is_fixed(tree, provider.node) &&
		    !devices_have(build->devices, provider.node))
			tell_tie(build, device, tie, &provider);
}

static bool needs(const struct tree *tree, int node, const struct tie *tie, uint32_t phandle)
{
	struct tree_reference provider;

	/* The same number may stand there as a clock's. */
	if (!tree_mentions(tree, node, tie->property, phandle))
		return false;
	for (unsigned i = 0; i < REFERENCES_MAX && tree_reference(tree, node, tie->property, tie->cells, i, &provider);
	     i++)
		if (provider.phandle == phandle)
			return true;
	return false;
}

/* The other way round: a device of root that hangs on this one. */
static void tell_needed(struct build *build, struct device *device, const struct tie *tie)
{
	const struct tree *tree = &build->devices->tree;
	uint32_t phandle = tree_number(tree, device->node, "phandle", 0);
	char path[TREE_PATH_MAX];
	int node = phandle ? tree_next(tree, -1) : -1;

	while (node >= 0 && !(needs(tree, node, tie, phandle) && tree_is_enabled(tree, node) &&
			      !devices_have(build->devices, node)))
		node = tree_next(tree, node);
	if (node < 0)
		return;
	tree_path(tree, node, path);
	device_tell(build, device, ACCEPT_NEEDED, "Root's %.90s needs %.90s, which leaves root.", path, device->path);
}

static void tell_pins(struct build *build, struct device *device)
{
	const struct tree *tree = &build->devices->tree;
	struct tree_reference pins;
	char path[TREE_PATH_MAX];

	if (!tree_reference(tree, device->node, "pinctrl-0", NULL, 0, &pins) || pins.node < 0 ||
	    devices_have(build->devices, pins.node))
		return;
	tree_path(tree, pins.node, path);
	device_tell(build, device, ACCEPT_PINS,
		    "The pins of %.90s (%.90s) stay as root has set them up, and root can change them.", device->path,
		    path);
}

static void tell_supplies(struct build *build, struct device *device)
{
	const struct tree *tree = &build->devices->tree;
	struct tree_reference supply;
	const char *name;
	char path[TREE_PATH_MAX];

	for (unsigned i = 0; i < REFERENCES_MAX && (name = tree_property_name(tree, device->node, i)); i++) {
		size_t length = strlen(name);

		if (length <= 7 || strcmp(name + length - 7, "-supply") != 0 ||
		    !tree_reference(tree, device->node, name, NULL, 0, &supply) || supply.node < 0 ||
		    is_fixed(tree, supply.node) || devices_have(build->devices, supply.node))
			continue;
		tree_path(tree, supply.node, path);
		device_tell(build, device, ACCEPT_SUPPLY, "The supply of %.90s is %.90s, which root can switch off.",
			    device->path, path);
	}
}

/* A bus without a driver of its own has nothing that could be switched. */
static bool is_passive_bus(const struct tree *tree, int node)
{
	return !tree_has(tree, node, "compatible") ||
	       ((tree_is(tree, node, "simple-bus") || tree_is(tree, node, "simple-mfd")) &&
		!tree_is(tree, node, "simple-pm-bus") && !tree_has(tree, node, "clocks") &&
		!tree_has(tree, node, "power-domains"));
}

static void tell_buses(struct build *build, struct device *device)
{
	const struct tree *tree = &build->devices->tree;
	char path[TREE_PATH_MAX];

	for (int bus = tree_parent(tree, device->node); bus > 0; bus = tree_parent(tree, bus)) {
		if (is_passive_bus(tree, bus) || devices_have(build->devices, bus))
			continue;
		tree_path(tree, bus, path);
		device_tell(build, device, ACCEPT_BUS, "%.90s hangs on %.90s, a bus that root drives and can stop.",
			    device->path, path);
	}
}

/* Names of Devicetree Specification 2.2.2 that never read or write memory by themselves. */
static bool is_no_master(const struct tree *tree, int node)
{
	static const char *const names[] = { "serial",	"timer",
					     "rtc",	"watchdog",
					     "gpio",	"pwm",
					     "i2c",	"spi",
					     "adc",	"dac",
					     "can",	"uart",
					     "pl011",	"pl031",
					     "pl061",	"efuse",
					     "mailbox", "pinctrl",
					     "pins",	"clock-controller",
					     "power-controller", "reset-controller",
					     "regulator", "interrupt-controller",
					     "syscon",	"temperature-sensor",
					     "keypad",	NULL };

	if (tree_has(tree, node, "dma-coherent") || tree_has(tree, node, "iommus"))
		return false;
	for (const char *const *name = names; *name; name++)
		if (tree_is_named(tree, node, *name))
			return true;
	return false;
}

static bool is_confined(const struct build *build, int node)
{
	struct tree_reference iommu;
	struct definition_range range;

	if (!HYPERVISOR_HAS_IOMMU ||
	    !tree_reference(&build->devices->tree, node, "iommus", "#iommu-cells", 0, &iommu) || iommu.node < 0 ||
	    tree_registers(&build->devices->tree, iommu.node, 0, &range) != 0)
		return false;
	for (size_t i = 0; build->board && i < build->board->num_devices; i++)
		if (build->board->devices[i].start == range.start)
			return true;
	return false;
}

static void tell_dma(struct build *build, struct device *device)
{
	const struct tree *tree = &build->devices->tree;

	if (!is_no_master(tree, device->node) && !is_confined(build, device->node))
		device_tell(build, device, ACCEPT_DMA, "%.100s may read and write memory by itself, and %s: all of it, the hypervisor's too.",
			    device->path,
			    tree_has(tree, device->node, "iommus") ? "the hypervisor does not drive its IOMMU" :
								     "no IOMMU is between them");
}

void closure_tell(struct build *build, struct device *device)
{
	for (size_t i = 0; i < sizeof(ties) / sizeof(ties[0]); i++) {
		tell_ties(build, device, &ties[i]);
		tell_needed(build, device, &ties[i]);
	}
	tell_pins(build, device);
	tell_supplies(build, device);
	tell_buses(build, device);
	tell_dma(build, device);
}
