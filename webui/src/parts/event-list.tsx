// SPDX-License-Identifier: MIT
// Events in short, newest first; the events page has the table.
import { boardTime, t } from '../i18n';
import type { BoardEvent } from '../types';
import { Anchor } from './anchor';

export function EventList({ events }: { events: BoardEvent[] }) {
	if (events.length === 0) return <p class="quiet">{t('noEvents')}</p>;
	return (
		<ol class="events">
			{events.map((event) => (
				<li key={event.id} class={event.severity}>
					<time dateTime={new Date(event.time * 1000).toISOString()}>{boardTime(event.time)}</time>
					<span lang="en">{event.detail}</span>
				</li>
			))}
		</ol>
	);
}

export function RecentEvents({ events }: { events: BoardEvent[] }) {
	return (
		<section class="card" aria-labelledby="recent">
			<div class="cell-head">
				<h2 id="recent">{t('recentEvents')}</h2>
				<Anchor to={{ at: 'events' }}>{t('allEvents')}</Anchor>
			</div>
			<EventList events={events} />
		</section>
	);
}
