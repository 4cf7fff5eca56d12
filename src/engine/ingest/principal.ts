/**
 * Who acted, in one line: the principal (account and role or user; sessions of one role are one principal) and the user name as
 * Event history shows it. The types of userIdentity and their fields: CloudTrail User Guide, "CloudTrail userIdentity element".
 */
import { isObject, type JsonObject, type RecordView, words } from './record.ts';

/** The principal; null when the identity says nothing. Of an AWS service it may be named elsewhere in the record; else it follows from the identity alone. */
export function principalOf(u: JsonObject, { record, issuer }: Pick<RecordView, 'record' | 'issuer'>): string | null {
  const arn = parseArn(u.arn);
  const account = words(u.accountId);
  switch (u.type) {
    case 'Root':
      return root(arn?.account ?? account);
    case 'AssumedRole':
    case 'Role':
      return rolePrincipal(u, issuer) ?? unknownPrincipal(u);
    case 'IAMUser': {
      const name = words(u.userName) ?? nameBelow(arn, 'user');
      return name === null ? unknownPrincipal(u) : `${arn?.account ?? account ?? '?'}/user/${name}`;
    }
    case 'FederatedUser': {
      const name = nameBelow(arn, 'federated-user') ?? afterColon(u.principalId);
      return name === null ? unknownPrincipal(u) : `${arn?.account ?? account ?? '?'}/federated-user/${name}`;
    }
    case 'AWSService':
      return `service/${words(u.invokedBy) ?? hostName(record.sourceIPAddress) ?? words(record.eventSource) ?? '?'}`;
    case 'AWSAccount':
      return `account/${account ?? words(u.principalId) ?? '?'}`;
    case 'SAMLUser':
      return `saml/${words(u.identityProvider) ?? '?'}/${words(u.userName) ?? words(u.principalId) ?? '?'}`;
    case 'WebIdentityUser':
      return `web-identity/${words(u.identityProvider) ?? '?'}/${words(u.userName) ?? words(u.principalId) ?? '?'}`;
    case 'IdentityCenterUser': {
      const user = isObject(u.onBehalfOf) ? words(u.onBehalfOf.userId) : null;
      return `identity-center/${user ?? words(u.userName) ?? words(u.principalId) ?? words(u.credentialId) ?? '?'}`;
    }
    case 'Directory':
      return `directory/${words(u.userName) ?? words(u.principalId) ?? account ?? '?'}`;
    default:
      return byArn(u, arn, issuer) ?? (u.type === undefined ? serviceOf(u) : null) ?? unknownPrincipal(u);
  }
}

/** Records without a type, or of a type that is not known here: what the ARN says, if it says it. */
function byArn(u: JsonObject, arn: Arn | null, issuer: JsonObject | null): string | null {
  if (arn === null) return null;
  if (arn.resource === 'root') return root(arn.account);
  const user = nameBelow(arn, 'user');
  if (user !== null) return `${arn.account}/user/${user}`;
  const federated = nameBelow(arn, 'federated-user');
  if (federated !== null) return `${arn.account}/federated-user/${federated}`;
  return rolePrincipal(u, issuer);
}

function rolePrincipal(u: JsonObject, issuer: JsonObject | null): string | null {
  for (const source of issuer === null ? [u] : [issuer, u]) {
    const arn = parseArn(source.arn);
    if (arn === null) continue;
    const account = arn.account || words(source.accountId) || words(u.accountId) || '?';
    // An AssumeRoot session acts as the root of the account it was taken for.
    if (arn.resource === 'root' || arn.resource === 'assumed-root') return root(account);
    const role = nameBelow(arn, 'role');
    if (role !== null) return `${account}/role/${role}`;
    if (arn.resource.startsWith('assumed-role/')) {
      const name = arn.resource.split('/')[1];
      if (name) return `${account}/role/${name}`;
    }
  }
  const name = issuer === null ? null : words(issuer.userName);
  return name === null ? null : `${words(issuer?.accountId) ?? words(u.accountId) ?? '?'}/role/${name}`;
}

/** As Event history shows it; follows from the identity alone. */
export function userNameOf(u: JsonObject): string | null {
  switch (u.type) {
    case 'Root':
      return 'root';
    case 'AssumedRole': {
      const arn = words(u.arn);
      const slash = arn === null ? -1 : arn.lastIndexOf('/');
      if (arn !== null && slash !== -1 && slash < arn.length - 1) return arn.slice(slash + 1);
      return afterColon(u.principalId) ?? words(u.userName);
    }
    case 'IAMUser':
      return words(u.userName) ?? nameBelow(parseArn(u.arn), 'user');
    default:
      return words(u.userName);
  }
}

interface Arn {
  account: string;
  resource: string;
}

/** arn:partition:service:region:account:resource */
function parseArn(value: unknown): Arn | null {
  if (typeof value !== 'string' || !value.startsWith('arn:')) return null;
  const parts = value.split(':', 5);
  if (parts.length < 5) return null;
  const head = parts[0].length + parts[1].length + parts[2].length + parts[3].length + parts[4].length + 5;
  return head > value.length ? null : { account: parts[4], resource: value.slice(head) };
}

/** `kind/path/Name` → Name: the path is dropped, names are unique in an account without it. */
function nameBelow(arn: Arn | null, kind: string): string | null {
  if (arn === null || !arn.resource.startsWith(`${kind}/`)) return null;
  return arn.resource.slice(arn.resource.lastIndexOf('/') + 1) || null;
}

function afterColon(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const colon = value.indexOf(':');
  return colon === -1 ? null : value.slice(colon + 1) || null;
}

const root = (account: string | null): string => `${account || '?'}/root`;
const serviceOf = (u: JsonObject): string | null => (words(u.invokedBy) === null ? null : `service/${u.invokedBy}`);
const hostName = (value: unknown): string | null =>
  typeof value === 'string' && /^[a-z0-9.-]*[a-z][a-z0-9.-]*\.[a-z.]+$/i.test(value) ? value : null;

function unknownPrincipal(u: JsonObject): string | null {
  const id = words(u.principalId) ?? words(u.userName) ?? words(u.arn) ?? words(u.accountId) ?? words(u.invokedBy);
  if (id !== null) return `unknown/${id}`;
  return typeof u.type === 'string' ? 'unknown/?' : null;
}
