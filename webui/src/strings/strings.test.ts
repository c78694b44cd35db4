// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { en, type Key } from './en';
import { zh } from './zh';

const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map((match) => match[0]).sort();

test('every language has the same strings', () => {
	expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
});

test.each(Object.keys(en) as Key[])('%s has the same values in every language', (key) => {
	expect(holes(zh[key])).toEqual(holes(en[key]));
	expect(zh[key]).not.toBe('');
});
