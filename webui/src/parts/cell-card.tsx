// SPDX-License-Identifier: MIT
// A cell at a glance: its state, what it holds, the last thing it said, the next thing to do.
import { listText } from '../format';
import { t } from '../i18n';
import { sizeText, totalOf } from '../memory';
import type { Cell } from '../types';
import { type ActionsProps, MainAction } from './actions';
import { Anchor } from './anchor';
import { ProblemNote } from './problem';
import { State } from './state';

export function CellFacts({ cell }: { cell: Cell }) {
	return (
		<ul class="facts">
			<li>{t('cpuNumbers', { numbers: listText(cell.cpus) })}</li>
			<li>{sizeText(totalOf(cell.memory))}</li>
			{cell.start_at_boot && <li>{t('atBoot')}</li>}
		</ul>
	);
}

function LastLine({ cell }: { cell: Cell }) {
	const line = cell.console.last_line;
	return (
		<p class={line ? 'last-line' : 'last-line none'}>
			<span class="hidden">{t('lastLine')}: </span>
			{line || t('noOutput')}
		</p>
	);
}

export function CellCard({ colour, may, ...props }: ActionsProps & { colour: string; may: boolean }) {
	const { cell, ready } = props;
	return (
		<li class={`card cell ${colour}`}>
			<div class="cell-head">
				<h3>
					<Anchor to={{ at: 'cell', name: cell.name }}>{cell.name}</Anchor>
				</h3>
				<State state={cell.state} />
			</div>
			<CellFacts cell={cell} />
			<LastLine cell={cell} />
			<ProblemNote problem={cell.failure}
				title={cell.state === 'failed' ? t('cellFailed', { name: cell.name }) : t('lastRefused')} />
			<div class="row">
				{may && <MainAction {...props} />}
				<Anchor class="button" to={{ at: 'cell', name: cell.name }} label={t('consoleOf', { name: cell.name })}>
					{t('openConsole')}
				</Anchor>
			</div>
			{may && !ready && <p class="says">{t('needsHypervisor')}</p>}
		</li>
	);
}
