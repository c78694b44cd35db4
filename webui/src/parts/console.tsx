// SPDX-License-Identifier: MIT
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../i18n';
import type { Key } from '../strings/en';
import { ConsoleStream, type Status } from './stream';

function statusText(status: Status): string {
	if (status.kind === 'ended') return t('ended', { state: t(status.state as Key) ?? status.state });
	return t(status.kind === 'cut' ? 'reconnecting' : 'live');
}

async function attach(name: string, box: HTMLElement, show: (status: Status) => void, count: (bytes: number) => void) {
	const { openTerminal } = await import('./terminal');
	const terminal = openTerminal(box, (text) => stream.send(text));
	const stream = new ConsoleStream(name, { output: terminal.write, status: show, lost: count });
	return () => { stream.close(); terminal.close(); };
}

export function Console({ name }: { name: string }) {
	const box = useRef<HTMLDivElement>(null);
	const [status, setStatus] = useState<Status>({ kind: 'cut' });
	const [lost, setLost] = useState(0);
	useEffect(() => {
		if (!box.current) return undefined;
		const attached = attach(name, box.current, setStatus, (bytes) => setLost((before) => before + bytes));
		return () => { void attached.then((detach) => detach()); };
	}, [name]);
	return <section class="card" aria-labelledby="console"><div class="row"><h2 id="console">{t('console')}</h2>
		<span class={`state ${status.kind === 'live' ? 'running' : 'defined'}`} role="status">{statusText(status)}</span></div>
		{lost > 0 && <p class="banner">{t('lostBytes', { bytes: String(lost) })}</p>}
		<div class="console" ref={box} /></section>;
}
