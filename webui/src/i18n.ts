// SPDX-License-Identifier: MIT
import { en, type Key } from './strings/en';
import { zh } from './strings/zh';

export type Language = 'en' | 'zh';
const kept = localStorage.getItem('language');
export const language: Language = kept === 'en' || kept === 'zh' ? kept : navigator.language.startsWith('zh') ? 'zh' : 'en';
document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';

export function t(key: Key, values: Record<string, string> = {}): string {
	return (language === 'zh' ? zh : en)[key].replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
}

export function switchLanguage(): void {
	localStorage.setItem('language', language === 'zh' ? 'en' : 'zh');
	location.reload();
}
