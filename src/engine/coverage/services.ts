/**
 * Facts about what CloudTrail records where, as small tables. Sources: CloudTrail user guide, "Logging data events" (resource types
 * and the API calls of each) and "Global service events"; S3 user guide, "Amazon S3 object-level actions tracked by CloudTrail
 * logging"; DynamoDB, Lambda, SNS and SQS guides, "Logging API calls with CloudTrail".
 */

export interface DataService {
  source: string;
  /** As people say it: `S3`. */
  name: string;
  /** Resource type of an event selector. */
  type: string;
  /** The call that people look for. */
  example: string;
  /** Calls that are recorded as data events only. */
  calls: readonly string[];
}

export const DATA_SERVICES: readonly DataService[] = [
  {
    source: 's3.amazonaws.com',
    name: 'S3',
    type: 'AWS::S3::Object',
    example: 'GetObject',
    calls: [
      'AbortMultipartUpload',
      'CompleteMultipartUpload',
      'CopyObject',
      'CreateMultipartUpload',
      'DeleteObject',
      'DeleteObjectTagging',
      'DeleteObjects',
      'GetObject',
      'GetObjectAcl',
      'GetObjectAttributes',
      'GetObjectLegalHold',
      'GetObjectRetention',
      'GetObjectTagging',
      'GetObjectTorrent',
      'HeadObject',
      'ListObjects',
      'ListObjectVersions',
      'ListParts',
      'PutObject',
      'PutObjectAcl',
      'PutObjectLegalHold',
      'PutObjectRetention',
      'PutObjectTagging',
      'RestoreObject',
      'SelectObjectContent',
      'UploadPart',
      'UploadPartCopy',
    ],
  },
  { source: 'lambda.amazonaws.com', name: 'Lambda', type: 'AWS::Lambda::Function', example: 'Invoke', calls: ['Invoke'] },
  {
    source: 'dynamodb.amazonaws.com',
    name: 'DynamoDB',
    type: 'AWS::DynamoDB::Table',
    example: 'GetItem',
    calls: [
      'BatchExecuteStatement',
      'BatchGetItem',
      'BatchWriteItem',
      'DeleteItem',
      'ExecuteStatement',
      'ExecuteTransaction',
      'GetItem',
      'PutItem',
      'Query',
      'Scan',
      'TransactGetItems',
      'TransactWriteItems',
      'UpdateItem',
    ],
  },
  { source: 'sns.amazonaws.com', name: 'SNS', type: 'AWS::SNS::Topic', example: 'Publish', calls: ['Publish', 'PublishBatch'] },
  {
    source: 'sqs.amazonaws.com',
    name: 'SQS',
    type: 'AWS::SQS::Queue',
    example: 'ReceiveMessage',
    calls: ['DeleteMessage', 'DeleteMessageBatch', 'ReceiveMessage', 'SendMessage', 'SendMessageBatch'],
  },
  {
    source: 'ebs.amazonaws.com',
    name: 'EBS direct API',
    type: 'AWS::EC2::Snapshot',
    example: 'GetSnapshotBlock',
    calls: ['CompleteSnapshot', 'GetSnapshotBlock', 'ListChangedBlocks', 'ListSnapshotBlocks', 'PutSnapshotBlock', 'StartSnapshot'],
  },
];

export interface GlobalService {
  source: string;
  /** What is recorded in us-east-1, as the middle of a sentence. */
  what: string;
  /** Every call of the source; else only those of its global endpoint. */
  whole: boolean;
}

/** Recorded in us-east-1, wherever the caller is, in the partition `aws`. */
export const GLOBAL_SERVICES: readonly GlobalService[] = [
  { source: 'iam.amazonaws.com', what: 'IAM calls', whole: true },
  { source: 'sts.amazonaws.com', what: 'STS calls to the global endpoint', whole: false },
  { source: 'signin.amazonaws.com', what: 'console sign-ins at the global endpoint', whole: false },
  { source: 'cloudfront.amazonaws.com', what: 'CloudFront calls', whole: true },
  { source: 'organizations.amazonaws.com', what: 'Organizations calls', whole: true },
  { source: 'route53.amazonaws.com', what: 'Route 53 calls', whole: true },
];

/** Names of calls that say by themselves which service they are of, for filters that name no eventSource. */
const OWN_NAMES: readonly [source: string, names: readonly string[]][] = [
  [
    'iam.amazonaws.com',
    [
      'AddUserToGroup',
      'AttachGroupPolicy',
      'AttachRolePolicy',
      'AttachUserPolicy',
      'CreateAccessKey',
      'CreateInstanceProfile',
      'CreateLoginProfile',
      'CreatePolicyVersion',
      'CreateRole',
      'CreateSAMLProvider',
      'CreateOpenIDConnectProvider',
      'DeactivateMFADevice',
      'DeleteAccessKey',
      'DeleteLoginProfile',
      'DeleteRole',
      'DetachRolePolicy',
      'DetachUserPolicy',
      'EnableMFADevice',
      'GetAccountAuthorizationDetails',
      'ListAccessKeys',
      'PutGroupPolicy',
      'PutRolePolicy',
      'PutUserPolicy',
      'SetDefaultPolicyVersion',
      'UpdateAccessKey',
      'UpdateAssumeRolePolicy',
      'UpdateLoginProfile',
    ],
  ],
  [
    'sts.amazonaws.com',
    [
      'AssumeRole',
      'AssumeRoleWithSAML',
      'AssumeRoleWithWebIdentity',
      'AssumeRoot',
      'DecodeAuthorizationMessage',
      'GetCallerIdentity',
      'GetFederationToken',
      'GetSessionToken',
    ],
  ],
  ['signin.amazonaws.com', ['CheckMfa', 'ConsoleLogin', 'GetSigninToken', 'PasswordRecoveryRequested', 'SwitchRole']],
  ['cloudfront.amazonaws.com', ['CreateDistribution', 'CreateInvalidation', 'UpdateDistribution']],
  ['organizations.amazonaws.com', ['LeaveOrganization', 'InviteAccountToOrganization', 'RemoveAccountFromOrganization']],
  ['route53.amazonaws.com', ['ChangeResourceRecordSets', 'CreateHostedZone']],
];

const sourceOfName = new Map<string, string>([
  ...OWN_NAMES.flatMap(([source, names]) => names.map((name) => [name, source] as const)),
  ...DATA_SERVICES.flatMap(({ source, calls }) => calls.map((call) => [call, source] as const)),
]);

/** The service that a call is of, by its name alone; null where the name does not say. */
export const serviceOfCall = (name: string): string | null => sourceOfName.get(name) ?? null;

export const dataServiceOf = (source: string): DataService | null => DATA_SERVICES.find((s) => s.source === source) ?? null;
export const globalServiceOf = (source: string): GlobalService | null => GLOBAL_SERVICES.find((s) => s.source === source) ?? null;

/** Calls by which recording is begun, ended or changed: CloudTrail itself, and what else watches. */
export const LOGGING_CALLS: readonly [source: string, names: readonly string[]][] = [
  [
    'cloudtrail.amazonaws.com',
    [
      'CreateTrail',
      'DeleteEventDataStore',
      'DeleteTrail',
      'PutEventSelectors',
      'PutInsightSelectors',
      'StartLogging',
      'StopEventDataStoreIngestion',
      'StopLogging',
      'UpdateTrail',
    ],
  ],
  [
    'config.amazonaws.com',
    ['DeleteConfigurationRecorder', 'DeleteDeliveryChannel', 'StartConfigurationRecorder', 'StopConfigurationRecorder'],
  ],
  ['guardduty.amazonaws.com', ['DeleteDetector', 'DisassociateFromMasterAccount', 'StopMonitoringMembers', 'UpdateDetector']],
  ['ec2.amazonaws.com', ['DeleteFlowLogs']],
];

/** us-east-1 belongs to the partition `aws`; in the others (China, GovCloud, isolated ones) global services are recorded elsewhere. */
export const inCommercialPartition = (region: string | null): boolean =>
  region !== null && !/^(cn|us-gov|us-iso[a-z]*|eu-isoe|eusc)-/.test(region);
