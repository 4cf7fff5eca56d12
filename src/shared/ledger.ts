/** The evidence ledger: every file seen has a row, whatever became of it. */
import type { EpochMs, ImportId, Sha256 } from './brand.ts';
import type { Withdrawal } from './custody.ts';

export const FILE_STATUSES = ['imported', 'partial', 'repeated', 'rejected', 'withoutEvents', 'cancelled', 'withdrawn'] as const;
export type FileStatus = (typeof FILE_STATUSES)[number];

/** What a file was found to be, by its bytes. A closed list: a reader is added with its kind. */
export const FILE_KINDS = [
  'records', // {"Records":[…]}
  'array', // [ record, … ]
  'single', // one record
  'ndjson', // one record a line
  'digest', // recorded, no events
  // records inside something else (record-shapes.ts)
  'lookup-events',
  'event-history-csv',
  'cloudwatch-export',
  'cloudwatch-subscription',
  'cloudwatch-filter',
  'eventbridge',
  'sns',
  'elasticsearch',
  'log-sidecar', // head-object, list-public-keys, result_sign.json
  'concatenated', // several JSON documents one after another
  // not CloudTrail
  'derived', // an event that another tool rewrote (ECS, OCSF): not the original record
  'aws-other', // another log or document of AWS, named in the reason
  'other-json',
  'csv',
  'yaml',
  'text',
  'parquet',
  'tar', // like a zip: only where it could not be opened or read to its end
  'zip', // a container that could not be opened (a readable one has rows for its members only)
  'binary',
  'empty',
  'unreadable', // the disk refused
] as const;
export type FileKind = (typeof FILE_KINDS)[number];

/** How the file came packed: as a plain file, gzip, or a member of a zip or tar (itself plain or gzip). Of nested containers, the innermost. */
export type Container = 'plain' | 'gzip' | 'zip' | 'zip+gzip' | 'tar' | 'tar+gzip';

/** Whether the file does not lie on the disk by itself. */
export const isMember = (container: Container): boolean => container !== 'plain' && container !== 'gzip';

/** A gzip file that is not one clean member, as CloudTrail's are. */
export interface GzipFacts {
  members: number;
  /** Bytes behind the last member, and whether all of them are zero. */
  trailing: number;
  trailingZeros: boolean;
  /** Of the unpacked first member, when there are several and the file is small enough to be unpacked whole; else null. */
  firstMemberSha256: Sha256 | null;
  /** Of the unpacked members behind the first, as many as MAX_FURTHER_MEMBERS; absent where the first one's is null, and in ledgers of earlier versions. */
  furtherSha256?: Sha256[];
}
export const MAX_FURTHER_MEMBERS = 32;

export interface EvidenceFile {
  /** Full path; inside a container the container's path, `!`, and the member's path. */
  path: string;
  container: Container;
  /** Size in bytes as found (of the member, inside a container). */
  size: number;
  /** Last change of the file on disk, if known. */
  modified: EpochMs | null;
  /** Of the bytes as found; null only when they could not be read. */
  sha256: Sha256 | null;
  /** Of the unpacked bytes (digests list this one); null when they could not be unpacked wholly. */
  sha256Unpacked: Sha256 | null;
  unpackedSize: number | null;
  /** Only where there is something to tell: several members, or data behind the last one. */
  gzip?: GzipFacts;
  kind: FileKind;
  status: FileStatus;
  /** A sentence for the person; null only when there is nothing to say. */
  reason: string | null;
  /** Records read (events, insights and aggregated ones). */
  records: number;
  aggregatedRecords: number;
  /** Elements in the place of records that could not be read as records. */
  unreadableRecords: number;
  firstTime: EpochMs | null;
  lastTime: EpochMs | null;
  importId: ImportId;
  importedAt: EpochMs;
  /** Version of the app that read it. */
  appVersion: string;
  /** Only where a person withdrew the file; its status is then `withdrawn`. */
  withdrawal?: Withdrawal;
}

/** A record, or what stands in the place of one, that could not be used, with the reason in a sentence. */
export interface RecordProblem {
  /** Index into the commit's `files`. */
  file: number;
  recordNumber: number;
  /** Byte offset in the unpacked file and length of the broken piece. */
  offset: number;
  length: number;
  reason: string;
  /** The first 200 characters of it. */
  excerpt: string;
}

/** An aggregated record (eventCategory Aggregated): counts in a window, never an event. */
export interface AggregatedRecord {
  file: number;
  recordNumber: number;
  block: number;
  textOffset: number;
  textLength: number;
  eventId: string | null;
  accountId: string | null;
  awsRegion: string | null;
  eventSource: string | null;
  windowStart: EpochMs | null;
  windowEnd: EpochMs | null;
  /** Name of the primary dimension, and its statistics. */
  dimension: string | null;
  statistics: { name: string; value: number }[];
}

/** At most this many problems of one file are kept one by one; the rest are only counted. */
export const MAX_PROBLEMS_PER_FILE = 1000;
