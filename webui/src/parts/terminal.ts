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

/* Tab belongs to the cell (completion); Shift+Tab is the way out for people without a mouse. */
const staysInTerminal = (event: KeyboardEvent) => !(event.key === 'Tab' && event.shiftKey);

export function openTerminal(box: HTMLElement, label: string, input: (text: string) => void) {
	const terminal = new Terminal({
		convertEol: true,
		scrollback: 5000,
		fontSize: 13,
		lineHeight: 1.2,
		screenReaderMode: true,
		fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
		theme: { background: '#0f1716', foreground: '#dbe7e4', cursor: '#4fc3b5', cursorAccent: '#0f1716' },
	});
	const fit = new FitAddon();
	terminal.loadAddon(fit);
	openRedirected(terminal, box);
	terminal.textarea?.setAttribute('aria-label', label);
	terminal.attachCustomKeyEventHandler(staysInTerminal);
	fit.fit();
	terminal.onData(input);
	const watcher = new ResizeObserver(() => fit.fit());
	watcher.observe(box);
	return {
		write: (bytes: Uint8Array) => terminal.write(bytes),
		note: (text: string) => terminal.write(`\r\n\x1b[36m-- ${text} --\x1b[0m\r\n`),
		close: () => {
			watcher.disconnect();
			terminal.dispose();
		},
	};
}
