/**
 * The large invented organisation behind generated evidence: accounts, estates, and callers in numbers as trails of real
 * organisations have them. For a million events: some 3,000 principals, 10,000 addresses, 50,000 access keys.
 */
import { identities } from './records.mjs';

/** @typedef {import('./random.mjs').Random} Random */
/** @typedef {import('./records.mjs').Caller} Caller */
/** @typedef {import('./calls.mjs').Estate} Estate */
/** @typedef {{caller: Caller, mix: string, home: number}} Session a caller, what it does, and the index of its account */

export const REGIONS = ['us-east-1', 'eu-west-1', 'us-west-2', 'ap-southeast-2', 'eu-central-1'];
export const BEGIN = Date.UTC(2026, 1, 2);
const ACCOUNTS = 12;
const AGENTS = [
  'aws-cli/2.27.11 md/awscrt#0.26.1 ua/2.1 os/linux#6.8.0-60-generic md/arch#x86_64 lang/python#3.13.3 md/pyimpl#CPython cfg/retry-mode#standard',
  'Boto3/1.38.21 md/Botocore#1.38.21 ua/2.1 os/linux#5.10.236 md/arch#x86_64 lang/python#3.11.12 md/pyimpl#CPython exec-env/AWS_Lambda_python3.11',
  'APN/1.0 HashiCorp/1.0 Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-aws/5.97.0 aws-sdk-go-v2/1.36.3 os/linux lang/go#1.23.8',
  'aws-sdk-java/2.31.45 md/io#sync md/http#Apache ua/2.1 os/Linux#5.15.0 lang/java#21.0.7 md/OpenJDK_64-Bit_Server_VM md/vendor#Amazon.com_Inc.',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Safari/537.36',
  'aws-sdk-js/3.808.0 ua/2.1 os/linux#5.10.236 lang/js md/nodejs#22.14.0 api/s3#3.808.0 exec-env/AWS_ECS_FARGATE',
  'amazon-ssm-agent/3.3.987.0',
];
const SERVICES = [
  'ec2',
  'lambda',
  'config',
  'autoscaling',
  'ecs-tasks',
  'cloudtrail',
  'rds',
  'elasticloadbalancing',
  'access-analyzer',
  'backup',
].map((name) => `${name}.amazonaws.com`);

/** @param {number} n @param {(i: number) => string} make */
const names = (n, make) => Array.from({ length: n }, (_, i) => make(i));

/** @param {Random} random @param {string} account @param {number} scale @returns {Estate & {roleIds: string[]}} */
function estate(random, account, scale) {
  const short = account.slice(-4);
  const roles = names(
    Math.max(4, Math.round(230 * scale)),
    (i) => `${random.pick(['app', 'batch', 'ci', 'AWSReservedSSO_PowerUser', 'data'])}-${short}-${i}`,
  );
  return {
    account,
    buckets: names(Math.max(3, Math.round(120 * scale)), (i) => `corp-${short}-${random.pick(['logs', 'data', 'web', 'exports'])}-${i}`),
    instances: names(Math.max(5, Math.round(800 * scale)), () => `i-0${random.hex(16)}`),
    volumes: names(Math.max(5, Math.round(900 * scale)), () => `vol-0${random.hex(16)}`),
    kmsKeys: names(Math.max(2, Math.round(40 * scale)), () => random.uuid()),
    functions: names(Math.max(3, Math.round(150 * scale)), (i) => `fn-${random.pick(['orders', 'billing', 'thumbs', 'sync'])}-${i}`),
    tables: names(Math.max(2, Math.round(60 * scale)), (i) => `table-${i}`),
    roles,
    roleIds: roles.map(() => `AROA${random.base32(17)}`),
    users: names(Math.max(2, Math.round(20 * scale)), (i) => `user-${short}-${i}`),
    secrets: names(Math.max(2, Math.round(80 * scale)), (i) => `app/secret-${i}-${random.hex(6)}`),
    groups: names(Math.max(3, Math.round(200 * scale)), () => `sg-0${random.hex(16)}`),
    logGroups: names(Math.max(3, Math.round(200 * scale)), (i) => `/aws/lambda/fn-${i}`),
    stacks: names(Math.max(3, Math.round(90 * scale)), (i) => `service-${i}`),
    repositories: names(Math.max(2, Math.round(40 * scale)), (i) => `team/service-${i}`),
  };
}

/** @param {number} i */
const address = (i) => `${[3, 18, 34, 52, 54][i % 5]}.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;

/**
 * @param {Random} random @param {number} events how many will be made
 * @returns {{estates: Estate[], sessions: Session[][], services: Session[], organization: string}} sessions by account, in order of time
 */
export function makeWorld(random, events) {
  const scale = Math.min(4, Math.max(0.02, events / 1_000_000));
  const estates = names(ACCOUNTS, (i) => String(111_100_000_000 + i * 7_919_333)).map((account) =>
    estate(random, account, Math.sqrt(scale)),
  );
  // A session is seen in the trail of its own hours only, so more are made than will show.
  const count = Math.max(60, Math.round(events / 14));
  const addresses = Math.max(50, Math.round(events / 90));
  const sessions = /** @type {Session[][]} */ (estates.map(() => []));
  for (let i = 0; i < count; i++) {
    const home = random.skewed(ACCOUNTS);
    const owner = estates[home];
    const since = BEGIN + Math.floor((i / count) * 28 * 86_400_000);
    const ip = address(random.skewed(addresses) * 7 + 1);
    // Versions drift through the fleet: some hundred distinct agents.
    const agent = random.pick(AGENTS).replace(/(\d+)( |$|\b[^.\d])/, (_, digits, rest) => `${Number(digits) + random.skewed(40)}${rest}`);
    const role = random.skewed(owner.roles.length);
    const kind = random.below(100);
    if (kind < 4) {
      const user = random.pick(owner.users);
      const identity = identities.iamUser({ account: owner.account, user, id: `AIDA${random.base32(17)}`, key: random.accessKey('AKIA') });
      sessions[home].push({ home, mix: 'pipeline', caller: { identity, account: owner.account, ip, agent } });
      continue;
    }
    const ec2 = kind < 45;
    const console = kind > 90;
    const session = ec2
      ? random.pick(owner.instances)
      : kind < 70
        ? `run-${random.between(1, 1_000_000)}`
        : `person${random.skewed(2_000)}@corp.example`;
    const identity = identities.assumedRole({
      account: owner.account,
      role: owner.roles[role],
      roleId: owner.roleIds[role],
      session,
      key: random.accessKey('ASIA'),
      since,
      ec2,
    });
    const mix = ec2 ? 'application' : kind < 70 ? 'pipeline' : kind < 96 ? 'developer' : 'auditor';
    const caller = {
      identity,
      account: owner.account,
      ip,
      agent: console ? AGENTS[4] : agent,
      console,
      ...(ec2 && kind < 20 ? { vpcEndpoint: `vpce-0${owner.kmsKeys[0].replaceAll('-', '').slice(0, 16)}` } : {}),
    };
    sessions[home].push({ home, mix, caller });
  }
  for (let i = 0; i < ACCOUNTS; i++) if (sessions[i].length === 0) sessions[i].push({ ...sessions.flat()[0], home: i });
  const services = SERVICES.map((name) => ({
    home: 0,
    mix: 'service',
    caller: { identity: identities.service(name), account: null, ip: name, agent: name },
  }));
  return { estates, sessions, services, organization: 'o-9f3k2m7q1x' };
}
