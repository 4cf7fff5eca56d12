/** The event layer of the coverage: hours with events by account and Region, categories apart, foreign accounts, changes of logging. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COVERAGE_CATEGORIES, type EventCoverage } from '../../../../src/shared/coverage.ts';
import { Bench, commitOf, ct, DAY_ONE, type Row } from './support.ts';

const HOUR = 3_600_000;

async function coverageOf(...commits: Row[][]): Promise<EventCoverage> {
  const bench = await Bench.with(...commits.map((rows, i) => commitOf(`c${i}`, rows)));
  const answer = await bench.core.coverage();
  bench.close();
  return answer;
}

/** `account region hour` → events, of the answer and by a plain loop. */
function cells({ rows, start, bin, counts }: EventCoverage): Map<string, number> {
  const out = new Map<string, number>();
  rows.forEach((row, r) => {
    for (let i = start[r]; i < start[r + 1]; i++) {
      const sum = counts.subarray(i * COVERAGE_CATEGORIES.length, (i + 1) * COVERAGE_CATEGORIES.length).reduce((a, b) => a + b, 0);
      out.set(`${row.account} ${row.region} ${bin[i]}`, sum);
    }
  });
  return out;
}

describe('the event layer', () => {
  const rows = ct`
    t     | id | account | awsRegion | eventCategory | eventSource             | eventName  | readOnly | callerAccount | errorCode
    0     | 1  | 111     | eu-west-1 | Management    | ec2.amazonaws.com       | RunInst    | false    | 111           | -
    10    | 2  | 111     | eu-west-1 | Data          | s3.amazonaws.com        | GetObject  | true     | 999           | -
    10    | 3  | 111     | eu-west-1 | -             | s3.amazonaws.com        | PutObject  | false    | 111           | -
    7300  | 4  | 111     | eu-west-1 | Management    | ec2.amazonaws.com       | Describe   | true     | 111           | -
    7300  | 5  | 222     | us-east-1 | Management    | cloudtrail.amazonaws.com | StopLogging | false  | 111           | -
    -     | 6  | 222     | us-east-1 | -             | cloudtrail.amazonaws.com | StartLogging | false | -             | -
    7400  | 7  | -       | -         | Insight       | -                       | -          | -        | -             | -
    0     | 1  | 111     | eu-west-1 | Management    | ec2.amazonaws.com       | RunInst    | false    | 111           | -
  `;

  it('counts hours from the first event to the last, and those with events', async () => {
    const coverage = await coverageOf(rows);
    expect(coverage.rows.map((r) => [r.account, r.region, r.events, r.hours, r.hoursWithEvents])).toEqual([
      [null, null, 1, 1, 1],
      ['111', 'eu-west-1', 4, 3, 2],
      ['222', 'us-east-1', 2, 1, 1],
    ]);
    expect(coverage.events).toBe(7);
    expect(coverage.binMs).toBe(HOUR);
    const first = DAY_ONE / HOUR;
    expect([...cells(coverage)]).toEqual([
      [`null null ${first + 2}`, 1],
      [`111 eu-west-1 ${first}`, 3],
      [`111 eu-west-1 ${first + 2}`, 1],
      [`222 us-east-1 ${first + 2}`, 1],
    ]);
  });

  it('keeps categories apart; a call that only exists as a data event is one, also without a category', async () => {
    const coverage = await coverageOf(rows);
    expect(coverage.rows[1]).toMatchObject({
      categories: [2, 2, 0, 0, 0],
      dataSources: [{ source: 's3.amazonaws.com', events: 2 }],
      reads: 1,
      writes: 1,
    });
    expect(coverage.rows[0].categories).toEqual([0, 0, 0, 1, 0]);
  });

  it('names callers without events of their own, and what changed logging in the order of time', async () => {
    const coverage = await coverageOf(rows);
    expect(coverage.foreign).toEqual([
      { account: '999', events: 1, firstTime: DAY_ONE + 10_000, lastTime: DAY_ONE + 10_000, calledIn: ['111'] },
    ]);
    expect(coverage.points.map((p) => [p.name, p.account, p.time])).toEqual([
      ['StopLogging', '222', DAY_ONE + 7_300_000],
      ['StartLogging', '222', null],
    ]);
  });

  it('goes to days and wider where hours are too many, and keeps sums', async () => {
    const many = Array.from({ length: 400 }, (_, i): Row => {
      const [row] = ct(`t | id | account | awsRegion\n ${i * 3600 * 31} | ${i + 1} | a${i % 3} | r`);
      return row;
    });
    const { eventRows } = await import('../../../../src/engine/coverage/event-layer.ts');
    const { OpenCase } = await import('../../../../src/engine/query/open-case.ts');
    const open = new OpenCase();
    const commit = commitOf('c', many);
    open.attach(commit.attached, commit.buffer, null);
    open.update();
    const columns = { segments: open.columns.segments, dictionary: open.dictionary.bind(open), span: () => open.span() };
    const answer = eventRows(columns as Parameters<typeof eventRows>[0], { rows: 2, bins: 100 });
    expect(answer.binMs).toBeGreaterThan(24 * HOUR);
    expect(answer.bin.length).toBeLessThanOrEqual(100);
    expect(answer.rows).toHaveLength(2);
    expect(answer.leftOut.rows).toBe(1);
    expect(answer.counts.reduce((a, b) => a + b, 0) + answer.leftOut.events).toBe(400);
    expect(answer.rows[0].hoursWithEvents).toBe(answer.rows[0].events);
  });

  it('whatever the times and the order: nothing lost, nothing invented, the order of import changes nothing', async () => {
    const arbitrary = fc.array(
      fc.record({
        t: fc.oneof(fc.integer({ min: 0, max: 400_000 }), fc.integer({ min: -6e10, max: 2.5e11 }), fc.constant(null)),
        account: fc.constantFrom('111', '222', '333', undefined),
        awsRegion: fc.constantFrom('us-east-1', 'eu-west-1', undefined),
        eventCategory: fc.constantFrom('Management', 'Data', 'Insight', 'NetworkActivity', 'Other', undefined),
      }),
      { minLength: 1, maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(arbitrary, fc.integer({ min: 1, max: 59 }), async (list, cut) => {
        const made = list.map(({ t, ...values }, i): Row => {
          const present = Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined));
          const time = t === null ? null : DAY_ONE + t * 1000;
          return { time, id: `e${i}`, richness: 1, file: 'a', record: i, insight: false, values: present, resources: [] };
        });
        const plain = new Map<string, number>();
        for (const { time, values } of made) {
          if (time === null) continue;
          const cell = `${values.account ?? null} ${values.awsRegion ?? null} ${Math.floor(time / HOUR)}`;
          plain.set(cell, (plain.get(cell) ?? 0) + 1);
        }
        const coverage = await coverageOf(made);
        expect(new Map([...cells(coverage)].sort())).toEqual(new Map([...plain].sort()));
        expect(coverage.rows.reduce((sum, row) => sum + row.events, 0)).toBe(made.length);
        for (const row of coverage.rows) expect(row.categories.reduce((a, b) => a + b, 0)).toBe(row.events);
        const turned = [...made].reverse();
        const { generation: _a, ...again } = await coverageOf(turned.slice(0, cut), turned.slice(cut));
        const { generation: _b, ...before } = coverage;
        expect(again).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });
});
