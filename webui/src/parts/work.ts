// SPDX-License-Identifier: MIT
// What every page needs: do something and keep its refusal; ask again and again.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api';
import type { Problem } from '../types';

export type Work = (what: () => Promise<unknown>) => Promise<void>;

const POLL_MS = 2000;

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

/* Asks every two seconds while the page can be seen, and at once when it is seen again. */
export function usePoll<T>(ask: () => Promise<T>, ended: () => void) {
	const [value, setValue] = useState<T | null>(null);
	const [problem, setProblem] = useState<Problem | null>(null);
	const round = useRef<() => Promise<void>>(async () => undefined);
	useEffect(() => {
		let stopped = false;
		let timer: ReturnType<typeof setTimeout> | undefined;
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
		round.current = async () => {
			clearTimeout(timer);
			if (!document.hidden) await once();
			clearTimeout(timer);
			if (!stopped) timer = setTimeout(() => void round.current(), POLL_MS);
		};
		const seen = () => {
			if (!document.hidden) void round.current();
		};
		document.addEventListener('visibilitychange', seen);
		void round.current();
		return () => {
			stopped = true;
			clearTimeout(timer);
			document.removeEventListener('visibilitychange', seen);
		};
	}, []);
	return { value, problem, refresh: () => round.current() };
}
