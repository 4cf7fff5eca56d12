/** Good evidence in every shape and container that is read, from a list of records: what properties rearrange and what is then spoilt. */
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { BEGIN, makeWorld, REGIONS } from '../../../scripts/generate/bulk-world.mjs';
import { CALLS, MIXES } from '../../../scripts/generate/calls.mjs';
import { Random, weighted } from '../../../scripts/generate/random.mjs';
import { record } from '../../../scripts/generate/records.mjs';

export type Json = Record<string, unknown>;

const world = makeWorld(new Random(7, 0x517), 2000);
const draws = Object.fromEntries(Object.entries(MIXES).map(([name, entries]) => [name, weighted(entries)])) as Record<
  string,
  (random: Random) => keyof typeof CALLS
>;

/** An event as CloudTrail writes it: any kind of caller, call and place. */
export function event(random: Random): Json {
  const home = random.skewed(world.estates.length);
  const estate = world.estates[home];
  const region = random.pick(REGIONS);
  const time = BEGIN + random.below(28 * 86_400_000);
  const session = random.chance(20) ? random.pick(world.services) : random.pick(world.sessions[home]);
  const call = CALLS[draws[session.mix](random)]({ random, estate, region, time });
  return record(random, time, session.caller, call, { region, account: estate.account });
}

export const events = (random: Random, count: number): Json[] => Array.from({ length: count }, () => event(random));

export const aggregated = (random: Random): Json => ({
  eventVersion: '1.0',
  accountId: '111122223333',
  eventId: random.uuid(),
  eventCategory: 'Aggregated',
  eventType: 'AwsAggregatedEvent',
  awsRegion: 'eu-west-1',
  eventSource: 's3.amazonaws.com',
  timeWindow: { windowStart: '2026-03-02T09:00:00Z', windowEnd: '2026-03-02T09:05:00Z', windowSize: 'PT5M' },
  summary: {
    primaryDimension: { dimension: 'eventName', statistics: [{ name: 'GetObject', value: 7 }], aggregationType: 'Count' },
    details: [],
  },
});

export const insight = (random: Random): Json => ({
  eventVersion: '1.08',
  eventTime: '2026-03-02T09:00:00Z',
  awsRegion: 'eu-west-1',
  eventID: random.uuid(),
  eventType: 'AwsCloudTrailInsight',
  recipientAccountId: '111122223333',
  sharedEventID: random.uuid(),
  insightDetails: { state: 'Start', eventSource: 'ec2.amazonaws.com', eventName: 'RunInstances', insightType: 'ApiCallRateInsight' },
  eventCategory: 'Insight',
});

const text = (value: unknown): string => JSON.stringify(value);
const ms = (r: Json): number => Date.parse(String(r.eventTime));
const service = (r: Json): string => String(r.eventSource).split('.')[0];
const envelope = (r: Json): Json => ({
  version: '0',
  id: String(r.eventID),
  'detail-type': 'AWS API Call via CloudTrail',
  source: `aws.${service(r)}`,
  account: r.recipientAccountId,
  time: r.eventTime,
  region: r.awsRegion,
  resources: [],
  detail: r,
});
const notification = (r: Json): Json => ({
  Type: 'Notification',
  MessageId: String(r.requestID),
  TopicArn: 'arn:aws:sns:eu-west-1:111122223333:trail',
  Message: text(envelope(r)),
  Timestamp: '2026-03-02T09:00:00.000Z',
});
const lookedUp = (r: Json, iso: boolean): Json => ({
  EventId: r.eventID,
  EventName: r.eventName,
  ReadOnly: String(r.readOnly),
  EventTime: iso ? r.eventTime : ms(r) / 1000,
  EventSource: r.eventSource,
  Username: 'someone',
  Resources: [],
  CloudTrailEvent: text(r),
});
const logEvent = (r: Json, i: number): Json => ({ id: String(i), timestamp: ms(r), message: text(r) });

const filtered = (r: Json, i: number): Json => ({
  logStreamName: '111122223333_CloudTrail_eu-west-1',
  timestamp: ms(r),
  message: text(r),
  ingestionTime: ms(r) + 1000,
  eventId: String(i),
});

/** How records are written down. All keep every field of every record. */
export const SHAPES = {
  records: (rs: Json[]) => text({ Records: rs }),
  'records, indented': (rs: Json[]) => JSON.stringify({ Records: rs }, null, 2),
  'records, BOM and CRLF': (rs: Json[]) => `\ufeff${JSON.stringify({ Records: rs }, null, 2).replaceAll('\n', '\r\n')}\r\n`,
  array: (rs: Json[]) => text(rs),
  'array, indented': (rs: Json[]) => JSON.stringify(rs, null, 4),
  lines: (rs: Json[]) => rs.map((r) => `${text(r)}\n`).join(''),
  'lines, CRLF, no last one': (rs: Json[]) => rs.map(text).join('\r\n'),
  'lines of records': (rs: Json[]) =>
    halves(rs)
      .map((half) => `${text({ Records: half })}\n`)
      .join(''),
  concatenated: (rs: Json[]) =>
    halves(rs)
      .map((half) => JSON.stringify({ Records: half }, null, 1))
      .join('\n'),
  'one after another': (rs: Json[]) => rs.map((r) => JSON.stringify(r, null, 2)).join('\n'),
  'lookup-events': (rs: Json[]) => JSON.stringify({ Events: rs.map((r, i) => lookedUp(r, i % 2 === 0)), NextToken: 'more' }, null, 4),
  'lookup-events, pages': (rs: Json[]) =>
    halves(rs)
      .map((half) => text({ Events: half.map((r) => lookedUp(r, false)) }))
      .join('\n'),
  'CloudWatch export': (rs: Json[]) => rs.map((r) => `${String(r.eventTime).replace('Z', '.000Z')} ${text(r)}\n`).join(''),
  'CloudWatch subscription': (rs: Json[]) =>
    text({
      messageType: 'DATA_MESSAGE',
      owner: '111122223333',
      logGroup: 'g',
      logStream: 's',
      subscriptionFilters: ['all'],
      logEvents: rs.map(logEvent),
    }),
  'filter-log-events': (rs: Json[]) => JSON.stringify({ events: rs.map(filtered), searchedLogStreams: [] }, null, 4),
  EventBridge: (rs: Json[]) => rs.map((r) => `${text(envelope(r))}\n`).join(''),
  'EventBridge by SNS': (rs: Json[]) => rs.map((r) => `${text(notification(r))}\n`).join(''),
  'Elasticsearch hits': (rs: Json[]) =>
    text({ took: 3, hits: { total: rs.length, hits: rs.map((r, i) => ({ _index: 'trail', _id: String(i), _source: r })) } }),
  'Logstash lines': (rs: Json[]) => rs.map((r) => `${text({ ...r, '@timestamp': r.eventTime, '@version': '1' })}\n`).join(''),
} satisfies Record<string, (records: Json[]) => string>;
export type Shape = keyof typeof SHAPES;

function halves<T>(list: T[]): T[][] {
  const middle = Math.ceil(list.length / 2);
  return list.length > 1 ? [list.slice(0, middle), list.slice(middle)] : [list];
}

const CSV_HEAD =
  'User name,AWS access key,Event time,Event source,Event name,AWS region,Source IP address,User agent,Error code,Resources,Request ID,Event ID,Read-only,Event type,Recipient Account Id,Event category';

/** Event history as CSV: the same events with fewer fields. */
export function historyCsv(records: Json[]): string {
  const cell = (value: unknown): string => {
    const plain = value === undefined || value === null ? '' : String(value);
    return /[",\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
  };
  const line = (r: Json): string =>
    ['someone', '', r.eventTime, r.eventSource, r.eventName, r.awsRegion, r.sourceIPAddress, r.userAgent, r.errorCode]
      .concat(['[]', r.requestID, r.eventID, r.readOnly, r.eventType, r.recipientAccountId, r.eventCategory])
      .map(cell)
      .join(',');
  return [CSV_HEAD, ...records.map(line)].join('\n');
}

export interface Member {
  name: string;
  bytes: Buffer;
}

/** A tar as POSIX.1-1988 has it (ustar), made here so that what reads it is not what wrote it. */
export function tar(members: readonly Member[]): Buffer {
  const pieces = members.flatMap(({ name, bytes }) => {
    const head = Buffer.alloc(512);
    head.write(name.slice(0, 100), 0, 'utf8');
    head.write('0000644\0' + '0000000\0' + '0000000\0', 100, 'latin1');
    head.write(`${bytes.length.toString(8).padStart(11, '0')}\0${(1_772_442_000).toString(8).padStart(11, '0')}\0`, 124, 'latin1');
    head.write('        0', 148, 'latin1');
    head.write('ustar\0' + '00', 257, 'latin1');
    const sum = head.reduce((a, b) => a + b, 0);
    head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    return [head, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...pieces, Buffer.alloc(1024)]);
}

export const zip = (members: readonly Member[], level: 0 | 6 = 6): Buffer =>
  Buffer.from(zipSync(Object.fromEntries(members.map((m) => [m.name, new Uint8Array(m.bytes)])), { level, mtime: new Date(2026, 2, 7) }));

/** Several gzip members that together unpack to the bytes. */
export function members(random: Random, bytes: Buffer): Buffer {
  const cuts = [0, random.below(bytes.length + 1), random.below(bytes.length + 1), bytes.length].sort((a, b) => a - b);
  return Buffer.concat(cuts.slice(1).map((to, i) => gzipSync(bytes.subarray(cuts[i], to))));
}
