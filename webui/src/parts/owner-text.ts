// SPDX-License-Identifier: MIT
import { t } from '../i18n';
import type { MemoryKind } from '../types';

/* Linux is a root cell only under the hypervisor. */
export function ownerText(kind: MemoryKind, name: string, enabled: boolean): string {
	if (kind === 'cell') return name;
	if (kind === 'root') return t(enabled ? 'root' : 'linux');
	return t(kind === 'hypervisor' ? 'ownHypervisor' : 'free');
}
