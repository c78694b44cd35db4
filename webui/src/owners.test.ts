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

test('five cells have five colours, whatever they are called; who is no cell has none', () => {
	const names = ['a', 'f', 'k', 'p', 'u']; // all wish for the same
	expect(new Set(names.map((name) => cellColour(name, names))).size).toBe(5);
	expect(cellColour('linux', names)).toBe('root');
});

test('a cell keeps its colour when another comes that wishes for another', () => {
	expect(cellColour('heartbeat', ['heartbeat', 'echo'])).toBe('o1');
	expect(cellColour('heartbeat', ['heartbeat', 'echo', 'motor'])).toBe('o1');
});

test('owners come with all their CPUs and memory, counted once', () => {
	expect(ownersOf(system, ['beat', 'idle']).map((o) => [o.kind, o.name, o.cpus, o.memory])).toEqual([
		['root', 'root-cell', [0, 1], 0x4000n],
		['cell', 'beat', [2], 0x1000n],
		['free', '', [], 0x3000n],
	]);
});
