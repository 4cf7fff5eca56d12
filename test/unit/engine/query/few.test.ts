/** A filter that leaves few rows of a segment is listed first: the answers are those of a row-by-row reading, whatever else is asked of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Filter } from '../../../../src/shared/plan.ts';
import { caseArb, selectionArb } from './arbitrary.ts';
import { eventsOf, groups, selected } from './reference.ts';
import { Bench, commitOf, DAY_ONE, type Row } from './support.ts';

const FILLERS = 48;
const leadArb = fc.constantFrom<Filter[]>(
  { op: 'in', column: 'eventName', values: ['GetObject', 'nowhere'] },
  { op: 'in', column: 'errorCode', values: ['AccessDenied'] },
  { op: 'in', column: 'resource', values: ['i-1'] },
  { op: 'in', column: 'resource', values: ['i-1', 'arn:aws:s3:::x'] },
);

/** Rows among which those of the drawn segment are few. */
const among = (rows: Row[], segment: number): Row[] => [
  ...rows,
  ...Array.from(
    { length: FILLERS },
    (_, i): Row => ({
      time: i % 7 === 0 ? null : DAY_ONE + (i % 5) * 1000,
      id: null,
      richness: 1,
      file: `filler${segment}`,
      record: i,
      insight: false,
      values: { eventName: `Filler${i}`, readOnly: i % 2 === 0 ? 'true' : 'false' },
      resources: i % 3 === 0 ? [`filler-${i}`] : [],
    }),
  ),
];

describe('a selection that one filter keeps small', () => {
  it('has the events and groups that a row-by-row reading gives', async () => {
    await fc.assert(
      fc.asyncProperty(caseArb, leadArb, selectionArb, async (segments, lead, rest) => {
        const filled = segments.map(among);
        const bench = await Bench.with(...filled.map((rows, i) => commitOf(`c${i}`, rows)));
        const selection = { ...rest, filters: [...rest.filters, lead] };
        const mine = selected(eventsOf(filled.flat(), new Set()), selection);
        const [keys, group] = await bench.answers(
          selection,
          { ask: 'keys', limit: 1000, descending: false },
          { ask: 'group', by: 'readOnly', sort: 'count', descending: true, offset: 0, limit: 10, distinct: [] },
        );
        expect(keys.keys).toEqual(mine.map((e) => e.key));
        const expected = groups(mine, 'readOnly', []);
        expect(group.groups).toBe(expected.length);
        expect(new Map(group.rows.map((row) => [row.value, row]))).toEqual(new Map(expected.map((row) => [row.value, row])));
        bench.close();
      }),
      { numRuns: 150 },
    );
  });
});
