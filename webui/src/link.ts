// SPDX-License-Identifier: MIT
// Whether the board answers. Every request reports here; pages and consoles listen.
import { useEffect, useState } from 'preact/hooks';

export type Link = { state: 'up' } | { state: 'lost'; since: number } | { state: 'back' };
type Listener = (link: Link) => void;

const BACK_SHOWN_MS = 8000;

class LinkState {
	link: Link = { state: 'up' };
	private readonly listeners = new Set<Listener>();
	private timer: ReturnType<typeof setTimeout> | undefined;

	heard(): void {
		if (this.link.state !== 'lost') return;
		this.tell({ state: 'back' });
		this.timer = setTimeout(() => this.tell({ state: 'up' }), BACK_SHOWN_MS);
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
