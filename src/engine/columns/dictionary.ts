/**
 * A global dictionary: code c (1-based, 0 is absent) ↔ string. Strings stay UTF-8 bytes; the hash table is built at the first
 * merge, so opening a consolidated case costs a copy of bytes and nothing else.
 */
import type { ByteStrings } from '../../shared/byte-strings.ts';
import { compareBytes, decodeUtf8, encodeUtf8, endsOfLengths, sameBytes, startOf } from '../../shared/byte-strings.ts';
import { ByteTable, grown } from '../../shared/byte-table.ts';
import { hashBytes } from '../../shared/hash.ts';

const DECODED_KEPT = 20_000;
const SEARCHES_KEPT = 8;
const SCAN_BYTES = 256 * 1024;

/** Codes first … last in lower case, joined; null when they are not all ASCII. */
interface LoweredBlock {
  first: number;
  last: number;
  text: string | null;
}

export class Dictionary extends ByteTable {
  private readonly decoded = new Map<number, string>();
  /** Made at the first search, since people type on. */
  private lowered: { count: number; blocks: LoweredBlock[] } | null = null;
  private readonly searches = new Map<string, { count: number; found: Uint8Array }>();

  /** The string of a code; null for 0, and for a code that does not exist. */
  get(code: number): string | null {
    if (code <= 0 || code > this.count) return null;
    let text = this.decoded.get(code);
    if (text === undefined) {
      text = decodeUtf8(this.bytes.subarray(this.ends[code - 1], this.ends[code]));
      if (this.decoded.size >= DECODED_KEPT) this.decoded.clear();
      this.decoded.set(code, text);
    }
    return text;
  }

  /** The code of a string, 0 when it is not here. */
  find(text: string): number {
    const bytes = encodeUtf8(text);
    if (this.slots) return this.lookup(bytes, 0, bytes.length, hashBytes(bytes, 0, bytes.length));
    for (let code = 1; code <= this.count; code++) {
      if (sameBytes(this.bytes, this.ends[code - 1], this.ends[code], bytes, 0, bytes.length)) return code;
    }
    return 0;
  }

  /** Makes `find` quick, for many values at once. */
  index(): void {
    this.needTable(this.count);
  }

  add(text: string): number {
    const bytes = encodeUtf8(text);
    return this.codeOf(bytes, 0, bytes.length);
  }

  /** Takes in a local dictionary and gives local code → code; entry 0 is 0. */
  merge(local: ByteStrings): Uint32Array<ArrayBuffer> {
    const remap = new Uint32Array(local.count + 1);
    this.reserve(0, local.count);
    this.needTable(this.count + local.count);
    for (let i = 0; i < local.count; i++) {
      remap[i + 1] = this.codeOf(local.bytes, startOf(local.ends, i), local.ends[i]);
    }
    return remap;
  }

  /** Appends stored growth. Throws when it does not begin at the next free code. */
  appendChunk(from: number, text: Uint8Array, lengths: Uint32Array): void {
    if (from !== this.count + 1) throw new Error(`dictionary growth begins at ${from}, not at ${this.count + 1}`);
    const start = this.ends[this.count];
    this.reserve(text.length, lengths.length);
    this.bytes.set(text, start);
    const ends = endsOfLengths(text, lengths);
    for (let i = 0; i < ends.length; i++) this.ends[this.count + 1 + i] = start + ends[i];
    this.count += lengths.length;
    this.slots = null;
  }

  /** found[code] is 1 when the string contains the text, ignoring case; found[0] is 0. Do not change it. */
  search(text: string): Uint8Array {
    const kept = this.searches.get(text);
    if (kept && kept.count === this.count) return kept.found;
    const found = this.scan(text.toLowerCase());
    if (this.searches.size >= SEARCHES_KEPT) this.searches.clear();
    this.searches.set(text, { count: this.count, found });
    return found;
  }

  /** Order of two codes by code unit of their strings; absent comes first. */
  compare(a: number, b: number): number {
    if (a === 0 || b === 0) return (a === 0 ? 0 : 1) - (b === 0 ? 0 : 1);
    return compareBytes(this.bytes, this.ends[a - 1], this.ends[a], this.bytes, this.ends[b - 1], this.ends[b]);
  }

  /** Codes that begin with the text. */
  startsWith(code: number, ascii: string): boolean {
    if (code === 0) return false;
    const from = this.ends[code - 1];
    if (this.ends[code] - from < ascii.length) return false;
    for (let i = 0; i < ascii.length; i++) if (this.bytes[from + i] !== ascii.charCodeAt(i)) return false;
    return true;
  }

  /** Room for stored growth that is about to be appended, or for none: gives back what is not used. */
  resize(bytes: number, strings: number): void {
    this.bytes = grown(this.bytes, this.ends[this.count] + bytes, true);
    this.ends = grown(this.ends, this.count + 1 + strings, true);
  }

  get byteLength(): number {
    const lowered = this.lowered?.blocks.reduce((sum, block) => sum + (block.text?.length ?? 0), 0) ?? 0;
    return this.bytes.byteLength + this.ends.byteLength + this.hashes.byteLength + (this.slots?.byteLength ?? 0) + lowered;
  }

  private scan(needle: string): Uint8Array {
    const found = new Uint8Array(this.count + 1);
    if (this.lowered?.count !== this.count) this.lowered = { count: this.count, blocks: this.lower() };
    for (const { first, last, text } of this.lowered.blocks) {
      if (text !== null) this.scanAscii(text, this.ends[first - 1], first, last, needle, found);
      else for (let code = first; code <= last; code++) if (this.get(code)?.toLowerCase().includes(needle)) found[code] = 1;
    }
    return found;
  }

  private lower(): LoweredBlock[] {
    const blocks: LoweredBlock[] = [];
    for (let first = 1; first <= this.count; ) {
      const base = this.ends[first - 1];
      let last = first;
      while (last < this.count && this.ends[last + 1] - base <= SCAN_BYTES) last++;
      const text = decodeUtf8(this.bytes.subarray(base, this.ends[last]));
      // As many characters as bytes: all ASCII, so places in the text are places in the bytes.
      blocks.push({ first, last, text: text.length === this.ends[last] - base ? text.toLowerCase() : null });
      first = last + 1;
    }
    return blocks;
  }

  private scanAscii(text: string, base: number, first: number, last: number, needle: string, found: Uint8Array): void {
    if (needle === '') {
      found.fill(1, first, last + 1);
      return;
    }
    let code = first;
    for (let at = text.indexOf(needle); at >= 0; ) {
      while (this.ends[code] - base <= at) code++;
      const end = this.ends[code] - base;
      const inside = at + needle.length <= end;
      if (inside) found[code] = 1;
      at = text.indexOf(needle, inside ? end : at + 1);
    }
  }
}
