/**
 * A commit: what one thread hands over at a time and what is stored in one transaction. Either a run of whole small files, or
 * one stage of a large file; stages count only once the last one is in.
 */
import type { CommitId } from './brand.ts';
import type { AggregatedRecord, EvidenceFile, RecordProblem } from './ledger.ts';
import type { SegmentLayout } from './segment.ts';

export const COMMIT_VERSION = 1;

/**
 * How a block's bytes lie in the vault. `gzip`: the file as found. `deflate`: raw deflate made by us of plain bytes.
 * `stored`: the bytes themselves.
 */
export type Packing = 'gzip' | 'deflate' | 'stored';

/** A piece of an unpacked file that can be unpacked by itself. A record lies wholly inside one block. */
export interface Block {
  /** Index into the commit's `files`; in a stage, always 0 (the staged file). */
  file: number;
  packing: Packing;
  /** Place in the commit's vault buffer, in bytes. */
  offset: number;
  length: number;
  /** Where the block begins in the unpacked file, and its unpacked length. */
  unpackedOffset: number;
  unpackedLength: number;
  /** Of a CSV: the header line of the file, without which a line of this block says nothing. */
  csvHeader?: string;
}

/** A stretch of the file as found that the blocks do not already hold (the original chunks of a large gzip file). */
export interface OriginalChunk {
  file: number;
  offset: number;
  length: number;
  /** Where the chunk begins in the file as found. */
  foundOffset: number;
}

export interface CommitStage {
  /** The same for all stages of one file, unique in the import. */
  stageKey: string;
  index: number;
  last: boolean;
}

/** Everything of a commit but the two buffers. */
export interface CommitHeader {
  version: number;
  id: CommitId;
  stage: CommitStage | null;
  /** Ledger rows. In a stage, empty until the last, which has exactly one. */
  files: EvidenceFile[];
  blocks: Block[];
  originals: OriginalChunk[];
  problems: RecordProblem[];
  aggregated: AggregatedRecord[];
  /** Null when the commit has no rows. */
  segment: SegmentLayout | null;
}

export interface Commit {
  header: CommitHeader;
  /** The segment's buffer (empty when header.segment is null). */
  segment: ArrayBuffer;
  /** Packed bytes that `blocks` and `originals` point into. */
  vault: ArrayBuffer;
}

/** What the person sees while an import runs. Counts are of this import. */
export interface ImportProgress {
  /** Known once the walk has ended. */
  filesFound: number;
  walking: boolean;
  /** Read, or refused with a reason; not those that a cancel left unread. */
  filesDone: number;
  filesRejected: number;
  filesRepeated: number;
  records: number;
  /** Bytes as found. */
  bytesFound: number;
  bytesDone: number;
  /** Display path of something being read now. */
  reading: string | null;
  /** While the import is paused: a sentence that says so and why. */
  paused?: string | null;
  /** Whether a person may let it go on (or it waits for room, and goes on by itself). */
  resumable?: boolean;
}

/** An import that has just begun. */
export const NO_PROGRESS: Readonly<ImportProgress> = {
  filesFound: 0,
  walking: true,
  filesDone: 0,
  filesRejected: 0,
  filesRepeated: 0,
  records: 0,
  bytesFound: 0,
  bytesDone: 0,
  reading: null,
};

/** Frames of the import stream (`frame.ts`), in the order they may occur: any commits and progress, then one `done`. */
export type ImportFrame =
  | { type: 'commit'; header: CommitHeader; buffers: [segment: ArrayBuffer, vault: ArrayBuffer] }
  | { type: 'progress'; progress: ImportProgress }
  | { type: 'done'; cancelled: boolean; progress: ImportProgress };
