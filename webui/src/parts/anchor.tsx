// SPDX-License-Identifier: MIT
import type { ComponentChildren } from 'preact';
import { go, type Page, pathOf } from '../route';

interface Props {
	to: Page;
	children: ComponentChildren;
	class?: string;
	current?: boolean;
	label?: string;
}

/* A real link: opens in a new tab like any other, and changes the page in place otherwise. */
export function Anchor({ to, children, class: name, current, label }: Props) {
	const follow = (event: MouseEvent) => {
		if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
		event.preventDefault();
		go(to);
	};
	return (
		<a class={name} href={pathOf(to)} onClick={follow} aria-current={current ? 'page' : undefined} aria-label={label}>
			{children}
		</a>
	);
}
