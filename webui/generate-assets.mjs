// SPDX-License-Identifier: MIT
// Usage: generate-assets.mjs DIST OUT.c. Compresses each file and writes it as a C array.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';

const types = {
	'.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
	'.svg': 'image/svg+xml', '.woff2': 'font/woff2',
};

function filesBelow(folder) {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		return entry.isDirectory() ? filesBelow(path) : [path];
	}).sort();
}

function asset(dist, path, index) {
	const type = types[extname(path)];
	if (!type) throw new Error(`${path}: no Content-Type is known for it; add it to ${import.meta.url}`);
	const data = gzipSync(readFileSync(path), { level: 9 });
	const etag = createHash('sha256').update(data).digest('hex').slice(0, 16);
	return {
		array: `static const unsigned char data${index}[] = {\n${[...data].join(',').replace(/(.{100}\d*,)/g, '$1\n')}\n};\n`,
		row: `\t{ "/${relative(dist, path)}", "${type}", "\\"${etag}\\"", data${index}, sizeof(data${index}), true },\n`,
	};
}

const [dist, out] = process.argv.slice(2);
const assets = filesBelow(dist).map((path, index) => asset(dist, path, index));
writeFileSync(`${out}.part`, '/* Made by webui/generate-assets.mjs. */\n#include "webui_assets.h"\n\n'
	+ assets.map((a) => a.array).join('')
	+ `\nconst struct webui_asset webui_assets[] = {\n${assets.map((a) => a.row).join('')}};\n`
	+ 'const size_t webui_asset_count = sizeof(webui_assets) / sizeof(webui_assets[0]);\n');
renameSync(`${out}.part`, out);
