/** The contract between the host and an ingest thread. */
import type { ImportId } from '../../shared/brand.ts';
import type { CommitHeader } from '../../shared/commit.ts';
import type { EvidenceFile } from '../../shared/ledger.ts';

/** A member of a zip, as its central directory describes it. Sizes and offsets in bytes of the zip. */
export interface ZipMember {
  in: 'zip';
  headerOffset: number;
  packedSize: number;
  size: number;
  /** 0 stored, 8 deflate. */
  method: number;
  crc32: number;
}

/** A member of a tar that lies unpacked in the opened file: a stretch of it. Bytes. */
export interface TarMember {
  in: 'tar';
  offset: number;
  size: number;
}

/** What the host opens and lists. */
export type ContainerKind = 'zip' | 'tar' | 'tar.gz';

/** A file to be read. */
export interface FileJob {
  /** Its number in the import: names it between host and threads, and owns its claim. */
  seq: number;
  attempt: number;
  /** For the ledger. */
  shown: string;
  /** On disk (of the container, for a member that is read in place); the bytes of the name where it is not valid UTF-8. */
  path: string | Uint8Array;
  /** As found by the walk; the file itself is asked again when it is opened. */
  size: number;
  modified: number | null;
  /** The container that it came out of, and how many there are around it; null and 0 for a file that lies on the disk by itself. */
  inside: 'zip' | 'tar' | null;
  depth: number;
  /** Where the member lies in the file at `path`; null: all of that file. */
  member: ZipMember | TarMember | null;
  /** The file itself, as found, when it lies nowhere on the disk (a member of a container that can only be read as a stream). */
  bytes: Uint8Array<ArrayBuffer> | null;
  /** What the container had to say about the member: it ends inside it. Then what is there is read. */
  damage: string | null;
}

export interface ThreadSetup {
  importId: ImportId;
  appVersion: string;
  /** Makes commit ids unique: no two threads of an import share it, not even a dead one's successor. */
  threadId: number;
  claims: SharedArrayBuffer;
  control: SharedArrayBuffer;
}

/**
 * Int32 fields of `control`: 1 when the import is cancelled; the seq being read (−1: none), so that a dead thread tells what killed it;
 * 1 while the import is paused.
 */
export const CONTROL_CANCEL = 0;
export const CONTROL_READING = 1;
export const CONTROL_PAUSE = 2;
export const CONTROL_FIELDS = 3;

export type ToThread =
  | { type: 'run'; jobs: FileJob[]; commitEvents: number }
  /** Hand over what is gathered. */
  | { type: 'flush' }
  /** The host has passed on this many bytes of commits. */
  | { type: 'ack'; bytes: number }
  /** `control` has changed: whoever waits looks at it again. */
  | { type: 'wake' };

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
  /** Rows of files with the same bytes as another, which say what became of that one: its seq, or null when the case has it. */
  repeats: { row: EvidenceFile; seq: number; of: number | null }[];
}

export type FromThread =
  | CommitMessage
  | { type: 'progress'; pending: PendingCounts; reading: string | null }
  /** The file is a container: the host lists its members and sends them as jobs. */
  | { type: 'container'; seq: number; kind: ContainerKind }
  | { type: 'ran' }
  | { type: 'flushed' };
