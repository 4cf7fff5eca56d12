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
    parts.push(listOf(list.list, wanted ? among(selected, wanted, list.list) : 0, segment.rows));
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
    list.need(segment.rows);
    parts.push(listOf(list.list, wanted ? shown(segment, wanted, list.list) : 0, segment.rows));
    if (turn.over()) await turn.yield();
  }
  return new EventRows(open, inOrder(open, parts));
}

// Loops of their own: in a function that gives way they are not compiled as well.
function among(selected: RowList, wanted: (i: number) => boolean, list: Uint32Array): number {
  let n = 0;
  for (let k = 0; k < selected.length; k++) if (wanted(selected[k])) list[n++] = selected[k];
  return n;
}

function shown({ rows, state }: SegmentColumns, wanted: (i: number) => boolean, list: Uint32Array): number {
  let n = 0;
  for (let i = 0; i < rows; i++) if ((state[i] & HIDDEN) === 0 && wanted(i)) list[n++] = i;
  return n;
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
