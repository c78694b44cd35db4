// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { link } from './link';
import { live } from './live';

class FakeSource {
	static made: FakeSource[] = [];
	closed = false;
	onmessage: ((event: { data: string }) => void) | null = null;
	onerror: (() => void) | null = null;
	private readonly named = new Map<string, (event: { data: string }) => void>();
	constructor(readonly address: string) {
		FakeSource.made.push(this);
	}
	addEventListener(name: string, heard: (event: { data: string }) => void) {
		this.named.set(name, heard);
	}
	close() {
		this.closed = true;
	}
	say(name: string, data: object) {
		this.named.get(name)?.({ data: JSON.stringify(data) });
	}
}

const last = () => FakeSource.made.at(-1) as FakeSource;
const page = { hidden: false, seen: () => {} };

function open() {
	const heard = { changed: 0, lines: [] as string[], uptime: 0 };
	const leave = live.follow({
		changed: () => heard.changed++,
		consoles: (items) => heard.lines.push(...items.map((item) => item.last_line)),
		uptime: (seconds) => {
			heard.uptime = seconds;
		},
	});
	return { heard, leave };
}

beforeEach(() => {
	vi.useFakeTimers();
	vi.stubGlobal('EventSource', FakeSource);
	vi.stubGlobal('document', {
		get hidden() {
			return page.hidden;
		},
		addEventListener: (_: string, seen: () => void) => {
			page.seen = seen;
		},
		removeEventListener: () => {},
	});
	page.hidden = false;
	FakeSource.made = [];
});

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

test('what changes is asked for again, what a console says is handed on', () => {
	const { heard, leave } = open();
	last().say('hello', { uptime_seconds: 7 });
	last().say('changed', {});
	last().say('consoles', { items: [{ cell: 'beat', start: 0, end: 7, last_line: 'beat 1' }] });
	last().say('tick', { uptime_seconds: 8 });
	expect(heard).toEqual({ changed: 2, lines: ['beat 1'], uptime: 8 });
	leave();
	expect(last().closed).toBe(true);
});

test('silence is a lost connection; the next stream goes on behind the last event', () => {
	const { heard, leave } = open();
	last().say('hello', { uptime_seconds: 100 });
	last().onmessage?.({ data: JSON.stringify({ id: 41 }) });
	vi.advanceTimersByTime(2900);
	expect(link.link.state).not.toBe('lost');
	vi.advanceTimersByTime(200);
	expect([link.link.state, last().closed]).toEqual(['lost', true]);
	vi.advanceTimersByTime(1500);
	expect(FakeSource.made).toHaveLength(2);
	expect(last().address).toBe('/api/v1/events/stream?since=41');
	const before = heard.changed;
	last().say('hello', { uptime_seconds: 104 });
	expect([link.link.state, heard.changed]).toEqual(['back', before + 1]);
	leave();
});

test('a stream that never opens is tried again', () => {
	const { leave } = open();
	vi.advanceTimersByTime(8000 + 1500);
	expect(FakeSource.made).toHaveLength(2);
	expect(FakeSource.made[0]?.closed).toBe(true);
	last().say('hello', { uptime_seconds: 110 });
	leave();
});

test('a refused stream makes the pages ask, who are told why', () => {
	const { heard, leave } = open();
	last().onerror?.();
	expect([heard.changed, last().closed]).toEqual([1, true]);
	vi.advanceTimersByTime(1500);
	expect(FakeSource.made).toHaveLength(2);
	leave();
});

test('a page that nobody sees holds no stream', () => {
	const { leave } = open();
	page.hidden = true;
	page.seen();
	expect(last().closed).toBe(true);
	vi.advanceTimersByTime(60000);
	expect(FakeSource.made).toHaveLength(1);
	page.hidden = false;
	page.seen();
	expect(FakeSource.made).toHaveLength(2);
	leave();
});

test('two pages share one stream', () => {
	const first = open();
	const second = open();
	expect(FakeSource.made).toHaveLength(1);
	first.leave();
	expect(last().closed).toBe(false);
	second.leave();
	expect(last().closed).toBe(true);
});
