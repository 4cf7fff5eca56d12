/** Sign-ins: outcome by its column, MFA as recorded, places against the identity's own history, guessing told with its events. */
import { describe, expect, it } from 'vitest';
import { said } from '../behaviour/support.ts';
import { ct, selection } from '../query/support.ts';
import { asked, kinds, only } from './support.ts';

const HEAD = 't | id | eventName | principal | userName | identityType | account | sourceIPAddress | outcome | mfa';
const rows = (...lines: string[]) => ct([HEAD, ...lines].join('\n'));

describe('sign-ins', () => {
  it('counts how they ended by the outcome, and MFA of those that succeeded as recorded: not recorded is not no', async () => {
    const { signIns } = await asked(
      rows(
        '0   | 1 | ConsoleLogin | 1/user/ann | ann  | IAMUser     | 1 | 198.51.100.1 | success | true',
        '10  | 2 | ConsoleLogin | 1/user/ann | ann  | IAMUser     | 1 | 198.51.100.1 | denied  | false',
        '20  | 3 | ConsoleLogin | 1/user/bob | bob  | IAMUser     | 1 | 198.51.100.2 | success | false',
        '30  | 4 | ConsoleLogin | 1/user/eve | eve  | IAMUser     | 1 | 198.51.100.3 | success | -',
        '40  | 5 | ConsoleLogin | 1/role/sso | kim  | AssumedRole | 1 | 198.51.100.4 | success | false',
        '50  | 6 | ConsoleLogin | 1/root     | root | Root        | 1 | 198.51.100.5 | success | YES',
        '60  | 7 | ConsoleLogin | 1/user/csv | csv  | -           | 1 | -            | -       | -',
        '70  | 8 | AssumeRole   | 1/user/ann | ann  | IAMUser     | 1 | 198.51.100.1 | success | true',
      ),
    );
    expect(signIns.totals).toEqual({
      signIns: 7,
      succeeded: 5,
      failed: 1,
      unclear: 1,
      hidden: 0,
      identities: 6,
      addresses: 6,
      mfa: { yes: 2, no: 1, notRecorded: 1, provider: 1 },
    });
    const without = only(signIns.points.filter((p) => p.kind === 'withoutMfa'));
    expect(without.counts).toEqual({ signIns: 1, identities: 1, root: 0 });
    expect(said(without.parts)).toContain('1/user/bob');
    const ann = only(signIns.rows.filter((r) => r.principal === '1/user/ann'));
    expect(ann).toMatchObject({ succeeded: 1, failed: 1, mfa: { yes: 1, no: 0 } });
  });

  it('counts a step of an Identity Center sign-in only when it failed', async () => {
    const { signIns } = await asked(
      rows(
        '0  | 1 | CredentialVerification | identity-center/u1 | - | IdentityCenterUser | 1 | 198.51.100.1 | denied  | -',
        '9  | 2 | CredentialVerification | identity-center/u1 | - | IdentityCenterUser | 1 | 198.51.100.1 | success | -',
        '10 | 3 | UserAuthentication     | identity-center/u1 | - | IdentityCenterUser | 1 | 198.51.100.1 | success | -',
      ),
    );
    expect(signIns.totals).toMatchObject({ signIns: 2, succeeded: 1, failed: 1, mfa: { provider: 1 } });
  });

  it('tells spraying from one address, with the success after it; three mistyping people over a month are none', async () => {
    const failing = ['ann', 'bob', 'eve', 'kim'].map(
      (name, i) => `${i * 10} | ${i + 1} | ConsoleLogin | 1/user/${name} | ${name} | IAMUser | 1 | 203.0.113.9 | denied | -`,
    );
    const { signIns } = await asked(
      rows(...failing, '90 | 9 | ConsoleLogin | 1/user/kim | kim | IAMUser | 1 | 203.0.113.9 | success | false'),
    );
    const spray = only(signIns.points.filter((p) => p.kind === 'spraying'));
    expect(spray.counts).toMatchObject({ identities: 4, failures: 4, succeeded: 1, hit: 1 });
    expect(said(spray.parts)).toContain('1/user/kim, which had failed there before');
    expect(spray.subject).toEqual({ column: 'sourceIPAddress', value: '203.0.113.9' });
    const slow = ['ann', 'bob', 'eve'].map(
      (name, i) => `${i * 864_000} | ${i + 1} | ConsoleLogin | 1/user/${name} | ${name} | IAMUser | 1 | 203.0.113.9 | denied | -`,
    );
    expect(kinds((await asked(rows(...slow))).signIns.points)).toEqual([]);
  });

  it('tells spraying from the addresses of one network', async () => {
    const { signIns } = await asked(
      rows(
        ...['ann', 'bob', 'eve'].map(
          (name, i) => `${i * 10} | ${i + 1} | ConsoleLogin | 1/user/${name} | ${name} | IAMUser | 1 | 203.0.113.${i + 1} | denied | -`,
        ),
      ),
    );
    const spray = only(signIns.points);
    expect(said(spray.parts)).toContain('the network 203.0.113.0/24 (3 addresses)');
  });

  it('tells a row of guesses and the success that ended it, from whatever address; one in the same second ends nothing', async () => {
    const guesses = (n: number) =>
      Array.from(
        { length: n },
        (_, i) => `${i * 60} | ${i + 1} | ConsoleLogin | 1/user/ann | ann | IAMUser | 1 | 203.0.113.${i} | denied | -`,
      );
    const won = await asked(
      rows(...guesses(6), '400 | 50 | ConsoleLogin | 1/user/ann | ann | IAMUser | 1 | 198.51.100.7 | success | true'),
    );
    const brute = only(won.signIns.points.filter((p) => p.kind === 'bruteForce'));
    expect(brute.counts).toMatchObject({ failures: 6, succeeded: 1, addresses: 6 });
    expect(said(brute.parts)).toContain('Then it succeeded at t400 from 198.51.100.7');
    expect(only(won.signIns.rows.filter((r) => r.succeeded > 0)).failuresBefore).toBe(6);
    const same = await asked(
      rows(...guesses(6), '300 | 50 | ConsoleLogin | 1/user/ann | ann | IAMUser | 1 | 198.51.100.7 | success | true'),
    );
    expect(only(same.signIns.points.filter((p) => p.kind === 'bruteForce')).counts).toMatchObject({ failures: 6, succeeded: 0 });
    expect(only(same.signIns.rows.filter((r) => r.succeeded > 0)).failuresBefore).toBe(5);
    expect(kinds((await asked(rows(...guesses(4)))).signIns.points)).not.toContain('bruteForce');
  });

  it('says of names that AWS hid that they are no user, and never takes them for one person', async () => {
    const hidden = Array.from(
      { length: 7 },
      (_, i) =>
        `${i * 60} | ${i + 1} | ConsoleLogin | 1/user/HIDDEN_DUE_TO_SECURITY_REASONS | HIDDEN_DUE_TO_SECURITY_REASONS | IAMUser | 1 | 203.0.113.9 | denied | -`,
    );
    const { signIns } = await asked(rows(...hidden));
    expect(kinds(signIns.points)).toEqual(['hiddenNames']);
    expect(signIns.totals.hidden).toBe(7);
    expect(only(signIns.rows)).toMatchObject({ hidden: true, place: { state: 'notCompared' } });
  });

  it('calls a place new only against earlier events of the identity, and says how many; a failure makes no place known', async () => {
    const before = Array.from(
      { length: 24 },
      (_, i) => `${i * 20_000} | ${100 + i} | ListBuckets | 1/user/ann | ann | IAMUser | 1 | 198.51.100.1 | success | -`,
    );
    const { signIns } = await asked(
      rows(
        ...before,
        '600000 | 1 | ConsoleLogin | 1/user/ann | ann | IAMUser | 1 | 203.0.113.5  | denied  | -',
        '600060 | 2 | ConsoleLogin | 1/user/ann | ann | IAMUser | 1 | 203.0.113.5  | success | true',
        '600120 | 3 | ConsoleLogin | 1/user/ann | ann | IAMUser | 1 | 198.51.100.9 | success | true',
        '600180 | 4 | ConsoleLogin | 1/user/ann | ann | IAMUser | 1 | 198.51.100.1 | success | true',
        '600240 | 5 | ConsoleLogin | 1/user/bob | bob | IAMUser | 1 | 203.0.113.5  | success | true',
      ),
      // What is filtered does not shorten the history.
      selection({ op: 'in', column: 'eventName', values: ['ConsoleLogin'] }),
    );
    const state = (address: string, who = '1/user/ann') =>
      only(signIns.rows.filter((r) => r.sourceIPAddress === address && r.principal === who)).place;
    expect(state('203.0.113.5')).toMatchObject({ state: 'new', events: 24, days: 6, thin: false });
    expect(state('198.51.100.9')).toMatchObject({ state: 'network' });
    expect(state('198.51.100.1')).toMatchObject({ state: 'known' });
    expect(state('203.0.113.5', '1/user/bob')).toMatchObject({ state: 'none', events: 0 });
    const place = only(signIns.points.filter((p) => p.kind === 'newPlace'));
    expect(place.weight).toBe('notable');
    expect(place.values[0].note).toBe('1/user/ann, with 24 earlier events of it on 6 days');
  });
});
