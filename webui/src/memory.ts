// SPDX-License-Identifier: MIT
// Where ranges land on the memory map. BigInt: addresses go beyond 2^53.
import type { MemoryRange } from './types';

export interface Block extends MemoryRange { left: number; width: number }

/* Gaps between ranges (device space) are left out: the picture is to scale for memory, not for addresses. */
export function layOut(ranges: MemoryRange[], picture = 1000): Block[] {
	const sorted = [...ranges].sort((a, b) => (BigInt(a.start) < BigInt(b.start) ? -1 : 1));
	const total = sorted.reduce((sum, range) => sum + BigInt(range.size), 0n);
	let before = 0n;
	return sorted.map((range) => {
		const size = BigInt(range.size);
		const block = { ...range, left: Number(before) / Number(total) * picture, width: Number(size) / Number(total) * picture };
		before += size;
		return block;
	});
}

const units: [string, bigint][] = [['GiB', 1n << 30n], ['MiB', 1n << 20n], ['KiB', 1n << 10n]];

export function sizeText(size: string): string {
	const bytes = BigInt(size);
	const unit = units.find(([, value]) => bytes >= value);
	if (!unit) return `${bytes} B`;
	const amount = Number(bytes) / Number(unit[1]);
	return `${Number.isInteger(amount) ? amount : amount.toFixed(1)} ${unit[0]}`;
}

/* The same owner has the same colour everywhere: 0 for the root cell, 1 to 5 for cells in order of name. */
export function ownerColour(owner: string, root: string | null, cells: string[]): number {
	if (owner === root) return 0;
	const at = [...cells].sort().indexOf(owner);
	return at < 0 ? 0 : at % 5 + 1;
}
