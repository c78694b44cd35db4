// SPDX-License-Identifier: MIT
#include <hv/mmio.h>

#include <hv/vgic.h>

bool mmio_access(struct cpu *cpu, struct mmio *mmio)
{
	return vgic_access(cpu, mmio);
}
