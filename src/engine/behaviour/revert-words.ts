/** The status of an entry of the revert list, why it is that, and what opens its events. */
import type { Opening, RevertStatus, SentencePart, Subject } from '../../shared/behaviour.ts';
import type { OpenCase } from '../query/open-case.ts';
import { plainName } from './call-names.ts';
import type { EventRows } from './event-rows.ts';
import type { Group, Later } from './revert.ts';
import type { RevertRule } from './revert-table.ts';
import { count, subjectFilter, time, value } from './scene.ts';

export function statusOf(rows: EventRows, group: Group): RevertStatus {
  const { rule } = group;
  if (group.calls === 0) return 'failed';
  if (rule.perBucket || !rule.known || group.names.size === 0 || Number.isNaN(rows.time[group.last])) return 'unknown';
  if (group.sameSecond) return 'unknown';
  // What came first decides: after a sure undoing nothing of it is left to doubt.
  if (group.undone) return 'undone';
  if (onlyTookBack(group)) return group.ofOthers ? 'undoing' : 'undone';
  return group.unsure || undoesItself(rows, group) ? 'unknown' : 'stands';
}

const onlyTookBack = ({ ofOwn, tookBack, calls }: Group): boolean => ofOwn !== null && tookBack.size === calls;

/** Nothing is to be undone: nothing was changed, or it was itself an undoing. */
export const leavesNothing = (group: Group, status: RevertStatus): boolean =>
  status === 'failed' || status === 'undoing' || (status === 'undone' && group.undone === null);

/** The deed that the group took back: its last call, which it undid. */
export function ownDeed(rows: EventRows, { ofOwn }: Group): Later | null {
  return ofOwn && { row: rows.rows[ofOwn.last], time: rows.time[ofOwn.last] };
}

/** First words of calls that, made again, do not set what was before. */
const ONE_WAY = /^(?:Reset|Rotate|Promote|Restore)/;

/**
 * Names of the calls that put it back: the usual one, and others as far as the case holds such calls; else the same call, to be made
 * again with what was set before.
 */
export function undoingCalls(open: OpenCase, { undo, again }: RevertRule): string[] {
  if (undo.length === 0) return again.filter((name) => !ONE_WAY.test(name));
  return heldBy(open, undo);
}

/** The calls that would have ended it, what holds it included. */
function endingCalls(open: OpenCase, { undo, parents, unsure }: RevertRule): string[] {
  return [...new Set([...heldBy(open, [...undo, ...parents]), ...unsure])];
}

function heldBy(open: OpenCase, calls: readonly string[]): string[] {
  const names = open.dictionary('eventName');
  return [...new Set(calls)].filter((name, i) => i === 0 || names.find(name) !== 0);
}

/** One call shares and takes back (ModifySnapshotAttribute): which it did the columns do not say. */
function undoesItself(rows: EventRows, { rule, grant, calls, first }: Group): boolean {
  return grant === null && calls > 1 && rule.undo.includes(rows.text('eventName', first) ?? '');
}

export function reasonOf(rows: EventRows, group: Group, status: RevertStatus): SentencePart[] {
  const { rule } = group;
  const upTo = rows.open.span()?.last;
  const until: SentencePart[] = upTo === undefined ? ['.'] : [' up to ', time(upTo), ', where these files end.'];
  if (status === 'failed') return ['No call of it succeeded: nothing was changed.'];
  const own = ownDeed(rows, group);
  if (status === 'undoing' && own) {
    const who = rows.text('principal', group.last);
    return [
      ...(who === null ? ['It'] : [value(who, 'principal')]),
      ' undid ',
      ...laterParts(rows, own),
      '. That needs no undoing, unless what it undid was wanted.',
    ];
  }
  if (status === 'undone' && own && group.undone === null) return ['It took back what it had done itself: ', ...laterParts(rows, own), '.'];
  if (status === 'undone' && group.undone)
    return [isParent(rows, group, group.undone) ? 'Gone with what held it: ' : 'Undone by ', ...laterParts(rows, group.undone), '.'];
  if (status === 'stands') {
    const calls = endingCalls(rows.open, rule);
    if (calls.length === 0) return ['It cannot be taken back by a call.'];
    return ['No successful ', ...orList(calls), ' of it', ...until];
  }
  if (rule.perBucket)
    return [count(group.calls, 'call', 'calls'), ' on objects of the bucket: which objects are still so is not followed object by object.'];
  if (group.names.size === 0) return ['The records name no resource in the columns: open the event to see what it was about.'];
  if (Number.isNaN(rows.time[group.last])) return ['The event has no readable time: what came later cannot be said.'];
  if (group.sameSecond) return [...laterParts(rows, group.sameSecond), ' in the same second: which came first is not known.'];
  if (group.unsure) {
    const why = rule.vague ? ': whether of the same part the columns do not say.' : ': what is left of it the events must show.';
    return ['Followed by ', ...laterParts(rows, group.unsure), why];
  }
  if (!rule.known) return ['Which call would undo it is not known to Trailcase.'];
  return ['Called ', count(group.calls, 'time', 'times'), ': the same call shares and takes back, and the columns do not say which.'];
}

function isParent({ open }: EventRows, { rule }: Group, { row }: Later): boolean {
  const segment = open.columns.segmentOf(row);
  const name = plainName(open.dictionary('eventName').get(segment.dict.eventName[row - segment.base]) ?? '');
  return rule.parents.includes(name) && !rule.undo.includes(name);
}

function laterParts(rows: EventRows, { row, time: at }: Later): SentencePart[] {
  const { open } = rows;
  const segment = open.columns.segmentOf(row);
  const i = row - segment.base;
  const principal = open.dictionary('principal').get(segment.dict.principal[i]);
  const name = open.dictionary('eventName').get(segment.dict.eventName[i]) ?? '';
  return [value(name, 'eventName'), ...(principal === null ? [] : [' by ', value(principal, 'principal')]), ' at ', time(at)];
}

function orList(names: readonly string[]): SentencePart[] {
  return names.flatMap((name, i) => [i === 0 ? '' : i === names.length - 1 ? ' or ' : ', ', value(name, 'eventName')]);
}

/** The calls of an entry (the first 1,000), and the later one beside them. */
export function openingOf(rows: EventRows, group: Group, later: Later | null, subject: Subject): Opening {
  const keys = group.positions.map((k) => rows.key(k));
  if (later) keys.push(rows.open.keys.keyOf(later.row));
  const whole = group.calls + group.failures === group.positions.length;
  return {
    time: { from: null, to: null },
    filters: whole
      ? [{ op: 'keys', keys }]
      : [
          subjectFilter(subject),
          { op: 'in', column: 'eventName', values: [rows.text('eventName', group.first)] },
          { op: 'in', column: 'resource', values: [group.thing] },
        ],
  };
}
