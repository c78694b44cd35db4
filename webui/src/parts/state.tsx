// SPDX-License-Identifier: MIT
import { t } from '../i18n';
import type { Cell, CellAction, CellState } from '../types';

export function State({ state }: { state: CellState }) {
	return <span class={`state ${state}`}>{t(state)}</span>;
}

export function StartStop({ cell, busy, act }: { cell: Cell; busy: boolean; act: (action: CellAction) => void }) {
	const underWay = cell.state === 'starting' || cell.state === 'stopping';
	const running = cell.state === 'running' || cell.state === 'stopping';
	return <button class={running ? '' : 'primary'} disabled={busy || underWay} aria-label={`${t(running ? 'stop' : 'start')} ${cell.name}`}
		onClick={() => act(running ? 'stop' : 'start')}>{t(running ? 'stop' : 'start')}</button>;
}
