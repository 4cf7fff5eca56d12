/** The summary of `npm run batch`: the contract for scripts and checks (README, "Batch"). Times are ISO 8601 UTC. */
import type { DigestVerdict, KeySource, LogVerdict } from './integrity.ts';
import type { FileStatus } from './ledger.ts';
import type { CredentialKind, OriginProof, StopCode } from './lineage.ts';

/** Top 100 by count descending, then by code unit of the value; absent is null. */
export type CountList = [value: string | null, count: number][];

export interface BatchEvents {
  /** records = events + duplicates + aggregated. */
  records: number;
  events: number;
  unique: number;
  duplicates: number;
  withoutId: number;
  withoutTime: number;
  unreadableRecords: number;
  /** Events kept apart although another event has their eventID: events = unique + withoutId + conflicts. */
  conflicts: number;
  aggregated: number;
  insights: number;
  firstTime: string | null;
  lastTime: string | null;
  withErrorCode: number;
  readOnly: number;
  readOnlyUnknown: number;
  idsSha256: string;
  byName: CountList;
  bySource: CountList;
  byPrincipal: CountList;
  byIdentityType: CountList;
  byIp: CountList;
  byErrorCode: CountList;
  byRegion: CountList;
  byAccount: CountList;
  byCategory: CountList;
  byDay: CountList;
}

export interface BatchEvidenceRow {
  path: string;
  container: string;
  sha256: string | null;
  sha256Unpacked: string | null;
  kind: string;
  status: FileStatus;
  reason: string | null;
  records: number;
  unreadableRecords: number;
  firstTime: string | null;
  lastTime: string | null;
}

export interface BatchIntegrity {
  /** Files by verdict (copies are files), and what is missing. */
  digests: Record<DigestVerdict, number>;
  logs: Record<LogVerdict, number>;
  /** Where the keys that verified signatures came from: 'given' by --keys, or lying among the 'evidence'; null: none verified any. */
  keysFrom: KeySource | 'both' | null;
  gaps: {
    account: string;
    region: string;
    trail: string | null;
    kind: 'restart' | 'missing';
    from: string | null;
    to: string | null;
    logsHeld: number;
    text: string;
  }[];
  list: { path: string; kind: 'digest' | 'log'; status: DigestVerdict | LogVerdict; reason: string }[];
}

export interface BatchCredentials {
  /** Distinct key IDs that events of the case issue: CreateAccessKey long-term, all others temporary. */
  issuedTemporary: number;
  issuedLongTerm: number;
  /** Of these, used at or after issue. */
  usedLater: number;
  /**
   * Every access key that was issued or used, by code unit of its ID; at most 100,000. A key ID that records give to several principals,
   * or that was made unreadable, has a row for each of them.
   */
  list: {
    accessKeyId: string;
    kind: CredentialKind;
    /** eventID (the event's key where it has none) of the call that issued it. */
    issuedByEvent: string | null;
    issuedTo: string | null;
    /** Access key that made that call. */
    parentKey: string | null;
    /** Identity at the end of the chain, as in `byPrincipal`. */
    origin: string | null;
    depth: number;
    originProof: OriginProof;
    eventCount: number;
    stoppedBecause: string;
    stopCode: StopCode;
  }[];
}

/** One account and Region; null where the records have none. By account, then Region. */
export interface BatchCoverageRow {
  account: string | null;
  region: string | null;
  firstTime: string | null;
  lastTime: string | null;
  /** Whole UTC hours from that of the first event to that of the last, both included; 0 where no event has a readable time. */
  hours: number;
  hoursWithEvents: number;
  /** hours − hoursWithEvents. Silence of events, which alone says nothing of logging. */
  hoursSilent: number;
}

export interface BatchSummary {
  app: 'trailcase';
  version: string;
  host: 'electron' | 'web';
  evidence: {
    files: number;
    imported: number;
    partial: number;
    repeated: number;
    rejected: number;
    withoutEvents: number;
    bytes: number;
    list: BatchEvidenceRow[];
  };
  events: BatchEvents;
  credentials: BatchCredentials;
  detections: null;
  integrity: BatchIntegrity;
  coverage: BatchCoverageRow[];
  query: null;
  timings: { importMs: number; eventsPerSecond: number };
  notRun: { section: string; reason: string }[];
}
