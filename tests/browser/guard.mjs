// SPDX-License-Identifier: MIT
// What must never happen on any page: errors on the browser's console, violations of the policy, requests to elsewhere.

export class Guard {
	messages = [];
	violations = [];
	foreign = [];
	#allowed = [];

	static async on(page, origin) {
		const guard = new Guard();
		await page.exposeBinding('rotundaViolation', (_source, text) => guard.violations.push(text));
		await page.addInitScript(() => {
			document.addEventListener('securitypolicyviolation', (event) => {
				window.rotundaViolation(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
			});
		});
		page.on('console', (message) => {
			if (['error', 'warning'].includes(message.type())) guard.#hear(message.text());
		});
		page.on('pageerror', (error) => guard.#hear(`exception: ${error.stack}`));
		page.on('request', (request) => {
			const url = new URL(request.url());
			if (url.origin !== origin && !['data:', 'chrome-error:'].includes(url.protocol)) guard.foreign.push(request.url());
		});
		page.on('websocket', (socket) => {
			if (!socket.url().startsWith(origin.replace('https', 'wss'))) guard.foreign.push(socket.url());
		});
		return guard;
	}

	#hear(text) {
		if (!this.#allowed.some((pattern) => pattern.test(text))) this.messages.push(text);
	}

	/* Chromium itself logs every refused or unanswered request: expected while `what` provokes some, and only those. */
	async expecting(pattern, what) {
		this.#allowed.push(pattern);
		try {
			return await what();
		} finally {
			this.#allowed.splice(this.#allowed.indexOf(pattern), 1);
		}
	}
}
