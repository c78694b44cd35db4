// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { type Page, pageOf, pathOf } from './route';

test('every page has an address that leads back to it', () => {
	const pages: Page[] = [{ at: 'overview' }, { at: 'events' }, { at: 'cell', name: 'motor.v2' }];
	expect(pages.map(pathOf).map(pageOf)).toEqual(pages);
});

test('an address that is none of ours is the overview', () => {
	expect(pageOf('/cells/a/b')).toEqual({ at: 'overview' });
});
