/** One user's password tried again and again, and whether a success followed. */
import type { AccessPoint } from '../../shared/access.ts';
import { HOUR_MS } from '../../shared/coverage.ts';
import { count, listed, time, value } from '../behaviour/scene.ts';
import { FAILED, SUCCEEDED } from '../query/outcomes.ts';
import { point, principal, theseEvents, valuesAt } from './points.ts';
import type { SignIns } from './sign-ins.ts';

/** So many failures of one user, each within an hour of the one before, without a success between. */
const GUESSES = 5;
/** Of root fewer are enough. */
const ROOT_GUESSES = 3;

interface Run {
  failures: number[];
  success: number;
}

export function bruteForce({ rows, identity, identities, outcome, hidden }: SignIns): { points: AccessPoint[]; identities: Set<number> } {
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
