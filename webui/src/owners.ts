// SPDX-License-Identifier: MIT
// Who owns CPUs and memory: one colour and one line of the legend each.
import { layOut, totalOf } from './memory';
import type { Cell, MemoryRange, System } from './types';

export interface Owner {
	key: string;
	kind: 'root' | 'cell' | 'hypervisor' | 'free';
	name: string;
	colour: string;
	cpus: number[];
	memory: bigint;
}

const COLOURS = 5;

const HASH_SEED = 6; // gives the two demo cells the first two colours

function wish(name: string): number {
	const hash = [...name].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) >>> 0, HASH_SEED);
	return hash % COLOURS;
}

/*
 * A cell keeps its colour on every page, and when others come and go: its name wishes for one. Who comes later in the order of names and
 * finds it taken gets the next that is free, as long as there are any.
 */
export function cellColour(name: string, cells: string[]): string {
	const taken = new Set<number>();
	for (const cell of [...cells].sort()) {
		let colour = wish(cell);
		while (taken.has(colour) && taken.size < COLOURS) colour = (colour + 1) % COLOURS;
		if (cell === name) return `o${colour + 1}`;
		taken.add(colour);
	}
	return 'root';
}

/* Before the hypervisor is enabled everything is Linux's; then it is the root cell's, which is the same Linux. */
export function isCell(owner: string, cells: Pick<Cell, 'name'>[]): boolean {
	return cells.some((cell) => cell.name === owner);
}

export function rangeColour(range: MemoryRange, cells: string[]): string {
	return range.kind === 'cell' ? cellColour(range.owner, cells) : range.kind;
}

/* Root first, then cells by name, then what nobody runs on. */
export function ownersOf(system: System, names: string[]): Owner[] {
	const memory = layOut(system.memory);
	const cells = names.map((name) => ({ name }));
	const sum = (wanted: (range: MemoryRange) => boolean) => totalOf(memory.filter(wanted));
	const cpus = (wanted: (owner: string) => boolean) =>
		system.cpus.filter((cpu) => wanted(cpu.owner)).map((cpu) => cpu.id);
	const root: Owner = {
		key: 'root', kind: 'root', name: system.hypervisor.root_cell ?? '', colour: 'root',
		cpus: cpus((owner) => !isCell(owner, cells)), memory: sum((range) => range.kind === 'root'),
	};
	const holders = [...names].sort().map((name): Owner => ({
		key: `cell ${name}`, kind: 'cell', name, colour: cellColour(name, names),
		cpus: cpus((owner) => owner === name),
		memory: sum((range) => range.kind === 'cell' && range.owner === name),
	}));
	const rest = (['hypervisor', 'free'] as const).map((kind): Owner => ({
		key: kind, kind, name: '', colour: kind, cpus: [], memory: sum((range) => range.kind === kind),
	}));
	return [root, ...holders, ...rest].filter((owner) => owner.cpus.length > 0 || owner.memory > 0n);
}
