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

export class EventRows {
  readonly length: number;
  /** Those with a readable time come first. */
  readonly timed: number;
  readonly time: Float64Array<ArrayBuffer>;
  private readonly segments: readonly SegmentColumns[];
  private readonly segment: Codes;
  private readonly local: Codes;
  private readonly gathered = new Map<SingleColumnId, Codes>();
  private things: { start: Codes; codes: Codes } | null = null;

  constructor(
    readonly open: OpenCase,
    readonly rows: Uint32Array,
  ) {
    const n = rows.length;
    this.length = n;
    this.segments = open.columns.segments;
    this.segment = new Uint32Array(n);
    this.local = new Uint32Array(n);
    this.time = new Float64Array(n);
    const indexOf = new Map(this.segments.map((segment, index) => [segment, index]));
    let timed = 0;
    for (let k = 0; k < n; k++) {
      const segment = open.columns.segmentOf(rows[k]);
      const i = rows[k] - segment.base;
      this.segment[k] = indexOf.get(segment) ?? 0;
      this.local[k] = i;
      this.time[k] = segment.time[i];
      if (!Number.isNaN(segment.time[i])) timed++;
    }
    this.timed = timed;
  }

  /** Codes of a column with one value a row. */
  codes(column: SingleColumnId): Codes {
    let out = this.gathered.get(column);
    if (!out) {
      this.dictionary(column);
      const bySegment = this.segments.map((segment) => this.open.codes(segment, column));
      out = new Uint32Array(this.length);
      for (let k = 0; k < out.length; k++) out[k] = bySegment[this.segment[k]][this.local[k]];
      this.gathered.set(column, out);
    }
    return out;
  }

  /** Event k names the resources codes[start[k]] … codes[start[k + 1] - 1]. */
  resources(): { start: Codes; codes: Codes } {
    if (this.things) return this.things;
    const start = new Uint32Array(this.length + 1);
    for (let k = 0; k < this.length; k++) {
      const of = this.segments[this.segment[k]].multi.resource.start;
      start[k + 1] = start[k] + of[this.local[k] + 1] - of[this.local[k]];
    }
    const codes = new Uint32Array(start[this.length]);
    for (let k = 0, n = 0; k < this.length; k++) {
      const { start: from, codes: values } = this.segments[this.segment[k]].multi.resource;
      for (let c = from[this.local[k]]; c < from[this.local[k] + 1]; c++) codes[n++] = values[c];
    }
    this.things = { start, codes };
    return this.things;
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
