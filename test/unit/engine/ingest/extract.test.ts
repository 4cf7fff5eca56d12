/** From a record to its columns: who, what it is about, how it ended, and when. */
import { describe, expect, it } from 'vitest';
import { parseTime } from '../../../../src/engine/ingest/event-time.ts';
import { EXTRACTORS, type Extracted, emptyView } from '../../../../src/engine/ingest/extract.ts';
import { type JsonObject, viewRecord } from '../../../../src/engine/ingest/record.ts';
import { ResourceCollector } from '../../../../src/engine/ingest/resources.ts';
import { TextHasher } from '../../../../src/engine/ingest/text-hash.ts';
import type { DictColumnId } from '../../../../src/shared/columns.ts';

const view = (record: JsonObject): Extracted => {
  const empty = emptyView();
  viewRecord(record, empty);
  return empty;
};
const column = (id: DictColumnId, record: JsonObject): string | null => EXTRACTORS[id](view(record));
const role = {
  type: 'AssumedRole',
  principalId: 'AROAEXAMPLE:dana',
  arn: 'arn:aws:sts::111122223333:assumed-role/Admin/dana',
  accountId: '111122223333',
  sessionContext: {
    sessionIssuer: { type: 'Role', arn: 'arn:aws:iam::111122223333:role/team/a/Admin', accountId: '111122223333', userName: 'Admin' },
  },
};

describe('principal and user name', () => {
  it.each<[string, JsonObject, string | null, string | null]>([
    ['assumed role, path dropped', { userIdentity: role }, '111122223333/role/Admin', 'dana'],
    ['assumed role without issuer', { userIdentity: { ...role, sessionContext: undefined } }, '111122223333/role/Admin', 'dana'],
    ['assumed role without arn', { userIdentity: { type: 'AssumedRole', principalId: 'AROA:i-0abc' } }, 'unknown/AROA:i-0abc', 'i-0abc'],
    ['IAM user with a path', { userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::1:user/x/Bob', accountId: '1' } }, '1/user/Bob', 'Bob'],
    ['root', { userIdentity: { type: 'Root', arn: 'arn:aws:iam::1:root', accountId: '1', userName: 'alias' } }, '1/root', 'root'],
    ['AssumeRoot session', { userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::9:assumed-root', accountId: '9' } }, '9/root', null],
    [
      'federated user',
      { userIdentity: { type: 'FederatedUser', arn: 'arn:aws:sts::1:federated-user/Eve', principalId: '1:Eve' } },
      '1/federated-user/Eve',
      null,
    ],
    ['service', { userIdentity: { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' } }, 'service/ec2.amazonaws.com', null],
    [
      'service by its host name',
      { userIdentity: { type: 'AWSService' }, sourceIPAddress: 's3.amazonaws.com' },
      'service/s3.amazonaws.com',
      null,
    ],
    ['another account', { userIdentity: { type: 'AWSAccount', accountId: '2', principalId: 'AIDA' } }, 'account/2', null],
    ['SAML', { userIdentity: { type: 'SAMLUser', userName: 'eva', identityProvider: 'idp' } }, 'saml/idp/eva', 'eva'],
    ['web identity', { userIdentity: { type: 'WebIdentityUser', userName: 'eva' } }, 'web-identity/?/eva', 'eva'],
    ['identity center', { userIdentity: { type: 'IdentityCenterUser', onBehalfOf: { userId: 'u-1' } } }, 'identity-center/u-1', null],
    ['directory', { userIdentity: { type: 'Directory', userName: 'eva' } }, 'directory/eva', 'eva'],
    ['unknown', { userIdentity: { type: 'Unknown', principalId: 'P' } }, 'unknown/P', null],
    ['only invokedBy', { userIdentity: { invokedBy: 'config.amazonaws.com' } }, 'service/config.amazonaws.com', null],
    ['no identity', {}, null, null],
    ['an empty identity', { userIdentity: {} }, null, null],
  ])('%s', (_, record, principal, userName) => {
    expect(column('principal', record)).toBe(principal);
    expect(column('userName', record)).toBe(userName);
  });

  it('the identity is the arn, else the type and the first of four', () => {
    expect(column('identity', { userIdentity: role })).toBe(role.arn);
    expect(column('identity', { userIdentity: { type: 'AWSService', invokedBy: 'a.com', userName: 'x' } })).toBe('AWSService:a.com');
    expect(column('identity', { userIdentity: { type: 'SAMLUser', userName: 'eva', accountId: '1' } })).toBe('SAMLUser:eva');
    expect(column('identity', { userIdentity: { type: 'Unknown' } })).toBeNull();
  });
});

describe('outcome and values', () => {
  it.each<[string, JsonObject, string | null]>([
    ['a call', {}, 'success'],
    ['an authorization failure', { errorCode: 'Client.UnauthorizedOperation' }, 'denied'],
    ['another one', { errorCode: 'AccessDeniedException' }, 'denied'],
    ['an error', { errorCode: 'NoSuchBucket' }, 'error'],
    ['a failed sign-in by message only', { eventName: 'ConsoleLogin', errorMessage: 'Failed authentication' }, 'denied'],
    ['a failed sign-in by its response', { eventName: 'ConsoleLogin', responseElements: { ConsoleLogin: 'Failure' } }, 'denied'],
    [
      'a failed step of an Identity Center sign-in',
      { eventName: 'CredentialVerification', serviceEventDetails: { CredentialVerification: 'Failure' } },
      'denied',
    ],
    ['a good step of one', { eventName: 'CredentialVerification', serviceEventDetails: { CredentialVerification: 'Success' } }, 'success'],
    ['a good sign-in', { eventName: 'ConsoleLogin', responseElements: { ConsoleLogin: 'Success' } }, 'success'],
    ['a message without a code', { errorMessage: 'Something broke' }, 'error'],
    ['an insight', { eventCategory: 'Insight' }, null],
  ])('%s', (_, record, outcome) => expect(column('outcome', record)).toBe(outcome));

  it('keeps values as they stand', () => {
    expect(column('eventName', { eventName: 'SendSSHPublicKey ' })).toBe('SendSSHPublicKey ');
    expect(column('readOnly', { readOnly: false })).toBe('false');
    expect(column('readOnly', { readOnly: 'true' })).toBe('true');
    expect(column('readOnly', {})).toBeNull();
    expect(column('account', { recipientAccountId: '1', userIdentity: { accountId: '2' } })).toBe('1');
    expect(column('account', { userIdentity: { accountId: '2' } })).toBe('2');
    expect(column('callerAccount', { recipientAccountId: '1', userIdentity: { accountId: '2' } })).toBe('2');
  });
});

describe('credentials and sessions', () => {
  const assumed = {
    eventName: 'AssumeRole',
    responseElements: {
      credentials: { accessKeyId: 'ASIAEXAMPLE1', expiration: 'Jul 10, 2023, 6:30:22 PM' },
      assumedRoleUser: { assumedRoleId: 'AROA1:dana', arn: 'arn:aws:sts::1:assumed-role/Admin/dana' },
    },
  };

  it.each<[string, DictColumnId, JsonObject, string | null]>([
    ['a key issued by STS', 'issuedKey', assumed, 'ASIAEXAMPLE1'],
    ['who it was issued to', 'issuedTo', assumed, 'arn:aws:sts::1:assumed-role/Admin/dana'],
    ['until when', 'issuedExpires', assumed, 'Jul 10, 2023, 6:30:22 PM'],
    ['a long-term key', 'issuedKey', { responseElements: { accessKey: { accessKeyId: 'AKIAEXAMPLE1', userName: 'bob' } } }, 'AKIAEXAMPLE1'],
    ['its user', 'issuedTo', { responseElements: { accessKey: { accessKeyId: 'AKIAEXAMPLE1', userName: 'bob' } } }, 'bob'],
    [
      'whose root was assumed',
      'issuedTo',
      { eventName: 'AssumeRoot', requestParameters: { targetPrincipal: '2' }, responseElements: { credentials: { accessKeyId: 'ASIA2' } } },
      '2',
    ],
    ['no key, nobody it was issued to', 'issuedTo', { responseElements: { assumedRoleUser: { arn: 'arn:a' } } }, null],
    ['a response that is text', 'issuedKey', { responseElements: 'null' }, null],
    ['the session has MFA', 'mfa', { userIdentity: { sessionContext: { attributes: { mfaAuthenticated: 'true' } } } }, 'true'],
    ['the sign-in had none', 'mfa', { eventName: 'ConsoleLogin', additionalEventData: { MFAUsed: 'No' } }, 'false'],
    ['when the session began', 'sessionStart', { userIdentity: { sessionContext: { attributes: { creationDate: 'd' } } } }, 'd'],
    ['the role behind the session', 'sessionIssuer', { userIdentity: role }, 'arn:aws:iam::111122223333:role/team/a/Admin'],
    ['the person behind it', 'sourceIdentity', { userIdentity: { sessionContext: { sourceIdentity: 'dana' } } }, 'dana'],
    ['the Identity Center user', 'onBehalfOf', { userIdentity: { onBehalfOf: { userId: 'u-1' } } }, 'u-1'],
    ['a federated provider', 'federation', { userIdentity: { sessionContext: { webIdFederationData: { federatedProvider: 'p' } } } }, 'p'],
    ['IMDS', 'roleDelivery', { userIdentity: { sessionContext: { ec2RoleDelivery: '1.0' } } }, '1.0'],
    ['bytes out', 'bytesOut', { additionalEventData: { bytesTransferredOut: 1024 } }, '1024'],
    ['what it was issued for', 'issuedFor', { userIdentity: { inScopeOf: { credentialsIssuedTo: 'arn:f' } } }, 'arn:f'],
  ])('%s', (_, id, record, value) => expect(column(id, record)).toBe(value));
});

describe('time', () => {
  it.each([
    ['2026-03-02T09:00:00Z', Date.UTC(2026, 2, 2, 9)],
    ['2024-02-29T23:59:59Z', Date.UTC(2024, 1, 29, 23, 59, 59)],
    ['2026-03-02T09:00:00.1234Z', Date.UTC(2026, 2, 2, 9) + 123],
    ['2026-03-02T09:00:00+02:00', Date.UTC(2026, 2, 2, 7)],
    ['2026-03-02T09:00:00-0530', Date.UTC(2026, 2, 2, 14, 30)],
    ['1969-12-31T23:59:59Z', -1000],
    ['2026-02-30T09:00:00Z', Number.NaN],
    ['2023-02-29T09:00:00Z', Number.NaN],
    ['2026-03-02 09:00:00', Number.NaN],
    ['2026-03-02T09:00:00', Number.NaN],
    ['redacted', Number.NaN],
    ['', Number.NaN],
  ])('%s', (text, time) => expect(parseTime(text)).toBe(time));
});

describe('resources', () => {
  it('come from resources[], then request, then response, each once', () => {
    const found = new ResourceCollector().collect({
      eventSource: 'ec2.amazonaws.com',
      resources: [{ ARN: 'arn:aws:s3:::b' }, { arn: 'arn:aws:s3:::c' }, { accountId: '1' }],
      requestParameters: {
        bucketName: 'b',
        instancesSet: { items: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }] },
        name: 'not this',
        roleArn: 7,
      },
      responseElements: { role: { arn: 'arn:aws:iam::1:role/R', roleName: 'R' }, bucketName: 'b' },
    });
    expect(found).toEqual(['arn:aws:s3:::b', 'arn:aws:s3:::c', 'b', 'i-1', 'i-2', 'arn:aws:iam::1:role/R', 'R']);
  });

  it('names count where the service means a thing by them', () => {
    expect([
      ...new ResourceCollector().collect({ eventSource: 'cloudtrail.amazonaws.com', requestParameters: { name: 'my-trail' } }),
    ]).toEqual(['my-trail']);
  });

  it('of a sharing call are the thing and with whom; those it takes the share from are marked', () => {
    const of = (eventName: string, requestParameters: unknown): string[] => [
      ...new ResourceCollector().collect({ eventName, requestParameters } as JsonObject),
    ];
    const permission = (side: string, ...items: unknown[]) => ({ [side]: { items } });
    expect(
      of('ModifySnapshotAttribute', {
        snapshotId: 'snap-1',
        createVolumePermission: {
          ...permission('add', { userId: '111111111111' }, { group: 'all' }),
          ...permission('remove', { userId: '2' }),
        },
      }),
    ).toEqual(['snap-1', '111111111111', 'all', 'remove:2']);
    expect(of('ModifyImageAttribute', { imageId: 'ami-1', launchPermission: permission('remove', { group: 'all' }) })).toEqual([
      'ami-1',
      'remove:all',
    ]);
    expect(
      of('ModifyDBSnapshotAttribute', { dBSnapshotIdentifier: 's', valuesToAdd: ['all', 7], valuesToRemove: ['111111111111'] }),
    ).toEqual(['s', 'all', 'remove:111111111111']);
    expect(of('ModifyDocumentPermission', { accountIdsToAdd: ['111111111111'] })).toEqual(['111111111111']);
    expect(of('DescribeX', { valuesToAdd: ['111111111111'] })).toEqual([]);
    for (const odd of [null, 7, [], { createVolumePermission: 7 }, { launchPermission: { add: 7, remove: { items: 'x' } } }])
      expect(of('ModifySnapshotAttribute', odd)).toEqual([]);
  });

  it('stand in `content` where EC2 writes so', () => {
    const of = (id: unknown): readonly string[] =>
      new ResourceCollector().collect({ requestParameters: { DeleteFlowLogsRequest: { FlowLogId: id } } } as JsonObject);
    expect([...of({ tag: 1, content: 'fl-1' })]).toEqual(['fl-1']);
    expect([
      ...of([
        { tag: 1, content: 'fl-1' },
        { tag: 2, content: 'fl-2' },
      ]),
    ]).toEqual(['fl-1', 'fl-2']);
    expect([...of({ tag: 1, content: 7 })]).toEqual([]);
  });

  it('are inline policies of IAM, flow logs that EC2 made, and subnet groups by their own name', () => {
    const collect = (record: JsonObject) => [...new ResourceCollector().collect(record)];
    const policy = { userName: 'eve', policyName: 'AWSCompromisedKeyQuarantineV3', policyDocument: '{}' };
    expect(collect({ eventSource: 'iam.amazonaws.com', requestParameters: policy })).toEqual(['eve', 'AWSCompromisedKeyQuarantineV3']);
    expect(collect({ eventSource: 'autoscaling.amazonaws.com', requestParameters: { policyName: 'scale-out' } })).toEqual([]);
    const made = (item: unknown) => ({ CreateFlowLogsResponse: { flowLogIdSet: { item }, unsuccessful: '' } });
    expect(collect({ eventSource: 'ec2.amazonaws.com', responseElements: made('fl-1') })).toEqual(['fl-1']);
    expect(collect({ eventSource: 'ec2.amazonaws.com', responseElements: made(['fl-1', 'fl-2', 3]) })).toEqual(['fl-1', 'fl-2']);
    const group = { requestParameters: { dBSubnetGroupName: 'g' }, responseElements: { dBSubnetGroupName: 'g', vpcId: 'vpc-1' } };
    expect(collect({ eventSource: 'rds.amazonaws.com', ...group })).toEqual(['g', 'vpc-1']);
  });

  it('are bounded, however many there are', () => {
    const items = Array.from({ length: 10_000 }, (_, i) => ({ instanceId: `i-${i}` }));
    expect(new ResourceCollector().collect({ requestParameters: { items } })).toHaveLength(64);
  });
});

describe('text hash', () => {
  it('differs for texts that differ in one bit or in length, and not for where they lie', () => {
    const seen = new Set<string>();
    const text = Buffer.from('{"eventVersion":"1.08","eventName":"ListBuckets"}');
    const hashOf = (bytes: Buffer, start: number, length: number): string => {
      const hasher = new TextHasher(bytes);
      hasher.hash(start, length);
      return `${hasher.high}.${hasher.low}`;
    };
    for (let i = 0; i < text.length * 8; i++) {
      const changed = Buffer.from(text);
      changed[i >> 3] ^= 1 << (i & 7);
      seen.add(hashOf(changed, 0, changed.length));
    }
    for (let i = 1; i <= text.length; i++) seen.add(hashOf(text, 0, i));
    expect(seen.size).toBe(text.length * 9);
    expect(hashOf(Buffer.concat([Buffer.from('xyz'), text]), 3, text.length)).toBe(hashOf(text, 0, text.length));
  });
});
