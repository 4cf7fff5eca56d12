/** Lists of strings kept as their UTF-8 bytes: a third of the memory of JavaScript strings, and nothing is decoded that nobody asks for. */
import { type DictionaryPart, viewU32 } from './segment.ts';

/** String i is bytes[ends[i-1] … ends[i]-1] (from 0 for the first). */
export interface ByteStrings {
  count: number;
  bytes: Uint8Array<ArrayBuffer>;
  ends: Uint32Array<ArrayBuffer>;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

export const decodeUtf8 = (bytes: Uint8Array): string => decoder.decode(bytes);
export const encodeUtf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);

/** Bytes of the character that begins with this byte; 1 for a byte that begins none. */
const characterBytes = (lead: number): number => (lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);

/** Byte ends of strings given by their lengths in UTF-16 units. Lengths that reach past the bytes are cut there. */
export function endsOfLengths(bytes: Uint8Array, lengths: Uint32Array): Uint32Array<ArrayBuffer> {
  const ends = new Uint32Array(lengths.length);
  let units = 0;
  for (let i = 0; i < lengths.length; i++) units += lengths[i];
  let at = 0;
  if (units === bytes.length) {
    for (let i = 0; i < lengths.length; i++) ends[i] = at += lengths[i];
    return ends;
  }
  for (let i = 0; i < lengths.length; i++) {
    for (let left = lengths[i]; left > 0 && at < bytes.length; ) {
      const size = characterBytes(bytes[at]);
      at += size;
      left -= size === 4 ? 2 : 1;
    }
    ends[i] = at = Math.min(at, bytes.length);
  }
  return ends;
}

/** Length in UTF-16 units of well-formed bytes[from … to-1]. */
export function utf16Length(bytes: Uint8Array, from: number, to: number): number {
  let units = 0;
  for (let at = from; at < to; ) {
    const size = characterBytes(bytes[at]);
    at += size;
    units += size === 4 ? 2 : 1;
  }
  return units;
}

/** A copy of a dictionary part's strings. */
export function readByteStrings(buffer: ArrayBuffer, part: DictionaryPart): ByteStrings {
  const bytes = new Uint8Array(buffer, part.text.offset, part.text.length).slice();
  return { count: part.count, bytes, ends: endsOfLengths(bytes, viewU32(buffer, part.lengths).subarray(0, part.count)) };
}

export const startOf = (ends: Uint32Array, i: number): number => (i === 0 ? 0 : ends[i - 1]);

export function stringAt(strings: ByteStrings, i: number): string {
  return decodeUtf8(strings.bytes.subarray(startOf(strings.ends, i), strings.ends[i]));
}

export function sameBytes(a: Uint8Array, aFrom: number, aTo: number, b: Uint8Array, bFrom: number, bTo: number): boolean {
  if (aTo - aFrom !== bTo - bFrom) return false;
  for (let i = aFrom, j = bFrom; i < aTo; i++, j++) if (a[i] !== b[j]) return false;
  return true;
}

/** Order of two UTF-8 strings by UTF-16 code unit, as JavaScript compares strings: negative, 0 or positive. */
export function compareBytes(a: Uint8Array, aFrom: number, aTo: number, b: Uint8Array, bFrom: number, bTo: number): number {
  const common = Math.min(aTo - aFrom, bTo - bFrom);
  for (let i = 0; i < common; i++) {
    const x = a[aFrom + i];
    const y = b[bFrom + i];
    if (x === y) continue;
    // Surrogates (lead byte F0 and up) stand before U+E000 … U+FFFF (lead bytes EE, EF) in UTF-16, after them in UTF-8.
    if (x >= 0xee && y >= 0xee && x >= 0xf0 !== y >= 0xf0) return x >= 0xf0 ? -1 : 1;
    return x - y;
  }
  return aTo - aFrom - (bTo - bFrom);
}
