/** Later calls, by anybody in the case, that undo what a subject did, or leave unknown whether it still stands. */
import { HIDDEN } from '../columns/segment-columns.ts';
import type { OpenCase } from '../query/open-case.ts';
import type { Turn } from '../query/turns.ts';
import { plainName } from './call-names.ts';
import type { EventRows } from './event-rows.ts';
import { oppositeName } from './grants.ts';
import { COMPARED_RESOURCES, LastParts } from './last-parts.ts';
import type { Group, Later } from './revert.ts';

/** One pass over the case for successful calls that undo a group, or leave it unknown. */
export async function findLater(open: OpenCase, rows: EventRows, groups: readonly Group[], turn: Turn): Promise<void> {
  const accounts = rows.codes('account');
  const regions = rows.codes('awsRegion');
  const sources = rows.codes('eventSource');
  const wanted = new Map<string, Group[]>();
  const calls = new Set<string>();
  const things = new Set<string>();
  for (const group of groups) {
    const { rule, first, names } = group;
    if (group.calls === 0 || rule.perBucket || Number.isNaN(rows.time[group.last])) continue;
    for (const call of new Set([...rule.undo, ...rule.parents, ...rule.unsure])) {
      calls.add(call);
      for (const name of names) {
        things.add(name);
        const key = `${sources[first]} ${accounts[first]} ${regions[first]} ${call} ${name}`;
        const known = wanted.get(key);
        if (known) known.push(group);
        else wanted.set(key, [group]);
      }
    }
  }
  if (wanted.size === 0) return;
  const eventNames = open.dictionary('eventName');
  const plain: (string | null)[] = [null];
  const marked = new Uint8Array(eventNames.count + 1);
  for (let code = 1; code <= eventNames.count; code++) {
    const name = plainName(eventNames.get(code) ?? '');
    plain.push(calls.has(name) ? name : null);
    if (calls.has(name)) marked[code] = 1;
  }
  const success = open.dictionary('outcome').find('success');
  const lastParts = new LastParts(open);
  // Whether a resource is one of those looked for: 1 no, 2 yes, each text looked at once.
  const looked = new Uint8Array(open.dictionary('resource').count + 1);
  const isThing = (code: number): boolean => {
    if (looked[code] === 0) looked[code] = things.has(lastParts.of(code)) ? 2 : 1;
    return looked[code] === 2;
  };
  for (const segment of open.columns.segments) {
    const { eventName, outcome, account, awsRegion, eventSource } = segment.dict;
    const { start, codes } = segment.multi.resource;
    for (let i = 0; i < segment.rows; i++) {
      if (marked[eventName[i]] === 0 || outcome[i] !== success || segment.state[i] & HIDDEN || Number.isNaN(segment.time[i])) continue;
      let about = false;
      for (let c = start[i]; c < start[i + 1] && !about; c++) about = isThing(codes[c]);
      if (!about) continue;
      const call = plain[eventName[i]] as string;
      const names = Array.from(codes.subarray(start[i], Math.min(start[i + 1], start[i] + COMPARED_RESOURCES)), (code) =>
        lastParts.of(code),
      );
      const seen = new Set<Group>();
      for (const name of names) {
        for (const group of wanted.get(`${eventSource[i]} ${account[i]} ${awsRegion[i]} ${call} ${name}`) ?? []) {
          if (seen.has(group)) continue;
          seen.add(group);
          consider(open, rows, group, call, names, { row: segment.base + i, time: segment.time[i] });
        }
      }
    }
    if (turn.over()) await turn.yield();
  }
}

/** A call that undid the subject's own deed leaves nothing to revert either: deleting what one made, detaching what one attached. */
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
      other.ofOwn ??= group;
    }
  }
}

function consider(open: OpenCase, rows: EventRows, group: Group, call: string, names: readonly string[], later: Later): void {
  const { rule } = group;
  const last = rows.time[group.last];
  // The entry's own calls of its last second are not later ones.
  if (
    !(later.time > last || (later.time === last && (group.grant !== null || call !== plainName(rows.text('eventName', group.last) ?? ''))))
  )
    return;
  const relation = relationOf(group, names, call);
  if (relation === 'other') return;
  const sure = relation === 'same' && ((rule.undo.includes(call) && (!rule.vague || group.grant !== null)) || rule.parents.includes(call));
  const place = later.time === last ? 'sameSecond' : sure ? 'undone' : 'unsure';
  const known = group[place];
  if (!known || later.time < known.time || (later.time === known.time && open.order.compare(later.row, known.row) < 0))
    group[place] = later;
}

/** Whether the things named by a later call are those of the group. */
function relationOf(group: Group, names: readonly string[], call: string): 'same' | 'perhaps' | 'other' {
  if (group.grant !== null && !group.rule.parents.includes(call)) {
    if (call.startsWith('Reset')) return group.grant.removed ? 'other' : 'same';
    return names.includes(oppositeName(group.grant)) ? 'same' : 'other';
  }
  if (group.rule.things.length > 0 && group.names.size === 1) return 'same';
  const foreign = names.some((name) => !group.names.has(name));
  const missing = [...group.names].some((name) => !names.includes(name));
  if (!foreign || !missing) return 'same';
  // Of both, one names what the other does not: another thing, unless both begin with the same one.
  return names[0] === group.firstName && group.rule.kind !== 'changed' ? 'perhaps' : 'other';
}
