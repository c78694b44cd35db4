// SPDX-License-Identifier: MIT
// xterm.js under a policy without inline style. Loaded only when a console is opened.
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';

/*
 * xterm writes its colours into <style> elements, which the policy ignores: black on black. Its elements stay, but what
 * it writes into them goes to constructable style sheets, which belong to scripts and need no 'unsafe-inline'.
 */
function redirectStyle(element: HTMLStyleElement): HTMLStyleElement {
	const sheet = new CSSStyleSheet();
	document.adoptedStyleSheets.push(sheet);
	Object.defineProperty(element, 'textContent', { set: (rules: string) => sheet.replaceSync(rules), get: () => '' });
	element.remove = () => {
		document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
		Element.prototype.remove.call(element);
	};
	return element;
}

function openRedirected(terminal: Terminal, box: HTMLElement): void {
	const create = Document.prototype.createElement;
	document.createElement = ((tag: string, options?: ElementCreationOptions) => {
		const element = create.call(document, tag, options);
		return element instanceof HTMLStyleElement ? redirectStyle(element) : element;
	}) as typeof document.createElement;
	try {
		terminal.open(box);
	} finally {
		Reflect.deleteProperty(document, 'createElement');
	}
}

export function openTerminal(box: HTMLElement, input: (text: string) => void) {
	const terminal = new Terminal({
		convertEol: true, scrollback: 5000, fontSize: 13, screenReaderMode: true,
		fontFamily: 'ui-monospace, "DejaVu Sans Mono", monospace',
		theme: { background: '#10181b', foreground: '#d9e4e3', cursor: '#5eead4' },
	});
	const fit = new FitAddon();
	terminal.loadAddon(fit);
	openRedirected(terminal, box);
	fit.fit();
	terminal.onData(input);
	const watcher = new ResizeObserver(() => fit.fit());
	watcher.observe(box);
	return {
		write: (bytes: Uint8Array) => terminal.write(bytes),
		close: () => { watcher.disconnect(); terminal.dispose(); },
	};
}
