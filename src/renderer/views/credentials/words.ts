/** Credentials in words, and the filters that find their events. */
import { CREDENTIAL_KINDS, type CredentialId, type CredentialKind, type CredentialRow, type LinkKind } from '../../../shared/lineage.ts';
import type { Filter } from '../../../shared/plan.ts';
import { ASKING, AUTHENTICATION } from '../../../shared/sign-in.ts';

const KINDS = new Map<CredentialKind, (typeof CREDENTIAL_KINDS)[number]>(CREDENTIAL_KINDS.map((k) => [k.id, k]));
export const kindLabel = (kind: CredentialKind): string => KINDS.get(kind)?.label ?? kind;
export const kindHelp = (kind: CredentialKind): string => KINDS.get(kind)?.help ?? '';

const LINKS: Record<LinkKind, string> = {
  issued: 'issued this key',
  'issued-unused': 'issued this key, never used in evidence',
  'created-key': 'created this key',
  'signed-in': 'signed in to the console',
  'signin-token': 'made a console sign-in token',
  'switched-role': 'switched role in the console',
  'same-session': 'the same session under another key',
  'for-service': 'a service called for it',
  'session-name': 'same role and session name',
  launched: 'launched the instance',
  'same-principal': 'the same caller, as another account recorded it',
  federated: 'signed in through Identity Center',
  'on-behalf-of': 'acts on behalf of',
  'source-identity': 'the session names its person',
};
export const linkWords = (how: LinkKind): string => LINKS[how];

/** What to call a credential where there is room for one thing: its key ID, else whom it acts as. */
export function credentialName(row: Pick<CredentialRow, 'accessKeyId' | 'identity' | 'issuedTo' | 'id'>): string {
  return row.accessKeyId ?? row.identity ?? row.issuedTo ?? row.id;
}

/**
 * Whom a credential acts as, short: `ops-admin / maintenance` of a role session, the name of a user; the whole value where it is no ARN
 * of these. Null when nothing is recorded.
 */
export function actsAs(row: Pick<CredentialRow, 'identity' | 'issuedTo'>): string | null {
  const whole = row.identity ?? row.issuedTo;
  return whole === null ? null : shortIdentity(whole);
}

/** The role or user that it is a credential of, short; all sessions of one have it in common. Null when nothing is recorded. */
export function roleName(row: Pick<CredentialRow, 'identity' | 'issuedTo' | 'role'>): string | null {
  const whole = row.role ?? row.identity ?? row.issuedTo;
  return whole === null ? null : shortIdentity(whole);
}

/** What tells one identity from another: of an ARN the names behind the account, of `Type:name` the name. */
export function shortIdentity(identity: string): string {
  const resource = /^arn:[^:]*:(?:sts|iam):[^:]*:[^:]*:(.+)$/s.exec(identity)?.[1];
  if (resource === undefined) return identity.replace(/^[A-Za-z]{4,24}:(?=.)/, '');
  const parts = resource.split('/');
  if (parts[0] === 'assumed-role' && parts.length > 2) return `${parts[1]} / ${parts.slice(2).join('/')}`;
  return parts.length > 1 ? (parts.at(-1) ?? resource) : resource;
}

const SESSION = 'session:';
const ATTEMPT = 'attempt:';

type Told = Pick<CredentialRow, 'id' | 'accessKeyId'> & Partial<Pick<CredentialRow, 'maskedKey'>>;

/** The events made with these credentials. Null when there is none that columns can tell. */
export function usedByFilter(rows: readonly Told[]): Filter | null {
  const owned = rows.filter((r) => r.accessKeyId !== null && r.id.startsWith(`key:${r.accessKeyId}|`));
  const keys = rows.flatMap((r) => (r.accessKeyId === null || owned.includes(r) ? [] : [r.accessKeyId]));
  const filters: Filter[] = keys.length > 0 ? [{ op: 'in', column: 'accessKeyId', values: keys }] : [];
  for (const { id, accessKeyId } of owned) {
    const who = whoFilter(id.slice(id.indexOf('|') + 1));
    filters.push({ op: 'and', filters: [{ op: 'in', column: 'accessKeyId', values: [accessKeyId] }, who] });
  }
  for (const row of rows) {
    const session = row.accessKeyId === null ? sessionFilter(row) : null;
    if (session) filters.push(session);
  }
  if (filters.length === 0) return null;
  return filters.length === 1 ? filters[0] : { op: 'or', filters };
}

/** Where whom a credential acts as is found in columns. */
export function identityTarget({ id, identity }: Pick<CredentialRow, 'id' | 'identity'>): {
  column: 'identity' | 'onBehalfOf';
  values: (string | null)[];
} {
  const person = personOf(id);
  return person === null ? { column: 'identity', values: [identity] } : { column: 'onBehalfOf', values: [person] };
}

const PERSON = 'onBehalfOf:';

/** The Identity Center user ID by which such a session without a key is told apart; null for all others. */
function personOf(id: CredentialId): string | null {
  const who = id.startsWith(SESSION) || id.startsWith(ATTEMPT) ? id.slice(id.indexOf('|') + 1) : '';
  return who.startsWith(PERSON) && who.length > PERSON.length ? who.slice(PERSON.length) : null;
}

/**
 * `session:<when it began>|<principal ID, else identity, or onBehalfOf:<user ID>>`, `attempt:<account>|` and the same, as
 * src/shared/lineage.ts says.
 */
function sessionFilter({ id, maskedKey }: Told): Filter | null {
  const bar = id.indexOf('|');
  const who = id.slice(bar + 1);
  const isAttempt = id.startsWith(ATTEMPT);
  if ((!isAttempt && !id.startsWith(SESSION)) || bar < 0 || who === '') return null;
  const told = id.slice(id.indexOf(':') + 1, bar) || null;
  const first: Filter = { op: 'in', column: isAttempt ? 'callerAccount' : 'sessionStart', values: [told] };
  const keyless: Filter = { op: 'in', column: 'accessKeyId', values: [null, '', ...(maskedKey ? [maskedKey] : [])] };
  return {
    op: 'and',
    filters: [first, keyless, ...(isAttempt || told === null ? [{ ...ATTEMPTS, not: !isAttempt }] : []), ...personFilters(id, who)],
  };
}

/** A failed sign-in stands under the name of an attempt, all else under that of a session. */
const ATTEMPTS: Filter = {
  op: 'or',
  filters: [
    {
      op: 'and',
      filters: [
        { op: 'in', column: 'eventName', values: [...AUTHENTICATION] },
        { op: 'in', column: 'outcome', values: ['denied', 'error'] },
      ],
    },
    { op: 'in', column: 'eventName', values: [...ASKING] },
  ],
};

function personFilters(id: CredentialId, who: string): Filter[] {
  const person = personOf(id);
  if (person === null) return [whoFilter(who)];
  const told: Filter[] = [
    { op: 'in', column: 'principalId', values: [null, ''] },
    { op: 'in', column: 'identityType', values: ['IdentityCenterUser'] },
  ];
  return [
    { op: 'in', column: 'onBehalfOf', values: [person] },
    { op: 'or', filters: told },
  ];
}

const whoFilter = (who: string): Filter => ({
  op: 'or',
  filters: [
    { op: 'in', column: 'principalId', values: [who] },
    { op: 'in', column: 'identity', values: [who] },
  ],
});
