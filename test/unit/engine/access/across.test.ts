/** Calls across accounts: one call whichever side recorded it, who by the caller's own record, foreign accounts marked. */
import { describe, expect, it } from 'vitest';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { Bench, commitOf, ct, selection } from '../query/support.ts';
import { ask, asked, only } from './support.ts';

const [A, B, X] = ['111111111111', '222222222222', '999999999999'];
const HEAD =
  't | id | eventName | eventSource | principal | principalId | identityType | callerAccount | account | outcome | sharedEventID | issuedKey | switchedFrom | issuedTo | res';
const role = (account: string, name: string): string => `arn:aws:iam::${account}:role/${name}`;
const line = (...cells: string[]) => cells.join(' | ');
const assume = (t: number, id: number, side: 'own' | 'called', from: string, to: string, shared: string, outcome = 'success', key = '-') =>
  side === 'own'
    ? line(
        `${t}`,
        `${id}`,
        'AssumeRole',
        'sts.amazonaws.com',
        `${from}/user/ann`,
        'AIDAANN',
        'IAMUser',
        from,
        from,
        outcome,
        shared,
        key,
        '-',
        '-',
        role(to, 'hop'),
      )
    : line(
        `${t}`,
        `${id}`,
        'AssumeRole',
        'sts.amazonaws.com',
        `account/${from}`,
        'AIDAANN',
        'AWSAccount',
        from,
        to,
        outcome,
        shared,
        key,
        '-',
        '-',
        role(to, 'hop'),
      );
const rows = (...lines: string[]) => ct([HEAD, ...lines].join('\n'));

describe('calls across accounts', () => {
  it('counts the two records of one call once, names who by the caller’s own, and gives both', async () => {
    const { across } = await asked(
      rows(
        assume(0, 1, 'own', A, B, 's1'),
        assume(0, 2, 'called', A, B, 's1'),
        assume(60, 3, 'own', A, B, 's2'),
        assume(60, 4, 'called', A, B, 's2'),
      ),
    );
    expect(across.totals).toMatchObject({ calls: 2, pairs: 1, between: 2, in: 0, out: 0, twins: 2, foreignAccounts: 0 });
    const row = only(across.rows);
    expect(row).toMatchObject({
      from: A,
      to: B,
      how: 'assumed',
      calls: 2,
      who: { column: 'principal', value: `${A}/user/ann` },
      what: { column: 'resource', value: role(B, 'hop') },
      recorded: { both: 2, onlyCaller: 0, onlyCalled: 0 },
    });
    expect(row.callerKey).not.toBeNull();
    expect(row.calledKey).not.toBeNull();
  });

  it('sees in from a foreign account by its unique ID, and out to one by the ARN of the role; denied is told', async () => {
    const { across } = await asked(
      rows(
        assume(0, 1, 'called', X, B, 's1'),
        assume(10, 2, 'called', X, B, '-', 'denied'),
        assume(20, 3, 'own', A, X, 's3'),
        line('30', '4', 'ListBuckets', 's3.amazonaws.com', `${A}/user/ann`, 'AIDAANN', 'IAMUser', A, A, 'success', '-', '-', '-', '-', '-'),
      ),
    );
    expect(across.totals).toMatchObject({ calls: 3, in: 2, out: 1, between: 0, foreignAccounts: 1 });
    const inward = only(across.rows.filter((r) => r.direction === 'in'));
    expect(inward).toMatchObject({
      fromForeign: true,
      toForeign: false,
      calls: 2,
      denied: 1,
      who: { column: 'principalId', value: 'AIDAANN' },
      recorded: { onlyCalled: 2, both: 0 },
    });
    expect(only(across.rows.filter((r) => r.direction === 'out'))).toMatchObject({ to: X, toForeign: true, recorded: { onlyCaller: 1 } });
  });

  it('joins a call on a resource that both recorded, switched roles and root sessions; a call in one account is none', async () => {
    const { across } = await asked(
      rows(
        line(
          '0',
          '1',
          'GetObject',
          's3.amazonaws.com',
          `${A}/user/ann`,
          'AIDAANN',
          'IAMUser',
          A,
          A,
          'success',
          's1',
          '-',
          '-',
          '-',
          'bucket',
        ),
        line(
          '0',
          '2',
          'GetObject',
          's3.amazonaws.com',
          `account/${A}`,
          'AIDAANN',
          'AWSAccount',
          A,
          B,
          'success',
          's1',
          '-',
          '-',
          '-',
          'bucket',
        ),
        line(
          '9',
          '3',
          'SwitchRole',
          'signin.amazonaws.com',
          `${B}/role/ops`,
          'AROAOPS:ann',
          'AssumedRole',
          B,
          B,
          'success',
          '-',
          '-',
          `arn:aws:iam::${A}:user/ann`,
          '-',
          '-',
        ),
        line(
          '12',
          '4',
          'AssumeRoot',
          'sts.amazonaws.com',
          `${A}/user/ann`,
          'AIDAANN',
          'IAMUser',
          A,
          A,
          'success',
          '-',
          'ASIAROOT',
          '-',
          B,
          '-',
        ),
        line(
          '15',
          '5',
          'AssumeRole',
          'sts.amazonaws.com',
          `${A}/user/ann`,
          'AIDAANN',
          'IAMUser',
          A,
          A,
          'success',
          's5',
          '-',
          '-',
          '-',
          role(A, 'own'),
        ),
        line(
          '15',
          '6',
          'Decrypt',
          'kms.amazonaws.com',
          'service/s3.amazonaws.com',
          '-',
          'AWSService',
          '-',
          A,
          'success',
          's6',
          '-',
          '-',
          '-',
          '-',
        ),
      ),
    );
    expect(across.rows.map((r) => [r.how, r.what?.value, r.calls, r.from, r.to]).sort()).toEqual([
      ['assumed', B, 1, A, B],
      ['assumed', `${B}/role/ops`, 1, A, B],
      ['called', 's3.amazonaws.com', 1, A, B],
    ]);
    expect(across.rows.find((r) => r.how === 'called')).toMatchObject({
      resources: [{ value: 'bucket', events: 1 }],
      recorded: { both: 1 },
    });
  });

  it('names the other side’s record though the selection leaves it out, and joins exports without shared IDs by the issued key', async () => {
    const bench = await Bench.with(
      commitOf('one', rows(assume(0, 1, 'own', A, B, '-', 'success', 'ASIAHOP'), assume(0, 2, 'called', A, B, '-', 'success', 'ASIAHOP'))),
    );
    expect(only((await ask(bench)).across.rows)).toMatchObject({ calls: 1, recorded: { both: 1 } });
    bench.close();
    const shared = await Bench.with(commitOf('one', rows(assume(0, 1, 'own', A, B, 's1'), assume(0, 2, 'called', A, B, 's1'))));
    const narrow = await shared.core.acrossAccounts(selection({ op: 'in', column: 'account', values: [B] }));
    expect(only(narrow.rows)).toMatchObject({ calls: 1, recorded: { both: 1 } });
    expect(narrow.rows[0].callerKey).not.toBeNull();
    expect((await shared.core.acrossAccounts(EMPTY_SELECTION)).totals.calls).toBe(1);
    shared.close();
  });
});
