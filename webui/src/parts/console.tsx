// SPDX-License-Identifier: MIT
// What a cell says and is told: replayed from the board's record, then live.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, api, consoleFile } from '../api';
import { boardTime, t } from '../i18n';
import type { Key } from '../strings/en';
import { ConsoleStream, type Status } from './stream';

interface View {
	status: (status: Status) => void;
	lost: (bytes: number) => void;
	input: (allowed: boolean) => void;
	writer: (name: string) => void;
	ready: (takeOver: () => void) => void;
}

async function attach(name: string, box: HTMLElement, view: View) {
	const { openTerminal } = await import('./terminal');
	const terminal = openTerminal(box, t('consoleOf', { name }), (text) => stream.send(text));
	const again = () => terminal.note(t('replayed'));
	const stream = new ConsoleStream(name, { ...view, output: terminal.write, again });
	view.ready(() => stream.takeOver());
	return () => {
		stream.close();
		terminal.close();
	};
}

/* When and why it ended is in the events, not on the stream. */
async function endText(name: string, state: string): Promise<string> {
	try {
		const event = (await api.events({ cell: name, limit: 1 }))[0];
		if (event) return t('ended', { time: boardTime(event.time), why: event.detail });
	} catch (error) {
		if (!(error instanceof ApiError)) throw error;
	}
	return t('endedPlain', { state: t(state as Key) });
}

function useConsole(name: string) {
	const box = useRef<HTMLDivElement>(null);
	const [status, setStatus] = useState<Status>({ kind: 'opening' });
	const [lost, setLost] = useState(0);
	const [input, setInput] = useState(true);
	const [writer, setWriter] = useState('');
	const takeOver = useRef(() => {});
	useEffect(() => {
		if (!box.current) return undefined;
		const lose = (bytes: number) => setLost((before) => before + bytes);
		const ready = (take: () => void) => {
			takeOver.current = take;
		};
		const view = { status: setStatus, lost: lose, input: setInput, writer: setWriter, ready };
		const attached = attach(name, box.current, view);
		return () => {
			void attached.then((detach) => detach());
		};
	}, [name]);
	return { box, status, lost, input, writer, takeOver: () => takeOver.current() };
}

function useEnd(name: string, status: Status, silent: boolean): string {
	const [end, setEnd] = useState('');
	const state = status.kind === 'ended' ? status.state : '';
	useEffect(() => {
		let stale = false;
		setEnd('');
		if (state && silent) setEnd(t('waiting'));
		else if (state) void endText(name, state).then((text) => !stale && setEnd(text));
		return () => {
			stale = true;
		};
	}, [name, state, silent]);
	return end;
}

const stateClass = { opening: 'starting', live: 'running', cut: 'failed', ended: 'stopped' } as const;
const stateText = { opening: 'opening', live: 'live', cut: 'reconnecting' } as const;

/* `silent`: the cell has said nothing yet, so it has not ended either. */
export function Console({ name, silent }: { name: string; silent: boolean }) {
	const { box, status, lost, input, writer, takeOver } = useConsole(name);
	const end = useEnd(name, status, silent);
	const shown = status.kind === 'ended' ? end : t(stateText[status.kind]);
	return (
		<section class="card console" aria-labelledby="console">
			<div class="console-head">
				<h2 id="console">{t('console')}</h2>
				<span class={`state ${stateClass[status.kind]}`} role="status">
					{shown}
				</span>
				<a href={consoleFile(name)} download={`${name}.log`}>
					{t('save')}
				</a>
				<button type="button" class="plain" onClick={() => void box.current?.requestFullscreen()}>
					{t('fullScreen')}
				</button>
			</div>
			{lost > 0 && <p class="banner">{t('lostBytes', { bytes: lost })}</p>}
			{input && writer !== '' && (
				<p class="banner" role="status">
					{t('anotherWrites', { name: writer })}{' '}
					<button type="button" class="plain" onClick={takeOver}>
						{t('takeOver')}
					</button>
				</p>
			)}
			<div class="screen" ref={box} />
			<p class="says">{t(input ? 'consoleKeys' : 'consoleReadOnly')}</p>
		</section>
	);
}
