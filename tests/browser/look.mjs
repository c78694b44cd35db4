// SPDX-License-Identifier: MIT
// Looks at a page as different people do: keeps a picture of each, and checks what can be checked.
import { join } from 'node:path';
import axe from 'axe-core';

const desktop = { width: 1280, height: 800 };
const phone = { width: 360, height: 740 };

/* What is meant to be cut: one line of output, names in blocks too narrow for them, text for screen readers, the terminal. */
const mayBeCut = '.last-line, .block, .block *, .hidden, .screen, .screen *';

async function violations(page) {
	await page.evaluate(axe.source);
	const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
	return found.violations.map((v) => `${v.id}: ${v.help}\n    ${v.nodes.map((node) => node.html).join('\n    ')}`);
}

function clipped(allowed) {
	const width = document.documentElement.clientWidth;
	const found = [];
	if (document.documentElement.scrollWidth > width) {
		found.push(`the page is ${document.documentElement.scrollWidth} pixels wide on a screen of ${width}`);
	}
	for (const element of document.body.querySelectorAll('*')) {
		const hides = ['hidden', 'clip'].includes(getComputedStyle(element).overflowX);
		if (hides && element.scrollWidth > element.clientWidth + 1 && !element.matches(allowed)) {
			found.push(`clipped: ${element.outerHTML.slice(0, 120)}`);
		}
	}
	return found;
}

export class Eye {
	pictures = 0;

	constructor(page, folder) {
		this.page = page;
		this.folder = folder;
	}

	async picture(name, fullPage = true) {
		this.pictures++;
		await this.page.screenshot({ path: join(this.folder, `${name}.png`), fullPage });
	}

	async #view(name, size, scheme) {
		await this.page.setViewportSize(size);
		await this.page.emulateMedia({ colorScheme: scheme });
		/* The terminal fits itself to its box in a frame of its own. */
		await this.page.waitForTimeout(300);
		await this.picture(name);
		const found = [...(await this.page.evaluate(clipped, mayBeCut)), ...(await violations(this.page))];
		if (found.length > 0) throw new Error(`${name}:\n  ${found.join('\n  ')}`);
	}

	async everyWay(name) {
		await this.#view(`${name}-phone`, phone, 'light');
		await this.#view(`${name}-phone-dark`, phone, 'dark');
		await this.#view(`${name}-dark`, desktop, 'dark');
		await this.#view(name, desktop, 'light');
	}

	/* The button reloads the page in the other language; `ready` waits until it is complete again. */
	async inChinese(name, ready) {
		await this.page.getByRole('button', { name: '中文' }).click();
		await this.page.locator('html[lang=zh-CN]').waitFor();
		await ready();
		await this.#view(`${name}-chinese-phone`, phone, 'light');
		await this.#view(`${name}-chinese`, desktop, 'light');
		await this.page.getByRole('button', { name: 'English' }).click();
		await this.page.locator('html[lang=en]').waitFor();
		await ready();
	}
}

/* How many pixels of what is really shown stand out from its background with a contrast of 4.5 : 1 (WCAG 2.1, 1.4.3). */
export async function legiblePixels(locator) {
	const shot = (await locator.screenshot()).toString('base64');
	const blank = await locator.page().context().browser().newPage();
	try {
		return await blank.evaluate(countLegible, shot);
	} finally {
		await blank.close();
	}
}

async function countLegible(base64) {
	const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
	const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
	const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
	const context = canvas.getContext('2d');
	context.drawImage(bitmap, 0, 0);
	const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
	const linear = (c) => (c <= 10.31475 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
	const light = (at) => 0.2126 * linear(data[at]) + 0.7152 * linear(data[at + 1]) + 0.0722 * linear(data[at + 2]);
	/* The lower right corner is behind the last line's end. */
	const background = light((bitmap.width * bitmap.height - 3) * 4);
	let count = 0;
	for (let at = 0; at < data.length; at += 4) {
		const [low, high] = [background, light(at)].sort((a, b) => a - b);
		if ((high + 0.05) / (low + 0.05) >= 4.5) count++;
	}
	return count;
}
