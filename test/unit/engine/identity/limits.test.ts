/** What records do not show: who a caller was when its credential had ended, that AWS issued what is only named so, what was before a Region's evidence. */
import { describe, expect, it } from 'vitest';
import { type CredentialDetails, credentialOfKey } from '../../../../src/shared/lineage.ts';
import { type Lineages, lineageReader } from './support.ts';
import { type Caller, Trail } from './trail.ts';

const A = '111111111111';
const B = '222222222222';
const DAY = 86_400;
const INSTANCE = 'i-0abcdef1234567890';
const read = lineageReader();

const details = async (lineages: Lineages, key: string): Promise<CredentialDetails> => {
  const found = await lineages.core.credential(credentialOfKey(key));
  if (found === null) throw new Error(`no ${key}`);
  return found;
};

describe('a caller that another account names by its principal ID', () => {
  /** The AssumeRole of account B is in evidence there only. */
  const called = (trail: Trail, caller: Caller, at: number): string => {
    const { session, event: issued } = trail.assume(caller, 'target', B, 'ASIATARGET', at);
    trail.twin(caller, issued);
    trail.rows.splice(
      trail.rows.findIndex((row) => row.id === issued),
      1,
    );
    return trail.call(session, 'ListBuckets', at + 60);
  };

  it('is not the session that had ended by then', async () => {
    const trail = new Trail();
    const zoe = trail.session('ops', 'zoe', A, 'ASIAZOE', 0);
    trail.call(zoe, 'ListUsers', 30);
    const event = called(trail, zoe, 2 * DAY);
    const lineages = await read(trail);
    expect(await lineages.story(event)).toBe(`ASIATARGET <exact issued> AWSAccount:AROA${A}ops:zoe · issue-not-in-evidence`);
    expect((await lineages.behind(event)).stop.text).toContain(`give this principal ID to arn:aws:sts::${A}:assumed-role/ops/zoe`);
  });

  it('may be a session that can still have been valid, and it is said that no more is known', async () => {
    const trail = new Trail();
    const zoe = trail.session('ops', 'zoe', A, 'ASIAZOE', 0);
    trail.call(zoe, 'ListUsers', 30);
    const event = called(trail, zoe, 3600);
    const lineages = await read(trail);
    expect(await lineages.story(event)).toContain('<inferred same-principal> ASIAZOE');
    const { reason } = (await lineages.behind(event)).hops[0].link ?? { reason: '' };
    expect(reason).toContain('Its last recorded use is at 2026-03-01 00:00:30 UTC');
    expect(reason).not.toContain('in use then');
  });

  it('is told from a second credential that can have been valid too only by use before and after', async () => {
    const trail = new Trail();
    trail.call(trail.user('alice', A, 'AKIAONE'), 'ListUsers', 5);
    trail.call(trail.user('alice', A, 'AKIATWO'), 'ListUsers', 6);
    const event = called(trail, trail.user('alice', A, 'AKIATWO'), 3600);
    expect(await (await read(trail)).story(event)).toBe(`ASIATARGET <exact issued> AWSAccount:AIDA${A}alice · issue-not-in-evidence`);
    trail.call(trail.user('alice', A, 'AKIATWO'), 'ListUsers', 7200);
    expect(await (await read(trail)).story(event)).toContain('<inferred same-principal> AKIATWO');
  });
});

describe('a session that is named like an instance', () => {
  it('is no instance’s by its name', async () => {
    const trail = new Trail();
    trail.call(trail.user('bob', A, 'AKIABOB'), 'Get', 1);
    const event = trail.call(trail.session('ops', INSTANCE, A, 'ASIAFAKE', 10), 'ListBuckets', 20);
    const { hops, stop } = await (await read(trail)).behind(event);
    expect(hops[0].credential.kind).toBe('assumed-role');
    expect(stop.code).toBe('issue-not-in-evidence');
    expect(stop.text).toContain('It is named like an instance; no record shows that AWS issued it');
  });

  it('is one when AWS issued it, or the record says how the instance got it', async () => {
    const trail = new Trail();
    const { session } = trail.assume(trail.service('ec2.amazonaws.com'), 'web', A, 'ASIAEC2', 10, { userName: INSTANCE });
    const issued = trail.call(session, 'ListBuckets', 20);
    const delivered = trail.call(trail.session('web', INSTANCE, A, 'ASIAIMDS', 10, { roleDelivery: '2.0' }), 'ListBuckets', 20);
    const lineages = await read(trail);
    for (const event of [issued, delivered]) expect((await lineages.behind(event)).hops[0].credential.kind).toBe('ec2');
  });

  it('is whose who assumed the role under that name', async () => {
    const trail = new Trail();
    const { session } = trail.assume(trail.user('carol', A, 'AKIACAROL'), 'web', A, 'ASIAFAKE', 10, { userName: INSTANCE });
    const event = trail.call(session, 'ListBuckets', 20);
    const lineages = await read(trail);
    expect(await lineages.story(event)).toBe('ASIAFAKE <exact issued> AKIACAROL · before-evidence');
    expect((await lineages.behind(event)).hops[0].credential.kind).toBe('assumed-role');
  });

  it('leads to who launched the instance, who is called no more than that', async () => {
    const trail = new Trail();
    trail.call(trail.user('alice', A, 'AKIAALICE'), 'RunInstances', 1, {}, [INSTANCE]);
    const real = trail.call(trail.session('web', INSTANCE, A, 'ASIAEC2', 10, { roleDelivery: '2.0' }), 'Get', 20);
    const named = trail.call(trail.session('ops', INSTANCE, A, 'ASIANAMED', 10), 'Get', 20);
    const lineages = await read(trail);
    for (const event of [real, named]) {
      const { hops, originProof } = await lineages.behind(event);
      expect(originProof).toBe('inferred');
      expect(hops[0].credential.launched).toBe(true);
      expect(hops[0].link?.reason.toLowerCase()).toContain('launched by');
    }
    expect((await lineages.behind(named)).hops[0].link?.reason).toContain('No record shows that AWS issued the session to it');
  });

  it('is not made a function by its agent either', async () => {
    const trail = new Trail();
    const agent = { userAgent: 'aws-cli/2 exec-env/AWS_Lambda_python3.12' };
    const event = trail.call(trail.session('ops', 'x', A, 'ASIAX', 10, agent), 'Get', 20);
    const { hops, stop } = await (await read(trail)).behind(event);
    expect(hops[0].credential.kind).toBe('assumed-role');
    expect(stop.text).toContain('Its user agent names AWS Lambda');
  });
});

describe('the evidence begins where the issue would be recorded', () => {
  const drawn = (): Trail => {
    const trail = new Trail();
    trail.call(trail.user('aud', A, 'AKIAAUD'), 'DescribeInstances', 10, { awsRegion: 'eu-west-1' });
    trail.call(trail.user('aud', A, 'AKIAAUD'), 'ListRoles', 3 * DAY, { awsRegion: 'us-east-1' });
    return trail;
  };

  it('a key that was used before us-east-1 is in evidence', async () => {
    const trail = drawn();
    const event = trail.call(trail.user('new', A, 'AKIANEW'), 'DescribeInstances', 2 * DAY, { awsRegion: 'eu-west-1' });
    const { stop } = await (await read(trail)).behind(event);
    expect(stop.code).toBe('region-not-in-evidence');
    expect(stop.text).toContain(
      'that Region is in evidence from 2026-03-04 00:00:00 UTC only, and the key was first used at 2026-03-03 00:00:00 UTC',
    );
  });

  it('a key that made the first event of all', async () => {
    const trail = drawn();
    const { stop } = await (await read(trail)).behind(trail.rows[0].id ?? '');
    expect(stop.code).toBe('before-evidence');
    expect(stop.text).toContain('before the evidence begins (2026-03-01): the first event of account');
  });

  it('a Region without an event for some hours is in evidence all the same', async () => {
    const trail = new Trail();
    trail.call(trail.user('aud', A, 'AKIAAUD'), 'DescribeInstances', 10, { awsRegion: 'eu-west-1' });
    const event = trail.call(trail.user('old', A, 'AKIAOLD'), 'DescribeInstances', 600, { awsRegion: 'eu-west-1' });
    trail.call(trail.user('aud', A, 'AKIAAUD'), 'ListRoles', 7200, { awsRegion: 'us-east-1' });
    expect((await (await read(trail)).behind(event)).stop.code).toBe('before-evidence');
  });

  it('a key that is used after that', async () => {
    const trail = drawn();
    const event = trail.call(trail.user('new', A, 'AKIANEW'), 'DescribeInstances', 4 * DAY, { awsRegion: 'eu-west-1' });
    const { stop } = await (await read(trail)).behind(event);
    expect(stop.code).toBe('before-evidence');
    expect(stop.text).toContain('before the evidence begins (2026-03-04), or the record is missing');
  });

  it('a session that began before that, in another Region', async () => {
    const trail = drawn();
    const event = trail.call(trail.session('R', 's', A, 'ASIAONE', DAY), 'DescribeInstances', 2 * DAY, { awsRegion: 'eu-west-1' });
    expect((await (await read(trail)).behind(event)).stop).toMatchObject({ code: 'region-not-in-evidence' });
    trail.call(trail.user('aud', A, 'AKIAAUD'), 'GetCallerIdentity', 20, { awsRegion: 'eu-west-1', eventSource: 'sts.amazonaws.com' });
    expect((await (await read(trail)).behind(event)).stop).toMatchObject({ code: 'issue-not-in-evidence' });
  });

  it('of another partition', async () => {
    const trail = new Trail();
    const caller = trail.user('wei', A, 'AKIAWEI');
    caller.values.identity = `arn:aws-cn:iam::${A}:user/wei`;
    const event = trail.call(caller, 'DescribeInstances', 10, { awsRegion: 'cn-northwest-1' });
    expect((await (await read(trail)).behind(event)).stop.text).toContain('Region cn-north-1');
  });
});

describe('what ends a session', () => {
  it('of AssumeRoot is no policy', async () => {
    const trail = new Trail();
    const at = { issuedKey: 'ASIAROOT', issuedTo: B, eventSource: 'sts.amazonaws.com' };
    trail.call(trail.user('mgmt', A, 'AKIAMGMT'), 'AssumeRoot', 10, at);
    const root = trail.root(B);
    Object.assign(root.values, { accessKeyId: 'ASIAROOT', sessionStart: '2026-03-01T00:00:10Z' });
    trail.call(root, 'DeleteBucketPolicy', 20);
    const { containment, kind, proof } = await details(await read(trail), 'ASIAROOT');
    expect([kind, proof]).toEqual(['assume-root', 'exact']);
    expect(containment.revoke).toMatchObject([{ means: 'assume-root', issuedBefore: null }]);
    expect(containment.revokeIssuedBefore).toBeNull();
    expect(containment.text.join(' ')).toContain(`Root of account ${B}: a session of AssumeRoot cannot be ended by an IAM policy`);
    expect(containment.text.join(' ')).not.toContain('aws:TokenIssueTime');
  });

  it.each([
    ['AWSReservedSSO_Admin_0123456789abcdef', 'identity-center', 'Identity Center manages the role'],
    ['AWSServiceRoleForSupport', 'service-linked', 'cannot be revoked'],
  ])('of %s', async (role, means, says) => {
    const trail = new Trail();
    trail.call(trail.session(role, 'dana', A, 'ASIAONE', 10), 'Get', 20);
    const lineages = await read(trail);
    const { containment } = await details(lineages, 'ASIAONE');
    expect(containment.revoke).toMatchObject([{ means, issuedBefore: null }]);
    expect(containment.text.join(' ')).toContain(says);
    expect(containment.text.join(' ')).not.toContain('To end its sessions, deny');
    const tree = await lineages.core.credentialTree(credentialOfKey('ASIAONE'), { maxNodes: 5 });
    expect(tree?.nodes[0].revokeBefore).toBeNull();
  });

  it('of a federated user is a policy of the user who made it', async () => {
    const trail = new Trail();
    const issued = { issuedKey: 'ASIAFED', issuedTo: `arn:aws:sts::${A}:federated-user/eve`, eventSource: 'sts.amazonaws.com' };
    trail.call(trail.user('alice', A, 'AKIAALICE'), 'GetFederationToken', 10, issued);
    const values = {
      identityType: 'FederatedUser',
      identity: issued.issuedTo,
      principalId: `${A}:eve`,
      accessKeyId: 'ASIAFED',
      callerAccount: A,
    };
    trail.call({ account: A, values }, 'Get', 20);
    const { containment } = await details(await read(trail), 'ASIAFED');
    expect(containment.revoke).toMatchObject([{ arn: `arn:aws:iam::${A}:user/alice`, means: 'policy' }]);
  });
});
