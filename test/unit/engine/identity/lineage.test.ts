/** Who is really behind an event: each way in which a credential comes to be, told as a short story. */
import { describe, expect, it } from 'vitest';
import { credentialOfKey } from '../../../../src/shared/lineage.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { selection } from '../query/support.ts';
import { lineageReader } from './support.ts';
import { Trail } from './trail.ts';

const A = '111111111111';
const B = '222222222222';
const ALICE = `arn:aws:iam::${A}:user/alice`;

const read = lineageReader();

describe('exact links', () => {
  it('alice’s key → role A → role B in account 2', async () => {
    const trail = new Trail();
    const alice = trail.user('alice', A, 'AKIAALICE');
    const first = trail.assume(alice, 'RoleA', A, 'ASIAONE', 10);
    const second = trail.assume(first.session, 'RoleB', B, 'ASIATWO', 20);
    const twin = trail.twin(first.session, second.event);
    const event = trail.call(second.session, 'GetObject', 30);
    const lineages = await read(trail);
    expect(await lineages.story(event)).toBe('ASIATWO <exact issued> ASIAONE <exact issued> AKIAALICE · before-evidence');
    const behind = await lineages.behind(event);
    expect(behind).toMatchObject({ origin: ALICE, depth: 2, originProof: 'proven' });
    expect(behind.hops[0].link?.events).toEqual([`id:${second.event}`, `id:${twin}`]);
    expect(behind.hops[0].link?.reason).toBe(
      'AssumeRole answered with key ASIATWO, called with key ASIAONE; it was used within its lifetime.',
    );
    expect(behind.stop.text).toContain('Key AKIAALICE was issued before the evidence begins (2026-03-01)');
    expect((await lineages.behind(twin)).twins).toEqual([`id:${second.event}`]);
  });

  it('a use in the second of the issue counts', async () => {
    const trail = new Trail();
    const { session } = trail.assume(trail.user('alice', A, 'AKIAALICE'), 'RoleA', A, 'ASIAONE', 10);
    const event = trail.call(session, 'GetObject', 10);
    expect(await (await read(trail)).story(event)).toBe('ASIAONE <exact issued> AKIAALICE · before-evidence');
  });

  it('a key made for somebody else leads to who made it', async () => {
    const trail = new Trail();
    const made = trail.createKey(trail.user('alice', A, 'AKIAALICE'), 'bob', 'AKIABOB', 5);
    const event = trail.call(made.user, 'ListUsers', 50);
    const lineages = await read(trail);
    expect(await lineages.story(event)).toBe('AKIABOB <exact created-key> AKIAALICE · before-evidence');
    expect((await lineages.behind(event)).hops[0].link?.reason).toBe('CreateAccessKey made key AKIABOB for bob.');
  });

  it.each([
    ['GetSessionToken', 'session-token'],
    ['GetFederationToken', 'federation-token'],
    ['AssumeRoot', 'assume-root'],
  ])('%s', async (call, kind) => {
    const trail = new Trail();
    const { session } = trail.assume(trail.user('alice', A, 'AKIAALICE'), 'RoleA', A, 'ASIAONE', 10, {}, call);
    const event = trail.call(session, 'GetObject', 20);
    const behind = await (await read(trail)).behind(event);
    expect(behind).toMatchObject({ origin: ALICE, depth: 1, originProof: 'proven' });
    expect(behind.hops[0].credential.kind).toBe(kind);
  });

  it.each([
    ['AssumeRoleWithSAML', 'SAMLUser', 'saml'],
    ['AssumeRoleWithWebIdentity', 'WebIdentityUser', 'web-identity'],
  ] as const)('%s: the person of the identity provider is the origin', async (call, type, kind) => {
    const trail = new Trail();
    const { session } = trail.assume(trail.person(type, 'eva'), 'RoleA', A, 'ASIAONE', 10, {}, call);
    const event = trail.call(session, 'GetObject', 20);
    const behind = await (await read(trail)).behind(event);
    expect(behind).toMatchObject({ origin: `${type}:eva`, depth: 1, originProof: 'proven', stop: { code: 'identity-provider' } });
    expect(behind.hops[0].credential.kind).toBe(kind);
  });

  it('service-issued: the workload is its own origin, and the issuing event is cited', async () => {
    const trail = new Trail();
    const { session, event: issued } = trail.assume(trail.service('lambda.amazonaws.com'), 'Worker', A, 'ASIAONE', 10);
    const event = trail.call(session, 'GetObject', 20);
    const behind = await (await read(trail)).behind(event);
    expect(behind).toMatchObject({ depth: 0, originProof: 'proven', stop: { code: 'issued-for-service', events: [`id:${issued}`] } });
    expect(behind.stop.text).toBe('Key ASIAONE was issued by AWS for a service (lambda.amazonaws.com).');
    expect(behind.hops[0].credential).toMatchObject({ kind: 'lambda', issuedBy: `id:${issued}` });
  });
});

describe('inferred links', () => {
  it('an instance’s role → who launched the instance', async () => {
    const trail = new Trail();
    trail.call(trail.user('alice', A, 'AKIAALICE'), 'RunInstances', 1, {}, ['i-0abcdef1234567890']);
    const instance = trail.session('Web', 'i-0abcdef1234567890', A, 'ASIAEC2', 10, { roleDelivery: '1.0' });
    const event = trail.call(instance, 'GetObject', 20);
    const lineages = await read(trail);
    expect(await lineages.story(event)).toBe('ASIAEC2 <inferred launched> AKIAALICE · before-evidence');
    expect((await lineages.behind(event)).originProof).toBe('inferred');
  });

  it('an instance whose launch is not in evidence stops at AWS', async () => {
    const trail = new Trail();
    const event = trail.call(trail.session('Web', 'i-0abcdef1234567890', A, 'ASIAEC2', 10, { roleDelivery: '2.0' }), 'GetObject', 20);
    expect(await (await read(trail)).story(event)).toBe('ASIAEC2 · issued-for-instance');
  });

  it('console sign-in → console session, and role switching from it', async () => {
    const trail = new Trail();
    const alice = trail.user('alice', A, null);
    trail.call(alice, 'ConsoleLogin', 100, { eventSource: 'signin.amazonaws.com', sourceIPAddress: '203.0.113.9' });
    const console = trail.user('alice', A, 'ASIACONSOLE');
    Object.assign(console.values, { sessionStart: '2026-03-01T00:01:40Z', fromConsole: 'true' });
    const own = trail.call(console, 'ListUsers', 130);
    const switched = trail.session('Admin', 'alice', A, 'ASIASWITCHED', 200, { fromConsole: 'true' });
    trail.call(trail.session('Admin', 'alice', A, null, 200), 'SwitchRole', 200, {
      eventSource: 'signin.amazonaws.com',
      switchedFrom: ALICE,
    });
    const event = trail.call(switched, 'DeleteTrail', 210);
    const lineages = await read(trail);
    expect(await lineages.story(own)).toBe(`ASIACONSOLE <inferred signed-in> ${ALICE} · signed-in`);
    expect(await lineages.story(event)).toBe(`ASIASWITCHED <inferred switched-role> ASIACONSOLE <inferred signed-in> ${ALICE} · signed-in`);
  });

  it('a key turned into a console session by GetSigninToken', async () => {
    const trail = new Trail();
    const made = trail.assume(trail.user('alice', A, 'AKIAALICE'), 'RoleA', A, 'ASIAONE', 10);
    trail.call(made.session, 'GetSigninToken', 20, { eventSource: 'signin.amazonaws.com' });
    const console = trail.session('RoleA', 'work', A, 'ASIACONSOLE', 30, { fromConsole: 'true' });
    const event = trail.call(console, 'ListUsers', 40);
    expect(await (await read(trail)).story(event)).toBe(
      'ASIACONSOLE <inferred signin-token> ASIAONE <exact issued> AKIAALICE · before-evidence',
    );
  });

  it('Identity Center: portal sign-in → role session', async () => {
    const trail = new Trail();
    trail.call(trail.person('IdentityCenterUser', 'dana@example.com'), 'Federate', 10, { eventSource: 'sso.amazonaws.com', account: A });
    const session = trail.session('AWSReservedSSO_Admin_abc', 'dana@example.com', A, 'ASIASSO', 12);
    const event = trail.call(session, 'ListUsers', 40);
    const behind = await (await read(trail)).behind(event);
    expect(behind).toMatchObject({ origin: 'IdentityCenterUser:dana@example.com', depth: 1, originProof: 'inferred' });
    expect(behind.hops[0].link?.how).toBe('federated');
  });

  it('onBehalfOf and sourceIdentity name a person where no record shows the issue', async () => {
    const trail = new Trail();
    const center = trail.call(trail.session('R', 's', A, 'ASIACENTER', 10, { onBehalfOf: 'user-1' }), 'Get', 20);
    const source = trail.call(trail.session('R', 't', A, 'ASIASOURCE', 10, { sourceIdentity: 'dana' }), 'Get', 20);
    const lineages = await read(trail);
    expect(await lineages.story(center)).toBe('ASIACENTER <inferred on-behalf-of> IdentityCenterUser:user-1 · identity-provider');
    expect(await lineages.story(source)).toBe('ASIASOURCE <inferred source-identity> SourceIdentity:dana · issue-not-in-evidence');
  });

  it('records without a key belong to the session of the same principal and beginning', async () => {
    const trail = new Trail();
    const { session } = trail.assume(trail.user('alice', A, 'AKIAALICE'), 'RoleA', A, 'ASIAONE', 10);
    trail.call(session, 'GetObject', 20);
    const event = trail.call(trail.session('RoleA', 'work', A, null, 10), 'GetObject', 25);
    expect(await (await read(trail)).story(event)).toBe(
      `arn:aws:sts::${A}:assumed-role/RoleA/work <inferred same-session> ASIAONE <exact issued> AKIAALICE · before-evidence`,
    );
  });

  it('an AssumeRole whose answer was left out: role and second', async () => {
    const trail = new Trail();
    const role = `arn:aws:iam::${A}:role/RoleA`;
    trail.call(trail.user('alice', A, 'AKIAALICE'), 'AssumeRole', 10, { eventSource: 'sts.amazonaws.com' }, [role]);
    const event = trail.call(trail.session('RoleA', 'work', A, 'ASIAONE', 10), 'GetObject', 20);
    const lineages = await read(trail);
    expect(await lineages.story(event)).toBe('ASIAONE <inferred session-name> AKIAALICE · before-evidence');
    expect((await lineages.behind(event)).hops[0].link?.reason).toContain('leaves out which key it answered with');
  });

  it('the same key ID under another answer: role, session name and second', async () => {
    const trail = new Trail();
    trail.assume(trail.user('alice', A, 'AKIAALICE'), 'RoleA', A, 'ASIAREDACTED', 10);
    const event = trail.call(trail.session('RoleA', 'work', A, 'ASIAONE', 10), 'GetObject', 20);
    expect(await (await read(trail)).story(event)).toBe('ASIAONE <inferred session-name> AKIAALICE · before-evidence');
  });

  it('only the other account’s record of AssumeRole: the caller by its principal ID', async () => {
    const trail = new Trail();
    const alice = trail.user('alice', A, 'AKIAALICE');
    trail.call(alice, 'ListUsers', 5);
    trail.call(alice, 'ListUsers', 50);
    const { session, event: issued } = trail.assume(alice, 'RoleB', B, 'ASIATWO', 20);
    trail.twin(alice, issued);
    trail.rows.splice(
      trail.rows.findIndex((row) => row.id === issued),
      1,
    );
    const event = trail.call(session, 'GetObject', 30);
    const lineages = await read(trail);
    expect(await lineages.story(event)).toBe('ASIATWO <inferred same-principal> AKIAALICE · before-evidence');
    expect((await lineages.behind(event)).hops[0].link?.reason).toContain('only the account that was called recorded it');
  });
});

describe('where proof ends', () => {
  it('the issuing account is not in evidence', async () => {
    const trail = new Trail();
    const { session, event: issued } = trail.assume(trail.user('alice', A, 'AKIAALICE'), 'RoleB', B, 'ASIATWO', 20);
    trail.twin(trail.user('alice', A, null), issued);
    trail.rows.shift();
    const event = trail.call(session, 'GetObject', 30);
    const behind = await (await read(trail)).behind(event);
    expect(behind.stop).toMatchObject({ code: 'account-not-in-evidence' });
    expect(behind.stop.text).toBe(
      `Issuing account of AWSAccount:AIDA${A}alice not in evidence: nothing that account ${A} recorded is here.`,
    );
  });

  it('the session began before the evidence', async () => {
    const trail = new Trail();
    const event = trail.call(trail.session('RoleA', 'work', A, 'ASIAONE', -500), 'GetObject', 30);
    expect(await (await read(trail)).story(event)).toBe('ASIAONE · before-evidence');
  });

  it('the Region that would hold the issue is not in evidence', async () => {
    const trail = new Trail();
    trail.call(trail.user('bob', A, 'AKIABOB'), 'Get', 1, { awsRegion: 'eu-west-1' });
    const event = trail.call(trail.session('RoleA', 'work', A, 'ASIAONE', 20), 'GetObject', 30, { awsRegion: 'eu-west-1' });
    const lineages = await read(trail);
    expect(await lineages.story(event)).toBe('ASIAONE · region-not-in-evidence');
  });

  it('the record is missing although the evidence spans the time', async () => {
    const trail = new Trail();
    trail.call(trail.user('bob', A, 'AKIABOB'), 'Get', 1);
    const event = trail.call(trail.session('RoleA', 'work', A, 'ASIAONE', 20), 'GetObject', 30);
    expect(await (await read(trail)).story(event)).toBe('ASIAONE · issue-not-in-evidence');
  });

  it('two events issue the key: neither is taken', async () => {
    const trail = new Trail();
    const one = trail.assume(trail.user('alice', A, 'AKIAALICE'), 'RoleA', A, 'ASIAONE', 10);
    trail.assume(trail.user('bob', A, 'AKIABOB'), 'RoleA', A, 'ASIAONE', 12);
    const event = trail.call(one.session, 'GetObject', 30);
    const behind = await (await read(trail)).behind(event);
    expect(behind).toMatchObject({ depth: 0, stop: { code: 'ambiguous' } });
    expect(behind.stop.text).toContain('2 events issue key ASIAONE');
    expect(behind.stop.events).toHaveLength(2);
  });

  it('used before it was issued: told, and not proven', async () => {
    const trail = new Trail();
    const { session } = trail.assume(trail.user('alice', A, 'AKIAALICE'), 'RoleA', A, 'ASIAONE', 100);
    const early = trail.call(session, 'GetObject', 40);
    const good = trail.call(session, 'GetObject', 140);
    const late = trail.call(session, 'GetObject', 100 + 3600 + 7200);
    const lineages = await read(trail);
    expect((await lineages.behind(early)).originProof).toBe('inferred');
    expect(await lineages.story(early)).toBe('ASIAONE <inferred issued> AKIAALICE · before-evidence');
    expect((await lineages.behind(early)).remarks[0]).toContain('Used 60 seconds before the event that issued its key');
    expect((await lineages.behind(good)).originProof).toBe('proven');
    expect((await lineages.behind(late)).remarks[0]).toBe('Used 2 hours after its key expired.');
    expect(await lineages.core.credential(credentialOfKey('ASIAONE'))).toMatchObject({ usesBeforeIssue: 1, usesAfterExpiry: 1 });
  });

  it('a circle is cut at its earliest issue', async () => {
    const trail = new Trail();
    const one = trail.session('A', 'x', A, 'ASIAONE', 10);
    const two = trail.session('B', 'y', A, 'ASIATWO', 10);
    trail.call(two, 'AssumeRole', 10, { issuedKey: 'ASIAONE', issuedTo: one.values.identity });
    trail.call(one, 'AssumeRole', 11, { issuedKey: 'ASIATWO', issuedTo: two.values.identity });
    const event = trail.call(two, 'GetObject', 20);
    expect(await (await read(trail)).story(event)).toBe('ASIATWO <exact issued> ASIAONE · cycle');
  });
});

describe('columns and answers', () => {
  const drawn = (): { trail: Trail; last: string } => {
    const trail = new Trail();
    const alice = trail.user('alice', A, 'AKIAALICE');
    const one = trail.assume(alice, 'RoleA', A, 'ASIAONE', 10);
    const two = trail.assume(one.session, 'RoleB', B, 'ASIATWO', 20);
    trail.call(two.session, 'GetObject', 30, { sourceIPAddress: '198.51.100.7' }, ['bucket']);
    const last = trail.call(two.session, 'PutObject', 40, {
      outcome: 'denied',
      errorCode: 'AccessDenied',
      sourceIPAddress: '198.51.100.7',
    });
    trail.call(trail.user('bob', A, 'AKIABOB'), 'ListUsers', 50);
    return { trail, last };
  };

  it('origin, depth and proof are counted and filtered like other columns', async () => {
    const { trail } = drawn();
    const lineages = await read(trail);
    const byAlice = selection({ op: 'in', column: 'origin', values: [ALICE] });
    const [origins, depths, proofs] = await lineages.bench.answers(
      EMPTY_SELECTION,
      { ask: 'facet', column: 'origin', limit: 10 },
      { ask: 'facet', column: 'depth', limit: 10 },
      { ask: 'facet', column: 'originProof', limit: 10 },
    );
    expect(origins.values).toEqual([
      { value: ALICE, count: 4 },
      { value: `arn:aws:iam::${A}:user/bob`, count: 1 },
    ]);
    expect(depths.values.map((v) => [v.value, v.count])).toEqual([
      ['0', 2],
      ['2', 2],
      ['1', 1],
    ]);
    expect(proofs.values).toEqual([{ value: 'proven', count: 5 }]);
    const [count, page] = await lineages.bench.answers(
      byAlice,
      { ask: 'count' },
      { ask: 'page', offset: 3, limit: 1, descending: false, columns: ['depth', 'origin'] },
    );
    expect(count.events).toBe(4);
    expect(page.rows[0].values).toEqual(['2', ALICE]);
    // A star changes no chain: the graph is not made anew.
    const before = await lineages.core.lineageSummary();
    lineages.bench.star('id:e000000');
    await lineages.bench.settle();
    expect((await lineages.core.lineageSummary()).generation).toBe(before.generation);
  });

  it('a credential, its tree, the list and the summary', async () => {
    const { trail } = drawn();
    const lineages = await read(trail);
    const one = await lineages.core.credential(credentialOfKey('ASIAONE'));
    expect(one).toMatchObject({
      descendants: 1,
      depth: 1,
      kind: 'assumed-role',
      events: 1,
      children: 1,
      expires: Date.UTC(2026, 2, 1, 1, 0, 10),
    });
    expect(one?.containment.revoke.map(({ arn, sessions, issuedBefore }) => [arn, sessions, issuedBefore])).toEqual([
      [`arn:aws:iam::${A}:role/RoleA`, 1, Date.UTC(2026, 2, 1, 0, 0, 11)],
      [`arn:aws:iam::${B}:role/RoleB`, 1, Date.UTC(2026, 2, 1, 0, 0, 21)],
    ]);
    expect(await lineages.core.credential(credentialOfKey('ASIANOBODY'))).toBeNull();
    const tree = await lineages.core.credentialTree(credentialOfKey('ASIAONE'), { maxNodes: 10 });
    expect(tree?.nodes.map((n) => [n.level, n.accessKeyId, n.descendants])).toEqual([
      [-1, 'AKIAALICE', 2],
      [0, 'ASIAONE', 1],
      [1, 'ASIATWO', 0],
    ]);
    expect(tree).toMatchObject({ root: 'key:AKIAALICE', asked: 'key:ASIAONE', left: 0, events: 3 });
    expect(tree?.nodes[2]).toMatchObject({
      ips: { distinct: 1, top: [{ value: '198.51.100.7', count: 2 }] },
      deniedActions: { distinct: 1, top: [{ value: 'PutObject', count: 1 }] },
      resources: { distinct: 1, top: [{ value: 'bucket', count: 1 }] },
    });
    const query = { selection: null, kinds: null, find: 'asia', sort: 'events', descending: true, offset: 0, limit: 10 } as const;
    const list = await lineages.core.credentials(query);
    expect(list.rows.map((row) => row.accessKeyId)).toEqual(['ASIATWO', 'ASIAONE']);
    const denied = selection({ op: 'in', column: 'outcome', values: ['denied'] });
    const inDenied = await lineages.core.credentials({ ...query, find: '', selection: denied });
    expect(inDenied).toMatchObject({ total: 1, rows: [{ accessKeyId: 'ASIATWO', events: 1, denied: 1 }] });
    expect(await lineages.core.lineageSummary()).toMatchObject({
      issuedTemporary: 2,
      issuedLongTerm: 0,
      usedLater: 2,
      exactLinks: 2,
      maxDepth: 2,
    });
    const batch = await lineages.core.batchCredentials();
    expect(batch.list.find((row) => row.accessKeyId === 'ASIATWO')).toMatchObject({
      parentKey: 'ASIAONE',
      origin: ALICE,
      depth: 2,
      eventCount: 2,
    });
  });
});
