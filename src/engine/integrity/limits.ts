/** Limits of digest validation: evidence is hostile input. */

/** Bytes of a digest or sidecar that is parsed. An hour's digest has some 400 bytes for each log file. */
export const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;
export const MAX_LOG_FILES = 200_000;
/** S3 keys have at most 1,024 bytes. */
export const MAX_NAME = 2048;
/** Hex digits: 4,096 bits of RSA are 1,024. */
export const MAX_SIGNATURE = 4096;
export const MAX_KEYS = 10_000;
export const MAX_KEY_BYTES = 4096;
/** Signatures whose sidecar does not say which digest they belong to; each is tried on each digest that has none. */
export const MAX_ANONYMOUS = 64;
/** Log files read again to see whether only their white space changed, and their bytes together. */
export const MAX_REREAD_FILES = 2000;
export const MAX_REREAD_BYTES = 512 * 1024 * 1024;
/** Digests that the hourly rhythm implies in one gap; a longer gap is told as a gap only. */
export const MAX_IMPLIED = 48;

/** The check gives way to other work of its thread after so long, in ms. */
export const HELD_MS = 12;
