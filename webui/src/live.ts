// SPDX-License-Identifier: MIT
// The board's stream of events: tells the pages what to ask for again, and the link that the board is there.
import { streamAddress } from './api';
import { link } from './link';
import type { BoardEvent } from './types';

export interface ConsoleNews {
	cell: string;
	start: number;
	end: number;
	last_line: string;
}

export interface LiveListener {
	changed: () => void; // something on the board is not as it was: ask again
	consoles: (items: ConsoleNews[]) => void;
	uptime: (seconds: number) => void;
}

/* The board says something every second. A board that was reset closes no connection, it is just silent. */
const SILENCE_MS = 3000;
const OPEN_MS = 8000;
const RETRY_MS = 1500;

class Live {
	private readonly listeners = new Set<LiveListener>();
	private source: EventSource | null = null;
	private timer: ReturnType<typeof setTimeout> | undefined;
	private last: number | undefined;

	follow(listener: LiveListener): () => void {
		this.listeners.add(listener);
		if (this.listeners.size === 1) {
			document.addEventListener('visibilitychange', this.seen);
			this.seen();
		}
		return () => {
			this.listeners.delete(listener);
			if (this.listeners.size > 0) return;
			document.removeEventListener('visibilitychange', this.seen);
			this.drop();
			this.last = undefined;
		};
	}

	/* A page that nobody sees costs the board nothing. */
	private readonly seen = () => {
		if (document.hidden) this.drop();
		else if (!this.source) this.open();
	};

	private open(): void {
		const source = new EventSource(streamAddress(this.last));
		source.addEventListener('hello', (event) => this.hello(event));
		source.addEventListener('tick', (event) => this.tick(event));
		source.addEventListener('changed', () => this.tell((listener) => listener.changed()));
		source.addEventListener('consoles', (event) => {
			const { items } = JSON.parse(event.data) as { items: ConsoleNews[] };
			this.tell((listener) => listener.consoles(items));
		});
		source.onmessage = (event) => {
			this.last = (JSON.parse(event.data) as BoardEvent).id;
		};
		/* Refused, cut off, or the session has ended: whoever asks now is told which. */
		source.onerror = () => {
			this.again();
			this.tell((listener) => listener.changed());
		};
		this.source = source;
		this.expect(OPEN_MS);
	}

	private hello(event: MessageEvent<string>): void {
		this.tick(event);
		this.tell((listener) => listener.changed());
	}

	private tick(event: MessageEvent<string>): void {
		const { uptime_seconds: uptime } = JSON.parse(event.data) as { uptime_seconds: number };
		this.expect(SILENCE_MS);
		link.heard();
		link.heardUptime(uptime);
		this.tell((listener) => listener.uptime(uptime));
	}

	private expect(milliseconds: number): void {
		clearTimeout(this.timer);
		this.timer = setTimeout(() => {
			link.missed();
			this.again();
		}, milliseconds);
	}

	private again(): void {
		this.drop();
		this.timer = setTimeout(this.seen, RETRY_MS);
	}

	private drop(): void {
		clearTimeout(this.timer);
		this.source?.close();
		this.source = null;
	}

	private tell(what: (listener: LiveListener) => void): void {
		for (const listener of [...this.listeners]) what(listener);
	}
}

export const live = new Live();
