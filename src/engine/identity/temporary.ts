/**
 * How temporary keys of a user were used, where no recorded call issued them: at the console, only by AWS services that forwarded
 * the user's request, or in a way that tells nothing. GetSessionToken is never concluded from use.
 */
import { parseAgent } from '../../shared/agents.ts';
import type { CredentialKind } from '../../shared/lineage.ts';
import { HIDDEN } from '../columns/segment-columns.ts';
import type { OpenCase } from '../query/open-case.ts';
import type { CredentialGraph } from './graph.ts';

const AT_CONSOLE = 1;
const FORWARDED = 2;
const DIRECT = 4;

/** Kinds of the wanted credentials, from all of their events. Linear in the rows of the case; not at all when none is wanted. */
export function kindsByUse(open: OpenCase, graph: CredentialGraph, wanted: readonly number[]): Map<number, CredentialKind> {
  const found = new Map<number, CredentialKind>();
  if (wanted.length === 0) return found;
  const is = new Uint8Array(graph.count + 1);
  for (const n of wanted) is[n] = 1;
  const used = new Uint8Array(graph.count + 1);
  const { columns } = open;
  const console = codesThat(columns.dictionary('userAgent'), isConsoleAgent);
  const service = codesThat(columns.dictionary('sourceIPAddress'), isServiceSource);
  const none = columns.dictionary('invokedBy').find('');
  // The console's own sign-in service calls for the console: such a record is one of the console, not of a service.
  const signIn = columns.dictionary('invokedBy').find('signin.amazonaws.com');
  for (const { base, rows, state, dict } of columns.segments) {
    for (let i = 0; i < rows; i++) {
      const n = graph.ofRow[base + i];
      if (is[n] === 0 || n === 0 || state[i] & HIDDEN) continue;
      const by = dict.invokedBy[i];
      if (console(dict.userAgent[i]) || (by !== 0 && by === signIn)) used[n] |= AT_CONSOLE;
      else if ((by !== 0 && by !== none) || service(dict.sourceIPAddress[i])) used[n] |= FORWARDED;
      else used[n] |= DIRECT;
    }
  }
  for (const n of wanted) found.set(n, used[n] & AT_CONSOLE ? 'console' : used[n] === FORWARDED ? 'service-forwarded' : 'session');
  return found;
}

function isConsoleAgent(agent: string): boolean {
  const { kind } = parseAgent(agent);
  return kind === 'console' || kind === 'browser';
}

/** A service's DNS name, or AWS Internal, in the place of an address (CloudTrail record contents, sourceIPAddress). */
const isServiceSource = (source: string): boolean => source === 'AWS Internal' || /\.amazonaws\.com(?:\.cn)?$/.test(source);

/** A test of a dictionary's codes by their text, each text looked at once. */
function codesThat(dictionary: { get(code: number): string | null }, holds: (text: string) => boolean): (code: number) => boolean {
  const known = new Map<number, boolean>();
  return (code) => {
    let answer = known.get(code);
    if (answer === undefined) {
      const text = dictionary.get(code);
      answer = text !== null && text !== '' && holds(text);
      known.set(code, answer);
    }
    return answer;
  };
}
