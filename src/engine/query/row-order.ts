/** The global order of events: time, then eventID, then source; events without a time last. A permutation, kept up lazily. */

import { ROW_ID_UUID } from '../../shared/segment.ts';
import type { CaseColumns } from '../columns/case-columns.ts';
import { HIDDEN, type SegmentColumns } from '../columns/segment-columns.ts';
import type { Groups } from './groups.ts';

const NO_ID_WORD = 0xffffffff;
const DIGIT = 0x10000;

export class RowOrder {
  private rows = new Uint32Array(0);
  /** Rows below this were ordered. */
  private ordered = 0;

  constructor(
    private readonly columns: CaseColumns,
    private readonly groups: Groups,
  ) {}

  /** Row indices of all events in order. Call after `groups.update()`. */
  get(): Uint32Array {
    const { columns, groups } = this;
    const { appeared, vanished } = groups.takeChanges();
    if (this.ordered === columns.rows && appeared.length === 0 && vanished === 0) return this.rows;
    const old = vanished === 0 ? this.rows : this.rows.filter((row) => this.shown(row));
    const fresh = new Uint32Array(groups.events - old.length);
    let n = 0;
    // A row can appear, vanish and appear again before anyone asks, and one that vanished first is still in `old`.
    const known = appeared.length > 0 ? new Set(appeared) : null;
    if (known && vanished > 0) for (const row of old) known.delete(row);
    if (known) for (const row of known) if (row < this.ordered && this.shown(row)) fresh[n++] = row;
    for (const segment of columns.segments) {
      if (segment.base + segment.rows <= this.ordered) continue;
      for (let i = Math.max(0, this.ordered - segment.base); i < segment.rows; i++)
        if (!(segment.state[i] & HIDDEN)) fresh[n++] = segment.base + i;
    }
    const added = sortRows(fresh.subarray(0, n), columns, groups);
    this.rows = old.length === 0 ? added : this.merge(old, added);
    this.ordered = columns.rows;
    return this.rows;
  }

  /** Negative when event `a` stands before `b`. */
  compare(a: number, b: number): number {
    return compareRows(a, b, this.columns, this.groups);
  }

  /** The sources of these rows changed: what was ordered with them is sorted anew. */
  touch(segment: SegmentColumns): void {
    if (segment.base >= this.ordered) return;
    this.rows = new Uint32Array(0);
    this.ordered = 0;
  }

  get byteLength(): number {
    return this.rows.byteLength;
  }

  private shown(row: number): boolean {
    const segment = this.columns.segmentOf(row);
    return (segment.state[row - segment.base] & HIDDEN) === 0;
  }

  private merge(a: Uint32Array, b: Uint32Array): Uint32Array<ArrayBuffer> {
    const out = new Uint32Array(a.length + b.length);
    const { columns } = this;
    const timeOf = (row: number): number => {
      const segment = columns.segmentOf(row);
      const t = segment.time[row - segment.base];
      return Number.isNaN(t) ? Number.POSITIVE_INFINITY : t;
    };
    let i = 0;
    let j = 0;
    let n = 0;
    let x = a.length > 0 ? timeOf(a[0]) : 0;
    let y = b.length > 0 ? timeOf(b[0]) : 0;
    while (i < a.length && j < b.length) {
      if (x < y || (x === y && this.compare(a[i], b[j]) < 0)) {
        out[n++] = a[i++];
        if (i < a.length) x = timeOf(a[i]);
      } else {
        out[n++] = b[j++];
        if (j < b.length) y = timeOf(b[j]);
      }
    }
    out.set(i < a.length ? a.subarray(i) : b.subarray(j), n);
    return out;
  }
}

function compareRows(a: number, b: number, columns: CaseColumns, groups: Groups): number {
  const segmentA = columns.segmentOf(a);
  const segmentB = columns.segmentOf(b);
  const s = segmentA.time[a - segmentA.base];
  const t = segmentB.time[b - segmentB.base];
  if (s !== t) {
    if (Number.isNaN(s) !== Number.isNaN(t)) return Number.isNaN(s) ? 1 : -1;
    if (s < t) return -1;
    if (s > t) return 1;
  }
  return groups.compareIds(a, b) || groups.compareSources(a, b);
}

/** Sorts rows into the global order: radix by time and the first word of the eventID, then by hand where these are equal. */
export function sortRows(rows: Uint32Array<ArrayBuffer>, columns: CaseColumns, groups: Groups): Uint32Array<ArrayBuffer> {
  const n = rows.length;
  if (n < 2) return rows.slice();
  const compare = (a: number, b: number): number => compareRows(a, b, columns, groups);
  if (n < 256) return rows.slice().sort(compare);
  const time = new Float64Array(n);
  const word = new Uint32Array(n);
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < n; k++) {
    const segment = columns.segmentOf(rows[k]);
    const i = rows[k] - segment.base;
    const t = segment.time[i];
    time[k] = t;
    word[k] = segment.flags[i] & ROW_ID_UUID ? segment.idWords[i * 4] : NO_ID_WORD;
    if (t < first) first = t;
    if (t > last) last = t;
  }
  // Times as whole milliseconds since the first, split in two words; those without stand one after the last.
  const low = new Uint32Array(n);
  const high = new Uint32Array(n);
  const none = Number.isFinite(last - first) ? Math.floor(last - first) + 1 : 0;
  for (let k = 0; k < n; k++) {
    const offset = time[k] >= first ? Math.floor(time[k] - first) : none;
    low[k] = offset % 0x100000000;
    high[k] = Math.floor(offset / 0x100000000);
  }
  let order: Uint32Array<ArrayBuffer> = Uint32Array.from({ length: n }, (_, k) => k);
  let spare: Uint32Array<ArrayBuffer> = new Uint32Array(n);
  const pass = (keys: Uint32Array, shift: number): void => {
    if (radixPass(keys, shift, order, spare)) [order, spare] = [spare, order];
  };
  pass(word, 0);
  pass(word, 16);
  pass(low, 0);
  pass(low, 16);
  if (none >= 0x100000000) {
    pass(high, 0);
    pass(high, 16);
  }
  for (let k = 0; k < n; k++) spare[k] = rows[order[k]];
  for (let from = 0; from < n; ) {
    let to = from + 1;
    const a = order[from];
    while (to < n && low[order[to]] === low[a] && high[order[to]] === high[a] && word[order[to]] === word[a]) to++;
    if (to - from > 1) spare.subarray(from, to).sort(compare);
    from = to;
  }
  return spare;
}

/** One stable counting pass over 16 bits; false when all digits are equal and nothing was written. */
function radixPass(keys: Uint32Array, shift: number, from: Uint32Array, to: Uint32Array): boolean {
  const counts = new Uint32Array(DIGIT);
  const n = from.length;
  for (let k = 0; k < n; k++) counts[(keys[k] >>> shift) & 0xffff]++;
  if (counts[(keys[0] >>> shift) & 0xffff] === n) return false;
  let sum = 0;
  for (let d = 0; d < DIGIT; d++) {
    const count = counts[d];
    counts[d] = sum;
    sum += count;
  }
  for (let k = 0; k < n; k++) {
    const row = from[k];
    to[counts[(keys[row] >>> shift) & 0xffff]++] = row;
  }
  return true;
}
