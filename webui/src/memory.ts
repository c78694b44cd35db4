// SPDX-License-Identifier: MIT
// Where ranges land on the memory map. BigInt: addresses go beyond 2^53.
import type { MemoryKind, MemoryRange } from './types';

/* Percent of the picture's width. */
export interface Block extends MemoryRange {
	left: number;
	width: number;
}

export interface Lens {
	blocks: Block[];
	left: number;
	width: number;
	times: number;
}

interface Span {
	start: bigint;
	end: bigint;
	owner: string;
	kind: MemoryKind;
}

/* Where ranges overlap, the more particular one is shown. */
const rank: Record<MemoryKind, number> = { free: 0, root: 1, hypervisor: 2, cell: 3 };

const spanOf = (range: MemoryRange): Span => ({
	start: BigInt(range.start),
	end: BigInt(range.start) + BigInt(range.size),
	owner: range.owner,
	kind: range.kind,
});

const rangeOf = (span: Span): MemoryRange => ({
	start: `0x${span.start.toString(16)}`,
	size: `0x${(span.end - span.start).toString(16)}`,
	owner: span.owner,
	kind: span.kind,
});

const inOrder = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0);

export function endOf(range: { start: string; size: string }): string {
	return `0x${(BigInt(range.start) + BigInt(range.size) - 1n).toString(16)}`;
}

/* In order of address, without overlaps; neighbours of one owner are one. */
function flatten(ranges: MemoryRange[]): Span[] {
	const spans = ranges.map(spanOf).filter((span) => span.end > span.start);
	const edges = [...new Set(spans.flatMap((span) => [span.start, span.end]))].sort(inOrder);
	const flat: Span[] = [];
	for (const [at, start] of edges.entries()) {
		const end = edges[at + 1];
		const over = spans.filter((span) => span.start <= start && span.end > start);
		const top = over.sort((a, b) => rank[b.kind] - rank[a.kind])[0];
		const last = flat.at(-1);
		if (end === undefined || !top) continue;
		if (last && last.end === start && last.owner === top.owner && last.kind === top.kind) last.end = end;
		else flat.push({ ...top, start, end });
	}
	return flat;
}

/* Gaps between ranges (device space) are left out: the picture is to scale for memory, not for addresses. */
function place(spans: Span[]): Block[] {
	const total = Number(spans.reduce((sum, span) => sum + span.end - span.start, 0n));
	let before = 0n;
	return spans.map((span) => {
		const size = span.end - span.start;
		const left = (Number(before) / total) * 100;
		before += size;
		return { ...rangeOf(span), left, width: (Number(size) / total) * 100 };
	});
}

export function layOut(ranges: MemoryRange[]): Block[] {
	return place(flatten(ranges));
}

const LENS_WORTH_TIMES = 3;

/* Cells can be a thousandth of the memory: the stretch that holds them, and a quarter around it, magnified. */
export function lensOf(ranges: MemoryRange[]): Lens | null {
	const flat = flatten(ranges);
	const cells = flat.filter((span) => span.kind === 'cell');
	const first = cells[0];
	const last = cells.at(-1);
	if (!first || !last) return null;
	const around = (last.end - first.start) / 4n;
	const from = first.start - around;
	const to = last.end + around;
	const seen = flat
		.map((span) => ({ ...span, start: span.start > from ? span.start : from, end: span.end < to ? span.end : to }))
		.filter((span) => span.end > span.start);
	const blocks = place(flat);
	const total = (spans: Span[]) => Number(spans.reduce((sum, span) => sum + span.end - span.start, 0n));
	const times = total(flat) / total(seen);
	const block = blocks.find((b) => spanOf(b).end > (seen[0]?.start ?? 0n));
	if (times < LENS_WORTH_TIMES || !block || !seen[0]) return null;
	const into = Number(seen[0].start - BigInt(block.start)) / total(flat);
	return { blocks: place(seen), left: block.left + into * 100, width: 100 / times, times: Math.round(times) };
}

const units: [string, bigint][] = [
	['GiB', 1n << 30n],
	['MiB', 1n << 20n],
	['KiB', 1n << 10n],
];

export function sizeText(size: string | bigint): string {
	const bytes = BigInt(size);
	const unit = units.find(([, value]) => bytes >= value);
	if (!unit) return `${bytes} B`;
	const amount = Number(bytes) / Number(unit[1]);
	return `${Number.isInteger(amount) ? amount : amount.toFixed(1)} ${unit[0]}`;
}

export function totalOf(ranges: { size: string }[]): bigint {
	return ranges.reduce((sum, range) => sum + BigInt(range.size), 0n);
}
