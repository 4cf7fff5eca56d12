/** Access asked of records that anybody may have written: nothing is thrown, everything is bounded, and the order of import changes nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACCESS_POINTS, ACCESS_ROWS, HIDDEN_USER } from '../../src/shared/access.ts';
import type { DictColumnId } from '../../src/shared/columns.ts';
import { EMPTY_SELECTION } from '../../src/shared/plan.ts';
import { ask } from '../unit/engine/access/support.ts';
import { Bench, commitOf, DAY_ONE, type Row, uuid } from '../unit/engine/query/support.ts';

const ODD = [
  '',
  ' ',
  '__proto__',
  'constructor',
  '‮',
  '\u0000',
  '<img src=x onerror=alert(1)>',
  'a'.repeat(5000),
  '/root',
  'arn:',
  '=1+1',
  '|',
];
const VALUES: Partial<Record<DictColumnId, readonly string[]>> = {
  eventName: [
    'ConsoleLogin',
    'UserAuthentication',
    'CredentialVerification',
    'AssumeRole',
    'AssumeRoot',
    'SwitchRole',
    'AttachUserPolicy',
    'GetObject',
  ],
  eventSource: ['sts.amazonaws.com', 's3.amazonaws.com'],
  principal: ['1/root', '1/user/ann', '2/user/bob', `1/user/${HIDDEN_USER}`],
  userName: ['root', 'ann', HIDDEN_USER, 'i-0123456789abcdef0'],
  identityType: ['Root', 'IAMUser', 'AssumedRole', 'AWSAccount', 'AWSService'],
  account: ['111111111111', '222222222222'],
  callerAccount: ['111111111111', '999999999999'],
  accessKeyId: ['AKIA1', 'AKIA2'],
  sourceIPAddress: ['198.51.100.1', '203.0.113.9', '10.0.0.4', 'AWS Internal', '::1', '999.1.1.1'],
  outcome: ['success', 'denied', 'error'],
  errorCode: ['VpceAccessDenied'],
  mfa: ['true', 'false', 'YES'],
  sharedEventID: ['s1', 's2'],
  issuedKey: ['ASIA1'],
  issuedTo: ['222222222222', 'arn:aws:iam::222222222222:root'],
  switchedFrom: ['arn:aws:iam::111111111111:user/ann', 'arn:aws:iam::'],
  vpcEndpointId: ['vpce-1'],
  principalId: ['AIDA1', 'AROA1:s'],
};
const RESOURCES = [
  'arn:aws:iam::222222222222:role/hop',
  'arn:aws:iam:::role/x',
  'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV2',
  'AWSCompromisedKeyQuarantineV99999999999',
  'dave',
  ...ODD,
];

const row = fc
  .record({
    second: fc.option(fc.integer({ min: 0, max: 9 }), { nil: null, freq: 8 }),
    values: fc.record(
      Object.fromEntries(
        Object.entries(VALUES).map(([column, known]) => [
          column,
          fc.option(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...known) }, fc.constantFrom(...ODD)), { nil: undefined, freq: 5 }),
        ]),
      ),
    ),
    resources: fc.uniqueArray(fc.constantFrom(...RESOURCES), { maxLength: 3 }),
  })
  .map(({ second, values, resources }, i = 0): Row => {
    const known = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Row['values'];
    return {
      time: second === null ? null : DAY_ONE + second * 60_000,
      id: null,
      richness: 10,
      file: 'a',
      record: i,
      insight: false,
      values: known,
      resources,
    };
  });

/** What an answer says, without what only a run has. */
const facts = (answer: unknown): string =>
  JSON.stringify(answer, (key, value: unknown) => (key === 'ms' || key === 'generation' ? undefined : value));

describe('access, asked of hostile records', () => {
  it('answers, cites and opens what is there, and says the same however the records came', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), async (drawn) => {
        const rows = drawn.map((r, i) => ({ ...r, id: uuid(i + 1), record: i }));
        const bench = await Bench.with(commitOf('one', rows));
        const { signIns, across, points } = await ask(bench);
        bench.close();
        expect(signIns.rows.length).toBeLessThanOrEqual(ACCESS_ROWS);
        expect(points.points.length).toBeLessThanOrEqual(ACCESS_POINTS);
        expect(signIns.totals.succeeded + signIns.totals.failed + signIns.totals.unclear).toBe(signIns.totals.signIns);
        expect(across.rows.reduce((sum, r) => sum + r.calls, 0) + across.leftOut).toBe(across.totals.calls);
        expect(across.totals.in + across.totals.out + across.totals.between).toBe(across.totals.calls);
        const turned = await Bench.with(
          commitOf(
            'one',
            rows.toReversed().map((r, i) => ({ ...r, record: i })),
          ),
        );
        expect(facts(await ask(turned))).toBe(facts({ signIns, across, points }));
        turned.close();
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('keeps to its bounds with many identities, accounts and keys', async () => {
    const rows = Array.from(
      { length: 6000 },
      (_, i): Row => ({
        time: DAY_ONE + i * 1000,
        id: uuid(i + 1),
        richness: 10,
        file: 'a',
        record: i,
        insight: false,
        values: {
          eventName: i % 3 === 0 ? 'ConsoleLogin' : 'AssumeRole',
          principal: `1/user/u${i}`,
          userName: `u${i}`,
          accessKeyId: `AKIA${i % 500}`,
          sourceIPAddress: `203.${i % 200}.0.1`,
          outcome: i % 2 === 0 ? 'denied' : 'success',
          account: `${100_000_000_000 + i}`,
          callerAccount: `${500_000_000_000 + i}`,
        },
        resources: [],
      }),
    );
    const bench = await Bench.with(commitOf('one', rows));
    const signIns = await bench.core.signIns(EMPTY_SELECTION);
    const across = await bench.core.acrossAccounts(EMPTY_SELECTION);
    const points = await bench.core.accessPoints(EMPTY_SELECTION);
    bench.close();
    expect(signIns).toMatchObject({ rowsTotal: 2000 });
    expect(signIns.rows).toHaveLength(ACCESS_ROWS);
    expect(signIns.points.filter((p) => p.kind === 'spraying')).toHaveLength(100);
    expect(across).toMatchObject({ rowsTotal: 6000, leftOut: 0 });
    expect(across.rows).toHaveLength(ACCESS_ROWS);
    for (const { looked, candidates } of points.looked) expect(looked).toBeLessThanOrEqual(Math.min(candidates, 100));
  });
});
