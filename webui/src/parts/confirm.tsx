// SPDX-License-Identifier: MIT
import { useState } from 'preact/hooks';
import { t } from '../i18n';

/* Asks in place: first what it will stop, then the button that does it. */
export function Confirm(props: { label: string; ask: string; yes: string; disabled: boolean; act: () => void }) {
	const [asking, setAsking] = useState(false);
	if (!asking) return <button disabled={props.disabled} onClick={() => setAsking(true)}>{props.label}</button>;
	return <span class="confirm" role="group" aria-label={props.label}>
		<span>{props.ask}</span>
		<button class="danger" disabled={props.disabled} onClick={() => { setAsking(false); props.act(); }}>{props.yes}</button>
		<button autofocus onClick={() => setAsking(false)}>{t('cancel')}</button>
	</span>;
}
