/**
 * What stands out among the sign-ins: passwords sprayed from one place over many users, one user's tried again and again, names that are
 * no user's, a success after failures, no MFA, a new place. Guessing that is slower, or spread over more networks, is not seen as such.
 */

import type { AccessPoint, SignInPlace } from '../../shared/access.ts';
import { networkOf } from '../../shared/addresses.ts';
import type { StatementValue } from '../../shared/behaviour.ts';
import type { Filter, Selection } from '../../shared/plan.ts';
import { count, listed, oneOf, time, value } from '../behaviour/scene.ts';
import { FAILED, SUCCEEDED } from '../query/outcomes.ts';
import { point, principal, theseEvents, valuesAt } from './points.ts';
import { OWN_MFA, type SignIns, signInFilter } from './sign-ins.ts';

export const HOUR_MS = 3_600_000;
/** So many users within an hour, or within a day, failed from one place. */
export const SPRAYED_IN_HOUR = 3;
export const SPRAYED_IN_DAY = 5;
/** So many failures of one user, each within an hour of the one before, without a success between. */
export const GUESSES = 5;
/** Of root fewer are enough. */
export const ROOT_GUESSES = 3;
/** So many failed sign-ins from one place with names that are no user's. */
export const HIDDEN_GUESSES = 5;

export function signInPoints(
  found: SignIns,
  members: readonly (readonly number[])[],
  places: readonly SignInPlace[],
  selection: Selection,
): AccessPoint[] {
  const opened = (...filters: Filter[]): AccessPoint['opens'] => ({
    time: selection.time,
    filters: [...selection.filters, signInFilter, ...filters],
  });
  const guessed = bruteForce(found);
  return [
    ...sprayings(found),
    ...guessed.points,
    ...afterFailures(found, guessed.identities),
    ...hiddenNames(found, opened),
    ...withoutMfa(found, opened),
    ...newPlaces(found, members, places),
  ];
}

interface Burst {
  /** Positions of failures, and how many identities they are of. */
  failures: number[];
  identities: number;
}

/** The failures within a span that are of the most identities; linear in the failures. */
function widest({ rows, identity }: SignIns, failures: readonly number[], spanMs: number): Burst {
  const counts = new Map<number, number>();
  let best = { from: 0, to: 0, identities: 0 };
  for (let from = 0, to = 0; to < failures.length; to++) {
    const id = identity[failures[to]];
    counts.set(id, (counts.get(id) ?? 0) + 1);
    while (rows.time[failures[to]] - rows.time[failures[from]] > spanMs) {
      const left = identity[failures[from++]];
      const n = (counts.get(left) ?? 0) - 1;
      if (n > 0) counts.set(left, n);
      else counts.delete(left);
    }
    // Of equally many identities the longest: the rest of the attempts belong to it.
    if (counts.size > best.identities || (counts.size === best.identities && to - from > best.to - best.from - 1))
      best = { from, to: to + 1, identities: counts.size };
  }
  return { failures: failures.slice(best.from, best.to), identities: best.identities };
}

function sprayings(found: SignIns): AccessPoint[] {
  const { rows, outcome } = found;
  const addresses = rows.codes('sourceIPAddress');
  const dictionary = rows.dictionary('sourceIPAddress');
  const byAddress = new Map<number, number[]>();
  for (let k = 0; k < rows.timed; k++) if (outcome[k] & FAILED && addresses[k] !== 0) push(byAddress, addresses[k], k);
  const points: AccessPoint[] = [];
  const byNetwork = new Map<string, { failures: number[]; addresses: Set<number> }>();
  for (const [address, failures] of byAddress) {
    const burst = sprayed(found, failures);
    if (burst) points.push(sprayedFrom(found, burst, new Set([address]), null));
    else {
      const network = networkOf(dictionary.get(address) ?? '');
      if (network === null) continue;
      const own = byNetwork.get(network) ?? { failures: [], addresses: new Set<number>() };
      own.failures.push(...failures.slice(0, 10_000));
      own.addresses.add(address);
      byNetwork.set(network, own);
    }
  }
  for (const [network, own] of byNetwork) {
    const burst =
      own.addresses.size > 1
        ? sprayed(
            found,
            own.failures.sort((a, b) => a - b),
          )
        : null;
    if (burst) points.push(sprayedFrom(found, burst, own.addresses, network));
  }
  return points.sort((a, b) => b.counts.identities - a.counts.identities);
}

const push = <K>(map: Map<K, number[]>, key: K, k: number): void => {
  const own = map.get(key);
  if (own) own.push(k);
  else map.set(key, [k]);
};

function sprayed(found: SignIns, failures: readonly number[]): Burst | null {
  const day = widest(found, failures, 24 * HOUR_MS);
  if (day.identities >= SPRAYED_IN_DAY) return day;
  const hour = widest(found, failures, HOUR_MS);
  return hour.identities >= SPRAYED_IN_HOUR ? hour : null;
}

function sprayedFrom(found: SignIns, { failures, identities }: Burst, from: ReadonlySet<number>, network: string | null): AccessPoint {
  const { rows, identity, outcome, hidden } = found;
  const addresses = rows.codes('sourceIPAddress');
  const first = rows.time[failures[0]];
  const last = rows.time[failures[failures.length - 1]];
  const tried = new Set(failures.map((k) => identity[k]));
  const entered: number[] = [];
  for (let k = failures[0]; k < rows.timed && rows.time[k] <= last + 24 * HOUR_MS; k++)
    if (outcome[k] & SUCCEEDED && from.has(addresses[k]) && rows.time[k] > first) entered.push(k);
  const names = new Set(entered.map((k) => identity[k]));
  const hit = [...names].filter((id) => tried.has(id)).length;
  const unnamed = failures.filter((k) => hidden[k] === 1).length;
  const address = rows.text('sourceIPAddress', failures[0]) ?? '';
  const succeeded = valuesAt(
    rows,
    'principal',
    entered,
    (_, at) => `signed in${tried.has(identity[at[0]]) ? ', after it had failed there' : ''}`,
  );
  return point({
    kind: 'spraying',
    weight: 'notable',
    subject: { column: 'sourceIPAddress', value: address },
    parts: [
      'From ',
      ...(network === null
        ? [value(address, 'sourceIPAddress')]
        : [`the network ${network} (`, count(from.size, 'address', 'addresses'), ')']),
      ' sign-in failed for ',
      count(identities, 'identity', 'identities'),
      ' (',
      count(failures.length, 'failure', 'failures'),
      ') between ',
      time(first),
      ' and ',
      time(last),
      ', as when one password is tried on many users. ',
      ...(unnamed > 0
        ? [count(unnamed, 'failure bears', 'failures bear'), ' no user’s name: AWS hid it, and they count as one identity. ']
        : []),
      ...(entered.length === 0
        ? ['No sign-in from there succeeded after it, within a day.']
        : [
            'After it, within a day, ',
            count(entered.length, 'sign-in', 'sign-ins'),
            ' from there succeeded, of ',
            ...listed(succeeded, succeeded.length),
            hit === 0
              ? ', which had not failed there.'
              : hit === names.size
                ? ', which had failed there before.'
                : `; ${hit} of these had failed there before.`,
          ]),
    ],
    counts: { identities, failures: failures.length, hidden: unnamed, succeeded: entered.length, hit, addresses: from.size },
    values: [
      ...succeeded,
      ...valuesAt(rows, 'principal', failures, (_, at) => (hidden[at[0]] === 1 ? 'failed; the name was hidden by AWS' : 'failed')),
    ],
    cited: [...failures.slice(0, 3), ...entered.slice(0, 7), ...failures.slice(3, 13)].map((k) => rows.key(k)),
    opens: theseEvents(rows, [...failures, ...entered]),
  });
}

interface Run {
  failures: number[];
  success: number;
}

function bruteForce({ rows, identity, identities, outcome, hidden }: SignIns): { points: AccessPoint[]; identities: Set<number> } {
  const running = new Array<Run | undefined>(identities);
  const runs: Run[] = [];
  const end = (run: Run | undefined, success: number): void => {
    if (run && run.failures.length >= (rows.text('identityType', run.failures[0]) === 'Root' ? ROOT_GUESSES : GUESSES))
      runs.push({ ...run, success });
  };
  const isNear = (run: Run | undefined, k: number): boolean =>
    run !== undefined && rows.time[k] - rows.time[run.failures[run.failures.length - 1]] <= HOUR_MS;
  for (let k = 0; k < rows.timed; k++) {
    const id = identity[k];
    if (hidden[k] === 1) continue;
    const run = running[id];
    if (outcome[k] & FAILED) {
      if (run && isNear(run, k)) run.failures.push(k);
      else {
        end(run, -1);
        running[id] = { failures: [k], success: -1 };
      }
    } else if (outcome[k] & SUCCEEDED && run) {
      const later = rows.time[k] > rows.time[run.failures[run.failures.length - 1]];
      // A success in the second of the last failure may have come before it: the run goes on.
      if (!later) continue;
      end(run, isNear(run, k) ? k : -1);
      running[id] = undefined;
    }
  }
  for (const run of running) end(run, -1);
  const byIdentity = new Map<number, Run[]>();
  for (const run of runs) {
    const own = byIdentity.get(identity[run.failures[0]]);
    if (own) own.push(run);
    else byIdentity.set(identity[run.failures[0]], [run]);
  }
  const points = [...byIdentity.values()].map((own) => guessedOf(rows, own));
  return {
    points: points.sort((a, b) => b.counts.succeeded - a.counts.succeeded || b.counts.failures - a.counts.failures),
    identities: new Set(byIdentity.keys()),
  };
}

function guessedOf(rows: SignIns['rows'], runs: Run[]): AccessPoint {
  const worst = runs.toSorted((a, b) => Number(b.success >= 0) - Number(a.success >= 0) || b.failures.length - a.failures.length)[0];
  const failures = runs.flatMap((run) => run.failures).sort((a, b) => a - b);
  const entered = runs.flatMap((run) => (run.success >= 0 ? [run.success] : []));
  const who = rows.text('principal', worst.failures[0]);
  const from = valuesAt(rows, 'sourceIPAddress', failures);
  const last = worst.failures[worst.failures.length - 1];
  return point({
    kind: 'bruteForce',
    weight: 'notable',
    subject: who === null ? null : principal(who),
    parts: [
      'Sign-in of ',
      who === null ? 'an identity that is not named' : value(who, 'principal'),
      ' failed ',
      count(worst.failures.length, 'time', 'times'),
      ' in a row, each within an hour of the one before, from ',
      time(rows.time[worst.failures[0]]),
      ' to ',
      time(rows.time[last]),
      ', from ',
      ...listed(from, from.length),
      '. ',
      ...(worst.success >= 0
        ? [
            'Then it succeeded at ',
            time(rows.time[worst.success]),
            ' from ',
            value(rows.text('sourceIPAddress', worst.success) ?? 'an address that is not recorded', 'sourceIPAddress'),
            '.',
          ]
        : ['No success followed within an hour.']),
      ...(runs.length > 1 ? [' ', count(runs.length - 1, 'further such row', 'further such rows'), ' of it are among the events.'] : []),
    ],
    counts: {
      failures: worst.failures.length,
      runs: runs.length,
      allFailures: failures.length,
      succeeded: entered.length,
      addresses: from.length,
    },
    values: from,
    cited: [...worst.failures.slice(0, 5), ...(worst.success >= 0 ? [worst.success] : []), ...worst.failures.slice(5, 15)].map((k) =>
      rows.key(k),
    ),
    opens: theseEvents(rows, [...failures, ...entered]),
  });
}

function afterFailures({ rows, identity, outcome, failuresBefore }: SignIns, guessed: ReadonlySet<number>): AccessPoint[] {
  const found: number[] = [];
  for (let k = 0; k < rows.timed; k++) if (outcome[k] & SUCCEEDED && failuresBefore[k] > 0 && !guessed.has(identity[k])) found.push(k);
  if (found.length === 0) return [];
  const values = valuesAt(
    rows,
    'principal',
    found,
    (_, at) => `${Math.max(...at.slice(0, 1000).map((k) => failuresBefore[k]))} at most before a success`,
  );
  return [
    point({
      kind: 'successAfterFailures',
      weight: 'plain',
      parts: [
        count(found.length, 'sign-in', 'sign-ins'),
        ' succeeded after failures of the same identity, fewer than make a row of guesses: ',
        ...listed(values, values.length),
        '. People mistype.',
      ],
      counts: { signIns: found.length, identities: values.length },
      values,
      cited: found.slice(0, 20).map((k) => rows.key(k)),
      opens: theseEvents(rows, found),
    }),
  ];
}

type Opened = (...filters: Filter[]) => AccessPoint['opens'];

function hiddenNames({ rows, outcome, hidden }: SignIns, opened: Opened): AccessPoint[] {
  const failures: number[] = [];
  for (let k = 0; k < rows.length; k++) if (hidden[k] === 1 && outcome[k] & FAILED) failures.push(k);
  if (failures.length === 0) return [];
  const from = valuesAt(rows, 'sourceIPAddress', failures);
  return [
    point({
      kind: 'hiddenNames',
      weight: from.some((v) => v.events >= HIDDEN_GUESSES) ? 'notable' : 'plain',
      parts: [
        count(failures.length, 'failed sign-in bears', 'failed sign-ins bear'),
        ' no name: what was typed is no user of the account, and AWS hid it (it may be a password). How many names were tried is not known. From ',
        ...listed(from, from.length),
        '.',
      ],
      counts: { failures: failures.length, addresses: from.length },
      values: from,
      cited: failures.slice(0, 20).map((k) => rows.key(k)),
      opens: opened(oneOf('userName', [rows.text('userName', failures[0])])),
    }),
  ];
}

function withoutMfa({ rows, outcome, mfa }: SignIns, opened: Opened): AccessPoint[] {
  const found: number[] = [];
  for (let k = 0; k < rows.length; k++) if (outcome[k] & SUCCEEDED && mfa[k] === 'no') found.push(k);
  if (found.length === 0) return [];
  const values = valuesAt(rows, 'principal', found, (_, at) => rows.text('identityType', at[0]) ?? '');
  const root = found.filter((k) => rows.text('identityType', k) === 'Root').length;
  return [
    point({
      kind: 'withoutMfa',
      weight: 'notable',
      parts: [
        count(found.length, 'sign-in', 'sign-ins'),
        ' of users or root succeeded without MFA: ',
        ...listed(values, values.length),
        '.',
        ...(root > 0 ? [' ', count(root, 'of them is', 'of them are'), ' by root.'] : []),
      ],
      counts: { signIns: found.length, identities: values.length, root },
      values,
      cited: found.slice(0, 20).map((k) => rows.key(k)),
      opens: opened(
        oneOf('outcome', ['success']),
        oneOf('identityType', [...OWN_MFA, null]),
        oneOf('mfa', [...new Set(found.map((k) => rows.text('mfa', k)))]),
      ),
    }),
  ];
}

function newPlaces({ rows, outcome }: SignIns, members: readonly (readonly number[])[], places: readonly SignInPlace[]): AccessPoint[] {
  const points: AccessPoint[] = [];
  for (const thin of [false, true]) {
    const values: StatementValue[] = [];
    const all: number[] = [];
    let total = 0;
    for (const [row, place] of places.entries()) {
      const at = members[row].filter((k) => (outcome[k] & SUCCEEDED) !== 0);
      if (place.state !== 'new' || place.thin !== thin || at.length === 0) continue;
      total++;
      all.push(...at.slice(0, 100));
      values.push({
        value: rows.text('sourceIPAddress', at[0]) ?? '',
        column: 'sourceIPAddress',
        events: at.length,
        first: rows.timeOf(at[0]),
        firstKey: rows.key(at[0]),
        note: `${rows.text('principal', at[0]) ?? '?'}, with ${place.events} earlier events of it on ${place.days === 1 ? '1 day' : `${place.days} days`}`,
      });
    }
    if (total === 0) continue;
    all.sort((a, b) => a - b);
    values.sort((a, b) => (b.first ?? 0) - (a.first ?? 0));
    points.push(
      point({
        kind: 'newPlace',
        weight: thin ? 'plain' : 'notable',
        parts: [
          'Sign-ins succeeded from ',
          count(total, 'place', 'places'),
          ' (an address, and its network) where the identity had not been before: ',
          ...listed(values, total),
          '.',
          thin ? ' Each has little history: what is new here may only be rare.' : '',
        ],
        counts: { places: total, signIns: all.length },
        values,
        total,
        cited: all.slice(0, 20).map((k) => rows.key(k)),
        opens: theseEvents(rows, all),
        basis: ['compared with earlier events of the same identity in all files, whatever is filtered'],
      }),
    );
  }
  return points;
}
