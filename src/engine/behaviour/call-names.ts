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
  const sources = rows.codes('eventSource');
  const names = rows.codes('eventName');
  const width = rows.dictionary('eventSource').count + 1;
  const known = new Map<number, boolean>();
  return (k) => {
    const pair = names[k] * width + sources[k];
    let is = known.get(pair);
    if (is === undefined) {
      is = wanted.has(`${rows.text('eventSource', k)} ${plainName(rows.text('eventName', k) ?? '')}`);
      known.set(pair, is);
    }
    return is;
  };
}

/** Whether a name is one of those that only read, for records that do not say it. */
export const readsByName = (eventName: string): boolean =>
  /^(?:Get|List|Describe|Head|Lookup|Search|Query|Scan|BatchGet|Check|Select|View|Test|Simulate|Discover|Estimate|Preview|Validate|Verify)(?:[A-Z]|$)/.test(
    eventName,
  );
