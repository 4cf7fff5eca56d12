/**
 * Selections that one filter keeps small (the events of a principal): rows are listed by that filter, and all other conditions look at
 * the listed rows only.
 */
import type { SegmentColumns } from '../columns/segment-columns.ts';
import { holdsAt, type RowTest } from './filters.ts';
import { isMulti, type OpenCase } from './open-case.ts';

type List = Uint32Array<ArrayBuffer>;
export type Lead = Extract<RowTest, { test: 'codes' }>;

/** More rows than one in so many of a segment are sooner told by marks a row. */
const FEW = 8;

/** The filter that keeps the smallest part of its column's values, if there is one that keeps some values only. */
export function leadOf(tests: readonly RowTest[]): Lead | null {
  let lead: Lead | null = null;
  let least = 0.5;
  for (const test of tests) {
    if (test.test !== 'codes' || test.not || test.codes[0] === 1) continue;
    let marked = 0;
    for (let code = 1; code < test.codes.length; code++) marked += test.codes[code];
    const share = marked / test.codes.length;
    if (share > least) continue;
    lead = test;
    least = share;
  }
  return lead;
}

/** Writes the rows for which all tests hold, hidden ones among them, into `list`; -1 when the lead leaves too many to list. */
export function listFew(lead: Lead, tests: readonly RowTest[], open: OpenCase, segment: SegmentColumns, list: List): number {
  const most = Math.floor(segment.rows / FEW);
  let n = isMulti(lead.column)
    ? listMulti(open.multi(segment, lead.column), lead.codes, segment.rows, most, list)
    : listSingle(open.codes(segment, lead.column), lead.codes, segment.rows, most, list);
  if (n <= 0) return n;
  const holds = new Uint8Array(n);
  for (const test of tests) {
    if (test === lead || n === 0) continue;
    holdsAt(test, open, segment, list.subarray(0, n), holds);
    const before = n;
    n = 0;
    for (let k = 0; k < before; k++) {
      list[n] = list[k];
      n += holds[k];
    }
  }
  return n;
}

function listSingle(codes: ArrayLike<number>, marked: Uint8Array, rows: number, most: number, list: List): number {
  let n = 0;
  for (let i = 0; i < rows; i++) {
    if (marked[codes[i]] === 0) continue;
    if (n === most) return -1;
    list[n++] = i;
  }
  return n;
}

function listMulti(
  { start, codes }: { start: Uint32Array; codes: ArrayLike<number> },
  marked: Uint8Array,
  rows: number,
  most: number,
  list: List,
): number {
  let n = 0;
  for (let i = 0; i < rows; i++) {
    let any = 0;
    for (let c = start[i]; c < start[i + 1]; c++) any |= marked[codes[c]];
    if (any === 0) continue;
    if (n === most) return -1;
    list[n++] = i;
  }
  return n;
}
