/** Later calls, by anybody in the case, that undo what a subject did, or leave unknown whether it still stands. */
import { HIDDEN, type SegmentColumns } from '../columns/segment-columns.ts';
import type { OpenCase } from '../query/open-case.ts';
import type { Turn } from '../query/turns.ts';
import { plainName } from './call-names.ts';
import type { EventRows } from './event-rows.ts';
import { oppositeName } from './grants.ts';
import { COMPARED_RESOURCES, LastParts } from './last-parts.ts';
import { isSingle, LaterIndex, mayBePerhaps, remakingCalls } from './later-index.ts';
import type { Group, Later } from './revert.ts';

/** Candidates after which the turn is looked at. */
const OFTEN = 256;

/** One pass over the case for successful calls that undo a group, or leave it unknown. */
export async function findLater(open: OpenCase, rows: EventRows, groups: readonly Group[], turn: Turn): Promise<void> {
  const index = new LaterIndex(rows, groups);
  if (index.calls.size === 0) return;
  const eventNames = open.dictionary('eventName');
  const plain: string[] = [];
  // Number of the call + 1 by the code of the name.
  const callOf = new Uint32Array(eventNames.count + 1);
  for (let code = 0; code <= eventNames.count; code++) {
    plain.push(plainName(eventNames.get(code) ?? ''));
    callOf[code] = (index.calls.get(plain[code]) ?? -1) + 1;
  }
  const ownNames = rows.codes('eventName');
  const success = open.dictionary('outcome').find('success');
  const lastParts = new LastParts(open);
  let candidates = 0;
  for (const segment of open.columns.segments) {
    if (!(segment.lastTime >= index.from)) continue;
    const { time } = segment;
    const { eventName, outcome, account, awsRegion, eventSource } = segment.dict;
    const { start, codes } = segment.multi.resource;
    for (const i of callsFrom(segment, callOf, index.from, success)) {
      const succeeded = success !== 0 && outcome[i] === success;
      const scope = start[i] === start[i + 1] ? null : index.scope(eventSource[i], account[i], awsRegion[i], callOf[eventName[i]] - 1);
      if (!scope) continue;
      const call = plain[eventName[i]];
      const names: string[] = [];
      for (let c = start[i]; c < Math.min(start[i + 1], start[i] + COMPARED_RESOURCES); c++) names.push(lastParts.of(codes[c]));
      const later = { row: segment.base + i, time: time[i], succeeded };
      index.visit(scope, { call, names, later }, (group) => consider(open, rows, group, plain[ownNames[group.last]], call, names, later));
      if (++candidates % OFTEN === 0 && turn.over()) await turn.yield();
    }
    if (turn.over()) await turn.yield();
  }
  index.visitBeginning(
    (group, { call, names, later }) => consider(open, rows, group, plain[ownNames[group.last]], call, names, later),
    (group) => rows.time[group.last],
  );
}

/** Rows of these calls from a time on that succeeded, or of which that is not said: such a record leaves doubt. */
function callsFrom({ rows, time, state, dict }: SegmentColumns, callOf: Uint32Array, from: number, success: number): number[] {
  const { eventName, outcome } = dict;
  const found: number[] = [];
  for (let i = 0; i < rows; i++) {
    if (callOf[eventName[i]] === 0 || !(time[i] >= from) || state[i] & HIDDEN) continue;
    if (outcome[i] === 0 || outcome[i] === success) found.push(i);
  }
  return found;
}

/**
 * A call that undid a deed of the list leaves nothing to revert either: deleting what one made, detaching what one attached. Of a thing
 * (a bucket, a key) several principals are in the list: who undid whose deed is told apart.
 */
export function settle(rows: EventRows, groups: readonly Group[]): void {
  const byRow = new Map<number, Group[]>();
  for (const group of groups) {
    if (group.calls === 0 || group.rule.kind === 'created' || group.rule.kind === 'shared') continue;
    for (const k of group.positions) {
      const known = byRow.get(rows.rows[k]);
      if (known) known.push(group);
      else byRow.set(rows.rows[k], [group]);
    }
  }
  for (const group of groups) {
    if (!group.undone) continue;
    for (const other of byRow.get(group.undone.row) ?? []) {
      if (other === group || ![...other.names].some((name) => group.names.has(name))) continue;
      if (group.grant?.who !== other.grant?.who) continue;
      other.tookBack.add(group.undone.row);
      const foreign = principalAt(rows, group.undone.row) !== principalAt(rows, rows.rows[group.last]);
      if (other.ofOwn === null || (foreign && !other.ofOthers)) other.ofOwn = group;
      other.ofOthers ||= foreign;
    }
  }
}

function principalAt({ open }: EventRows, row: number): number {
  const segment = open.columns.segmentOf(row);
  return segment.dict.principal[row - segment.base];
}

/** `own`: the plain name of the group's calls. */
function consider(open: OpenCase, rows: EventRows, group: Group, own: string, call: string, names: readonly string[], later: Later): void {
  const { rule } = group;
  const last = rows.time[group.last];
  const atOnce = later.time === last;
  // The entry's own calls of its last second are not later ones.
  if (!(later.time > last || (atOnce && (group.grant !== null || call !== own)))) return;
  if (endsHolder(group, names, call)) {
    take(open, group, !later.succeeded ? 'unsure' : atOnce ? 'goneAtOnce' : 'gone', later);
    return;
  }
  const relation = relationOf(group, names, call);
  if (relation === 'other' || (relation === 'perhaps' && rule.parents.includes(call) && !rule.undo.includes(call))) return;
  if (remakes(group, call)) {
    if (atOnce && relation === 'same') group.remade = true;
    return;
  }
  const wholly = group.grant !== null || (!rule.vague && group.names.size >= rule.whole && names.length >= rule.whole);
  const sure = relation === 'same' && rule.undo.includes(call) && wholly && later.succeeded;
  take(open, group, atOnce ? 'sameSecond' : sure ? 'undone' : 'unsure', later);
}

/** The earliest counts. */
function take(open: OpenCase, group: Group, place: 'undone' | 'gone' | 'goneAtOnce' | 'unsure' | 'sameSecond', later: Later): void {
  const known = group[place];
  if (!known || later.time < known.time || (later.time === known.time && open.order.compare(later.row, known.row) < 0))
    group[place] = later;
}

function endsHolder(group: Group, names: readonly string[], call: string): boolean {
  if (names.some((name) => group.held.get(name) === call)) return true;
  const { rule } = group;
  return rule.parents.includes(call) && !rule.undo.includes(call) && relationOf(group, names, call) === 'same';
}

/** Whether a call is watched only because it makes anew what holds the thing. */
const remakes = ({ rule }: Group, call: string): boolean =>
  !rule.undo.includes(call) && !rule.unsure.includes(call) && remakingCalls(rule).includes(call);

/** Whether the things named by a later call are those of the group. */
function relationOf(group: Group, names: readonly string[], call: string): 'same' | 'perhaps' | 'other' {
  if (group.grant !== null && !group.rule.parents.includes(call)) {
    if (call.startsWith('Reset')) return group.grant.removed ? 'other' : 'same';
    return names.includes(oppositeName(group.grant)) ? 'same' : 'other';
  }
  // Met by a name that is its own.
  if (isSingle(group) && group.grant === null) return names.some((name) => group.names.has(name)) ? 'same' : 'other';
  const foreign = names.some((name) => !group.names.has(name));
  let missing = false;
  for (const name of group.names) if (!names.includes(name)) missing = true;
  if (!missing || (!foreign && !group.rule.inside)) return 'same';
  if (!foreign) return group.rule.parents.includes(call) ? 'same' : 'other';
  // Of both, one names what the other does not: another thing, unless both begin with the same one.
  return names[0] === group.firstName && mayBePerhaps(group) ? 'perhaps' : 'other';
}
