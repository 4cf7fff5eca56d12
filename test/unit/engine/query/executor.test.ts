import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distinctColumn } from '../../../../src/engine/query/group-by.ts';
import { EMPTY_SELECTION, type GroupSort } from '../../../../src/shared/plan.ts';
import { caseArb, columnArb, selectionArb, starsArb } from './arbitrary.ts';
import { eventsOf, facet, groups, hasFailed, selected, valuesOf } from './reference.ts';
import { Bench, commitOf, type Row } from './support.ts';

async function benchOf(segments: Row[][], stars: string[]): Promise<Bench> {
  const bench = new Bench();
  bench.attach(...segments.map((rows, i) => commitOf(`c${i}`, rows)));
  bench.star(...stars);
  await bench.settle();
  return bench;
}

describe('a plan over any data', () => {
  it('gives the rows, counts, facets and groups that a row-by-row reading gives', async () => {
    await fc.assert(
      fc.asyncProperty(
        caseArb,
        starsArb,
        fc.array(selectionArb, { minLength: 1, maxLength: 3 }),
        columnArb,
        columnArb,
        fc.boolean(),
        async (segments, stars, selections, column, other, flag) => {
          const bench = await benchOf(segments, stars);
          // A star on a key that names no event, or a copy, is looked up by the engine; the reference only knows exact keys.
          const all = eventsOf(segments.flat(), new Set());
          for (const event of all) event.starred = await starredBy(bench, stars, event.key);
          for (const selection of selections) {
            const mine = selected(all, selection);
            // What was kept of a selection for one question must do for the others.
            if (flag) await bench.ids(selection);
            const [count, page, keys, loose, strict, found, group] = await bench.answers(
              selection,
              { ask: 'count' },
              { ask: 'page', offset: 1, limit: 5, descending: false, columns: ['eventName', 'resource', 'file'] },
              { ask: 'keys', limit: 100, descending: flag },
              { ask: 'facet', column, limit: 2 },
              { ask: 'facet', column, limit: 9, strict: true },
              { ask: 'facet', column, limit: 9, find: 'A' },
              { ask: 'group', by: column, sort: 'value', descending: false, offset: 0, limit: 100, distinct: [other, 'resource'] },
            );
            const times = mine.flatMap((e) => e.time ?? []);
            expect(count).toEqual({
              ask: 'count',
              events: mine.length,
              failed: mine.filter(hasFailed).length,
              denied: mine.filter((e) => e.values.outcome === 'denied').length,
              withoutTime: mine.length - times.length,
              first: times.length > 0 ? Math.min(...times) : null,
              last: times.length > 0 ? Math.max(...times) : null,
              total: all.length,
            });
            expect(page.total).toBe(mine.length);
            expect(page.rows.map(({ row: _, ...rest }) => rest)).toEqual(
              mine.slice(1, 6).map((e) => ({
                key: e.key,
                time: e.time,
                eventID: e.id,
                starred: e.starred,
                copies: e.copies,
                conflict: e.conflict,
                values: [e.values.eventName ?? null, e.resources, valuesOf(e, 'file')[0]],
              })),
            );
            const ordered = flag ? [...mine.filter((e) => e.time !== null).reverse(), ...mine.filter((e) => e.time === null)] : mine;
            expect(keys.keys).toEqual(ordered.map((e) => e.key));
            expect(loose).toEqual(facet(all, selection, column, 2));
            expect(strict).toEqual(facet(all, selection, column, 9, '', true));
            expect(found).toEqual(facet(all, selection, column, 9, 'A'));
            expect(group.rows).toEqual(groups(mine, column, [other, 'resource']));
            for (const [position, event] of ordered.slice(0, 3).entries()) {
              const [at] = await bench.answers(selection, { ask: 'position', key: event.key as never, descending: flag });
              expect(at.position).toBe(position);
            }
          }
          bench.close();
        },
      ),
      { numRuns: 150 },
    );
  });

  it('bins every timed event once, in layers that add up', async () => {
    await fc.assert(
      fc.asyncProperty(caseArb, selectionArb, fc.integer({ min: 2, max: 1000 }), fc.nat(3), async (segments, selection, bins, stackTop) => {
        const bench = await benchOf(segments, []);
        const mine = selected(eventsOf(segments.flat(), new Set()), selection);
        const [plain, stacked] = await bench.answers(
          selection,
          { ask: 'histogram', bins, stackBy: null, stackTop: 0 },
          { ask: 'histogram', bins, stackBy: 'awsRegion', stackTop },
        );
        expect(plain.bins).toBeLessThanOrEqual(bins);
        expect(Math.abs(plain.from % plain.binMs)).toBe(0);
        const expected = new Array(plain.bins).fill(0);
        for (const { time } of mine) if (time !== null) expected[Math.floor((time - plain.from) / plain.binMs)]++;
        expect([...plain.layers[0].counts]).toEqual(expected);
        const sums = new Array(plain.bins).fill(0);
        for (const { counts } of stacked.layers)
          counts.forEach((n, bin) => {
            sums[bin] += n;
          });
        expect(sums).toEqual(expected);
        const named = stacked.layers.filter((l) => !l.other);
        expect(named.map((l) => l.value)).toEqual(
          facet(eventsOf(segments.flat(), new Set()), selection, 'awsRegion', stackTop, '', true).values.map((v) => v.value),
        );
        bench.close();
      }),
      { numRuns: 100 },
    );
  });

  it('sorts groups by every measure, either way, and cuts pages from that order', async () => {
    await fc.assert(
      fc.asyncProperty(
        caseArb,
        fc.constantFrom<GroupSort>(
          'count',
          'failed',
          'denied',
          'writes',
          'first',
          'last',
          'value',
          'distinct:principal',
          'distinct:resource',
        ),
        fc.boolean(),
        async (segments, sort, descending) => {
          const bench = await benchOf(segments, []);
          const column = distinctColumn(sort);
          const distinct = column === null ? [] : [column];
          const rows = groups(eventsOf(segments.flat(), new Set()), 'eventName', distinct);
          const ask = { ask: 'group' as const, by: 'eventName' as const, sort, descending, distinct };
          const [all, second] = await bench.answers(EMPTY_SELECTION, { ...ask, offset: 0, limit: 100 }, { ...ask, offset: 1, limit: 2 });
          expect(all.rows).toHaveLength(rows.length);
          expect(second.rows).toEqual(all.rows.slice(1, 3));
          const keys = all.rows.map((row) => (column === null ? row[sort as keyof typeof row] : row.distinct[0]));
          if (sort === 'value')
            expect(all.rows.map((r) => r.value)).toEqual(descending ? rows.map((r) => r.value).reverse() : rows.map((r) => r.value));
          else {
            const known = keys.filter((k): k is NonNullable<typeof k> => k !== null).map(Number);
            expect(keys.slice(0, known.length).every((k) => k !== null)).toBe(true);
            expect(known).toEqual([...known].sort((a, b) => (descending ? b - a : a - b)));
          }
          bench.close();
        },
      ),
      { numRuns: 60 },
    );
  });
});

async function starredBy(bench: Bench, stars: string[], key: string): Promise<boolean> {
  for (const star of stars) if ((await bench.core.event(star as never))?.key === key) return true;
  return false;
}
