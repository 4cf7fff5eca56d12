/** Events of several subjects of one column: two looks at the column for all of them. */
import type { DictColumnId } from '../../shared/columns.ts';
import { HIDDEN } from '../columns/segment-columns.ts';
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
  const counts = new Uint32Array(codes.length + 1);
  for (const { dict, rows, state } of open.columns.segments) {
    const own = dict[column];
    for (let i = 0; i < rows; i++) counts[slots[own[i]]] += ~state[i] & HIDDEN;
    if (turn.over()) await turn.yield();
  }
  let room = EVENTS;
  const taken = codes.filter((_, i) => {
    const fits = i === 0 || counts[i + 1] <= room;
    if (fits) room -= counts[i + 1];
    return fits;
  });
  const lists = new Map(taken.map((code) => [slots[code], new Uint32Array(counts[slots[code]])]));
  const filled = new Uint32Array(codes.length + 1);
  for (const { base, dict, rows, state } of open.columns.segments) {
    const own = dict[column];
    for (let i = 0; i < rows; i++) {
      const slot = slots[own[i]];
      if (slot === 0 || state[i] & HIDDEN) continue;
      const list = lists.get(slot);
      if (list) list[filled[slot]++] = base + i;
    }
    if (turn.over()) await turn.yield();
  }
  const found: { code: number; rows: Uint32Array }[] = [];
  for (const code of taken) {
    found.push({ code, rows: sortRows(lists.get(slots[code]) ?? new Uint32Array(0), open.columns, open.groups) });
    if (turn.over()) await turn.yield();
  }
  return found;
}
