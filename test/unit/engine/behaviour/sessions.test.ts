import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { Bench, commitOf, ct, DAY_ONE, type Row, uuid } from '../query/support.ts';
import { ALICE, at, filled, window } from './support.ts';

const PAGE = { offset: 0, limit: 1000, descending: false };

async function bench(rows: Row[]): Promise<Bench> {
  return Bench.with(commitOf('one', filled(rows)));
}

describe('sessions', () => {
  const ROWS = ct`
    t    | id | principal | eventName     | eventSource       | accessKeyId | sourceIPAddress | userAgent     | outcome | readOnly | errorCode
    0    | 1  | alice     | ListBuckets   | s3.amazonaws.com  | AKIA1       | 198.51.100.1    | aws-cli/2.1.1 | success | true     | -
    1800 | 2  | alice     | CreateUser    | iam.amazonaws.com | AKIA1       | 198.51.100.1    | aws-cli/2.1.1 | success | false    | -
    1801 | 3  | alice     | CreateUser    | iam.amazonaws.com | AKIA1       | 198.51.100.1    | aws-cli/2.1.1 | denied  | false    | AccessDenied
    3602 | 4  | alice     | ListBuckets   | s3.amazonaws.com  | AKIA1       | 198.51.100.1    | aws-cli/2.1.1 | success | true     | -
    3602 | 5  | alice     | ListBuckets   | s3.amazonaws.com  | AKIA1       | 203.0.113.1     | aws-cli/2.1.1 | success | true     | -
    3602 | 6  | alice     | ListBuckets   | s3.amazonaws.com  | AKIA1       | 203.0.113.1     | Boto3/1.1.1   | success | true     | -
    3602 | 7  | alice     | ListBuckets   | s3.amazonaws.com  | -           | 203.0.113.1     | Boto3/1.1.1   | success | true     | -
    -    | 8  | alice     | ListBuckets   | s3.amazonaws.com  | -           | 203.0.113.1     | Boto3/1.1.1   | success | true     | -
    3700 | 9  | bob       | ListBuckets   | s3.amazonaws.com  | AKIA1       | 203.0.113.1     | Boto3/1.1.1   | success | true     | -
  `;

  it('are cut by credential, address, agent and a gap of more than 30 minutes', async () => {
    const asked = await bench(ROWS);
    const answer = await asked.core.sessions(ALICE, EMPTY_SELECTION, PAGE);
    expect(answer).toMatchObject({ total: 6, events: 8, gapMinutes: 30 });
    expect(
      answer.sessions.map((s) => [
        s.first === null ? null : (s.first - DAY_ONE) / 1000,
        s.events,
        s.sourceIPAddress,
        s.agentTool,
        s.credential?.value,
      ]),
    ).toEqual([
      [0, 3, '198.51.100.1', 'aws-cli/2.x', 'AKIA1'],
      [3602, 1, '198.51.100.1', 'aws-cli/2.x', 'AKIA1'],
      [3602, 1, '203.0.113.1', 'aws-cli/2.x', 'AKIA1'],
      [3602, 1, '203.0.113.1', 'Boto3', 'AKIA1'],
      [3602, 1, '203.0.113.1', 'Boto3', 'alice'],
      [null, 1, '203.0.113.1', 'Boto3', 'alice'],
    ]);
    expect(answer.sessions[0]).toMatchObject({
      id: `id:${uuid(1)}`,
      failed: 1,
      denied: 1,
      writes: 2,
      last: at(1801),
      addressKind: 'public',
      services: [
        { value: 'iam.amazonaws.com', events: 2 },
        { value: 's3.amazonaws.com', events: 1 },
      ],
      notable: [{ eventName: 'CreateUser', eventSource: 'iam.amazonaws.com', events: 2, denied: 1, key: `id:${uuid(2)}` }],
    });
    for (const session of answer.sessions) {
      const [counted] = await asked.answers({ ...EMPTY_SELECTION, ...session.opens }, { ask: 'count' });
      expect(counted.events).toBe(session.events);
    }
    const narrow = await asked.core.sessions(ALICE, EMPTY_SELECTION, { ...PAGE, gapMinutes: 29 });
    expect(narrow.total).toBe(7);
    asked.close();
  });

  it('are paged, newest first when asked, those without a time last', async () => {
    const asked = await bench(ROWS);
    const all = (await asked.core.sessions(ALICE, EMPTY_SELECTION, PAGE)).sessions.map((s) => s.id);
    const newest = (await asked.core.sessions(ALICE, EMPTY_SELECTION, { ...PAGE, descending: true })).sessions.map((s) => s.id);
    expect(newest).toEqual([...all.slice(0, 5).toReversed(), all[5]]);
    const page = await asked.core.sessions(ALICE, EMPTY_SELECTION, { offset: 2, limit: 2, descending: false });
    expect(page.sessions.map((s) => s.id)).toEqual(all.slice(2, 4));
    expect((await asked.core.sessions(ALICE, EMPTY_SELECTION, { ...PAGE, offset: 99 })).sessions).toEqual([]);
    await expect(asked.core.sessions(ALICE, EMPTY_SELECTION, { ...PAGE, gapMinutes: 0 })).rejects.toMatchObject({ kind: 'bad-input' });
    await expect(asked.core.sessions(ALICE, EMPTY_SELECTION, { ...PAGE, limit: 5000 })).rejects.toMatchObject({ kind: 'too-large' });
    asked.close();
  });

  it('hold every event of the subject once, whatever its times, and none is longer apart than the gap', async () => {
    const cell = fc.record({
      time: fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: null, freq: 8 }),
      key: fc.constantFrom('AKIA1', 'ASIA2', '-'),
      address: fc.constantFrom('198.51.100.1', '203.0.113.1', '-'),
      who: fc.constantFrom('alice', 'alice', 'bob'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { maxLength: 40 }), fc.integer({ min: 1, max: 60 }), async (cells, gapMinutes) => {
        const rows = ct(
          `t | id | principal | eventName | accessKeyId | sourceIPAddress\n${cells.map((c, i) => `${c.time ?? '-'} | ${i + 1} | ${c.who} | GetX | ${c.key} | ${c.address}`).join('\n')}`,
        );
        const asked = await bench(rows);
        const answer = await asked.core.sessions(ALICE, EMPTY_SELECTION, { ...PAGE, gapMinutes });
        const mine = cells.filter((c) => c.who === 'alice').length;
        expect(answer.events).toBe(mine);
        expect(answer.sessions.reduce((sum, s) => sum + s.events, 0)).toBe(mine);
        for (const s of answer.sessions) expect((s.last ?? 0) - (s.first ?? 0)).toBeLessThanOrEqual((s.events - 1) * gapMinutes * 60_000);
        asked.close();
      }),
      { numRuns: 40 },
    );
  });
});

describe('lanes', () => {
  it('count events, errors and denials of each subject over the bins of the histogram', async () => {
    const rows = ct`
      t    | id | principal | eventName | outcome | errorCode    | accessKeyId
      0    | 1  | alice     | GetX      | success | -            | AKIA1
      10   | 2  | alice     | GetX      | denied  | AccessDenied | AKIA2
      100  | 3  | bob       | GetX      | error   | Oops         | AKIA1
      -    | 4  | bob       | GetX      | success | -            | AKIA1
    `;
    const asked = await bench(rows);
    const subjects = [ALICE, { column: 'principal', value: 'bob' } as const, { column: 'accessKeyId', value: 'AKIA1' } as const];
    const answer = await asked.core.lanes(subjects, EMPTY_SELECTION, { bins: 101 });
    const [histogram] = await asked.answers(EMPTY_SELECTION, { ask: 'histogram', bins: 101, stackBy: null, stackTop: 0 });
    expect([answer.from, answer.binMs, answer.bins]).toEqual([histogram.from, histogram.binMs, histogram.bins]);
    expect(answer.lanes.map((l) => [l.events, l.failed])).toEqual([
      [2, 1],
      [2, 1],
      [3, 1],
    ]);
    const [alice, bob] = answer.lanes;
    expect(Array.from(alice.counts, (n, bin) => n + bob.counts[bin])).toEqual(Array.from(histogram.layers[0].counts));
    expect([alice.counts[0], alice.counts[10], alice.deniedCounts[10], bob.failedCounts[100], bob.deniedCounts[100]]).toEqual([
      1, 1, 1, 1, 0,
    ]);
    const part = await asked.core.lanes([ALICE], window(5, 50), { bins: 10 });
    expect(part.lanes[0].events).toBe(1);
    expect((await asked.core.lanes([], EMPTY_SELECTION, { bins: 10 })).lanes).toEqual([]);
    await expect(asked.core.lanes(new Array(21).fill(ALICE), EMPTY_SELECTION, { bins: 10 })).rejects.toMatchObject({ kind: 'too-large' });
    asked.close();
  });
});
