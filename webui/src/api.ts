// SPDX-License-Identifier: MIT
// The only caller of fetch.
import type { Cell, CellAction, Hypervisor, Problem, System, User } from './types';

export class ApiError extends Error {
	constructor(readonly problem: Problem) { super(problem.detail); }
}

const unreachable: Problem = { status: 0, code: 'unreachable', detail: '', remedy: '' };

async function problemOf(reply: Response): Promise<Problem> {
	try {
		return { ...(await reply.json() as Problem), status: reply.status };
	} catch {
		return { status: reply.status, code: 'no-problem-document', detail: `HTTP ${reply.status} ${reply.statusText}`, remedy: '' };
	}
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
	const init: RequestInit = { method, credentials: 'same-origin' };
	if (body !== undefined) {
		init.body = JSON.stringify(body);
		init.headers = { 'Content-Type': 'application/json' };
	}
	let reply: Response;
	try {
		reply = await fetch(`/api/v1${path}`, init);
	} catch {
		throw new ApiError(unreachable);
	}
	if (!reply.ok) throw new ApiError(await problemOf(reply));
	return (reply.status === 204 ? undefined : await reply.json()) as T;
}

const cellPath = (name: string) => `/cells/${encodeURIComponent(name)}`;

export const api = {
	setupNeeded: () => call<{ needed: boolean }>('GET', '/setup'),
	setup: (code: string, username: string, password: string) => call<User>('POST', '/setup', { code, username, password }),
	login: (username: string, password: string) => call<User>('POST', '/sessions', { username, password }),
	logout: () => call<void>('DELETE', '/sessions/current'),
	user: () => call<User>('GET', '/sessions/current'),
	system: () => call<System>('GET', '/system'),
	hypervisor: () => call<Hypervisor>('GET', '/hypervisor'),
	setHypervisor: (verb: 'enable' | 'disable') => call<Hypervisor>('POST', `/hypervisor/${verb}`),
	cells: () => call<{ items: Cell[] }>('GET', '/cells').then((list) => list.items),
	cell: (name: string) => call<Cell>('GET', cellPath(name)),
	act: (name: string, action: CellAction) => call<Cell>('POST', `${cellPath(name)}/${action}`),
	setStartAtBoot: (name: string, on: boolean) => call<Cell>('PATCH', cellPath(name), { start_at_boot: on }),
};

export function consoleAddress(name: string, since: number): string {
	return `wss://${location.host}/api/v1${cellPath(name)}/console/stream?since=${since}`;
}
