/**
 * What the evidence covers, account by account, Region by Region, hour by hour, in two layers that are never mixed: events by their
 * eventTime, and deliveries of log files by the time in their names and by digests. Hours are UTC and numbered from 1970.
 */
import type { EpochMs, EventKey } from './brand.ts';
import type { DigestChain, IntegritySums } from './integrity.ts';
import type { RecordRef } from './record-ref.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** eventCategory. `unknown`: not recorded (before eventVersion 1.07), or another value. */
export const COVERAGE_CATEGORIES = ['management', 'data', 'network', 'insight', 'unknown'] as const;
export type CoverageCategory = (typeof COVERAGE_CATEGORIES)[number];

export const COVERAGE_LIMITS = { rows: 50_000, bins: 1_000_000, callers: 1000, points: 2000 } as const;

/** One account and Region. Null where the record has none. */
export interface EventCoverageRow {
  account: string | null;
  region: string | null;
  /** Events, those without a readable time included; `timed` without these. */
  events: number;
  timed: number;
  firstTime: EpochMs | null;
  lastTime: EpochMs | null;
  /** Whole UTC hours from that of the first event to that of the last, both included; 0 without a time. */
  hours: number;
  hoursWithEvents: number;
  /** Management events (or of no recorded category) by readOnly. */
  reads: number;
  writes: number;
  /** Events by category, in the order of COVERAGE_CATEGORIES. */
  categories: number[];
  /** Data events by eventSource, most first. */
  dataSources: { source: string | null; events: number }[];
}

/** The event layer. Row i has bins `start[i]` … `start[i + 1] - 1`, ascending; those without events are left out. */
export interface EventCoverage {
  generation: number;
  /** An hour; a whole number of days when there would be too many bins. */
  binMs: number;
  /** By account, then Region, by code unit; absent ones first. */
  rows: EventCoverageRow[];
  start: Uint32Array<ArrayBuffer>;
  /** Bin b begins at b × binMs. */
  bin: Float64Array<ArrayBuffer>;
  /** Five counts a bin, in the order of COVERAGE_CATEGORIES. */
  counts: Uint32Array<ArrayBuffer>;
  events: number;
  /** Rows beyond the limit, those with the fewest events, and their events. */
  leftOut: { rows: number; events: number };
  /** Accounts that call and have no event of their own. */
  foreign: ForeignAccount[];
  foreignLeftOut: number;
  /** What changed logging, in the order of time. */
  points: LoggingPoint[];
  pointsLeftOut: number;
}

export interface ForeignAccount {
  account: string;
  events: number;
  firstTime: EpochMs | null;
  lastTime: EpochMs | null;
  /** Accounts that recorded its calls, at most ten. */
  calledIn: (string | null)[];
}

/** An event that begins, ends or changes the recording of events. */
export interface LoggingPoint {
  key: EventKey;
  ref: RecordRef;
  time: EpochMs | null;
  name: string;
  source: string;
  account: string | null;
  region: string | null;
  principal: string | null;
  errorCode: string | null;
}

/** How a digest's word is proven, weakest first; the index is the level. */
export const DIGEST_LEVELS = ['none', 'unsigned', 'linked', 'signed'] as const;
export type DigestLevel = (typeof DIGEST_LEVELS)[number];

export interface DeliveryRow {
  account: string;
  region: string;
  /** Log files by name, and those of them that could not be read. */
  files: number;
  unread: number;
  /** Hours of the first and last delivery that is known. */
  firstHour: number | null;
  lastHour: number | null;
  digests: number;
  trails: string[];
}

/** The delivery layer. Row i has hours `start[i]` … `start[i + 1] - 1` and digested spans `spanStart[i]` …; each ascending. */
export interface DeliveryCoverage {
  rows: DeliveryRow[];
  start: Uint32Array<ArrayBuffer>;
  hour: Float64Array<ArrayBuffer>;
  /** Log files of that delivery hour in the case, and those a digest lists that are not. */
  files: Uint32Array<ArrayBuffer>;
  missing: Uint32Array<ArrayBuffer>;
  spanStart: Uint32Array<ArrayBuffer>;
  /** Hours that digests cover wholly, end excluded, and the level of proof. */
  spanFrom: Float64Array<ArrayBuffer>;
  spanTo: Float64Array<ArrayBuffer>;
  spanLevel: Uint8Array<ArrayBuffer>;
  /** Trails as the names of digests tell them, a Region each. */
  chains: Pick<DigestChain, 'account' | 'region' | 'trail' | 'homeRegion'>[];
  /** Files with records whose name tells no delivery time. */
  unnamed: number;
  leftOut: number;
  /** What the digests say against the files; null when there is no digest. */
  against: IntegritySums | null;
}

/** What is known of the delivery in an hour. */
export const DELIVERY_STATES = ['delivered', 'missing', 'signedEmpty', 'linkedEmpty', 'unsignedEmpty', 'undigested'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** A time in which a trail did not log, from StopLogging or DeleteTrail to StartLogging. */
export interface StoppedSpan {
  trail: string;
  account: string;
  from: EpochMs;
  /** Null: no StartLogging of this trail follows in the evidence. */
  to: EpochMs | null;
  by: 'StopLogging' | 'DeleteTrail';
  homeRegion: string | null;
  /** Null: all Regions. `assumed` when nothing in the evidence says whether the trail is of several Regions. */
  region: string | null;
  assumed: boolean;
  /** An organisation trail: its members’ accounts too. */
  organisation: boolean;
  stop: EventKey;
  start: EventKey | null;
}

/** What a trail was told to record, as its last change says. */
export interface TrailSelectors {
  trail: string;
  account: string | null;
  at: EpochMs | null;
  key: EventKey;
  management: 'all' | 'read' | 'write' | 'none';
  /** Types of resources with data events, as `AWS::S3::Object`. */
  dataTypes: string[];
}

export interface TrailFacts {
  stopped: StoppedSpan[];
  /** By time; the last one of a trail is in force after it. */
  selectors: TrailSelectors[];
  /** Trail or detector that a point is about, where the record says. */
  named: Record<EventKey, string>;
}

export interface Coverage {
  events: EventCoverage;
  delivery: DeliveryCoverage;
  trails: TrailFacts;
}
