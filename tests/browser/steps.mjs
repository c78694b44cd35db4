// SPDX-License-Identifier: MIT
// A story in steps: each is told as it goes, and after the first that fails the rest counts as failed, too.

export class Story {
	#steps = [];

	step(name, run) {
		this.#steps.push({ name, run });
	}

	/* Each entry: [picture name after a failure] is taken by `onFailure`. Returns whether all passed. */
	async tell(onFailure) {
		let passed = 0;
		for (const [at, { name, run }] of this.#steps.entries()) {
			const begun = Date.now();
			try {
				const note = await run();
				passed++;
				console.log(`ok   ${at + 1} ${name}${note ? `: ${note}` : ''} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
			} catch (error) {
				console.log(`FAIL ${at + 1} ${name}\n${error.stack ?? error}`);
				await onFailure(name);
				break;
			}
		}
		for (const { name } of this.#steps.slice(passed + 1)) console.log(`FAIL not reached: ${name}`);
		console.log(`${passed} passed, ${this.#steps.length - passed} failed`);
		return passed === this.#steps.length;
	}
}
