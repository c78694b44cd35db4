// SPDX-License-Identifier: MIT
// The only caller of fetch.
import { link } from './link';
import type { BoardEvent, Cell, CellAction, Hypervisor, Operation, Problem, System, User } from './types';

export class ApiError extends Error {
	constructor(readonly problem: Problem) {
		super(problem.detail);
	}
}

/*
 * A board that was reset takes the connection with it and says nothing. Three seconds of silence are told; some time later the
 * request is given up, and the next one gets a connection of its own.
 */
const SILENCE_MS = 3000;
const ANSWER_MS = 8000;
const COMMAND_MS = 60000;

const unreachable: Problem = { status: 0, code: 'unreachable', detail: '', remedy: '' };

async function problemOf(reply: Response): Promise<Problem> {
	try {
		return { ...((await reply.json()) as Problem), status: reply.status };
	} catch {
		const detail = `HTTP ${reply.status} ${reply.statusText}`;
		return { status: reply.status, code: 'no-problem-document', detail, remedy: '' };
	}
}

/* What a command that takes longer than its answer waits (202) ends with: the answer it would have been. */
async function ended(reply: Response, signal: AbortSignal): Promise<Response> {
	const location = reply.status === 202 ? reply.headers.get('Location') : null;
	if (!location) return reply;
	const init: RequestInit = { credentials: 'same-origin', signal };
	const asked = await fetch(location, { ...init, headers: { Prefer: 'wait=10' } });
	/* An agent that was restarted has forgotten it: what it was about shows its state. */
	if (!asked.ok) throw new ApiError(await problemOf(asked));
	const operation = (await asked.json()) as Operation;
	if (operation.result) throw new ApiError(operation.result);
	return operation.state === 'done' ? fetch(operation.resource, init) : ended(reply, signal);
}

async function call<T>(method: string, path: string, body?: unknown, seen?: { revision: number }): Promise<T> {
	const asks = method === 'GET';
	const signal = AbortSignal.timeout(asks ? ANSWER_MS : COMMAND_MS);
	const init: RequestInit = { method, credentials: 'same-origin', signal };
	const headers: Record<string, string> = {};
	if (body !== undefined) {
		init.body = JSON.stringify(body);
		headers['Content-Type'] = 'application/json';
	}
	/* What somebody else has changed since it was shown is not overwritten: 412. */
	if (seen) headers['If-Match'] = `"${seen.revision}"`;
	init.headers = headers;
	const silence = asks ? setTimeout(() => link.missed(), SILENCE_MS) : undefined;
	try {
		const reply = await ended(await fetch(`/api/v1${path}`, init), signal);
		if (!reply.ok) throw new ApiError(await problemOf(reply));
		const answer = reply.status === 204 ? undefined : await reply.json();
		link.heard();
		return answer as T;
	} catch (error) {
		if (error instanceof ApiError) {
			link.heard();
			throw error;
		}
		link.missed();
		throw new ApiError(unreachable);
	} finally {
		clearTimeout(silence);
	}
}

const cellPath = (name: string) => `/cells/${encodeURIComponent(name)}`;

function eventsPath(options: { cell?: string | undefined; before?: number | undefined; limit: number }): string {
	const query = new URLSearchParams({ limit: String(options.limit) });
	if (options.cell) query.set('cell', options.cell);
	if (options.before) query.set('before', String(options.before));
	return `/events?${query}`;
}

export const api = {
	setupNeeded: () => call<{ needed: boolean }>('GET', '/setup'),
	setup: (code: string, username: string, password: string) =>
		call<User>('POST', '/setup', { code, username, password }),
	login: (username: string, password: string) => call<User>('POST', '/sessions', { username, password }),
	logout: () => call<void>('DELETE', '/sessions/current'),
	user: () => call<User>('GET', '/sessions/current'),
	system: () => call<System>('GET', '/system'),
	setHypervisor: (verb: 'enable' | 'disable') => call<Hypervisor>('POST', `/hypervisor/${verb}`),
	cells: () => call<{ items: Cell[] }>('GET', '/cells').then((list) => list.items),
	cell: (name: string) => call<Cell>('GET', cellPath(name)),
	act: (name: string, action: CellAction) => call<Cell>('POST', `${cellPath(name)}/${action}`),
	setStartAtBoot: (cell: Cell, on: boolean) => call<Cell>('PATCH', cellPath(cell.name), { start_at_boot: on }, cell),
	events: (options: Parameters<typeof eventsPath>[0]) =>
		call<{ items: BoardEvent[] }>('GET', eventsPath(options)).then((list) => list.items),
};

/* `since`: the event that was heard last. */
export const streamAddress = (since?: number) => `/api/v1/events/stream${since ? `?since=${since}` : ''}`;

export const consoleFile = (name: string) => `/api/v1${cellPath(name)}/console`;

export function consoleAddress(name: string, since: number, take: boolean): string {
	return `wss://${location.host}${consoleFile(name)}/stream?since=${since}${take ? '&take=1' : ''}`;
}
