/**
 * What a subject created, changed, deleted or shared in a window, and whether any later call of the case undid it. Calls of one name on
 * one thing, in one account and Region, are one entry. Things are compared by the last part of their names, so that an ARN and a plain
 * name of one thing agree.
 */
import type { RevertAnswer, RevertEntry, RevertEvent, RevertKind, RevertOptions, RevertStatus, Subject } from '../../shared/behaviour.ts';
import type { TimeRange } from '../../shared/plan.ts';
import type { OpenCase } from '../query/open-case.ts';
import { FAILED, outcomeMarks, SUCCEEDED } from '../query/outcomes.ts';
import type { Turn } from '../query/turns.ts';
import { insights, readsByName } from './call-names.ts';
import { EventRows } from './event-rows.ts';
import { type Grant, grantOf } from './grants.ts';
import { COMPARED_RESOURCES, LastParts, lastPart } from './last-parts.ts';
import { byAwsItself } from './quarantine.ts';
import { findLater, settle } from './revert-later.ts';
import { givesRights, type RevertRule, revertRule } from './revert-table.ts';
import { advice, laterOf, leavesNothing, openingOf, reasonOf, statusOf } from './revert-words.ts';

const MAX_CALLS = 200_000;
const MAX_OPENED = 1000;

/** A later call, by its row in the case. */
export interface Later {
  row: number;
  time: number;
  /** False: its record does not say whether it succeeded. */
  succeeded: boolean;
}

export interface Group {
  rule: RevertRule;
  /** Positions of the first and last successful calls, or of the failed ones when none succeeded. */
  first: number;
  last: number;
  calls: number;
  failures: number;
  /** Calls whose records do not say whether they succeeded. */
  unsaid: number;
  positions: number[];
  thing: string | null;
  /** Of a sharing call: with whom. */
  grant: Grant | null;
  /** Last parts of the names; a later call that names these, and nothing else of its kind, is about the same thing. */
  names: Set<string>;
  firstName: string | null;
  /** IDs that it belongs to, each with the call that ends what the ID names. */
  held: ReadonlyMap<string, string>;
  undone: Later | null;
  /** What holds it was deleted. */
  gone: Later | null;
  unsure: Later | null;
  sameSecond: Later | null;
  /** Of what holds it: deleted in the second of the last call, and whether it was made anew in it. */
  goneAtOnce: Later | null;
  remade: boolean;
  /** Calls of the group that only took back what was done in the window to the subject or by it, and the first such deed. */
  tookBack: Set<number>;
  ofOwn: Group | null;
  /** Another principal had done it. */
  ofOthers: boolean;
  /** It is about somebody who acted, or whom the subject made: nothing is to be given to them. */
  ofActor: boolean;
}

export interface Reverts {
  rows: EventRows;
  groups: Group[];
  leftOut: number;
  /** Calls that AWS made itself, in the name of the subject. */
  byAws: number;
}

/** `rows`: all events of the subject. */
export async function revertsOf(open: OpenCase, window: TimeRange, rows: EventRows, turn: Turn): Promise<Reverts> {
  const from = window.from === null ? 0 : rows.firstAt(window.from);
  const to = window.to === null ? (window.from === null ? rows.length : rows.timed) : rows.firstAt(window.to);
  const { groups, leftOut, byAws } = groupsOf(rows, from, to);
  if (turn.over()) await turn.yield();
  await findLater(open, rows, groups, turn);
  settle(rows, groups);
  markActors(rows, groups);
  return { rows, groups: groups.sort((a, b) => a.first - b.first), leftOut, byAws };
}

function groupsOf(rows: EventRows, from: number, to: number): Omit<Reverts, 'rows'> {
  const names = rows.codes('eventName');
  const sources = rows.codes('eventSource');
  const accounts = rows.codes('account');
  const regions = rows.codes('awsRegion');
  const outcome = rows.codes('outcome');
  const outcomes = outcomeMarks(rows.open);
  const isInsight = insights(rows, from, to);
  const aws = byAwsItself(rows, from, to);
  const { start, codes } = rows.resources();
  const lastParts = new LastParts(rows.open);
  const writes = writing(rows);
  const rules = new Map<number, RevertRule | null>();
  const width = rows.dictionary('eventSource').count + 1;
  const groups = new Map<string, Group>();
  let calls = 0;
  let leftOut = 0;
  let byAws = 0;
  for (let k = from; k < to; k++) {
    const how = outcomes[outcome[k]];
    if (!writes(k) || isInsight(k)) continue;
    if (aws(k)) {
      byAws++;
      continue;
    }
    const action = names[k] * width + sources[k];
    let rule = rules.get(action);
    if (rule === undefined) {
      rule = revertRule(rows.text('eventSource', k), rows.text('eventName', k) ?? '');
      rules.set(action, rule);
    }
    if (rule === null) continue;
    if (++calls > MAX_CALLS) {
      leftOut++;
      continue;
    }
    const named = codes.subarray(start[k], Math.min(start[k + 1], start[k] + COMPARED_RESOURCES));
    for (const thing of thingsOf(rule, named, rows, lastParts)) {
      const id = `${action} ${accounts[k]} ${regions[k]} ${thing.id}`;
      let group = groups.get(id);
      if (!group) {
        group = {
          // To stop sharing opens nothing.
          rule: thing.grant?.removed ? { ...rule, kind: 'changed' } : rule,
          first: k,
          last: k,
          calls: 0,
          failures: 0,
          unsaid: 0,
          positions: [],
          thing: thing.shown,
          grant: thing.grant ?? null,
          names: new Set(thing.names),
          firstName: thing.names[0] ?? null,
          held: heldOf(rule, thing.names),
          undone: null,
          gone: null,
          unsure: null,
          sameSecond: null,
          goneAtOnce: null,
          remade: false,
          tookBack: new Set(),
          ofOwn: null,
          ofOthers: false,
          ofActor: false,
        };
        groups.set(id, group);
      }
      if (how & SUCCEEDED) {
        if (group.calls === 0) group.first = k;
        group.calls++;
        group.last = k;
      } else {
        if (how & FAILED) group.failures++;
        else group.unsaid++;
        if (group.calls === 0) group.last = k;
      }
      if (group.positions.length < MAX_OPENED) group.positions.push(k);
    }
  }
  return { groups: [...groups.values()], leftOut, byAws };
}

/** Marks what is about those who made the calls of the subject, and about users and roles that these made. */
function markActors(rows: EventRows, groups: readonly Group[]): void {
  const actors = new Set<string>();
  for (const column of ['principal', 'userName'] as const) {
    const codes = rows.codes(column);
    for (const code of new Set(codes)) if (code !== 0) actors.add(/[^/]*$/.exec(rows.dictionary(column).get(code) ?? '')?.[0] ?? '');
  }
  for (const { rule, calls, names, first } of groups)
    if (rule.kind === 'created' && calls > 0 && /^Create(?:User|Role|Group)/.test(rows.text('eventName', first) ?? ''))
      for (const name of names) actors.add(name);
  for (const group of groups) group.ofActor = [...group.names].some((name) => actors.has(name));
}

const NOTHING: ReadonlyMap<string, string> = new Map();

function heldOf(rule: RevertRule, names: readonly string[]): ReadonlyMap<string, string> {
  if (rule.holders.length === 0) return NOTHING;
  const found = new Map<string, string>();
  // What brings two together is gone with either; else with what the call is about.
  for (const name of rule.exact || rule.things.length > 0 ? names : names.slice(0, 1)) {
    const holder = rule.holders.find(({ things }) => things.some((beginning) => isIdOf(name, beginning)));
    if (holder) found.set(name, holder.call);
  }
  return found;
}

/** Whether event k changes something: it says so, or says nothing and its name does not begin like a reading one. */
function writing(rows: EventRows): (k: number) => boolean {
  const readOnly = rows.codes('readOnly');
  const yes = rows.code('readOnly', 'true');
  const names = rows.codes('eventName');
  const reads = EventRows.marks(rows.dictionary('eventName'), names, readsByName);
  return (k) => names[k] !== 0 && (readOnly[k] === 0 ? reads[names[k]] === 0 : readOnly[k] !== yes || yes === 0);
}

interface Thing {
  id: string;
  /** As recorded. */
  shown: string | null;
  names: string[];
  grant?: Grant;
}

function thingsOf(rule: RevertRule, named: Uint32Array, rows: EventRows, lastParts: LastParts): Thing[] {
  const things = plainThings(rule, named, rows, lastParts);
  if (!rule.grants) return things;
  const grants = Array.from(named, (code) => grantOf(rows.dictionary('resource').get(code) ?? '')).filter((grant) => grant !== null);
  if (grants.length === 0) return things;
  const isThing = (name: string): boolean => grantOf(name) === null;
  return things.flatMap(({ shown, names }) => {
    const own = names.filter(isThing);
    const id = own.toSorted().join('\n');
    return grants.map((grant): Thing => ({ id: `${id}\n${grant.removed} ${grant.who}`, shown, names: own, grant }));
  });
}

function plainThings(rule: RevertRule, named: Uint32Array, rows: EventRows, lastParts: LastParts): Thing[] {
  const dictionary = rows.dictionary('resource');
  const texts = Array.from(named, (code) => dictionary.get(code) ?? '');
  if (rule.perBucket) {
    const bucket =
      texts.map((text) => /^arn:[^:]{1,32}:s3:::([^/]{1,255})/.exec(text)?.[1] ?? null).find((b) => b !== null) ?? texts[0] ?? null;
    return [{ id: bucket ?? '', shown: bucket, names: bucket === null ? [] : [bucket] }];
  }
  const own = texts
    .map((text, i) => ({ text, name: lastParts.of(named[i]) }))
    .filter(({ name }) => rule.things.some((beginning) => isIdOf(name, beginning)));
  const apart = new Map(own.map(({ text, name }) => [name, text]));
  // A snapshot is made of a volume, an image of an instance: of several kinds of things only those of the call's own stand apart.
  if (apart.size > 0) return [...apart].map(([name, text]) => ({ id: name, shown: text, names: [name] }));
  const names = [...new Set(Array.from(named, (code) => lastParts.of(code)))].filter((name) => name !== '');
  if (rule.inside !== null && names.length > 1) {
    const within = texts.find((text) => text.startsWith('arn:') && text.includes(rule.inside ?? ''));
    const holder = within === undefined ? names[0] : lastPart(within);
    const own = names.find((name) => name !== holder) ?? names[0];
    return [
      {
        id: `${holder}\n${own}`,
        shown: shownOf(
          texts.filter((text) => lastPart(text) === own),
          [own],
        ),
        names: [own, holder],
      },
    ];
  }
  return [{ id: names.toSorted().join('\n'), shown: shownOf(texts, names), names }];
}

/** `vpc-0a1b` of `vpc-`, not `vpc-cidr-assoc-0a1b`. */
const isIdOf = (name: string, beginning: string): boolean =>
  name.startsWith(beginning) && /^[0-9A-Za-z]+$/.test(name.slice(beginning.length));

/** The first that is named; its ARN where there is one. */
function shownOf(texts: readonly string[], names: readonly string[]): string | null {
  if (texts.length === 0) return null;
  return texts.find((text) => text.startsWith('arn:') && lastPart(text) === names[0]) ?? texts[0];
}

const STATUS_ORDER: Record<RevertStatus, number> = { stands: 0, unknown: 1, unsaid: 2, undoing: 3, undone: 4, gone: 5, failed: 6 };

export function revertPage(
  { rows, groups, leftOut, byAws }: Reverts,
  subject: Subject,
  options: RevertOptions,
): Omit<RevertAnswer, 'generation' | 'ms'> {
  const byStatus: Record<RevertStatus, number> = { stands: 0, undone: 0, gone: 0, undoing: 0, failed: 0, unknown: 0, unsaid: 0 };
  const byKind: Record<RevertKind, number> = { created: 0, changed: 0, deleted: 0, shared: 0, enabled: 0, disabled: 0 };
  const find = options.find?.toLowerCase() ?? '';
  const fitting: { group: Group; status: RevertStatus }[] = [];
  for (const group of groups) {
    const status = statusOf(rows, group);
    byStatus[status]++;
    byKind[group.rule.kind]++;
    if (options.status !== undefined && options.status !== status) continue;
    if (options.kind !== undefined && options.kind !== group.rule.kind) continue;
    if (find !== '' && !`${rows.text('eventName', group.first)}\n${group.thing ?? ''}`.toLowerCase().includes(find)) continue;
    fitting.push({ group, status });
  }
  fitting.sort((a, b) => STATUS_ORDER[a.status] - STATUS_ORDER[b.status]);
  const span = rows.open.span();
  return {
    scope: 'time',
    total: fitting.length,
    byStatus,
    byKind,
    entries: fitting
      .slice(options.offset, options.offset + options.limit)
      .map(({ group, status }) => entryOf(rows, group, status, subject)),
    evidenceTo: (span?.last ?? null) as RevertAnswer['evidenceTo'],
    leftOut,
    byAws,
  };
}

function entryOf(rows: EventRows, group: Group, status: RevertStatus, subject: Subject): RevertEntry {
  const { first, last, rule } = group;
  const later = laterOf(rows, group, status);
  const resources = rows.resourcesOf(first).slice(0, COMPARED_RESOURCES);
  const issuedKey = rows.text('issuedKey', first);
  const undoneBy = leavesNothing(group, status) ? [] : advice(rows, group);
  return {
    kind: rule.kind,
    status,
    reason: reasonOf(rows, group, status),
    eventName: rows.text('eventName', first) ?? '',
    eventSource: rows.text('eventSource', first),
    account: rows.text('account', first),
    region: rows.text('awsRegion', first),
    resource: group.thing,
    about: aboutOf(resources, group),
    resources,
    issuedKey,
    calls: group.calls,
    failures: group.failures,
    unsaid: group.unsaid,
    first: eventAt(rows, first),
    last: eventAt(rows, last),
    later: later && laterEvent(rows.open, later),
    sharedWith: group.grant?.who ?? null,
    undoneBy,
    givesRights: givesRights(undoneBy[0] ?? '') && !rule.again.includes(undoneBy[0] ?? ''),
    opens: openingOf(rows, group, later, subject),
  };
}

function aboutOf(resources: readonly string[], { names }: Group): RevertEntry['about'] {
  const found = new Map<string, string>();
  for (const resource of resources) {
    const name = lastPart(resource);
    if (names.has(name) && !found.has(name)) found.set(name, resource);
  }
  return [...found].map(([name, resource]) => ({ name, resource }));
}

function eventAt(rows: EventRows, k: number): RevertEvent {
  return { key: rows.key(k), time: rows.timeOf(k), eventName: rows.text('eventName', k) ?? '', principal: rows.text('principal', k) };
}

export function laterEvent(open: OpenCase, { row, time }: Pick<Later, 'row' | 'time'>): RevertEvent {
  const segment = open.columns.segmentOf(row);
  const i = row - segment.base;
  return {
    key: open.keys.keyOf(row),
    time: time as RevertEvent['time'],
    eventName: open.dictionary('eventName').get(segment.dict.eventName[i]) ?? '',
    principal: open.dictionary('principal').get(segment.dict.principal[i]),
  };
}
