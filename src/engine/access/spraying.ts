/** Passwords sprayed from one place, an address or a network, over many users. Each span is looked at in time linear in the failures. */
import type { AccessPoint } from '../../shared/access.ts';
import { networkOf } from '../../shared/addresses.ts';
import { HOUR_MS } from '../../shared/coverage.ts';
import { count, listed, time, value } from '../behaviour/scene.ts';
import { FAILED, SUCCEEDED } from '../query/outcomes.ts';
import { point, theseEvents, valuesAt } from './points.ts';
import type { SignIns } from './sign-ins.ts';

/** So many users within an hour, or within a day, failed from one place. */
const SPRAYED_IN_HOUR = 3;
const SPRAYED_IN_DAY = 5;

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

export function sprayings(found: SignIns): AccessPoint[] {
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
