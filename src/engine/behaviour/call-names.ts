/** Names of calls as data tables spell them: CloudTrail adds the API version to some ("CreateFunction20150331v2"). */
import type { EventRows } from './event-rows.ts';

export const plainName = (eventName: string): string => eventName.replace(/20\d{6}(?:v\d)?$/, '');

export interface ServiceCalls {
  source: string;
  names: string[];
}

/** Tells whether event k is one of the calls of a table; each pair of service and name is looked up once. */
export function callTest(rows: EventRows, table: readonly ServiceCalls[]): (k: number) => boolean {
  const wanted = new Set(table.flatMap(({ source, names }) => names.map((name) => `${source} ${name}`)));
  const { of, count } = rows.actions();
  // 0 not looked at, 1 no, 2 yes.
  const known = new Uint8Array(count);
  return (k) => {
    const action = of[k];
    if (known[action] === 0)
      known[action] = wanted.has(`${rows.text('eventSource', k)} ${plainName(rows.text('eventName', k) ?? '')}`) ? 2 : 1;
    return known[action] === 2;
  };
}

/** Whether a name is one of those that only read, for records that do not say it. */
export const readsByName = (eventName: string): boolean =>
  /^(?:Get|List|Describe|Head|Lookup|Search|Query|Scan|BatchGet|Check|Select|View|Test|Simulate|Discover|Estimate|Preview|Validate|Verify)(?:[A-Z]|$)/.test(
    eventName,
  );

/** Tells of the events from ≤ k < to whether they are insights, which are no calls. */
export function insights(rows: EventRows, from: number, to: number): (k: number) => boolean {
  const categories = rows.codes('eventCategory', from, to);
  const types = rows.codes('eventType', from, to);
  const category = rows.code('eventCategory', 'Insight');
  const type = rows.code('eventType', 'AwsCloudTrailInsight');
  return (k) => (category !== 0 && categories[k] === category) || (type !== 0 && types[k] === type);
}
