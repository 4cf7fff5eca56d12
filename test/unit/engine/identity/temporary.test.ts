/** Credentials that are easily taken for something else: temporary keys of users, people without keys, keys that nobody uses, twins. */
import { describe, expect, it } from 'vitest';
import { usedByFilter } from '../../../../src/renderer/views/credentials/words.ts';
import { credentialOfKey } from '../../../../src/shared/lineage.ts';
import { selection } from '../query/support.ts';
import { lineageReader } from './support.ts';
import { Trail } from './trail.ts';

const A = '111111111111';
const B = '222222222222';
const ALICE = `arn:aws:iam::${A}:user/alice`;

const read = lineageReader();

describe('a temporary key of a user without a recorded issue', () => {
  const S3 = '[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.488 Linux/5.4.247 OpenJDK_64-Bit_Server_VM/25.372-b08]';
  it.each([
    ['from the console, as recorded', [{ fromConsole: 'true' }], 'console'],
    ['agent of the S3 console', [{ userAgent: S3 }], 'console'],
    ['a browser', [{ userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:102.0) Gecko/20100101 Firefox/102.0' }], 'console'],
    ['the sign-in service', [{ userAgent: 'signin.amazonaws.com', invokedBy: 'signin.amazonaws.com' }], 'console'],
    ['AWS Internal', [{ sourceIPAddress: 'AWS Internal', userAgent: 'AWS Internal', invokedBy: 'AWS Internal' }], 'service-forwarded'],
    ['a service alone', [{ sourceIPAddress: 'secretsmanager.amazonaws.com' }], 'service-forwarded'],
    ['a service, then the user', [{ invokedBy: 'secretsmanager.amazonaws.com' }, { userAgent: 'aws-cli/2.15.0' }], 'session'],
    ['a command line', [{ userAgent: 'aws-cli/2.15.0', sourceIPAddress: '198.51.100.7' }], 'session'],
  ] as const)('%s', async (_, calls, kind) => {
    const trail = new Trail();
    const events = calls.map((values, i) => trail.call(trail.user('alice', A, 'ASIATEMP'), 'GetObject', 10 + i, values));
    const behind = await (await read(trail)).behind(events[0]);
    expect(behind.hops[0].credential.kind).toBe(kind);
    expect(behind).toMatchObject({ origin: ALICE, depth: 0 });
    expect(behind.stop.text).toContain('key ASIATEMP'.slice(1));
    expect(behind.stop.text.includes('GetSessionToken')).toBe(kind === 'session');
  });

  it('root too; and a recorded GetSessionToken is one whatever the agent', async () => {
    const trail = new Trail();
    const root = trail.root(A);
    const event = trail.call({ ...root, values: { ...root.values, accessKeyId: 'ASIAROOT' } }, 'ListUsers', 5, {
      userAgent: 'aws-cli/2.15.0',
    });
    const user = trail.user('alice', A, 'ASIATEMP');
    const issued = { issuedKey: 'ASIATEMP', issuedTo: ALICE, eventSource: 'sts.amazonaws.com' };
    trail.call(trail.user('alice', A, 'AKIAALICE'), 'GetSessionToken', 10, issued);
    const used = trail.call(user, 'GetObject', 20, { userAgent: 'Mozilla/5.0 Firefox/102.0' });
    const lineages = await read(trail);
    expect((await lineages.behind(event)).hops[0].credential.kind).toBe('session');
    const behind = await lineages.behind(used);
    expect(behind.hops[0].credential.kind).toBe('session-token');
    expect(behind).toMatchObject({ depth: 1, originProof: 'proven' });
  });
});

it('people of Identity Center without keys or principal IDs are told apart by their user ID, and found by it', async () => {
  const trail = new Trail();
  const person = (user: string) => ({
    account: A,
    values: { identityType: 'IdentityCenterUser', identity: `IdentityCenterUser:${A}`, callerAccount: A, onBehalfOf: user },
  });
  const ada = trail.call(person('user-ada'), 'Federate', 5);
  trail.call(person('user-ada'), 'Federate', 9);
  const bob = trail.call(person('user-bob'), 'Federate', 6);
  const lineages = await read(trail);
  const behind = await lineages.behind(ada);
  expect(behind).toMatchObject({ origin: 'IdentityCenterUser:user-ada', depth: 0 });
  expect((await lineages.behind(bob)).origin).toBe('IdentityCenterUser:user-bob');
  const [{ credential }] = behind.hops;
  expect(credential).toMatchObject({ id: 'session:|onBehalfOf:user-ada', kind: 'identity-center', events: 2 });
  const filter = usedByFilter([credential]);
  if (filter === null) throw new Error('no filter');
  const [{ events }] = await lineages.bench.answers(selection(filter), { ask: 'count' });
  expect(events).toBe(2);
  expect(await lineages.core.credential(credential.id)).toMatchObject({ onBehalfOf: 'user-ada', events: 2 });
});

it('an issued key that no event uses: exact as to the issue, said to be unused, with its role and account', async () => {
  const trail = new Trail();
  trail.assume(trail.user('alice', A, 'AKIAALICE'), 'RoleB', B, 'ASIAIDLE', 10);
  const details = await (await read(trail)).core.credential(credentialOfKey('ASIAIDLE'));
  expect(details).toMatchObject({
    events: 0,
    role: `arn:aws:iam::${B}:role/RoleB`,
    account: B,
    issuedTo: `arn:aws:sts::${B}:assumed-role/RoleB/work`,
    originProof: 'proven',
  });
  expect(details?.chain[0].link).toMatchObject({ how: 'issued-unused', proof: 'exact' });
  expect(details?.chain[0].link?.reason).toContain('issued, never used in evidence');
});

describe('the other account’s record of a call', () => {
  it('is of the caller’s credential, and not counted twice', async () => {
    const trail = new Trail();
    const alice = trail.user('alice', A, 'AKIAALICE');
    const { event } = trail.assume(alice, 'RoleB', B, 'ASIATWO', 20);
    const twin = trail.twin(alice, event);
    const lineages = await read(trail);
    const key = await lineages.core.credential(credentialOfKey('AKIAALICE'));
    expect(key).toMatchObject({ events: 1, children: 1, alsoRecordedIn: [{ account: B, events: 1 }] });
    expect((await lineages.behind(twin)).hops.map((hop) => hop.credential.accessKeyId)).toEqual(['AKIAALICE']);
    const { byKind } = await lineages.core.lineageSummary();
    expect(byKind.map((k) => k.kind)).not.toContain('external');
    const tree = await lineages.core.credentialTree(credentialOfKey('AKIAALICE'), { maxNodes: 10 });
    expect(tree?.events).toBe(1);
    expect(tree?.nodes[0].actions.top).toEqual([{ value: 'AssumeRole', count: 1 }]);
  });

  it('stays on its own under another name, or when two records claim the call', async () => {
    const trail = new Trail();
    const alice = trail.user('alice', A, 'AKIAALICE');
    const { event } = trail.assume(alice, 'RoleB', B, 'ASIATWO', 20);
    trail.twin(trail.user('mallory', A, null), event);
    const { byKind } = await (await read(trail)).core.lineageSummary();
    expect(byKind).toContainEqual({ kind: 'external', count: 1 });
  });
});
