import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Remap } from '../../../../src/shared/engine.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { caseArb, columnArb, selectionArb, starsArb } from './arbitrary.ts';
import { Bench, commitOf, ct, DAY_ONE, type TestCommit } from './support.ts';

type Consolidated = Extract<Awaited<ReturnType<Bench['consolidate']>>, { type: 'consolidated' }>;

async function consolidated(bench: Bench): Promise<Consolidated> {
  const answer = await bench.consolidate();
  if (answer.type !== 'consolidated') throw new Error(`answered ${answer.type}`);
  return answer;
}

const withRemap = (commit: TestCommit, remaps: Remap[]): TestCommit & { remap?: Remap } => ({
  ...commit,
  remap: remaps.find((r) => r.commitId === commit.id),
});

describe('consolidation', () => {
  it('lets a case be opened again with the same answers, whatever part of it was consolidated', async () => {
    await fc.assert(
      fc.asyncProperty(caseArb, starsArb, selectionArb, columnArb, fc.nat(4), async (segments, stars, selected, column, cut) => {
        const commits = segments.map((rows, i) => commitOf(`c${i}`, rows));
        const first = new Bench();
        first.attach(...commits.slice(0, cut));
        const early = await consolidated(first);
        first.attach(...commits.slice(cut, cut + 1));
        const late = await consolidated(first);
        first.attach(...commits.slice(cut + 1));
        first.star(...stars);
        await first.settle();

        const again = new Bench();
        const chunks = [...early.chunks, ...late.chunks];
        const remaps = [...early.remaps, ...late.remaps];
        expect(remaps).toHaveLength(Math.min(cut + 1, commits.length));
        if (chunks.length > 0) again.send({ type: 'dictionaries', chunks });
        for (const { id, files } of commits) again.send({ type: 'files', commitId: id, files });
        again.attach(...commits.map((commit) => withRemap(commit, remaps)));
        again.star(...stars);
        await again.settle();

        const asks = [
          { ask: 'count' },
          { ask: 'page', offset: 0, limit: 100, descending: true, columns: ['eventName', 'resource', 'file'] },
          { ask: 'facet', column, limit: 20 },
          { ask: 'facet', column, limit: 20, find: 'a' },
        ] as const;
        const plain = asks.map((ask) => ('columns' in ask ? { ...ask, columns: [...ask.columns] } : ask));
        expect(await again.answers(selected, ...plain)).toEqual(await first.answers(selected, ...plain));
        const rest = await consolidated(again);
        expect(rest.remaps.map((r) => r.commitId)).toEqual(commits.slice(cut + 1).map((c) => c.id));
        first.close();
        again.close();
      }),
      { numRuns: 80 },
    );
  });

  it('gives each string once, in growth that joins up', async () => {
    const bench = await Bench.with(
      commitOf(
        'one',
        ct`
      t | id | eventName | res
      0 | 1  | GetObject | x,y
    `,
      ),
    );
    const first = await consolidated(bench);
    expect(first.chunks.map((c) => [c.column, c.from, c.lengths.length]).sort()).toEqual([
      ['eventName', 1, 1],
      ['resource', 1, 2],
    ]);
    bench.attach(
      commitOf(
        'two',
        ct`
      t | id | eventName | res
      0 | 2  | GetObject | y
      0 | 3  | Überblick | y
    `,
      ),
    );
    const second = await consolidated(bench);
    expect(second.chunks.map((c) => [c.column, c.from, new TextDecoder().decode(c.text), [...c.lengths]])).toEqual([
      ['eventName', 2, 'Überblick', [9]],
    ]);
    expect(second.remaps.map((r) => [...r.codes.eventName])).toEqual([[0, 1, 2]]);
    const none = await consolidated(bench);
    expect([none.chunks, none.remaps]).toEqual([[], []]);
  });
});

describe('the port to the store worker', () => {
  it('answers "settled" with what the case then holds', async () => {
    const bench = await Bench.with(
      commitOf(
        'one',
        ct`
      t  | id | file
      5  | 1  | a
      5  | 1  | b
      60 | 2  | a
      -  | 3  | a
    `,
      ),
    );
    expect(await bench.settle()).toMatchObject({ type: 'settled', events: 3, firstTime: DAY_ONE + 5000, lastTime: DAY_ONE + 60_000 });
    bench.send({ type: 'reset' });
    expect(await bench.settle()).toMatchObject({ type: 'settled', events: 0, firstTime: null, lastTime: null });
  });

  it('takes a commit once however often it is sent', async () => {
    const bench = new Bench();
    const rows = ct`
      t | id | file
      0 | -  | a
    `;
    bench.attach(commitOf('one', rows), commitOf('one', rows));
    await bench.settle();
    expect((await bench.core.status()).sourceRows).toBe(1);
  });

  it('names commits whose columns do not fit together, and goes on with the others', async () => {
    const rows = ct`
      t | id | file
      0 | 1  | a
    `;
    const broken = commitOf('broken', rows);
    const layout = broken.attached.header.segment;
    if (!layout) throw new Error('no segment');
    layout.time = { ...layout.time, length: 0 };
    const foreign = commitOf('foreign', rows);
    const cut = { ...commitOf('cut', rows), buffer: new ArrayBuffer(8) };
    const remap = { commitId: foreign.id, codes: {} } as Remap;
    for (const column of Object.keys(layout.dictionaries) as (keyof Remap['codes'])[]) remap.codes[column] = Uint32Array.of(0, 77);
    const bench = new Bench();
    bench.attach(broken, { ...foreign, remap }, cut, commitOf('whole', rows));
    await bench.settle();
    const status = await bench.core.status();
    expect(status.damagedCommits).toEqual(['broken', 'foreign', 'cut']);
    expect(status.events).toBe(1);
    bench.send({ type: 'reset' });
    await bench.settle();
    expect((await bench.core.status()).damagedCommits).toBeUndefined();
  });

  it('tells listeners of changes, with a generation that only rises', async () => {
    const bench = new Bench();
    const told: number[] = [];
    let heard: () => void = () => undefined;
    await bench.core.subscribe((status) => {
      told.push(status.generation);
      heard();
    });
    const next = (): Promise<void> =>
      new Promise((resolve) => {
        heard = resolve;
      });
    await next();
    bench.attach(
      commitOf(
        'one',
        ct`
      t | id | file
      0 | 1  | a
    `,
      ),
    );
    await next();
    bench.send({ type: 'reset' });
    await next();
    expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
    expect((await bench.core.run({ view: 'v', selection: EMPTY_SELECTION, asks: [] })).generation).toBe(told.at(-1));
  });

  it('tells what an import ended with before the store hears that it is settled', async () => {
    const bench = new Bench();
    const told: number[] = [];
    await bench.core.subscribe((status) => told.push(status.events));
    bench.attach(commitOf('one', ct`t | id | file\n0 | 1 | a`));
    await bench.settle();
    expect(told.at(-1)).toBe(1);
    bench.close();
  });
});
