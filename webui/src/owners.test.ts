// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { cellColour, ownersOf } from './owners';
import type { System } from './types';

const system: System = {
	name: 'rotunda', board: 'b', model: 'm', kernel: 'k', version: 'v', uptime_seconds: 1,
	cpus: [
		{ id: 0, owner: 'root-cell' },
		{ id: 1, owner: 'root-cell' },
		{ id: 2, owner: 'beat' },
	],
	memory: [
		{ start: '0x0', size: '0x4000', owner: 'root-cell', kind: 'root' },
		{ start: '0x4000', size: '0x4000', owner: '', kind: 'free' },
		{ start: '0x5000', size: '0x1000', owner: 'beat', kind: 'cell' },
	],
	hypervisor: { state: 'enabled', root_cell: 'root-cell' },
};

test('a colour follows the name, and nobody who is no cell has one', () => {
	expect([cellColour('a', ['b', 'a']), cellColour('b', ['b', 'a']), cellColour('linux', ['b', 'a'])]).toEqual([
		'o1',
		'o2',
		'root',
	]);
});

test('owners come with all their CPUs and memory, counted once', () => {
	expect(ownersOf(system, ['beat', 'idle']).map((o) => [o.kind, o.name, o.cpus, o.memory])).toEqual([
		['root', 'root-cell', [0, 1], 0x4000n],
		['cell', 'beat', [2], 0x1000n],
		['free', '', [], 0x3000n],
	]);
});
