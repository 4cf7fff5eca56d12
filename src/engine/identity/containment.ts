/**
 * What ends what a credential can do. Temporary credentials cannot be revoked one by one: a policy that denies everything with
 * aws:TokenIssueTime before a time cuts all sessions of a role or user that were issued before it (IAM User Guide, "Revoking IAM
 * role temporary security credentials"). Deactivating a long-term key does not end sessions that were already issued with it.
 */
import type { EpochMs, EventKey } from '../../shared/brand.ts';
import type { Containment } from '../../shared/lineage.ts';
import { type ContainingCalls, endOfKey } from './containing-calls.ts';
import { type CredentialRows, roleOf, timeOrNull } from './credential-rows.ts';
import { KINDS } from './graph.ts';
import { MEANS_TEXT, meansOf } from './means.ts';
import { keyText, maskedKeyText } from './names.ts';
import { credentialTime, secondOf, utcTime } from './times.ts';

const LISTED = 1000;
const CHANGES = 10;
const CITED = 10;
const NAMED = 5;
const NO_SESSION: ReadonlySet<string> = new Set(['attempt', 'long-term', 'service-call', 'external', 'root']);

/** What is looked at: the recorded calls that contain, and the rows of a credential. */
export interface Ends extends ContainingCalls {
  rowsOf: (n: number) => Uint32Array;
}

/** `members`: the credential itself and its descendants. */
export function containmentOf(of: CredentialRows, members: readonly number[], ends: Ends): Containment {
  const { graph, open } = of;
  const longTermKeys: Containment['longTermKeys'] = [];
  const revoke = new Map<string, Containment['revoke'][number]>();
  const earliest = new Map<string, number>();
  const masked = new Set<string>();
  let allExpireBy: number | null = Number.NEGATIVE_INFINITY;
  for (const n of members) {
    const key = keyText(open, graph, n);
    const kind = KINDS[graph.kind[n]];
    if (kind === 'long-term' && key !== null) {
      if (longTermKeys.length < LISTED) {
        const changes = ends.ofKey(key);
        longTermKeys.push({
          accessKeyId: key,
          user: of.row(n).identity,
          account: of.text(n, 'callerAccount'),
          changes: changes.slice(0, CHANGES).map((row) => callOf(of, row)),
          ...endOf(of, n, changes, ends),
        });
      }
      continue;
    }
    if (kind === 'long-term' && maskedKeyText(open, graph, n) !== null) masked.add(of.row(n).identity ?? '');
    if (NO_SESSION.has(kind)) continue;
    const issue = graph.issueRow[n];
    const expiry = issue < 0 ? Number.NaN : credentialTime(of.rows.text(issue, 'issuedExpires'));
    allExpireBy = allExpireBy === null || Number.isNaN(expiry) ? null : Math.max(allExpireBy, expiry);
    const arn = revokedArn(of, n);
    if (arn === null || (!revoke.has(arn) && revoke.size >= LISTED)) continue;
    const entry = revoke.get(arn) ?? {
      arn,
      means: meansOf(kind, arn),
      sessions: 0,
      issuedBefore: null,
      lastExpiry: null,
      lastUse: null,
      policies: [],
    };
    earliest.set(arn, Math.min(earliest.get(arn) ?? Number.POSITIVE_INFINITY, secondOf(of.born(n)) || Number.POSITIVE_INFINITY));
    entry.sessions++;
    if (entry.means === 'policy') entry.issuedBefore = later(entry.issuedBefore, revokedBefore(of, n));
    entry.lastExpiry = later(entry.lastExpiry, expiry);
    entry.lastUse = later(entry.lastUse, graph.last[n]);
    revoke.set(arn, entry);
  }
  for (const [arn, entry] of revoke) {
    const since = earliest.get(arn) ?? Number.POSITIVE_INFINITY;
    const after = ends.ofIdentity(arn).filter((row) => secondOf(of.rows.time(row)) >= since || Number.isNaN(of.rows.time(row)));
    entry.policies = after.slice(-CHANGES).map((row) => callOf(of, row));
  }
  const list = [...revoke.values()].sort((a, b) => (a.arn < b.arn ? -1 : 1));
  const latest = list.reduce<EpochMs | null>((time, entry) => later(time, entry.issuedBefore ?? Number.NaN), null);
  const expireBy = list.length > 0 && allExpireBy !== null ? timeOrNull(allExpireBy) : null;
  const text = sentences(longTermKeys, list, expireBy, [...masked]);
  if (KINDS[graph.kind[members[0]]] === 'attempt') text.unshift('Nothing to end: no sign-in succeeded in these records.');
  return { longTermKeys, revoke: list, revokeIssuedBefore: latest, allExpireBy: expireBy, text };
}

/** The role, user or root whose sessions a credential is one of; a federated user has the permissions of the IAM user that made it. */
function revokedArn(of: CredentialRows, n: number): string | null {
  const issuer = of.text(n, 'sessionIssuer') || null;
  const own = issuer ?? roleOf(of.row(n).identity);
  if (issuer !== null || !own?.includes(':federated-user/')) return own;
  const parent = of.graph.parent[n];
  const maker = parent === 0 ? null : of.row(parent).identity;
  return maker?.includes(':user/') ? maker : own;
}

/** The condition is "before", of whole seconds: one second after the issue is the earliest time that cuts the session. NaN when no record tells. */
const revokedBefore = (of: CredentialRows, n: number): number => of.born(n) + 1000;

/** As `revokedBefore`, for what such a policy can end. */
export function policyEnds(of: CredentialRows, n: number): number {
  const kind = KINDS[of.graph.kind[n]];
  const arn = NO_SESSION.has(kind) ? null : revokedArn(of, n);
  return arn !== null && meansOf(kind, arn) === 'policy' ? revokedBefore(of, n) : Number.NaN;
}

const callOf = (of: CredentialRows, row: number): { key: EventKey; eventName: string; time: EpochMs | null } => ({
  key: of.keyOf(row),
  eventName: of.rows.text(row, 'eventName') ?? '',
  time: timeOrNull(of.rows.time(row)),
});

function endOf(
  of: CredentialRows,
  n: number,
  changes: readonly number[],
  ends: Ends,
): Pick<Containment['longTermKeys'][number], 'deleted' | 'usesAfter'> {
  const gone = changes.find((row) => of.rows.text(row, 'eventName') === 'DeleteAccessKey');
  const deleted = gone === undefined ? null : { key: of.keyOf(gone), time: timeOrNull(of.rows.time(gone)) };
  const end = endOfKey(of, changes);
  const time = end === null ? null : timeOrNull(of.rows.time(end.row));
  if (end === null || time === null) return { deleted, usesAfter: null };
  const second = secondOf(time);
  const after = Array.from(ends.rowsOf(n)).filter((row) => secondOf(of.rows.time(row)) > second && row !== end.row);
  after.sort((a, b) => of.open.order.compare(a, b));
  const events = after.slice(0, CITED).map((row) => of.keyOf(row));
  const usesAfter = { change: of.keyOf(end.row), eventName: of.rows.text(end.row, 'eventName') ?? '', time, uses: after.length, events };
  return { deleted, usesAfter };
}

const later = (a: EpochMs | null, b: number): EpochMs | null => (Number.isFinite(b) && (a === null || b > a) ? (b as EpochMs) : a);

function sentences(
  keys: Containment['longTermKeys'],
  all: Containment['revoke'],
  expireBy: EpochMs | null,
  masked: readonly string[],
): string[] {
  const text: string[] = [];
  const alive = keys.filter((key) => key.deleted === null);
  for (const { accessKeyId, changes } of alive.slice(0, 3)) {
    const last = changes.at(-1);
    const done =
      last === undefined
        ? 'No event deactivates or deletes it.'
        : `The last change of it in evidence is ${last.eventName}${at(last.time)}; whether that deactivated it stands in the event.`;
    text.push(`Deactivate key ${accessKeyId.slice(0, 128)}. ${done}`);
  }
  if (alive.length > 3) text.push(`Deactivate ${alive.length - 3} more long-term keys.`);
  if (masked.length > 0)
    text.push(
      `The records do not show which long-term keys these are: ${namesOf(masked)}. Deactivate all keys that are not known to be needed.`,
    );
  for (const { accessKeyId, deleted } of keys.filter((key) => key.deleted !== null).slice(0, 3))
    text.push(
      `Key ${accessKeyId.slice(0, 128)} is deleted: DeleteAccessKey${at(deleted?.time ?? null)}. There is nothing left to deactivate.`,
    );
  for (const key of keys.filter((k) => k.usesAfter !== null && k.usesAfter.uses > 0).slice(0, 3)) text.push(afterwards(key));
  const revoke = all.filter((entry) => entry.means === 'policy');
  if (all.length > 0 && keys.length > 0) text.push('Deactivating a key does not end sessions that were issued with it.');
  if (revoke.length > 0) {
    text.push(
      revoke.length === 1
        ? `To end its sessions, deny ${revoke[0].arn.slice(0, 300)} everything with aws:TokenIssueTime before the time given here.`
        : `To end its sessions, deny each of ${revoke.length} roles and users everything with aws:TokenIssueTime before the time given with it.`,
    );
    text.push(...written(revoke));
  }
  for (const means of Object.keys(MEANS_TEXT) as (keyof typeof MEANS_TEXT)[]) {
    const of = all.filter((entry) => entry.means === means);
    if (of.length > 0) text.push(MEANS_TEXT[means](namesOf(of.map((entry) => labelOf(entry.arn)))));
  }
  if (all.length > 0) {
    text.push(
      'Whoever can still issue new sessions gets new ones: close the way in first. An instance, function or task gets new credentials by itself.',
    );
    if (expireBy !== null) text.push('Without that, the sessions in evidence end when they expire.');
    else text.push('The evidence does not tell when all of its sessions expire.');
  }
  return text;
}

const at = (time: EpochMs | null): string => (time === null ? '' : ` at ${utcTime(time)}`);

/** Uses that the recorded end of a key does not leave room for. */
function afterwards({ accessKeyId, deleted, usesAfter }: Containment['longTermKeys'][number]): string {
  const uses = usesAfter?.uses ?? 0;
  const counted = `${uses} ${uses === 1 ? 'use' : 'uses'} of key ${accessKeyId.slice(0, 128)} after ${usesAfter?.eventName}${at(usesAfter?.time ?? null)}`;
  return deleted !== null
    ? `${counted}: a deleted key cannot be used. A time, a key ID or one of the records is not what it seems.`
    : `${counted}: after that call the key still worked, or a time or one of the records is not what it seems.`;
}

/** Which roles and users had a policy written since, so that those left open stand out. */
function written(revoke: Containment['revoke']): string[] {
  const done = revoke.filter((entry) => entry.policies.length > 0);
  const open = revoke.filter((entry) => entry.policies.length === 0);
  const names = (list: Containment['revoke']): string => namesOf(list.map((entry) => nameOf(entry.arn)));
  const text: string[] = [];
  if (done.length > 0)
    text.push(`A policy was written since its first session into ${names(done)}; whether it denies older sessions stands in the event.`);
  if (open.length > 0) text.push(`No revocation is in evidence for ${names(open)}.`);
  return text;
}

const namesOf = (names: readonly string[]): string =>
  names
    .slice(0, NAMED)
    .map((name) => name.slice(0, 300))
    .join(', ') + (names.length > NAMED ? ` and ${names.length - NAMED} more` : '');

/** Root is told by its account, others by their name. */
const labelOf = (arn: string): string => (arn.endsWith(':root') ? `Root of account ${arn.split(':')[4] ?? ''}` : nameOf(arn));

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1).slice(0, 128);
