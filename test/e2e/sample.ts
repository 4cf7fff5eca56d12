/** The sample trail read by the tests themselves, so that the app's numbers have something to agree with. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';

export interface SampleEvent {
  eventID: string;
  eventTime: string;
  eventName: string;
  readOnly?: boolean;
  errorCode?: string;
  sourceIPAddress?: string;
  awsRegion: string;
  recipientAccountId: string;
  requestParameters: Record<string, string> | null;
  responseElements?: object | null;
}

const files = Object.entries(unzipSync(readFileSync('assets/sample-trail.zip')));
const records = files.flatMap(
  ([, bytes]) => JSON.parse(gunzipSync(bytes).toString()).Records as (SampleEvent & { timeWindow?: unknown })[],
);

export const sample = {
  files: files.length,
  records: records.length,
  aggregated: records.filter((r) => r.timeWindow).length,
  events: [...new Map(records.filter((r) => !r.timeWindow).map((r) => [r.eventID, r])).values()],
};

/** With an error code, or a sign-in whose response says so. */
export const hasFailed = ({ errorCode, eventName, responseElements }: SampleEvent): boolean =>
  errorCode !== undefined || (responseElements as Record<string, unknown> | null | undefined)?.[eventName] === 'Failure';

/** A count as any locale's grouping may show it. */
export const asShown = (n: number): RegExp => new RegExp(`^${n.toLocaleString('en-US').replaceAll(',', '[\\s,.\\u00a0\\u202f]?')}$`);
