// SPDX-License-Identifier: MIT
// Whether the board answers. Every request reports here; pages and consoles listen.
import { useEffect, useState } from 'preact/hooks';

export type Link = { state: 'up' } | { state: 'lost'; since: number } | { state: 'back'; restarted: boolean };
type Listener = (link: Link) => void;

const BACK_SHOWN_MS = 8000;

class LinkState {
	link: Link = { state: 'up' };
	private readonly listeners = new Set<Listener>();
	private timer: ReturnType<typeof setTimeout> | undefined;
	private uptime = 0;

	heard(): void {
		if (this.link.state === 'lost') this.back(false);
	}

	/* Seconds since the board's start. When they go back it has restarted, even if no request ever failed. */
	heardUptime(seconds: number): void {
		if (seconds < this.uptime) this.back(true);
		this.uptime = seconds;
	}

	missed(): void {
		if (this.link.state === 'lost') return;
		clearTimeout(this.timer);
		this.tell({ state: 'lost', since: Date.now() });
	}

	follow(listener: Listener): () => void {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}

	private back(restarted: boolean): void {
		clearTimeout(this.timer);
		this.tell({ state: 'back', restarted });
		this.timer = setTimeout(() => this.tell({ state: 'up' }), BACK_SHOWN_MS);
	}

	private tell(link: Link): void {
		this.link = link;
		for (const listener of [...this.listeners]) listener(link);
	}
}

export const link = new LinkState();

export function useLink(): Link {
	const [now, setNow] = useState(link.link);
	useEffect(() => link.follow(setNow), []);
	return now;
}
