// SPDX-License-Identifier: MIT
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../i18n';

interface Props {
	label: string;
	name?: string;
	ask: string;
	yes: string;
	disabled: boolean;
	act: () => void;
}

/* Asks in place: first what it will do, then the button that does it. Escape is "cancel". */
export function Confirm({ label, name, ask, yes, disabled, act }: Props) {
	const [asking, setAsking] = useState(false);
	const opener = useRef<HTMLButtonElement>(null);
	const cancel = useRef<HTMLButtonElement>(null);
	const asked = useRef(false);
	useEffect(() => {
		if (asking) cancel.current?.focus();
		else if (asked.current) opener.current?.focus();
		asked.current = asking;
	}, [asking]);
	const answer = (does: boolean) => {
		setAsking(false);
		if (does) act();
	};
	if (!asking) {
		return (
			<button type="button" ref={opener} disabled={disabled} onClick={() => setAsking(true)}
				aria-label={name ? `${label} ${name}` : undefined}>
				{label}
			</button>
		);
	}
	return (
		<fieldset class="confirm" aria-label={label} onKeyDown={(event) => event.key === 'Escape' && answer(false)}>
			<p>{ask}</p>
			<button type="button" class="danger" disabled={disabled} onClick={() => answer(true)}>
				{yes}
			</button>
			<button type="button" ref={cancel} onClick={() => answer(false)}>
				{t('cancel')}
			</button>
		</fieldset>
	);
}
