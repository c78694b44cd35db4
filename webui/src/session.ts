// SPDX-License-Identifier: MIT
/*
 * Scripts cannot see the session's cookie. This notes that there was a log-in, so that a page that nobody has logged in to
 * does not ask for a session just to be refused. It is no secret and grants nothing.
 */
const KEY = 'session';

export const session = {
	began: () => localStorage.setItem(KEY, '1'),
	ended: () => localStorage.removeItem(KEY),
	likely: () => localStorage.getItem(KEY) !== null,
};
