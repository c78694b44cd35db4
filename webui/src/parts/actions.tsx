// SPDX-License-Identifier: MIT
// What can be done with a cell, in words that say what it will do.
import { listText } from '../format';
import { t } from '../i18n';
import type { Cell, CellAction } from '../types';
import { Confirm } from './confirm';

export interface ActionsProps {
	cell: Cell;
	busy: boolean;
	ready: boolean; // the hypervisor is enabled
	act: (action: CellAction) => void;
}

function words({ cell }: ActionsProps) {
	return { name: cell.name, cpus: t('cpuNumbers', { numbers: listText(cell.cpus) }), images: cell.images.join(', ') };
}

const underWay = (cell: Cell) => cell.state === 'starting' || cell.state === 'stopping';
const startable = (cell: Cell) => cell.state === 'defined' || cell.state === 'stopped' || cell.state === 'starting';

function Start({ cell, busy, ready, act }: ActionsProps) {
	return (
		<button type="button" class="primary" disabled={busy || !ready || underWay(cell)} onClick={() => act('start')}
			aria-label={`${t('start')} ${cell.name}`}>
			{t('start')}
		</button>
	);
}

type Asked = Exclude<CellAction, 'start'>;
const yes = { stop: 'yesStop', restart: 'yesRestart', destroy: 'yesDestroy' } as const;
const says = { start: 'startSays', stop: 'stopSays', restart: 'restartSays', destroy: 'destroySays' } as const;

function AskedAction({ verb, ...props }: ActionsProps & { verb: Asked }) {
	const { cell, busy, act } = props;
	return (
		<Confirm label={t(verb)} name={cell.name} ask={t(says[verb], words(props))} yes={t(yes[verb], words(props))}
			disabled={busy || underWay(cell)} act={() => act(verb)} />
	);
}

/* The one thing that one wants with a cell as it is. */
export function MainAction(props: ActionsProps) {
	return startable(props.cell) ? <Start {...props} /> : <AskedAction verb="stop" {...props} />;
}

function verbsOf(cell: Cell): CellAction[] {
	if (cell.state === 'defined' || cell.state === 'starting') return ['start'];
	if (cell.state === 'stopped') return ['start', 'destroy'];
	return ['stop', 'restart', 'destroy'];
}

export function ActionList(props: ActionsProps) {
	return (
		<ul class="actions">
			{verbsOf(props.cell).map((verb) => (
				<li key={verb}>
					{verb === 'start' ? <Start {...props} /> : <AskedAction verb={verb} {...props} />}
					<p class="says">{t(says[verb], words(props))}</p>
				</li>
			))}
		</ul>
	);
}
