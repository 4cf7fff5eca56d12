/** Counting codes of a column over row lists. Counts of the whole case are kept, so that a large selection is counted by what it leaves out. */
import type { ValueColumnId } from '../../shared/columns.ts';
import type { SegmentColumns } from '../columns/segment-columns.ts';
import { type Matches, type RowList, restOf } from './matching.ts';
import { isMulti, type OpenCase } from './open-case.ts';
import type { Turn } from './turns.ts';

export type Counts = Uint32Array<ArrayBuffer>;

/** Adds `by` (1 or -1) per row to the count of each of its codes; a row without values counts for code 0. */
export function countRows(open: OpenCase, segment: SegmentColumns, column: ValueColumnId, rows: RowList, by: number, counts: Counts): void {
  if (rows.length === 0) return;
  if (isMulti(column)) {
    const { start, codes } = open.multi(segment, column);
    countMulti(start, codes, rows, by, counts);
    return;
  }
  const only = open.onlyCode(segment, column);
  if (only !== null) counts[only] += by * rows.length;
  else countCodes(open.codes(segment, column), rows, by, counts);
}

function countCodes(codes: ArrayLike<number>, rows: RowList, by: number, counts: Counts): void {
  for (let k = 0; k < rows.length; k++) counts[codes[rows[k]]] += by;
}

function countMulti(start: Uint32Array, codes: ArrayLike<number>, rows: RowList, by: number, counts: Counts): void {
  for (let k = 0; k < rows.length; k++) {
    const from = start[rows[k]];
    const to = start[rows[k] + 1];
    if (from === to) counts[0] += by;
    for (let c = from; c < to; c++) counts[codes[c]] += by;
  }
}

/** Counts over all events of the case, kept until the data change. */
export class CaseCounts {
  private generation = -1;
  private readonly kept = new Map<ValueColumnId, Counts>();

  /** Null when they were not counted yet. */
  get(open: OpenCase, column: ValueColumnId): Counts | null {
    if (this.generation !== open.generation) {
      this.kept.clear();
      this.generation = open.generation;
    }
    return this.kept.get(column) ?? null;
  }

  keep(open: OpenCase, column: ValueColumnId, counts: Counts): void {
    if (this.generation === open.generation) this.kept.set(column, counts);
  }
}

/**
 * Counts of a column over the selection. `lenient` adds the rows that only the column's own `in` filters keep out.
 * The array may be a kept one: do not change it.
 */
export async function countColumn(
  open: OpenCase,
  matches: Matches,
  column: ValueColumnId,
  lenient: boolean,
  kept: CaseCounts,
  turn: Turn,
): Promise<Counts> {
  const size = open.dictionary(column).count + 1;
  const own = lenient ? matches.filtered.indexOf(column) : -1;
  let whole = kept.get(open, column);
  const byRest = matches.count * 2 > matches.total;
  if (byRest && !whole) {
    whole = new Uint32Array(size);
    for (const match of matches.segments) {
      countRows(open, match.segment, column, match.selected, 1, whole);
      countRows(open, match.segment, column, restOf(match), 1, whole);
      if (turn.over()) await turn.yield();
    }
    kept.keep(open, column, whole);
  }
  if (byRest && whole && matches.count === matches.total) return whole;
  const counts = byRest && whole ? whole.slice() : new Uint32Array(size);
  for (const match of matches.segments) {
    const { segment, selected, onlyFailed } = match;
    if (byRest) countRows(open, segment, column, restOf(match), -1, counts);
    else countRows(open, segment, column, selected, 1, counts);
    if (own >= 0) countRows(open, segment, column, onlyFailed[own], 1, counts);
    if (turn.over()) await turn.yield();
  }
  return counts;
}
