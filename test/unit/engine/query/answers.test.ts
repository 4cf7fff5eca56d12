import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { plainBins } from '../../../../src/engine/query/histogram.ts';
import type { EventKey } from '../../../../src/shared/brand.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { Bench, commitOf, ct, DAY_ONE, pathOf, selection, shaOf, uuid } from './support.ts';

const TRAIL = ct`
  t    | id        | file | eventName  | eventSource       | identity              | identityType | sourceIPAddress | errorCode    | outcome | readOnly | account | res        | insight
  0    | 1         | a    | GetObject  | s3.amazonaws.com  | arn:aws:iam::1:user/a | IAMUser      | 1.2.3.4         | -            | success | true     | 111     | bucket,key | -
  60   | 2         | a    | PutObject  | s3.amazonaws.com  | arn:aws:iam::1:user/a | IAMUser      | 1.2.3.4         | AccessDenied | denied  | false    | 111     | bucket     | -
  60   | EXAMPLE-1 | a    | AssumeRole | sts.amazonaws.com | AWSService:x          | AWSService   | AWS Internal    | -            | success | true     | 222     | -          | -
  60   | -         | a    | Insight    | s3.amazonaws.com  | -                     | -            | -               | -            | -       | -        | 111     | -          | yes
  -    | 3         | a    | PutObject  | s3.amazonaws.com  | arn:aws:iam::1:user/b | IAMUser      | 1.2.3.4         | -            | success | false    | 111     | -          | -
  60   | 2         | b    | PutObject  | s3.amazonaws.com  | arn:aws:iam::1:user/a | IAMUser      | 1.2.3.4         | AccessDenied | denied  | false    | 111     | bucket     | -
  9000 | EXAMPLE-1 | b    | RotateKey  | kms.amazonaws.com | AWSService:x          | AWSService   | AWS Internal    | -            | success | false    | 222     | -          | -
`;

describe('the batch summary of events', () => {
  it('counts records, events, copies and conflicts so that the sums agree', async () => {
    const bench = new Bench();
    const commit = commitOf('one', TRAIL);
    bench.attach(commit);
    const facts = { status: 'imported' as const, records: 8, aggregatedRecords: 2, unreadableRecords: 3 };
    bench.send({
      type: 'files',
      commitId: commit.id,
      files: [
        { ...commit.files[0], ...facts, ledgerId: 1 },
        { ...commit.files[1], ...facts, ledgerId: 2, aggregatedRecords: 0, unreadableRecords: 0 },
        { index: 2, path: '/evidence/again.json', sha256: shaOf('a'), ledgerId: 3, ...facts, status: 'repeated' },
      ],
    });
    // A staged file is told with each of its commits, and counts once.
    bench.send({ type: 'files', commitId: 'stage' as never, files: [{ ...commit.files[0], ...facts, ledgerId: 1 }] });
    await bench.settle();
    const batch = await bench.core.batchEvents();
    expect(batch).toMatchObject({
      records: 17,
      events: 6,
      duplicates: 9,
      aggregated: 2,
      unreadableRecords: 3,
      unique: 4,
      withoutId: 1,
      conflicts: 1,
      withoutTime: 1,
      insights: 1,
      withErrorCode: 1,
      readOnly: 2,
      readOnlyUnknown: 1,
      firstTime: '2026-03-01T00:00:00Z',
      lastTime: '2026-03-01T02:30:00Z',
      byName: [
        ['PutObject', 2],
        ['AssumeRole', 1],
        ['GetObject', 1],
        ['Insight', 1],
        ['RotateKey', 1],
      ],
      byPrincipal: [
        ['AWSService:x', 2],
        ['arn:aws:iam::1:user/a', 2],
        [null, 1],
        ['arn:aws:iam::1:user/b', 1],
      ],
      byErrorCode: [
        [null, 5],
        ['AccessDenied', 1],
      ],
      byDay: [
        ['2026-03-01', 5],
        [null, 1],
      ],
    });
    expect(batch.idsSha256).toBe(
      createHash('sha256')
        .update([uuid(1), uuid(2), uuid(3), 'EXAMPLE-1'].sort().join('\n'))
        .digest('hex'),
    );
  });

  it('hashes many eventIDs of both kinds in the order of their code units', async () => {
    const ids = Array.from({ length: 25_001 }, (_, i) => (i % 5 === 0 ? `${String.fromCharCode(33 + (i % 90))}-${i}` : uuid(i)));
    const rows = ids.map((id, record) => ({ ...TRAIL[0], id, record, file: 'a', time: record }));
    const bench = await Bench.with(commitOf('one', rows));
    const { idsSha256, unique } = await bench.core.batchEvents();
    expect(unique).toBe(ids.length);
    expect(idsSha256).toBe(createHash('sha256').update(ids.toSorted().join('\n')).digest('hex'));
  });

  it('of an empty case is all zeros and the hash of nothing', async () => {
    const batch = await new Bench().core.batchEvents();
    expect(batch).toMatchObject({ records: 0, events: 0, firstTime: null, byName: [] });
    expect(batch.idsSha256).toBe(createHash('sha256').digest('hex'));
  });
});

describe('jumping', () => {
  it('finds an eventID, an address and an ARN, with where they occur', async () => {
    const bench = await Bench.with(commitOf('one', TRAIL));
    expect(await bench.core.locate(` ${uuid(1).toUpperCase()} `)).toEqual({ events: [`id:${uuid(1)}`], columns: [] });
    expect((await bench.core.locate('EXAMPLE-1')).events).toEqual([`src:${shaOf('a')}:2`, `src:${shaOf('b')}:1`]);
    expect(await bench.core.locate('1.2.3.4')).toEqual({
      events: [],
      columns: [{ column: 'sourceIPAddress', value: '1.2.3.4', count: 3 }],
    });
    expect(await bench.core.locate('bucket')).toEqual({ events: [], columns: [{ column: 'resource', value: 'bucket', count: 2 }] });
    expect((await bench.core.locate(`src:${shaOf('b')}:0`)).events).toEqual([`id:${uuid(2)}`]);
    expect(await bench.core.locate('nowhere')).toEqual({ events: [], columns: [] });
  });
});

describe('one event', () => {
  it('tells every column, its copies and where their bytes lie', async () => {
    const bench = await Bench.with(commitOf('one', TRAIL));
    const event = await bench.core.event(`id:${uuid(2)}` as EventKey);
    expect(event).toMatchObject({
      time: DAY_ONE + 60_000,
      eventID: uuid(2),
      starred: false,
      values: {
        eventName: 'PutObject',
        eventTime: '2026-03-01T00:01:00.000Z',
        resource: ['bucket'],
        file: pathOf('a'),
        invokedBy: null,
        starred: null,
      },
      copies: [
        { ref: { commitId: 'one', block: 0, textOffset: 1000, textLength: 999 }, recordNumber: 1, shown: true },
        { ref: { commitId: 'one', block: 1, textOffset: 0, textLength: 999 }, recordNumber: 0, shown: false },
      ],
    });
  });

  it('is referred to in the order of the page, either way', async () => {
    const bench = await Bench.with(commitOf('one', TRAIL));
    const s3 = selection({ op: 'in', column: 'eventSource', values: ['s3.amazonaws.com'] });
    const { keys, refs } = await bench.core.refs(s3, true, 1, 2);
    expect(keys).toEqual([`id:${uuid(2)}`, `id:${uuid(1)}`]);
    expect(refs.map((r) => r.textOffset)).toEqual([1000, 0]);
    expect((await bench.core.refs(s3, false, 3, 9)).keys).toEqual([`id:${uuid(3)}`]);
    expect((await bench.core.refs(s3, true, 9, 9)).keys).toEqual([]);
  });

  it('can be selected by key and by eventID', async () => {
    const bench = await Bench.with(commitOf('one', TRAIL));
    const keys = [`id:${uuid(1)}`, `src:${shaOf('b')}:1`, 'id:none'] as EventKey[];
    expect(await bench.ids(selection({ op: 'keys', keys }))).toEqual([uuid(1), 'EXAMPLE-1']);
    expect(await bench.ids(selection({ op: 'eventID', ids: ['EXAMPLE-1'] }))).toEqual(['EXAMPLE-1', 'EXAMPLE-1']);
    const [count] = await bench.answers(selection({ op: 'keys', keys, not: true }), { ask: 'count' });
    expect(count.events).toBe(4);
  });
});

describe('the width of bins', () => {
  it.each([
    [0, 1000, 100, 1000],
    [0, 100_000, 100, 1000],
    [0, 101_000, 100, 5000],
    [0, 86_400_000, 1000, 300_000],
    [0, 86_400_000 * 365, 1000, 43_200_000],
    [0, 86_400_000 * 365 * 10, 12, 30 * 86_400_000 * 16],
    [-62_135_596_800_000, 253_402_300_799_000, 1000, 30 * 86_400_000 * 128],
  ])('for %d … %d in at most %d bins is %d ms', (from, to, most, binMs) => {
    const bins = plainBins(from, to, most);
    expect(bins.binMs).toBe(binMs);
    expect(bins.bins).toBeLessThanOrEqual(most);
    expect(bins.from).toBeLessThanOrEqual(from);
    expect(bins.from + bins.bins * binMs).toBeGreaterThanOrEqual(to);
  });

  it('covers the asked range though nothing happened in most of it, and none when there is no time at all', async () => {
    const bench = await Bench.with(commitOf('one', TRAIL));
    const ask = { ask: 'histogram', bins: 60, stackBy: null, stackTop: 0 } as const;
    const hour = { ...EMPTY_SELECTION, time: { from: DAY_ONE as never, to: (DAY_ONE + 3_600_000) as never } };
    const [asked] = await bench.answers(hour, ask);
    expect([asked.from, asked.binMs, asked.bins]).toEqual([DAY_ONE, 60_000, 60]);
    expect([...asked.layers[0].counts.subarray(0, 2)]).toEqual([1, 3]);
    const [none] = await new Bench().answers(EMPTY_SELECTION, ask);
    expect([none.bins, none.layers[0].counts.length]).toEqual([0, 0]);
  });

  it('is stacked by a column that is worked out from another', async () => {
    const table = ct(`
      t | id | sourceIPAddress      | vpcEndpointId
      0 | 1  | 203.0.113.7          | -
      1 | 2  | 10.0.0.1             | -
      2 | 3  | 10.0.0.1             | vpce-1
      3 | 4  | config.amazonaws.com | -
      4 | 5  | 203.0.113.8          | -`);
    const bench = await Bench.with(commitOf('one', table));
    const [stacked] = await bench.answers(EMPTY_SELECTION, { ask: 'histogram', bins: 60, stackBy: 'addressKind', stackTop: 2 });
    const sums = stacked.layers.map((l) => [l.other ? 'others' : l.value, l.counts.reduce((sum, n) => sum + n, 0)]);
    expect(sums).toEqual([
      ['public', 2],
      ['AWS service', 1],
      ['others', 2],
    ]);
    bench.close();
  });
});
