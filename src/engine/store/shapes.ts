/**
 * The shapes that lie in IndexedDB, apart from those of `shared`. Changing one means: raise CASE_SHAPE_VERSION or
 * CATALOGUE_SHAPE_VERSION, add the step to `upgrades.ts`, and a line to docs/formats.md.
 */
import type { CommitId, EpochMs, EventKey, ImportId } from '../../shared/brand.ts';
import type { CaseInfo, JournalEntry } from '../../shared/case.ts';
import type { Block, CommitStage, OriginalChunk } from '../../shared/commit.ts';
import type { DictionaryChunk, LedgerRow, Remap } from '../../shared/engine.ts';
import type { AggregatedRecord, RecordProblem } from '../../shared/ledger.ts';
import type { SegmentLayout } from '../../shared/segment.ts';

export const CASE_SHAPE_VERSION = 1;
export const CATALOGUE_SHAPE_VERSION = 1;

/** Numbers commits in the order they were stored; the key of everything that belongs to one commit. */
export type CommitSeq = number;

/** A commit's header without ledger rows, problems and aggregated records, which have tables of their own. */
export interface StoredCommit {
  seq: CommitSeq;
  id: CommitId;
  /** COMMIT_VERSION of the commit. */
  version: number;
  importId: ImportId;
  stage: CommitStage | null;
  blocks: Block[];
  originals: OriginalChunk[];
  segment: SegmentLayout | null;
  /** Bytes of the segment's buffer and of the vault, so that nothing need be read to know them. */
  segmentBytes: number;
  vaultBytes: number;
}

export interface StoredSegment {
  seq: CommitSeq;
  buffer: ArrayBuffer;
}

export interface StoredVault {
  seq: CommitSeq;
  bytes: ArrayBuffer;
}

/** Ledger rows of one commit in one record: a row an evidence file would cost more than the evidence itself. */
export interface StoredLedger {
  seq: CommitSeq;
  rows: LedgerRow[];
}

export interface StoredProblems {
  seq: CommitSeq;
  problems: RecordProblem[];
}

export interface StoredAggregated {
  seq: CommitSeq;
  aggregated: AggregatedRecord[];
}

/** Growth of the global dictionaries by one consolidation. */
export interface StoredDictionaries {
  id?: number;
  chunks: DictionaryChunk[];
}

export interface StoredRemap {
  seq: CommitSeq;
  remap: Remap;
}

export interface StoredStar {
  key: EventKey;
  at: EpochMs;
}

export interface StoredAudit {
  id?: number;
  at: EpochMs;
  action: string;
  detail: unknown;
}

/** What still has to go to the journal: entries as they are, or the ledger rows of a commit. */
export interface StoredOutbox {
  id?: number;
  entries: JournalEntry[];
  ledgerSeq: CommitSeq | null;
}

/** Begin of the keys in `meta` that hold verifications. */
export const VERIFICATION = 'verification:';

/** Begin of the keys in `meta` that hold trees of the report. */
export const REPORT_TREE = 'report-tree:';

export interface StoredMeta {
  key: 'shape' | 'view' | 'keys' | 'custody' | `verification:${string}` | `report-tree:${string}`;
  value: unknown;
}

export interface StoredSetting {
  key: string;
  value: unknown;
}

export type StoredCase = CaseInfo;
