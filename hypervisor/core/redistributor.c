// SPDX-License-Identifier: MIT
#include <hv/gic.h>
#include <hv/mmio.h>
#include <hv/vgic.h>

uint64_t redistributor_of(uint64_t base, uint64_t size, uint64_t frame, uint64_t mpidr)
{
	/* GICR_TYPER has the affinity in 63:32 as Aff3.Aff2.Aff1.Aff0, MPIDR has Aff3 in 39:32. */
	uint64_t affinity = (mpidr >> 8 & 0xff000000) | (mpidr & 0xffffff);

	for (uint64_t at = base; at < base + size; at += frame)
		if (mmio_read64(at + GICR_TYPER) >> 32 == affinity)
			return at;
	return 0;
}
