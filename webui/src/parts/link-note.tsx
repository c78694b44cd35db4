// SPDX-License-Identifier: MIT
// Says when the board stopped answering, and that it is back.
import { useEffect, useRef, useState } from 'preact/hooks';
import { clockTime, t } from '../i18n';
import { useLink } from '../link';

export function LinkState() {
	const lost = useLink().state === 'lost';
	return <span class={`state ${lost ? 'failed' : 'running'}`}>{t(lost ? 'linkLost' : 'linkUp')}</span>;
}

/* An uptime that went back means that the board has restarted. */
function useRestarted(uptime: number | undefined): boolean {
	const highest = useRef(0);
	const [restarted, setRestarted] = useState(false);
	useEffect(() => {
		if (uptime === undefined) return;
		if (uptime < highest.current) setRestarted(true);
		highest.current = uptime;
	}, [uptime]);
	return restarted;
}

export function LinkNote({ uptime }: { uptime?: number | undefined }) {
	const link = useLink();
	const restarted = useRestarted(uptime);
	return (
		<div role="status" class="link-note">
			{link.state === 'lost' && (
				<div class="banner bad">
					<p>
						<strong>{t('lost', { time: clockTime(link.since) })}</strong> {t('lostMore')}
					</p>
				</div>
			)}
			{link.state === 'back' && (
				<div class="banner">
					<p>{t(restarted ? 'restarted' : 'regained')}</p>
				</div>
			)}
		</div>
	);
}
