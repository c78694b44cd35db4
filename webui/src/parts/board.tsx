// SPDX-License-Identifier: MIT
// The board: who owns which CPU and which memory, and the switch that makes it shareable.
import { listText } from '../format';
import { t, upTime } from '../i18n';
import { sizeText } from '../memory';
import { cellColour, isCell, ownersOf } from '../owners';
import type { Cell, System } from '../types';
import { Confirm } from './confirm';
import { MemoryMap } from './memory-map';
import { ownerText } from './owner-text';

interface Props {
	system: System;
	cells: Cell[];
	admin: boolean;
	busy: boolean;
	switchTo: (verb: 'enable' | 'disable') => void;
}

function Cpus({ system, cells }: Props) {
	const names = cells.map((cell) => cell.name);
	const enabled = system.hypervisor.state === 'enabled';
	return (
		<ul class="cpus" aria-label={t('cpus')}>
			{system.cpus.map((cpu) => (
				<li key={cpu.id} class={`cpu ${cellColour(cpu.owner, names)}`}>
					<b>
						{t('cpu')} {cpu.id}
					</b>
					<span>{ownerText(isCell(cpu.owner, cells) ? 'cell' : 'root', cpu.owner, enabled)}</span>
				</li>
			))}
		</ul>
	);
}

function Legend({ system, cells }: Props) {
	const enabled = system.hypervisor.state === 'enabled';
	return (
		<ul class="legend" aria-label={t('owners')}>
			{ownersOf(system, cells.map((cell) => cell.name)).map((owner) => (
				<li key={owner.key} class={owner.colour}>
					<b>{ownerText(owner.kind, owner.name, enabled)}</b>
					{owner.cpus.length > 0 && <span>{t('cpuNumbers', { numbers: listText(owner.cpus) })}</span>}
					{owner.memory > 0n && <span>{sizeText(owner.memory)}</span>}
				</li>
			))}
		</ul>
	);
}

function disableAsk(cells: Cell[]): string {
	const names = cells.filter((cell) => cell.state !== 'defined').map((cell) => cell.name);
	return names.length > 0 ? t('disableAskCells', { names: names.join(', ') }) : t('disableAsk');
}

function HypervisorSwitch({ system, cells, admin, busy, switchTo }: Props) {
	const { state } = system.hypervisor;
	return (
		<div class="hypervisor-switch">
			<h2>{t('hypervisor')}</h2>
			<span class={`state ${state === 'enabled' ? 'running' : state === 'disabled' ? 'defined' : 'failed'}`}>
				{t(`h-${state}`)}
			</span>
			{admin && state === 'disabled' && (
				<button type="button" class="primary" disabled={busy} onClick={() => switchTo('enable')}>
					{t('enable')}
				</button>
			)}
			{admin && state === 'enabled' && (
				<Confirm label={t('disable')} ask={disableAsk(cells)} yes={t('yesDisable')} disabled={busy}
					act={() => switchTo('disable')} />
			)}
			{state === 'disabled' && <p class="quiet">{t('enableHint')}</p>}
			{state === 'driver-missing' && <p class="quiet">{t('driverMissing')}</p>}
		</div>
	);
}

export function Board(props: Props) {
	const { system, cells } = props;
	return (
		<section class="card board" aria-labelledby="board">
			<div class="board-head">
				<div>
					<h1 id="board">{system.board || system.name}</h1>
					<ul class="facts">
						<li>{system.model}</li>
						<li>{t('kernel', { version: system.kernel })}</li>
						<li>{t('up', { time: upTime(system.uptime_seconds) })}</li>
						<li>{t('version', { version: system.version })}</li>
					</ul>
				</div>
				<HypervisorSwitch {...props} />
			</div>
			<Cpus {...props} />
			<MemoryMap ranges={system.memory} cells={cells.map((cell) => cell.name)}
				enabled={system.hypervisor.state === 'enabled'} />
			<Legend {...props} />
		</section>
	);
}
