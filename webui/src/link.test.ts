// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { link } from './link';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('losing and finding the board is told once each, "back" ends by itself', () => {
	const told: string[] = [];
	const unfollow = link.follow((now) => told.push(now.state));
	link.heard();
	link.missed();
	link.missed();
	link.heard();
	vi.runAllTimers();
	unfollow();
	link.missed();
	link.heard();
	vi.runAllTimers();
	expect(told).toEqual(['lost', 'back', 'up']);
});

test('a second loss is not ended by the timer of the first', () => {
	link.missed();
	link.heard();
	link.missed();
	vi.runAllTimers();
	expect(link.link.state).toBe('lost');
	link.heard();
	vi.runAllTimers();
	expect(link.link.state).toBe('up');
});
