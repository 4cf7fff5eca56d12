/**
 * The intrusion in the sample trail, call by call: a stolen long-term key, enumeration, role hops through three accounts, a way in
 * to an instance, log tampering, theft of data, a key left behind; then the response. Told in words in docs/sample-trail.md.
 */
import { CALLS, getObject, listObjects, refused } from './calls.mjs';
import { at, CLI, DEV, HOME_REGION, MINUTE, OFFICE, PROD, SECURITY } from './company.mjs';
import { identities } from './records.mjs';

/** @typedef {import('./company.mjs').Trail} Trail */
/** @typedef {import('./records.mjs').Caller} Caller */
/** @typedef {import('./records.mjs').Call} Call */

const FIRST_ADDRESS = '203.0.113.66';
const SECOND_ADDRESS = '203.0.113.171';
const ATTACKER_CLI = 'aws-cli/2.31.3 md/awscrt#0.27.6 ua/2.1 os/linux#6.12.25-amd64 md/arch#x86_64 lang/python#3.13.7';
const ATTACKER_SDK = 'Boto3/1.40.4 md/Botocore#1.40.4 ua/2.1 os/linux#6.12.25-amd64 md/arch#x86_64 lang/python#3.13.7';
/** Receives the shared snapshot. Not an account of the organisation. */
const OUTSIDE_ACCOUNT = '123456789012';
const GUARDRAIL = 'with an explicit deny in a service control policy';

/** @param {string} source @param {string} name @param {Call['request']} request @param {Call['response']} [response] @returns {Call} */
const write = (source, name, request, response) => ({
  source: `${source}.amazonaws.com`,
  name,
  readOnly: false,
  request,
  response: response ?? null,
});

/** @param {Trail} trail @param {Caller} stolen the build server's caller, as the thief uses it */
function enumeration(trail, stolen) {
  const { random } = trail;
  const who = String(stolen.identity.arn);
  let time = at(1, 22, 14, 7);
  const say = (/** @type {Call} */ call, /** @type {string} */ region = HOME_REGION) => {
    trail.emit(time, DEV, stolen, call, region);
    time += random.between(400, 4_000);
  };
  const scene = () => trail.scene(DEV, time);
  say(CALLS.getCallerIdentity(scene()), 'us-east-1');
  time += 40_000;
  for (const call of [
    CALLS.listUsers,
    CALLS.listRoles,
    CALLS.getAccountAuthorizationDetails,
    CALLS.listSecrets,
    CALLS.describeTrails,
    CALLS.listFindings,
  ])
    say(refused(call(scene()), who));
  say(CALLS.getAccountSummary(scene()));
  say(CALLS.listBuckets(scene()));
  for (const bucket of trail.estates[DEV].buckets) for (let i = 0; i < 4; i++) say(listObjects(scene(), bucket, `builds/${i}`));
  for (const region of [HOME_REGION, 'us-east-1', 'eu-central-1'])
    for (const call of [CALLS.describeInstances, CALLS.describeSnapshots, CALLS.describeVpcs])
      say(refused(call({ ...scene(), region }), who), region);
  time = at(1, 22, 31, 2);
  for (const role of ['admin', 'Admin', 'OrganizationAccountAccessRole', 'terraform', 'deploy', 'ci', 'ops-admin', 'deployer'])
    for (const account of [DEV, PROD])
      say(
        refused(
          write('sts', 'AssumeRole', { roleArn: `arn:aws:iam::${account}:role/${role}`, roleSessionName: 'cli' }),
          who,
          'because no resource-based policy allows the action',
        ),
      );
}

/** @param {Trail} trail @param {Caller} stolen */
function hops(trail, stolen) {
  const builder = trail.session({
    account: DEV,
    role: 'ci-deploy',
    session: 'jenkins',
    since: at(2, 1, 2, 11),
    ip: FIRST_ADDRESS,
    agent: ATTACKER_CLI,
  });
  trail.issue(at(2, 1, 2, 11), stolen, { account: DEV, role: 'ci-deploy', session: 'jenkins', key: builder.key });
  trail.emit(at(2, 1, 2, 30), DEV, builder, CALLS.getCallerIdentity(trail.scene(DEV, at(2, 1, 2, 30))));
  const deployer = trail.session({
    account: PROD,
    role: 'deployer',
    session: 'jenkins-release',
    since: at(2, 1, 9, 48),
    ip: FIRST_ADDRESS,
    agent: ATTACKER_CLI,
  });
  trail.issue(at(2, 1, 9, 48), builder, { account: PROD, role: 'deployer', session: 'jenkins-release', key: deployer.key });
  let time = at(2, 1, 10, 20);
  for (const name of /** @type {const} */ ([
    'getCallerIdentity',
    'listRoles',
    'getRole',
    'listAttachedRolePolicies',
    'describeInstances',
    'describeSecurityGroups',
    'listBuckets',
    'describeTrails',
    'getTrailStatus',
    'listSecrets',
  ])) {
    trail.emit(time, PROD, deployer, CALLS[name](trail.scene(PROD, time)));
    time += trail.random.between(2_000, 20_000);
  }
  const admin = trail.session({
    account: PROD,
    role: 'ops-admin',
    session: 'maintenance',
    since: at(2, 1, 24, 5),
    ip: FIRST_ADDRESS,
    agent: ATTACKER_CLI,
  });
  trail.issue(at(2, 1, 24, 5), deployer, { account: PROD, role: 'ops-admin', session: 'maintenance', key: admin.key });
  return { deployer, admin };
}

/** Into an instance, and out of it with the instance's own credentials. @param {Trail} trail @param {Caller} admin */
function instanceConnect(trail, admin) {
  const instance = trail.estates[PROD].instances[0];
  const scene = trail.scene(PROD, at(2, 1, 31));
  trail.emit(at(2, 1, 29, 50), PROD, admin, CALLS.describeInstances(scene));
  trail.emit(at(2, 1, 30, 20), PROD, admin, {
    ...CALLS.authorizeIngress(scene),
    request: {
      groupId: trail.estates[PROD].groups[0],
      ipPermissions: {
        items: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, groups: {}, ipRanges: { items: [{ cidrIp: `${SECOND_ADDRESS}/32` }] } }],
      },
    },
    response: { _return: true },
  });
  for (const [minute, user] of /** @type {const} */ ([
    [31, 'ubuntu'],
    [33, 'ec2-user'],
  ]))
    trail.emit(
      at(2, 1, minute, 8),
      PROD,
      admin,
      write(
        'ec2-instance-connect',
        'SendSSHPublicKey',
        {
          instanceId: instance,
          instanceOSUser: user,
          availabilityZone: 'eu-west-1a',
          sSHPublicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyOfTheSampleTrailNotARealOne00000 k',
        },
        { requestId: trail.random.uuid(), success: true },
      ),
    );
  const thief = trail.session({
    account: PROD,
    role: 'web-shop',
    session: instance,
    since: at(2, 0, 3),
    ip: SECOND_ADDRESS,
    agent: ATTACKER_SDK,
    ec2: true,
  });
  const ec2 = { identity: identities.service('ec2.amazonaws.com'), account: null, ip: 'ec2.amazonaws.com', agent: 'ec2.amazonaws.com' };
  trail.issue(at(2, 1, 3, 1), ec2, { account: PROD, role: 'web-shop', session: instance, key: thief.key, hours: 6 });
  trail.emit(at(2, 1, 52, 40), PROD, thief, CALLS.getCallerIdentity(scene));
  for (const [index, secret] of trail.estates[PROD].secrets.entries()) {
    const time = at(2, 1, 53, 10 + index * 9);
    trail.emit(time, PROD, thief, {
      ...CALLS.getSecretValue(scene),
      request: { secretId: `arn:aws:secretsmanager:${HOME_REGION}:${PROD}:secret:${secret}` },
    });
    trail.emit(
      time + 300,
      PROD,
      {
        ...thief,
        ip: 'secretsmanager.amazonaws.com',
        agent: 'secretsmanager.amazonaws.com',
        identity: { ...thief.identity, invokedBy: 'secretsmanager.amazonaws.com' },
      },
      CALLS.decrypt(trail.scene(PROD, time)),
    );
  }
  return thief;
}

/** @param {Trail} trail @param {Caller} admin @param {string} leftKey */
function persistence(trail, admin, leftKey) {
  const who = String(admin.identity.arn);
  trail.emit(at(2, 2, 4, 19), PROD, admin, refused(write('iam', 'CreateUser', { userName: 'svc-backup-sync' }), who, GUARDRAIL));
  trail.emit(
    at(2, 2, 5, 2),
    PROD,
    admin,
    refused(write('iam', 'CreateLoginProfile', { userName: 'reporting', passwordResetRequired: false }), who, GUARDRAIL),
  );
  trail.emit(
    at(2, 2, 6, 33),
    PROD,
    admin,
    write(
      'iam',
      'CreateAccessKey',
      { userName: 'reporting' },
      { accessKey: { userName: 'reporting', accessKeyId: leftKey, status: 'Active', createDate: 'Mar 4, 2026, 2:06:33 AM' } },
    ),
  );
  trail.emit(
    at(2, 2, 8, 47),
    PROD,
    admin,
    write('iam', 'AttachUserPolicy', { userName: 'reporting', policyArn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess' }),
  );
  trail.emit(
    at(2, 2, 11, 15),
    PROD,
    admin,
    write('iam', 'UpdateAssumeRolePolicy', {
      roleName: 'nightly-report',
      policyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'lambda.amazonaws.com', AWS: `arn:aws:iam::${OUTSIDE_ACCOUNT}:root` },
            Action: 'sts:AssumeRole',
          },
        ],
      }),
    }),
  );
  const visitor = {
    identity: identities.root({ account: PROD }),
    account: PROD,
    ip: FIRST_ADDRESS,
    agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  };
  for (let i = 0; i < 3; i++)
    trail.emit(at(2, 2, 20, i * 21), PROD, visitor, {
      source: 'signin.amazonaws.com',
      name: 'ConsoleLogin',
      readOnly: false,
      type: 'AwsConsoleSignIn',
      errorMessage: 'Failed authentication',
      response: { ConsoleLogin: 'Failure' },
      additional: { LoginTo: 'https://console.aws.amazon.com/console/home', MobileVersion: 'No', MFAUsed: 'No' },
    });
}

/** The second night: the logs first, then the data. @param {Trail} trail @param {Caller} deployer @param {Caller} stolen */
function secondNight(trail, deployer, stolen) {
  const { random } = trail;
  const builder = trail.session({
    account: DEV,
    role: 'ci-deploy',
    session: 'jenkins',
    since: at(3, 2, 20, 3),
    ip: SECOND_ADDRESS,
    agent: ATTACKER_CLI,
  });
  trail.issue(
    at(3, 2, 20, 3),
    { ...stolen, ip: SECOND_ADDRESS },
    { account: DEV, role: 'ci-deploy', session: 'jenkins', key: builder.key },
  );
  const again = trail.session({
    account: PROD,
    role: 'deployer',
    session: 'jenkins-release',
    since: at(3, 2, 20, 40),
    ip: SECOND_ADDRESS,
    agent: deployer.agent,
  });
  trail.issue(at(3, 2, 20, 40), builder, { account: PROD, role: 'deployer', session: 'jenkins-release', key: again.key });
  const admin = trail.session({
    account: PROD,
    role: 'ops-admin',
    session: 'maintenance',
    since: at(3, 2, 21, 30),
    ip: SECOND_ADDRESS,
    agent: ATTACKER_CLI,
  });
  trail.issue(at(3, 2, 21, 30), again, { account: PROD, role: 'ops-admin', session: 'maintenance', key: admin.key });
  const reader = trail.session({
    account: SECURITY,
    role: 'log-reader',
    session: 'maintenance',
    since: at(3, 2, 23, 12),
    ip: SECOND_ADDRESS,
    agent: ATTACKER_CLI,
  });
  trail.issue(at(3, 2, 23, 12), admin, { account: SECURITY, role: 'log-reader', session: 'maintenance', key: reader.key });

  const who = String(admin.identity.arn);
  const local = `arn:aws:cloudtrail:${HOME_REGION}:${PROD}:trail/account-trail`;
  const org = `arn:aws:cloudtrail:${HOME_REGION}:${SECURITY}:trail/organization-trail`;
  for (const [second, name] of /** @type {const} */ ([
    [20, 'describeTrails'],
    [32, 'getTrailStatus'],
    [51, 'listBuckets'],
  ]))
    trail.emit(at(3, 2, 24, second), SECURITY, reader, CALLS[name](trail.scene(SECURITY, at(3, 2, 24, second))));
  trail.emit(
    at(3, 2, 26, 4),
    SECURITY,
    reader,
    refused(write('s3', 'PutBucketLifecycle', { bucketName: 'larkfield-org-trail', lifecycle: '' }), String(reader.identity.arn)),
  );
  trail.emit(at(3, 2, 41, 9), PROD, admin, write('cloudtrail', 'StopLogging', { name: local }));
  trail.emit(at(3, 2, 41, 37), PROD, admin, refused(write('cloudtrail', 'DeleteTrail', { name: org }), who, GUARDRAIL));
  trail.emit(at(3, 2, 42, 3), PROD, admin, refused(write('cloudtrail', 'DeleteTrail', { name: local }), who, GUARDRAIL));
  trail.emit(
    at(3, 2, 42, 41),
    PROD,
    admin,
    write(
      'cloudtrail',
      'PutEventSelectors',
      { trailName: local, eventSelectors: [{ readWriteType: 'WriteOnly', includeManagementEvents: true, dataResources: [] }] },
      { trailARN: local },
    ),
  );
  trail.emit(
    at(3, 2, 44, 18),
    PROD,
    admin,
    write(
      'ec2',
      'DeleteFlowLogs',
      { DeleteFlowLogsRequest: { FlowLogId: { tag: 1, content: `fl-0${random.hex(16)}` } } },
      { DeleteFlowLogsResponse: { unsuccessful: '' } },
    ),
  );
  trail.emit(at(3, 2, 45, 50), PROD, admin, refused(write('guardduty', 'DeleteDetector', { detectorId: random.hex(32) }), who, GUARDRAIL));

  const bucket = 'larkfield-prod-customer-exports';
  const copier = { ...admin, agent: ATTACKER_SDK };
  let time = at(3, 2, 52, 30);
  for (let page = 0; page < 6; page++, time += 900)
    trail.emit(time, PROD, copier, listObjects(trail.scene(PROD, time), bucket, `customers/2026-0${(page % 3) + 1}/`));
  for (let i = 0; i < 420; i++) {
    const scene = trail.scene(PROD, time);
    trail.emit(
      time,
      PROD,
      copier,
      getObject(
        scene,
        bucket,
        `customers/2026-0${random.between(1, 3)}/part-${String(i).padStart(5, '0')}.csv.gz`,
        random.between(14_000_000, 31_000_000),
      ),
    );
    time += random.between(1_000, 6_600);
  }
  const volume = trail.estates[PROD].volumes[0];
  const snapshot = `snap-0${random.hex(16)}`;
  trail.emit(
    at(3, 3, 12, 2),
    PROD,
    admin,
    write(
      'ec2',
      'CreateSnapshot',
      { volumeId: volume, description: 'migration' },
      { snapshotId: snapshot, volumeId: volume, status: 'pending', ownerId: PROD, volumeSize: '200', encrypted: false },
    ),
  );
  trail.emit(
    at(3, 3, 18, 48),
    PROD,
    admin,
    write(
      'ec2',
      'ModifySnapshotAttribute',
      {
        snapshotId: snapshot,
        attributeType: 'CREATE_VOLUME_PERMISSION',
        createVolumePermission: { add: { items: [{ userId: OUTSIDE_ACCOUNT }] } },
      },
      { _return: true },
    ),
  );
  trail.emit(
    at(3, 3, 20, 12),
    PROD,
    admin,
    write(
      'rds',
      'ModifyDBSnapshotAttribute',
      { dBSnapshotIdentifier: 'shop-2026-03-05', attributeName: 'restore', valuesToAdd: [OUTSIDE_ACCOUNT] },
      { dBSnapshotIdentifier: 'shop-2026-03-05' },
    ),
  );
  return { snapshot };
}

/** What the people do about it, and what they miss until Friday. @param {Trail} trail @param {string} stolenKey @param {string} leftKey @param {string} snapshot */
function response(trail, stolenKey, leftKey, snapshot) {
  const role = 'aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_AdministratorAccess_4c1f0a9b7d2e6358';
  /** @param {string} account @param {number} since */
  const responder = (account, since) =>
    trail.session({ account, role, session: 'esther.nakamura@larkfield.example', since, ip: OFFICE[2], agent: CLI });
  const prod = responder(PROD, at(3, 8, 31));
  const dev = responder(DEV, at(3, 8, 33));
  const local = `arn:aws:cloudtrail:${HOME_REGION}:${PROD}:trail/account-trail`;
  for (let i = 0; i < 40; i++) {
    const time = at(3, 8, 34) + i * 47_000;
    trail.emit(time, PROD, prod, CALLS.lookupEvents(trail.scene(PROD, time)));
  }
  trail.emit(at(3, 8, 40, 12), PROD, prod, write('cloudtrail', 'StartLogging', { name: local }));
  trail.emit(
    at(3, 8, 52, 3),
    DEV,
    dev,
    write('iam', 'UpdateAccessKey', { userName: 'jenkins-legacy', accessKeyId: stolenKey, status: 'Inactive' }),
  );
  // Calls signed with a disabled key are refused before CloudTrail sees them: the build server falls silent.
  trail.withoutKey(stolenKey, at(3, 8, 52, 3));
  for (const name of ['ops-admin', 'deployer'])
    trail.emit(
      at(3, 8, 58, 20),
      PROD,
      prod,
      write('iam', 'PutRolePolicy', {
        roleName: name,
        policyName: 'AWSRevokeOlderSessions',
        policyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Deny', Action: '*', Resource: '*', Condition: { DateLessThan: { 'aws:TokenIssueTime': '2026-03-05T08:58:20Z' } } },
          ],
        }),
      }),
    );
  trail.emit(
    at(3, 9, 14, 41),
    PROD,
    prod,
    write(
      'ec2',
      'ModifySnapshotAttribute',
      {
        snapshotId: snapshot,
        attributeType: 'CREATE_VOLUME_PERMISSION',
        createVolumePermission: { remove: { items: [{ userId: OUTSIDE_ACCOUNT }] } },
      },
      { _return: true },
    ),
  );
  trail.emit(at(3, 11, 2, 9), DEV, dev, write('iam', 'DeleteAccessKey', { userName: 'jenkins-legacy', accessKeyId: stolenKey }));

  const left = {
    identity: identities.iamUser({ account: PROD, user: 'reporting', id: 'AIDA4REPORTINGEXAMPLE', key: leftKey }),
    account: PROD,
    ip: '203.0.113.9',
    agent: ATTACKER_SDK,
  };
  trail.emit(at(4, 3, 5, 55), PROD, left, CALLS.getCallerIdentity(trail.scene(PROD, at(4, 3, 5))));
  trail.emit(at(4, 3, 6, 10), PROD, left, CALLS.listBuckets(trail.scene(PROD, at(4, 3, 6))));
  for (let i = 0; i < 37; i++) {
    const time = at(4, 3, 7) + i * 11_000;
    trail.emit(
      time,
      PROD,
      left,
      getObject(
        trail.scene(PROD, time),
        'larkfield-prod-orders',
        `orders/2026/3/${trail.random.hex(12)}.parquet`,
        trail.random.between(200_000, 2_000_000),
      ),
    );
  }
  const friday = responder(PROD, at(4, 10, 2));
  trail.emit(at(4, 10, 13, 30), PROD, friday, CALLS.listAccessKeys(trail.scene(PROD, at(4, 10, 13))));
  trail.emit(at(4, 10, 15, 2), PROD, friday, write('iam', 'DeleteAccessKey', { userName: 'reporting', accessKeyId: leftKey }));
  trail.emit(
    at(4, 10, 31, 44),
    PROD,
    friday,
    write('iam', 'UpdateAssumeRolePolicy', {
      roleName: 'nightly-report',
      policyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      }),
    }),
  );
}

/** @param {Trail} trail @param {Caller & {key: string}} jenkins the build server */
export function intrusion(trail, jenkins) {
  const leftKey = trail.random.accessKey('AKIA');
  const stolen = { ...jenkins, ip: FIRST_ADDRESS, agent: ATTACKER_CLI };
  enumeration(trail, stolen);
  const { deployer, admin } = hops(trail, stolen);
  instanceConnect(trail, admin);
  persistence(trail, admin, leftKey);
  const { snapshot } = secondNight(trail, deployer, stolen);
  response(trail, jenkins.key, leftKey, snapshot);
}

/** An Insights pair and windows of aggregated data events, as CloudTrail adds them beside the log files. @param {Trail} trail */
export function besideTheLogs(trail) {
  const { random } = trail;
  const shared = random.uuid();
  const insights = /** @type {const} */ ([
    ['Start', at(3, 2, 53)],
    ['End', at(3, 3, 20)],
  ]).map(([state, time]) => ({
    time,
    record: {
      eventVersion: '1.11',
      eventTime: `${new Date(time).toISOString().slice(0, 19)}Z`,
      awsRegion: HOME_REGION,
      eventID: random.uuid(),
      eventType: 'AwsCloudTrailInsight',
      recipientAccountId: PROD,
      sharedEventID: shared,
      insightDetails: {
        state,
        eventSource: 's3.amazonaws.com',
        eventName: 'GetObject',
        insightType: 'ApiCallRateInsight',
        insightContext: {
          statistics: {
            baseline: { average: 0.4 },
            insight: { average: 15.6 },
            ...(state === 'End' ? { insightDuration: 27 } : {}),
            baselineDuration: 10_080,
          },
        },
      },
      eventCategory: 'Insight',
    },
  }));
  const windows = Array.from({ length: 6 }, (_, i) => {
    const start = at(3, 2, 50) + i * 5 * MINUTE;
    const count = i < 5 ? random.between(70, 84) : 40;
    return {
      time: start + 5 * MINUTE,
      record: {
        eventVersion: '1.0',
        accountId: PROD,
        eventId: random.uuid(),
        eventCategory: 'Aggregated',
        eventType: 'AwsAggregatedEvent',
        awsRegion: HOME_REGION,
        eventSource: 's3.amazonaws.com',
        timeWindow: {
          windowStart: new Date(start).toISOString(),
          windowEnd: new Date(start + 5 * MINUTE).toISOString(),
          windowSize: 'PT5M',
        },
        summary: {
          primaryDimension: { dimension: 'eventName', statistics: [{ name: 'GetObject', value: count }], aggregationType: 'Count' },
          details: [{ dimension: 'resourceARN', statistics: [{ name: 'arn:aws:s3:::larkfield-prod-customer-exports', value: count }] }],
        },
      },
    };
  });
  return { insights, windows };
}
