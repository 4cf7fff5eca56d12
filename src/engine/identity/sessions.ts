/**
 * Numbers the credentials. A key ID of one principal is a credential; without a key ID, or with one that was made unreadable, a session
 * is its principal (a person of Identity Center: the user ID) and the time it began. A sign-in that failed proves nobody: the attempts
 * under one name in one account are an entry of their own. The record that another account made of a call belongs to the credential of
 * the caller's own record, and counts once.
 */
import type { DictColumnId } from '../../shared/columns.ts';
import { isKeyId, isMasked } from '../../shared/key-id.ts';
import { ASKING, AUTHENTICATION } from '../../shared/sign-in.ts';
import type { OpenCase } from '../query/open-case.ts';
import type { Turn } from '../query/turns.ts';
import { KeyOwners } from './owners.ts';

const TURN_ROWS = 8192;
/** Codes of one dictionary are below this; a name of a session is two of them. */
export const CODES = 2 ** 25;

export interface NamedSessions {
  count: number;
  /** By code of accessKeyId: its credential, or the first of several. */
  ofKey: Uint32Array;
  /** 1 for codes of accessKeyId that are key IDs. */
  isKey: Uint8Array;
  attempts: ReadonlySet<number>;
  /** By code of accessKeyId: the credentials of the principals that name it, where that is more than one. */
  contested: ReadonlyMap<number, readonly number[]>;
}

/** In the order of their first events. */
export async function nameSessions(
  open: OpenCase,
  order: Uint32Array,
  ofRow: Uint32Array,
  foreign: ReadonlyMap<number, number>,
  turn: Turn,
): Promise<NamedSessions> {
  const { columns } = open;
  const emptyOf = (column: DictColumnId): number => columns.dictionary(column).find('');
  const empty = { start: emptyOf('sessionStart'), user: emptyOf('onBehalfOf') };
  const account = columns.dictionary('identityType').find('AWSAccount');
  const person = columns.dictionary('identityType').find('IdentityCenterUser');
  const isKey = marksOf(columns.dictionary('accessKeyId'), isKeyId);
  const isId = marksOf(columns.dictionary('principalId'), (text) => text !== '' && !isMasked(text));
  const asks = authenticationNames(open);
  const success = columns.dictionary('outcome').find('success');
  const owners = new KeyOwners();
  const ofSession = new Map<number, number>();
  let attempts = new Set<number>();
  let count = 0;
  const next = (): number => ++count;
  for (let k = 0; k < order.length; k++) {
    const row = order[k];
    const segment = columns.segmentOf(row);
    const i = row - segment.base;
    const { dict } = segment;
    if (k % TURN_ROWS === 0 && turn.over()) await turn.yield();
    if (foreign.has(row)) continue;
    const key = dict.accessKeyId[i];
    const id = isId[dict.principalId[i]] === 1 ? dict.principalId[i] : 0;
    if (isKey[key] === 1) {
      ofRow[row] = owners.numberOf(key, id, dict.identity[i], next);
      continue;
    }
    const ask = asks[dict.eventName[i]];
    const isAttempt = ask === 2 || (ask === 1 && dict.outcome[i] !== 0 && dict.outcome[i] !== success);
    const type = dict.identityType[i];
    const user = (id === 0 || (type === person && person > 0)) && dict.onBehalfOf[i] !== empty.user ? dict.onBehalfOf[i] : 0;
    const who = user !== 0 ? user * 8 : id !== 0 ? id * 8 + (type === account && account > 0 ? 3 : 1) : dict.identity[i] * 8 + 2;
    if (who === 2) continue;
    const start = dict.sessionStart[i] === empty.start ? 0 : dict.sessionStart[i];
    const name = isAttempt ? (who + 4) * CODES + dict.callerAccount[i] : who * CODES + start;
    const known = ofSession.get(name);
    ofRow[row] = known ?? next();
    if (known === undefined) ofSession.set(name, count);
    if (isAttempt) attempts.add(ofRow[row]);
  }
  const settled = owners.settle({ principalId: columns.dictionary('principalId'), identity: columns.dictionary('identity') });
  let { contested } = settled;
  let numbers: Uint32Array | null = null;
  if (settled.same.size > 0) {
    numbers = renumbered(count, settled.same);
    const to = numbers;
    for (let row = 0; row < ofRow.length; row++) ofRow[row] = to[ofRow[row]];
    attempts = new Set(Array.from(attempts, (n) => to[n]));
    contested = new Map(Array.from(contested, ([key, list]) => [key, list.map((n) => to[n]).sort((a, b) => a - b)]));
    count = to.reduce((most, n) => Math.max(most, n), 0);
  }
  const ofKey = new Uint32Array(columns.dictionary('accessKeyId').count + 1);
  for (const [key, n] of owners.keys()) ofKey[key] = numbers === null ? n : numbers[n];
  for (const [row, caller] of foreign) ofRow[row] = ofRow[caller];
  return { count, ofKey, isKey, attempts, contested };
}

/** Old number → new: those that are the same share one, in the order of the first of them. */
function renumbered(count: number, same: ReadonlyMap<number, number>): Uint32Array {
  const ofWhole = new Map<number, number>();
  const numbers = new Uint32Array(count + 1);
  let next = 0;
  for (let n = 1; n <= count; n++) {
    const whole = same.get(n) ?? n;
    let number = ofWhole.get(whole);
    if (number === undefined) {
      number = ++next;
      ofWhole.set(whole, number);
    }
    numbers[n] = number;
  }
  return numbers;
}

function marksOf(dictionary: { count: number; get(code: number): string | null }, holds: (text: string) => boolean): Uint8Array {
  const marks = new Uint8Array(dictionary.count + 1);
  for (let code = 1; code <= dictionary.count; code++) if (holds(dictionary.get(code) ?? '')) marks[code] = 1;
  return marks;
}

/** By code of eventName: 1 for what proves somebody when it succeeds, 2 for what never does. */
function authenticationNames(open: OpenCase): Uint8Array {
  const names = open.columns.dictionary('eventName');
  const marks = new Uint8Array(names.count + 1);
  for (const [list, mark] of [
    [AUTHENTICATION, 1],
    [ASKING, 2],
  ] as const)
    for (const name of list) {
      const code = names.find(name);
      if (code > 0) marks[code] = mark;
    }
  return marks;
}
