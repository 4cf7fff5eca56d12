/** The contract between the host and an ingest thread. */
import type { ImportId } from '../../shared/brand.ts';
import type { CommitHeader } from '../../shared/commit.ts';

/** A member of a zip, as its central directory describes it. Sizes and offsets in bytes of the zip. */
export interface ZipMember {
  headerOffset: number;
  packedSize: number;
  size: number;
  /** 0 stored, 8 deflate. */
  method: number;
  crc32: number;
}

/** A file to be read. */
export interface FileJob {
  /** Its number in the import: names it between host and threads, and owns its claim. */
  seq: number;
  attempt: number;
  /** For the ledger. */
  shown: string;
  /** On disk (of the zip, for a member). */
  path: string;
  /** As found by the walk; the file itself is asked again when it is opened. */
  size: number;
  modified: number | null;
  member: ZipMember | null;
}

export interface ThreadSetup {
  importId: ImportId;
  appVersion: string;
  /** Makes commit ids unique: no two threads of an import share it, not even a dead one's successor. */
  threadId: number;
  claims: SharedArrayBuffer;
  control: SharedArrayBuffer;
}

/** Int32 fields of `control`: 1 when the import is cancelled; the seq being read (−1: none), so that a dead thread tells what killed it. */
export const CONTROL_CANCEL = 0;
export const CONTROL_READING = 1;
export const CONTROL_FIELDS = 2;

export type ToThread =
  | { type: 'run'; jobs: FileJob[]; commitEvents: number }
  /** Hand over what is gathered. */
  | { type: 'flush' }
  /** The host has passed on this many bytes of commits. */
  | { type: 'ack'; bytes: number };

/** What was read since the last commit, and is in no commit yet. */
export interface PendingCounts {
  files: number;
  rejected: number;
  repeated: number;
  records: number;
  bytes: number;
}

export interface CommitMessage {
  type: 'commit';
  header: CommitHeader;
  segment: ArrayBuffer;
  vault: ArrayBuffer;
  /** The file of each row of header.files. */
  seqs: number[];
  /** Rows with status repeated: index in header.files, and the seq of the first copy (null: the case has it). */
  repeats: { file: number; of: number | null }[];
}

export type FromThread =
  | CommitMessage
  | { type: 'progress'; pending: PendingCounts; reading: string | null }
  /** The file is a zip: the host lists its members and sends them as jobs. */
  | { type: 'container'; seq: number }
  | { type: 'ran' }
  | { type: 'flushed' };
