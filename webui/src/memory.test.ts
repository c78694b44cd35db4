// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { endOf, layOut, lensOf, sizeText } from './memory';
import type { MemoryKind, MemoryRange } from './types';

const range = (start: string, size: string, kind: MemoryKind = 'free', owner = ''): MemoryRange => ({
	start,
	size,
	owner,
	kind,
});
const GiB = '0x40000000';

test('ranges are laid out in order of address and to scale', () => {
	const blocks = layOut([range('0x80000000', '0x3000'), range('0x4000', '0x1000')]);
	expect(blocks.map((b) => [b.start, b.left, b.width])).toEqual([
		['0x4000', 0, 25],
		['0x80000000', 25, 75],
	]);
});

test('addresses beyond 2^53 keep their order', () => {
	const blocks = layOut([range('0x20000000000001', '0x1000'), range('0x20000000000000', '0x1', 'root')]);
	expect(blocks[0]?.start).toBe('0x20000000000000');
});

test('no memory gives no block', () => {
	expect(layOut([])).toEqual([]);
	expect(layOut([range('0x1000', '0x0')])).toEqual([]);
});

test('a cell inside a free range splits it', () => {
	const blocks = layOut([range('0x0', '0x4000'), range('0x1000', '0x1000', 'cell', 'a')]);
	expect(blocks.map((b) => [b.start, b.size, b.kind])).toEqual([
		['0x0', '0x1000', 'free'],
		['0x1000', '0x1000', 'cell'],
		['0x2000', '0x2000', 'free'],
	]);
});

test('neighbours of one owner are one block, of two owners two', () => {
	const a = range('0x0', '0x1000', 'cell', 'a');
	expect(layOut([a, range('0x1000', '0x1000', 'cell', 'a')])).toHaveLength(1);
	expect(layOut([a, range('0x1000', '0x1000', 'cell', 'b')])).toHaveLength(2);
});

test('small cells in a big memory get a lens over them and what is around', () => {
	const lens = lensOf([range('0x40000000', GiB, 'root'), range('0x80000000', GiB), range('0x80000000', '0x200000', 'cell', 'a')]);
	expect(lens?.left).toBeCloseTo(50, 1);
	expect(lens?.blocks.map((b) => b.kind)).toEqual(['root', 'cell', 'free']);
	expect(lens?.blocks[1]?.width).toBeCloseTo(66.7, 1);
	expect(lens?.times).toBe(683);
});

test('no cell, or one that can be seen, needs no lens', () => {
	expect(lensOf([range('0x0', GiB)])).toBeNull();
	expect(lensOf([range('0x0', GiB), range('0x0', '0x20000000', 'cell', 'a')])).toBeNull();
});

test('the end of a range is its last byte', () => {
	expect(endOf({ start: '0x80000000', size: '0x200000' })).toBe('0x801fffff');
});

test('sizes are said in the largest unit', () => {
	expect(['0x40000000', '0x100000', '0x180000', '0x10'].map((size) => sizeText(size))).toEqual([
		'1 GiB',
		'1 MiB',
		'1.5 MiB',
		'16 B',
	]);
});
