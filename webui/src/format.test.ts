// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { durationOf, isToday, jsonText, listText, timeText } from './format';

test('numbers that follow each other are a range', () => {
	expect([[], [3], [0, 1, 2, 5], [2, 0]].map(listText)).toEqual(['', '3', '0–2, 5', '0, 2']);
});

test('JSON is shown on as few lines as fit, and stays the same JSON', () => {
	const value = { name: 'a', cpus: [3], list: [{ start: '0x80000000', flags: ['read', 'write', 'execute'] }], none: null };
	const text = jsonText(value);
	expect(JSON.parse(text)).toEqual(value);
	expect(text.split('\n').slice(0, 4)).toEqual(['{', '  "name": "a",', '  "cpus": [ 3 ],', '  "list": [']);
});

test('a duration is cut into its parts', () => {
	expect(durationOf(2 * 86400 + 3 * 3600 + 4 * 60 + 5.9)).toEqual({ days: 2, hours: 3, minutes: 4, seconds: 5 });
});

test('midnight is 00 and not 24', () => {
	expect(timeText(new Date(2026, 0, 2, 0, 0, 1).getTime(), 'en-GB', false)).toBe('00:00:01');
});

test('today ends at midnight', () => {
	const noon = new Date(2026, 0, 2, 12).getTime();
	expect([isToday(noon, noon), isToday(noon - 13 * 3600e3, noon)]).toEqual([true, false]);
});
