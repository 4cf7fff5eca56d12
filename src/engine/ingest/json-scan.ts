/**
 * Byte-level scanning of JSON text: where a value ends, without understanding it. Strings and brackets only; whether the piece is
 * JSON at all is for `JSON.parse` to say.
 */
import { MAX_DEPTH } from './limits.ts';

/** The bytes ended inside the value. */
export const INCOMPLETE = -1;
/** Brackets that do not match, or nesting past the limit. */
export const BROKEN = -2;

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;
const BACKSLASH = 0x5c;

export const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** First byte at or after `at` that is not JSON whitespace; `end` when there is none. */
export function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && isSpace(bytes[at])) at++;
  return at;
}

/** Just behind the string whose opening quote is at `at`, or INCOMPLETE. */
export function stringEnd(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at + 1; i < end; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) return i + 1;
    if (byte === BACKSLASH) i++;
  }
  return INCOMPLETE;
}

const openers = new Uint8Array(MAX_DEPTH + 1);

/** How far the last scan of an object or list went before it found no end. */
export let scannedTo = 0;

/** Just behind the JSON value that begins at `at`; INCOMPLETE or BROKEN when there is no such place. A scalar ends at a delimiter or at `end`. */
export function valueEnd(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at];
  if (first === QUOTE) return stringEnd(bytes, at, end);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) {
    let i = at;
    while (i < end) {
      const byte = bytes[i];
      if (byte === COMMA || byte === CLOSE_BRACKET || byte === CLOSE_BRACE || byte === COLON || byte === QUOTE || isSpace(byte)) break;
      i++;
    }
    return i === at ? BROKEN : i;
  }
  let depth = 0;
  for (let i = at; i < end; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) {
      for (i++; i < end; i++) {
        const inner = bytes[i];
        if (inner === QUOTE) break;
        if (inner === BACKSLASH) i++;
      }
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (depth === MAX_DEPTH) {
        scannedTo = i;
        return BROKEN;
      }
      openers[depth++] = byte;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      // '{' and '}' differ by two, and so do '[' and ']'.
      if (openers[--depth] + 2 !== byte) {
        scannedTo = i;
        return BROKEN;
      }
      if (depth === 0) return i + 1;
    }
  }
  scannedTo = end;
  return INCOMPLETE;
}
