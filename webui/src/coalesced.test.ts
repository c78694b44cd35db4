// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { coalesced } from './coalesced';

function gated() {
	const gates: (() => void)[] = [];
	const run = coalesced(() => new Promise<void>((done) => gates.push(done)));
	return { gates, run };
}

test('many who come while it runs share one more run', async () => {
	const { gates, run } = gated();
	const first = run();
	const late = [run(), run(), run()];
	expect(gates).toHaveLength(1);
	gates[0]?.();
	await first;
	await Promise.resolve();
	await Promise.resolve();
	expect(gates).toHaveLength(2);
	gates[1]?.();
	await Promise.all(late);
	expect(gates).toHaveLength(2);
});

test('after the end it runs again at once', async () => {
	const { gates, run } = gated();
	const first = run();
	gates[0]?.();
	await first;
	void run();
	expect(gates).toHaveLength(2);
});
