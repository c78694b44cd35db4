// SPDX-License-Identifier: MIT
// The board as a picture, and the same as a table.
import { t } from '../i18n';
import { layOut, ownerColour, sizeText } from '../memory';
import type { Cell, MemoryRange, System } from '../types';

interface Props { system: System; root: string | null; cells: Cell[] }

const endOf = (range: MemoryRange) => `0x${(BigInt(range.start) + BigInt(range.size) - 1n).toString(16)}`;
const said = (range: MemoryRange) => `${range.owner || t('free')}: ${range.start}\u2013${endOf(range)}, ${sizeText(range.size)}`;

function colourOf(range: MemoryRange, { root, cells }: Props): string {
	if (range.kind === 'cell') return `o${ownerColour(range.owner, root, cells.map((cell) => cell.name))}`;
	return range.kind;
}

function Cpus(props: Props) {
	return <ul class="cpus" aria-label={t('cpus')}>{props.system.cpus.map((cpu) => {
		const colour = ownerColour(cpu.owner, props.root, props.cells.map((cell) => cell.name));
		return <li key={cpu.id} class={`cpu o${colour}`}><b>{t('cpu')} {cpu.id}</b><span>{cpu.owner || t('root')}</span></li>;
	})}</ul>;
}

function Memory(props: Props) {
	return <svg class="memory" viewBox="0 0 1000 56" preserveAspectRatio="none" role="group" aria-label={t('memory')}>
		{layOut(props.system.memory).map((block) =>
			<rect key={block.start} class={colourOf(block, props)} x={block.left} y="0" height="56" tabIndex={0} role="img"
				width={Math.max(block.width, 2)} aria-label={said(block)}><title>{said(block)}</title></rect>)}
	</svg>;
}

function MemoryTable({ system }: Props) {
	return <details><summary>{t('asTable')}</summary><div class="scroll" tabIndex={0} role="region" aria-label={t('memory')}><table>
		<thead><tr>{(['address', 'size', 'owner', 'kind'] as const).map((key) => <th key={key} scope="col">{t(key)}</th>)}</tr></thead>
		<tbody>{layOut(system.memory).map((range) => <tr key={range.start}><td>{range.start}{'\u2013'}{endOf(range)}</td>
			<td>{sizeText(range.size)}</td><td>{range.owner || '\u2013'}</td><td>{t(range.kind)}</td></tr>)}</tbody>
	</table></div></details>;
}

export function Board(props: Props) {
	return <section class="card" aria-labelledby="board">
		<h2 id="board">{props.system.board || props.system.name} <small>{props.system.model}</small></h2>
		<Cpus {...props} /><Memory {...props} /><MemoryTable {...props} />
		<p class="quiet">{t('kernel')} {props.system.kernel} · {t('up')} {Math.floor(props.system.uptime_seconds / 60)} {t('minutes')} · Rotunda {props.system.version}</p>
	</section>;
}
