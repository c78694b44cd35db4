// SPDX-License-Identifier: MIT
// One console's WebSocket: remembers how far it got and comes back by itself.
import { consoleAddress } from '../api';
import { link } from '../link';

export type Status = { kind: 'opening' } | { kind: 'live' } | { kind: 'cut' } | { kind: 'ended'; state: string };
type Message =
	| { type: 'start'; offset: number; input: boolean }
	| { type: 'lost'; bytes: number }
	| { type: 'state' | 'ended'; state: string }
	| { type: 'writer'; name: string | null; you: boolean }
	| { type: 'input-refused'; code: string };

const RETRY_MS = 1500;
const DELETED = 4404;

export interface Listener {
	output: (bytes: Uint8Array) => void;
	lost: (bytes: number) => void;
	status: (status: Status) => void;
	input: (allowed: boolean) => void;
	writer: (name: string) => void; // who else has the keyboard; '' nobody
	again: () => void; // the board's record is another one than the one shown so far
}

export class ConsoleStream {
	private offset = 0;
	private socket: WebSocket | null = null;
	private timer: ReturnType<typeof setTimeout> | undefined;
	private closed = false;
	private taking = false;
	private readonly unfollow: () => void;

	constructor(
		private readonly name: string,
		private readonly listener: Listener,
	) {
		/* The socket of a board that was reset never closes: nothing is sent on it that could fail. */
		this.unfollow = link.follow((now) => {
			if (now.state === 'lost' || (now.state === 'back' && now.restarted)) this.cut();
		});
		this.connect();
	}

	send(text: string): void {
		if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(new TextEncoder().encode(text));
	}

	/* The keyboard is given with a new connection, which goes on where this one was. */
	takeOver(): void {
		this.taking = true;
		this.drop();
		this.connect();
	}

	close(): void {
		this.closed = true;
		this.unfollow();
		this.drop();
	}

	private connect(): void {
		const socket = new WebSocket(consoleAddress(this.name, this.offset, this.taking));
		this.taking = false;
		this.listener.writer('');
		socket.binaryType = 'arraybuffer';
		socket.onmessage = (event: MessageEvent<ArrayBuffer | string>) => this.receive(event.data);
		socket.onclose = (event) => {
			if (event.code !== DELETED) this.cut();
		};
		this.socket = socket;
	}

	private drop(): void {
		clearTimeout(this.timer);
		if (!this.socket) return;
		this.socket.onmessage = null;
		this.socket.onclose = null;
		this.socket.close();
		this.socket = null;
	}

	private cut(): void {
		this.drop();
		this.listener.status({ kind: 'cut' });
		this.retry();
	}

	private retry(): void {
		this.timer = setTimeout(() => {
			if (this.closed) return;
			if (link.link.state === 'lost') this.retry();
			else this.connect();
		}, RETRY_MS);
	}

	private receive(data: ArrayBuffer | string): void {
		if (typeof data === 'string') {
			this.control(JSON.parse(data) as Message);
			return;
		}
		this.offset += data.byteLength;
		this.listener.output(new Uint8Array(data));
	}

	private control(message: Message): void {
		switch (message.type) {
			case 'start':
				if (message.offset < this.offset) this.listener.again();
				if (message.offset > this.offset && this.offset > 0) this.listener.lost(message.offset - this.offset);
				this.offset = message.offset;
				this.listener.input(message.input);
				break;
			case 'lost':
				this.offset += message.bytes;
				this.listener.lost(message.bytes);
				break;
			case 'state':
				this.listener.status({ kind: 'live' });
				break;
			case 'writer':
				this.listener.writer(message.you ? '' : (message.name ?? ''));
				break;
			case 'ended':
				this.listener.status({ kind: 'ended', state: message.state });
				break;
		}
	}
}
