/**
 * Parses records whose userIdentity was seen before without parsing it again: a session makes many calls, each with the same
 * identity, which is a third of a record. Only for text that begins as CloudTrail writes it; anything else is parsed as a whole.
 */
import { randomInt } from 'node:crypto';
import { KEPT_IDENTITY_BYTES } from './limits.ts';
import { isObject, type JsonObject, type KnownIdentity } from './record.ts';

interface Entry extends KnownIdentity {
  /** Its exact text. */
  bytes: Buffer;
}

/** A power of two. */
const SLOTS = 4096;
const wordsOf = (text: string): DataView => new DataView(new TextEncoder().encode(text).buffer);
const BEFORE_VERSION = wordsOf('{"eventVersion":"');
const BEHIND_VERSION = wordsOf('","userIdentity":{');
const LONGEST_VERSION = 8;
/** What follows the identity. */
const NEEDLE = Buffer.from('},"eventTime":"');
/** In the place of the identity while the rest of a record is parsed; a number that no evidence can know. */
const PLACEHOLDER = randomInt(2 ** 30);
const QUOTE = 0x22;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
/** Bytes from one word of an identity that is hashed to the next: one of them always lies in the key ID. The text itself decides. */
const STRIDE = 20;
/** Of a run of records without repetition: how many are tried, and how many of those that follow are not. */
const TRIES = 128;
const REST = 1024;

export class IdentityCache {
  private readonly slots: (Entry | null)[] = new Array<Entry | null>(SLOTS).fill(null);
  private bytes: Buffer = Buffer.alloc(0);
  private words = new DataView(this.bytes.buffer, 0, 0);
  /** Where NEEDLE was last found in `bytes`: searched once, however far ahead it is. */
  private needleAt = 0;
  private tries = TRIES;
  private rest = 0;
  private lastVersion = 0;
  private lastHead = '';
  private lastRecord: JsonObject | null = null;
  private lastKnown: KnownIdentity | null = null;

  /** The identity of the record that `parse` gave last, when it is one that is kept and that says by itself who acted. */
  knownOf(record: JsonObject): KnownIdentity | null {
    return record === this.lastRecord ? this.lastKnown : null;
  }

  /** Before records of other bytes than the last ones'. */
  begin(bytes: Buffer): void {
    this.bytes = bytes;
    this.words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.needleAt = 0;
  }

  /** The value at bytes[start … end-1], exactly as `JSON.parse` gives it; undefined when it is not JSON. */
  parse(start: number, end: number, ascii: boolean): unknown {
    const shared = this.rest > 0 ? undefined : this.parseShared(start, end, ascii);
    if (shared !== undefined) return shared;
    if (this.rest > 0 && --this.rest === 0) this.tries = TRIES;
    this.lastRecord = null;
    return parse(decode(this.bytes, start, end, ascii));
  }

  private parseShared(start: number, end: number, ascii: boolean): JsonObject | undefined {
    const { bytes } = this;
    const version = this.versionEnd(start, end);
    if (version === 0) return undefined;
    const from = version + BEHIND_VERSION.byteLength - 1;
    if (this.needleAt < from) {
      this.needleAt = bytes.indexOf(NEEDLE, from);
      if (this.needleAt === -1) this.needleAt = Number.POSITIVE_INFINITY;
    }
    const to = this.needleAt + 1;
    if (to >= end || to - from > KEPT_IDENTITY_BYTES) return undefined;
    const known = this.known(from, to, ascii);
    if (known === null) return undefined;
    const record = parse(this.headOf(start + BEFORE_VERSION.byteLength, version) + decode(bytes, to, end, ascii));
    if (!isObject(record)) return undefined;
    this.lastRecord = record;
    this.lastKnown = null;
    // Of keys that stand twice the last one counts.
    if (record.userIdentity === PLACEHOLDER) {
      record.userIdentity = known.value;
      // Of a service the record says more than its identity.
      if (known.value.type !== 'AWSService') this.lastKnown = known;
    }
    return record;
  }

  /** Behind the version of a record that begins as CloudTrail writes it, where the quote is; 0 for any other text. */
  private versionEnd(start: number, end: number): number {
    const { bytes, words } = this;
    if (end - start < BEFORE_VERSION.byteLength + LONGEST_VERSION + BEHIND_VERSION.byteLength || !stands(words, start, BEFORE_VERSION))
      return 0;
    let at = start + BEFORE_VERSION.byteLength;
    const limit = at + LONGEST_VERSION;
    for (; at < limit && bytes[at] !== QUOTE; at++) if (bytes[at] !== DOT && (bytes[at] < ZERO || bytes[at] > NINE)) return 0;
    return stands(words, at, BEHIND_VERSION) ? at : 0;
  }

  /** The text before the place of what follows an identity, with the version at bytes[from … to-1]. */
  private headOf(from: number, to: number): string {
    // Digits and points, at most eight of them: no two versions have the same number.
    let version = 1;
    for (let at = from; at < to; at++) version = version * 16 + (this.bytes[at] & 15);
    if (version !== this.lastVersion) {
      this.lastVersion = version;
      this.lastHead = `{"eventVersion":"${this.bytes.toString('latin1', from, to)}","userIdentity":${PLACEHOLDER}`;
    }
    return this.lastHead;
  }

  /** Null when the text is no JSON object. */
  private known(from: number, to: number, ascii: boolean): Entry | null {
    const { bytes, words } = this;
    let hash = to - from;
    for (let at = from; at + 4 <= to; at += STRIDE) hash = Math.imul(hash ^ words.getInt32(at, true), 0x2c1b3c6d) ^ (hash >>> 15);
    const slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    const entry = this.slots[slot];
    if (entry !== null && entry.bytes.length === to - from && bytes.compare(entry.bytes, 0, entry.bytes.length, from, to) === 0) {
      if (this.tries < TRIES) this.tries++;
      return entry;
    }
    if (--this.tries === 0) this.rest = REST;
    const value = parse(decode(bytes, from, to, ascii));
    if (!isObject(value)) return null;
    const made: Entry = { value, bytes: Buffer.from(bytes.subarray(from, to)) };
    this.slots[slot] = made;
    return made;
  }
}

/** Whether `words` has these bytes at `at`, four at a time; the last four may lie over those before. */
function stands(words: DataView, at: number, text: DataView): boolean {
  const last = text.byteLength - 4;
  for (let i = 0; i < last; i += 4) if (words.getInt32(at + i) !== text.getInt32(i)) return false;
  return words.getInt32(at + last) === text.getInt32(last);
}

export const decode = (bytes: Buffer, start: number, end: number, ascii: boolean): string =>
  ascii ? bytes.toString('latin1', start, end) : bytes.toString('utf8', start, end);

/** undefined when the text is not JSON (no JSON value is undefined). */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
