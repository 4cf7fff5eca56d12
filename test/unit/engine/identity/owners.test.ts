/** Whose a key is: one key ID that records give to several, IDs that were made unreadable, and sign-ins that nobody made. */
import { describe, expect, it } from 'vitest';
import { usedByFilter } from '../../../../src/renderer/views/credentials/words.ts';
import { credentialId, credentialOfKey } from '../../../../src/shared/lineage.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { selection } from '../query/support.ts';
import { lineageReader } from './support.ts';
import { Trail } from './trail.ts';

const A = '111111111111';
const read = lineageReader();

/** Events that the filter of a credential's page finds, of each credential; beside what the graph counts. */
async function found(lineages: Awaited<ReturnType<typeof read>>): Promise<[number, number][]> {
  const query = { selection: null, kinds: null, find: '', sort: 'id', descending: false, offset: 0, limit: 100 } as const;
  const { rows } = await lineages.core.credentials(query);
  const counts: [number, number][] = [];
  for (const row of rows) {
    const filter = usedByFilter([row]);
    if (filter === null) throw new Error(`no filter for ${row.id}`);
    const [count] = await lineages.bench.answers(selection(filter), { ask: 'count' });
    counts.push([count.events, row.events]);
  }
  return counts;
}

describe('one key ID of several principals', () => {
  const drawn = () => {
    const trail = new Trail();
    trail.call(trail.user('bob', A, 'AKIABOB'), 'Get', 1);
    const ra = trail.call(trail.session('ra', 'sa', A, 'ASIATWOID', 10), 'ListBuckets', 20);
    const rb = trail.call(trail.session('rb', 'sb', A, 'ASIATWOID', 15), 'ListBuckets', 25);
    return { trail, ra, rb };
  };

  it('each is its own, and nothing is proven by the key', async () => {
    const { trail, ra, rb } = drawn();
    const lineages = await read(trail);
    const one = await lineages.behind(ra);
    const two = await lineages.behind(rb);
    expect(one).toMatchObject({ origin: `arn:aws:sts::${A}:assumed-role/ra/sa`, originProof: 'inferred', stop: { code: 'contested' } });
    expect(two).toMatchObject({ origin: `arn:aws:sts::${A}:assumed-role/rb/sb`, originProof: 'inferred', stop: { code: 'contested' } });
    expect(two.stop.text).toContain('Records give this key ID to 2 principals');
    expect(two.stop.events).toEqual([`id:${ra}`, `id:${rb}`]);
    expect(two.remarks[0]).toContain('2 principals');
    const id = credentialId(`key:ASIATWOID|AROA${A}rb:sb`);
    expect(await lineages.core.credential(id)).toMatchObject({ id, events: 1, accessKeyId: 'ASIATWOID' });
    expect(await lineages.core.credential(credentialOfKey('ASIATWOID'))).toMatchObject({
      identity: `arn:aws:sts::${A}:assumed-role/ra/sa`,
    });
    expect(await found(lineages)).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    const batch = await lineages.core.batchCredentials();
    expect(batch.list.filter((row) => row.accessKeyId === 'ASIATWOID').map((row) => [row.origin, row.eventCount, row.originProof])).toEqual(
      [
        [`arn:aws:sts::${A}:assumed-role/ra/sa`, 1, 'inferred'],
        [`arn:aws:sts::${A}:assumed-role/rb/sb`, 1, 'inferred'],
      ],
    );
  });

  it('an issue belongs to whom it names, and is no proof', async () => {
    const trail = new Trail();
    const issued = trail.assume(trail.user('alice', A, 'AKIAALICE'), 'ra', A, 'ASIATWOID', 10, { userName: 'sa' });
    const ra = trail.call(trail.session('ra', 'sa', A, 'ASIATWOID', 10), 'ListBuckets', 20);
    const rb = trail.call(trail.session('rb', 'sb', A, 'ASIATWOID', 15), 'ListBuckets', 25);
    const lineages = await read(trail);
    expect(await lineages.story(ra)).toBe('ASIATWOID <inferred issued> AKIAALICE · before-evidence');
    const { hops, originProof } = await lineages.behind(ra);
    expect(originProof).toBe('inferred');
    expect(hops[0].link?.events[0]).toBe(`id:${issued.event}`);
    expect(hops[0].link?.reason).toContain('2 principals');
    expect(await lineages.story(rb)).toBe('ASIATWOID · contested');
    expect(await lineages.core.lineageSummary()).toMatchObject({ issuedTemporary: 1, usedLater: 1 });
  });

  it('used by another than it was issued to: told, and not proven', async () => {
    const trail = new Trail();
    trail.assume(trail.user('alice', A, 'AKIAALICE'), 'ra', A, 'ASIAONE', 10);
    const event = trail.call(trail.session('rb', 'sb', A, 'ASIAONE', 10), 'ListBuckets', 25);
    const { hops, originProof } = await (await read(trail)).behind(event);
    expect(originProof).toBe('inferred');
    expect(hops[0].link?.reason).toContain('of another than it was issued to');
  });

  it('what a record leaves out is no other principal', async () => {
    const trail = new Trail();
    const session = trail.session('ra', 'sa', A, 'ASIAONE', 10);
    const bare = trail.call(session, 'Early', 15, { principalId: `AROA${A}ra` });
    const whole = trail.call(session, 'ListBuckets', 20);
    const none = { account: A, values: { accessKeyId: 'ASIAONE', userName: 'sa', identity: ':sa' } };
    const csv = trail.call(none, 'ListBuckets', 30);
    const lineages = await read(trail);
    for (const event of [bare, whole, csv])
      expect((await lineages.behind(event)).hops[0].credential).toMatchObject({ id: 'key:ASIAONE', events: 3 });
  });
});

describe('key IDs that were made unreadable', () => {
  it('tell nobody from another: the identity does', async () => {
    const trail = new Trail();
    const masked = { accessKeyId: 'AKIA****************', principalId: 'AROA****************:User' };
    const jane = trail.call({ account: A, values: { ...trail.user('jane', A, null).values, ...masked } }, 'GetUser', 10);
    const role = trail.call({ account: A, values: { ...trail.session('Admin', 'dana', A, null, 5).values, ...masked } }, 'ListUsers', 20);
    const lineages = await read(trail);
    const one = await lineages.behind(jane);
    expect(one).toMatchObject({ origin: `arn:aws:iam::${A}:user/jane`, depth: 0 });
    expect(one.hops[0].credential).toMatchObject({ kind: 'long-term', events: 1, accessKeyId: null, maskedKey: masked.accessKeyId });
    expect(one.stop.text).toContain('AKIA**************** in the place of a key ID');
    const two = await lineages.behind(role);
    expect(two.origin).toBe(`arn:aws:sts::${A}:assumed-role/Admin/dana`);
    expect(two.hops[0].credential).toMatchObject({
      kind: 'assumed-role',
      id: `session:2026-03-01T00:00:05Z|arn:aws:sts::${A}:assumed-role/Admin/dana`,
    });
    const details = await lineages.core.credential(one.hops[0].credential.id);
    expect(details?.containment.longTermKeys).toEqual([]);
    expect(details?.containment.text[0]).toContain(`arn:aws:iam::${A}:user/jane`);
    for (const [listed, counted] of await found(lineages)) expect(listed).toBe(counted);
    const { list } = await lineages.core.batchCredentials();
    expect(list.map((row) => [row.accessKeyId, row.origin, row.eventCount])).toEqual([
      [masked.accessKeyId, two.origin, 1],
      [masked.accessKeyId, one.origin, 1],
    ]);
  });
});

describe('sign-ins that failed', () => {
  const failure = { eventSource: 'signin.amazonaws.com', outcome: 'denied' };

  it('show nobody, and belong to no session of whom they name', async () => {
    const trail = new Trail();
    const bob = trail.user('bob', A, null);
    const real = trail.call(bob, 'ConsoleLogin', 10, { eventSource: 'signin.amazonaws.com' });
    const sprayed = trail.call(bob, 'ConsoleLogin', 500, failure);
    const again = trail.call(bob, 'ConsoleLogin', 505, failure);
    const root = trail.call(trail.root(A), 'ConsoleLogin', 510, failure);
    const lineages = await read(trail);
    expect((await lineages.behind(real)).hops[0].credential).toMatchObject({ kind: 'console', events: 1 });
    for (const event of [sprayed, root]) {
      const behind = await lineages.behind(event);
      expect(behind).toMatchObject({ origin: null, depth: 0, stop: { code: 'attempt' } });
      expect(behind.hops).toHaveLength(1);
      expect(behind.hops[0].credential.kind).toBe('attempt');
    }
    expect((await lineages.behind(again)).hops[0].credential).toMatchObject({ id: `attempt:${A}|AIDA${A}bob`, events: 2 });
    const details = await lineages.core.credential(credentialId(`attempt:${A}|AIDA${A}bob`));
    expect(details?.containment).toMatchObject({
      revoke: [],
      longTermKeys: [],
      text: ['Nothing to end: no sign-in succeeded in these records.'],
    });
    for (const [listed, counted] of await found(lineages)) expect(listed).toBe(counted);
    const [origins, proofs] = await lineages.bench.answers(
      EMPTY_SELECTION,
      { ask: 'facet', column: 'origin', limit: 10 },
      { ask: 'facet', column: 'originProof', limit: 10 },
    );
    expect(origins.values).toEqual([
      { value: null, count: 3 },
      { value: `arn:aws:iam::${A}:user/bob`, count: 1 },
    ]);
    expect(proofs.values).toEqual([
      { value: null, count: 3 },
      { value: 'proven', count: 1 },
    ]);
  });

  it.each(['PasswordRecoveryRequested', 'CredentialChallenge'])('%s needs nobody to be who is named', async (call) => {
    const trail = new Trail();
    const event = trail.call(trail.root(A), call, 10, { eventSource: 'signin.amazonaws.com' });
    expect((await (await read(trail)).behind(event)).origin).toBeNull();
  });

  it('a failed AssumeRoleWithWebIdentity shows nobody; one that succeeds shows who the provider named', async () => {
    const trail = new Trail();
    const eva = trail.person('WebIdentityUser', 'eva');
    const failed = trail.call(eva, 'AssumeRoleWithWebIdentity', 5, { account: A, outcome: 'denied', errorCode: 'AccessDenied' });
    const { event } = trail.assume(eva, 'R', A, 'ASIAONE', 10, {}, 'AssumeRoleWithWebIdentity');
    const lineages = await read(trail);
    expect((await lineages.behind(failed)).origin).toBeNull();
    expect((await lineages.behind(event)).origin).toBe('WebIdentityUser:eva');
  });
});
