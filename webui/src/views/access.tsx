// SPDX-License-Identifier: MIT
import { useState } from 'preact/hooks';
import { api } from '../api';
import { t } from '../i18n';
import logo from '../logo.svg';
import { ProblemNote } from '../parts/problem';
import { useWork } from '../parts/work';
import type { User } from '../types';

interface FieldProps {
	name: string;
	label: string;
	value: string;
	set: (value: string) => void;
	hint?: string;
	type?: string;
	autocomplete: string;
	placeholder?: string;
	inputMode?: 'numeric';
}

function Field({ name, label, value, set, hint, ...input }: FieldProps) {
	return (
		<div class="field">
			<label for={name}>{label}</label>
			<input id={name} name={name} required value={value} aria-describedby={hint && `${name}-hint`}
				onInput={(event) => set(event.currentTarget.value)} {...input} />
			{hint && (
				<p class="says" id={`${name}-hint`}>
					{hint}
				</p>
			)}
		</div>
	);
}

/* First run and log-in. A refused log-in is shown, it does not end a session. */
export function Access({ setup, done }: { setup: boolean; done: (user: User) => void }) {
	const [code, setCode] = useState('');
	const [username, setUsername] = useState('admin');
	const [password, setPassword] = useState('');
	const { busy, problem, work } = useWork(() => undefined);
	const send = (event: Event) => {
		event.preventDefault();
		const ask = () => (setup ? api.setup(code.trim(), username, password) : api.login(username, password));
		void work(async () => done(await ask()));
	};
	return (
		<form class="access card" onSubmit={send}>
			<img src={logo} alt="" width="56" height="56" />
			<h1 tabIndex={-1}>{t(setup ? 'setUp' : 'logIn')}</h1>
			<p class="quiet">{t('tagline')}</p>
			{setup && (
				<Field name="code" label={t('code')} value={code} set={setCode} hint={t('setUpHint')}
					autocomplete="one-time-code" placeholder="0000-0000" inputMode="numeric" />
			)}
			<Field name="username" label={t('username')} value={username} set={setUsername} autocomplete="username" />
			<Field name="password" label={t('password')} value={password} set={setPassword} type="password"
				autocomplete={setup ? 'new-password' : 'current-password'} {...(setup && { hint: t('passwordRule') })} />
			<ProblemNote problem={problem} />
			<button type="submit" class="primary" disabled={busy}>
				{t(setup ? 'finishSetUp' : 'logIn')}
			</button>
		</form>
	);
}
