// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { hardCoded } from './hard-coded';

const pages = import.meta.glob<string>('../**/*.tsx', { query: '?raw', import: 'default', eager: true });

test('there are pages to look at', () => {
	expect(Object.keys(pages).length).toBeGreaterThan(10);
});

test.each(Object.entries(pages))('%s shows no word that is not in the files of strings', (_, source) => {
	expect(hardCoded(source)).toEqual([]);
});

test.each([
	['text', '<p>Stop</p>', ['Stop']],
	['Chinese', '<p>停止</p>', ['停止']],
	['a name', '<button aria-label="Stop it" />', ['Stop it']],
	['a name in braces', '<button title={busy ? "Wait" : t("stop")} />', ['Wait']],
	['an expression', '<p>{busy && "Wait"}</p>', ['Wait']],
	['a template', ['<p>{`Cell $', '{name}`}</p>'].join(''), ['Cell ']],
	['something inside an attribute', '<Note more={<b>More</b>} />', ['More']],
	['strings of the files', '<p class="quiet" title={t("stop")}>← {t("stop")}</p>', []],
	['the product', '<b>Rotunda</b>', []],
])('%s', (_, source, words) => {
	expect(hardCoded(`const page = ${source};`)).toEqual(words);
});
