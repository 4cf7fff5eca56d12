/** Use of root: by its own credentials, by sessions that AssumeRoot gave, and who took those. */
import type { AccessPoint } from '../../shared/access.ts';
import type { EventRows } from '../behaviour/event-rows.ts';
import { count, listed, time, value } from '../behaviour/scene.ts';
import type { Matches } from '../query/matching.ts';
import type { OpenCase } from '../query/open-case.ts';
import { FAILED, outcomeMarks } from '../query/outcomes.ts';
import type { Turn } from '../query/turns.ts';
import { any, marksOf, pickSelected } from './pick.ts';
import { point, principal, theseEvents, valuesAt } from './points.ts';

export async function rootUse(open: OpenCase, matches: Matches, turn: Turn): Promise<AccessPoint[]> {
  const types = marksOf(open, 'identityType', ['Root']);
  const names = marksOf(open, 'eventName', ['AssumeRoot']);
  const roots = rootPrincipals(open);
  const none = !any(types) && !any(names) && !any(roots);
  const rows = await pickSelected(
    open,
    matches,
    ({ dict: { identityType, eventName, principal: who } }) =>
      none ? null : (i) => types[identityType[i]] === 1 || names[eventName[i]] === 1 || roots[who[i]] === 1,
    turn,
  );
  const used = groups(rows, (k) => types[rows.codes('identityType')[k]] === 1 || roots[rows.codes('principal')[k]] === 1);
  const taken = groups(rows, (k) => names[rows.codes('eventName')[k]] === 1);
  const isRoot = (k: number): boolean => types[rows.codes('identityType')[k]] === 1;
  return [...used.map((at) => usedAs(rows, at, isRoot)), ...taken.map((at) => takenBy(rows, at))];
}

/** Marks principals that are the root of an account. */
function rootPrincipals(open: OpenCase): Uint8Array {
  const dictionary = open.dictionary('principal');
  const found = dictionary.search('/root').slice();
  for (let code = 1; code < found.length; code++) if (found[code] === 1 && !dictionary.get(code)?.endsWith('/root')) found[code] = 0;
  return found;
}

/** Positions by principal, most events first. */
function groups(rows: EventRows, wanted: (k: number) => boolean): number[][] {
  const by = new Map<number, number[]>();
  const codes = rows.codes('principal');
  for (let k = 0; k < rows.length; k++) {
    if (!wanted(k)) continue;
    const own = by.get(codes[k]);
    if (own) own.push(k);
    else by.set(codes[k], [k]);
  }
  return [...by.values()].sort((a, b) => b.length - a.length);
}

const failedOf = (rows: EventRows, at: readonly number[]): number[] => {
  const outcomes = outcomeMarks(rows.open);
  const codes = rows.codes('outcome');
  return at.filter((k) => (outcomes[codes[k]] & FAILED) !== 0);
};

function usedAs(rows: EventRows, at: readonly number[], isRoot: (k: number) => boolean): AccessPoint {
  const who = rows.text('principal', at[0]);
  const byService = at.filter((k) => rows.text('invokedBy', k) !== null || rows.text('sourceIPAddress', k) === 'AWS Internal').length;
  const signIns = at.filter((k) => rows.text('eventName', k) === 'ConsoleLogin').length;
  const sessions = at.filter((k) => !isRoot(k)).length;
  const failed = failedOf(rows, at).length;
  const from = valuesAt(rows, 'sourceIPAddress', at);
  return point({
    kind: 'root',
    weight: byService === at.length ? 'plain' : 'notable',
    subject: who === null ? null : principal(who),
    parts: [
      ...(who === null ? ['Root of an account that is not named'] : [value(who, 'principal')]),
      ' was used: ',
      count(at.length, 'event', 'events'),
      ...when(rows, at),
      ', from ',
      ...listed(from, from.length),
      '.',
      ...(signIns > 0 ? [' ', count(signIns, 'of these is a console sign-in', 'of these are console sign-ins'), '.'] : []),
      ...(failed > 0 ? [' ', count(failed, 'failed', 'failed'), '.'] : []),
      ...(sessions > 0
        ? [' ', count(sessions, 'was made', 'were made'), ' by a session that acts as root, not by root’s own credentials.']
        : []),
      ...(byService > 0 ? [' ', count(byService, 'was made', 'were made'), ' by AWS for it.'] : []),
    ],
    counts: { events: at.length, signIns, failed, sessions, byService, addresses: from.length },
    values: valuesAt(rows, 'eventName', at),
    cited: at.slice(0, 20).map((k) => rows.key(k)),
    opens: theseEvents(rows, at),
  });
}

function takenBy(rows: EventRows, at: readonly number[]): AccessPoint {
  const who = rows.text('principal', at[0]);
  const failed = failedOf(rows, at);
  const whose = valuesAt(rows, 'issuedTo', at);
  const succeeded = at.length - failed.length;
  return point({
    kind: 'assumeRoot',
    weight: 'notable',
    subject: who === null ? null : principal(who),
    parts: [
      ...(who === null ? ['An identity that is not named'] : [value(who, 'principal')]),
      ' called AssumeRoot ',
      count(at.length, 'time', 'times'),
      ...when(rows, at),
      succeeded > 0 ? ', and got a root session' : ', and got none',
      ...(whose.length > 0 ? [' of ', ...listed(whose, whose.length)] : []),
      '.',
      ...(failed.length > 0 ? [' ', count(failed.length, 'call failed', 'calls failed'), '.'] : []),
    ],
    counts: { calls: at.length, failed: failed.length, accounts: whose.length },
    values: whose,
    cited: at.slice(0, 20).map((k) => rows.key(k)),
    opens: theseEvents(rows, at),
  });
}

function when(rows: EventRows, at: readonly number[]): AccessPoint['parts'] {
  const timed = at.filter((k) => k < rows.timed);
  if (timed.length === 0) return [', at no readable time'];
  const [first, last] = [rows.time[timed[0]], rows.time[timed[timed.length - 1]]];
  return first === last ? [' at ', time(first)] : [' between ', time(first), ' and ', time(last)];
}
