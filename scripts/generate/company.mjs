/**
 * Larkfield, the small organisation of the sample trail: three accounts, eight people, a pipeline, a web shop. This file owns who
 * and what exists, and the ordinary working week; the intrusion is in story.mjs. What both tell is in docs/sample-trail.md.
 */
import { assumeRole, CALLS, failed, MIXES } from './calls.mjs';
import { weighted } from './random.mjs';
import { identities, record } from './records.mjs';

/** @typedef {import('./records.mjs').Caller} Caller */
/** @typedef {import('./records.mjs').Call} Call */
/** @typedef {import('./calls.mjs').Estate} Estate */
/** @typedef {{time: number, account: string, region: string, record: Record<string, unknown>}} Entry */

export const HOUR = 3_600_000;
export const MINUTE = 60_000;
/** Monday. */
export const MONDAY = Date.UTC(2026, 2, 2);
/** @param {number} day 0 is Monday @param {number} hour @param {number} [minute] @param {number} [second] */
export const at = (day, hour, minute = 0, second = 0) => MONDAY + ((day * 24 + hour) * 60 + minute) * MINUTE + second * 1000;

export const ORGANIZATION = 'o-lf4k2m7q9x';
// Account numbers, keys and addresses of documentation: nobody's.
export const PROD = '111122223333';
export const DEV = '444455556666';
export const SECURITY = '777788889999';
export const HOME_REGION = 'eu-west-1';
export const OFFICE = ['198.51.100.21', '198.51.100.22', '198.51.100.23', '198.51.100.34', '198.51.100.40'];
const CHROME = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0';
export const CLI = 'aws-cli/2.33.12 md/awscrt#0.31.1 ua/2.1 os/macos#24.6.0 md/arch#arm64 lang/python#3.13.11 cfg/retry-mode#standard';
const SDK_JS = 'aws-sdk-js/3.972.0 ua/2.1 os/linux#6.1.158 lang/js md/nodejs#22.21.1 exec-env/EC2';
const LAMBDA_PY =
  'Boto3/1.42.30 md/Botocore#1.42.30 ua/2.1 os/linux#5.10.245 md/arch#x86_64 lang/python#3.13.9 exec-env/AWS_Lambda_python3.13';
const RUNNER = 'aws-cli/2.33.8 md/awscrt#0.31.1 ua/2.1 os/linux#6.11.0-azure md/arch#x86_64 lang/python#3.13.11';

const PEOPLE = [
  { name: 'amara.osei', role: 'AdministratorAccess', mix: 'developer', account: PROD, agent: CHROME },
  { name: 'ben.lindqvist', role: 'PowerUserAccess', mix: 'developer', account: DEV, agent: CHROME },
  { name: 'chiara.rossi', role: 'PowerUserAccess', mix: 'developer', account: DEV, agent: FIREFOX },
  { name: 'dan.whitlock', role: 'PowerUserAccess', mix: 'developer', account: PROD, agent: CHROME },
  { name: 'esther.nakamura', role: 'SecurityAudit', mix: 'auditor', account: SECURITY, agent: FIREFOX },
  { name: 'farid.haddad', role: 'SecurityAudit', mix: 'auditor', account: PROD, agent: CHROME },
  { name: 'grace.okafor', role: 'ReadOnlyAccess', mix: 'developer', account: PROD, agent: CHROME },
  { name: 'hugo.marchand', role: 'Billing', mix: 'auditor', account: SECURITY, agent: CHROME },
];

/** Services whose records lie in us-east-1 only. */
const GLOBAL = new Set(['iam.amazonaws.com', 'ce.amazonaws.com', 'signin.amazonaws.com']);

/** Collects what happens, as records with their place. */
export class Trail {
  /** @param {import('./random.mjs').Random} random */
  constructor(random) {
    this.random = random;
    /** @type {Entry[]} */
    this.entries = [];
    this.estates = makeEstates(random);
    this.roleIds = /** @type {Map<string, string>} */ (new Map());
    this.userIds = /** @type {Map<string, string>} */ (new Map());
  }

  /** The Identity Center user ID of a person, the same every day. @param {string} name */
  userId(name) {
    const drawn = `${this.random.hex(8)}-${name.length}`;
    const id = this.userIds.get(name) ?? drawn;
    this.userIds.set(name, id);
    return id;
  }

  /** Takes back what was to be signed with a key after a time. @param {string} key @param {number} since */
  withoutKey(key, since) {
    const uses = (/** @type {Entry} */ { record }) =>
      /** @type {{accessKeyId?: string} | undefined} */ (record.userIdentity)?.accessKeyId === key;
    this.entries = this.entries.filter((entry) => entry.time <= since || !uses(entry));
  }

  /** @param {string} account @param {string} role */
  roleId(account, role) {
    const name = `${account}/${role}`;
    const known = this.roleIds.get(name);
    if (known) return known;
    const id = `AROA${this.random.base32(17)}`;
    this.roleIds.set(name, id);
    return id;
  }

  /** @param {string} account @param {number} time @param {string} [region] @returns {import('./calls.mjs').Scene} */
  scene(account, time, region = HOME_REGION) {
    return { random: this.random, estate: this.estates[account], region, time };
  }

  /** @param {number} time @param {string} account the recipient @param {Caller} caller @param {Call} call @param {string} [region] */
  emit(time, account, caller, call, region = HOME_REGION) {
    const place = { account, region: GLOBAL.has(call.source) ? 'us-east-1' : region };
    const made = record(this.random, time, caller, call, place);
    this.entries.push({ time, account, region: place.region, record: made });
    return made;
  }

  /** @param {{account: string, role: string, session: string, since: number, ip: string, agent: string, key?: string, console?: boolean,
   *   ec2?: boolean, invokedBy?: string, sourceIdentity?: string, federation?: {provider: string, attributes: Record<string, unknown>}}} s
   * @returns {Caller & {key: string}} */
  session(s) {
    const key = s.key ?? this.random.accessKey('ASIA');
    const identity = identities.assumedRole({ ...s, key, roleId: this.roleId(s.account, s.role) });
    return { identity, account: s.account, ip: s.ip, agent: s.agent, key, ...(s.console ? { console: true } : {}) };
  }

  /**
   * The call that issues a session's key.
   * @param {number} time @param {Caller} by @param {{account: string, role: string, session: string, key: string, name?: string, hours?: number,
   *   extra?: Record<string, unknown>}} to @param {string} [region]
   */
  issue(time, by, to, region = HOME_REGION) {
    const call = assumeRole(this.scene(to.account, time, region), { ...to, roleId: this.roleId(to.account, to.role) });
    const crosses = by.account !== null && by.account !== to.account;
    // A call across accounts is recorded in both, under one sharedEventID.
    const shared = crosses || by.account === null ? { ...call, sharedEventID: this.random.uuid() } : call;
    if (crosses && by.account) this.emit(time, by.account, by, shared, region);
    const seen = crosses
      ? { ...by, identity: identities.otherAccount({ account: String(by.account), principalId: String(by.identity.principalId) }) }
      : by;
    this.emit(time, to.account, seen, shared, region);
  }
}

/** @param {import('./random.mjs').Random} random @returns {Record<string, Estate>} */
function makeEstates(random) {
  /** @param {string} account @param {Partial<Estate>} own @returns {Estate} */
  const estate = (account, own) => ({
    account,
    buckets: [`larkfield-${account.slice(0, 4)}-artifacts`],
    instances: Array.from({ length: 3 }, () => `i-0${random.hex(16)}`),
    volumes: Array.from({ length: 4 }, () => `vol-0${random.hex(16)}`),
    kmsKeys: [random.uuid(), random.uuid()],
    functions: ['nightly-report', 'thumbnailer'],
    tables: ['orders'],
    roles: ['web-shop', 'nightly-report', 'github-deploy'],
    users: ['reporting'],
    secrets: [`shop/database-${random.base32(6)}`],
    groups: Array.from({ length: 4 }, () => `sg-0${random.hex(16)}`),
    logGroups: ['/aws/lambda/nightly-report', '/ecs/web-shop'],
    stacks: ['web-shop', 'catalogue', 'mailer'],
    repositories: ['web-shop', 'mailer'],
    ...own,
  });
  return {
    [PROD]: estate(PROD, {
      buckets: ['larkfield-prod-images', 'larkfield-prod-orders', 'larkfield-prod-customer-exports'],
      secrets: [`shop/database-${random.base32(6)}`, `shop/payment-provider-${random.base32(6)}`],
      tables: ['orders', 'customers', 'carts'],
    }),
    [DEV]: estate(DEV, { buckets: ['larkfield-dev-builds', 'larkfield-dev-scratch'], users: ['jenkins-legacy', 'reporting'] }),
    [SECURITY]: estate(SECURITY, {
      buckets: ['larkfield-org-trail', 'larkfield-config-history'],
      roles: ['log-reader', 'AWSControlTowerExecution'],
    }),
  };
}

const mixes = Object.fromEntries(Object.entries(MIXES).map(([name, entries]) => [name, weighted(entries)]));

/** Ordinary calls of a caller in bursts. @param {Trail} trail @param {Caller} caller @param {string} mix @param {string} account @param {number} from @param {number} to @param {number} count */
function work(trail, caller, mix, account, from, to, count) {
  const { random } = trail;
  let left = count;
  while (left > 0) {
    const begin = random.between(from, to);
    const burst = Math.min(left, random.between(2, 14));
    for (let i = 0, time = begin; i < burst; i++, time += random.between(0, 6) * 700) {
      const region = random.chance(7) ? 'eu-central-1' : HOME_REGION;
      const name = mixes[mix](random);
      const call = CALLS[name](trail.scene(account, time, region));
      const who = String(caller.identity.arn ?? '');
      trail.emit(time, account, caller, random.chance(2.5) ? failed(call, who, random) : call, region);
    }
    left -= burst;
  }
}

/** A person signs in through the identity provider and works in a browser, then perhaps on the command line. */
function officeDay(/** @type {Trail} */ trail, /** @type {typeof PEOPLE[number]} */ person, /** @type {number} */ day) {
  const { random } = trail;
  const begin = at(day, random.between(7, 9), random.below(60), random.below(60));
  const ip = random.pick(OFFICE);
  const session = `${person.name}@larkfield.example`;
  const role = `aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_${person.role}_4c1f0a9b7d2e6358`;
  const store = 'd-93670b1e2f';
  const visitor = {
    identity: identities.identityCenter({
      account: SECURITY,
      userId: trail.userId(person.name),
      store,
      credential: random.hex(32),
    }),
    account: SECURITY,
    ip,
    agent: person.agent,
  };
  trail.emit(begin, SECURITY, visitor, {
    source: 'signin.amazonaws.com',
    name: 'UserAuthentication',
    readOnly: false,
    type: 'AwsServiceEvent',
    serviceEvent: { CredentialType: 'PASSWORD_AND_TOTP', UserAuthentication: 'Success' },
  });
  trail.emit(begin + 9_000, SECURITY, visitor, {
    source: 'sso.amazonaws.com',
    name: 'Federate',
    readOnly: false,
    type: 'AwsServiceEvent',
    serviceEvent: { account_id: person.account, role_name: person.role },
  });
  for (const console of person.mix === 'developer' && random.chance(60) ? [true, false] : [true]) {
    const since = console ? begin + 12_000 : begin + random.between(1, 4) * HOUR;
    const caller = trail.session({ account: person.account, role, session, since, ip, agent: console ? person.agent : CLI, console });
    const saml = {
      identity: identities.saml({ principalId: `${random.hex(12)}:${session}`, userName: session, provider: random.hex(16) }),
      account: null,
      ip,
      agent: 'sso.amazonaws.com',
    };
    trail.issue(
      since,
      saml,
      {
        account: person.account,
        role,
        session,
        key: caller.key,
        name: 'AssumeRoleWithSAML',
        hours: 8,
        extra: { sAMLAssertionID: `_${random.uuid()}` },
      },
      'us-east-1',
    );
    if (console)
      trail.emit(since + 2_000, person.account, caller, {
        source: 'signin.amazonaws.com',
        name: 'ConsoleLogin',
        readOnly: false,
        type: 'AwsConsoleSignIn',
        response: { ConsoleLogin: 'Success' },
        additional: { MobileVersion: 'No', MFAUsed: 'No' },
      });
    work(trail, caller, person.mix, person.account, since + 5_000, begin + 8 * HOUR, random.between(45, 75));
  }
}

/** The pipeline of the repository: a token of the provider becomes a role session. @param {Trail} trail @param {string} account @param {number} begin */
function pipelineRun(trail, account, begin) {
  const { random } = trail;
  const ip = `192.0.2.${random.between(10, 90)}`;
  const session = `GitHubActions-${random.between(100_000, 999_999)}`;
  const subject = 'repo:larkfield/web-shop:ref:refs/heads/main';
  const provider = `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`;
  const token = {
    identity: identities.webIdentity({ principalId: `${provider}:sts.amazonaws.com:${subject}`, userName: subject, provider }),
    account: null,
    ip,
    agent: 'aws-actions/configure-aws-credentials',
  };
  const caller = trail.session({
    account,
    role: 'github-deploy',
    session,
    since: begin,
    ip,
    agent: RUNNER,
    federation: { provider, attributes: {} },
  });
  trail.issue(begin, token, { account, role: 'github-deploy', session, key: caller.key, name: 'AssumeRoleWithWebIdentity' });
  work(trail, caller, 'pipeline', account, begin + 4_000, begin + 6 * MINUTE, random.between(18, 30));
}

/** Instances, functions and AWS's own services: they work day and night. @param {Trail} trail @param {number} day */
function machines(trail, day) {
  const { random } = trail;
  const ec2 = { identity: identities.service('ec2.amazonaws.com'), account: null, ip: 'ec2.amazonaws.com', agent: 'ec2.amazonaws.com' };
  const lambda = {
    identity: identities.service('lambda.amazonaws.com'),
    account: null,
    ip: 'lambda.amazonaws.com',
    agent: 'lambda.amazonaws.com',
  };
  for (const [index, instance] of trail.estates[PROD].instances.entries()) {
    for (let quarter = 0; quarter < 4; quarter++) {
      const since = at(day, quarter * 6, 3 + index * 7);
      const caller = trail.session({
        account: PROD,
        role: 'web-shop',
        session: instance,
        since,
        ip: `10.0.1.${20 + index}`,
        agent: SDK_JS,
        ec2: true,
      });
      caller.vpcEndpoint = 'vpce-0a1b2c3d4e5f60718';
      trail.issue(since, ec2, { account: PROD, role: 'web-shop', session: instance, key: caller.key, hours: 6 });
      work(trail, caller, 'application', PROD, since + MINUTE, since + 6 * HOUR - MINUTE, quarter === 0 ? 18 : 42);
    }
  }
  for (let hour = 0; hour < 24; hour += 4) {
    const since = at(day, hour, 15);
    const caller = trail.session({
      account: PROD,
      role: 'nightly-report',
      session: 'nightly-report',
      since,
      ip: '192.0.2.200',
      agent: LAMBDA_PY,
    });
    trail.issue(since, lambda, { account: PROD, role: 'nightly-report', session: 'nightly-report', key: caller.key });
    work(trail, caller, 'application', PROD, since + 1_000, since + 2 * MINUTE, 9);
  }
  for (const account of [PROD, DEV, SECURITY]) {
    for (let hour = account === PROD ? 1 : 2; hour < 24; hour += account === PROD ? 4 : 8) {
      const since = at(day, hour, 40);
      const caller = trail.session({
        account,
        role: 'aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig',
        session: 'AWSConfig-Describe',
        since,
        ip: 'config.amazonaws.com',
        agent: 'config.amazonaws.com',
        invokedBy: 'config.amazonaws.com',
      });
      work(trail, caller, 'service', account, since, since + 3 * MINUTE, 18);
    }
    const deliverer = {
      identity: identities.service('cloudtrail.amazonaws.com'),
      account: null,
      ip: 'cloudtrail.amazonaws.com',
      agent: 'cloudtrail.amazonaws.com',
    };
    for (let i = 0; i < 12; i++) {
      const time = at(day, i * 2, random.below(60), random.below(60));
      trail.emit(time, account, deliverer, { ...CALLS.generateDataKey(trail.scene(account, time)), sharedEventID: random.uuid() });
    }
  }
}

/** The old build server and its long-lived key: the key that is stolen. @param {Trail} trail @param {number} day @param {Caller} jenkins */
function buildServer(trail, day, jenkins) {
  for (let hour = 0; hour < 24; hour += 3) work(trail, jenkins, 'pipeline', DEV, at(day, hour, 5), at(day, hour, 9), 7);
}

/** @param {Trail} trail @param {Caller} jenkins */
export function workingWeek(trail, jenkins) {
  const { random } = trail;
  for (let day = 0; day < 5; day++) {
    for (const person of PEOPLE) if (random.chance(92)) officeDay(trail, person, day);
    for (let i = 0; i < 7; i++)
      pipelineRun(trail, i % 3 === 0 ? PROD : DEV, at(day, random.between(8, 17), random.below(60), random.below(60)));
    machines(trail, day);
    if (day < 4) buildServer(trail, day, jenkins);
  }
  const root = { identity: identities.root({ account: SECURITY }), account: SECURITY, ip: OFFICE[4], agent: CHROME };
  trail.emit(at(0, 10, 12, 40), SECURITY, root, {
    source: 'signin.amazonaws.com',
    name: 'ConsoleLogin',
    readOnly: false,
    type: 'AwsConsoleSignIn',
    response: { ConsoleLogin: 'Success' },
    additional: {
      LoginTo: 'https://console.aws.amazon.com/billing/home',
      MobileVersion: 'No',
      MFAUsed: 'Yes',
      MFAIdentifier: `arn:aws:iam::${SECURITY}:mfa/root-account-mfa-device`,
    },
  });
}
