// SPDX-License-Identifier: MIT
// For the tests: words that a page would show in one language only.
import ts from 'typescript';

const SHOWN = new Set(['alt', 'aria-label', 'aria-description', 'aria-valuetext', 'label', 'placeholder', 'title']);
const NAMES = new Set(['Rotunda']);

function isWord(text: string): boolean {
	return /\p{L}/u.test(text) && !NAMES.has(text.trim());
}

/* The strings that an expression in braces may show: it itself, or a branch of it. */
function literalsIn(node: ts.Expression): string[] {
	if (ts.isStringLiteralLike(node)) return [node.text];
	if (ts.isTemplateExpression(node)) return [node.head.text, ...node.templateSpans.map((span) => span.literal.text)];
	if (ts.isConditionalExpression(node)) return [...literalsIn(node.whenTrue), ...literalsIn(node.whenFalse)];
	if (ts.isBinaryExpression(node)) return literalsIn(node.right);
	if (ts.isParenthesizedExpression(node)) return literalsIn(node.expression);
	return [];
}

/* A name of a class or a type of an input is not shown. */
function isShown(node: ts.JsxExpression | ts.StringLiteral): boolean {
	const { parent } = node;
	return ts.isJsxAttribute(parent) ? SHOWN.has(parent.name.getText()) : ts.isJsxExpression(node);
}

function wordsAt(node: ts.Node): string[] {
	if (ts.isJsxText(node)) return [node.text.trim()];
	if (ts.isStringLiteral(node)) return isShown(node) ? [node.text] : [];
	return ts.isJsxExpression(node) && node.expression && isShown(node) ? literalsIn(node.expression) : [];
}

export function hardCoded(source: string): string[] {
	const found: string[] = [];
	const walk = (node: ts.Node): void => {
		found.push(...wordsAt(node).filter(isWord));
		ts.forEachChild(node, walk);
	};
	walk(ts.createSourceFile('page.tsx', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
	return found;
}
