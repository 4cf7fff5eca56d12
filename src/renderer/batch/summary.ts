/** The summary of a batch run, from what the engine counted. Its shape is the contract of `shared/batch.ts`. */
import type {
  BatchCoverageRow,
  BatchCredentials,
  BatchEvents,
  BatchEvidenceRow,
  BatchIntegrity,
  BatchSummary,
} from '../../shared/batch.ts';
import type { EpochMs } from '../../shared/brand.ts';
import type { EventCoverage } from '../../shared/coverage.ts';
import type { AppInfo } from '../../shared/host.ts';
import type { IntegrityReport } from '../../shared/integrity.ts';
import type { EvidenceFile, FileStatus } from '../../shared/ledger.ts';

const NOT_BUILT: readonly [section: string, what: string][] = [
  ['detections', 'Detection by rules is'],
  ['query', 'A query language is'],
];

export interface BatchFacts {
  app: Pick<AppInfo, 'version' | 'host'>;
  events: BatchEvents;
  credentials: BatchCredentials;
  ledger: readonly EvidenceFile[];
  integrity: IntegrityReport;
  coverage: EventCoverage;
  importMs: number;
  /** Records parsed by the import; those of repeated files are not read again. */
  recordsRead: number;
}

export function batchSummary({ app, events, credentials, ledger, integrity, coverage, importMs, recordsRead }: BatchFacts): BatchSummary {
  const withStatus = (status: FileStatus): number => ledger.filter((f) => f.status === status).length;
  return {
    app: 'trailcase',
    version: app.version,
    host: app.host,
    evidence: {
      files: ledger.length,
      imported: withStatus('imported'),
      partial: withStatus('partial'),
      repeated: withStatus('repeated'),
      rejected: withStatus('rejected'),
      withoutEvents: withStatus('withoutEvents'),
      bytes: ledger.reduce((sum, f) => sum + f.size, 0),
      list: ledger.map(evidenceRow),
    },
    events,
    credentials,
    detections: null,
    integrity: batchIntegrity(integrity),
    coverage: batchCoverage(coverage),
    query: null,
    timings: {
      importMs: Math.round(importMs),
      eventsPerSecond: importMs > 0 ? Math.round(recordsRead / (importMs / 1000)) : 0,
    },
    notRun: [
      ...NOT_BUILT.map(([section, what]) => ({ section, reason: `${what} not part of version ${app.version}.` })),
      ...partly(coverage),
    ],
  };
}

function batchIntegrity({ digests, logs, keysFrom, chains, gaps, rows }: IntegrityReport): BatchIntegrity {
  return {
    digests,
    logs,
    keysFrom,
    gaps: gaps.map(({ chain, kind, from, to, logsHeld, text }) => {
      const { account, region, trail } = chains[chain];
      return { account, region, trail, kind, from: isoTime(from), to: isoTime(to), logsHeld, text };
    }),
    list: rows.map(({ path, kind, verdict, reason }) => ({ path, kind, status: verdict, reason })),
  };
}

function batchCoverage({ rows }: EventCoverage): BatchCoverageRow[] {
  return rows.map(({ account, region, firstTime, lastTime, hours, hoursWithEvents }) => ({
    account,
    region,
    firstTime: isoTime(firstTime),
    lastTime: isoTime(lastTime),
    hours,
    hoursWithEvents,
    hoursSilent: hours - hoursWithEvents,
  }));
}

/** What of a section that did run is missing from it. */
function partly({ leftOut }: EventCoverage): BatchSummary['notRun'] {
  if (leftOut.rows === 0) return [];
  const reason = `${leftOut.rows} accounts and Regions with ${leftOut.events} events are beyond the limit and are not listed.`;
  return [{ section: 'coverage', reason }];
}

function evidenceRow(f: EvidenceFile): BatchEvidenceRow {
  return {
    path: f.path,
    container: f.container,
    sha256: f.sha256,
    sha256Unpacked: f.sha256Unpacked,
    kind: f.kind,
    status: f.status,
    reason: f.reason,
    records: f.records,
    unreadableRecords: f.unreadableRecords,
    firstTime: isoTime(f.firstTime),
    lastTime: isoTime(f.lastTime),
  };
}

/** ISO 8601 UTC, without a fraction when there is none, as CloudTrail writes it. */
export function isoTime(at: EpochMs | null): string | null {
  if (at === null || !Number.isFinite(at) || Math.abs(at) > 8.64e15) return null;
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

/** Null when at least one file was imported or held no events; else a sentence with the first reason. */
export function batchFailure({ evidence }: BatchSummary): string | null {
  if (evidence.imported + evidence.partial + evidence.repeated + evidence.withoutEvents > 0) return null;
  if (evidence.files === 0) return 'No file was found in what was named.';
  const first = evidence.list.find((f) => f.reason !== null);
  const count = evidence.files === 1 ? 'The one file could not be imported' : `None of the ${evidence.files} files could be imported`;
  return first ? `${count}: ${first.path}: ${first.reason}` : `${count}.`;
}
