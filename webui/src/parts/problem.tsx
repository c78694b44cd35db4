// SPDX-License-Identifier: MIT
import { t } from '../i18n';
import type { Failure } from '../types';

/* The API's own sentence and remedy; only "no answer" has none and gets ours. */
export function ProblemNote({ problem, title }: { problem: Failure | null; title?: string }) {
	if (!problem) return null;
	const silent = problem.code === 'unreachable';
	return <div class="banner bad" role="alert">
		{title && <strong>{title}</strong>}
		<p>{silent ? t('unreachable') : problem.detail}</p>
		<p class="quiet">{silent ? t('unreachableRemedy') : problem.remedy}</p>
	</div>;
}
