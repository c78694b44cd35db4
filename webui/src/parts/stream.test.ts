// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { link } from '../link';
import { ConsoleStream } from './stream';

class FakeSocket {
	static readonly OPEN = 1;
	static made: FakeSocket[] = [];
	binaryType = '';
	readyState = 1;
	sent: Uint8Array[] = [];
	onmessage: ((event: { data: unknown }) => void) | null = null;
	onclose: ((event: { code: number }) => void) | null = null;
	constructor(readonly address: string) {
		FakeSocket.made.push(this);
	}
	send(bytes: Uint8Array) {
		this.sent.push(bytes);
	}
	close() {
		this.readyState = 3;
	}
	say(data: object | string) {
		this.onmessage?.({ data: typeof data === 'string' ? new TextEncoder().encode(data).buffer : JSON.stringify(data) });
	}
}

const last = () => FakeSocket.made.at(-1) as FakeSocket;

function open() {
	const seen = { text: '', lost: 0, again: 0, input: true, writer: '', status: [] as string[] };
	const stream = new ConsoleStream('beat', {
		output: (bytes) => {
			seen.text += new TextDecoder().decode(bytes);
		},
		lost: (bytes) => {
			seen.lost += bytes;
		},
		status: (status) => seen.status.push(status.kind),
		input: (allowed) => {
			seen.input = allowed;
		},
		writer: (name) => {
			seen.writer = name;
		},
		again: () => {
			seen.again++;
		},
	});
	return { seen, stream };
}

beforeEach(() => {
	vi.useFakeTimers();
	vi.stubGlobal('WebSocket', FakeSocket);
	vi.stubGlobal('location', { host: 'board' });
	FakeSocket.made = [];
});

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

test('a console that was cut goes on behind the last byte it has', () => {
	const { seen, stream } = open();
	last().say({ type: 'start', offset: 100, input: true });
	last().say('hello');
	last().onclose?.({ code: 1006 });
	vi.advanceTimersByTime(2000);
	expect(last().address).toBe('wss://board/api/v1/cells/beat/console/stream?since=105');
	expect([seen.text, seen.status]).toEqual(['hello', ['cut']]);
	stream.close();
});

test('lost bytes are counted, whoever noticed', () => {
	const { seen, stream } = open();
	last().say({ type: 'start', offset: 0, input: true });
	last().say('a');
	last().say({ type: 'lost', bytes: 10 });
	last().onclose?.({ code: 1006 });
	vi.advanceTimersByTime(2000);
	last().say({ type: 'start', offset: 20, input: true });
	expect(seen.lost).toBe(19);
	stream.close();
});

test('a record that starts again is another record', () => {
	const { seen, stream } = open();
	last().say({ type: 'start', offset: 0, input: false });
	last().say('old output');
	last().onclose?.({ code: 1006 });
	vi.advanceTimersByTime(2000);
	last().say({ type: 'start', offset: 0, input: false });
	expect([seen.again, seen.input]).toEqual([1, false]);
	stream.close();
});

test('while the board is lost nothing is tried; when it is back the console is', () => {
	const { stream } = open();
	link.missed();
	vi.advanceTimersByTime(10000);
	expect(FakeSocket.made).toHaveLength(1);
	link.heard();
	vi.advanceTimersByTime(2000);
	expect(FakeSocket.made).toHaveLength(2);
	stream.close();
});

test('a board that restarted has another socket, even if the old one seems well', () => {
	const { stream } = open();
	link.heardUptime(50);
	link.heardUptime(2);
	vi.advanceTimersByTime(2000);
	expect(FakeSocket.made).toHaveLength(2);
	stream.close();
});

test('a deleted cell is not asked for again', () => {
	const { stream } = open();
	last().onclose?.({ code: 4404 });
	vi.advanceTimersByTime(10000);
	expect(FakeSocket.made).toHaveLength(1);
	stream.close();
});

test('input goes out as bytes', () => {
	const { stream } = open();
	stream.send('é');
	expect([...(last().sent[0] ?? [])]).toEqual([0xc3, 0xa9]);
	stream.close();
});

test('one writes at a time: another is shown, and his place can be taken', () => {
	const { seen, stream } = open();
	const first = last();
	first.say({ type: 'start', offset: 0, input: true });
	first.say('abc');
	first.say({ type: 'writer', name: 'anna', you: false });
	expect(seen.writer).toBe('anna');
	stream.takeOver();
	expect(last()).not.toBe(first);
	expect(last().address).toContain('since=3&take=1');
	last().say({ type: 'writer', name: 'ben', you: true });
	expect(seen.writer).toBe('');
	last().say({ type: 'writer', name: null, you: false });
	expect(seen.writer).toBe('');
});
