// SPDX-License-Identifier: MIT
// What the agent answers; agent/README.md has the contract.
export interface Failure {
	code: string;
	detail: string;
	remedy: string;
}

export interface Problem extends Failure {
	status: number;
	pointer?: string;
	errors?: Failure[];
}

export interface User {
	username: string;
	role: 'viewer' | 'operator' | 'admin';
}

export interface Cpu {
	id: number;
	owner: string;
}

export type MemoryKind = 'root' | 'cell' | 'hypervisor' | 'free';

export interface MemoryRange {
	start: string;
	size: string;
	owner: string;
	kind: MemoryKind;
}

export interface Hypervisor {
	state: 'disabled' | 'enabled' | 'driver-missing';
	root_cell?: string | null;
	failure?: Failure | null;
}

export interface System {
	name: string;
	board: string;
	model: string;
	kernel: string;
	version: string;
	uptime_seconds: number;
	cpus: Cpu[];
	memory: MemoryRange[];
	hypervisor: Hypervisor;
}

export type CellState = 'defined' | 'stopped' | 'starting' | 'running' | 'stopping' | 'failed';

export interface Cell {
	name: string;
	state: CellState;
	id: number | null;
	version: number;
	revision: number; // with quotes the ETag
	start_at_boot: boolean;
	cpus: number[];
	memory: { start: string; size: string }[];
	images: string[];
	definition: unknown;
	failure: Failure | null;
	console: { start: number; end: number; last_line?: string };
}

export type CellAction = 'start' | 'stop' | 'restart' | 'destroy';

/* A command that was given: result is why it was refused or taken back. */
export interface Operation {
	id: number;
	state: 'waiting' | 'running' | 'done' | 'refused' | 'cancelled';
	resource: string;
	result: Problem | null;
}

export interface BoardEvent {
	id: number;
	time: number;
	severity: 'info' | 'warning' | 'error';
	kind: string;
	cell: string;
	actor: string;
	detail: string;
}
