/**
 * Counts by row and hour, sparse: only hours with events are held, whatever the span. Where rows × span is small a flat table finds
 * an hour's slot; where hostile times spread over millennia, a map does.
 */
import { COVERAGE_CATEGORIES, DAY_MS, HOUR_MS } from '../../shared/coverage.ts';

export const CATEGORIES = COVERAGE_CATEGORIES.length;
const MAX_TABLE = 1 << 22;

export interface SparseBins {
  binMs: number;
  start: Uint32Array<ArrayBuffer>;
  bin: Float64Array<ArrayBuffer>;
  counts: Uint32Array<ArrayBuffer>;
}

export class HourCounts {
  private readonly table: Uint32Array | null;
  private readonly map = new Map<number, number>();
  private readonly span: number;
  private slots = 0;
  private row = new Uint32Array(1024);
  private hour = new Float64Array(1024);
  private counts = new Uint32Array(1024 * CATEGORIES);

  /** All hours that are added lie in [from, to]. */
  constructor(
    private readonly rows: number,
    private readonly from: number,
    to: number,
  ) {
    this.span = to - from + 1;
    this.table = rows * this.span <= MAX_TABLE ? new Uint32Array(Math.max(0, rows * this.span)) : null;
  }

  add(row: number, hour: number, category: number): void {
    const key = row * this.span + (hour - this.from);
    let slot = this.table ? this.table[key] : (this.map.get(key) ?? 0);
    if (slot === 0) {
      slot = this.push(row, hour);
      if (this.table) this.table[key] = slot;
      else this.map.set(key, slot);
    }
    this.counts[(slot - 1) * CATEGORIES + category]++;
  }

  /** The rows `order` in that order, each by hour. */
  finish(order: Uint32Array): SparseBins {
    const start = new Uint32Array(order.length + 1);
    const slots = new Uint32Array(this.slots);
    const { table, span } = this;
    let n = 0;
    const offsets = table ? null : this.offsetsByRow();
    for (let i = 0; i < order.length; i++) {
      const base = order[i] * span;
      if (table) n = slotsOf(table, base, base + span, slots, n);
      else for (const offset of offsets?.(order[i]) ?? []) slots[n++] = (this.map.get(base + offset) as number) - 1;
      start[i + 1] = n;
    }
    const kept = slots.subarray(0, n);
    return { binMs: HOUR_MS, start, bin: hoursOf(this.hour, kept), counts: countsOf(this.counts, kept) };
  }

  /** For the map: the hours of a row after `from`, ascending. */
  private offsetsByRow(): (row: number) => Float64Array {
    const ends = new Uint32Array(this.rows + 1);
    for (let s = 0; s < this.slots; s++) ends[this.row[s] + 1]++;
    for (let i = 0; i < this.rows; i++) ends[i + 1] += ends[i];
    const next = ends.slice();
    const offsets = new Float64Array(this.slots);
    for (let s = 0; s < this.slots; s++) offsets[next[this.row[s]]++] = this.hour[s] - this.from;
    return (row) => offsets.subarray(ends[row], ends[row + 1]).sort();
  }

  private push(row: number, hour: number): number {
    if (this.slots === this.row.length) {
      this.row = doubled(this.row, Uint32Array);
      this.hour = doubled(this.hour, Float64Array);
      this.counts = doubled(this.counts, Uint32Array);
    }
    this.row[this.slots] = row;
    this.hour[this.slots] = hour;
    return ++this.slots;
  }
}

function slotsOf(table: Uint32Array, from: number, to: number, slots: Uint32Array, at: number): number {
  let n = at;
  for (let key = from; key < to; key++) if (table[key] !== 0) slots[n++] = table[key] - 1;
  return n;
}

function hoursOf(hours: Float64Array, slots: Uint32Array): Float64Array<ArrayBuffer> {
  const out = new Float64Array(slots.length);
  for (let i = 0; i < slots.length; i++) out[i] = hours[slots[i]];
  return out;
}

function countsOf(counts: Uint32Array, slots: Uint32Array): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(slots.length * CATEGORIES);
  for (let i = 0, to = 0; i < slots.length; i++) {
    let from = slots[i] * CATEGORIES;
    for (const end = from + CATEGORIES; from < end; ) out[to++] = counts[from++];
  }
  return out;
}

function doubled<T extends Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(array: T, make: new (length: number) => T): T {
  const next = new make(array.length * 2);
  next.set(array);
  return next;
}

/** The same counts in wider bins until there are at most `most`: days, then twice as many days each time. */
export function coarsened(bins: SparseBins, most: number): SparseBins {
  let at = bins;
  const most1 = Math.max(most, bins.start.length - 1);
  for (let width = DAY_MS; at.bin.length > most1; width *= 2) at = rebinned(bins, width);
  return at;
}

function rebinned({ binMs, start, bin, counts }: SparseBins, width: number): SparseBins {
  const starts = new Uint32Array(start.length);
  const into = new Float64Array(bin.length);
  const sums = new Uint32Array(counts.length);
  let n = 0;
  for (let row = 0; row + 1 < start.length; row++) {
    const first = n;
    for (let i = start[row]; i < start[row + 1]; i++) {
      const wide = Math.floor((bin[i] * binMs) / width);
      if (n === first || into[n - 1] !== wide) into[n++] = wide;
      for (let c = 0; c < CATEGORIES; c++) sums[(n - 1) * CATEGORIES + c] += counts[i * CATEGORIES + c];
    }
    starts[row + 1] = n;
  }
  return { binMs: width, start: starts, bin: into.slice(0, n), counts: sums.slice(0, n * CATEGORIES) };
}
