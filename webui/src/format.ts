// SPDX-License-Identifier: MIT
// Numbers and times as people read them.

/* "0–2, 5": neighbours are one range. */
export function listText(numbers: number[]): string {
	const runs: [number, number][] = [];
	for (const number of [...numbers].sort((a, b) => a - b)) {
		const last = runs.at(-1);
		if (last && last[1] + 1 === number) last[1] = number;
		else runs.push([number, number]);
	}
	return runs.map(([first, last]) => (first === last ? `${first}` : `${first}\u2013${last}`)).join(', ');
}

/* Indented, with what fits on one line on one line. */
export function jsonText(value: unknown, width = 40, indent = ''): string {
	const flat = JSON.stringify(value, null, 1)?.replace(/\n\s*/g, ' ') ?? 'null';
	if (flat.length + indent.length <= width || typeof value !== 'object' || value === null) return flat;
	const deeper = `${indent}  `;
	const inner = Array.isArray(value)
		? value.map((item) => deeper + jsonText(item, width, deeper))
		: Object.entries(value).map(([key, item]) => `${deeper}${JSON.stringify(key)}: ${jsonText(item, width, deeper)}`);
	const [open, close] = Array.isArray(value) ? '[]' : '{}';
	return `${open}\n${inner.join(',\n')}\n${indent}${close}`;
}

export interface Duration {
	days: number;
	hours: number;
	minutes: number;
	seconds: number;
}

export function durationOf(seconds: number): Duration {
	const whole = Math.floor(seconds);
	return {
		days: Math.floor(whole / 86400),
		hours: Math.floor(whole / 3600) % 24,
		minutes: Math.floor(whole / 60) % 60,
		seconds: whole % 60,
	};
}

export function timeText(milliseconds: number, locale: string, withDay: boolean): string {
	const time = { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false } as const;
	const day = { year: 'numeric', month: 'short', day: 'numeric' } as const;
	return new Intl.DateTimeFormat(locale, withDay ? { ...day, ...time } : time).format(milliseconds);
}

export function isToday(milliseconds: number, now = Date.now()): boolean {
	return new Date(milliseconds).toDateString() === new Date(now).toDateString();
}
