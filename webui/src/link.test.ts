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

test('an uptime that went back is a restart, even without a loss', () => {
	const told: unknown[] = [];
	const unfollow = link.follow((now) => told.push(now));
	link.heardUptime(100);
	link.heardUptime(102);
	expect(told).toEqual([]);
	link.heardUptime(3);
	link.heardUptime(5);
	unfollow();
	vi.runAllTimers();
	expect(told).toEqual([{ state: 'back', restarted: true }]);
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
