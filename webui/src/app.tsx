// SPDX-License-Identifier: MIT
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, api } from './api';
import { switchLanguage, t } from './i18n';
import logo from './logo.svg';
import { Anchor } from './parts/anchor';
import { LinkState } from './parts/link-note';
import { ProblemNote } from './parts/problem';
import { type Page, usePage } from './route';
import { session } from './session';
import type { Problem, User } from './types';
import { Access } from './views/access';
import { CellPage } from './views/cell';
import { EventsPage } from './views/events';
import { Overview } from './views/overview';

type Gate =
	| { at: 'asking' }
	| { at: 'setup' }
	| { at: 'login' }
	| { at: 'in'; user: User }
	| { at: 'failed'; problem: Problem };

const ASK_AGAIN_MS = 2000;

async function findGate(): Promise<Gate> {
	try {
		if ((await api.setupNeeded()).needed) return { at: 'setup' };
		return session.likely() ? { at: 'in', user: await api.user() } : { at: 'login' };
	} catch (error) {
		if (!(error instanceof ApiError)) throw error;
		return error.problem.status === 401 ? { at: 'login' } : { at: 'failed', problem: error.problem };
	}
}

function Content({ gate, page, enter, leave }: { gate: Gate; page: Page; enter: (user: User) => void; leave: () => void }) {
	if (gate.at === 'asking') return <p class="quiet">{t('connecting')}</p>;
	if (gate.at === 'failed') return <ProblemNote problem={gate.problem} />;
	if (gate.at !== 'in') return <Access key={gate.at} setup={gate.at === 'setup'} done={enter} />;
	if (page.at === 'events') return <EventsPage ended={leave} />;
	if (page.at === 'cell') return <CellPage key={page.name} user={gate.user} name={page.name} ended={leave} />;
	return <Overview user={gate.user} ended={leave} />;
}

function Header({ gate, page, logOut }: { gate: Gate; page: Page; logOut: () => void }) {
	return (
		<header>
			<Anchor class="brand" to={{ at: 'overview' }}>
				<img src={logo} alt="" width="28" height="28" />
				Rotunda
			</Anchor>
			{gate.at === 'in' && (
				<nav>
					<Anchor to={{ at: 'overview' }} current={page.at === 'overview'}>
						{t('overview')}
					</Anchor>
					<Anchor to={{ at: 'events' }} current={page.at === 'events'}>
						{t('events')}
					</Anchor>
				</nav>
			)}
			<span class="grow" />
			{gate.at === 'in' && <LinkState />}
			<button type="button" class="plain" onClick={switchLanguage}>
				{t('language')}
			</button>
			{gate.at === 'in' && (
				<button type="button" class="plain" onClick={logOut}>
					{t('logOut')}
				</button>
			)}
		</header>
	);
}

function titleOf(page: Page): string {
	if (page.at === 'cell') return page.name;
	return t(page.at === 'events' ? 'events' : 'overview');
}

export function App() {
	const [gate, setGate] = useState<Gate>({ at: 'asking' });
	const page = usePage();
	const main = useRef<HTMLElement>(null);
	const shown = useRef('');
	useEffect(() => {
		if (gate.at === 'asking') void findGate().then(setGate);
		if (gate.at !== 'failed') return undefined;
		const timer = setTimeout(() => void findGate().then(setGate), ASK_AGAIN_MS);
		return () => clearTimeout(timer);
	}, [gate]);
	useEffect(() => {
		const title = gate.at === 'in' ? titleOf(page) : t(gate.at === 'setup' ? 'setUp' : 'logIn');
		document.title = `${title} · Rotunda`;
		/* A new page starts at its top for the keyboard and for screen readers, too. */
		if (shown.current && shown.current !== title) main.current?.focus();
		if (gate.at !== 'asking') shown.current = title;
	}, [gate, page]);
	const enter = (user: User) => {
		session.began();
		setGate({ at: 'in', user });
	};
	const leave = () => {
		session.ended();
		setGate({ at: 'login' });
	};
	/* A board that does not answer keeps the session: then nobody is told that it ended. */
	const logOut = () =>
		void api.logout().then(leave, (error) => {
			if (error instanceof ApiError && error.problem.status === 401) leave();
		});
	return (
		<>
			<a class="skip" href="#main">
				{t('skip')}
			</a>
			<Header gate={gate} page={page} logOut={logOut} />
			<main id="main" ref={main} tabIndex={-1}>
				<Content gate={gate} page={page} enter={enter} leave={leave} />
			</main>
		</>
	);
}
