/**
 * A catalogue of API calls as trails hold them, each with request, response and resources, and mixes of calls by kind of caller.
 * The names they act on come from an `Estate`; what is random comes from the caller's generator.
 */
import { eventTime } from './records.mjs';

/** @typedef {import('./random.mjs').Random} Random */
/** @typedef {import('./records.mjs').Call} Call */
/**
 * What an account owns. Every list has at least one entry.
 * @typedef {object} Estate
 * @property {string} account
 * @property {string[]} buckets
 * @property {string[]} instances
 * @property {string[]} volumes
 * @property {string[]} kmsKeys key ids
 * @property {string[]} functions
 * @property {string[]} tables
 * @property {string[]} roles
 * @property {string[]} users
 * @property {string[]} secrets
 * @property {string[]} groups security groups
 * @property {string[]} logGroups
 * @property {string[]} stacks
 * @property {string[]} repositories
 */
/** @typedef {{random: Random, estate: Estate, region: string, time: number}} Scene */

/** @param {string} source @param {string} name @param {(s: Scene) => Call['request']} [request] @returns {(s: Scene) => Call} */
const read = (source, name, request) => (s) => ({
  source: `${source}.amazonaws.com`,
  name,
  readOnly: true,
  request: request?.(s) ?? null,
  response: null,
});

/** @param {Scene} s @param {string} bucket @param {string} [key] */
const s3Resources = (s, bucket, key) => [
  ...(key === undefined ? [] : [{ type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${bucket}/${key}` }]),
  { accountId: s.estate.account, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucket}` },
];

/** @param {Scene} s */
export const objectKey = (s) =>
  `${s.random.pick(['orders', 'invoices', 'uploads', 'exports', 'images'])}/2026/${s.random.between(1, 12)}/${s.random.hex(12)}.parquet`;

/** @param {Scene} s @param {string} bucket @param {string} key @param {number} bytes @returns {Call} */
export const getObject = (s, bucket, key, bytes) => ({
  source: 's3.amazonaws.com',
  name: 'GetObject',
  readOnly: true,
  category: 'Data',
  request: { bucketName: bucket, Host: `${bucket}.s3.${s.region}.amazonaws.com`, key },
  additional: {
    SignatureVersion: 'SigV4',
    CipherSuite: 'TLS_AES_128_GCM_SHA256',
    bytesTransferredIn: 0,
    AuthenticationMethod: 'AuthHeader',
    'x-amz-id-2': `${s.random.base32(40)}=`,
    bytesTransferredOut: bytes,
  },
  resources: s3Resources(s, bucket, key),
});

/** @param {Scene} s @param {string} bucket @param {string} key @param {number} bytes @returns {Call} */
const putObject = (s, bucket, key, bytes) => ({
  ...getObject(s, bucket, key, 0),
  name: 'PutObject',
  readOnly: false,
  response: { 'x-amz-server-side-encryption': 'aws:kms' },
  additional: {
    SignatureVersion: 'SigV4',
    CipherSuite: 'TLS_AES_128_GCM_SHA256',
    bytesTransferredIn: bytes,
    AuthenticationMethod: 'AuthHeader',
    bytesTransferredOut: 0,
  },
});

/** @param {Scene} s @param {string} name @returns {Call} */
const kms = (s, name) => {
  const arn = `arn:aws:kms:${s.region}:${s.estate.account}:key/${s.random.pick(s.estate.kmsKeys)}`;
  const bucket = s.random.pick(s.estate.buckets);
  return {
    source: 'kms.amazonaws.com',
    name,
    readOnly: true,
    request: {
      encryptionContext: { 'aws:s3:arn': `arn:aws:s3:::${bucket}` },
      ...(name === 'Decrypt' ? { encryptionAlgorithm: 'SYMMETRIC_DEFAULT' } : { keyId: arn, keySpec: 'AES_256' }),
    },
    resources: [{ accountId: s.estate.account, type: 'AWS::KMS::Key', ARN: arn }],
  };
};

/**
 * @param {Scene} s
 * @param {{name?: string, account: string, role: string, roleId: string, session: string, key: string, hours?: number, extra?: Record<string, unknown>}} to
 * @returns {Call}
 */
export const assumeRole = (s, to) => {
  const arn = `arn:aws:iam::${to.account}:role/${to.role}`;
  return {
    source: 'sts.amazonaws.com',
    name: to.name ?? 'AssumeRole',
    readOnly: true,
    request: { roleArn: arn, roleSessionName: to.session, durationSeconds: (to.hours ?? 1) * 3600, ...to.extra },
    response: {
      credentials: {
        accessKeyId: to.key,
        sessionToken: 'HIDDEN_DUE_TO_SECURITY_REASONS',
        expiration: stsExpiration(s.time + (to.hours ?? 1) * 3_600_000),
      },
      assumedRoleUser: {
        assumedRoleId: `${to.roleId}:${to.session}`,
        arn: `arn:aws:sts::${to.account}:assumed-role/${to.role.slice(to.role.lastIndexOf('/') + 1)}/${to.session}`,
      },
    },
    resources: [{ accountId: to.account, type: 'AWS::IAM::Role', ARN: arn }],
  };
};

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** As STS writes it in responses: `Jul 10, 2023, 6:30:22 PM`. @param {number} ms */
const stsExpiration = (ms) => {
  const t = new Date(ms);
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  const hour = t.getUTCHours();
  return `${MONTHS[t.getUTCMonth()]} ${t.getUTCDate()}, ${t.getUTCFullYear()}, ${hour % 12 || 12}:${two(t.getUTCMinutes())}:${two(t.getUTCSeconds())} ${hour < 12 ? 'AM' : 'PM'}`;
};

/** @param {Scene} s */
const filters = (s) => ({ filterSet: {}, instancesSet: { items: [{ instanceId: s.random.pick(s.estate.instances) }] } });

/** Single calls by name, for mixes and for stories. Every entry: what a scene makes of it. */
export const CALLS = {
  getCallerIdentity: read('sts', 'GetCallerIdentity'),
  listBuckets: read('s3', 'ListBuckets', (s) => ({ Host: `s3.${s.region}.amazonaws.com` })),
  getBucketPolicy: read('s3', 'GetBucketPolicy', (s) => ({ bucketName: s.random.pick(s.estate.buckets), policy: '' })),
  getBucketAcl: read('s3', 'GetBucketAcl', (s) => ({ bucketName: s.random.pick(s.estate.buckets), acl: '' })),
  describeInstances: read('ec2', 'DescribeInstances', (s) => ({ maxResults: 100, ...filters(s) })),
  describeInstanceStatus: read('ec2', 'DescribeInstanceStatus', filters),
  describeSecurityGroups: read('ec2', 'DescribeSecurityGroups', (s) => ({
    securityGroupSet: {},
    securityGroupIdSet: { items: [{ groupId: s.random.pick(s.estate.groups) }] },
    filterSet: {},
  })),
  describeVolumes: read('ec2', 'DescribeVolumes', (s) => ({
    volumeSet: { items: [{ volumeId: s.random.pick(s.estate.volumes) }] },
    filterSet: {},
  })),
  describeSnapshots: read('ec2', 'DescribeSnapshots', (s) => ({
    maxResults: 200,
    snapshotSet: {},
    ownersSet: { items: [{ owner: s.estate.account }] },
  })),
  describeVpcs: read('ec2', 'DescribeVpcs', () => ({ vpcSet: {}, filterSet: {} })),
  describeSubnets: read('ec2', 'DescribeSubnets', () => ({ subnetSet: {}, filterSet: {} })),
  describeRegions: read('ec2', 'DescribeRegions', () => ({ regionSet: {} })),
  describeLogGroups: read('logs', 'DescribeLogGroups', (s) => ({ logGroupNamePrefix: s.random.pick(s.estate.logGroups), limit: 50 })),
  filterLogEvents: read('logs', 'FilterLogEvents', (s) => ({
    logGroupName: s.random.pick(s.estate.logGroups),
    startTime: s.time - 3_600_000,
    endTime: s.time,
  })),
  describeAlarms: read('monitoring', 'DescribeAlarms', () => ({ maxRecords: 100 })),
  getMetricData: read('monitoring', 'GetMetricData', (s) => ({
    startTime: eventTime(s.time - 3_600_000),
    endTime: eventTime(s.time),
    maxDatapoints: 500,
  })),
  listFunctions: read('lambda', 'ListFunctions20150331', () => ({ maxItems: 50 })),
  getFunction: read('lambda', 'GetFunction20150331v2', (s) => ({ functionName: s.random.pick(s.estate.functions) })),
  describeTable: read('dynamodb', 'DescribeTable', (s) => ({ tableName: s.random.pick(s.estate.tables) })),
  listUsers: read('iam', 'ListUsers', () => ({ maxItems: 100 })),
  listRoles: read('iam', 'ListRoles', () => ({ maxItems: 100 })),
  getRole: read('iam', 'GetRole', (s) => ({ roleName: s.random.pick(s.estate.roles) })),
  listAttachedRolePolicies: read('iam', 'ListAttachedRolePolicies', (s) => ({ roleName: s.random.pick(s.estate.roles) })),
  listAccessKeys: read('iam', 'ListAccessKeys', (s) => ({ userName: s.random.pick(s.estate.users) })),
  getAccountAuthorizationDetails: read('iam', 'GetAccountAuthorizationDetails', () => ({ maxItems: 1000 })),
  getAccountSummary: read('iam', 'GetAccountSummary'),
  listSecrets: read('secretsmanager', 'ListSecrets', () => ({ maxResults: 100 })),
  describeTrails: read('cloudtrail', 'DescribeTrails', () => ({ includeShadowTrails: true })),
  getTrailStatus: read('cloudtrail', 'GetTrailStatus', (s) => ({
    name: `arn:aws:cloudtrail:${s.region}:${s.estate.account}:trail/account-trail`,
  })),
  lookupEvents: read('cloudtrail', 'LookupEvents', (s) => ({
    maxResults: 50,
    startTime: eventTime(s.time - 3_600_000),
    endTime: eventTime(s.time),
  })),
  listFindings: read('guardduty', 'ListFindings', (s) => ({ detectorId: s.estate.kmsKeys[0].replaceAll('-', ''), maxResults: 50 })),
  describeStacks: read('cloudformation', 'DescribeStacks', (s) => ({ stackName: s.random.pick(s.estate.stacks) })),
  describeServices: read('ecs', 'DescribeServices', (s) => ({ cluster: 'main', services: [s.random.pick(s.estate.stacks)] })),
  getAuthorizationToken: read('ecr', 'GetAuthorizationToken'),
  getCostAndUsage: read('ce', 'GetCostAndUsage', (s) => ({
    timePeriod: { start: eventTime(s.time - 30 * 86_400_000).slice(0, 10), end: eventTime(s.time).slice(0, 10) },
    granularity: 'DAILY',
    metrics: ['UnblendedCost'],
  })),
  getParameter: read('ssm', 'GetParameter', (s) => ({ name: `/app/${s.random.pick(s.estate.stacks)}/config`, withDecryption: true })),
  decrypt: (/** @type {Scene} */ s) => kms(s, 'Decrypt'),
  generateDataKey: (/** @type {Scene} */ s) => kms(s, 'GenerateDataKey'),

  getObject: (/** @type {Scene} */ s) => getObject(s, s.random.pick(s.estate.buckets), objectKey(s), s.random.between(2_000, 4_000_000)),
  putObject: (/** @type {Scene} */ s) => putObject(s, s.random.pick(s.estate.buckets), objectKey(s), s.random.between(2_000, 4_000_000)),
  headObject: (/** @type {Scene} */ s) => ({ ...getObject(s, s.random.pick(s.estate.buckets), objectKey(s), 0), name: 'HeadObject' }),
  listObjects: (/** @type {Scene} */ s) => listObjects(s, s.random.pick(s.estate.buckets)),

  /** @param {Scene} s @returns {Call} */
  getSecretValue: (s) => ({
    source: 'secretsmanager.amazonaws.com',
    name: 'GetSecretValue',
    readOnly: true,
    request: { secretId: `arn:aws:secretsmanager:${s.region}:${s.estate.account}:secret:${s.random.pick(s.estate.secrets)}` },
  }),
  /** @param {Scene} s @returns {Call} */
  getItem: (s) => {
    const table = s.random.pick(s.estate.tables);
    return {
      source: 'dynamodb.amazonaws.com',
      name: s.random.pick(['GetItem', 'Query', 'BatchGetItem']),
      readOnly: true,
      category: 'Data',
      apiVersion: '2012-08-10',
      request: { tableName: table, key: { pk: `order#${s.random.between(10_000, 99_999)}` }, consistentRead: false },
      resources: [
        {
          accountId: s.estate.account,
          type: 'AWS::DynamoDB::Table',
          ARN: `arn:aws:dynamodb:${s.region}:${s.estate.account}:table/${table}`,
        },
      ],
    };
  },
  /** @param {Scene} s @returns {Call} */
  invoke: (s) => {
    const name = s.random.pick(s.estate.functions);
    const arn = `arn:aws:lambda:${s.region}:${s.estate.account}:function:${name}`;
    return {
      source: 'lambda.amazonaws.com',
      name: 'Invoke',
      readOnly: false,
      category: 'Data',
      request: { functionName: arn, invocationType: 'Event' },
      additional: { functionVersion: `${arn}:$LATEST` },
      resources: [{ accountId: s.estate.account, type: 'AWS::Lambda::Function', ARN: arn }],
    };
  },
  /** @param {Scene} s @returns {Call} */
  createLogStream: (s) => ({
    source: 'logs.amazonaws.com',
    name: 'CreateLogStream',
    readOnly: false,
    apiVersion: '20140328',
    request: {
      logGroupName: s.random.pick(s.estate.logGroups),
      logStreamName: `${eventTime(s.time).slice(0, 10).replaceAll('-', '/')}/[$LATEST]${s.random.hex(32)}`,
    },
  }),
  /** @param {Scene} s @returns {Call} */
  updateInstanceInformation: (s) => ({
    source: 'ssm.amazonaws.com',
    name: 'UpdateInstanceInformation',
    readOnly: false,
    request: {
      instanceId: s.random.pick(s.estate.instances),
      agentVersion: '3.3.987.0',
      agentStatus: 'Active',
      platformType: 'Linux',
      platformName: 'Amazon Linux',
      platformVersion: '2023',
      iPAddress: `10.0.${s.random.below(4)}.${s.random.between(4, 250)}`,
      computerName: `ip-10-0-${s.random.below(4)}-${s.random.between(4, 250)}.internal`,
      agentName: 'amazon-ssm-agent',
    },
  }),
  /** @param {Scene} s @returns {Call} */
  updateService: (s) => {
    const service = s.random.pick(s.estate.stacks);
    return {
      source: 'ecs.amazonaws.com',
      name: 'UpdateService',
      readOnly: false,
      request: { cluster: 'main', service, taskDefinition: `${service}:${s.random.between(20, 400)}`, forceNewDeployment: false },
      response: {
        service: {
          serviceName: service,
          clusterArn: `arn:aws:ecs:${s.region}:${s.estate.account}:cluster/main`,
          status: 'ACTIVE',
          desiredCount: 3,
          launchType: 'FARGATE',
        },
      },
    };
  },
  /** @param {Scene} s @returns {Call} */
  registerTaskDefinition: (s) => ({
    source: 'ecs.amazonaws.com',
    name: 'RegisterTaskDefinition',
    readOnly: false,
    request: {
      family: s.random.pick(s.estate.stacks),
      networkMode: 'awsvpc',
      cpu: '512',
      memory: '1024',
      executionRoleArn: `arn:aws:iam::${s.estate.account}:role/${s.random.pick(s.estate.roles)}`,
    },
    response: { taskDefinition: { revision: s.random.between(20, 400), status: 'ACTIVE' } },
  }),
  /** @param {Scene} s @returns {Call} */
  putImage: (s) => {
    const repositoryName = s.random.pick(s.estate.repositories);
    return {
      source: 'ecr.amazonaws.com',
      name: 'PutImage',
      readOnly: false,
      request: { repositoryName, imageTag: s.random.hex(12), registryId: s.estate.account },
      response: { image: { repositoryName, registryId: s.estate.account, imageId: { imageDigest: `sha256:${s.random.hex(64)}` } } },
      resources: [
        {
          accountId: s.estate.account,
          type: 'AWS::ECR::Repository',
          ARN: `arn:aws:ecr:${s.region}:${s.estate.account}:repository/${repositoryName}`,
        },
      ],
    };
  },
  /** @param {Scene} s @returns {Call} */
  updateStack: (s) => {
    const name = s.random.pick(s.estate.stacks);
    return {
      source: 'cloudformation.amazonaws.com',
      name: 'UpdateStack',
      readOnly: false,
      request: {
        stackName: name,
        capabilities: ['CAPABILITY_IAM'],
        parameters: [{ parameterKey: 'Version', parameterValue: s.random.hex(8) }],
      },
      response: { stackId: `arn:aws:cloudformation:${s.region}:${s.estate.account}:stack/${name}/${s.random.uuid()}` },
    };
  },
  /** @param {Scene} s @returns {Call} */
  authorizeIngress: (s) => ({
    source: 'ec2.amazonaws.com',
    name: 'AuthorizeSecurityGroupIngress',
    readOnly: false,
    request: {
      groupId: s.random.pick(s.estate.groups),
      ipPermissions: {
        items: [
          {
            ipProtocol: 'tcp',
            fromPort: 443,
            toPort: 443,
            groups: {},
            ipRanges: { items: [{ cidrIp: '198.51.100.0/24' }] },
            ipv6Ranges: {},
            prefixListIds: {},
          },
        ],
      },
    },
    response: {
      _return: true,
      securityGroupRuleSet: { items: [{ isEgress: false, ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIpv4: '198.51.100.0/24' }] },
    },
  }),
  /** @param {Scene} s @returns {Call} */
  createTags: (s) => ({
    source: 'ec2.amazonaws.com',
    name: 'CreateTags',
    readOnly: false,
    request: {
      resourcesSet: { items: [{ resourceId: s.random.pick(s.estate.instances) }] },
      tagSet: { items: [{ key: 'owner', value: s.random.pick(s.estate.stacks) }] },
    },
    response: { _return: true },
  }),
  /** @param {Scene} s @returns {Call} */
  createSnapshot: (s) => ({
    source: 'ec2.amazonaws.com',
    name: 'CreateSnapshot',
    readOnly: false,
    request: { volumeId: s.random.pick(s.estate.volumes), description: 'daily' },
    response: { snapshotId: `snap-0${s.random.hex(16)}`, status: 'pending', ownerId: s.estate.account, volumeSize: '100', encrypted: true },
  }),
};

/** @param {Scene} s @param {string} bucket @param {string} [prefix] @returns {Call} */
export const listObjects = (s, bucket, prefix = '') => ({
  ...getObject(s, bucket, '', 18_432),
  name: 'ListObjects',
  request: { bucketName: bucket, Host: `${bucket}.s3.${s.region}.amazonaws.com`, 'list-type': '2', prefix, 'encoding-type': 'url' },
  resources: s3Resources(s, bucket),
});

/** Makes a failure of a call: most are refusals. @param {Call} call @param {string} who the caller's ARN @param {Random} random @returns {Call} */
export const failed = (call, who, random) =>
  random.chance(75)
    ? refused(call, who)
    : {
        ...call,
        errorCode: random.pick(['ThrottlingException', 'ResourceNotFoundException', 'ValidationException', 'NoSuchKey']),
        errorMessage: 'Rate exceeded',
      };

/** @param {Call} call @param {string} who the caller's ARN @param {string} [why] @returns {Call} */
export const refused = (call, who, why = 'because no identity-based policy allows the action') => {
  const service = call.source.slice(0, call.source.indexOf('.'));
  return {
    ...call,
    errorCode: service === 'ec2' ? 'Client.UnauthorizedOperation' : 'AccessDenied',
    errorMessage: `User: ${who} is not authorized to perform: ${service}:${call.name} ${why}`,
  };
};

/** Names of calls by kind of caller, with weights: what such a caller does all day. */
export const MIXES = /** @type {Record<string, {weight: number, item: keyof typeof CALLS}[]>} */ ({
  developer: [
    { weight: 14, item: 'describeInstances' },
    { weight: 8, item: 'describeLogGroups' },
    { weight: 8, item: 'filterLogEvents' },
    { weight: 7, item: 'describeAlarms' },
    { weight: 7, item: 'getMetricData' },
    { weight: 6, item: 'describeSecurityGroups' },
    { weight: 6, item: 'describeVolumes' },
    { weight: 5, item: 'describeStacks' },
    { weight: 5, item: 'describeServices' },
    { weight: 5, item: 'listBuckets' },
    { weight: 4, item: 'getBucketPolicy' },
    { weight: 4, item: 'listFunctions' },
    { weight: 4, item: 'getFunction' },
    { weight: 4, item: 'describeTable' },
    { weight: 4, item: 'describeVpcs' },
    { weight: 4, item: 'describeSubnets' },
    { weight: 3, item: 'getRole' },
    { weight: 2, item: 'listRoles' },
    { weight: 2, item: 'listObjects' },
    { weight: 2, item: 'getObject' },
    { weight: 2, item: 'getParameter' },
    { weight: 1, item: 'createTags' },
    { weight: 1, item: 'authorizeIngress' },
    { weight: 0.5, item: 'getSecretValue' },
    { weight: 0.5, item: 'updateStack' },
  ],
  auditor: [
    { weight: 5, item: 'describeTrails' },
    { weight: 5, item: 'getTrailStatus' },
    { weight: 5, item: 'listFindings' },
    { weight: 5, item: 'listUsers' },
    { weight: 5, item: 'listRoles' },
    { weight: 4, item: 'listAttachedRolePolicies' },
    { weight: 4, item: 'listAccessKeys' },
    { weight: 4, item: 'getBucketPolicy' },
    { weight: 4, item: 'getBucketAcl' },
    { weight: 3, item: 'describeSecurityGroups' },
    { weight: 3, item: 'lookupEvents' },
    { weight: 2, item: 'getAccountSummary' },
    { weight: 1, item: 'getCostAndUsage' },
  ],
  pipeline: [
    { weight: 6, item: 'getAuthorizationToken' },
    { weight: 5, item: 'putImage' },
    { weight: 5, item: 'registerTaskDefinition' },
    { weight: 5, item: 'updateService' },
    { weight: 12, item: 'describeServices' },
    { weight: 6, item: 'describeStacks' },
    { weight: 2, item: 'updateStack' },
    { weight: 4, item: 'putObject' },
    { weight: 2, item: 'getParameter' },
    { weight: 1, item: 'getCallerIdentity' },
  ],
  application: [
    { weight: 24, item: 'getObject' },
    { weight: 12, item: 'putObject' },
    { weight: 4, item: 'headObject' },
    { weight: 4, item: 'listObjects' },
    { weight: 20, item: 'getItem' },
    { weight: 8, item: 'decrypt' },
    { weight: 4, item: 'generateDataKey' },
    { weight: 8, item: 'updateInstanceInformation' },
    { weight: 3, item: 'getSecretValue' },
    { weight: 3, item: 'getParameter' },
    { weight: 3, item: 'invoke' },
    { weight: 2, item: 'createLogStream' },
  ],
  service: [
    { weight: 10, item: 'describeInstances' },
    { weight: 8, item: 'describeInstanceStatus' },
    { weight: 8, item: 'describeSecurityGroups' },
    { weight: 8, item: 'describeVolumes' },
    { weight: 6, item: 'getBucketAcl' },
    { weight: 6, item: 'generateDataKey' },
    { weight: 6, item: 'decrypt' },
    { weight: 4, item: 'createLogStream' },
    { weight: 4, item: 'describeSnapshots' },
    { weight: 4, item: 'getRole' },
    { weight: 2, item: 'createSnapshot' },
  ],
});
