// SPDX-License-Identifier: MIT
import { t } from '../i18n';
import type { CellState } from '../types';

export function State({ state }: { state: CellState }) {
	return <span class={`state ${state}`}>{t(state)}</span>;
}
