/**
 * What stands out among the sign-ins: passwords sprayed from one place over many users, one user's tried again and again, names that are
 * no user's, a success after failures, no MFA, a new place. Guessing that is slower, or spread over more networks, is not seen as such.
 */

import type { AccessPoint, SignInPlace } from '../../shared/access.ts';
import type { StatementValue } from '../../shared/behaviour.ts';
import type { Filter, Selection } from '../../shared/plan.ts';
import { count, listed, oneOf } from '../behaviour/scene.ts';
import { FAILED, SUCCEEDED } from '../query/outcomes.ts';
import { bruteForce } from './guessing.ts';
import { point, theseEvents, valuesAt } from './points.ts';
import { OWN_MFA, type SignIns, signInFilter } from './sign-ins.ts';
import { sprayings } from './spraying.ts';

/** So many failed sign-ins from one place with names that are no user's. */
const HIDDEN_GUESSES = 5;

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
