/** Many roles asked for in a short time, and refused: somebody guesses their names, or tries what a key opens. */
import type { Statement, StatementValue } from '../../shared/behaviour.ts';
import { type Measure, runsOf } from './runs.ts';
import { citedOf, count, listed, oneOf, type Scene, statement, time, VALUES_LISTED } from './scene.ts';

const MINUTES = 10;
const GUESSING: Measure = { ms: MINUTES * 60_000, distinct: 8, refused: 0 };
const SAID = 10;

export function roleGuessing(scene: Scene): Statement[] {
  const { rows, from, to, denied } = scene;
  const assume = rows.code('eventName', 'AssumeRole');
  if (assume === 0 || denied === 0) return [];
  const names = rows.codes('eventName', from, to);
  const outcome = rows.codes('outcome', from, to);
  const { start, codes } = rows.resources();
  const roles = new Uint32Array(rows.length);
  // Roles by number, from 0, in the order of their first refusal.
  const numbers = new Map<number, number>();
  const numbered = new Uint32Array(rows.length);
  const positions: number[] = [];
  for (let k = from; k < to; k++) {
    if (names[k] !== assume || outcome[k] !== denied || start[k] === start[k + 1]) continue;
    roles[k] = codes[start[k]];
    let number = numbers.get(roles[k]);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(roles[k], number);
    }
    numbered[k] = number;
    positions.push(k);
  }
  if (numbers.size < GUESSING.distinct) return [];
  const dictionary = rows.dictionary('resource');
  return runsOf(rows, Uint32Array.from(positions), numbered, numbers.size, () => true, GUESSING)
    .toSorted((a, b) => b.distinct - a.distinct || a.from - b.from)
    .slice(0, SAID)
    .map((run) => {
      const events = positions.slice(run.from, run.to + 1);
      const byRole = new Map<number, StatementValue>();
      for (const k of events) {
        const known = byRole.get(roles[k]);
        if (known) known.events++;
        else
          byRole.set(roles[k], {
            value: dictionary.get(roles[k]) ?? '',
            column: 'resource',
            events: 1,
            first: rows.timeOf(k),
            firstKey: rows.key(k),
          });
      }
      const values = [...byRole.values()];
      const begin = rows.timeOf(events[0]);
      const end = rows.time[events[events.length - 1]];
      return statement({
        kind: 'roleGuessing',
        section: 'discovery',
        weight: 'notable',
        parts: [
          count(events.length, 'AssumeRole', 'AssumeRole'),
          ' refused, of ',
          count(values.length, 'role', 'different roles'),
          `, ${run.distinct} of them within ${MINUTES} minutes, beginning `,
          time(begin ?? 0),
          ': ',
          ...listed(values, values.length),
          `. From ${GUESSING.distinct} roles within ${MINUTES} minutes on it is taken for guessing.`,
        ],
        counts: { events: events.length, roles: values.length, distinct: run.distinct, threshold: GUESSING.distinct, minutes: MINUTES },
        values: values.slice(0, VALUES_LISTED),
        total: values.length,
        cited: citedOf(rows, events),
        opens: {
          time: { from: begin, to: (end + 1) as typeof begin },
          filters: [...scene.filters, oneOf('eventName', ['AssumeRole']), oneOf('outcome', ['denied'])],
        },
      });
    });
}
