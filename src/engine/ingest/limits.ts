/** Every limit of the ingest path, in one place: evidence is hostile input, and each of these costs a sentence, never the app. */

/** A file that unpacks to more than this is streamed in stages; smaller ones are read whole. Bytes. */
export const SMALL_FILE_BYTES = 8 * 1024 * 1024;
/** Bytes of unpacked text in a block of a streamed file, cut at the next record's end. */
export const BLOCK_BYTES = 1024 * 1024;
/** A record larger than this is a problem of its own (CloudTrail's own cap is far below 1 MB). */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;
/**
 * Nesting of one record. A record of 4,096 bytes cannot nest deeper than this (each level needs an opening and a closing byte),
 * so only longer ones are measured.
 */
export const MAX_DEPTH = 2048;
/** Values longer than this are cut in the columns; the record's own text keeps them whole. Characters. */
export const MAX_VALUE_CHARS = 8192;
/** A userIdentity up to this length is kept, to be recognised in further records. */
export const KEPT_IDENTITY_BYTES = 2048;
/** Unpacked bytes of one file, and the ratio to its found size that no honest trail file reaches (trail files: 10 to 25). */
export const MAX_UNPACKED_BYTES = 64 * 1024 ** 3;
export const MAX_RATIO = 250;
/** Containers within containers: a file deeper than this is named and not opened. */
export const MAX_CONTAINERS = 3;
/** Below this the ratio is not looked at. */
export const RATIO_FREE_BYTES = 64 * 1024 * 1024;

/** Events and bytes that close a commit. */
export const COMMIT_EVENTS = 65_536;
export const FIRST_COMMIT_EVENTS = 4096;
export const COMMIT_TEXT_BYTES = 64 * 1024 * 1024;
export const COMMIT_VAULT_BYTES = 16 * 1024 * 1024;
export const COMMIT_FILES = 8192;

/** True when `unpacked` bytes out of `found` cannot be a trail file. */
export const isBomb = (found: number, unpacked: number): boolean =>
  unpacked > MAX_UNPACKED_BYTES || (unpacked > RATIO_FREE_BYTES && unpacked > found * MAX_RATIO);
