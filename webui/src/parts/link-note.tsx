// SPDX-License-Identifier: MIT
// Says when the board stopped answering, and that it is back.
import { clockTime, t } from '../i18n';
import { useLink } from '../link';

export function LinkState() {
	const lost = useLink().state === 'lost';
	return <span class={`state ${lost ? 'failed' : 'running'}`}>{t(lost ? 'linkLost' : 'linkUp')}</span>;
}

export function LinkNote() {
	const link = useLink();
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
					<p>{t(link.restarted ? 'restarted' : 'regained')}</p>
				</div>
			)}
		</div>
	);
}
