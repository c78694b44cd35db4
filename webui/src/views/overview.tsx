// SPDX-License-Identifier: MIT
import { api } from '../api';
import { t } from '../i18n';
import { Board } from '../parts/board';
import { Confirm } from '../parts/confirm';
import { ProblemNote } from '../parts/problem';
import { State, StartStop } from '../parts/state';
import { usePoll, useWork } from '../parts/work';
import { sizeText } from '../memory';
import type { Cell, Hypervisor, User } from '../types';

type Work = (what: () => Promise<unknown>) => void;

async function ask() {
	const [system, hypervisor, cells] = await Promise.all([api.system(), api.hypervisor(), api.cells()]);
	return { system, hypervisor, cells };
}

function HypervisorBar(props: { hypervisor: Hypervisor; admin: boolean; busy: boolean; work: Work }) {
	const { hypervisor, admin, busy, work } = props;
	return <section class="card row"><h2>{t('hypervisor')}</h2>
		<span class={`state ${hypervisor.state === 'enabled' ? 'running' : 'defined'}`}>{t(`h-${hypervisor.state}`)}</span><span class="grow" />
		{admin && hypervisor.state === 'disabled' && <button class="primary" disabled={busy} onClick={() => work(() => api.setHypervisor('enable'))}>{t('enable')}</button>}
		{admin && hypervisor.state === 'enabled' && <Confirm label={t('disable')} ask={t('disableAsk')} yes={t('yesDisable')} disabled={busy}
			act={() => work(() => api.setHypervisor('disable'))} />}
	</section>;
}

function CellCard(props: { cell: Cell; may: boolean; busy: boolean; work: Work; open: (name: string) => void }) {
	const { cell } = props;
	const follow = (event: MouseEvent) => { event.preventDefault(); props.open(cell.name); };
	return <li class="card"><div class="row"><h3><a href={`/cells/${encodeURIComponent(cell.name)}`} onClick={follow}>{cell.name}</a></h3>
		<span class="grow" /><State state={cell.state} /></div>
		<p class="quiet">{t('cpu')} {cell.cpus.join(', ')} · {cell.memory.map((range) => sizeText(range.size)).join(' + ')}{cell.start_at_boot && ` · ${t('startAtBoot')}`}</p>
		<ProblemNote problem={cell.failure} />
		{props.may && <StartStop cell={cell} busy={props.busy} act={(action) => props.work(() => api.act(cell.name, action))} />}
	</li>;
}

export function Overview({ user, open, ended }: { user: User; open: (name: string) => void; ended: () => void }) {
	const { value, problem: lost, refresh } = usePoll(ask, ended);
	const { busy, problem, work } = useWork(ended);
	const act: Work = (what) => { void work(what).then(refresh); };
	if (!value) return lost ? <ProblemNote problem={lost} /> : <p class="quiet">{t('connecting')}</p>;
	return <>
		<h1 class="hidden">{t('back')}</h1>
		{lost && <p class="banner" role="status">{t('lost')}</p>}
		<ProblemNote problem={problem} />
		<ProblemNote problem={value.hypervisor.failure} title={t('hypervisorFailed')} />
		<HypervisorBar hypervisor={value.hypervisor} admin={user.role === 'admin'} busy={busy} work={act} />
		<Board system={value.system} root={value.hypervisor.root_cell} cells={value.cells} />
		<h2>{t('cells')}</h2>
		{value.cells.length === 0 && <p class="quiet">{t('noCells')}</p>}
		<ul class="cells">{value.cells.map((cell) => <CellCard key={cell.name} cell={cell} may={user.role !== 'viewer'} busy={busy} work={act} open={open} />)}</ul>
	</>;
}
