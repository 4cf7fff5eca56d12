/** The strings of one column of a segment and their codes. */
import { ByteTable } from '../../shared/byte-table.ts';
import type { BufferLayout, DictionaryPart } from '../../shared/segment.ts';
import { MAX_VALUE_CHARS } from './limits.ts';

/** A power of two. */
const RECENT = 256;
const EMPTY = { text: new Uint8Array(0), lengths: new Uint32Array(0) };

const encoder = new TextEncoder();
/** A character takes three bytes at most for each UTF-16 unit. */
const encoded = new Uint8Array(MAX_VALUE_CHARS * 3);

/** Into `encoded`, as UTF-8; half a surrogate pair becomes U+FFFD. Gives the number of bytes. */
function encode(value: string): number {
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit >= 0x80) return encoder.encodeInto(value, encoded).written;
    encoded[i] = unit;
  }
  return value.length;
}

export class SegmentDictionary {
  private readonly table = new ByteTable();
  // Recent values by length and some of their characters: comparing a fresh string with one of these is cheaper than a hash of all
  // its characters.
  private readonly recentValues: (string | null)[] = new Array<string | null>(RECENT).fill(null);
  private readonly recentCodes = new Uint32Array(RECENT);

  /** Number of strings; their codes are 1 to `count`. */
  get count(): number {
    return this.table.count;
  }

  /** The code of a string, a new one if it is new. Longer strings than a value may be are cut. */
  code(value: string): number {
    const length = value.length;
    if (length > MAX_VALUE_CHARS) return this.code(`${value.slice(0, MAX_VALUE_CHARS - 1)}…`);
    const slot =
      length === 0
        ? 0
        : (length * 31 + value.charCodeAt(length - 1) * 7 + value.charCodeAt(length >> 1) * 13 + value.charCodeAt(length >> 2) * 3) &
          (RECENT - 1);
    if (this.recentValues[slot] === value) return this.recentCodes[slot];
    const code = this.table.codeOf(encoded, 0, encode(value));
    this.recentValues[slot] = value;
    this.recentCodes[slot] = code;
    return code;
  }

  addTo(out: BufferLayout): DictionaryPart {
    const { text, lengths } = this.table.growth(1) ?? EMPTY;
    return out.addEncoded(text, lengths);
  }
}
