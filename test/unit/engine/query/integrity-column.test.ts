import { describe, expect, it } from 'vitest';
import { EVENT_VERDICTS, type EventVerdict } from '../../../../src/shared/integrity.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { Bench, commitOf, ct, pathOf, type Row, selection, type TestCommit, uuid } from './support.ts';

/** Files get ledger rows in the order of their names: a is 1, b is 2, … */
const idOf = (file: string): number => file.charCodeAt(0) - 96;

function told(name: string, rows: Row[]): TestCommit {
  const commit = commitOf(name, rows);
  const names = [...new Set(rows.map((r) => r.file))];
  return { ...commit, files: commit.files.map((f, i) => ({ ...f, ledgerId: idOf(names[i]), records: 1, status: 'imported' })) };
}

function judge(bench: Bench, verdicts: Record<string, EventVerdict>): void {
  const files = Object.keys(verdicts);
  bench.send({
    type: 'verdicts',
    state: 'checked',
    reason: null,
    ledgerIds: Uint32Array.from(files, idOf),
    verdicts: Uint8Array.from(files, (f) => EVENT_VERDICTS.indexOf(verdicts[f]) + 1),
  });
}
const checking = (bench: Bench): void =>
  bench.send({ type: 'verdicts', state: 'checking', reason: null, ledgerIds: new Uint32Array(0), verdicts: new Uint8Array(0) });

async function facet(bench: Bench): Promise<Record<string, number>> {
  const [answer] = await bench.answers(EMPTY_SELECTION, { ask: 'facet', column: 'integrity', limit: 20 });
  return Object.fromEntries(answer.values.map(({ value, count }) => [value ?? 'none', count]));
}
async function shown(bench: Bench): Promise<(string | null | string[])[][]> {
  const [page] = await bench.answers(EMPTY_SELECTION, {
    ask: 'page',
    offset: 0,
    limit: 20,
    descending: false,
    columns: ['file', 'integrity'],
  });
  return page.rows.map((row) => row.values);
}

const CASE = ct`
  t | id | file | rich | eventName
  0 | 1  | a    | 10   | GetObject
  1 | 2  | a    | 10   | PutObject
  2 | 3  | b    | 10   | GetObject
  3 | 4  | c    | 10   | DeleteTrail
`;

describe('the verdict of an event', () => {
  it('is that of its file: counted, filtered by, and shown', async () => {
    const bench = await Bench.with(told('one', CASE));
    expect(await facet(bench)).toEqual({ none: 4 });
    expect((await bench.core.status()).integrity).toBeUndefined();
    judge(bench, { a: 'mismatch', b: 'matchSigned' });
    await bench.settle();
    expect(await facet(bench)).toEqual({ mismatch: 2, matchSigned: 1, none: 1 });
    expect((await bench.core.status()).integrity).toEqual({ state: 'checked', reason: null });
    expect(await bench.ids(selection({ op: 'in', column: 'integrity', values: ['mismatch'] }))).toEqual([uuid(1), uuid(2)]);
    expect(await bench.ids(selection({ op: 'in', column: 'integrity', values: ['mismatch'], not: true }))).toEqual([uuid(3), uuid(4)]);
    expect(await shown(bench)).toEqual([
      [pathOf('a'), 'mismatch'],
      [pathOf('a'), 'mismatch'],
      [pathOf('b'), 'matchSigned'],
      [pathOf('c'), null],
    ]);
    const [groups] = await bench.answers(EMPTY_SELECTION, {
      ask: 'group',
      by: 'integrity',
      sort: 'count',
      descending: true,
      offset: 0,
      limit: 9,
      distinct: [],
    });
    expect(groups.rows.map((g) => [g.value, g.count])).toEqual([
      ['mismatch', 2],
      [null, 1],
      ['matchSigned', 1],
    ]);
    // The verdict is ours and no text of the evidence.
    expect(await bench.ids(selection({ op: 'contains', column: 'any', text: 'mismatch' }))).toEqual([]);
    bench.close();
  });

  it('is nothing while the files are being checked, and changes when the answer does', async () => {
    const bench = await Bench.with(told('one', CASE));
    judge(bench, { a: 'undigested', b: 'undigested', c: 'undigested' });
    await bench.settle();
    expect(await facet(bench)).toEqual({ undigested: 4 });
    const before = (await bench.core.status()).generation;
    checking(bench);
    await bench.settle();
    expect(await facet(bench)).toEqual({ none: 4 });
    expect((await bench.core.status()).integrity?.state).toBe('checking');
    judge(bench, { a: 'extra', b: 'undigested', c: 'undigested' });
    await bench.settle();
    expect(await facet(bench)).toEqual({ undigested: 2, extra: 2 });
    const after = (await bench.core.status()).generation;
    expect(after).toBeGreaterThan(before);
    // The same answer again makes no view ask anew.
    judge(bench, { a: 'extra', b: 'undigested', c: 'undigested' });
    await bench.settle();
    expect((await bench.core.status()).generation).toBe(after);
    bench.close();
  });

  it('does not outlive the case, and holds for files told before or after it', async () => {
    const bench = await Bench.with();
    judge(bench, { a: 'matchSigned', b: 'matchSigned', c: 'matchSigned' });
    bench.attach(told('one', CASE));
    await bench.settle();
    expect(await facet(bench)).toEqual({ matchSigned: 4 });
    bench.send({ type: 'reset' });
    bench.attach(told('one', CASE));
    await bench.settle();
    expect(await facet(bench)).toEqual({ none: 4 });
    bench.close();
  });

  it('ignores verdicts that it does not know and files that are not there', async () => {
    const bench = await Bench.with(told('one', CASE));
    const [ledgerIds, verdicts] = [Uint32Array.of(1, 2, 99), Uint8Array.of(200, 0)];
    bench.send({ type: 'verdicts', state: 'checked', reason: null, ledgerIds, verdicts });
    await bench.settle();
    expect(await facet(bench)).toEqual({ none: 4 });
    bench.close();
  });
});

describe('which copy of an event is shown', () => {
  const copies = told(
    'one',
    ct`
      t | id | file | rich | eventName
      0 | 1  | a    | 10   | GetObject
      0 | 1  | b    | 10   | GetObject
      1 | 2  | a    | 12   | PutObject
      1 | 2  | b    | 10   | PutObject
    `,
  );

  it('is the best proven of those with as many fields; one with more fields keeps the verdict of its own file', async () => {
    const bench = await Bench.with(copies);
    expect((await shown(bench)).map(([file]) => file)).toEqual([pathOf('a'), pathOf('a')]);
    judge(bench, { a: 'undigested', b: 'matchSigned' });
    await bench.settle();
    expect(await shown(bench)).toEqual([
      [pathOf('b'), 'matchSigned'],
      [pathOf('a'), 'undigested'],
    ]);
    const details = await bench.core.event(`id:${uuid(1)}` as never);
    expect(details?.copies.map((c) => [c.file.ledgerId, c.shown])).toEqual([
      [idOf('b'), true],
      [idOf('a'), false],
    ]);
    // While the check runs anew the order of copies stays: nothing jumps to and fro.
    checking(bench);
    await bench.settle();
    expect((await shown(bench)).map(([file]) => file)).toEqual([pathOf('b'), pathOf('a')]);
    judge(bench, { a: 'matchUnsigned', b: 'mismatch' });
    await bench.settle();
    expect((await shown(bench)).map(([file]) => file)).toEqual([pathOf('a'), pathOf('a')]);
    bench.close();
  });
});
