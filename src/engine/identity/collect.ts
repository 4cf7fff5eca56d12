/**
 * First pass: which credential each event was made with (`sessions.ts` numbers them), what is kept of each, and which events may show
 * where one came from. Events are walked in the case's global order, so that the order of import changes nothing.
 */
import { lowerBound } from '../columns/lower-bound.ts';
import type { SegmentColumns } from '../columns/segment-columns.ts';
import type { OpenCase } from '../query/open-case.ts';
import type { Turn } from '../query/turns.ts';
import { foreignRecords } from './foreign.ts';
import { ANY_COLUMNS, CredentialGraph, FIRST_COLUMNS, type KeptColumn } from './graph.ts';
import { nameSessions } from './sessions.ts';

const TURN_ROWS = 8192;

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
): Promise<{ graph: CredentialGraph; signs: Signs; ofKey: Uint32Array; contested: ReadonlyMap<number, readonly number[]> }> {
  const { columns } = open;
  const order = open.orderedRows();
  const ofRow = new Uint32Array(columns.rows);
  const foreign = foreignRecords(open);
  const { count, ofKey, isKey, attempts, contested } = await nameSessions(open, order, ofRow, foreign, turn);
  const issued = columns.dictionary('issuedKey').count;
  const named = columns.dictionary('onBehalfOf').count + columns.dictionary('sourceIdentity').count;
  const graph = new CredentialGraph(open.rowsGeneration, ofRow, 1 + count + issued + named);
  graph.count = count;
  for (const n of attempts) graph.attempt[n] = 1;
  for (const owners of contested.values()) for (const n of owners) graph.owners.set(n, owners);
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
    if (n > 0 && !graph.twins.has(row)) {
      if (graph.events[n] === 0) graph.key[n] = isKey[dict.accessKeyId[i]] === 1 && graph.attempt[n] === 0 ? dict.accessKeyId[i] : 0;
      note(graph, n, row, { segment, i }, dict.outcome[i] === denied && denied > 0);
    }
    if (k % TURN_ROWS === 0 && turn.over()) await turn.yield();
  }
  return { graph, signs, ofKey, contested };
}

function note(graph: CredentialGraph, n: number, row: number, { segment, i }: Place, denied: boolean): void {
  const { dict, time } = segment;
  if (graph.events[n] === 0) {
    graph.firstRow[n] = row;
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

/** Credentials sorted by a kept column, for finding those that share a value; attempts are none. */
export class ByCode {
  private readonly sorted: Uint32Array;
  private readonly codes: Uint32Array;

  constructor(graph: CredentialGraph, column: KeptColumn) {
    const kept = graph.kept[column];
    const all: number[] = [];
    for (let n = 1; n <= graph.count; n++) if (kept[n] !== 0 && graph.attempt[n] === 0) all.push(n);
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
