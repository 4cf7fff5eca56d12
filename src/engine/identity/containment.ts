/**
 * What ends what a credential can do. Temporary credentials cannot be revoked one by one: a policy that denies everything with
 * aws:TokenIssueTime before a time cuts all sessions of a role or user that were issued before it (IAM User Guide, "Revoking IAM
 * role temporary security credentials"). Deactivating a long-term key does not end sessions that were already issued with it.
 */
import type { EpochMs } from '../../shared/brand.ts';
import type { Containment } from '../../shared/lineage.ts';
import { type CredentialRows, timeOrNull } from './credential-rows.ts';
import { KINDS } from './graph.ts';
import { keyText } from './names.ts';
import { credentialTime } from './times.ts';

const LISTED = 1000;
const CHANGES = 10;
const CHANGE_CALLS = ['UpdateAccessKey', 'DeleteAccessKey'];
const NO_SESSION = new Set(['long-term', 'service-call', 'external', 'root']);

/** `members`: the credential itself and its descendants. */
export function containmentOf(of: CredentialRows, members: readonly number[], changesOf: (key: string) => number[]): Containment {
  const { graph, open } = of;
  const longTermKeys: Containment['longTermKeys'] = [];
  const revoke = new Map<string, Containment['revoke'][number]>();
  let allExpireBy: number | null = Number.NEGATIVE_INFINITY;
  for (const n of members) {
    const key = keyText(open, graph, n);
    const kind = KINDS[graph.kind[n]];
    if (kind === 'long-term' && key !== null) {
      if (longTermKeys.length < LISTED) {
        const changes = changesOf(key)
          .slice(0, CHANGES)
          .map((row) => ({ key: of.keyOf(row), eventName: of.rows.text(row, 'eventName') ?? '', time: timeOrNull(of.rows.time(row)) }));
        longTermKeys.push({ accessKeyId: key, user: of.row(n).identity, account: of.text(n, 'callerAccount'), changes });
      }
      continue;
    }
    if (NO_SESSION.has(kind)) continue;
    const issue = graph.issueRow[n];
    const expiry = issue < 0 ? Number.NaN : credentialTime(of.rows.text(issue, 'issuedExpires'));
    allExpireBy = allExpireBy === null || Number.isNaN(expiry) ? null : Math.max(allExpireBy, expiry);
    const arn = of.text(n, 'sessionIssuer') || roleOf(of.row(n).identity);
    if (arn === null || (!revoke.has(arn) && revoke.size >= LISTED)) continue;
    const entry = revoke.get(arn) ?? { arn, sessions: 0, issuedBefore: null, lastExpiry: null, lastUse: null };
    entry.sessions++;
    // The condition is "before": one second after the last issue is the earliest time that cuts them all.
    entry.issuedBefore = later(entry.issuedBefore, of.born(n) + 1000);
    entry.lastExpiry = later(entry.lastExpiry, expiry);
    entry.lastUse = later(entry.lastUse, graph.last[n]);
    revoke.set(arn, entry);
  }
  const list = [...revoke.values()].sort((a, b) => (a.arn < b.arn ? -1 : 1));
  const latest = list.reduce<EpochMs | null>((time, entry) => later(time, entry.issuedBefore ?? Number.NaN), null);
  const expireBy = list.length > 0 && allExpireBy !== null ? timeOrNull(allExpireBy) : null;
  return { longTermKeys, revoke: list, revokeIssuedBefore: latest, allExpireBy: expireBy, text: sentences(longTermKeys, list, expireBy) };
}

/** The role of a session ARN; the role's path is not in it. Other identities are what they are. */
function roleOf(identity: string | null): string | null {
  const parts = identity?.split(':', 6) ?? [];
  const name = parts[5]?.startsWith('assumed-role/') ? parts[5].split('/')[1] : undefined;
  return name ? `arn:${parts[1]}:iam::${parts[4]}:role/${name}` : identity;
}

const later = (a: EpochMs | null, b: number): EpochMs | null => (Number.isFinite(b) && (a === null || b > a) ? (b as EpochMs) : a);

function sentences(keys: Containment['longTermKeys'], revoke: Containment['revoke'], expireBy: EpochMs | null): string[] {
  const text: string[] = [];
  for (const { accessKeyId, changes } of keys.slice(0, 3)) {
    const last = changes.at(-1);
    const done = last === undefined ? 'No event deactivates or deletes it.' : `The last change of it in evidence is ${last.eventName}.`;
    text.push(`Deactivate key ${accessKeyId.slice(0, 128)}. ${done}`);
  }
  if (keys.length > 3) text.push(`Deactivate ${keys.length - 3} more long-term keys.`);
  if (revoke.length > 0) {
    if (keys.length > 0) text.push('Deactivating a key does not end sessions that were issued with it.');
    text.push(
      revoke.length === 1
        ? `To end its sessions, deny ${revoke[0].arn.slice(0, 300)} everything with aws:TokenIssueTime before the time given here.`
        : `To end its sessions, deny each of ${revoke.length} roles and users everything with aws:TokenIssueTime before the time given with it.`,
    );
    text.push(
      'Whoever can still issue new sessions gets new ones: close the way in first. An instance, function or task gets new credentials by itself.',
    );
    if (expireBy !== null) text.push('Without that, the sessions in evidence end when they expire.');
    else text.push('The evidence does not tell when all of its sessions expire.');
  }
  return text;
}

/** Rows of the calls that change long-term keys, by key ID, oldest first. */
export function keyChanges(of: CredentialRows): (key: string) => number[] {
  const { open } = of;
  const names = open.columns.dictionary('eventName');
  const codes = CHANGE_CALLS.map((name) => names.find(name)).filter((code) => code > 0);
  const byResource = new Map<number, number[]>();
  if (codes.length > 0) {
    for (const row of open.orderedRows()) {
      if (!codes.includes(of.rows.code(row, 'eventName')) || of.rows.code(row, 'errorCode') !== 0) continue;
      for (const code of of.rows.multi(row, 'resource')) {
        const known = byResource.get(code);
        if (known) known.push(row);
        else byResource.set(code, [row]);
      }
    }
  }
  return (key) => byResource.get(open.columns.dictionary('resource').find(key)) ?? [];
}
