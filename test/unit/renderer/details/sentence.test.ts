import { describe, expect, it } from 'vitest';
import { body } from '../../../../src/renderer/components/details/facts.ts';
import {
  absenceText,
  assumedRole,
  type ColumnValues,
  sentenceOf,
  sentenceText,
  shortAgent,
} from '../../../../src/renderer/components/details/sentence.ts';
import { parseRecord } from '../../../../src/renderer/components/record-tree-model.ts';

const CALL = {
  eventSource: 's3.amazonaws.com',
  eventName: 'DeleteBucket',
  awsRegion: 'eu-west-1',
  sourceIPAddress: '198.51.100.7',
  userAgent: 'aws-cli/2',
};

/** The sentence of a call by this identity. */
function said(userIdentity: unknown, more: Record<string, unknown> = {}, values: ColumnValues = {}): string {
  const { root } = parseRecord(JSON.stringify({ userIdentity, ...CALL, ...more }));
  return sentenceText(sentenceOf(root, values));
}
const REST = ' called DeleteBucket on s3 in eu-west-1, from 198.51.100.7 with aws-cli/2 – no error recorded.';

describe('who, for every type of identity', () => {
  it.each([
    ['Root', { type: 'Root', accountId: '1111' }, 'The root user of account 1111'],
    ['IAMUser', { type: 'IAMUser', userName: 'bob', accountId: '1111' }, 'IAM user bob of account 1111'],
    ['IAMUser without a name', { type: 'IAMUser', arn: 'arn:aws:iam::1111:user/ops/bob' }, 'IAM user bob'],
    [
      'AssumedRole',
      {
        type: 'AssumedRole',
        arn: 'arn:aws:sts::1111:assumed-role/Admin/alice',
        accountId: '1111',
        sessionContext: { sessionIssuer: { userName: 'Admin' } },
      },
      'Role Admin (session alice) of account 1111',
    ],
    [
      'AssumedRole with principalId only',
      { type: 'AssumedRole', principalId: 'AROA1:i-0123' },
      'Role without a recorded name (session i-0123)',
    ],
    [
      'AssumeRoot',
      { type: 'AssumedRole', accountId: '1111', sessionContext: { assumedRoot: 'true' } },
      'The root user (a session from AssumeRoot) of account 1111',
    ],
    ['Role', { type: 'Role', arn: 'arn:aws:iam::1111:role/Backup' }, 'Role Backup'],
    [
      'FederatedUser',
      {
        type: 'FederatedUser',
        arn: 'arn:aws:sts::1111:federated-user/eve',
        sessionContext: { sessionIssuer: { userName: 'bob', type: 'IAMUser' } },
      },
      'Federated user eve (credentials issued by bob)',
    ],
    ['Directory', { type: 'Directory', userName: 'CORP\\bob' }, 'Directory user CORP\\bob'],
    ['AWSAccount', { type: 'AWSAccount', accountId: '2222' }, 'Someone of account 2222 (only the account is recorded)'],
    [
      'AWSAccount with a principal ID',
      { type: 'AWSAccount', accountId: '2222', principalId: 'AROA1:dana' },
      'Someone of account 2222 (principal ID AROA1:dana, by which the other account names its caller)',
    ],
    ['AWSService', { type: 'AWSService', invokedBy: 'lambda.amazonaws.com' }, 'The AWS service lambda.amazonaws.com'],
    [
      'IdentityCenterUser',
      { type: 'IdentityCenterUser', accountId: '1111', onBehalfOf: { userId: 'u-1' } },
      'Identity Center user u-1 of account 1111',
    ],
    ['SAMLUser', { type: 'SAMLUser', userName: 'bob', identityProvider: 'idp' }, 'SAML user bob (by idp)'],
    [
      'WebIdentityUser',
      {
        type: 'WebIdentityUser',
        principalId: 'accounts.google.com:app:bob',
        sessionContext: { webIdFederationData: { federatedProvider: 'accounts.google.com' } },
      },
      'Web identity user app:bob (by accounts.google.com)',
    ],
    ['Unknown', { type: 'Unknown', userName: 'bob' }, 'An identity that CloudTrail calls Unknown (bob)'],
    ['a type that does not exist yet', { type: 'RobotUser', userName: 'r2' }, 'An identity of type RobotUser (r2)'],
    ['no identity', undefined, 'A caller that is not recorded'],
    ['an identity that is text', 'null', 'A caller that is not recorded'],
  ])('%s', (_, identity, who) => {
    expect(said(identity)).toBe(who + REST);
  });

  it('says the service in between, the source identity and the person behind', () => {
    const identity = {
      type: 'IAMUser',
      userName: 'bob',
      invokedBy: 'cloudformation.amazonaws.com',
      sessionContext: { sourceIdentity: 'robert' },
      onBehalfOf: { userId: 'u-1' },
    };
    expect(said(identity)).toContain(
      'IAM user bob, source identity robert, on behalf of Identity Center user u-1, through the service cloudformation.amazonaws.com, called',
    );
  });
});

describe('how it ended', () => {
  const bob = { type: 'IAMUser', userName: 'bob' };
  it('denied, with what the record says', () => {
    expect(said(bob, { errorCode: 'AccessDenied', errorMessage: 'not authorized' }, { outcome: 'denied' })).toMatch(
      / – denied: AccessDenied, “not authorized”\.$/,
    );
  });
  it('failed for another reason', () => {
    expect(said(bob, { errorCode: 'NoSuchBucket' }, { outcome: 'error' })).toMatch(/ – failed: NoSuchBucket\.$/);
  });
  it('a sign-in that failed without an error code', () => {
    const record = {
      eventType: 'AwsConsoleSignIn',
      eventName: 'ConsoleLogin',
      responseElements: { ConsoleLogin: 'Failure' },
      errorMessage: 'Failed authentication',
    };
    expect(said(bob, record)).toMatch(/ – sign-in: Failure: “Failed authentication”\.$/);
  });
  it('never claims success that is not recorded', () => {
    expect(said(bob)).toMatch(/no error recorded\.$/);
    expect(said(bob, { responseElements: { ConsoleLogin: 'Success' } })).toMatch(/succeeded\.$/);
  });
});

describe('what and where', () => {
  it('names the account when the call was made in another one', () => {
    expect(said({ type: 'AWSAccount', accountId: '2222' }, {}, { account: '1111', callerAccount: '2222' })).toContain(
      'in eu-west-1 of account 1111',
    );
  });
  it('names the first resource and how many more', () => {
    expect(said(undefined, {}, { resource: ['arn:aws:s3:::a', 'a', 'b'] })).toContain('naming arn:aws:s3:::a and 2 more');
  });
  it('an insight has no caller', () => {
    const { root } = parseRecord(
      JSON.stringify({
        insightDetails: { state: 'Start', eventName: 'RunInstances', eventSource: 'ec2.amazonaws.com', insightType: 'ApiCallRateInsight' },
      }),
    );
    expect(sentenceText(sentenceOf(root, {}))).toBe(
      'CloudTrail Insights: an unusual rate (ApiCallRateInsight) of RunInstances on ec2 began. An insight has no caller.',
    );
  });
  it('is written from the columns when the record is not there', () => {
    const values = {
      principal: '1111 role/Admin',
      eventName: 'StopLogging',
      eventSource: 'cloudtrail.amazonaws.com',
      sourceIPAddress: '10.0.0.1',
      outcome: 'success',
    };
    expect(sentenceText(sentenceOf(null, values))).toBe(
      '1111 role/Admin called StopLogging on cloudtrail, from 10.0.0.1 – no error recorded.',
    );
  });
});

describe('the request', () => {
  it('shows its plain fields, and counts what only the record shows', () => {
    const { root } = parseRecord('{"requestParameters":{"instanceOSUser":"ubuntu","port":22,"tags":[1],"sSHPublicKey":"ssh-ed25519 A"}}');
    if (!root) throw new Error('not parsed');
    expect(body(root, 'requestParameters').map((f) => `${f.label} = ${f.text}`)).toEqual([
      'Request: instanceOSUser = ubuntu',
      'Request: port = 22',
      'Request: sSHPublicKey = ssh-ed25519 A',
      'Request = 1 more field: see the record',
    ]);
    expect(body(root, 'responseElements')[0].text).toContain('absent from the record');
  });
});

describe('a long user agent', () => {
  it('is named by its first product, whole in notes', () => {
    const agent = 'aws-cli/2.31.3 md/awscrt#0.27.6 os/linux';
    expect(shortAgent(agent)).toBe('aws-cli/2.31.3 …');
    expect(shortAgent(`[${agent}]`)).toBe('aws-cli/2.31.3 …');
    expect([shortAgent('Boto3'), shortAgent(' x')]).toEqual(['Boto3', ' x']);
    expect(sentenceText(sentenceOf(null, { userAgent: agent }))).toContain(` with ${agent} – `);
  });
});

describe('parts', () => {
  it('reads role and session, with paths and other partitions', () => {
    expect(assumedRole('arn:aws-cn:sts::1:assumed-role/team/Admin/al')).toEqual({ role: 'team/Admin', session: 'al' });
    expect(assumedRole('arn:aws:iam::1:role/Admin')).toBeNull();
  });
  it('tells null in the record from absent', () => {
    expect(absenceText('null', 'request')).toContain('null in the record');
    expect(absenceText('absent', 'response')).toContain('absent from the record');
  });
});
