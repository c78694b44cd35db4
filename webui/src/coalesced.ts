// SPDX-License-Identifier: MIT

/* Never twice at once: whoever comes while it runs waits for one more run, which begins after he came. */
export function coalesced(run: () => Promise<void>): () => Promise<void> {
	let running: Promise<void> | null = null;
	let next: Promise<void> | null = null;
	const begin = () => {
		running = run().finally(() => {
			running = null;
		});
		return running;
	};
	return () => {
		if (!running) return begin();
		next ??= running.then(() => {
			next = null;
			return begin();
		});
		return next;
	};
}
