// SPDX-License-Identifier: MIT
import { api } from '../api';
import { t } from '../i18n';
import { useLink } from '../link';
import { cellColour } from '../owners';
import { Board } from '../parts/board';
import { CellCard } from '../parts/cell-card';
import { RecentEvents } from '../parts/event-list';
import { LinkNote } from '../parts/link-note';
import { ProblemNote } from '../parts/problem';
import { patchBoard, useLive, useWork } from '../parts/work';
import type { Cell, User } from '../types';

const RECENT = 7;

async function ask() {
	const [system, cells, events] = await Promise.all([api.system(), api.cells(), api.events({ limit: RECENT })]);
	return { system, cells, events };
}

/* What failed while nobody looked must not have to be searched. */
function Failures({ cells }: { cells: Cell[] }) {
	const failed = cells.filter((cell) => cell.state === 'failed');
	return failed.map((cell) => (
		<ProblemNote key={cell.name} problem={cell.failure} title={t('cellFailed', { name: cell.name })} />
	));
}

export function Overview({ user, ended }: { user: User; ended: () => void }) {
	const { value, problem: unanswered, refresh } = useLive(ask, ended, patchBoard);
	const { busy, problem, work } = useWork(ended);
	const away = useLink().state === 'lost';
	const act = (what: () => Promise<unknown>) => void work(what).then(refresh);
	if (!value) return unanswered ? <ProblemNote problem={unanswered} /> : <p class="quiet">{t('connecting')}</p>;
	const { system, cells, events } = value;
	/* A command on a cell that was refused stands on the cell's card. */
	const onCard = cells.some((cell) => cell.failure?.detail === problem?.detail);
	const names = cells.map((cell) => cell.name);
	return (
		<>
			<LinkNote />
			{!onCard && <ProblemNote problem={problem} />}
			<ProblemNote problem={system.hypervisor.failure} title={t('hypervisorFailed')} />
			<Failures cells={cells} />
			<Board system={system} cells={cells} admin={user.role === 'admin'} busy={busy || away}
				switchTo={(verb) => act(() => api.setHypervisor(verb))} />
			<div class="columns">
				<section aria-labelledby="cells">
					<h2 id="cells">{t('cells')}</h2>
					{cells.length === 0 && <p class="quiet">{t('noCells')}</p>}
					<ul class="cells">
						{cells.map((cell) => (
							<CellCard key={cell.name} cell={cell} colour={cellColour(cell.name, names)} may={user.role !== 'viewer'}
								busy={busy || away} ready={system.hypervisor.state === 'enabled'}
								act={(action) => act(() => api.act(cell.name, action))} />
						))}
					</ul>
				</section>
				<RecentEvents events={events} />
			</div>
		</>
	);
}
