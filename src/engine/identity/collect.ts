/**
 * First pass: which credential each event was made with. A key ID is a credential; without one, a session is its principal (a person
 * of Identity Center: the user ID) and the time it began. The record that another account made of a call belongs to the credential of
 * the caller's own record, and counts once. Events are walked in the case's global order, so that the order of import changes nothing.
 */
import type { DictColumnId } from '../../shared/columns.ts';
import { lowerBound } from '../columns/lower-bound.ts';
import type { SegmentColumns } from '../columns/segment-columns.ts';
import type { OpenCase } from '../query/open-case.ts';
import type { Turn } from '../query/turns.ts';
import { foreignRecords } from './foreign.ts';
import { ANY_COLUMNS, CredentialGraph, FIRST_COLUMNS, type KeptColumn } from './graph.ts';

const TURN_ROWS = 8192;
/** Codes of one dictionary are below this; a name of a session is two of them. */
export const CODES = 2 ** 25;

/** Numbers of the events that may show where a credential came from, in the global order. */
export interface Signs {
  issues: number[];
  signIns: number[];
  signinTokens: number[];
  switches: number[];
  launches: number[];
  portals: number[];
  /** Calls that assume a role, whose record does not say which key they answered with. */
  unanswered: number[];
}

const SIGNS: readonly [eventName: string, sign: keyof Signs][] = [
  ['ConsoleLogin', 'signIns'],
  ['GetSigninToken', 'signinTokens'],
  ['SwitchRole', 'switches'],
  ['RunInstances', 'launches'],
  ['Federate', 'portals'],
  ['GetRoleCredentials', 'portals'],
  ['AssumeRole', 'unanswered'],
  ['AssumeRoleWithSAML', 'unanswered'],
  ['AssumeRoleWithWebIdentity', 'unanswered'],
];
const SIGN_KEYS: readonly (keyof Signs)[] = ['issues', 'signIns', 'signinTokens', 'switches', 'launches', 'portals', 'unanswered'];

interface Place {
  segment: SegmentColumns;
  i: number;
}

export async function collectCredentials(
  open: OpenCase,
  turn: Turn,
): Promise<{ graph: CredentialGraph; signs: Signs; ofKey: Uint32Array }> {
  const { columns } = open;
  const order = open.orderedRows();
  const ofRow = new Uint32Array(columns.rows);
  const foreign = foreignRecords(open);
  const { count, ofKey } = await nameSessions(open, order, ofRow, foreign, turn);
  const issued = columns.dictionary('issuedKey').count;
  const named = columns.dictionary('onBehalfOf').count + columns.dictionary('sourceIdentity').count;
  const graph = new CredentialGraph(open.rowsGeneration, ofRow, 1 + count + issued + named);
  graph.count = count;
  for (const row of foreign.keys()) graph.twins.add(row);
  const signs: Signs = { issues: [], signIns: [], signinTokens: [], switches: [], launches: [], portals: [], unanswered: [] };
  const signOfName = new Uint8Array(columns.dictionary('eventName').count + 1);
  for (const [name, sign] of SIGNS) {
    const code = columns.dictionary('eventName').find(name);
    if (code > 0) signOfName[code] = SIGN_KEYS.indexOf(sign);
  }
  const denied = columns.dictionary('outcome').find('denied');
  const success = columns.dictionary('outcome').find('success');
  for (let k = 0; k < order.length; k++) {
    const row = order[k];
    const segment = columns.segmentOf(row);
    const i = row - segment.base;
    const { dict } = segment;
    const ok = dict.outcome[i] === success && success > 0;
    if (dict.issuedKey[i] !== 0 && dict.errorCode[i] === 0) signs.issues.push(row);
    const sign = signOfName[dict.eventName[i]];
    if (sign > 0 && ok && (SIGN_KEYS[sign] !== 'unanswered' || dict.issuedKey[i] === 0)) signs[SIGN_KEYS[sign]].push(row);
    const n = ofRow[row];
    if (n > 0 && !graph.twins.has(row)) note(graph, n, row, { segment, i }, dict.outcome[i] === denied && denied > 0);
    if (k % TURN_ROWS === 0 && turn.over()) await turn.yield();
  }
  return { graph, signs, ofKey };
}

function note(graph: CredentialGraph, n: number, row: number, { segment, i }: Place, denied: boolean): void {
  const { dict, time } = segment;
  if (graph.events[n] === 0) {
    graph.firstRow[n] = row;
    graph.key[n] = dict.accessKeyId[i];
    for (const column of FIRST_COLUMNS) graph.kept[column][n] = dict[column][i];
  }
  graph.events[n]++;
  if (denied) graph.denied[n]++;
  for (const column of ANY_COLUMNS) {
    const code = dict[column][i];
    if (code !== 0 && graph.kept[column][n] === 0) graph.kept[column][n] = code;
  }
  const t = time[i];
  if (Number.isNaN(t)) return;
  if (Number.isNaN(graph.first[n])) graph.first[n] = t;
  graph.last[n] = t;
}

/** Numbers the credentials in the order of their first events; gives how many there are, and which has which key ID. */
async function nameSessions(
  open: OpenCase,
  order: Uint32Array,
  ofRow: Uint32Array,
  foreign: ReadonlyMap<number, number>,
  turn: Turn,
): Promise<{ count: number; ofKey: Uint32Array }> {
  const { columns } = open;
  const emptyOf = (column: DictColumnId): number => columns.dictionary(column).find('');
  const empty = { key: emptyOf('accessKeyId'), id: emptyOf('principalId'), start: emptyOf('sessionStart'), user: emptyOf('onBehalfOf') };
  const account = columns.dictionary('identityType').find('AWSAccount');
  const person = columns.dictionary('identityType').find('IdentityCenterUser');
  const ofKey = new Uint32Array(columns.dictionary('accessKeyId').count + 1);
  const ofSession = new Map<number, number>();
  let count = 0;
  for (let k = 0; k < order.length; k++) {
    const row = order[k];
    const segment = columns.segmentOf(row);
    const i = row - segment.base;
    const { dict } = segment;
    if (foreign.has(row)) continue;
    const key = dict.accessKeyId[i];
    if (key !== 0 && key !== empty.key) {
      ofKey[key] ||= ++count;
      ofRow[row] = ofKey[key];
    } else {
      const id = dict.principalId[i] === empty.id ? 0 : dict.principalId[i];
      const type = dict.identityType[i];
      const user = (id === 0 || (type === person && person > 0)) && dict.onBehalfOf[i] !== empty.user ? dict.onBehalfOf[i] : 0;
      const who = user !== 0 ? user * 4 : id !== 0 ? id * 4 + (type === account && account > 0 ? 3 : 1) : dict.identity[i] * 4 + 2;
      const start = dict.sessionStart[i] === empty.start ? 0 : dict.sessionStart[i];
      if (who > 2) {
        const name = who * CODES + start;
        const known = ofSession.get(name);
        ofRow[row] = known ?? ++count;
        if (known === undefined) ofSession.set(name, count);
      }
    }
    if (k % TURN_ROWS === 0 && turn.over()) await turn.yield();
  }
  for (const [row, caller] of foreign) ofRow[row] = ofRow[caller];
  return { count, ofKey };
}

/** Credentials sorted by a kept column, for finding those that share a value. */
export class ByCode {
  private readonly sorted: Uint32Array;
  private readonly codes: Uint32Array;

  constructor(graph: CredentialGraph, column: KeptColumn) {
    const kept = graph.kept[column];
    const all: number[] = [];
    for (let n = 1; n <= graph.count; n++) if (kept[n] !== 0) all.push(n);
    all.sort((a, b) => kept[a] - kept[b] || a - b);
    this.sorted = Uint32Array.from(all);
    this.codes = this.sorted.map((n) => kept[n]);
  }

  /** In the order of their first events. */
  with(code: number): Uint32Array {
    if (code === 0) return this.sorted.subarray(0, 0);
    return this.sorted.subarray(lowerBound(this.codes, code), lowerBound(this.codes, code + 1));
  }
}
