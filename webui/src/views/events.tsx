// SPDX-License-Identifier: MIT
import { useState } from 'preact/hooks';
import { api } from '../api';
import { boardTime, t } from '../i18n';
import { Anchor } from '../parts/anchor';
import { LinkNote } from '../parts/link-note';
import { ProblemNote } from '../parts/problem';
import { useLive, useWork } from '../parts/work';
import type { BoardEvent, Cell } from '../types';

const PAGE = 50;

function Row({ event, known }: { event: BoardEvent; known: boolean }) {
	return (
		<tr class={event.severity}>
			<td>
				<time dateTime={new Date(event.time * 1000).toISOString()}>{boardTime(event.time)}</time>
			</td>
			<td lang="en">
				<span class="hidden">{t(event.severity)}: </span>
				{event.detail}
			</td>
			<td>{known ? <Anchor to={{ at: 'cell', name: event.cell }}>{event.cell}</Anchor> : event.cell}</td>
			<td>{event.actor}</td>
		</tr>
	);
}

function Table({ events, cells }: { events: BoardEvent[]; cells: Cell[] }) {
	return (
		<table class="event-table">
			<thead>
				<tr>
					<th scope="col">{t('time')}</th>
					<th scope="col">{t('what')}</th>
					<th scope="col">{t('cell')}</th>
					<th scope="col">{t('who')}</th>
				</tr>
			</thead>
			<tbody>
				{events.map((event) => (
					<Row key={event.id} event={event} known={cells.some((cell) => cell.name === event.cell)} />
				))}
			</tbody>
		</table>
	);
}

function Filter({ cells, chosen, choose }: { cells: Cell[]; chosen: string; choose: (cell: string) => void }) {
	return (
		<label class="row">
			{t('showCell')}
			<select value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
				<option value="">{t('everything')}</option>
				{cells.map((cell) => (
					<option key={cell.name}>{cell.name}</option>
				))}
			</select>
		</label>
	);
}

/* The newest page is asked for again when something has happened; older ones stay as they are. */
function Log({ cells, cell, ended }: { cells: Cell[]; cell: string; ended: () => void }) {
	const { value: newest, problem: unanswered } = useLive(() => api.events({ cell, limit: PAGE }), ended);
	const { busy, problem, work } = useWork(ended);
	const [older, setOlder] = useState<BoardEvent[]>([]);
	const [more, setMore] = useState(true);
	if (!newest) return unanswered ? <ProblemNote problem={unanswered} /> : <p class="quiet">{t('connecting')}</p>;
	const oldestNew = newest.at(-1)?.id ?? 0;
	const events = [...newest, ...older.filter((event) => event.id < oldestNew)];
	const load = async () => {
		const page = await api.events({ cell, limit: PAGE, before: events.at(-1)?.id });
		setOlder([...events, ...page]);
		setMore(page.length === PAGE);
	};
	return (
		<>
			{events.length > 0 ? <Table events={events} cells={cells} /> : <p class="quiet">{t('noEvents')}</p>}
			<ProblemNote problem={problem} />
			{newest.length === PAGE && more && (
				<button type="button" disabled={busy} onClick={() => void work(load)}>
					{t('older')}
				</button>
			)}
		</>
	);
}

export function EventsPage({ ended }: { ended: () => void }) {
	const { value: cells } = useLive(api.cells, ended);
	const [cell, setCell] = useState('');
	return (
		<>
			<LinkNote />
			<section class="card" aria-labelledby="events">
				<div class="cell-head">
					<h1 id="events" tabIndex={-1}>
						{t('events')}
					</h1>
					<Filter cells={cells ?? []} chosen={cell} choose={setCell} />
				</div>
				<Log key={cell} cells={cells ?? []} cell={cell} ended={ended} />
			</section>
		</>
	);
}
