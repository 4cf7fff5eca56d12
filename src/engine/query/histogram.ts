/** Counts over time in bins of a plain width, aligned to 1970-01-01T00:00:00Z, so that the same selection always has the same bins. */
import type { EpochMs } from '../../shared/brand.ts';
import type { SingleColumnId } from '../../shared/columns.ts';
import type { HistogramAnswer, Selection } from '../../shared/plan.ts';
import { type CaseCounts, countColumn } from './counting.ts';
import { topCodes } from './facets.ts';
import type { Matches } from './matching.ts';
import type { OpenCase } from './open-case.ts';
import type { Turn } from './turns.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30 * DAY;
export const MAX_BINS = 1000;
const BIN_WIDTHS = [
  SECOND,
  5 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  7 * DAY,
  MONTH,
];

export interface Bins {
  from: EpochMs;
  binMs: number;
  bins: number;
}

/** The narrowest plain width that covers [from, to) in at most `most` bins; beyond a month, twice as many months each time. */
export function plainBins(from: number, to: number, most: number): Bins {
  const limit = Math.min(Math.max(Math.floor(most) || 1, 1), MAX_BINS);
  for (let i = 0; ; i++) {
    const binMs = BIN_WIDTHS[i] ?? MONTH * 2 ** (i - BIN_WIDTHS.length + 1);
    const first = Math.floor(from / binMs);
    const bins = Math.max(0, Math.ceil(to / binMs) - first);
    // A span across a bin's edge needs two bins however wide they are, when the edge is 1970.
    if (bins <= limit || (bins === 2 && binMs > to - from && from < 0 && to > 0)) return { from: (first * binMs) as EpochMs, binMs, bins };
  }
}

/** The time that the bins of a selection cover: its own range, and where that is open, the case's. */
function rangeOf(selection: Selection, open: OpenCase): { from: number; to: number } | null {
  const { from, to } = selection.time;
  const span = from === null || to === null ? open.span() : null;
  if ((from === null || to === null) && !span) return null;
  return { from: from ?? (span?.first as number), to: to ?? (span?.last as number) + 1 };
}

/** The bins of a selection; none when it covers no time. */
export function binsOf(selection: Selection, open: OpenCase, most: number): Bins {
  const range = rangeOf(selection, open);
  return range && range.from < range.to ? plainBins(range.from, range.to, most) : { from: 0 as EpochMs, binMs: SECOND, bins: 0 };
}

export async function histogramAnswer(
  ask: { bins: number; stackBy: SingleColumnId | null; stackTop: number },
  selection: Selection,
  open: OpenCase,
  matches: Matches,
  kept: CaseCounts,
  turn: Turn,
): Promise<HistogramAnswer> {
  const { from, binMs, bins } = binsOf(selection, open, ask.bins);
  const answer = (layers: HistogramAnswer['layers']): HistogramAnswer => ({ ask: 'histogram', from, binMs, layers, bins });
  if (ask.stackBy === null) {
    const counts = new Uint32Array(bins);
    for (const { segment, selected } of matches.segments) {
      countBins(segment.time, selected, from, binMs, counts);
      if (turn.over()) await turn.yield();
    }
    return answer([{ value: null, other: false, counts }]);
  }
  const dictionary = open.dictionary(ask.stackBy);
  const totals = await countColumn(open, matches, ask.stackBy, false, kept, turn);
  const { codes, distinct } = topCodes(totals, dictionary, Math.min(Math.max(Math.floor(ask.stackTop) || 0, 0), 100), null);
  const layerOf = new Uint8Array(totals.length).fill(codes.length);
  codes.forEach((code, layer) => {
    layerOf[code] = layer;
  });
  const stacked = new Uint32Array(bins * (codes.length + 1));
  for (const { segment, selected } of matches.segments) {
    countStacked(segment.time, open.codes(segment, ask.stackBy), layerOf, selected, from, binMs, bins, stacked);
    if (turn.over()) await turn.yield();
  }
  const layers: HistogramAnswer['layers'] = Array.from(codes, (code, layer) => ({
    value: dictionary.get(code),
    other: false,
    counts: stacked.slice(layer * bins, (layer + 1) * bins),
  }));
  if (distinct > codes.length) layers.push({ value: null, other: true, counts: stacked.slice(codes.length * bins) });
  return answer(layers);
}

function countBins(time: Float64Array, rows: ArrayLike<number>, from: number, binMs: number, counts: Uint32Array): void {
  for (let k = 0; k < rows.length; k++) {
    const bin = Math.floor((time[rows[k]] - from) / binMs);
    if (bin >= 0 && bin < counts.length) counts[bin]++;
  }
}

function countStacked(
  time: Float64Array,
  codes: ArrayLike<number>,
  layerOf: Uint8Array,
  rows: ArrayLike<number>,
  from: number,
  binMs: number,
  bins: number,
  counts: Uint32Array,
): void {
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k];
    const bin = Math.floor((time[row] - from) / binMs);
    if (bin >= 0 && bin < bins) counts[layerOf[codes[row]] * bins + bin]++;
  }
}
