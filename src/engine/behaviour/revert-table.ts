/** Which call undoes which, from assets/revert-pairs.json: by service and name, else by the first word of the name. */
import table from '../../../assets/revert-pairs.json' with { type: 'json' };
import type { RevertKind } from '../../shared/behaviour.ts';
import { plainName } from './call-names.ts';

export interface RevertRule {
  kind: RevertKind;
  /** Plain names of calls that undo it. */
  undo: string[];
  /** Plain names of calls that delete what holds it: they end it too, and are no advice. */
  parents: string[];
  /** Calls to make again with what was set before, where no other takes it back. */
  again: string[];
  /** Later calls of these names leave it unknown. */
  unsure: string[];
  /** Beginnings of resources that each stand for themselves; empty: the call is one thing. */
  things: string[];
  vague: boolean;
  /** Shares with accounts that the columns name, and stops to. */
  grants: boolean;
  /** Calls on objects of S3, counted by bucket. */
  perBucket: boolean;
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
  vague?: boolean;
  grants?: boolean;
}

const CALLS = new Map((table.calls as Row[]).map((row) => [`${row.source} ${row.call}`, row]));
const VERBS = new Map(table.verbs.map((row) => [row.verb, row]));
const IGNORED = new Set(table.ignore);
const OBJECTS = new Set(table.objects);
/** First words of calls that end with the thing they are made on: TagRole, UpdateFunction, EnableRule. */
const HELD = new Set(['Tag', 'Update', 'Modify', 'Enable', 'Disable', 'Start', 'Stop', 'Activate', 'Deactivate', 'Suspend', 'Resume']);

/** Null for a call that leaves nothing to revert. */
export function revertRule(eventSource: string | null, eventName: string): RevertRule | null {
  const name = plainName(eventName);
  if (IGNORED.has(name)) return null;
  const none = { parents: [], again: [], unsure: [], things: [], vague: false, grants: false, perBucket: false, known: true };
  if (eventSource === 's3.amazonaws.com' && OBJECTS.has(name)) {
    const kind = name.startsWith('Delete') ? 'deleted' : name === 'PutObjectAcl' ? 'shared' : 'created';
    return { ...none, kind, undo: [], perBucket: true, known: false };
  }
  const row = CALLS.get(`${eventSource} ${name}`);
  if (row) {
    const { undo, parents = [], unsure = [], things = [], vague = false, grants = false } = row;
    return {
      ...none,
      kind: row.kind as RevertKind,
      undo,
      parents,
      again: againOf(row.kind, undo, name),
      unsure: [...unsure, ...againOf(row.kind, undo, name)],
      things,
      vague,
      grants,
    };
  }
  const verb = VERBS.get(/^[A-Z][a-z]+/.exec(name)?.[0] ?? '');
  if (!verb) return { ...none, kind: 'changed', undo: [], known: false };
  const rest = name.slice(verb.verb.length);
  const undo = verb.undo.map((word) => word + rest);
  const parents =
    eventSource === 's3.amazonaws.com' && rest.startsWith('Bucket') ? ['DeleteBucket'] : HELD.has(verb.verb) ? [`Delete${rest}`] : [];
  const again = againOf(verb.kind, undo, name);
  return { ...none, kind: verb.kind as RevertKind, undo, parents, again, unsure: again };
}

/** What no other call takes back is changed again by the same one. */
function againOf(kind: string, undo: readonly string[], name: string): string[] {
  return undo.length === 0 && (kind === 'changed' || kind === 'shared') ? [name] : [];
}
