import { describe, expect, it } from 'vitest';
import { isAppErrorShape } from '../../../../src/shared/errors.ts';
import { type Ask, EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { Bench, commitOf, ct, selection } from './support.ts';

const rows = (n: number) =>
  ct(`
  t | id | file | eventName
  0 | ${n} | a${n} | Call${n}
`);
const COUNT = [{ ask: 'count' }] as const;

/** A core whose runs give way after every segment, and go on when told. */
function stepping() {
  const waiting: (() => void)[] = [];
  const bench = new Bench({ turnMs: 0, pause: () => new Promise((resolve) => waiting.push(resolve)) });
  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      waiting.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { bench, drain, waiting };
}

describe('runs that take turns', () => {
  it('end as superseded when a newer plan of their view comes; other views go on', async () => {
    const { bench, drain } = stepping();
    bench.attach(commitOf('one', rows(1)), commitOf('two', rows(2)));
    await bench.settle();
    const old = bench.core.run({ view: 'overview', selection: EMPTY_SELECTION, asks: COUNT }).catch((thrown: unknown) => thrown);
    const other = bench.core.run({ view: 'events', selection: EMPTY_SELECTION, asks: COUNT });
    const newer = bench.core.run({
      view: 'overview',
      selection: selection({ op: 'in', column: 'eventName', values: ['Call1'] }),
      asks: COUNT,
    });
    await drain();
    const thrown = await old;
    expect(isAppErrorShape(thrown) && thrown.kind).toBe('superseded');
    expect((await other).answers[0].events).toBe(2);
    expect((await newer).answers[0].events).toBe(1);
    expect((await bench.core.queryLog()).map((l) => [l.view, l.asks])).toEqual(
      expect.arrayContaining([
        ['overview', ['count']],
        ['events', ['count']],
      ]),
    );
  });

  it('begin again when the data change meanwhile, so that no answer mixes two states', async () => {
    const { bench, drain, waiting } = stepping();
    bench.attach(commitOf('one', rows(1)), commitOf('two', rows(2)));
    await bench.settle();
    const run = bench.core.run({
      view: 'v',
      selection: EMPTY_SELECTION,
      asks: [...COUNT, { ask: 'facet', column: 'eventName', limit: 9 }],
    });
    waiting.shift()?.();
    bench.attach(commitOf('three', rows(3)));
    await bench.settle();
    await drain();
    const { answers, generation } = await run;
    expect(answers[0]).toMatchObject({ events: 3, total: 3 });
    expect(answers[1].values).toHaveLength(3);
    expect(generation).toBe((await bench.core.status()).generation);
  });

  it('come to an end even if the data never rest', async () => {
    const { bench, waiting } = stepping();
    bench.attach(commitOf('one', rows(1)), commitOf('two', rows(2)));
    await bench.settle();
    let done = false;
    const run = bench.core.run({ view: 'v', selection: EMPTY_SELECTION, asks: COUNT }).finally(() => {
      done = true;
    });
    for (let n = 3; !done && n < 20; n++) {
      bench.attach(commitOf(`c${n}`, rows(n)));
      await bench.settle();
      waiting.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(done).toBe(true);
    await run;
  });
});

describe('plans that make no sense', () => {
  it.each([
    [{ view: 'v', selection: selection({ op: 'in', column: 'nonsense' as never, values: [] }), asks: COUNT }, 'bad-input'],
    [{ view: 'v', selection: EMPTY_SELECTION, asks: [{ ask: 'facet', column: 'eventTime' as never, limit: 1 }] }, 'bad-input'],
    [{ view: 'v', selection: EMPTY_SELECTION, asks: [{ ask: 'keys', limit: -1, descending: true }] }, 'bad-input'],
    [{ view: 'v', selection: EMPTY_SELECTION, asks: [{ ask: 'keys', limit: 1e9, descending: true }] }, 'too-large'],
    [{ view: 'v', selection: { ...EMPTY_SELECTION, time: { from: Number.NaN as never, to: null } }, asks: COUNT }, 'bad-input'],
  ] as const)('are refused with a kind: %#', async (plan, kind) => {
    const bench = await Bench.with(commitOf('one', rows(1)));
    const asks: readonly Ask[] = plan.asks;
    await expect(bench.core.run({ ...plan, asks })).rejects.toMatchObject({ kind });
  });

  it('refuses filters nested without end', async () => {
    let filter: Parameters<typeof selection>[0] = { op: 'contains', column: 'any', text: 'x' };
    for (let i = 0; i < 1000; i++) filter = { op: 'and', filters: [filter] };
    const bench = await Bench.with(commitOf('one', rows(1)));
    await expect(bench.core.run({ view: 'v', selection: selection(filter), asks: COUNT })).rejects.toMatchObject({ kind: 'bad-input' });
  });
});
