// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { layOut, ownerColour, sizeText } from './memory';
import type { MemoryRange } from './types';

const range = (start: string, size: string): MemoryRange => ({ start, size, owner: 'a', kind: 'free' });

test('ranges are laid out in order of address and to scale', () => {
	const blocks = layOut([range('0x80000000', '0x3000'), range('0x4000', '0x1000')], 100);
	expect(blocks.map((b) => [b.start, b.left, b.width])).toEqual([['0x4000', 0, 25], ['0x80000000', 25, 75]]);
});
test('addresses beyond 2^53 keep their order', () => {
	const blocks = layOut([range('0x20000000000001', '0x1000'), range('0x20000000000000', '0x1')]);
	expect(blocks[0]?.start).toBe('0x20000000000000');
});
test('no memory gives no block', () => { expect(layOut([])).toEqual([]); });
test('sizes are said in the largest unit', () => {
	expect(['0x40000000', '0x100000', '0x180000', '0x10'].map(sizeText)).toEqual(['1 GiB', '1 MiB', '1.5 MiB', '16 B']);
});
test('the root cell has colour 0, cells follow by name', () => {
	expect(ownerColour('root', 'root', ['b', 'a'])).toBe(0);
	expect(ownerColour('b', 'root', ['b', 'a'])).toBe(2);
});
