// SPDX-License-Identifier: MIT
import { durationOf, isToday, timeText } from './format';
import { en, type Key } from './strings/en';
import { zh } from './strings/zh';

const kept = localStorage.getItem('language');
const wanted = navigator.language.startsWith('zh') ? 'zh' : 'en';
const language = kept === 'en' || kept === 'zh' ? kept : wanted;
const strings: Record<Key, string> = language === 'zh' ? zh : en;
const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';

export function t(key: Key, values: Record<string, string | number> = {}): string {
	return strings[key].replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}

export function switchLanguage(): void {
	localStorage.setItem('language', language === 'zh' ? 'en' : 'zh');
	location.reload();
}

/* The board counts seconds. The day is left out when it is today. */
export function boardTime(seconds: number): string {
	return timeText(seconds * 1000, locale, !isToday(seconds * 1000));
}

export function clockTime(milliseconds: number): string {
	return timeText(milliseconds, locale, false);
}

export function upTime(seconds: number): string {
	const { days, hours, minutes, seconds: rest } = durationOf(seconds);
	if (days > 0) return t('daysHours', { days, hours });
	if (hours > 0) return t('hoursMinutes', { hours, minutes });
	return minutes > 0 ? t('minutesOnly', { minutes }) : t('secondsOnly', { seconds: rest });
}
