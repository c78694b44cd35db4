// SPDX-License-Identifier: MIT
import { defineConfig } from 'vite';

export default defineConfig({
	esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
	// Inlined files would be data: addresses, which the policy allows for pictures only.
	build: { assetsInlineLimit: 0, target: 'es2022', modulePreload: { polyfill: false }, emptyOutDir: true },
});
