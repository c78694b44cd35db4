// SPDX-License-Identifier: MIT
import { useState } from 'preact/hooks';
import { api } from '../api';
import { t } from '../i18n';
import { ProblemNote } from '../parts/problem';
import { useWork } from '../parts/work';
import type { User } from '../types';

/* First run and log-in. A refused log-in is shown, it does not end a session. */
export function Access({ setup, done }: { setup: boolean; done: (user: User) => void }) {
	const [code, setCode] = useState('');
	const [username, setUsername] = useState('admin');
	const [password, setPassword] = useState('');
	const { busy, problem, work } = useWork(() => undefined);
	const send = (event: Event) => {
		event.preventDefault();
		void work(async () => done(await (setup ? api.setup(code.trim(), username, password) : api.login(username, password))));
	};
	return <form class="access card" onSubmit={send}>
		<h1>{t(setup ? 'setUp' : 'logIn')}</h1>
		{setup && <><p class="quiet" id="code-hint">{t('setUpHint')}</p>
			<label>{t('code')}<input name="code" required autocomplete="one-time-code" inputMode="numeric" aria-describedby="code-hint"
				placeholder="0000-0000" value={code} onInput={(e) => setCode(e.currentTarget.value)} /></label></>}
		<label>{t('username')}<input name="username" required autocomplete="username" value={username}
			onInput={(e) => setUsername(e.currentTarget.value)} /></label>
		{setup && <p class="quiet" id="rule">{t('passwordRule')}</p>}
		<label>{t('password')}<input name="password" type="password" required autocomplete={setup ? 'new-password' : 'current-password'}
			aria-describedby={setup ? 'rule' : undefined} value={password} onInput={(e) => setPassword(e.currentTarget.value)} /></label>
		<ProblemNote problem={problem} />
		<button class="primary" disabled={busy}>{t(setup ? 'finishSetUp' : 'logIn')}</button>
	</form>;
}
