// SPDX-License-Identifier: MIT
import { api } from '../api';
import { jsonText } from '../format';
import { t } from '../i18n';
import { useLink } from '../link';
import { sizeText } from '../memory';
import { cellColour } from '../owners';
import { ActionList } from '../parts/actions';
import { Anchor } from '../parts/anchor';
import { CellFacts } from '../parts/cell-card';
import { Console } from '../parts/console';
import { EventList } from '../parts/event-list';
import { LinkNote } from '../parts/link-note';
import { ProblemNote } from '../parts/problem';
import { State } from '../parts/state';
import { useLive, useWork } from '../parts/work';
import type { Cell, User } from '../types';

const RECENT = 5;

async function ask(name: string) {
	const [system, cells, events] = await Promise.all([
		api.system(),
		api.cells(),
		api.events({ cell: name, limit: RECENT }),
	]);
	return { system, cells, events, cell: cells.find((cell) => cell.name === name) ?? (await api.cell(name)) };
}

function StartAtBoot({ cell, disabled, set }: { cell: Cell; disabled: boolean; set: (on: boolean) => void }) {
	return (
		<div class="switch">
			<label>
				{/* biome-ignore lint/a11y/useAriaPropsForRole: a checkbox says by itself whether it is on */}
				<input type="checkbox" role="switch" checked={cell.start_at_boot} disabled={disabled}
					aria-describedby="at-boot" onChange={(event) => set(event.currentTarget.checked)} />
				{t('startAtBoot')}
			</label>
			<p class="says" id="at-boot">
				{t(cell.start_at_boot ? 'startAtBootOn' : 'startAtBootOff')}
			</p>
		</div>
	);
}

function Definition({ cell }: { cell: Cell }) {
	return (
		<section class="card" aria-labelledby="definition">
			<div class="cell-head">
				<h2 id="definition">{t('definition')}</h2>
				<span class="quiet">{t('definitionVersion', { version: cell.version })}</span>
			</div>
			<dl class="pairs">
				<dt>{t('memory')}</dt>
				{cell.memory.map((range) => (
					<dd key={range.start} class="mono">
						{range.start}, {sizeText(range.size)}
					</dd>
				))}
				<dt>{t('image')}</dt>
				<dd class="mono">{cell.images.join(', ')}</dd>
			</dl>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
			<pre class="scroll" tabIndex={0}>
				{jsonText(cell.definition)}
			</pre>
		</section>
	);
}

export function CellPage({ user, name, ended }: { user: User; name: string; ended: () => void }) {
	const { value, problem: unanswered, refresh } = useLive(() => ask(name), ended);
	const { busy, problem, work } = useWork(ended);
	const away = useLink().state === 'lost';
	const act = (what: () => Promise<unknown>) => void work(what).then(refresh);
	const back = <Anchor to={{ at: 'overview' }}>← {t('overview')}</Anchor>;
	if (!value) {
		return (
			<>
				{back}
				{unanswered ? <ProblemNote problem={unanswered} /> : <p class="quiet">{t('connecting')}</p>}
			</>
		);
	}
	const { system, cells, cell, events } = value;
	const may = user.role !== 'viewer';
	const ready = system.hypervisor.state === 'enabled';
	return (
		<>
			{back}
			<LinkNote />
			<div class={`cell-title ${cellColour(name, cells.map((other) => other.name))}`}>
				<h1 tabIndex={-1}>{cell.name}</h1>
				<State state={cell.state} />
				<CellFacts cell={cell} />
			</div>
			<ProblemNote problem={problem} />
			{!problem && (
				<ProblemNote problem={cell.failure}
					title={cell.state === 'failed' ? t('cellFailed', { name }) : t('lastRefused')} />
			)}
			<div class="columns">
				<div class="stack">
					<Console name={name} silent={cell.state === 'defined' && cell.console.end === 0} />
					<section class="card" aria-labelledby="cell-events">
						<h2 id="cell-events">{t('recentEvents')}</h2>
						<EventList events={events} />
					</section>
				</div>
				<div class="stack">
					{may && (
						<section class="card" aria-labelledby="actions">
							<h2 id="actions">{t('actions')}</h2>
							<ActionList cell={cell} busy={busy || away} ready={ready}
								act={(action) => act(() => api.act(name, action))} />
							{!ready && <p class="says">{t('needsHypervisor')}</p>}
							<StartAtBoot cell={cell} disabled={busy || away} set={(on) => act(() => api.setStartAtBoot(cell, on))} />
						</section>
					)}
					<Definition cell={cell} />
				</div>
			</div>
		</>
	);
}
