import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommitId, EventKey } from '../../../../src/shared/brand.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { caseArb, starsArb } from './arbitrary.ts';
import { eventsOf } from './reference.ts';
import { Bench, commitOf, ct, pathOf, type Row, selection, shaOf, uuid } from './support.ts';

const PAGE = { ask: 'page', offset: 0, limit: 1000, descending: false, columns: ['eventName', 'resource', 'file'] } as const;
const key = (text: string): EventKey => text as EventKey;

async function rowsOf(bench: Bench) {
  const [page] = await bench.answers(EMPTY_SELECTION, { ...PAGE, columns: [...PAGE.columns] });
  return page.rows.map(({ row: _, ...rest }) => rest);
}

describe('source rows and events', () => {
  it('shows the richest copy of an event, and of equally rich ones that of the smaller hash', async () => {
    const bench = await Bench.with(
      commitOf(
        'one',
        ct`
          t | id | file | rich | eventName | mfa
          0 | 1  | b    | 10   | GetObject | poor
          1 | 2  | b    | 10   | PutObject | later
        `,
      ),
      commitOf(
        'two',
        ct`
          t | id | file | rich | eventName | mfa
          0 | 1  | c    | 12   | GetObject | rich
          1 | 2  | a    | 10   | PutObject | first
        `,
      ),
    );
    const [page] = await bench.answers(EMPTY_SELECTION, {
      ask: 'page',
      offset: 0,
      limit: 9,
      descending: false,
      columns: ['mfa', 'file'],
    });
    expect(page.rows.map((r) => [r.copies, r.conflict, ...r.values])).toEqual([
      [2, false, 'rich', pathOf('c')],
      [2, false, 'first', pathOf('a')],
    ]);
    const details = await bench.core.event(key(`id:${uuid(1)}`));
    expect(details?.copies.map((c) => [c.file.path, c.shown])).toEqual([
      [pathOf('c'), true],
      [pathOf('b'), false],
    ]);
    expect(details?.conflicts).toEqual([]);
  });

  it('keeps copies apart that cannot be the same event, and names each by its source', async () => {
    const bench = await Bench.with(
      commitOf(
        'one',
        ct`
          t | id        | file | rich | eventName | awsRegion
          0 | EXAMPLE-1 | a    | 12   | CreateKey | us-east-1
          9 | EXAMPLE-1 | b    | 11   | RotateKey | us-east-1
          0 | EXAMPLE-1 | c    | 10   | CreateKey | -
        `,
      ),
    );
    const first = `src:${shaOf('a')}:0`;
    const second = `src:${shaOf('b')}:0`;
    expect((await rowsOf(bench)).map((r) => [r.key, r.copies, r.conflict])).toEqual([
      [first, 2, true],
      [second, 1, true],
    ]);
    expect((await bench.core.event(key(first)))?.conflicts).toEqual([second]);
    // What was cited before the contradiction came still finds its event; so does a copy's own name.
    expect((await bench.core.event(key('id:EXAMPLE-1')))?.key).toBe(first);
    expect((await bench.core.event(key(`src:${shaOf('c')}:0`)))?.key).toBe(first);
    expect(await bench.core.event(key('id:EXAMPLE-2'))).toBeNull();
    expect(await bench.core.event(key(`src:${shaOf('z')}:0`))).toBeNull();
  });

  it('does not take for a contradiction what only one copy says', async () => {
    const bench = await Bench.with(
      commitOf(
        'one',
        ct`
          t | id | file | rich | eventName | identity             | identityType | errorCode
          0 | 1  | a    | 12   | GetObject | arn:aws:iam::1:user/u | IAMUser      | AccessDenied
          0 | 1  | b    | 11   | GetObject | IAMUser:u            | IAMUser      | -
          - | 1  | c    | 10   | GetObject | -                    | -            | -
        `,
      ),
    );
    expect((await rowsOf(bench)).map((r) => [r.copies, r.conflict])).toEqual([[3, false]]);
  });

  it('shows a copy again that a later record turns out to contradict', async () => {
    const one = (file: string, richness: number, eventName: string | undefined): Row => ({
      ...ct`
        t | id
        0 | 1
      `[0],
      file,
      richness,
      values: eventName ? { eventName } : {},
    });
    const bench = await Bench.with(commitOf('one', [one('a', 1, 'GetObject')]));
    expect((await rowsOf(bench)).map((r) => r.values[0])).toEqual(['GetObject']);
    bench.attach(commitOf('two', [one('b', 2, undefined)]));
    // Grouped but not ordered in between: nobody asked for rows.
    while ((await bench.core.status()).sourceRows < 2) await new Promise((resolve) => setImmediate(resolve));
    bench.attach(commitOf('three', [one('c', 3, 'PutObject')]));
    await bench.settle();
    expect((await rowsOf(bench)).map((r) => [r.values[0], r.copies])).toEqual([
      ['GetObject', 1],
      ['PutObject', 2],
    ]);
  });

  it('keeps records without eventID apart however alike they are', async () => {
    const bench = await Bench.with(
      commitOf(
        'one',
        ct`
      t | id | file | eventName
      0 | -  | a    | GetObject
      0 | -  | a    | GetObject
      - | -  | a    | GetObject
    `,
      ),
    );
    expect((await rowsOf(bench)).map((r) => [r.key, r.time === null])).toEqual([
      [`src:${shaOf('a')}:0`, false],
      [`src:${shaOf('a')}:1`, false],
      [`src:${shaOf('a')}:2`, true],
    ]);
  });

  it('holds thousands of different calls under one eventID apart, and joins the exact copies among them', async () => {
    const rows = Array.from(
      { length: 3000 },
      (_, i): Row => ({
        time: i % 1500,
        id: 'same',
        richness: 1,
        file: 'a',
        record: i,
        insight: false,
        values: { eventName: `Call${i % 1500}` },
        resources: [],
      }),
    );
    const bench = await Bench.with(commitOf('one', rows));
    const [count] = await bench.answers(EMPTY_SELECTION, { ask: 'count' });
    expect(count.events).toBe(1500);
  });

  it('come out the same in whatever order and cut the rows arrive, asked in between or not', async () => {
    await fc.assert(
      fc.asyncProperty(caseArb, starsArb, fc.infiniteStream(fc.nat(1000)), fc.boolean(), async (segments, stars, dice, asking) => {
        const rows = segments.flat();
        const straight = await Bench.with(...segments.map((s, i) => commitOf(`c${i}`, s)));
        const shuffled = rows
          .map((row) => ({ row, at: dice.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ row }) => row);
        const bench = new Bench();
        for (let from = 0, n = 0; from < shuffled.length; n++) {
          const size = 1 + ((dice.next().value as number) % 5);
          bench.attach(commitOf(`s${n}`, shuffled.slice(from, from + size)));
          from += size;
          if (asking) {
            await bench.settle();
            expect((await rowsOf(bench)).map((r) => r.key)).toEqual(eventsOf(shuffled.slice(0, from), new Set()).map((e) => e.key));
          }
        }
        bench.star(...stars);
        straight.star(...stars);
        await Promise.all([bench.settle(), straight.settle()]);
        expect(await rowsOf(bench)).toEqual(await rowsOf(straight));
        bench.close();
        straight.close();
      }),
      { numRuns: 80 },
    );
  });

  it('sort thousands of rows as they sort a few', async () => {
    const rowsArb = fc.array(
      fc.record({ time: fc.option(fc.constantFrom(0, 1000, 5_000_000_000, -1000, 253_402_300_799_000)), id: fc.option(fc.nat(5000)) }),
      { minLength: 300, maxLength: 600 },
    );
    await fc.assert(
      fc.asyncProperty(rowsArb, async (drawn) => {
        const rows = drawn.map(
          ({ time, id }, record): Row => ({
            time,
            id: id === null ? null : id % 3 === 0 ? `text ${id}` : uuid(Math.imul(id, 0x9e3779b1) >>> 0),
            richness: 1,
            file: 'a',
            record,
            insight: false,
            values: {},
            resources: [],
          }),
        );
        const bench = await Bench.with(commitOf('one', rows));
        expect((await rowsOf(bench)).map((r) => r.key)).toEqual(eventsOf(rows, new Set()).map((e) => e.key));
        bench.close();
      }),
      { numRuns: 10 },
    );
  });
});

describe('changes of the case', () => {
  it('names records by their file once it is told, and chooses among copies anew', async () => {
    const a = commitOf(
      'one',
      ct`
      t | id | file | mfa
      0 | 1  | b    | of b
      0 | -  | b    | bare
    `,
    );
    const b = commitOf(
      'two',
      ct`
      t | id | file | mfa
      0 | 1  | a    | of a
      0 | -  | a    | bare
    `,
    );
    const bench = new Bench();
    for (const { id, attached, buffer } of [a, b])
      bench.send({ type: 'attach', commit: { ...attached, id }, segment: buffer, remap: null });
    await bench.settle();
    expect((await rowsOf(bench)).map((r) => r.key).toSorted()).toEqual([`id:${uuid(1)}`, 'src:one:1', 'src:two:1']);
    for (const { id, files } of [a, b]) bench.send({ type: 'files', commitId: id, files });
    await bench.settle();
    const [page] = await bench.answers(EMPTY_SELECTION, { ask: 'page', offset: 0, limit: 9, descending: false, columns: ['mfa'] });
    expect(page.rows.map((r) => [r.key, r.values[0]])).toEqual([
      [`id:${uuid(1)}`, 'of a'],
      [`src:${shaOf('a')}:1`, 'bare'],
      [`src:${shaOf('b')}:1`, 'bare'],
    ]);
  });

  it('forgets dropped commits as if they had never come', async () => {
    await fc.assert(
      fc.asyncProperty(caseArb, fc.nat(3), fc.boolean(), async (segments, at, asking) => {
        const commits = segments.map((rows, i) => commitOf(`c${i}`, rows));
        const bench = new Bench();
        bench.attach(...commits);
        if (asking) {
          await bench.settle();
          await rowsOf(bench);
        }
        bench.send({ type: 'drop', commits: [`c${at}` as CommitId] });
        await bench.settle();
        const expected = eventsOf(segments.filter((_, i) => i !== at).flat(), new Set());
        expect((await rowsOf(bench)).map((r) => r.key)).toEqual(expected.map((e) => e.key));
        expect((await bench.core.status()).events).toBe(expected.length);
        bench.close();
      }),
      { numRuns: 60 },
    );
  });

  it('counts stars as they are set and taken away', async () => {
    const bench = await Bench.with(
      commitOf(
        'one',
        ct`
      t | id | file
      0 | 1  | a
      1 | 2  | a
      2 | 3  | a
    `,
      ),
    );
    const starred = selection({ op: 'in', column: 'starred', values: ['true'] });
    bench.star(`id:${uuid(1)}`, `id:${uuid(3)}`, 'id:gone');
    await bench.settle();
    expect(await bench.ids(starred)).toEqual([uuid(1), uuid(3)]);
    const [facet] = await bench.answers(starred, { ask: 'facet', column: 'starred', limit: 5 });
    expect(facet.values).toEqual([
      { value: 'true', count: 2 },
      { value: null, count: 1 },
    ]);
    bench.send({ type: 'stars', keys: [key(`id:${uuid(1)}`)], starred: false, replace: false });
    await bench.settle();
    expect(await bench.ids(starred)).toEqual([uuid(3)]);
    bench.send({ type: 'stars', keys: [key(`id:${uuid(2)}`)], starred: true, replace: true });
    await bench.settle();
    expect(await bench.ids(starred)).toEqual([uuid(2)]);
  });
});
