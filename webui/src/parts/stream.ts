// SPDX-License-Identifier: MIT
// One console's WebSocket: remembers how far it got and comes back by itself.
import { consoleAddress } from '../api';

export type Status = { kind: 'live' } | { kind: 'cut' } | { kind: 'ended'; state: string };
type Message = { type: 'start'; offset: number } | { type: 'lost'; bytes: number } | { type: 'state' | 'ended'; state: string };

const RETRY_MS = 1500;

export interface Listener { output: (bytes: Uint8Array) => void; lost: (bytes: number) => void; status: (status: Status) => void }

export class ConsoleStream {
	private offset = 0;
	private socket: WebSocket | null = null;
	private timer = 0;
	private closed = false;

	constructor(private readonly name: string, private readonly listener: Listener) { this.connect(); }

	send(text: string): void {
		if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(new TextEncoder().encode(text));
	}

	close(): void {
		this.closed = true;
		clearTimeout(this.timer);
		this.socket?.close();
	}

	private connect(): void {
		const socket = new WebSocket(consoleAddress(this.name, this.offset));
		socket.binaryType = 'arraybuffer';
		socket.onmessage = (event: MessageEvent<ArrayBuffer | string>) => this.receive(event.data);
		socket.onclose = () => this.lose();
		this.socket = socket;
	}

	private receive(data: ArrayBuffer | string): void {
		if (typeof data === 'string') { this.control(JSON.parse(data) as Message); return; }
		this.offset += data.byteLength;
		this.listener.output(new Uint8Array(data));
	}

	private control(message: Message): void {
		if (message.type === 'start') {
			this.offset = message.offset;
			this.listener.status({ kind: 'live' });
		} else if (message.type === 'lost') {
			this.offset += message.bytes;
			this.listener.lost(message.bytes);
		} else {
			this.listener.status(message.type === 'ended' ? { kind: 'ended', state: message.state } : { kind: 'live' });
		}
	}

	private lose(): void {
		if (this.closed) return;
		this.listener.status({ kind: 'cut' });
		this.timer = window.setTimeout(() => this.connect(), RETRY_MS);
	}
}
