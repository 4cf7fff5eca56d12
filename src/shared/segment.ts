/**
 * A segment: the columns of a run of source rows in one ArrayBuffer, with a layout that says where each part lies.
 * One buffer, because a typed array that is a view drags its whole buffer along when it is stored or cloned, and because one
 * buffer is transferred and stored in one step. Builders use plain arrays; only a finished segment has this shape.
 */
import type { DictColumnId, MultiColumnId } from './columns.ts';

/** Raised whenever a column is added or a part changes its meaning; docs/formats.md lists the steps. */
export const SEGMENT_VERSION = 3;
/** Since this version every column is there: what is older is made anew from the originals. */
export const COLUMNS_SINCE = 2;

export type ElementType = 'u8' | 'u16' | 'u32' | 'f64';

/** Where an array lies in the segment's buffer. Offsets in bytes, aligned to 8; length in elements. */
export interface ArrayPart {
  type: ElementType;
  offset: number;
  length: number;
}

/**
 * A dictionary of a segment: code c (1-based; 0 is absent) is the c-th string. `text` holds all strings joined, as UTF-8;
 * `lengths` (u32) holds each string's length in UTF-16 units. Joined, because decoding strings one by one costs five times more.
 */
export interface DictionaryPart {
  count: number;
  text: ArrayPart; // u8
  lengths: ArrayPart; // u32
}

/** Row flags, the `flags` part. A row has at most one of the first two. */
export const ROW_ID_UUID = 1; // eventID is a canonical lower-case UUID, in `idWords`
export const ROW_ID_TEXT = 2; // any other eventID: idWords[4i] is its index in `idTexts` (0-based)
export const ROW_INSIGHT = 4; // an Insight record: an event without a principal
export const ROW_TIME_UNREADABLE = 8; // eventTime present but not a time; the time part holds NaN
export const ROW_SUMMARY = 16; // only some fields of the event were in the source (a CSV, a lookup-events entry without its record)

/** Several codes a row, row after row. */
export interface MultiPart {
  codes: ArrayPart;
  /** How many of them each row has. */
  counts?: ArrayPart;
  /** Instead, before version 3: u32 of rows + 1 entries; row i has the codes start[i] … start[i+1]-1. */
  start?: ArrayPart;
}

/** One entry per source row, in the order of the records in their files. */
export interface SegmentLayout {
  version: number;
  rows: number;
  byteLength: number;
  /** f64, EpochMs; NaN when the record has no readable eventTime. */
  time: ArrayPart;
  /** u32 × 4 per row: the 128 bits of a UUID, most significant word first; else see ROW_ID_TEXT. */
  idWords: ArrayPart;
  /** u8 */
  flags: ArrayPart;
  /** u32 × 2 per row: 64-bit hash of the record's exact bytes. */
  textHash: ArrayPart;
  /** Index into the commit's `blocks`. As the next three: u8, u16 or u32, whichever is enough (before version 3 always u32). */
  block: ArrayPart;
  /** Where the record's exact bytes begin in the unpacked block, and how many there are. */
  textOffset: ArrayPart;
  textLength: ArrayPart;
  /** Number of the record in its file, from 0, counting unreadable ones. */
  recordNumber: ArrayPart;
  /** u8: number of top-level fields with a value (saturating): of several copies the richest is shown. */
  richness: ArrayPart;
  /** Codes in u8, u16 or u32, whichever is enough for the segment; no element at all when the column is absent from every row. */
  dict: Record<DictColumnId, ArrayPart>;
  multi: Record<MultiColumnId, MultiPart>;
  dictionaries: Record<DictColumnId | MultiColumnId, DictionaryPart>;
  /** EventIDs that are not canonical UUIDs, one entry per such row (not made unique). */
  idTexts: DictionaryPart;
}

export interface Segment {
  layout: SegmentLayout;
  buffer: ArrayBuffer;
}

export type CodeArray = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** Zeros, in the narrowest width that holds values up to `max`. */
export function codeArray(max: number, length: number): CodeArray {
  return max < 0x100 ? new Uint8Array(length) : max < 0x10000 ? new Uint16Array(length) : new Uint32Array(length);
}

export const align8 = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** A view (not a copy) of a part that holds codes. Throws when the part holds floats. */
export function viewCodes(buffer: ArrayBuffer, part: ArrayPart): CodeArray {
  if (part.type === 'u8') return new Uint8Array(buffer, part.offset, part.length);
  if (part.type === 'u16') return new Uint16Array(buffer, part.offset, part.length);
  if (part.type === 'u32') return new Uint32Array(buffer, part.offset, part.length);
  throw new Error('part holds no codes');
}

export function viewU32(buffer: ArrayBuffer, part: ArrayPart): Uint32Array<ArrayBuffer> {
  if (part.type !== 'u32') throw new Error(`part is ${part.type}, not u32`);
  return new Uint32Array(buffer, part.offset, part.length);
}

export function viewF64(buffer: ArrayBuffer, part: ArrayPart): Float64Array<ArrayBuffer> {
  if (part.type !== 'f64') throw new Error(`part is ${part.type}, not f64`);
  return new Float64Array(buffer, part.offset, part.length);
}

/** The strings of a dictionary part; strings[0] has code 1. */
export function readDictionary(buffer: ArrayBuffer, part: DictionaryPart): string[] {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array(buffer, part.text.offset, part.text.length));
  const lengths = viewU32(buffer, part.lengths);
  const strings = new Array<string>(part.count);
  let at = 0;
  for (let i = 0; i < part.count; i++) {
    const end = at + lengths[i];
    strings[i] = text.slice(at, end);
    at = end;
  }
  return strings;
}

/** Lays parts one after another, each aligned to 8 bytes; then gives one buffer that holds them. */
export class BufferLayout {
  private size = 0;
  private readonly pieces: { offset: number; bytes: Uint8Array }[] = [];

  add(type: ElementType, data: Uint8Array | Uint16Array | Uint32Array | Float64Array): ArrayPart {
    const part: ArrayPart = { type, offset: this.size, length: data.length };
    this.pieces.push({ offset: this.size, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) });
    this.size = align8(this.size + data.byteLength);
    return part;
  }

  addDictionary(strings: readonly string[]): DictionaryPart {
    const lengths = new Uint32Array(strings.length);
    for (let i = 0; i < strings.length; i++) lengths[i] = strings[i].length;
    return this.addEncoded(new TextEncoder().encode(strings.map((s) => s.toWellFormed()).join('')), lengths);
  }

  /** Strings that are encoded already, joined; `lengths` in UTF-16 units. */
  addEncoded(text: Uint8Array, lengths: Uint32Array): DictionaryPart {
    return { count: lengths.length, text: this.add('u8', text), lengths: this.add('u32', lengths) };
  }

  /** The smallest of u8, u16, u32 that holds codes up to `max`. */
  addCodes(codes: ArrayLike<number>, max: number): ArrayPart {
    const narrow = codeArray(max, codes.length);
    narrow.set(codes);
    return this.add(narrow.BYTES_PER_ELEMENT === 1 ? 'u8' : narrow.BYTES_PER_ELEMENT === 2 ? 'u16' : 'u32', narrow);
  }

  finish(): ArrayBuffer {
    const whole = new Uint8Array(this.size);
    for (const piece of this.pieces) whole.set(piece.bytes, piece.offset);
    return whole.buffer;
  }
}
