// SPDX-License-Identifier: MIT
import { api } from '../api';
import { t } from '../i18n';
import { Confirm } from '../parts/confirm';
import { Console } from '../parts/console';
import { ProblemNote } from '../parts/problem';
import { State, StartStop } from '../parts/state';
import { usePoll, useWork } from '../parts/work';
import { sizeText } from '../memory';
import type { Cell, CellAction, User } from '../types';

function Actions({ cell, busy, act }: { cell: Cell; busy: boolean; act: (action: CellAction) => void }) {
	const created = cell.state !== 'defined';
	return <div class="row"><StartStop cell={cell} busy={busy} act={act} />
		{cell.state === 'running' && <button disabled={busy} onClick={() => act('restart')}>{t('restart')}</button>}
		{created && <Confirm label={t('destroy')} ask={t('destroyAsk')} yes={t('yesDestroy')} disabled={busy} act={() => act('destroy')} />}
	</div>;
}

export function CellPage({ user, name, back, ended }: { user: User; name: string; back: () => void; ended: () => void }) {
	const { value: cell, problem: lost, refresh } = usePoll(() => api.cell(name), ended);
	const { busy, problem, work } = useWork(ended);
	const act = (what: () => Promise<unknown>) => { void work(what).then(refresh); };
	if (!cell) return lost ? <ProblemNote problem={lost} /> : <p class="quiet">{t('connecting')}</p>;
	return <>
		<div class="row"><button class="plain" onClick={back}>← {t('back')}</button></div>
		{lost && <p class="banner" role="status">{t('lost')}</p>}
		<section class="card"><div class="row"><h1>{cell.name}</h1><State state={cell.state} /><span class="grow" />
			{user.role !== 'viewer' && <label class="switch"><input type="checkbox" role="switch" checked={cell.start_at_boot} disabled={busy}
				onChange={(e) => { const on = e.currentTarget.checked; act(() => api.setStartAtBoot(name, on)); }} />{t('startAtBoot')}</label>}</div>
			<p class="quiet">{t('cpu')} {cell.cpus.join(', ')} · {cell.memory.map((m) => `${sizeText(m.size)} @ ${m.start}`).join(', ')} · {t('image')}: {cell.images.join(', ')}</p>
			<ProblemNote problem={problem} />
			<ProblemNote problem={cell.failure} title={cell.state === 'failed' ? t('cellFailed', { name }) : ''} />
			{user.role !== 'viewer' && <Actions cell={cell} busy={busy} act={(action) => act(() => api.act(name, action))} />}
		</section>
		<Console name={name} />
	</>;
}
