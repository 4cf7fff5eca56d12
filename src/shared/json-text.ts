/** JSON text without understanding all of it: where a member's value stands, how deep brackets go, and what is an object. */

export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A record nests no deeper than this; the same limit holds for text inside text (`engine/ingest/limits.ts`). */
const MAX_DEPTH = 2048;
/** Shorter text cannot nest deeper: each level needs an opening and a closing character. */
const UNMEASURED = 2 * MAX_DEPTH;

/** The object that the text is, or null: no JSON, another value, or nesting past the limit. Never throws. */
export function parseObject(text: string): JsonObject | null {
  if (text.length > UNMEASURED && depthOf(text) > MAX_DEPTH) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) at = stringEnd(text, at) - 1;
    else if (unit === 0x7b || unit === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (unit === 0x7d || unit === 0x5d) depth--;
  }
  return deepest;
}

/**
 * The text of a member's value, exactly as written, in the text of an object that JSON.parse took. Of a key that stands there
 * several times the last one, as JSON.parse has it; null when there is none.
 */
export function memberText(text: string, key: string): string | null {
  let found: string | null = null;
  let at = skipSpace(text, text.indexOf('{') + 1);
  while (text.charCodeAt(at) === 0x22) {
    const keyEnd = stringEnd(text, at);
    const name = text.slice(at, keyEnd);
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = valueEnd(text, start);
    if (end <= start) break;
    if (name === `"${key}"` || (name.includes('\\') && JSON.parse(name) === key)) found = text.slice(start, end);
    at = skipSpace(text, skipSpace(text, end) + 1);
  }
  return found;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  for (let unit = text.charCodeAt(at); unit === 32 || unit === 9 || unit === 10 || unit === 13; unit = text.charCodeAt(at)) at++;
  return at;
}

/** Just behind the string whose quote is at `at`; the end of the text when it is never closed. */
function stringEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x22) return i + 1;
    if (unit === 0x5c) i++;
  }
  return text.length;
}

function valueEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) {
      at = stringEnd(text, at) - 1;
      if (depth === 0) return at + 1;
    } else if (unit === 0x7b || unit === 0x5b) depth++;
    else if (unit === 0x7d || unit === 0x5d) {
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (depth === 0 && (unit === 0x2c || unit === 32 || unit === 10 || unit === 13 || unit === 9)) return at;
  }
  return text.length;
}
