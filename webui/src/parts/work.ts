// SPDX-License-Identifier: MIT
// What every page needs: do something and keep its refusal; ask again and again.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api';
import type { Problem } from '../types';

const POLL_MS = 2000;

export function useWork(ended: () => void) {
	const [busy, setBusy] = useState(false);
	const [problem, setProblem] = useState<Problem | null>(null);
	const work = async (what: () => Promise<unknown>) => {
		setBusy(true);
		setProblem(null);
		try {
			await what();
		} catch (error) {
			if (!(error instanceof ApiError)) throw error;
			if (error.problem.status === 401) ended();
			setProblem(error.problem);
		} finally {
			setBusy(false);
		}
	};
	return { busy, problem, work };
}

export function usePoll<T>(ask: () => Promise<T>, ended: () => void) {
	const [value, setValue] = useState<T | null>(null);
	const [problem, setProblem] = useState<Problem | null>(null);
	const again = useRef<() => Promise<void>>(async () => undefined);
	useEffect(() => {
		let stopped = false;
		let timer = 0;
		const round = async () => {
			clearTimeout(timer);
			try {
				const answer = await ask();
				if (!stopped) { setValue(answer); setProblem(null); }
			} catch (error) {
				if (!(error instanceof ApiError)) throw error;
				if (error.problem.status === 401) ended();
				if (!stopped) setProblem(error.problem);
			}
			clearTimeout(timer);
			if (!stopped) timer = window.setTimeout(() => void round(), POLL_MS);
		};
		again.current = round;
		void round();
		return () => { stopped = true; clearTimeout(timer); };
	}, []);
	return { value, problem, refresh: () => again.current() };
}
