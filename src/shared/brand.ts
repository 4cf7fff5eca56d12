/** Nominal numbers and strings: an index into one table must not be used on another, nor seconds for milliseconds. */
declare const brand: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** Milliseconds since 1970-01-01T00:00:00Z. NaN in a typed array means "no time in the record". */
export type EpochMs = Brand<number, 'EpochMs'>;
/** Code of a string in a dictionary. 0 is always "absent". */
export type DictCode = Brand<number, 'DictCode'>;
/** Position of a source row in the query worker, over all segments in the order they were attached. */
export type RowIndex = Brand<number, 'RowIndex'>;
export type CaseId = Brand<string, 'CaseId'>;
export type CommitId = Brand<string, 'CommitId'>;
export type ImportId = Brand<string, 'ImportId'>;
/** Opaque right to read something on disk; the page never sees or names the path behind it. */
export type GrantId = Brand<string, 'GrantId'>;
/** Hex, lower case, 64 characters. */
export type Sha256 = Brand<string, 'Sha256'>;
/**
 * Names an event for as long as the evidence is in the case: `id:<eventID>`, or `src:<SHA-256 of the file as found>:<record number>`
 * for a record without eventID and for each of several contradicting records that share one.
 */
export type EventKey = Brand<string, 'EventKey'>;

export const epochMs = (value: number): EpochMs => value as EpochMs;
export const eventKey = (value: string): EventKey => value as EventKey;
