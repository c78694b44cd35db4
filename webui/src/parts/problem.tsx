// SPDX-License-Identifier: MIT
import { t } from '../i18n';
import type { Failure, Problem } from '../types';

/* The API's own sentence and remedy; only "no answer" has none and gets ours. */
export function ProblemNote({ problem, title }: { problem: Failure | Problem | null | undefined; title?: string }) {
	if (!problem) return null;
	const silent = problem.code === 'unreachable';
	const more = 'errors' in problem && problem.errors ? problem.errors.slice(1) : [];
	return (
		<div class="banner bad" role="alert">
			{title && <strong>{title}</strong>}
			<p lang={silent ? undefined : 'en'}>{silent ? t('unreachable') : problem.detail}</p>
			{more.map((error) => (
				<p key={error.detail} lang="en">
					{error.detail}
				</p>
			))}
			<p class="remedy" lang={silent ? undefined : 'en'}>
				{silent ? t('unreachableRemedy') : problem.remedy}
			</p>
		</div>
	);
}
