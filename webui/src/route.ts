// SPDX-License-Identifier: MIT
// Which page an address means. The agent gives the same document for all of them.
import { useEffect, useState } from 'preact/hooks';

export type Page = { at: 'overview' } | { at: 'events' } | { at: 'cell'; name: string };

export function pageOf(path: string): Page {
	const cell = /^\/cells\/([^/]+)$/.exec(path)?.[1];
	if (cell) return { at: 'cell', name: decodeURIComponent(cell) };
	return { at: path === '/events' ? 'events' : 'overview' };
}

export function pathOf(page: Page): string {
	if (page.at === 'cell') return `/cells/${encodeURIComponent(page.name)}`;
	return page.at === 'events' ? '/events' : '/';
}

export function go(page: Page): void {
	history.pushState(null, '', pathOf(page));
	dispatchEvent(new PopStateEvent('popstate'));
}

export function usePage(): Page {
	const [page, setPage] = useState(() => pageOf(location.pathname));
	useEffect(() => {
		const follow = () => setPage(pageOf(location.pathname));
		addEventListener('popstate', follow);
		return () => removeEventListener('popstate', follow);
	}, []);
	return page;
}
