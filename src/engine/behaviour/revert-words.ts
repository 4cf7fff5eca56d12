/** The status of an entry of the revert list, why it is that, and what opens its events. */
import type { Opening, RevertStatus, SentencePart, Subject } from '../../shared/behaviour.ts';
import type { OpenCase } from '../query/open-case.ts';
import { plainName } from './call-names.ts';
import type { EventRows } from './event-rows.ts';
import { isSingle } from './later-index.ts';
import { quarantineOf } from './quarantine.ts';
import type { Group, Later } from './revert.ts';
import { givesRights, isCall, type RevertRule } from './revert-table.ts';
import { count, subjectFilter, time, value } from './scene.ts';

export function statusOf(rows: EventRows, group: Group): RevertStatus {
  const { rule } = group;
  if (group.calls === 0) return group.unsaid > 0 ? 'unsaid' : 'failed';
  if (Number.isNaN(rows.time[group.last])) return 'unknown';
  // What came first decides: after a sure undoing nothing of it is left to doubt.
  const gone = goneOf(group);
  if (group.undone && !(gone && gone.time < group.undone.time)) return 'undone';
  if (onlyTookBack(group)) return group.ofOthers ? 'undoing' : 'undone';
  if (gone) return 'gone';
  if (rule.perBucket || !rule.known || rule.past !== null || group.names.size === 0) return 'unknown';
  if (group.sameSecond || group.goneAtOnce) return 'unknown';
  return group.unsure || undoesItself(rows, group) ? 'unknown' : 'stands';
}

/** A call on what was deleted in the same second came before that, unless the same name was given anew in it. */
const goneOf = ({ gone, goneAtOnce, remade }: Group): Later | null => (remade ? gone : (goneAtOnce ?? gone));

/** The call beside an entry: what ended it, what it took back, or what leaves it unknown. */
export function laterOf(rows: EventRows, group: Group, status: RevertStatus): Pick<Later, 'row' | 'time'> | null {
  if (status === 'undone') return group.undone ?? ownDeed(rows, group);
  if (status === 'undoing') return ownDeed(rows, group);
  if (status === 'gone') return goneOf(group);
  return status === 'unknown' ? (group.sameSecond ?? group.goneAtOnce ?? group.unsure) : null;
}

const onlyTookBack = ({ ofOwn, tookBack, calls }: Group): boolean => ofOwn !== null && tookBack.size === calls;

/** Nothing is to be undone: nothing was changed, or it was itself an undoing. */
export const leavesNothing = (group: Group, status: RevertStatus): boolean =>
  status === 'failed' || status === 'undoing' || status === 'gone' || (status === 'undone' && group.undone === null);

/** The deed that the group took back: its last call, which it undid. */
function ownDeed(rows: EventRows, { ofOwn }: Group): Pick<Later, 'row' | 'time'> | null {
  return ofOwn && { row: rows.rows[ofOwn.last], time: rows.time[ofOwn.last] };
}

/** First words of calls that, made again, do not set what was before. */
const ONE_WAY = /^(?:Reset|Rotate|Promote|Restore)/;

const isQuarantine = ({ names }: Group): boolean => [...names].some((name) => quarantineOf(name) !== null);
const restrains = (rows: EventRows, group: Group): boolean =>
  isQuarantine(group) && /^(?:Attach|Put)/.test(rows.text('eventName', group.first) ?? '');

/**
 * Names of the calls that put it back: the usual one, and others as far as the case holds such calls; else the same call, to be made
 * again with what was set before. None that gives rights to those who acted, and none that lifts a quarantine.
 */
export function advice(rows: EventRows, group: Group): string[] {
  const { undo, again, past } = group.rule;
  if (past !== null || restrains(rows, group)) return [];
  const calls =
    undo.length === 0 ? again.filter((name) => !ONE_WAY.test(name)) : heldBy(rows.open, undo, rows.text('eventSource', group.first));
  return calls.length === 0 || !group.ofActor || isQuarantine(group)
    ? calls
    : calls.filter((name) => !givesRights(name) || again.includes(name));
}

/** The calls that would have ended it, what holds it included. */
function endingCalls(open: OpenCase, { undo, parents, unsure }: RevertRule, source: string | null): string[] {
  return [...new Set([...heldBy(open, undo, source), ...heldInCase(open, parents), ...unsure])];
}

const heldInCase = (open: OpenCase, calls: readonly string[]): string[] =>
  calls.filter((name) => open.dictionary('eventName').find(name) !== 0);

/** The first that is a call of AWS, and others that the case holds. */
function heldBy(open: OpenCase, calls: readonly string[], source: string | null): string[] {
  const known = [...new Set(calls)].filter((name) => isCall(name, source) || open.dictionary('eventName').find(name) !== 0);
  return [...known.slice(0, 1), ...heldInCase(open, known.slice(1))];
}

/** One call shares and takes back (ModifySnapshotAttribute): which it did the columns do not say. */
function undoesItself(rows: EventRows, { rule, grant, calls, first }: Group): boolean {
  return grant === null && calls > 1 && rule.undo.includes(rows.text('eventName', first) ?? '');
}

export function reasonOf(rows: EventRows, group: Group, status: RevertStatus): SentencePart[] {
  const { rule } = group;
  const upTo = rows.open.span()?.last;
  const until: SentencePart[] = upTo === undefined ? ['.'] : [' up to ', time(upTo), ', where these files end.'];
  if (status === 'failed' && restrains(rows, group))
    return ['No call of it succeeded: the quarantine that AWS puts on a user whose key is public was not attached.'];
  if (status === 'failed') return ['No call of it succeeded: nothing was changed.'];
  if (status === 'unsaid')
    return ['The records do not say whether a call of it succeeded: look for it in the account, or in the trail itself.'];
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
  if (status === 'undone' && group.undone) return ['Undone by ', ...laterParts(rows, group.undone), '.'];
  const gone = goneOf(group);
  if (status === 'gone' && gone) return ['Gone with what held it: ', ...laterParts(rows, gone), '.'];
  if (status === 'stands') return standing(rows, group, until);
  if (rule.perBucket)
    return [count(group.calls, 'call', 'calls'), ' on objects of the bucket: which objects are still so is not followed object by object.'];
  if (rule.past !== null) return [rule.past];
  if (group.names.size === 0) return ['The records name no resource in the columns: open the event to see what it was about.'];
  if (Number.isNaN(rows.time[group.last])) return ['The event has no readable time: what came later cannot be said.'];
  const atOnce = group.sameSecond ?? group.goneAtOnce;
  if (atOnce) return [...laterParts(rows, atOnce), ' in the same second: which came first is not known.'];
  if (group.unsure) return doubt(rows, group, group.unsure);
  if (!rule.known) return ['Which call would undo it is not known to Trailcase.'];
  return ['Called ', count(group.calls, 'time', 'times'), ': the same call shares and takes back, and the columns do not say which.'];
}

function standing(rows: EventRows, group: Group, until: SentencePart[]): SentencePart[] {
  const { rule } = group;
  if (restrains(rows, group)) return ['AWS attaches this policy when a key is public. Leave it until the key is gone.'];
  const calls = endingCalls(rows.open, rule, rows.text('eventSource', group.first));
  if (calls.length === 0) return ['It cannot be taken back by a call.'];
  if (rule.kind === 'deleted' && [...group.names].every((name) => OWN_ID.test(name)) && !calls[0].startsWith('Restore'))
    return ['It can only be made anew, under another ID, by ', ...orList(calls), ': whether it was, the events must show.'];
  // Of what has several names and parts a later call may name others of them.
  const told = isSingle(group) || rule.exact || rule.inside !== null || group.names.size === 1;
  return ['No successful ', ...orList(calls), told ? ' of it' : ' that names it', ...until];
}

/** IDs that AWS gives and never gives again. */
const OWN_ID = /^[a-z]{1,12}-[0-9a-f]{8}(?:[0-9a-f]{9})?$/;

function doubt(rows: EventRows, { rule, last }: Group, unsure: Later): SentencePart[] {
  const parts = laterParts(rows, unsure);
  if (!unsure.succeeded) return ['Followed by ', ...parts, ', of which the record does not say whether it succeeded.'];
  const again = callAt(rows.open, unsure.row) === plainName(rows.text('eventName', last) ?? '');
  if (again) return ['Changed again later by ', ...parts, ': what is left of it the events must show.'];
  return [
    'Followed by ',
    ...parts,
    rule.vague ? ': whether of the same part the columns do not say.' : ': what is left of it the events must show.',
  ];
}

function callAt(open: OpenCase, row: number): string {
  const segment = open.columns.segmentOf(row);
  return plainName(open.dictionary('eventName').get(segment.dict.eventName[row - segment.base]) ?? '');
}

function laterParts(rows: EventRows, { row, time: at }: Pick<Later, 'row' | 'time'>): SentencePart[] {
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
export function openingOf(rows: EventRows, group: Group, later: Pick<Later, 'row' | 'time'> | null, subject: Subject): Opening {
  const keys = group.positions.map((k) => rows.key(k));
  if (later) keys.push(rows.open.keys.keyOf(later.row));
  const whole = group.calls + group.failures + group.unsaid === group.positions.length;
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
