/**
 * Second pass: the exact links. An event that answers with a key ID issued the credential that this key ID names; what used the key
 * within its lifetime belongs to it (the same second counts). One call that two accounts recorded is one act; a key ID that several
 * calls issue is ambiguous, and nothing is concluded from it. Where several principals use one key ID, the issue belongs to whom it names,
 * and proves nothing more.
 */
import type { OpenCase } from '../query/open-case.ts';
import type { Turn } from '../query/turns.ts';
import type { Signs } from './collect.ts';
import type { CredentialGraph } from './graph.ts';
import { CaseRows } from './rows.ts';
import { credentialTime, secondOf } from './times.ts';

const LISTED = 10;
const TURN_ROWS = 4096;

/** By code of accessKeyId: the credential, and the credentials of all principals where there are several. */
export interface Keys {
  ofKey: Uint32Array;
  contested: ReadonlyMap<number, readonly number[]>;
}

export async function linkIssues(open: OpenCase, graph: CredentialGraph, signs: Signs, keysOf: Keys, turn: Turn): Promise<void> {
  const rows = new CaseRows(open);
  const ofIssued = await nameIssued(open, graph, signs.issues, keysOf, turn);
  const acts = new Map<number, number[]>();
  for (const row of signs.issues) {
    const n = ofIssued[rows.code(row, 'issuedKey')];
    if (n === 0) continue;
    const known = acts.get(n);
    if (known) known.push(row);
    else acts.set(n, [row]);
  }
  const types = open.columns.dictionary('identityType');
  const service = types.find('AWSService');
  const creates = open.columns.dictionary('eventName').find('CreateAccessKey');
  let done = 0;
  for (const [n, issuing] of acts) {
    const different = differentActs(issuing, rows, graph);
    graph.issues[n] = different;
    if (different > 1) {
      graph.issuers.set(n, issuing.slice(0, LISTED));
      continue;
    }
    const row = mostTelling(issuing, rows, graph);
    graph.issueRow[n] = row;
    graph.issuedSecond[n] = secondOf(rows.time(row));
    const expires = credentialTime(rows.text(row, 'issuedExpires'));
    graph.expirySecond[n] = secondOf(expires);
    const caller = graph.ofRow[row];
    if (caller > 0 && caller !== n && rows.code(row, 'identityType') !== service) {
      graph.parent[n] = caller;
      const created = rows.code(row, 'eventName') === creates && creates > 0;
      const second = issuing.find((other) => other !== row) ?? -1;
      graph.links.set(n, { how: created ? 'created-key' : graph.events[n] === 0 ? 'issued-unused' : 'issued', exact: true, row, second });
    }
    if (++done % TURN_ROWS === 0 && turn.over()) await turn.yield();
  }
  await countUses(open, graph, turn);
  for (const [n, link] of graph.links) {
    // Never used is issued all the same; used outside the lifetime only is another thing than what was issued.
    if (graph.usesWithin[n] === 0 && graph.events[n] > 0) link.exact = false;
    if (graph.events[n] > 0 && issuedToUser(open, graph, rows, n, link.row) === false) graph.misfits.add(n);
    if (graph.misfits.has(n) || graph.owners.has(n)) link.exact = false;
  }
}

/** Issued key code → credential; those that were never used become credentials of their own. */
async function nameIssued(
  open: OpenCase,
  graph: CredentialGraph,
  issues: readonly number[],
  { ofKey, contested }: Keys,
  turn: Turn,
): Promise<Uint32Array> {
  const rows = new CaseRows(open);
  const issued = open.columns.dictionary('issuedKey');
  const keys = open.columns.dictionary('accessKeyId');
  keys.index();
  const ofIssued = new Uint32Array(issued.count + 1);
  let done = 0;
  for (const row of issues) {
    const code = rows.code(row, 'issuedKey');
    if (ofIssued[code] !== 0) continue;
    const text = issued.get(code);
    if (text === null || text === '') continue;
    const key = keys.find(text);
    const several = contested.get(key);
    // Of several the one that it was issued to; else nobody's uses belong to it.
    const n = several === undefined ? ofKey[key] : several.find((m) => issuedToUser(open, graph, rows, m, row) === true);
    ofIssued[code] = n || ++graph.count;
    graph.issuedKey[ofIssued[code]] = code;
    if (several !== undefined && !several.includes(ofIssued[code])) graph.owners.set(ofIssued[code], several);
    if (++done % TURN_ROWS === 0 && turn.over()) await turn.yield();
  }
  return ofIssued;
}

/** Whether a call issued its key to who uses this credential; null where the records do not tell. Users can be renamed. */
function issuedToUser(open: OpenCase, graph: CredentialGraph, rows: CaseRows, n: number, row: number): boolean | null {
  const kept = (column: 'identity' | 'userName' | 'principalId' | 'callerAccount'): string | null =>
    open.columns.dictionary(column).get(graph.kept[column][n]) || null;
  const to = rows.text(row, 'issuedTo') || null;
  const identity = kept('identity');
  if (to === null) {
    const same = rows.text(row, 'eventName') === 'GetSessionToken' && kept('principalId') === rows.text(row, 'principalId');
    return same ? true : null;
  }
  if (to === identity || to === kept('callerAccount')) return true;
  if (isSession(to)) return identity !== null && isSession(identity) ? false : null;
  return to === kept('userName') && kept('callerAccount') === rows.text(row, 'callerAccount') ? true : null;
}

const isSession = (arn: string): boolean => arn.startsWith('arn:') && (arn.includes(':assumed-role/') || arn.includes(':federated-user/'));

/** How many different calls these are. Copies of one call, as two accounts or two exports have it, count once. */
function differentActs(issuing: readonly number[], rows: CaseRows, graph: CredentialGraph): number {
  if (issuing.length === 1) return 1;
  const shared = new Map<number, number>();
  const signed = new Map<string, number>();
  const acts: number[] = [];
  const root = (act: number): number => {
    let a = act;
    while (acts[a] !== a) a = acts[a];
    return a;
  };
  const join = (act: number, other: number | undefined): void => {
    if (other === undefined) return;
    const [a, b] = [root(act), root(other)];
    if (a !== b) acts[Math.max(a, b)] = Math.min(a, b);
  };
  for (const row of issuing) {
    const act = acts.push(acts.length) - 1;
    const twin = rows.code(row, 'sharedEventID');
    if (twin !== 0) {
      join(act, shared.get(twin));
      shared.set(twin, act);
    }
    const second = secondOf(rows.time(row));
    if (Number.isNaN(second)) continue;
    const sign = `${second}|${graph.ofRow[row]}|${rows.code(row, 'issuedTo')}|${rows.code(row, 'eventName')}`;
    join(act, signed.get(sign));
    signed.set(sign, act);
  }
  return acts.filter((act, i) => act === i).length;
}

/** The record made where the caller lives names the caller's key; the other account's record does not. */
function mostTelling(issuing: readonly number[], rows: CaseRows, graph: CredentialGraph): number {
  return (
    issuing.find((row) => !graph.twins.has(row) && graph.key[graph.ofRow[row]] !== 0 && graph.ofRow[row] !== 0) ??
    issuing.find((row) => !graph.twins.has(row) && rows.code(row, 'principalId') !== 0) ??
    issuing.find((row) => rows.code(row, 'principalId') !== 0) ??
    issuing[0]
  );
}

async function countUses(open: OpenCase, graph: CredentialGraph, turn: Turn): Promise<void> {
  for (const segment of open.columns.segments) {
    const { base, rows, time } = segment;
    for (let i = 0; i < rows; i++) {
      const n = graph.ofRow[base + i];
      if (n === 0 || graph.issueRow[n] < 0 || graph.twins.has(base + i)) continue;
      const second = secondOf(time[i]);
      if (graph.within(n, second)) graph.usesWithin[n]++;
      else if (second < graph.issuedSecond[n]) graph.usesBefore[n]++;
      else if (second > graph.expirySecond[n]) graph.usesAfter[n]++;
    }
    if (turn.over()) await turn.yield();
  }
}
