/** The timeline as numbers: layers, totals, ticks and bins of a histogram answer, without drawing. Pure. */
import type { EpochMs } from '../../../shared/brand.ts';
import type { SingleColumnId } from '../../../shared/columns.ts';
import type { HistogramAnswer, TimeRange } from '../../../shared/plan.ts';
import { formatClock, formatDate } from '../../components/time.ts';
import { type Meaning, meaningOf, valueWords } from '../../components/value-words.ts';

export interface TimelineLayer {
  id: string;
  label: string;
  value: string | null;
  /** Everything beyond the top values; it cannot be filtered for. */
  other: boolean;
  meaning: Meaning | null;
  /** CSS colour. */
  color: string;
  /** Drawn with stripes besides its colour. */
  striped: boolean;
  counts: Uint32Array;
  total: number;
}

export interface Timeline {
  from: number;
  binMs: number;
  bins: number;
  layers: TimelineLayer[];
  /** Events in each bin, over all layers. */
  totals: Uint32Array;
  max: number;
}

const SERIES = 8;
/** Error codes stand in warm colours, so that they stick out from the calls that succeeded. */
const WARM = ['error', 'denied', 'series-6', 'series-4', 'finding', 'series-2', 'series-8', 'series-7'];
/** The meaning that must be seen lies at the bottom of the stack, where its height can be compared. */
const ORDER: Record<Meaning, number> = { denied: 0, error: 1, write: 2, read: 4, success: 5 };

export function buildTimeline(answer: HistogramAnswer, stackBy: SingleColumnId | null): Timeline {
  const { bins } = answer;
  const totals = new Uint32Array(bins);
  let series = 0;
  const layers = answer.layers.map(({ value, other, counts }): TimelineLayer => {
    let total = 0;
    for (let i = 0; i < bins; i++) {
      totals[i] += counts[i];
      total += counts[i];
    }
    const meaning = other || stackBy === null ? null : meaningOf(stackBy, value);
    const plain = other || (stackBy !== null && value === null && meaning === null);
    const color = colorOf();
    function colorOf(): string {
      if (meaning) return `var(--tc-${meaning})`;
      if (plain) return 'var(--tc-series-other)';
      if (stackBy === null) return 'var(--tc-read)';
      const place = series++ % SERIES;
      return stackBy === 'errorCode' ? `var(--tc-${WARM[place]})` : `var(--tc-series-${place + 1})`;
    }
    return {
      id: other ? 'other' : value === null ? 'absent' : `value ${value}`,
      label: other ? 'all others' : stackBy === null ? 'events' : valueWords(stackBy, value),
      value,
      other,
      meaning,
      color,
      striped: meaning === 'denied' || meaning === 'error' || meaning === 'write',
      counts,
      total,
    };
  });
  const rank = (layer: TimelineLayer): number => (layer.meaning ? ORDER[layer.meaning] : layer.other ? 6 : 3);
  layers.sort((a, b) => rank(a) - rank(b));
  let max = 0;
  for (const n of totals) if (n > max) max = n;
  return { from: answer.from, binMs: answer.binMs, bins, layers, totals, max };
}

export const binStart = (t: Timeline, bin: number): number => t.from + bin * t.binMs;
export const timelineEnd = (t: Timeline): number => t.from + t.bins * t.binMs;

/** The bin at a moment, kept inside the chart. */
export const binAt = (t: Timeline, ms: number): number => Math.max(0, Math.min(t.bins - 1, Math.floor((ms - t.from) / t.binMs)));

/** The range of whole bins between two moments, in either order. */
export function brushedRange(t: Timeline, a: number, b: number): TimeRange {
  const low = binAt(t, Math.min(a, b));
  const high = binAt(t, Math.max(a, b));
  return { from: binStart(t, low) as EpochMs, to: binStart(t, high + 1) as EpochMs };
}

/** One path for a layer: a bar for every bin with a count, stacked on the layers below it. */
export function layerPath(t: Timeline, index: number, x: (ms: number) => number, y: (count: number) => number, gap: number): string {
  const { counts } = t.layers[index];
  const parts: string[] = [];
  for (let bin = 0; bin < t.bins; bin++) {
    const count = counts[bin];
    if (count === 0) continue;
    let below = 0;
    for (let i = 0; i < index; i++) below += t.layers[i].counts[bin];
    const left = x(binStart(t, bin));
    const right = Math.max(left + 1, x(binStart(t, bin + 1)) - gap);
    const bottom = y(below);
    // A single event beside thousands must still be seen.
    const top = Math.min(y(below + count), bottom - 1);
    parts.push(`M${left.toFixed(1)} ${bottom.toFixed(1)}H${right.toFixed(1)}V${top.toFixed(1)}H${left.toFixed(1)}Z`);
  }
  return parts.join('');
}

const STEPS = [
  1000,
  2000,
  5000,
  10_000,
  15_000,
  30_000,
  60_000,
  120_000,
  300_000,
  600_000,
  900_000,
  1_800_000,
  3_600_000,
  7_200_000,
  10_800_000,
  21_600_000,
  43_200_000,
  86_400_000,
  2 * 86_400_000,
  7 * 86_400_000,
  14 * 86_400_000,
  30 * 86_400_000,
  91 * 86_400_000,
  365 * 86_400_000,
];

/** Moments for the labels of the axis: whole units in the shown zone, at most `most`. */
export function axisTicks(from: number, to: number, most: number, utc: boolean): number[] {
  const span = to - from;
  if (!(span > 0)) return [from];
  const step = STEPS.find((s) => span / s <= most) ?? Math.ceil(span / most / (365 * 86_400_000)) * 365 * 86_400_000;
  const shift = utc ? 0 : -new Date(from).getTimezoneOffset() * 60_000;
  const ticks: number[] = [];
  for (let at = Math.ceil((from + shift) / step) * step - shift; at <= to && ticks.length <= most; at += step) ticks.push(at);
  return ticks;
}

/** The shortest label that tells the tick from its neighbours: the date at midnight, else the time of day. */
export function tickLabel(ms: number, span: number, utc: boolean): string {
  const clock = formatClock(ms, utc);
  if (clock === '00:00:00') return formatDate(ms, utc).slice(span > 300 * 86_400_000 ? 0 : 5);
  return span <= 10 * 60_000 ? clock : clock.slice(0, 5);
}

/** How long a bin is, in words. */
export function binWords(ms: number): string {
  const units: [number, string][] = [
    [86_400_000 * 28, 'month'],
    [86_400_000 * 7, 'week'],
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1000, 'second'],
  ];
  for (const [size, name] of units) {
    if (ms < size) continue;
    const n = size === units[0][0] ? Math.round(ms / (86_400_000 * 30.4)) || 1 : ms / size;
    if (name === 'week' && !Number.isInteger(n)) continue;
    return n === 1 ? `1 ${name}` : `${Number.isInteger(n) ? n : n.toFixed(1)} ${name}s`;
  }
  return `${ms} ms`;
}

/** Ticks of the count axis: 0 and at most four whole, round numbers; the last is not below the highest bar. */
export function countTicks(max: number): number[] {
  if (max <= 4) return Array.from({ length: Math.max(1, max) + 1 }, (_, i) => i);
  const raw = max / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(1, [1, 2, 2.5, 5, 10].map((f) => f * power).find((s) => s >= raw && Number.isInteger(s)) ?? 10 * power);
  return Array.from({ length: Math.ceil(max / step) + 1 }, (_, i) => i * step);
}

const LEGEND_WIDE = 24;

/** Names for a narrow legend: of long ones what stands behind the last `/` or `:`, unless two were alike then; services without their domain. */
export function legendNames(labels: readonly string[]): string[] {
  const short = labels.map((label) => {
    if (label.endsWith('.amazonaws.com')) return label.slice(0, -'.amazonaws.com'.length);
    const from = Math.max(label.lastIndexOf('/'), label.lastIndexOf(':')) + 1;
    return label.length > LEGEND_WIDE && from < label.length ? label.slice(from) : label;
  });
  return short.map((name, i) => (short.indexOf(name) === short.lastIndexOf(name) ? name : labels[i]));
}
