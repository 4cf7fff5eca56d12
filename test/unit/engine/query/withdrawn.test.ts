/** Withdrawn files: every answer is as if they had never been imported, and as before once they are back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventKey } from '../../../../src/shared/brand.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { caseArb, starsArb } from './arbitrary.ts';
import { Bench, commitOf, ct, type Row, type TestCommit, uuid } from './support.ts';

const key = (n: number): EventKey => `id:${uuid(n)}` as EventKey;

/** Everything a view could ask, without row numbers, which are of no meaning outside the engine. */
async function everything(bench: Bench): Promise<unknown> {
  const [page, ...rest] = await bench.answers(
    EMPTY_SELECTION,
    { ask: 'page', offset: 0, limit: 1000, descending: false, columns: ['eventName', 'file', 'resource', 'starred'] },
    { ask: 'count' },
    { ask: 'facet', column: 'eventName', limit: 50 },
    { ask: 'facet', column: 'file', limit: 50 },
    { ask: 'histogram', bins: 30, stackBy: 'outcome', stackTop: 3 },
    { ask: 'group', by: 'identity', sort: 'count', descending: true, offset: 0, limit: 50, distinct: ['awsRegion'] },
  );
  const { sourceRows, events } = await bench.core.status();
  return { page: page.rows.map(({ row: _, ...row }) => row), rest, sourceRows, events, batch: await bench.core.batchEvents() };
}

const tell = (bench: Bench, commits: readonly TestCommit[], file: string, withdrawn: boolean): void => {
  for (const { id, files } of commits) {
    const told = files.filter((f) => f.path === `/evidence/${file}.json`);
    const facts = told.map((f) => (withdrawn ? { ...f, status: 'withdrawn' as const, records: 0 } : f));
    if (facts.length > 0) bench.send({ type: 'files', commitId: id, files: facts });
  }
};

describe('a withdrawn file', () => {
  it('takes its events out of every answer, and leaves those that another file holds', async () => {
    const commits = [
      commitOf(
        'one',
        ct`
          t | id | file | rich | eventName | errorCode
          0 | 1  | a    | 10   | GetObject | -
          1 | 2  | a    | 12   | PutObject | -
          1 | 2  | b    | 10   | PutObject | -
          9 | -  | a    | 10   | ListKeys  | AccessDenied
        `,
      ),
    ];
    const bench = await Bench.with(...commits);
    bench.star(key(1), key(2));
    tell(bench, commits, 'a', true);
    await bench.settle();
    expect(await bench.ids(EMPTY_SELECTION)).toEqual([uuid(2)]);
    expect(await bench.core.event(key(1))).toBeNull();
    const two = await bench.core.event(key(2));
    expect(two?.copies.map((c) => c.file.path)).toEqual(['/evidence/b.json']);
    expect(await bench.core.missing([key(1), key(2), key(7)])).toEqual([key(1), key(7)]);
    expect(await bench.core.locate(uuid(1))).toEqual({ events: [], columns: [] });
    expect(await bench.core.locate('ListKeys')).toEqual({ events: [], columns: [] });
    expect(await bench.core.batchEvents()).toMatchObject({ records: 1, events: 1, unique: 1, duplicates: 0, withErrorCode: 0 });
    tell(bench, commits, 'a', false);
    await bench.settle();
    expect(await bench.ids(EMPTY_SELECTION)).toHaveLength(3);
    expect((await bench.core.event(key(1)))?.starred).toBe(true);
    bench.close();
  });

  it('is out of a conflict: what is left is an event by its own name', async () => {
    const commits = [
      commitOf(
        'one',
        ct`
          t | id | file | eventName
          0 | 1  | a    | GetObject
          0 | 1  | b    | DeleteBucket
        `,
      ),
    ];
    const bench = await Bench.with(...commits);
    expect((await bench.core.event(key(1)))?.conflicts).toHaveLength(1);
    tell(bench, commits, 'b', true);
    await bench.settle();
    const event = await bench.core.event(key(1));
    expect([event?.values.eventName, event?.conflicts, event?.key]).toEqual(['GetObject', [], key(1)]);
    bench.close();
  });

  it('answers as if it had never been imported, whatever came before or after, and in whatever order', async () => {
    const stepArb = fc.record({ file: fc.constantFrom('a', 'b', 'c'), withdrawn: fc.boolean(), asking: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(caseArb, starsArb, fc.array(stepArb, { maxLength: 8 }), fc.nat(4), async (segments, stars, steps, first) => {
        const commits = segments.map((rows, i) => commitOf(`c${i}`, rows));
        const bench = new Bench();
        const gone = new Set<string>();
        const step = async ({ file, withdrawn, asking }: (typeof steps)[number], known: readonly TestCommit[]): Promise<void> => {
          tell(bench, known, file, withdrawn);
          if (withdrawn) gone.add(file);
          else gone.delete(file);
          if (asking) await bench.core.status();
        };
        // Some of the steps happen before all segments are in; what comes later is told as the store would tell it.
        bench.attach(...commits.slice(0, first));
        for (const s of steps.slice(0, 4)) await step(s, commits.slice(0, first));
        for (const commit of commits.slice(first)) {
          bench.attach(commit);
          for (const file of gone) tell(bench, [commit], file, true);
        }
        for (const s of steps.slice(4)) await step(s, commits);
        bench.star(...stars);
        await bench.settle();

        const held = segments.map((rows): Row[] => rows.filter((row) => !gone.has(row.file))).filter((rows) => rows.length > 0);
        const without = await Bench.with(...held.map((rows, i) => commitOf(`h${i}`, rows)));
        without.star(...stars);
        await without.settle();
        expect(await everything(bench)).toEqual(await everything(without));
        bench.close();
        without.close();
      }),
      { numRuns: 300 },
    );
  });
});
