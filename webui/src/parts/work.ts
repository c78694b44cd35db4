// SPDX-License-Identifier: MIT
// What every page needs: do something and keep its refusal; show what is, as long as it is so.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api';
import { coalesced } from '../coalesced';
import { type ConsoleNews, live } from '../live';
import type { Cell, Problem, System } from '../types';

export type Work = (what: () => Promise<unknown>) => Promise<void>;

export interface News {
	consoles?: ConsoleNews[];
	uptime?: number;
}

/* For pages that show the board and its cells. */
export function patchBoard<T extends { system: System; cells: Cell[] }>(value: T, { consoles = [], uptime }: News): T {
	const system = uptime === undefined ? value.system : { ...value.system, uptime_seconds: uptime };
	const cells = value.cells.map((cell) => {
		const said = consoles.find((item) => item.cell === cell.name);
		return said ? { ...cell, console: said } : cell;
	});
	return { ...value, system, cells };
}

function problemIn(error: unknown): Problem {
	if (error instanceof ApiError) return error.problem;
	throw error;
}

export function useWork(ended: () => void) {
	const [busy, setBusy] = useState(false);
	const [problem, setProblem] = useState<Problem | null>(null);
	const work: Work = async (what) => {
		setBusy(true);
		setProblem(null);
		try {
			await what();
		} catch (error) {
			const refused = problemIn(error);
			if (refused.status === 401) ended();
			setProblem(refused);
		} finally {
			setBusy(false);
		}
	};
	return { busy, problem, work };
}

/*
 * Asks once, and again whenever the board says that something has changed. What the board says by itself, the last line of a console
 * and the time it is up, is put into the answer by `patch`.
 */
export function useLive<T>(ask: () => Promise<T>, ended: () => void, patch?: (value: T, news: News) => T) {
	const [value, setValue] = useState<T | null>(null);
	const [problem, setProblem] = useState<Problem | null>(null);
	const refresh = useRef<() => Promise<void>>(async () => undefined);
	useEffect(() => {
		let stopped = false;
		const once = async () => {
			try {
				const answer = await ask();
				if (stopped) return;
				setValue(answer);
				setProblem(null);
			} catch (error) {
				const refused = problemIn(error);
				if (stopped) return;
				if (refused.status === 401) ended();
				setProblem(refused);
			}
		};
		refresh.current = coalesced(once);
		const put = (news: News) => setValue((before) => (before && patch ? patch(before, news) : before));
		const leave = live.follow({
			changed: () => void refresh.current(),
			consoles: (consoles) => put({ consoles }),
			uptime: (uptime) => put({ uptime }),
		});
		void refresh.current();
		return () => {
			stopped = true;
			leave();
		};
	}, []);
	return { value, problem, refresh: () => refresh.current() };
}
