import { describe, expect, it } from 'vitest';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { Bench, commitOf, ct, pathOf, type Row, uuid } from './support.ts';

describe('events that contradict each other', () => {
  it('are listed by eventID, earliest first, with what differs; benign copies are not', async () => {
    const bench = await Bench.with(
      commitOf(
        'one',
        ct`
          t  | id   | file | rich | eventName | sourceIPAddress | awsRegion
          50 | 1    | a    | 10   | GetObject | 192.0.2.1       | eu-west-1
          50 | 1    | b    | 10   | GetObject | 192.0.2.99      | eu-west-1
          50 | 1    | c    | 9    | GetObject | 192.0.2.1       | -
          10 | EX-1 | a    | 10   | CreateKey | -               | us-east-1
          20 | EX-1 | b    | 10   | RotateKey | -               | us-east-1
          30 | EX-1 | c    | 10   | DeleteKey | -               | us-east-1
          70 | 3    | a    | 10   | GetObject | 192.0.2.1       | -
          70 | 3    | b    | 12   | GetObject | 192.0.2.1       | eu-west-1
          80 | -    | a    | 10   | GetObject | -               | -
          80 | -    | a    | 10   | PutObject | -               | -
          -  | 5    | a    | 10   | ListKeys  | -               | -
          -  | 5    | b    | 10   | ListRoles | -               | -
        `,
      ),
    );
    const all = await bench.core.conflicts(0, 10);
    expect([all.ids, all.events]).toEqual([3, 7]);
    expect(all.rows.map((c) => [c.eventID, c.total, c.differs])).toEqual([
      ['EX-1', 3, ['eventTime', 'eventName']],
      [uuid(1), 2, ['sourceIPAddress']],
      [uuid(5), 2, ['eventName']],
    ]);
    expect(all.rows[1].events.map((e) => [e.file, e.copies, e.eventName, e.integrity])).toEqual([
      [pathOf('a'), 2, 'GetObject', null],
      [pathOf('b'), 1, 'GetObject', null],
    ]);
    for (const { eventID, events } of all.rows) for (const { key } of events) expect((await bench.core.event(key))?.eventID).toBe(eventID);
    expect((await bench.core.conflicts(1, 1)).rows.map((c) => c.eventID)).toEqual([uuid(1)]);
    expect((await bench.core.conflicts(9, 5)).rows).toEqual([]);
    expect(await bench.core.conflictOf('EX-1')).toEqual(all.rows[0]);
    for (const id of [uuid(3), uuid(99), 'no such ID']) expect(await bench.core.conflictOf(id)).toBeNull();
    await expect(bench.core.conflicts(-1, 5)).rejects.toMatchObject({ kind: 'bad-input' });
    await expect(bench.core.conflicts(0, 5000)).rejects.toMatchObject({ kind: 'bad-input' });
    expect((await bench.core.batchEvents()).conflicts).toBe(all.events - all.ids);
    bench.close();
  });

  it('come and go with the evidence', async () => {
    const one = commitOf(
      'one',
      ct`
      t | id | file | eventName
      0 | 1  | a    | GetObject
    `,
    );
    const two = commitOf(
      'two',
      ct`
      t | id | file | eventName
      0 | 1  | b    | PutObject
    `,
    );
    const bench = await Bench.with(one);
    expect((await bench.core.conflicts(0, 10)).ids).toBe(0);
    bench.attach(two);
    await bench.settle();
    expect((await bench.core.conflicts(0, 10)).ids).toBe(1);
    bench.send({ type: 'drop', commits: [two.id] });
    await bench.settle();
    expect(await bench.core.conflicts(0, 10)).toEqual({ ids: 0, events: 0, rows: [] });
    bench.close();
  });

  it('are found among 100,000 of them, and told one page at a time', async () => {
    const n = 100_000;
    const rows = (file: string, eventName: string): Row[] =>
      Array.from({ length: n }, (_, i) => ({
        time: (n - i) * 1000,
        id: uuid(i + 1),
        richness: 10,
        file,
        record: i,
        insight: false,
        values: { eventName },
        resources: [],
      }));
    const bench = await Bench.with(commitOf('one', rows('a', 'GetObject')), commitOf('two', rows('b', 'PutObject')));
    const first = await bench.core.conflicts(0, 100);
    expect([first.ids, first.events, first.rows.length]).toEqual([n, 2 * n, 100]);
    expect(first.rows[0].eventID).toBe(uuid(n));
    expect((await bench.core.conflicts(n - 1, 100)).rows.map((c) => c.eventID)).toEqual([uuid(1)]);
    expect((await bench.answers(EMPTY_SELECTION, { ask: 'count' }))[0].events).toBe(2 * n);
    bench.close();
  }, 60_000);
});
