/** Few events out of many: one look at the columns in the order of storage, then only what was found is put in order. */

import { EventRows } from '../behaviour/event-rows.ts';
import { HIDDEN, type SegmentColumns } from '../columns/segment-columns.ts';
import { inOrder, listOf, type Matches, type RowList, Scratch } from '../query/matching.ts';
import type { OpenCase } from '../query/open-case.ts';
import type { Turn } from '../query/turns.ts';

/** Says of each row of a segment whether it is wanted; null when none of it can be. */
export type PickTest = (segment: SegmentColumns) => ((i: number) => boolean) | null;

/** Events of the selection. */
export async function pickSelected(open: OpenCase, matches: Matches, test: PickTest, turn: Turn): Promise<EventRows> {
  const list = new Scratch();
  const parts: RowList[] = [];
  for (const { segment, selected } of matches.segments) {
    const wanted = test(segment);
    list.need(segment.rows);
    let n = 0;
    if (wanted) for (let k = 0; k < selected.length; k++) if (wanted(selected[k])) list.list[n++] = selected[k];
    parts.push(listOf(list.list, n, segment.rows));
    if (turn.over()) await turn.yield();
  }
  return new EventRows(open, inOrder(open, parts));
}

/** Events of the whole case. */
export async function pickAll(open: OpenCase, test: PickTest, turn: Turn): Promise<EventRows> {
  const list = new Scratch();
  const parts: RowList[] = [];
  for (const segment of open.columns.segments) {
    const wanted = test(segment);
    const { rows, state } = segment;
    list.need(rows);
    let n = 0;
    if (wanted) for (let i = 0; i < rows; i++) if ((state[i] & HIDDEN) === 0 && wanted(i)) list.list[n++] = i;
    parts.push(listOf(list.list, n, rows));
    if (turn.over()) await turn.yield();
  }
  return new EventRows(open, inOrder(open, parts));
}

/** Per code of a column: 1 at these values. */
export function marksOf(open: OpenCase, column: 'eventName' | 'identityType' | 'errorCode', values: readonly string[]): Uint8Array {
  const dictionary = open.dictionary(column);
  const marks = new Uint8Array(dictionary.count + 1);
  for (const value of values) marks[dictionary.find(value)] = 1;
  marks[0] = 0;
  return marks;
}

export const any = (marks: Uint8Array): boolean => marks.includes(1);
