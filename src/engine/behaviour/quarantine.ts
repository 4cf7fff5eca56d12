/**
 * What AWS does itself in the name of a user: calls invoked by `AWS Internal` are no deeds of that user. One of them matters most: AWS
 * attaches AWSCompromisedKeyQuarantine (V2, V3) to a user whose access key it found in public.
 */
import type { Statement } from '../../shared/behaviour.ts';
import { outcomeMarks, SUCCEEDED } from '../query/outcomes.ts';
import { EventRows } from './event-rows.ts';
import { citedOf, count, exactly, OPENED, type Scene, statement, time, value } from './scene.ts';

/** `invokedBy` of such calls. */
const AWS_ITSELF = 'AWS Internal';
const POLICY = /(?:^|\/)(AWSCompromisedKeyQuarantine(?:V\d{1,2})?)$/;

/** Whether a resource is the quarantine policy, by its name or ARN. */
export const quarantineOf = (resource: string): string | null => POLICY.exec(resource.slice(-64))?.[1] ?? null;

/** Tells of the events from ≤ k < to whether AWS itself made them. */
export function byAwsItself(rows: EventRows, from: number, to: number): (k: number) => boolean {
  const aws = rows.code('invokedBy', AWS_ITSELF);
  if (aws === 0) return () => false;
  const invokedBy = rows.codes('invokedBy', from, to);
  return (k) => invokedBy[k] === aws;
}

export function quarantined(scene: Scene): Statement[] {
  const { rows, from, to } = scene;
  const names = rows.codes('eventName', from, to);
  const puts = EventRows.marks(rows.dictionary('eventName'), names.subarray(from, to), (text) => /^(?:Attach|Put)UserPolicy$/.test(text));
  if (!puts.includes(1)) return [];
  const outcomes = outcomeMarks(scene.open);
  const outcome = rows.codes('outcome', from, to);
  const aws = byAwsItself(rows, from, to);
  const found: number[] = [];
  let policy = '';
  for (let k = from; k < to; k++) {
    if (puts[names[k]] === 0 || !aws(k) || !(outcomes[outcome[k]] & SUCCEEDED)) continue;
    const named = rows.resourcesOf(k).find((resource) => quarantineOf(resource) !== null);
    if (named === undefined) continue;
    if (found.length === 0) policy = named;
    found.push(k);
  }
  if (found.length === 0) return [];
  const at = rows.timeOf(found[0]);
  const keys = found.slice(0, OPENED).map((k) => rows.key(k));
  return [
    statement({
      kind: 'quarantine',
      section: 'permissions',
      weight: 'notable',
      parts: [
        'AWS attached ',
        value(policy, 'resource'),
        ...(at === null ? [] : [' at ', time(at)]),
        ...(found.length > 1 ? [' (', count(found.length, 'call', 'calls'), ')'] : []),
        ', because a key is public. Leave it until the key is gone.',
      ],
      counts: { events: found.length },
      cited: citedOf(rows, found),
      opens: exactly(keys),
    }),
  ];
}
