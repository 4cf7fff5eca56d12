/**
 * Events of a selection in the global order, with the columns that an analysis asks for gathered into arrays of their own: position k
 * of each array is the k-th event. Nothing is an object a row.
 */
import type { EpochMs, EventKey } from '../../shared/brand.ts';
import type { MultiColumnId, ValueColumnId } from '../../shared/columns.ts';
import type { Dictionary } from '../columns/dictionary.ts';
import { lowerBound } from '../columns/lower-bound.ts';
import { HIDDEN, type SegmentColumns } from '../columns/segment-columns.ts';
import { isMulti, type OpenCase } from '../query/open-case.ts';
import { sortRows } from '../query/row-order.ts';
import type { Turn } from '../query/turns.ts';

export type SingleColumnId = Exclude<ValueColumnId, MultiColumnId>;
export type Codes = Uint32Array<ArrayBuffer>;

/** Where events of one segment stand: row `local[j]` of the segment is event `at[j]`. */
interface Places {
  segment: SegmentColumns;
  local: Codes;
  at: Codes;
}

export class EventRows {
  readonly length: number;
  /** Those with a readable time come first. */
  readonly timed: number;
  readonly time: Float64Array<ArrayBuffer>;
  private readonly places: Places[];
  private readonly gathered = new Map<SingleColumnId, Codes>();
  private called: { of: Codes; count: number } | null = null;
  private things: { start: Codes; codes: Codes } | null = null;

  constructor(
    readonly open: OpenCase,
    readonly rows: Uint32Array,
  ) {
    const n = rows.length;
    this.length = n;
    this.time = new Float64Array(n);
    const bySegment = new Map<SegmentColumns, number>();
    const segments: SegmentColumns[] = [];
    const sizes: number[] = [];
    const segmentOf = new Uint32Array(n);
    let timed = 0;
    for (let k = 0; k < n; k++) {
      const segment = open.columns.segmentOf(rows[k]);
      let index = bySegment.get(segment);
      if (index === undefined) {
        index = segments.push(segment) - 1;
        sizes.push(0);
        bySegment.set(segment, index);
      }
      segmentOf[k] = index;
      sizes[index]++;
      const t = segment.time[rows[k] - segment.base];
      this.time[k] = t;
      if (!Number.isNaN(t)) timed++;
    }
    this.timed = timed;
    this.places = segments.map((segment, i) => ({ segment, local: new Uint32Array(sizes[i]), at: new Uint32Array(sizes[i]) }));
    sizes.fill(0);
    for (let k = 0; k < n; k++) {
      const place = this.places[segmentOf[k]];
      const j = sizes[segmentOf[k]]++;
      place.local[j] = rows[k] - place.segment.base;
      place.at[j] = k;
    }
  }

  /** Codes of a column with one value a row. */
  codes(column: SingleColumnId): Codes {
    let out = this.gathered.get(column);
    if (!out) {
      this.dictionary(column);
      out = new Uint32Array(this.length);
      for (const { segment, local, at } of this.places) pick(this.open.codes(segment, column), local, at, out);
      this.gathered.set(column, out);
    }
    return out;
  }

  /** Event k names the resources codes[start[k]] … codes[start[k + 1] - 1]. */
  resources(): { start: Codes; codes: Codes } {
    if (this.things) return this.things;
    const start = new Uint32Array(this.length + 1);
    for (const { segment, local, at } of this.places) {
      const from = segment.multi.resource.start;
      for (let j = 0; j < local.length; j++) start[at[j] + 1] = from[local[j] + 1] - from[local[j]];
    }
    for (let k = 0; k < this.length; k++) start[k + 1] += start[k];
    const codes = new Uint32Array(start[this.length]);
    for (const { segment, local, at } of this.places) {
      const { start: from, codes: values } = segment.multi.resource;
      for (let j = 0; j < local.length; j++) {
        let to = start[at[j]];
        for (let c = from[local[j]]; c < from[local[j] + 1]; c++) codes[to++] = values[c];
      }
    }
    this.things = { start, codes };
    return this.things;
  }

  /** A number for the action (service and name) of each event, from 0; `count` actions in all. */
  actions(): { of: Codes; count: number } {
    this.called ??= paired(this.codes('eventName'), this.codes('eventSource'), this.dictionary('eventSource').count);
    return this.called;
  }

  dictionary(column: ValueColumnId): Dictionary {
    return this.open.dictionary(column);
  }

  text(column: SingleColumnId, k: number): string | null {
    return this.dictionary(column).get(this.codes(column)[k]);
  }

  /** The code of a value, 0 when the case does not hold it. */
  code(column: ValueColumnId, value: string): number {
    return this.dictionary(column).find(value);
  }

  resourcesOf(k: number): string[] {
    const { start, codes } = this.resources();
    const dictionary = this.dictionary('resource');
    return Array.from(codes.subarray(start[k], start[k + 1]), (code) => dictionary.get(code) ?? '');
  }

  key(k: number): EventKey {
    return this.open.keys.keyOf(this.rows[k]);
  }

  timeOf(k: number): EpochMs | null {
    return Number.isNaN(this.time[k]) ? null : (this.time[k] as EpochMs);
  }

  /** The first event at or after a time; those without a time do not count. */
  firstAt(time: number): number {
    return lowerBound(this.time.subarray(0, this.timed), time);
  }

  /** Per code of a column: what `test` says of its text; 0 at absent. */
  static marks(dictionary: Dictionary, codes: Iterable<number>, test: (text: string) => boolean): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(dictionary.count + 1);
    const looked = new Uint8Array(dictionary.count + 1);
    for (const code of codes) {
      if (code === 0 || looked[code] === 1) continue;
      looked[code] = 1;
      out[code] = test(dictionary.get(code) ?? '') ? 1 : 0;
    }
    return out;
  }
}

function pick(codes: ArrayLike<number>, local: Codes, at: Codes, out: Codes): void {
  for (let j = 0; j < local.length; j++) out[at[j]] = codes[local[j]];
}

/** A table for so many pairs is quicker than a map. */
const DENSE_PAIRS = 1 << 22;

/** Numbers, from 0, for equal pairs of codes; `largest` is the largest code of b. */
export function paired(a: Codes, b: Codes, largest: number): { of: Codes; count: number } {
  const width = largest + 1;
  let most = 0;
  for (let k = 0; k < a.length; k++) if (a[k] > most) most = a[k];
  const of = new Uint32Array(a.length);
  let count = 0;
  if ((most + 1) * width <= DENSE_PAIRS) {
    const numbers = new Uint32Array((most + 1) * width);
    for (let k = 0; k < of.length; k++) {
      const pair = a[k] * width + b[k];
      if (numbers[pair] === 0) numbers[pair] = ++count;
      of[k] = numbers[pair] - 1;
    }
    return { of, count };
  }
  const numbers = new Map<number, number>();
  for (let k = 0; k < of.length; k++) {
    const pair = a[k] * width + b[k];
    let number = numbers.get(pair);
    if (number === undefined) {
      number = count++;
      numbers.set(pair, number);
    }
    of[k] = number;
  }
  return { of, count };
}

/** Rows of all events that hold a value in a column, in the global order: one look at one column, without the generic matching. */
export async function rowsHolding(open: OpenCase, column: ValueColumnId, value: string, turn: Turn): Promise<Codes> {
  const code = open.dictionary(column).find(value);
  const parts: Codes[] = [];
  let total = 0;
  for (const segment of code === 0 ? [] : open.columns.segments) {
    const { rows, state, base } = segment;
    const part = new Uint32Array(rows + 1);
    let n = 0;
    if (isMulti(column)) {
      const { start, codes } = open.multi(segment, column);
      for (let i = 0; i < rows; i++) {
        let holds = 0;
        for (let c = start[i]; c < start[i + 1]; c++) if (codes[c] === code) holds = 1;
        part[n] = base + i;
        n += holds & ((state[i] & HIDDEN) ^ HIDDEN);
      }
    } else {
      const codes = open.codes(segment, column);
      for (let i = 0; i < rows; i++) {
        if (codes[i] !== code) continue;
        part[n] = base + i;
        n += (state[i] & HIDDEN) ^ HIDDEN;
      }
    }
    parts.push(part.slice(0, n));
    total += n;
    if (turn.over()) await turn.yield();
  }
  const rows = new Uint32Array(total);
  let at = 0;
  for (const part of parts) {
    rows.set(part, at);
    at += part.length;
  }
  return sortRows(rows, open.columns, open.groups);
}
