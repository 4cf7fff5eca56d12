/** What must hold whatever the evidence: the order of files and events of others change nothing, and the sums agree with the counts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Behaviour, RevertAnswer } from '../../../../src/shared/behaviour.ts';
import { EMPTY_SELECTION, type Selection } from '../../../../src/shared/plan.ts';
import { Bench, commitOf, type Row, uuid } from '../query/support.ts';
import { ALICE, at, filled, window } from './support.ts';

const CALLS = [
  ['CreateUser', 'iam.amazonaws.com', 'eve', 'false'],
  ['DeleteUser', 'iam.amazonaws.com', 'eve', 'false'],
  ['CreateAccessKey', 'iam.amazonaws.com', 'eve,AKIA9', 'false'],
  ['AttachUserPolicy', 'iam.amazonaws.com', 'eve,arn:aws:iam::aws:policy/Admin', 'false'],
  ['RunInstances', 'ec2.amazonaws.com', 'i-1,i-2', 'false'],
  ['TerminateInstances', 'ec2.amazonaws.com', 'i-1', 'false'],
  ['GetObject', 's3.amazonaws.com', 'arn:aws:s3:::data/a,data', 'true'],
  ['ListUsers', 'iam.amazonaws.com', '', 'true'],
  ['ConsoleLogin', 'signin.amazonaws.com', '', 'false'],
] as const;

const cell = fc.record({
  day: fc.integer({ min: 0, max: 6 }),
  second: fc.option(fc.integer({ min: 0, max: 1200 }), { nil: null, freq: 12 }),
  call: fc.constantFrom(...CALLS),
  outcome: fc.constantFrom('success', 'success', 'denied', 'error'),
  key: fc.constantFrom('AKIA1', 'ASIA2', undefined),
  address: fc.constantFrom('198.51.100.1', '203.0.113.9', '10.0.0.1', 'ec2.amazonaws.com', undefined),
  agent: fc.constantFrom('aws-cli/2.1.1', 'Boto3/1.1 x/kali', 'AWS Internal', undefined),
  file: fc.constantFrom('a', 'b'),
});
type Cell = typeof cell extends fc.Arbitrary<infer C> ? C : never;

/** Everything that a row of somebody else says is another value than any of alice's. */
function rowsOf(cells: readonly Cell[], who: string, firstId: number): Row[] {
  const mine = (value: string | undefined): string | undefined => (value === undefined || who === 'alice' ? value : `${value}-${who}`);
  return filled(
    cells.map(({ day, second, call: [eventName, eventSource, resources, readOnly], outcome, key, address, agent, file }, i): Row => {
      const values: Row['values'] = { principal: who, outcome, readOnly, eventSource: mine(eventSource), account: mine('111') };
      values.eventName = mine(eventName);
      values.awsRegion = mine('eu-west-1');
      if (outcome !== 'success') values.errorCode = outcome;
      if (key) values.accessKeyId = mine(key);
      if (address) values.sourceIPAddress = mine(address);
      if (agent) values.userAgent = mine(agent);
      return {
        time: second === null ? null : at(day * 86_400 + second),
        id: uuid(firstId + i),
        richness: 10,
        file,
        record: firstId + i,
        insight: false,
        values,
        resources: resources === '' ? [] : resources.split(','),
      };
    }),
  );
}

interface Answers {
  behaviour: Behaviour;
  reverts: RevertAnswer;
}

async function ask(rows: Row[], selection: Selection): Promise<Answers> {
  const half = Math.ceil(rows.length / 2);
  const bench = await Bench.with(commitOf('one', rows.slice(0, half)), commitOf('two', rows.slice(half)));
  const behaviour = await bench.core.behaviour(ALICE, selection);
  const reverts = await bench.core.revertList(ALICE, selection, { offset: 0, limit: 1000 });
  bench.close();
  return { behaviour, reverts };
}

/** Without what says on which data and how fast. */
const bare = ({ behaviour, reverts }: Answers) => ({
  behaviour: { ...behaviour, generation: 0, ms: 0 },
  reverts: { ...reverts, generation: 0, ms: 0 },
});

const windows = fc.constantFrom(window(null), window(3 * 86_400), window(86_400, 5 * 86_400));

describe('behaviour and the revert list', () => {
  it('do not depend on the order of records', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(cell, { maxLength: 40 }),
        windows,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        async (cells, w, random) => {
          const rows = rowsOf(cells, 'alice', 1);
          const shuffled = rows
            .map((row) => ({ row, by: random.next().value as number }))
            .sort((a, b) => a.by - b.by)
            .map(({ row }) => row);
          expect(bare(await ask(shuffled, w))).toEqual(bare(await ask(rows, w)));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('are not changed by what others did who share nothing with the principal', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(cell, { minLength: 1, maxLength: 25 }),
        fc.array(cell, { maxLength: 25 }),
        windows,
        async (cells, others, w) => {
          const mine = rowsOf(cells, 'alice', 1);
          // The evidence must begin and end alike: both are said in the sentences.
          const frame = rowsOf(
            [
              { ...cells[0], day: 0, second: 0 },
              { ...cells[0], day: 6, second: 1200 },
            ],
            'frame',
            900,
          );
          const alone = await ask([...mine, ...frame], w);
          const among = await ask([...rowsOf(others, 'bob', 500), ...frame, ...mine], w);
          // Whether S3 data events were recorded at all is a question about everybody's.
          const rest = ({ behaviour, reverts }: Answers) =>
            bare({ behaviour: { ...behaviour, statements: behaviour.statements.filter((s) => s.kind !== 'noDataEvents') }, reverts });
          expect(rest(among)).toEqual(rest(alone));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('add up: totals, hours, days, actions, types of identity and entries', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { maxLength: 40 }), windows, async (cells, w) => {
        const rows = rowsOf(cells, 'alice', 1);
        const { behaviour, reverts } = await ask(rows, w);
        const { totals } = behaviour;
        const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);
        const { from, to } = w.time;
        const inside = rows.filter(
          (r) => r.time !== null && r.time >= (from ?? Number.NEGATIVE_INFINITY) && r.time < (to ?? Number.POSITIVE_INFINITY),
        );
        const untimed = rows.filter((r) => r.time === null).length;
        const timedInside = inside.length;
        expect(totals.events).toBe(timedInside + (from === null && to === null ? untimed : 0));
        expect(totals.before + timedInside + totals.after + totals.withoutTime).toBe(rows.length);
        expect(sum(behaviour.hours.window)).toBe(timedInside);
        expect(sum(behaviour.hours.before)).toBe(totals.before);
        expect(sum(behaviour.days.map((d) => d.events))).toBe(rows.length - untimed);
        expect(sum(behaviour.days.map((d) => d.inWindow))).toBe(timedInside);
        expect(sum(behaviour.actions.map((a) => a.succeeded + a.failed))).toBe(timedInside);
        expect(sum(behaviour.authentication.mfa.map((t) => t.events))).toBe(timedInside);
        expect(sum(behaviour.buckets.map((b) => b.reads + b.denied))).toBe(
          inside.filter((r) => r.values.eventName === 'GetObject' && r.values.outcome !== 'error').length,
        );
        expect(sum(Object.values(reverts.byStatus))).toBe(reverts.total);
        expect(sum(Object.values(reverts.byKind))).toBe(reverts.total);
        for (const entry of reverts.entries) {
          expect(entry.status === 'failed').toBe(entry.calls === 0);
          if (entry.status === 'undone') expect(entry.later?.time).not.toBe(entry.last.time);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('say nothing of a window in which nothing happened', async () => {
    const rows = rowsOf(
      [{ day: 0, second: 1, call: CALLS[0], outcome: 'success', key: 'AKIA1', address: '198.51.100.1', agent: undefined, file: 'a' }],
      'alice',
      1,
    );
    const { behaviour, reverts } = await ask(rows, { ...EMPTY_SELECTION, time: { from: at(50), to: at(60) } });
    expect([behaviour.statements, behaviour.actions, reverts.entries]).toEqual([[], [], []]);
  });
});
