// SPDX-License-Identifier: MIT
// The emulated appliance as a person has it: a power plug, a reset button, a serial console, a disk that stays.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const START = fileURLToPath(new URL('../../configs/boards/qemu-virt/start', import.meta.url));
const BOOT_MS = 300_000;

async function freePort() {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address();
	server.close();
	await once(server, 'close');
	return port;
}

export class Board {
	serial = '';
	#process = null;

	/* ROTUNDA_HTTPS_PORT and the port behind it, or two that are free. */
	static async inFolder(folder) {
		const board = new Board();
		const wanted = Number(process.env.ROTUNDA_HTTPS_PORT ?? 0);
		board.port = wanted || (await freePort());
		board.httpPort = wanted ? wanted + 1 : await freePort();
		board.address = `https://localhost:${board.port}`;
		board.disk = join(folder, 'disk.img');
		board.monitor = join(folder, 'monitor');
		board.log = createWriteStream(join(folder, 'serial.log'));
		rmSync(board.disk, { force: true });
		return board;
	}

	/* start becomes QEMU, so this process is the board. */
	powerOn() {
		const ports = ['--https-port', String(this.port), '--http-port', String(this.httpPort)];
		rmSync(this.monitor, { force: true });
		this.serial = '';
		this.#process = spawn(START, [...ports, '--data', this.disk, '--monitor', this.monitor]);
		for (const stream of [this.#process.stdout, this.#process.stderr]) {
			stream.setEncoding('utf8').on('data', (text) => {
				this.serial += text;
				this.log.write(text);
			});
		}
	}

	async #appears(pattern, since) {
		const deadline = Date.now() + BOOT_MS;
		for (;;) {
			const match = pattern.exec(this.serial.slice(since));
			if (match) return match;
			if (this.#process.exitCode !== null) throw new Error(`the board ended:\n${this.serial}`);
			if (Date.now() > deadline) throw new Error(`the serial console never said ${pattern}:\n${this.serial}`);
			await new Promise((done) => setTimeout(done, 100));
		}
	}

	async setupCode() {
		return (await this.#appears(/Rotunda is at \S+ {2}set-up code (\d{4}-\d{4})/, 0))[1];
	}

	async announced(since = 0) {
		await this.#appears(/Rotunda is at \S+/, since);
	}

	/* The reset button: what is in memory is lost, the disk stays. */
	async reset() {
		const socket = connect(this.monitor);
		await once(socket, 'connect');
		socket.write('system_reset\n');
		await once(socket, 'data');
		socket.end();
	}

	/* The plug is pulled. */
	async cutPower() {
		if (!this.#process || this.#process.exitCode !== null || this.#process.signalCode) return;
		const gone = once(this.#process, 'exit');
		this.#process.kill('SIGKILL');
		await gone;
	}

	async throwAway() {
		await this.cutPower();
		this.log.end();
		rmSync(this.disk, { force: true });
		rmSync(this.monitor, { force: true });
	}
}
