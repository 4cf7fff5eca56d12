/** The summary of `npm run batch`: the contract for scripts and checks (README, "Batch"). Times are ISO 8601 UTC. */
import type { DigestVerdict, KeySource, LogVerdict } from './integrity.ts';
import type { FileStatus } from './ledger.ts';

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
  credentials: null;
  detections: null;
  integrity: BatchIntegrity;
  coverage: null;
  query: null;
  timings: { importMs: number; eventsPerSecond: number };
  notRun: { section: string; reason: string }[];
}
