/**
 * Which entries of the revert list a later call may be about: by service, account, Region and call, then by the names it has. An entry
 * is met through few of its names, so that calls on something that all name (a cluster, a bucket) do not meet them all.
 */

import { lowerBound } from '../columns/lower-bound.ts';
import type { EventRows } from './event-rows.ts';
import type { Group, Later } from './revert.ts';
import type { RevertRule } from './revert-table.ts';

/** Entries that one call in one place may be about. */
interface Scope {
  /** Those that one name decides, or with whom a thing is shared: by each name. */
  single: Map<string, Group[]>;
  /** The others by each name, by the name that fewest have, and by the first name where that is enough to leave doubt. */
  all: Map<string, Group[]>;
  rarest: Map<string, Group[]>;
  first: Map<string, Group[]>;
  /** Calls that begin with such a name: an entry needs the earliest after it only. */
  beginning: Map<string, Candidate[]>;
}

/** A later call with the names it has. */
export interface Candidate {
  call: string;
  names: readonly string[];
  later: Later;
}

const NONE: readonly Group[] = [];

export class LaterIndex {
  /** Times of later calls begin here: the earliest of the entries. */
  from = Number.POSITIVE_INFINITY;
  /** Plain names of the calls that matter. */
  readonly calls = new Map<string, number>();
  private readonly accounts = new Map<number, number>();
  private readonly places = new Map<number, number>();
  private readonly scopes = new Map<number, Scope>();
  private readonly accountWidth: number;
  private readonly regionWidth: number;

  constructor(rows: EventRows, groups: readonly Group[]) {
    this.accountWidth = rows.dictionary('account').count + 1;
    this.regionWidth = rows.dictionary('awsRegion').count + 1;
    const followed = groups.filter(({ calls, rule, names, last }) => {
      return calls > 0 && names.size > 0 && watchedCalls(rule).length > 0 && !Number.isNaN(rows.time[last]);
    });
    const sources = rows.codes('eventSource');
    const accounts = rows.codes('account');
    const regions = rows.codes('awsRegion');
    for (const { rule } of followed)
      for (const call of watchedCalls(rule)) if (!this.calls.has(call)) this.calls.set(call, this.calls.size);
    for (const group of followed) {
      const { rule, first, last } = group;
      this.from = Math.min(this.from, rows.time[last]);
      const account = sources[first] * this.accountWidth + accounts[first];
      const place = number(this.places, number(this.accounts, account) * this.regionWidth + regions[first]);
      for (const call of watchedCalls(rule)) {
        const id = place * this.calls.size + (this.calls.get(call) as number);
        let scope = this.scopes.get(id);
        if (!scope) {
          scope = { single: new Map(), all: new Map(), rarest: new Map(), first: new Map(), beginning: new Map() };
          this.scopes.set(id, scope);
        }
        const byName = isSingle(group) ? scope.single : scope.all;
        for (const name of group.names) push(byName, name, group);
        if (
          byName === scope.all &&
          group.firstName !== null &&
          mayBePerhaps(group) &&
          (rule.undo.includes(call) || rule.unsure.includes(call))
        )
          push(scope.first, group.firstName, group);
        // Decided by one of several names.
        if (byName === scope.all) for (const [name, holder] of group.held) if (holder === call) push(scope.single, name, group);
      }
    }
    for (const { all, rarest } of this.scopes.values()) {
      for (const [name, list] of all) {
        for (const group of list) {
          if (rarestOf(group, all) === name) push(rarest, name, group);
        }
      }
    }
  }

  /** Null where no entry waits for such a call. `call` is a number of `calls`; the others are codes. */
  scope(source: number, account: number, region: number, call: number): Scope | null {
    const at = this.accounts.get(source * this.accountWidth + account);
    const place = at === undefined ? undefined : this.places.get(at * this.regionWidth + region);
    return (place === undefined ? undefined : this.scopes.get(place * this.calls.size + call)) ?? null;
  }

  /** Visits all entries that a call with these names may be about, some twice. */
  visit({ single, all, rarest, first, beginning }: Scope, candidate: Candidate, visit: (group: Group) => void): void {
    const { names } = candidate;
    // One that has all the names of the call is among those that have the rarest of them.
    let shortest = all.get(names[0]) ?? NONE;
    for (const name of names) {
      for (const group of single.get(name) ?? NONE) visit(group);
      // One whose names the call has all is met by its rarest.
      for (const group of rarest.get(name) ?? NONE) visit(group);
      const list = all.get(name) ?? NONE;
      if (list.length < shortest.length) shortest = list;
    }
    for (const group of shortest) visit(group);
    if (first.has(names[0])) push(beginning, names[0], candidate);
  }

  /** Visits entries with the earliest calls after them that begin with the same name, until one tells. */
  visitBeginning(visit: (group: Group, candidate: Candidate) => void, lastOf: (group: Group) => number): void {
    for (const { first, beginning } of this.scopes.values()) {
      for (const [name, calls] of beginning) {
        calls.sort((a, b) => a.later.time - b.later.time);
        const times = Float64Array.from(calls, ({ later }) => later.time);
        for (const group of first.get(name) ?? NONE) {
          for (let c = lowerBound(times, lastOf(group)); c < calls.length; c++) {
            const known = Math.min(group.unsure?.time ?? Number.POSITIVE_INFINITY, group.undone?.time ?? Number.POSITIVE_INFINITY);
            if (known < times[c]) break;
            visit(group, calls[c]);
          }
        }
      }
    }
  }
}

/** Decided by one name, or by with whom it is shared. */
export const isSingle = ({ grant, rule, names }: Group): boolean => grant !== null || (rule.things.length > 0 && names.size === 1);

/** Whether a call on things of which only the first is the same may be about the same thing: not where all names together tell it. */
export const mayBePerhaps = ({ rule }: Group): boolean => !rule.exact && rule.inside === null;

/** The calls after which a status may change. */
export function watchedCalls(rule: RevertRule): string[] {
  const holders = rule.holders.map(({ call }) => call);
  return [...new Set([...rule.undo, ...rule.parents, ...holders, ...rule.unsure, ...remakingCalls(rule)])];
}

/** Calls that make anew what holds the thing, under the same name. */
export const remakingCalls = ({ parents }: RevertRule): string[] =>
  parents.filter((call) => call.startsWith('Delete')).map((call) => call.replace('Delete', 'Create'));

function rarestOf({ names }: Group, all: ReadonlyMap<string, readonly Group[]>): string | null {
  let rarest: string | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const count = all.get(name)?.length ?? 0;
    if (count >= fewest) continue;
    rarest = name;
    fewest = count;
  }
  return rarest;
}

function number(numbers: Map<number, number>, key: number): number {
  let known = numbers.get(key);
  if (known === undefined) {
    known = numbers.size;
    numbers.set(key, known);
  }
  return known;
}

function push<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const list = lists.get(name);
  if (list) list.push(item);
  else lists.set(name, [item]);
}
