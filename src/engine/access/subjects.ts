/** Events of several subjects of one column: one look at the column for all of them. */
import type { DictColumnId } from '../../shared/columns.ts';
import type { CodeArray } from '../../shared/segment.ts';
import { HIDDEN, type SegmentColumns } from '../columns/segment-columns.ts';
import type { OpenCase } from '../query/open-case.ts';
import { sortRows } from '../query/row-order.ts';
import type { Turn } from '../query/turns.ts';

export type SubjectColumn = Extract<DictColumnId, 'principal' | 'userName' | 'accessKeyId'>;

/** Events of all subjects together that are looked at; at least the first subject, however many it has. */
const EVENTS = 300_000;

/** Rows of each subject in the global order, of the first ones that have so many events together. */
export async function rowsOfEach(
  open: OpenCase,
  column: SubjectColumn,
  codes: readonly number[],
  turn: Turn,
): Promise<{ code: number; rows: Uint32Array }[]> {
  if (codes.length === 0) return [];
  const slots = new Uint16Array(open.dictionary(column).count + 1);
  for (const [i, code] of codes.entries()) slots[code] = i + 1;
  const lists: number[][] = [[], ...codes.map((): number[] => [])];
  for (const segment of open.columns.segments) {
    collect(segment, segment.dict[column], slots, lists);
    if (turn.over()) await turn.yield();
  }
  let room = EVENTS;
  const found: { code: number; rows: Uint32Array }[] = [];
  for (const [i, code] of codes.entries()) {
    const rows = lists[i + 1];
    if (rows.length === 0 || (i > 0 && rows.length > room)) continue;
    room -= rows.length;
    found.push({ code, rows: sortRows(Uint32Array.from(rows), open.columns, open.groups) });
    if (turn.over()) await turn.yield();
  }
  return found;
}

function collect({ base, rows, state }: SegmentColumns, codes: CodeArray, slots: Uint16Array, lists: readonly number[][]): void {
  for (let i = 0; i < rows; i++) {
    const slot = slots[codes[i]];
    if (slot !== 0 && (state[i] & HIDDEN) === 0) lists[slot].push(base + i);
  }
}
