// SPDX-License-Identifier: MIT
// Memory to scale, the stretch with the cells magnified, and the same as a table.
import { useState } from 'preact/hooks';
import { t } from '../i18n';
import { type Block, endOf, layOut, lensOf, sizeText } from '../memory';
import { rangeColour } from '../owners';
import type { MemoryRange } from '../types';
import { ownerText } from './owner-text';

interface Props {
	ranges: MemoryRange[];
	cells: string[];
	enabled: boolean;
}

const LABEL_GAP = 13; // percent of the picture that an address below it needs

type Say = (range: MemoryRange) => string;

function sayWith(enabled: boolean): Say {
	return (range) => `${ownerText(range.kind, range.owner, enabled)}: ${range.start}–${endOf(range)}, ${sizeText(range.size)}`;
}

interface BarProps {
	blocks: Block[];
	cells: string[];
	enabled: boolean;
	label: string;
	show: (range: MemoryRange | null) => void;
}

function Bar({ blocks, cells, enabled, label, show }: BarProps) {
	const say = sayWith(enabled);
	return (
		<ul class="bar" aria-label={label}>
			{blocks.map((block) => (
				<li key={block.start} style={{ left: `${block.left}%`, width: `${block.width}%` }}>
					<button type="button" class={`block ${rangeColour(block, cells)}`} aria-label={say(block)}
						onFocus={() => show(block)} onBlur={() => show(null)}
						onMouseEnter={() => show(block)} onMouseLeave={() => show(null)}>
						<span>{ownerText(block.kind, block.owner, enabled)}</span>
					</button>
				</li>
			))}
		</ul>
	);
}

/* Addresses under the starts of ranges, as many as there is room for. */
function Ruler({ blocks }: { blocks: Block[] }) {
	let free = 0;
	const marks = blocks.filter((block) => {
		if (block.left < free || block.left > 100 - 2 * LABEL_GAP) return false;
		free = block.left + LABEL_GAP;
		return true;
	});
	const last = blocks.at(-1);
	return (
		<div class="ruler" aria-hidden="true">
			{marks.map((block) => (
				<span key={block.start} style={{ left: `${block.left}%` }}>
					{block.start}
				</span>
			))}
			{last && <span class="end">{endOf(last)}</span>}
		</div>
	);
}

function LensView({ ranges, cells, enabled, show }: Props & { show: BarProps['show'] }) {
	const lens = lensOf(ranges);
	if (!lens) return null;
	const right = Math.min(lens.left + Math.max(lens.width, 0.2), 100);
	return (
		<div class="lens">
			<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
				<path d={`M${lens.left} 0H${right}L100 10H0Z`} />
			</svg>
			<Bar blocks={lens.blocks} cells={cells} enabled={enabled} label={t('magnified', { times: lens.times })} show={show} />
			<Ruler blocks={lens.blocks} />
		</div>
	);
}

function Table({ blocks, enabled }: { blocks: Block[]; enabled: boolean }) {
	return (
		<details>
			<summary>{t('asTable')}</summary>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
			<section class="scroll" tabIndex={0} aria-label={t('memory')}>
				<table>
					<thead>
						<tr>
							{(['address', 'size', 'owner'] as const).map((key) => (
								<th key={key} scope="col">
									{t(key)}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{blocks.map((range) => (
							<tr key={range.start}>
								<td class="mono">
									{range.start}–{endOf(range)}
								</td>
								<td>{sizeText(range.size)}</td>
								<td>{ownerText(range.kind, range.owner, enabled)}</td>
							</tr>
						))}
					</tbody>
				</table>
			</section>
		</details>
	);
}

export function MemoryMap({ ranges, cells, enabled }: Props) {
	const [shown, show] = useState<MemoryRange | null>(null);
	const blocks = layOut(ranges);
	if (blocks.length === 0) return null;
	return (
		<div class="memory">
			<Bar blocks={blocks} cells={cells} enabled={enabled} label={t('memory')} show={show} />
			<Ruler blocks={blocks} />
			<LensView ranges={ranges} cells={cells} enabled={enabled} show={show} />
			<p class="pointed" aria-hidden="true">
				{shown ? sayWith(enabled)(shown) : t('mapHint')}
			</p>
			<Table blocks={blocks} enabled={enabled} />
		</div>
	);
}
