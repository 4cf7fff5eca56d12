/** What sort of credential it is, from the call that issued it and from what its events say of it. */
import type { CredentialKind } from '../../shared/lineage.ts';
import type { OpenCase } from '../query/open-case.ts';
import { type CredentialGraph, type KeptColumn, kindCode } from './graph.ts';
import { CaseRows } from './rows.ts';
import { kindsByUse } from './temporary.ts';

const BY_CALL: Record<string, CredentialKind> = {
  CreateAccessKey: 'long-term',
  AssumeRole: 'assumed-role',
  AssumeRoleWithSAML: 'saml',
  AssumeRoleWithWebIdentity: 'web-identity',
  GetSessionToken: 'session-token',
  GetFederationToken: 'federation-token',
  AssumeRoot: 'assume-root',
};

const BY_SERVICE: readonly [name: string, kind: CredentialKind][] = [
  ['ec2.', 'ec2'],
  ['lambda.', 'lambda'],
  ['ecs', 'ecs'],
  ['pods.eks.', 'eks'],
  ['eks', 'eks'],
  ['ssm', 'ssm'],
];

/**
 * EC2 names the sessions of instance roles after the instance (IAM User Guide, "Roles for EC2"); so does SSM for managed nodes (mi-).
 * Whoever may assume a role can choose such a name too, and any agent: neither shows that AWS issued a session.
 */
export const INSTANCE = /^i-[0-9a-f]{8,17}$/;
const MANAGED_NODE = /^mi-[0-9a-f]{17}$/;

/** What the name or the agent of a session suggests where nothing shows that AWS issued it; null for nothing. */
export function resemblance(session: string | null, agent: string | null): string | null {
  if (session !== null && INSTANCE.test(session)) return 'It is named like an instance';
  if (session !== null && MANAGED_NODE.test(session)) return 'It is named like a managed node of Systems Manager';
  if (agent?.includes('exec-env/AWS_Lambda')) return 'Its user agent names AWS Lambda';
  return agent?.includes('exec-env/AWS_ECS') ? 'Its user agent names AWS ECS' : null;
}

/** The session name of an assumed role: behind the colon of the principal ID, else behind the last slash of the ARN. */
export function sessionName(principalId: string | null, arn: string | null): string | null {
  const colon = principalId?.indexOf(':') ?? -1;
  if (principalId !== null && colon >= 0) return principalId.slice(colon + 1) || null;
  if (arn === null || !arn.includes(':assumed-role/')) return null;
  return arn.slice(arn.lastIndexOf('/') + 1) || null;
}

export function nameKinds(open: OpenCase, graph: CredentialGraph): void {
  const rows = new CaseRows(open);
  const dictionary = (column: KeptColumn) => open.columns.dictionary(column);
  const text = (n: number, column: KeptColumn): string | null => dictionary(column).get(graph.kept[column][n]);
  const keyOf = (n: number): string =>
    open.columns.dictionary('accessKeyId').get(graph.key[n]) ??
    open.columns.dictionary('issuedKey').get(graph.issuedKey[n]) ??
    text(n, 'accessKeyId') ??
    '';
  const untold: number[] = [];
  for (let n = 1; n <= graph.count; n++) {
    const kind = kindOf({ n, graph, rows, text: (column) => text(n, column), key: keyOf(n) });
    graph.kind[n] = kindCode(kind);
    if (kind === 'session') untold.push(n);
  }
  for (const [n, kind] of kindsByUse(open, graph, untold)) graph.kind[n] = kindCode(kind);
}

interface Seen {
  n: number;
  graph: CredentialGraph;
  rows: CaseRows;
  text: (column: KeptColumn) => string | null;
  key: string;
}

function kindOf(seen: Seen): CredentialKind {
  const { n, graph, rows, text, key } = seen;
  if (graph.attempt[n] === 1) return 'attempt';
  const type = text('identityType');
  if (key.startsWith('AKIA') && (graph.key[n] !== 0 || (type !== 'AssumedRole' && type !== 'FederatedUser'))) return 'long-term';
  if (type === 'Root' && key === '') return 'root';
  if (type === 'AWSService') return 'service-call';
  if (type === 'SAMLUser' || type === 'WebIdentityUser' || type === 'AWSAccount') return 'external';
  if (type === 'IdentityCenterUser') return 'identity-center';
  const row = graph.issueRow[n];
  const issuedTo = row < 0 ? null : rows.text(row, 'issuedTo');
  const role = text('sessionIssuer') ?? text('identity') ?? issuedTo ?? '';
  if (row >= 0) {
    const call = BY_CALL[rows.text(row, 'eventName') ?? ''];
    if (call === 'long-term') return call;
    const service = rows.text(row, 'identityType') === 'AWSService' ? (rows.text(row, 'invokedBy') ?? '') : null;
    if (service !== null) return byService(service, role, seen);
    if (call === 'saml' && role.includes('AWSReservedSSO_')) return 'identity-center';
    if (call !== undefined) return call === 'assumed-role' && isServiceLinked(role) ? 'service-linked' : call;
  }
  if (type === 'Root') return text('fromConsole') === 'true' ? 'console' : 'session';
  if (type === 'FederatedUser') return text('fromConsole') === 'true' ? 'console' : 'federation-token';
  if (type === 'IAMUser')
    return key === '' || text('fromConsole') === 'true' ? 'console' : key.startsWith('ASIA') ? 'session' : 'long-term';
  if (type === 'AssumedRole' || type === 'Role') return roleKind(role, seen);
  return key.startsWith('ASIA') ? 'assumed-role' : 'unknown';
}

const isServiceLinked = (role: string): boolean => role.includes('/aws-service-role/') || role.includes('AWSServiceRoleFor');

function byService(service: string, role: string, seen: Seen): CredentialKind {
  if (isServiceLinked(role)) return 'service-linked';
  return BY_SERVICE.find(([name]) => service.startsWith(name))?.[1] ?? workload(seen) ?? 'service';
}

function roleKind(role: string, seen: Seen): CredentialKind {
  const { text } = seen;
  if (isServiceLinked(role)) return 'service-linked';
  const found = workload(seen);
  if (found) return found;
  if (role.includes('AWSReservedSSO_')) return 'identity-center';
  const provider = text('federation') ?? '';
  if (provider.includes(':saml-provider/')) return 'saml';
  if (provider.includes('oidc.eks.')) return 'eks';
  if (provider !== '') return 'web-identity';
  return text('fromConsole') === 'true' ? 'console' : 'assumed-role';
}

/** What AWS itself issued role credentials to, where the record says so. */
function workload({ text }: Seen): CredentialKind | null {
  const scope = text('issuedFor') ?? '';
  if (scope.includes(':lambda:')) return 'lambda';
  if (scope.includes(':ecs:')) return 'ecs';
  if (scope.includes(':eks:')) return 'eks';
  if (scope.includes(':ec2:') || text('roleDelivery') !== null) return 'ec2';
  return scope !== '' ? 'service' : null;
}
