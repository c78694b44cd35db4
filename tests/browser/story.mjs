// SPDX-License-Identifier: MIT
// What a person does with a new board, in a real browser. usage: story.mjs FOLDER [PICTURE]; run prepares it.
import assert from 'node:assert/strict';
import { copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { Board } from './board.mjs';
import { Guard } from './guard.mjs';
import { Eye, legiblePixels } from './look.mjs';
import { Story } from './steps.mjs';

const PATIENCE_MS = 120_000; // an emulated board on a busy machine
const FIRST_VIEW_BYTES = 40 * 1024;
const PIXELS_OF_A_LETTER = 5; // at 13 pixels height; a full stop has four, an m about thirty
const PICTURE_BYTES = 200_000;
const PASSWORD = 'a sentence that nobody guesses';

const [folder, readmePicture] = process.argv.slice(2);
const story = new Story();
const board = await Board.inFolder(folder);
const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
	args: process.getuid() === 0 ? ['--no-sandbox'] : [],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
page.setDefaultTimeout(PATIENCE_MS);
const guard = await Guard.on(page, board.address);
const eye = new Eye(page, folder);

const button = (name) => page.getByRole('button', { name, exact: true });
const region = (name) => page.getByRole('region', { name, exact: true });
const card = (name) => page.locator('.card.cell', { has: page.getByRole('heading', { name, exact: true }) });
const cpu = (number) => page.locator('.cpu', { hasText: `CPU ${number}` });
const shown = (locator) => locator.waitFor({ state: 'visible' });
const text = (wanted) => page.getByText(wanted).first();
const overviewReady = () => shown(card('heartbeat'));
const link = (name) => page.getByRole('navigation').getByRole('link', { name });

async function until(what, ask) {
	const deadline = Date.now() + PATIENCE_MS;
	for (;;) {
		const answer = await ask();
		if (answer) return answer;
		if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
		await page.waitForTimeout(200);
	}
}

/* The rows as they are painted, not what the stream carried. */
const terminalText = () => page.locator('.xterm-rows').innerText();

async function lastBeat() {
	const beats = [...(await terminalText()).matchAll(/heartbeat: beat (\d+)/g)];
	return beats.length > 0 ? Number(beats.at(-1)[1]) : 0;
}

/* The record goes on through a reset of the board; what is lost of the last seconds before it is told as another record. */
async function hasBegunAgain() {
	const beats = [...(await terminalText()).matchAll(/heartbeat: beat (\d+)/g)].map((beat) => Number(beat[1]));
	return beats.some((beat, i) => i > 0 && beat < beats[i - 1]);
}

async function beatsGoOn() {
	const first = await until('a beat is in the console', lastBeat);
	await until('another beat follows', async () => (await lastBeat()) > first);
}

async function openCell(name) {
	await link('Overview').click();
	await card(name).getByRole('heading').getByRole('link').click();
	await shown(page.locator('.xterm-rows'));
}

const stateOf = (name) => page.locator('.cell-title', { hasText: name }).locator('.state');
const isState = (locator, state) => until(`the state is ${state}`, async () => (await locator.innerText()).includes(state));

let code;
const received = new Map();

story.step('the board boots and prints a set-up code on its serial console', async () => {
	board.powerOn();
	code = await board.setupCode();
});

story.step('the browser warns of the self-signed certificate, and a person may go on', async () => {
	const cdp = await page.context().newCDPSession(page);
	await cdp.send('Network.enable');
	/* The warning is a page of the browser's own and comes over no wire. */
	cdp.on('Network.responseReceived', ({ requestId, response }) => {
		if (response.url.startsWith(board.address)) received.set(requestId, 0);
	});
	cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
		if (received.has(requestId)) received.set(requestId, encodedDataLength);
	});
	await assert.rejects(page.goto(board.address), /ERR_CERT_AUTHORITY_INVALID/);
	await page.locator('#details-button').click();
	await page.locator('#proceed-link').click();
	await shown(page.getByRole('heading', { name: 'Set up this board' }));
});

story.step('the first view fits into 40 KiB on the wire', async () => {
	await page.waitForLoadState('networkidle');
	const bytes = [...received.values()].reduce((sum, size) => sum + size, 0);
	assert.ok(bytes > 5000, `only ${bytes} bytes were counted: the count is wrong`);
	assert.ok(bytes <= FIRST_VIEW_BYTES, `it is ${bytes} bytes`);
	return `${bytes} bytes`;
});

story.step('the policy allows no inline script or style', async () => {
	const reply = await page.reload();
	const policy = reply.headers()['content-security-policy'];
	assert.match(policy, /default-src 'none'/);
	assert.doesNotMatch(policy, /unsafe/);
	await shown(page.getByLabel('Set-up code'));
});

story.step('set-up looks right to everybody', async () => {
	const ready = () => shown(page.locator('#code'));
	await eye.everyWay('1-set-up');
	await eye.inChinese('1-set-up', ready);
});

story.step('a wrong code is refused with a sentence and a remedy', async () => {
	await guard.expecting(/status of 403/, async () => {
		await page.getByLabel('Set-up code').fill(code === '0000-0000' ? '0000-0001' : '0000-0000');
		await page.getByLabel('Password').fill(PASSWORD);
		await button('Set up').click();
		await shown(page.getByRole('alert'));
	});
	assert.match(await page.getByRole('alert').innerText(), /\.\s+\S.*\./s);
	await eye.picture('1-set-up-refused');
});

story.step('the code from the serial console and a password set the board up, by keyboard alone', async () => {
	await page.getByLabel('Set-up code').focus();
	await page.keyboard.press('Control+A');
	await page.keyboard.type(code);
	await page.keyboard.press('Tab');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Control+A');
	await page.keyboard.type(PASSWORD);
	await page.keyboard.press('Enter');
	await overviewReady();
});

story.step('the board is shown with its four CPUs and its memory', async () => {
	assert.equal(await page.locator('.cpu').count(), 4);
	assert.ok((await page.locator('.memory .block').count()) >= 2, 'the memory map has fewer than two ranges');
	assert.match(await page.locator('.legend').innerText(), /MiB|GiB/);
	await page.getByText('Memory as a table').click();
	assert.ok((await page.locator('.memory tbody tr').count()) >= 2, 'the table of the memory has fewer than two rows');
	await eye.everyWay('2-overview-disabled');
	await page.getByText('Memory as a table').click();
});

story.step('everything on the overview can be reached by keyboard, and it shows where one is', async () => {
	const wanted = await page.locator('a:visible, button:enabled:visible, summary:visible').count();
	await page.evaluate(() => document.activeElement.blur());
	const seen = new Set();
	for (let presses = 0; presses < wanted + 5; presses++) {
		await page.keyboard.press('Tab');
		const focus = await page.evaluate(() => {
			const style = getComputedStyle(document.activeElement);
			const name = document.activeElement.outerHTML.slice(0, 200);
			return { name, marked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 };
		});
		if (focus.name.startsWith('<body')) continue;
		assert.ok(focus.marked, `no outline on ${focus.name}`);
		seen.add(focus.name);
	}
	assert.ok(seen.size >= wanted, `${seen.size} of ${wanted} were reached`);
});

story.step('nothing moves for people who asked for that', async () => {
	await page.emulateMedia({ reducedMotion: 'reduce' });
	const duration = await button('Enable').evaluate((element) => getComputedStyle(element).transitionDuration);
	await page.emulateMedia({ reducedMotion: 'no-preference' });
	assert.equal(duration, '0s');
});

story.step('Enable enables the hypervisor', async () => {
	await button('Enable').click();
	await shown(button('Disable'));
	await until('CPU 0 is of root Linux', async () => (await cpu(0).innerText()).includes('root Linux'));
});

story.step('Start starts heartbeat: it has CPU 3, and its last line is on its card', async () => {
	await button('Start heartbeat').click();
	await isState(card('heartbeat').locator('.state'), 'running');
	await until('CPU 3 is of heartbeat', async () => (await cpu(3).innerText()).includes('heartbeat'));
	await shown(card('heartbeat').getByText(/heartbeat: beat \d+/));
	await shown(page.locator('.lens .block', { hasText: 'heartbeat' }));
});

story.step('pointing at memory says whose it is, with its addresses', async () => {
	const block = page.locator('.lens .block', { hasText: 'heartbeat' });
	await block.hover();
	assert.match(await page.locator('.pointed').innerText(), /heartbeat: 0x80000000–0x801fffff, 2 MiB/);
	await page.mouse.move(0, 0);
	await block.focus();
	assert.match(await page.locator('.pointed').innerText(), /heartbeat: 0x80000000–0x801fffff, 2 MiB/);
	await block.blur();
});

story.step('the overview looks right to everybody', async () => {
	await eye.everyWay('3-overview');
	await eye.inChinese('3-overview', overviewReady);
});

story.step('the picture for the README is small enough', async () => {
	const taken = join(folder, 'dashboard.png');
	await page.mouse.move(0, 0);
	await page.screenshot({ path: taken, fullPage: true });
	assert.ok(statSync(taken).size < PICTURE_BYTES, `it has ${statSync(taken).size} bytes`);
	if (readmePicture) copyFileSync(taken, readmePicture);
	return `${statSync(taken).size} bytes`;
});

story.step("heartbeat's output arrives in its console, live", async () => {
	await openCell('heartbeat');
	await beatsGoOn();
	await shown(region('Console').getByText('live'));
});

story.step('the output can be read: real pixels, not black on black', async () => {
	const letters = (await terminalText()).replace(/\s/g, '').length;
	const pixels = await legiblePixels(page.locator('.xterm-rows'));
	assert.ok(letters > 20, `there are only ${letters} letters`);
	assert.ok(pixels > PIXELS_OF_A_LETTER * letters, `only ${pixels} pixels of ${letters} letters stand out`);
	return `${pixels} pixels of ${letters} letters stand out`;
});

story.step("a cell's page looks right to everybody, with its console open", async () => {
	await eye.everyWay('4-heartbeat');
	await eye.inChinese('4-heartbeat', async () => {
		await shown(page.locator('.xterm-rows'));
		await until('a beat is in the console', lastBeat);
	});
});

story.step('echo is started from its own page and answers what is typed', async () => {
	await openCell('echo');
	await shown(region('Console').getByText(/not running/));
	await button('Start echo').click();
	await isState(stateOf('echo'), 'running');
	await until('echo greets', async () => (await terminalText()).includes('echo: type a line'));
	await page.locator('.screen').click();
	await page.keyboard.type('hello from the browser');
	await page.keyboard.press('Enter');
	await until('echo answers', async () => (await terminalText()).includes('echo: hello from the browser'));
	await eye.picture('5-echo');
});

story.step('Shift+Tab leads out of the console', async () => {
	await page.keyboard.press('Shift+Tab');
	assert.equal(await page.evaluate(() => document.activeElement.closest('.screen')), null);
});

story.step('Stop asks in place: Escape is no, the button that names the cell is yes', async () => {
	await button('Stop echo').click();
	await shown(button('Stop echo'));
	await eye.picture('6-stop-asked');
	await page.keyboard.press('Escape');
	await shown(page.getByRole('button', { name: 'Stop echo', exact: true }));
	assert.match(await stateOf('echo').innerText(), /running/);
	await button('Stop echo').click();
	await page.locator('.confirm').getByRole('button', { name: 'Stop echo' }).click();
	await isState(stateOf('echo'), 'not created');
});

story.step('the console says when and why the cell ended', async () => {
	await shown(region('Console').getByText(/Ended \d\d:\d\d:\d\d: .*echo.*\./));
	await eye.everyWay('6-echo-stopped');
});

/* What a person would send with curl: the dashboard has no editor for definitions. */
async function define(name, cpu, physical, size) {
	const flags = ['read', 'write', 'execute', 'loadable'];
	const memory = [{ physical, guest: '0x0', size, flags }];
	const images = [{ image: 'heartbeat', address: '0x0' }];
	const body = JSON.stringify({ name, cpus: [cpu], memory, console: 'virtual', images });
	const headers = { 'Content-Type': 'application/json' };
	const init = { method: 'POST', headers, body };
	assert.equal(await page.evaluate(async (what) => (await fetch('/api/v1/cells', what)).status, init), 201);
}

story.step('a command that is refused is answered with what is in the way and what to do', async () => {
	await define('clash', 3, '0x80600000', '2M');
	await link('Overview').click();
	await guard.expecting(/status of 409/, async () => {
		await button('Start clash').click();
		await shown(page.getByRole('alert').first());
	});
	assert.match(await page.getByRole('alert').first().innerText(), /(heartbeat|CPU 3).*\n+.*\w+\./s);
	await eye.everyWay('7-refused');
});

story.step('a cell that breaks its rules fails alone, and the page says why and what to do', async () => {
	/* Enough for the image, not for what it uses behind it. */
	await define('broken', 1, '0x80400000', '20K');
	await shown(card('broken'));
	await button('Start broken').click();
	await isState(card('broken').locator('.state'), 'failed');
	await shown(page.getByRole('alert').filter({ hasText: 'Cell broken has failed' }).first());
	assert.match(await card('heartbeat').locator('.state').innerText(), /running/);
	await openCell('broken');
	await shown(page.getByRole('alert').filter({ hasText: 'Cell broken has failed' }));
	await eye.everyWay('7-failed');
	await button('Destroy broken').click();
	await page.locator('.confirm').getByRole('button', { name: 'Destroy broken' }).click();
	await isState(stateOf('broken'), 'not created');
});

story.step('heartbeat is marked for start at boot', async () => {
	await openCell('heartbeat');
	await page.getByRole('switch', { name: 'Start at boot' }).click();
	await until('the switch is on', () => page.getByRole('switch', { name: 'Start at boot' }).isChecked());
	await shown(text('Started again after each boot of the board.'));
});

const outage = /Failed to load resource: net::|WebSocket connection to .* failed/;

story.step('the board is reset: the page notices that the connection is lost', async () => {
	await until('the cell has beaten a while', async () => (await lastBeat()) > 5);
	await guard.expecting(outage, async () => {
		await board.reset();
		await shown(text(/The connection to the board is lost since/));
		await eye.picture('8-lost');
		await shown(text(/The board has restarted/));
		await eye.picture('8-back');
		await shown(region('Console').getByText('live'));
	});
});

story.step('after the reset heartbeat runs again, and its console goes on by itself', async () => {
	await isState(stateOf('heartbeat'), 'running');
	await until('the console shows the new beats below the old ones', hasBegunAgain);
	await beatsGoOn();
	await eye.picture('8-after-reset');
});

story.step('QEMU is killed and the same disk booted: the page comes back, heartbeat runs', async () => {
	await link('Overview').click();
	await overviewReady();
	await guard.expecting(outage, async () => {
		await board.cutPower();
		await shown(text(/The connection to the board is lost since/));
		await eye.picture('9-power-cut');
		board.powerOn();
		await board.announced();
		await shown(text(/The board has restarted/));
	});
	await isState(card('heartbeat').locator('.state'), 'running');
	await shown(card('heartbeat').getByText(/heartbeat: beat \d+/));
	assert.match(await cpu(3).innerText(), /heartbeat/);
	await eye.picture('9-after-power-cut');
});

story.step('the events tell the story, and look right to everybody', async () => {
	await link('Events').click();
	await shown(text(/Cell "echo" was st(opp|art)ed/));
	await eye.everyWay('10-events');
	await eye.inChinese('10-events', () => shown(text(/Cell "echo"/)));
	await page.getByRole('combobox', { name: 'Show' }).selectOption('echo');
	await until('only echo is shown', async () => !(await page.locator('tbody').innerText()).includes('logged in'));
});

story.step('Log out ends the session; a wrong password is refused in words; the right one leads back', async () => {
	await button('Log out').click();
	await shown(page.getByRole('heading', { name: 'Log in' }));
	await eye.everyWay('11-log-in');
	await eye.inChinese('11-log-in', () => shown(page.locator('#password')));
	await guard.expecting(/status of 401/, async () => {
		await page.getByLabel('Password').fill('not the password');
		await button('Log in').click();
		await shown(page.getByRole('alert'));
	});
	await eye.picture('11-log-in-refused');
	await page.getByLabel('Password').fill(PASSWORD);
	await button('Log in').click();
	await shown(page.getByRole('heading', { name: 'Events' }));
});

story.step('Disable says what it stops, and Linux has all CPUs again', async () => {
	await link('Overview').click();
	await button('Disable').click();
	await shown(text(/Stops and destroys heartbeat/));
	await eye.picture('12-disable-asked');
	await button('Disable it').click();
	await shown(button('Enable'));
	await until('CPU 3 is Linux again', async () => /Linux/.test(await cpu(3).innerText()));
	await eye.picture('12-disabled');
});

story.step('no error was on the browser console', () => assert.deepEqual(guard.messages, []));
story.step('the content security policy was never violated', () => assert.deepEqual(guard.violations, []));
story.step('nothing was asked of another origin', () => assert.deepEqual(guard.foreign, []));

let passed = false;
try {
	passed = await story.tell(async () => {
		await eye.picture('failed').catch(() => undefined);
		console.log(`the browser console said: ${guard.messages.join('\n') || 'nothing'}`);
		console.log(`pictures are in ${folder}; the end of the serial console:\n${board.serial.slice(-1500)}`);
	});
} finally {
	await browser.close();
	await board.throwAway();
}
process.exitCode = passed ? 0 : 1;
