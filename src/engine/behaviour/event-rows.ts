/**
 * Events of a selection in the global order, with the columns that an analysis asks for gathered into arrays of their own: position k
 * of each array is the k-th event. Nothing is an object a row.
 */
import type { EpochMs, EventKey } from '../../shared/brand.ts';
import type { MultiColumnId, ValueColumnId } from '../../shared/columns.ts';
import { hashWords, tableSize } from '../../shared/hash.ts';
import type { Dictionary } from '../columns/dictionary.ts';
import { lowerBound } from '../columns/lower-bound.ts';
import { HIDDEN, type MultiCodes, type SegmentColumns } from '../columns/segment-columns.ts';
import { inOrder, listOf, type RowList, Scratch } from '../query/matching.ts';
import { isMulti, type OpenCase } from '../query/open-case.ts';
import type { Turn } from '../query/turns.ts';

export type SingleColumnId = Exclude<ValueColumnId, MultiColumnId>;
export type Codes = Uint32Array<ArrayBuffer>;

/** Rows by which a row's segment is found, as a power of two. */
const GRANULE_BITS = 8;

const NO_ROWS = new Uint32Array(0);

interface Gathered {
  codes: Codes;
  /** Of these events the codes are there. */
  from: number;
  to: number;
}

export class EventRows {
  readonly length: number;
  /** Those with a readable time come first. */
  readonly timed: number;
  readonly time: Float64Array<ArrayBuffer>;
  /** Event k is row local[k] of segment at[k]. */
  private readonly at: Uint16Array | Uint32Array;
  private readonly local: Codes;
  private readonly segments: readonly SegmentColumns[];
  private readonly gathered = new Map<SingleColumnId, Gathered>();
  private called: { of: Codes; count: number } | null = null;
  private things: { start: Codes; codes: Codes } | null = null;

  /** `twins`: rows left out, the second records of calls whose own records are among `rows`. */
  constructor(
    readonly open: OpenCase,
    readonly rows: Uint32Array,
    readonly twins: Uint32Array = NO_ROWS,
  ) {
    const n = rows.length;
    this.length = n;
    // Taken now: a list that grows or is made anew later is another case.
    this.segments = open.columns.segments.slice();
    this.at = this.segments.length <= 0x10000 ? new Uint16Array(n) : new Uint32Array(n);
    this.local = new Uint32Array(n);
    place(this.segments, rows, this.at, this.local);
    this.time = timesOf(this.segments, this.at, this.local);
    let timed = n;
    while (timed > 0 && Number.isNaN(this.time[timed - 1])) timed--;
    this.timed = timed;
  }

  /** Codes of a column with one value a row, of the events from ≤ k < to at least: position k is event k all the same. */
  codes(column: SingleColumnId, from = 0, to = this.length): Codes {
    let held = this.gathered.get(column);
    if (!held) {
      held = { codes: new Uint32Array(this.length), from, to: from };
      this.gathered.set(column, held);
    }
    if (from >= to) return held.codes;
    if (held.from === held.to) held.from = held.to = from;
    if (from < held.from) this.gather(column, held.codes, from, held.from);
    if (to > held.to) this.gather(column, held.codes, held.to, to);
    held.from = Math.min(held.from, from);
    held.to = Math.max(held.to, to);
    return held.codes;
  }

  private gather(column: SingleColumnId, out: Codes, from: number, to: number): void {
    const derived = this.open.derived(column);
    if (derived) {
      derived.codesOf(this.codes(derived.from, from, to), derived.beside && this.codes(derived.beside, from, to), out, from, to);
      return;
    }
    // Some columns are made when their dictionary is asked for.
    if (this.dictionary(column).count === 0) return;
    const codes = this.segments.map((s) => this.open.codes(s, column));
    gather(codes, this.at, this.local, out, from, to);
  }

  /** Event k names the resources codes[start[k]] … codes[start[k + 1] - 1]. */
  resources(): { start: Codes; codes: Codes } {
    if (this.things) return this.things;
    const { at, local, segments, length } = this;
    const start = new Uint32Array(length + 1);
    const starts = segments.map((s) => s.multi.resource.start);
    for (let k = 0; k < length; k++) {
      const from = starts[at[k]];
      start[k + 1] = start[k] + from[local[k] + 1] - from[local[k]];
    }
    const codes = new Uint32Array(start[length]);
    const values = segments.map((s) => s.multi.resource.codes);
    for (let k = 0; k < length; k++) {
      const from = starts[at[k]][local[k]] - start[k];
      const own = values[at[k]];
      for (let c = start[k]; c < start[k + 1]; c++) codes[c] = own[from + c];
    }
    this.things = { start, codes };
    return this.things;
  }

  /** A number for the action (service and name) of each event, from 0; `count` actions in all. */
  actions(): { of: Codes; count: number } {
    this.called ??= paired(this.codes('eventName'), this.codes('eventSource'), this.dictionary('eventSource').count);
    return this.called;
  }

  /** Of a column that is read off another it holds the values that were met until now: its codes are asked for first. */
  dictionary(column: ValueColumnId): Dictionary {
    return this.open.derived(column)?.met() ?? this.open.dictionary(column);
  }

  text(column: SingleColumnId, k: number): string | null {
    const dictionary = this.dictionary(column);
    const held = this.gathered.get(column);
    // A few texts are not worth a gathered column.
    const is = held !== undefined && k >= held.from && k < held.to;
    return dictionary.get(is ? held.codes[k] : this.open.codeAt(this.segments[this.at[k]], this.local[k], column));
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
  static marks(dictionary: Dictionary, codes: Codes, test: (text: string) => boolean): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(dictionary.count + 1);
    const looked = new Uint8Array(dictionary.count + 1);
    for (let k = 0; k < codes.length; k++) {
      const code = codes[k];
      if (code === 0 || looked[code] === 1) continue;
      looked[code] = 1;
      out[code] = test(dictionary.get(code) ?? '') ? 1 : 0;
    }
    return out;
  }
}

/** Segment and row in it of each of these rows. */
function place(segments: readonly SegmentColumns[], rows: Uint32Array, at: Uint16Array | Uint32Array, local: Codes): void {
  const bases = Uint32Array.from([...segments.map((s) => s.base), 0xffffffff]);
  const last = segments.at(-1);
  // The segment of the first row of each granule.
  const granules = new Uint32Array(((last ? last.base + last.rows : 0) >>> GRANULE_BITS) + 1);
  for (let g = 0, s = 0; g < granules.length; g++) {
    while (s < segments.length - 1 && bases[s + 1] <= g << GRANULE_BITS) s++;
    granules[g] = s;
  }
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k];
    let s = granules[row >>> GRANULE_BITS];
    while (row >= bases[s + 1]) s++;
    at[k] = s;
    local[k] = row - bases[s];
  }
}

/** Read along the order, so that each segment is read from its beginning to its end. */
function gather(
  values: readonly ArrayLike<number>[],
  at: Uint16Array | Uint32Array,
  local: Codes,
  out: Codes,
  from: number,
  to: number,
): void {
  for (let k = from; k < to; k++) out[k] = values[at[k]][local[k]];
}

function timesOf(segments: readonly SegmentColumns[], at: Uint16Array | Uint32Array, local: Codes): Float64Array<ArrayBuffer> {
  const times = segments.map((s) => s.time);
  const out = new Float64Array(local.length);
  for (let k = 0; k < out.length; k++) out[k] = times[at[k]][local[k]];
  return out;
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
  return { of, count: numberPairs(a, b, of) };
}

/** Writes the numbers by a table with open addresses, hashed so that no evidence can be made to collide; gives how many there are. */
function numberPairs(a: Codes, b: Codes, of: Codes): number {
  const size = tableSize(of.length);
  // Number + 1 of the pair at a place, and the first event that has each number.
  const places = new Uint32Array(size);
  const first = new Uint32Array(of.length);
  const pair = new Uint32Array(4);
  let count = 0;
  for (let k = 0; k < of.length; k++) {
    pair[0] = a[k];
    pair[1] = b[k];
    let place = hashWords(pair, 0) & (size - 1);
    for (; places[place] !== 0; place = (place + 1) & (size - 1)) {
      const known = first[places[place] - 1];
      if (a[known] === a[k] && b[known] === b[k]) break;
    }
    if (places[place] === 0) {
      first[count] = k;
      places[place] = ++count;
    }
    of[k] = places[place] - 1;
  }
  return count;
}

/** Rows of all events that hold a value in a column, in the global order: one look at one column, without the generic matching. */
export async function rowsHolding(open: OpenCase, column: ValueColumnId, value: string, turn: Turn): Promise<Uint32Array> {
  const code = open.dictionary(column).find(value);
  const parts: RowList[] = [];
  if (code === 0) return new Uint32Array(0);
  const list = new Scratch();
  for (const segment of open.columns.segments) {
    list.need(segment.rows);
    const n = isMulti(column)
      ? holdingAny(open.multi(segment, column), code, segment, list.list)
      : holding(open.codes(segment, column), code, segment, list.list);
    parts.push(listOf(list.list, n, segment.rows));
    if (turn.over()) await turn.yield();
  }
  return inOrder(open, parts);
}

function holding(codes: ArrayLike<number>, code: number, { rows, state }: SegmentColumns, list: Codes): number {
  let n = 0;
  for (let i = 0; i < rows; i++) if (codes[i] === code && (state[i] & HIDDEN) === 0) list[n++] = i;
  return n;
}

function holdingAny({ start, codes }: MultiCodes, code: number, { rows, state }: SegmentColumns, list: Codes): number {
  let n = 0;
  for (let i = 0; i < rows; i++) {
    let holds = false;
    for (let c = start[i]; c < start[i + 1]; c++) if (codes[c] === code) holds = true;
    if (holds && (state[i] & HIDDEN) === 0) list[n++] = i;
  }
  return n;
}
