/** Names of credentials: what a person reads, and the ID by which they are asked for. */

import { isMasked } from '../../shared/key-id.ts';
import { type CredentialId, credentialId, credentialOfKey } from '../../shared/lineage.ts';
import type { OpenCase } from '../query/open-case.ts';
import type { CredentialGraph, KeptColumn } from './graph.ts';
import { CaseRows } from './rows.ts';

export function keptText(open: OpenCase, graph: CredentialGraph, n: number, column: KeptColumn): string | null {
  return open.columns.dictionary(column).get(graph.kept[column][n]);
}

/** The principal ID; null where it is absent or was made unreadable. */
function principalIdText(open: OpenCase, graph: CredentialGraph, n: number): string | null {
  const id = keptText(open, graph, n, 'principalId') || null;
  return id === null || isMasked(id) ? null : id;
}

/** What the records have in the place of a key ID that was made unreadable; null for all others. */
export function maskedKeyText(open: OpenCase, graph: CredentialGraph, n: number): string | null {
  return graph.key[n] === 0 ? keptText(open, graph, n, 'accessKeyId') || null : null;
}

/** The access key ID; null for a session without one, or with an unreadable one. */
export function keyText(open: OpenCase, graph: CredentialGraph, n: number): string | null {
  const { columns } = open;
  return columns.dictionary('accessKeyId').get(graph.key[n]) || columns.dictionary('issuedKey').get(graph.issuedKey[n]) || null;
}

/**
 * The Identity Center user ID by which a session without a key is told apart; null for all others. The identity that the record
 * gives such a person is the same for everybody (the account).
 */
export function personText(open: OpenCase, graph: CredentialGraph, n: number): string | null {
  if (graph.kept.onBehalfOf[n] === 0 || keyText(open, graph, n) !== null) return null;
  const person = keptText(open, graph, n, 'identityType') === 'IdentityCenterUser' || principalIdText(open, graph, n) === null;
  return person ? keptText(open, graph, n, 'onBehalfOf') || null : null;
}

/** Who it acts as: the identity of its events; before its first use who it was issued to; else the next best name. */
export function identityText(open: OpenCase, graph: CredentialGraph, n: number): string | null {
  const text = (column: KeptColumn): string | null => keptText(open, graph, n, column) || null;
  const issue = graph.issueRow[n];
  const person = personText(open, graph, n);
  return (
    graph.named.get(n) ??
    (person === null ? null : `IdentityCenterUser:${person}`) ??
    text('identity') ??
    text('principal') ??
    text('userName') ??
    (issue < 0 ? null : new CaseRows(open).text(issue, 'issuedTo')) ??
    keyText(open, graph, n)
  );
}

export function idOf(open: OpenCase, graph: CredentialGraph, n: number): CredentialId {
  const key = keyText(open, graph, n);
  if (key !== null)
    return graph.owners.has(n) ? credentialId(`${credentialOfKey(key)}|${ownerText(open, graph, n)}`) : credentialOfKey(key);
  const text = (column: KeptColumn): string => keptText(open, graph, n, column) ?? '';
  const person = personText(open, graph, n);
  const own = person === null ? ownerText(open, graph, n) : `onBehalfOf:${person}`;
  if (graph.attempt[n] === 1) return credentialId(`attempt:${text('callerAccount')}|${own}`);
  if (person !== null) return credentialId(`session:${text('sessionStart')}|${own}`);
  const seen = text('identityType') === 'AWSAccount' && graph.named.get(n) === undefined ? `AWSAccount:${own}` : own;
  return credentialId(`session:${text('sessionStart')}|${seen}`);
}

/** What tells whose it is: the principal ID, else the identity; before its first use who it was issued to. */
function ownerText(open: OpenCase, graph: CredentialGraph, n: number): string {
  const issue = graph.issueRow[n];
  const issuedTo = issue < 0 || graph.events[n] > 0 ? null : new CaseRows(open).text(issue, 'issuedTo');
  return graph.named.get(n) ?? principalIdText(open, graph, n) ?? (keptText(open, graph, n, 'identity') || issuedTo || '');
}

/** Who an origin is; null where only a failed sign-in names somebody. */
export function originText(open: OpenCase, graph: CredentialGraph, n: number): string | null {
  const end = graph.origin[n];
  return graph.attempt[end] === 1 ? null : identityText(open, graph, end);
}

/** Number of a credential by its ID, of a key of several principals the first one's; 0 when the case has none. Made once a graph. */
export class CredentialIds {
  private readonly sessions = new Map<string, number>();
  private readonly issued = new Map<string, number>();
  private readonly keys: Uint32Array;

  constructor(
    private readonly open: OpenCase,
    readonly graph: CredentialGraph,
  ) {
    this.keys = new Uint32Array(open.columns.dictionary('accessKeyId').count + 1);
    for (let n = 1; n <= graph.count; n++) {
      if (keyText(open, graph, n) === null || graph.owners.has(n)) this.sessions.set(idOf(open, graph, n), n);
      if (keyText(open, graph, n) === null) continue;
      if (graph.events[n] > 0) this.keys[graph.key[n]] ||= n;
      else this.issued.set(keyText(open, graph, n) ?? '', n);
    }
  }

  find(id: string): number {
    const session = this.sessions.get(id);
    if (session !== undefined || !id.startsWith('key:')) return session ?? 0;
    const key = id.slice(4);
    const code = this.open.columns.dictionary('accessKeyId').find(key);
    return (code > 0 ? this.keys[code] : 0) || (this.issued.get(key) ?? 0);
  }
}
