/**
 * Which events a selection holds. One pass over each segment notes, per row, which conditions failed: none (selected), or exactly
 * the `in` filters of one column, which that column's own facet leaves out. Kept for the next plan with the same selection.
 */
import type { ValueColumnId } from '../../shared/columns.ts';
import type { Selection } from '../../shared/plan.ts';
import { HIDDEN, type SegmentColumns } from '../columns/segment-columns.ts';
import { type Lead, leadOf, listFew } from './few.ts';
import { codesOfValues, codesTest, compileFilter, type RowTest, runTest } from './filters.ts';
import { isMulti, type OpenCase } from './open-case.ts';
import { sortRows } from './row-order.ts';

/** Row numbers within one segment. */
export type RowList = Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

export interface SegmentMatch {
  segment: SegmentColumns;
  selected: RowList;
  /** Events of the segment that are not selected; by `restOf`. */
  rest: RowList | null;
  /** Per column with `in` filters: the events that only these filters keep out. */
  onlyFailed: RowList[];
}

export interface Matches {
  segments: SegmentMatch[];
  /** Columns with `in` filters, in the order of `onlyFailed`. */
  filtered: ValueColumnId[];
  /** `onlyFailed` is filled in. */
  only: boolean;
  /** Selected events. */
  count: number;
  /** Events of the case. */
  total: number;
  /** Selected rows in the global order, made when first asked for. */
  ordered: Uint32Array | null;
}

const OTHER_CONDITION = 1 << 30;

interface Compiled {
  /** `in` filters at the top, by column; the bit of a column is its index. */
  byColumn: { column: ValueColumnId; tests: RowTest[] }[];
  others: RowTest[];
  /** All of them, and the one by which rows are listed where it leaves few. */
  all: RowTest[];
  lead: Lead | null;
  from: number;
  to: number;
  timed: boolean;
}

export function compileSelection(selection: Selection, open: OpenCase): Compiled {
  const byColumn: Compiled['byColumn'] = [];
  const others: RowTest[] = [];
  for (const filter of selection.filters) {
    const test = compileFilter(filter, open);
    if (filter.op !== 'in') {
      others.push(test);
      continue;
    }
    const known = byColumn.find((c) => c.column === filter.column);
    if (known) known.tests.push(test);
    else byColumn.push({ column: filter.column, tests: [test] });
  }
  const hide = (column: ValueColumnId, values: (string | null)[], not: boolean): void => {
    others.push(codesTest(column, codesOfValues(open, column, values), not));
  };
  if (selection.hideReadOnly) hide('readOnly', ['true'], true);
  if (selection.hideServiceCalls) {
    hide('invokedBy', [null], false);
    hide('identityType', ['AWSService'], true);
    hide('sourceIPAddress', ['AWS Internal'], true);
  }
  const { from, to } = selection.time;
  const all = [...byColumn.flatMap(({ tests }) => tests), ...others];
  return {
    byColumn,
    others,
    all,
    lead: leadOf(all),
    from: from ?? Number.NEGATIVE_INFINITY,
    to: to ?? Number.POSITIVE_INFINITY,
    timed: from !== null || to !== null,
  };
}

/** Room for one segment's work; taken anew by every run, since runs take turns between segments. */
export class Scratch {
  private room = 0;
  fails = new Int32Array(0);
  holds = new Uint8Array(0);
  list = new Uint32Array(0);

  need(rows: number): void {
    if (this.room >= rows) return;
    this.room = rows;
    this.fails = new Int32Array(rows);
    this.holds = new Uint8Array(rows);
    this.list = new Uint32Array(rows);
  }
}

/** With `only`, `onlyFailed` is filled in, which a facet of a filtered column needs. */
export function matchSegment(compiled: Compiled, open: OpenCase, segment: SegmentColumns, scratch: Scratch, only: boolean): SegmentMatch {
  scratch.need(segment.rows);
  const few = only ? null : fewRows(compiled, open, segment, scratch);
  if (few) return { segment, selected: few, rest: null, onlyFailed: [] };
  noteFails(compiled, open, segment, scratch);
  return {
    segment,
    selected: rowsWith(0, segment, scratch),
    rest: null,
    onlyFailed: only ? compiled.byColumn.map((_, c) => rowsWith(1 << c, segment, scratch)) : [],
  };
}

/** Selected rows where they can be listed; null where marks a row are quicker. */
function fewRows({ lead, all, from, to, timed }: Compiled, open: OpenCase, segment: SegmentColumns, { list }: Scratch): RowList | null {
  const { rows, time, state, firstTime, lastTime, untimed } = segment;
  if (timed && !(lastTime >= from && firstTime < to)) return listOf(list, 0, rows);
  const found = lead ? listFew(lead, all, open, segment, list) : -1;
  if (found < 0) return null;
  const inside = !timed || (firstTime >= from && lastTime < to && untimed === 0);
  let n = 0;
  for (let k = 0; k < found; k++) {
    const i = list[k];
    if ((state[i] & HIDDEN) === 0 && (inside || (time[i] >= from && time[i] < to))) list[n++] = i;
  }
  return listOf(list, n, rows);
}

/** Shown rows for which exactly these conditions failed. */
function rowsWith(failed: number, { rows, state }: SegmentColumns, { fails, list }: Scratch): RowList {
  let n = 0;
  for (let i = 0; i < rows; i++) {
    list[n] = i;
    n += fails[i] === failed ? (state[i] & HIDDEN) ^ HIDDEN : 0;
  }
  return listOf(list, n, rows);
}

/** Shown rows that are not selected. */
export function restOf(match: SegmentMatch): RowList {
  if (match.rest) return match.rest;
  const { rows, state } = match.segment;
  const { selected } = match;
  const list = new Uint32Array(rows + 1);
  let n = 0;
  let k = 0;
  for (let i = 0; i < rows; i++) {
    list[n] = i;
    const chosen = selected[k] === i ? 1 : 0;
    k += chosen;
    n += (chosen ^ 1) & ~state[i] & HIDDEN;
  }
  match.rest = listOf(list, n, rows);
  return match.rest;
}

function noteFails(compiled: Compiled, open: OpenCase, segment: SegmentColumns, { fails, holds }: Scratch): void {
  const { rows, time } = segment;
  const { from, to, timed } = compiled;
  const outside = timed && !(segment.lastTime >= from && segment.firstTime < to);
  fails.fill(outside ? OTHER_CONDITION : 0, 0, rows);
  if (outside) return;
  if (timed && (segment.firstTime < from || segment.lastTime >= to || segment.untimed > 0)) {
    for (let i = 0; i < rows; i++) if (!(time[i] >= from && time[i] < to)) fails[i] = OTHER_CONDITION;
  }
  const note = (test: RowTest, bit: number): void => {
    if (test.test === 'codes' && !test.not && !isMulti(test.column)) {
      failCodes(fails, open.codes(segment, test.column), test.codes, rows, bit);
      return;
    }
    runTest(test, open, segment, holds);
    addFails(fails, holds, rows, bit);
  };
  for (const test of compiled.others) note(test, OTHER_CONDITION);
  compiled.byColumn.forEach(({ tests }, c) => {
    for (const test of tests) note(test, 1 << c);
  });
}

function addFails(fails: Int32Array, holds: Uint8Array, rows: number, bit: number): void {
  for (let i = 0; i < rows; i++) fails[i] |= (holds[i] - 1) & bit;
}

function failCodes(fails: Int32Array, codes: ArrayLike<number>, marked: Uint8Array, rows: number, bit: number): void {
  for (let i = 0; i < rows; i++) fails[i] |= (marked[codes[i]] - 1) & bit;
}

export function listOf(rows: Uint32Array, length: number, segmentRows: number): RowList {
  const list = segmentRows <= 0x10000 ? new Uint16Array(length) : new Uint32Array(length);
  list.set(rows.subarray(0, length));
  return list;
}

/** Selected rows in the global order. */
export function orderedMatches(matches: Matches, open: OpenCase): Uint32Array {
  matches.ordered ??= inOrder(
    open,
    matches.segments.map(({ selected }) => selected),
  );
  return matches.ordered;
}

/** Shown rows in the global order; `parts`: rows of each segment of the case, ascending. */
export function inOrder(open: OpenCase, parts: readonly RowList[]): Uint32Array {
  const all = open.orderedRows();
  const count = parts.reduce((sum, part) => sum + part.length, 0);
  if (count === all.length) return all;
  const { segments } = open.columns;
  // Few rows are sooner sorted than picked from all.
  if (count * 16 < all.length) {
    const rows = new Uint32Array(count);
    let n = 0;
    for (const [s, part] of parts.entries()) for (let k = 0; k < part.length; k++) rows[n++] = segments[s].base + part[k];
    return sortRows(rows, open.columns, open.groups);
  }
  const picked = new Uint8Array(open.columns.rows);
  for (const [s, part] of parts.entries()) mark(part, segments[s].base, picked);
  const rows = new Uint32Array(count + 1);
  let n = 0;
  for (let k = 0; k < all.length; k++) {
    rows[n] = all[k];
    n += picked[all[k]];
  }
  return rows.subarray(0, n);
}

function mark(part: RowList, base: number, picked: Uint8Array): void {
  for (let k = 0; k < part.length; k++) picked[base + part[k]] = 1;
}

/** How many of the ordered rows have a time; those without come last. */
export function timedCount(ordered: Uint32Array, open: OpenCase): number {
  const untimed = (row: number): number => {
    const segment = open.columns.segmentOf(row);
    return Number.isNaN(segment.time[row - segment.base]) ? 1 : 0;
  };
  let from = 0;
  let to = ordered.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (untimed(ordered[middle])) to = middle;
    else from = middle + 1;
  }
  return from;
}
