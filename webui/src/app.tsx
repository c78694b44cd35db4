// SPDX-License-Identifier: MIT
import { useEffect, useState } from 'preact/hooks';
import { api, ApiError } from './api';
import { switchLanguage, t } from './i18n';
import logo from './logo.svg';
import { ProblemNote } from './parts/problem';
import type { Problem, User } from './types';
import { Access } from './views/access';
import { CellPage } from './views/cell';
import { Overview } from './views/overview';

type Gate = { at: 'asking' } | { at: 'setup' } | { at: 'login' } | { at: 'in'; user: User } | { at: 'failed'; problem: Problem };

async function findGate(): Promise<Gate> {
	try {
		if ((await api.setupNeeded()).needed) return { at: 'setup' };
		return { at: 'in', user: await api.user() };
	} catch (error) {
		if (!(error instanceof ApiError)) throw error;
		return error.problem.status === 401 ? { at: 'login' } : { at: 'failed', problem: error.problem };
	}
}

function cellInAddress(): string | null {
	const match = /^\/cells\/([^/]+)$/.exec(location.pathname);
	return match?.[1] ? decodeURIComponent(match[1]) : null;
}

function Page({ gate, setGate }: { gate: Gate; setGate: (gate: Gate) => void }) {
	const [cell, setCell] = useState(cellInAddress);
	useEffect(() => {
		const follow = () => setCell(cellInAddress());
		addEventListener('popstate', follow);
		return () => removeEventListener('popstate', follow);
	}, []);
	const go = (name: string | null) => {
		history.pushState(null, '', name === null ? '/' : `/cells/${encodeURIComponent(name)}`);
		setCell(name);
	};
	const leave = () => setGate({ at: 'login' });
	switch (gate.at) {
	case 'asking': return <p class="quiet">{t('connecting')}</p>;
	case 'failed': return <ProblemNote problem={gate.problem} />;
	case 'in': return cell === null
		? <Overview user={gate.user} open={go} ended={leave} />
		: <CellPage user={gate.user} name={cell} back={() => go(null)} ended={leave} />;
	default: return <Access setup={gate.at === 'setup'} done={(user) => setGate({ at: 'in', user })} />;
	}
}

export function App() {
	const [gate, setGate] = useState<Gate>({ at: 'asking' });
	useEffect(() => { void findGate().then(setGate); }, []);
	const logOut = () => { void api.logout().catch(() => undefined).then(() => setGate({ at: 'login' })); };
	return <>
		<header><a class="brand" href="/"><img src={logo} alt="" width="28" height="28" />Rotunda</a>
			<span class="grow" />
			<button class="plain" onClick={switchLanguage}>{t('language')}</button>
			{gate.at === 'in' && <button class="plain" onClick={logOut}>{t('logOut')}</button>}
		</header>
		<main><Page gate={gate} setGate={setGate} /></main>
	</>;
}
