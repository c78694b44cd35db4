// SPDX-License-Identifier: MIT
#include <hv/subpage.h>

#include <hv/cell.h>

void subpage_init(struct cell *cell)
{
	struct subpages *s = &cell->subpages;

	s->count = 0;
	for (unsigned int i = 0; i < cell->config->num_memory_regions; i++) {
		struct jh_memory m = config_memory(cell->config, i);

		if (m.size && memory_is_subpage(&m))
			s->list[s->count++] = (struct subpage){ m.virt_start, m.phys_start, (uint32_t)m.size,
								(uint32_t)m.flags };
	}
}

static const struct subpage *find(const struct cell *cell, uint64_t address)
{
	for (unsigned int i = 0; i < cell->subpages.count; i++)
		if (address - cell->subpages.list[i].ipa < cell->subpages.list[i].size)
			return &cell->subpages.list[i];
	return NULL;
}

bool subpage_covers(const struct cell *cell, uint64_t address)
{
	return find(cell, address);
}

static bool is_aligned(const struct mmio *mmio)
{
	return !(mmio->address & (mmio->size - 1));
}

/* The flag of a width is its bytes, from bit 16 on. */
static bool allows(const struct subpage *s, const struct mmio *mmio)
{
	return (s->flags & (mmio->write ? JH_MEM_WRITE : JH_MEM_READ)) && (s->flags & mmio->size << 16) &&
	       (is_aligned(mmio) || (s->flags & JH_MEM_IO_UNALIGNED)) &&
	       mmio->address - s->ipa <= s->size - mmio->size;
}

static void write_device(uint64_t at, unsigned int size, uint64_t value)
{
	switch (size) {
	case 1:
		mmio_write8(at, (uint8_t)value);
		break;
	case 2:
		mmio_write16(at, (uint16_t)value);
		break;
	case 4:
		mmio_write32(at, (uint32_t)value);
		break;
	default:
		mmio_write64(at, value);
		break;
	}
}

static uint64_t read_device(uint64_t at, unsigned int size)
{
	switch (size) {
	case 1:
		return mmio_read8(at);
	case 2:
		return mmio_read16(at);
	case 4:
		return mmio_read32(at);
	default:
		return mmio_read64(at);
	}
}

/* Device memory faults on accesses that are not aligned (DDI 0487, B2.8.2): they are made of bytes. */
bool subpage_access(const struct cell *cell, struct mmio *mmio)
{
	const struct subpage *s = find(cell, mmio->address);
	unsigned int step = is_aligned(mmio) ? mmio->size : 1;
	uint64_t at;

	if (!s || mmio->size > s->size || !allows(s, mmio))
		return false;
	at = mmio_open(s->pa + (mmio->address - s->ipa));
	if (!mmio->write)
		mmio->value = 0;
	for (unsigned int i = 0; i < mmio->size; i += step) {
		if (mmio->write)
			write_device(at + i, step, mmio->value >> 8 * i);
		else
			mmio->value |= read_device(at + i, step) << 8 * i;
	}
	mmio_close();
	return true;
}
