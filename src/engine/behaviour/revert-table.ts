/** Which call undoes which, from assets/revert-pairs.json: by service and name, else by the first word of the name. */
import named from '../../../assets/aws-calls.json' with { type: 'json' };
import table from '../../../assets/revert-pairs.json' with { type: 'json' };
import type { RevertKind } from '../../shared/behaviour.ts';
import { plainName } from './call-names.ts';

/** A call that ends what its IDs of such a beginning name. */
export interface Holder {
  call: string;
  things: string[];
}

export interface RevertRule {
  kind: RevertKind;
  /** Plain names of calls that undo it. */
  undo: string[];
  /** Plain names of calls that delete what holds it: they end it too, and are no advice. */
  parents: string[];
  /** The same, for those that tell by the beginnings of IDs what they are about. */
  holders: readonly Holder[];
  /** Calls to make again with what was set before, where no other takes it back. */
  again: string[];
  /** Later calls of these names leave it unknown. */
  unsure: string[];
  /** Beginnings of resources that each stand for themselves; empty: the call is one thing. */
  things: string[];
  /** A part of the ARN of what holds the thing, in records that name that first; null: they do not. */
  inside: string | null;
  vague: boolean;
  /** The columns name the thing wholly when they give so many names; 0: whatever they give. */
  whole: number;
  /** Calls on things with other names are about other things, even when the first name is the same. */
  exact: boolean;
  /** Shares with accounts that the columns name, and stops to. */
  grants: boolean;
  /** Calls on objects of S3, counted by bucket. */
  perBucket: boolean;
  /** Why it neither stands nor is undone: it is over by itself. */
  past: string | null;
  /** Whether a call that undoes it is known at all, or at least which call changes it again. */
  known: boolean;
}

interface Row {
  source: string;
  call: string;
  kind: string;
  undo: string[];
  parents?: string[];
  unsure?: string[];
  things?: string[];
  inside?: string;
  vague?: boolean;
  whole?: number;
  grants?: boolean;
  past?: string;
}

interface HolderRow {
  source: string;
  call: string;
  things?: string[];
  of?: string[];
}

const CALLS = new Map((table.calls as Row[]).map((row) => [`${row.source} ${row.call}`, row]));
const VERBS = new Map(table.verbs.map((row) => [row.verb, row]));
const HOLDERS = bySource(table.holders);
const IGNORED = new Set(table.ignore);
const OBJECTS = new Set(table.objects);
const RIGHTS = new Set(table.rights);
const S3 = 's3.amazonaws.com';
/** First words of calls that end with the thing they are made on: TagRole, UpdateFunction, EnableRule. */
const HELD = new Set(['Tag', 'Update', 'Modify', 'Enable', 'Disable', 'Start', 'Stop', 'Activate', 'Deactivate', 'Suspend', 'Resume']);
/** First words of calls that set anew what a call of the same name had set. */
const SETS = /^(?:Put|Update|Set|Modify|Change|Replace|Configure)(?=[A-Z]|$)/;
/** First words of calls that name both sides of what they bring together or part. */
const PAIRS = /^(?:Attach|Detach|Associate|Disassociate|Add|Remove)(?=[A-Z]|$)/;

/** Null for a call that leaves nothing to revert. */
export function revertRule(eventSource: string | null, eventName: string): RevertRule | null {
  const name = plainName(eventName);
  if (IGNORED.has(name)) return null;
  const none = {
    undo: [],
    parents: [],
    holders: [],
    again: [],
    unsure: [],
    things: [],
    inside: null,
    vague: false,
    whole: 0,
    exact: PAIRS.test(name),
    grants: false,
    perBucket: false,
    past: null,
    known: true,
  };
  if (eventSource === S3 && OBJECTS.has(name)) {
    const kind = name.startsWith('Delete') ? 'deleted' : name === 'PutObjectAcl' ? 'shared' : 'created';
    return { ...none, kind, parents: ['DeleteBucket'], perBucket: true, known: false };
  }
  const row = CALLS.get(`${eventSource} ${name}`);
  if (row) {
    const { undo, vague = false, grants = false, inside = null, whole = 0, past = null, things = [] } = row;
    const kind = row.kind as RevertKind;
    const again = againOf(kind, undo, name);
    return {
      ...none,
      kind,
      undo,
      ...holding(eventSource, name, kind, row.parents ?? [], undo),
      again,
      unsure: [...(row.unsure ?? []), ...setAgain(kind, again, name, grants)],
      things,
      inside,
      vague,
      whole,
      exact: none.exact || whole > 0,
      grants,
      past,
    };
  }
  const verb = VERBS.get(/^[A-Z][a-z]+/.exec(name)?.[0] ?? '');
  if (!verb) return { ...none, kind: 'changed', known: false };
  const rest = name.slice(verb.verb.length);
  const kind = verb.kind as RevertKind;
  const parents = eventSource === S3 && rest.startsWith('Bucket') ? ['DeleteBucket'] : HELD.has(verb.verb) ? [`Delete${rest}`] : [];
  const all = verb.undo.flatMap((word) => variants(rest).map((r) => word + r));
  const real = all.filter((call) => isCall(call, eventSource));
  // A name that no service has may be one that is newer than the list.
  const undo = real.length > 0 ? real : verb.undo.map((word) => word + rest);
  const again = againOf(kind, real, name);
  return {
    ...none,
    kind,
    undo,
    ...holding(eventSource, name, kind, parents, undo),
    again,
    unsure: setAgain(kind, again, name, false),
    known: real.length > 0 || again.length > 0 || verb.undo.length === 0,
  };
}

/** Whether the service has a call of this name, as far as the list of its calls goes. */
export function isCall(name: string, eventSource: string | null): boolean {
  return REAL.has(name) && ELSEWHERE.get(eventSource?.split('.', 1)[0] ?? '')?.has(name) !== true;
}

/** Whether a call gives rights to whom it is made for. */
export const givesRights = (name: string): boolean => RIGHTS.has(name);

const REAL = new Set([
  ...Object.entries(named.calls).flatMap(([verb, rests]) => rests.split(' ').map((rest) => verb + rest)),
  ...(table.calls as Row[]).flatMap(({ call, undo }) => [call, ...undo]),
]);

const ELSEWHERE = new Map(Object.entries(named.elsewhere).map(([service, names]) => [service, new Set(names.split(' '))]));

/** DeleteFleets of CreateFleet, RemoveRoleFromDBCluster of AddRoleToDBCluster. */
function variants(rest: string): string[] {
  const turned = [rest.replace(/(?:To|With)(?=[A-Z])/, 'From'), rest.replace(/From(?=[A-Z])/, 'To'), rest.replace(/From(?=[A-Z])/, 'With')];
  return [...new Set([rest, `${rest}s`, ...turned])];
}

/** What no other call takes back is changed again by the same one. */
function againOf(kind: string, undo: readonly string[], name: string): string[] {
  return undo.length === 0 && (kind === 'changed' || kind === 'shared') ? [name] : [];
}

/** A call that makes a thing (PutImage) makes another when it is made again. */
function setAgain(kind: string, again: readonly string[], name: string, grants: boolean): string[] {
  return again.length > 0 ? [...again] : SETS.test(name) && !grants && (kind === 'changed' || kind === 'shared') ? [name] : [];
}

/** What was made goes with what holds it only where the table says so for that call. */
function holding(
  source: string | null,
  name: string,
  kind: RevertKind,
  listed: readonly string[],
  undo: readonly string[],
): Pick<RevertRule, 'parents' | 'holders'> {
  const rows = HOLDERS.get(source ?? '') ?? [];
  const parents = new Set(listed);
  if (kind === 'created' || rows.some(({ call }) => call === name)) return { parents: [...parents], holders: [] };
  const holders: Holder[] = [];
  for (const { call, things, of } of rows) {
    if (things) holders.push({ call, things });
    else if (!of || of.some((word) => name.includes(word))) parents.add(call);
  }
  for (const call of [name, ...undo]) parents.delete(call);
  return { parents: [...parents], holders };
}

function bySource(rows: readonly HolderRow[]): Map<string, HolderRow[]> {
  const by = new Map<string, HolderRow[]>();
  for (const row of rows) by.set(row.source, [...(by.get(row.source) ?? []), row]);
  return by;
}
