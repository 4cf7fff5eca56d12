/** What ends a credential, held against what the evidence says was done: keys deleted, policies written, uses after that. */
import { describe, expect, it } from 'vitest';
import { credentialOfKey } from '../../../../src/shared/lineage.ts';
import { lineageReader } from './support.ts';
import { Trail } from './trail.ts';

const A = '111111111111';
const KEY = 'AKIAALICE';

const read = lineageReader();
const containment = async (trail: Trail) => {
  const details = await (await read(trail)).core.credential(credentialOfKey(KEY));
  if (details === null) throw new Error('no key');
  return details.containment;
};

describe('long-term keys', () => {
  const drawn = (call: 'UpdateAccessKey' | 'DeleteAccessKey', outcome = {}) => {
    const trail = new Trail();
    const alice = trail.user('alice', A, KEY);
    trail.call(alice, 'ListUsers', 5);
    const change = trail.call(trail.user('bob', A, 'AKIABOB'), call, 10, outcome, ['alice', KEY]);
    const same = trail.call(alice, 'GetUser', 10);
    const late = [trail.call(alice, 'GetObject', 20), trail.call(alice, 'GetObject', 130)];
    return { trail, change, same, late };
  };

  it('uses after its deletion are counted and cited, and nobody is told to deactivate it', async () => {
    const { trail, change, same, late } = drawn('DeleteAccessKey');
    const { longTermKeys, text } = await containment(trail);
    expect(longTermKeys[0].deleted?.key).toBe(`id:${change}`);
    expect(longTermKeys[0].usesAfter).toMatchObject({ change: `id:${change}`, uses: 2, events: late.map((id) => `id:${id}`) });
    expect(text.join(' ')).not.toContain('Deactivate key');
    expect(text.join(' ')).toContain(`2 uses of key ${KEY} after DeleteAccessKey at 2026-03-01 00:00:10 UTC`);
    const lineages = await read(trail);
    const behind = async (id: string) => (await lineages.behind(id)).remarks.join(' ');
    expect(await behind(late[1])).toContain('Used 2 minutes after DeleteAccessKey');
    expect(await behind(same)).toBe('');
  });

  it('a changed key is still to be deactivated: columns do not hold its state', async () => {
    const { trail } = drawn('UpdateAccessKey');
    const { longTermKeys, text } = await containment(trail);
    expect(longTermKeys[0]).toMatchObject({ deleted: null, usesAfter: { eventName: 'UpdateAccessKey', uses: 2 } });
    expect(text[0]).toContain(`Deactivate key ${KEY}. The last change of it in evidence is UpdateAccessKey at 2026-03-01 00:00:10 UTC`);
  });

  it('a call that failed changes nothing', async () => {
    const { trail } = drawn('DeleteAccessKey', { outcome: 'denied', errorCode: 'AccessDenied' });
    expect((await containment(trail)).longTermKeys[0]).toMatchObject({ changes: [], deleted: null, usesAfter: null });
  });
});

it('policies written into roles since their first session, so that roles left open stand out', async () => {
  const trail = new Trail();
  const alice = trail.user('alice', A, KEY);
  const bob = trail.user('bob', A, 'AKIABOB');
  trail.call(bob, 'PutRolePolicy', 5, {}, ['RoleA', 'early']);
  for (const [role, key] of [
    ['RoleA', 'ASIAONE'],
    ['RoleB', 'ASIATWO'],
    ['RoleC', 'ASIATHREE'],
  ])
    trail.assume(alice, role, A, key, 10);
  const put = trail.call(bob, 'PutRolePolicy', 50, {}, ['RoleA']);
  trail.call(bob, 'PutRolePolicy', 51, { outcome: 'denied', errorCode: 'AccessDenied' }, ['RoleB']);
  trail.call(trail.user('eve', '222222222222', 'AKIAEVE'), 'PutRolePolicy', 52, {}, ['RoleC']);
  const { revoke, text } = await containment(trail);
  expect(revoke.map((entry) => entry.policies.map((policy) => policy.key))).toEqual([[`id:${put}`], [], []]);
  expect(text).toContain('A policy was written since its first session into RoleA; whether it denies older sessions stands in the event.');
  expect(text).toContain('No revocation is in evidence for RoleB, RoleC.');
});
