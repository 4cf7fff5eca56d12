/** What a report holds, as data. The three forms (HTML, PDF by way of HTML, Markdown) are renderings of it and add nothing. */
import type { EpochMs, EventKey, Sha256 } from '../../shared/brand.ts';
import type { ImportRun } from '../../shared/case.ts';
import type { CustodyBook, Verification } from '../../shared/custody.ts';
import type { AppInfo } from '../../shared/host.ts';
import type { IntegrityReport, IntegrityRow } from '../../shared/integrity.ts';
import type { EvidenceFile } from '../../shared/ledger.ts';
import type { CountAnswer, FacetValue, GroupRow, HistogramAnswer, Selection } from '../../shared/plan.ts';
import type { ReportContradictions } from './contradictions.ts';
import type { CoverageSection } from './coverage.ts';
import type { ReportTrees } from './trees.ts';

/** Parts that may be left out; case, scope, coverage and the way to verify are always there. */
export interface ReportParts {
  evidence: boolean;
  timeline: boolean;
  principals: boolean;
  /** Credential trees that were put into the report. */
  trees: boolean;
  notes: boolean;
  /** Exact original text of the records that notes and trees cite. */
  records: boolean;
}

export const ALL_PARTS: ReportParts = { evidence: true, timeline: true, principals: true, trees: true, notes: true, records: true };

export interface ReportOptions {
  caseName: string;
  caseCreatedAt: EpochMs | null;
  /** What was seen: timeline, principals and counts are of this selection. */
  selection: Selection;
  /** Times in UTC, else in the zone of this computer. */
  utc: boolean;
  generatedAt: EpochMs;
  parts: ReportParts;
  onProgress?: (line: string) => void;
}

/** At most so many of each are printed; what is left out is said in words where the list ends. */
export const REPORT_LIMITS = {
  files: 20_000,
  verdicts: 2000,
  verifications: 20,
  findings: 200,
  groups: 500,
  notes: 1000,
  citations: 1000,
  /** Events that only trees cite, and how many of them stand in full, with their text; the others are in brief. */
  treeCitations: 1000,
  treeTexts: 40,
  recordCharacters: 100_000,
  noteCharacters: 200_000,
} as const;

/** A list that may have been cut. */
export interface Cut<T> {
  rows: T[];
  total: number;
}

export interface CoverageFacts {
  count: CountAnswer;
  accounts: Cut<GroupRow>;
  regions: Cut<GroupRow>;
  /** Accounts with events in us-east-1. */
  accountsInUsEast1: (string | null)[];
  /** Events of each eventCategory. */
  categories: { value: string | null; count: number }[];
  files: { total: number; byStatus: Record<string, number>; unreadableRecords: number; digests: number };
  /** Aggregated records (windows), which are no events. */
  aggregated: number;
  sourceRows: number;
  interruptedImports: number;
}

/** A sentence about the evidence; `gap` ones say what is missing or what cannot be concluded. */
export interface CoverageSentence {
  kind: 'fact' | 'gap';
  text: string;
}

export interface CitedRecord {
  /** Number in this report, from 1. */
  number: number;
  /** Told in a few words: one of the many that only a tree cites. */
  brief: boolean;
  key: EventKey;
  eventID: string | null;
  time: EpochMs | null;
  eventName: string | null;
  eventSource: string | null;
  principal: string | null;
  identity: string | null;
  sourceIPAddress: string | null;
  awsRegion: string | null;
  errorCode: string | null;
  path: string | null;
  /** From 0, counting unreadable ones. */
  recordNumber: number | null;
  fileSha256: Sha256 | null;
  /** Of the record's exact bytes, as read for this report; as cited when it could not be read. */
  recordSha256: Sha256 | null;
  /** Exact text, cut at `recordCharacters`; null when it was not asked for or could not be read. */
  text: string | null;
  textCharacters: number;
  /** What CloudTrail's record was found inside, in a sentence; null where it stands by itself. */
  foundIn: string | null;
  /** What the digests say of the source file: the verdict in words, and its reason. */
  verdict: { words: string; reason: string } | null;
  /** A sentence when something about the citation does not hold. */
  problem: string | null;
}

export interface ReportNote {
  title: string;
  markdown: string;
  createdAt: EpochMs;
  changedAt: EpochMs;
}

export interface ReportData {
  app: Pick<AppInfo, 'version' | 'host' | 'versions'>;
  generatedAt: EpochMs;
  utc: boolean;
  case: { name: string; createdAt: EpochMs | null };
  /** The selection, a phrase a condition; empty when nothing is narrowed. */
  conditions: string[];
  scope: CountAnswer;
  coverage: CoverageFacts;
  sentences: CoverageSentence[];
  /** Hour by hour. */
  hours: CoverageSection;
  evidence:
    | (Cut<EvidenceFile> & { imports: ImportRun[]; bytes: number; records: number; custody: CustodyBook; verifications: Cut<Verification> })
    | null;
  integrity:
    | (Pick<IntegrityReport, 'sentences' | 'digests' | 'logs' | 'keys'> & {
        rows: Cut<IntegrityRow>;
        /** Events of the whole case by the verdict of their file; null when it was not known yet. */
        events: FacetValue[] | null;
      })
    | null;
  contradictions: ReportContradictions | null;
  timeline: HistogramAnswer | null;
  principals: Cut<GroupRow> | null;
  /** Null when there are none, or they were left out on purpose. */
  trees: ReportTrees | null;
  notes: Cut<ReportNote> | null;
  citations: Cut<CitedRecord>;
  /** Cited records that only trees cite, beyond those that have their text in the report. */
  textsLeftOut: number;
  /** False: the records are cited, their text was left out on purpose. */
  recordsShown: boolean;
}
