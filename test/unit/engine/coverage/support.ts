/** Coverages drawn small: event rows and hours by hand, digests and log files as the integrity report tells them. */
import { type DeliveredFile, deliveryLayer } from '../../../../src/engine/coverage/delivery-layer.ts';
import { trailFacts } from '../../../../src/engine/coverage/trails.ts';
import { type CommitId, type EpochMs, eventKey } from '../../../../src/shared/brand.ts';
import { type Coverage, DELIVERY_STATES, type EventCoverage, HOUR_MS, type LoggingPoint } from '../../../../src/shared/coverage.ts';
import type { DigestChain, DigestedSpan, IntegrityReport } from '../../../../src/shared/integrity.ts';

export const H0 = Date.UTC(2026, 2, 1) / HOUR_MS;
export const at = (hour: number): EpochMs => ((H0 + hour) * HOUR_MS) as EpochMs;
export const ACCOUNT = '111122223333';

interface DrawnRow {
  account?: string | null;
  region?: string | null;
  /** Hours after H0 → events. */
  hours: number[];
  data?: Record<string, number>;
  reads?: number;
  writes?: number;
}

export function events(rows: DrawnRow[], rest: Partial<EventCoverage> = {}): EventCoverage {
  const start = [0];
  const bin: number[] = [];
  const counts: number[] = [];
  const made = rows.map(({ account = ACCOUNT, region = 'eu-west-1', hours, data = {}, reads = 1, writes = 1 }) => {
    for (const hour of hours) {
      bin.push(H0 + hour);
      counts.push(1, 0, 0, 0, 0);
    }
    start.push(bin.length);
    return {
      account,
      region,
      events: hours.length,
      timed: hours.length,
      firstTime: hours.length > 0 ? at(hours[0]) : null,
      lastTime: hours.length > 0 ? at(hours[hours.length - 1]) : null,
      hours: hours.length > 0 ? hours[hours.length - 1] - hours[0] + 1 : 0,
      hoursWithEvents: hours.length,
      reads,
      writes,
      categories: [hours.length, 0, 0, 0, 0],
      dataSources: Object.entries(data).map(([source, n]) => ({ source, events: n })),
    };
  });
  return {
    generation: 1,
    binMs: HOUR_MS,
    rows: made,
    start: Uint32Array.from(start),
    bin: Float64Array.from(bin),
    counts: Uint32Array.from(counts),
    events: bin.length,
    leftOut: { rows: 0, events: 0 },
    foreign: [],
    foreignLeftOut: 0,
    points: [],
    pointsLeftOut: 0,
    ...rest,
  };
}

export const chain = (rest: Partial<DigestChain> = {}): DigestChain => ({
  account: ACCOUNT,
  region: 'eu-west-1',
  trail: 'main',
  homeRegion: 'eu-west-1',
  backfill: false,
  digests: 1,
  signed: 1,
  signedEmpty: 0,
  from: at(0),
  to: at(1),
  ...rest,
});

/** A digest from hour to hour that lists logs by hour. */
export const digest = (from: number, to: number, listed: Record<number, number> = {}, rest: Partial<DigestedSpan> = {}): DigestedSpan => ({
  chain: 0,
  verdict: 'signed',
  from: at(from),
  to: at(to),
  listedHours: Object.keys(listed).map((h) => H0 + Number(h)),
  listedLogs: Object.values(listed),
  ...rest,
});

/** The name of a log delivered some minutes into the hour. */
export function logName(hour: number, { account = ACCOUNT, region = 'eu-west-1', unique = 'abcdefghijklmnop' } = {}): string {
  const stamp = new Date((H0 + hour) * HOUR_MS + 300_000).toISOString().replace(/[-:]/g, '').slice(0, 13);
  return `${account}_CloudTrail_${region}_${stamp}Z_${unique}.json.gz`;
}

let fileNumber = 0;
export const file = (path: string, rest: Partial<DeliveredFile> = {}): DeliveredFile => ({
  path,
  kind: 'records',
  status: 'imported',
  sha256: `sha-${fileNumber++}`,
  records: 1,
  ...rest,
});

export const report = (
  digested: DigestedSpan[] = [],
  chains: DigestChain[] = [chain()],
  rows: IntegrityReport['rows'] = [],
): Pick<IntegrityReport, 'chains' | 'digested' | 'rows'> => ({ digested, chains, rows });

export const missingLog = (hour: number): IntegrityReport['rows'][number] => ({
  kind: 'log',
  verdict: 'missing',
  path: `s3://bucket/AWSLogs/${ACCOUNT}/CloudTrail/eu-west-1/2026/03/01/${logName(hour)}`,
  ledgerId: null,
  reason: '',
  detail: null,
  key: null,
  chain: 0,
});

export function coverage(
  made: EventCoverage,
  files: DeliveredFile[] = [],
  told = report(),
  records: Record<string, unknown> = {},
): Coverage {
  const delivery = deliveryLayer(files, told);
  return { events: made, delivery, trails: trailFacts(made.points, (key) => JSON.stringify(records[key] ?? null), delivery.chains) };
}

export const point = (name: string, hour: number, rest: Partial<LoggingPoint> = {}): LoggingPoint => ({
  key: eventKey(`id:${name}-${hour}`),
  ref: { commitId: 'c' as CommitId, block: 0, textOffset: 0, textLength: 1 },
  time: at(hour),
  name,
  source: 'cloudtrail.amazonaws.com',
  account: ACCOUNT,
  region: 'eu-west-1',
  principal: null,
  errorCode: null,
  ...rest,
});

/** Hours of each delivery state, which must add up to all. */
export const statesOf = (facts: Record<(typeof DELIVERY_STATES)[number], number>): number[] => DELIVERY_STATES.map((state) => facts[state]);
