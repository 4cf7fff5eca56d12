import fc from 'fast-check';
import { expect, it } from 'vitest';
import { distinctOfAll } from '../../../../src/engine/query/distinct-counts.ts';
import { compileSelection, type Matches, matchSegment, Scratch } from '../../../../src/engine/query/matching.ts';
import { OpenCase } from '../../../../src/engine/query/open-case.ts';
import { Turn } from '../../../../src/engine/query/turns.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { commitOf, type Row } from './support.ts';

const rowArb = fc.record({
  name: fc.constantFrom('a', 'b', 'c', ''),
  resources: fc.uniqueArray(fc.constantFrom('r1', 'r2', 'r3', 'r4', 'r5'), { maxLength: 4 }),
});

it('sorted pairs give the numbers that bit sets give, for columns of one and of several values', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(rowArb, { minLength: 1, maxLength: 60 }), async (drawn) => {
      const rows = drawn.map(
        ({ name, resources }, i): Row => ({
          time: i,
          id: String(i),
          richness: 1,
          file: 'a',
          record: i,
          insight: false,
          values: name === '' ? {} : { eventName: name },
          resources,
        }),
      );
      const open = new OpenCase();
      const commit = commitOf('c', rows);
      open.attach(commit.attached, commit.buffer, null);
      open.update();
      const compiled = compileSelection(EMPTY_SELECTION, open);
      const scratch = new Scratch();
      const segments = open.columns.segments.map((s) => matchSegment(compiled, open, s, scratch, false));
      const matches: Matches = { segments, filtered: [], only: false, count: rows.length, total: rows.length, ordered: null };
      const turn = new Turn(() => undefined, null);
      for (const [by, column] of [
        ['eventName', 'resource'],
        ['resource', 'eventName'],
      ] as const) {
        const max = open.dictionary(by).count;
        const codes = Uint32Array.from({ length: max + 1 }, (_, code) => code);
        const bits = await distinctOfAll(codes, max, by, column, open, matches, turn);
        const pairs = await distinctOfAll(codes, max, by, column, open, matches, turn, 0);
        expect([...pairs]).toEqual([...bits]);
      }
    }),
    { numRuns: 60 },
  );
});
