/**
 * A global dictionary: code c (1-based, 0 is absent) ↔ string. Strings stay UTF-8 bytes; the hash table is built at the first
 * merge, so opening a consolidated case costs a copy of bytes and nothing else.
 */
import type { ByteStrings } from './byte-strings.ts';
import { compareBytes, decodeUtf8, encodeUtf8, endsOfLengths, sameBytes, startOf, utf16Length } from './byte-strings.ts';
import { hashBytes, tableSize } from './hash.ts';

const DECODED_KEPT = 20_000;
const SEARCHES_KEPT = 8;
const SCAN_BYTES = 256 * 1024;

/** Codes first … last in lower case, joined; null when they are not all ASCII. */
interface LoweredBlock {
  first: number;
  last: number;
  text: string | null;
}

export class Dictionary {
  /** Codes 1 … count exist. */
  count = 0;
  private bytes = new Uint8Array(256);
  /** ends[c] is where code c ends; ends[0] = 0, so code c is bytes[ends[c-1] … ends[c]-1]. */
  private ends = new Uint32Array(64);
  private slots: Uint32Array | null = null;
  private hashes = new Uint32Array(0);
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
    return this.merge({ count: 1, bytes, ends: Uint32Array.of(bytes.length) })[1];
  }

  /** Takes in a local dictionary and gives local code → code; entry 0 is 0. */
  merge(local: ByteStrings): Uint32Array<ArrayBuffer> {
    const remap = new Uint32Array(local.count + 1);
    this.reserve(0, local.count);
    this.needTable(this.count + local.count);
    for (let i = 0; i < local.count; i++) {
      const from = startOf(local.ends, i);
      const to = local.ends[i];
      const hash = hashBytes(local.bytes, from, to);
      remap[i + 1] = this.lookup(local.bytes, from, to, hash) || this.append(local.bytes, from, to, hash);
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

  /** Strings from code `from` on, in the stored form; null when there are none. */
  growth(from: number): { text: Uint8Array<ArrayBuffer>; lengths: Uint32Array<ArrayBuffer> } | null {
    if (from > this.count) return null;
    const lengths = new Uint32Array(this.count - from + 1);
    for (let i = 0; i < lengths.length; i++) lengths[i] = utf16Length(this.bytes, this.ends[from - 1 + i], this.ends[from + i]);
    return { text: this.bytes.slice(this.ends[from - 1], this.ends[this.count]), lengths };
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

  private lookup(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const slots = this.slots as Uint32Array;
    const mask = slots.length - 1;
    for (let slot = hash & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const code = slots[slot];
      if (this.hashes[code] === hash && sameBytes(this.bytes, this.ends[code - 1], this.ends[code], bytes, from, to)) return code;
    }
    return 0;
  }

  private append(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const start = this.ends[this.count];
    this.reserve(to - from, 1);
    this.bytes.set(bytes.subarray(from, to), start);
    const code = ++this.count;
    this.ends[code] = start + to - from;
    this.hashes[code] = hash;
    this.place(code);
    return code;
  }

  private place(code: number): void {
    const slots = this.slots as Uint32Array;
    const mask = slots.length - 1;
    let slot = this.hashes[code] & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = code;
  }

  private needTable(strings: number): void {
    const known = this.slots ? this.count : 0;
    if (this.hashes.length <= strings) this.hashes = grown(this.hashes, strings + 1);
    const size = tableSize(strings);
    if (this.slots && this.slots.length >= size) return;
    for (let code = known + 1; code <= this.count; code++) this.hashes[code] = hashBytes(this.bytes, this.ends[code - 1], this.ends[code]);
    this.slots = new Uint32Array(size);
    for (let code = 1; code <= this.count; code++) this.place(code);
  }

  private reserve(bytes: number, strings: number): void {
    this.bytes = grown(this.bytes, this.ends[this.count] + bytes);
    this.ends = grown(this.ends, this.count + 1 + strings);
  }
}

/** The array with at least `length` elements: exactly so many with `exact`, else with room to grow. */
export function grown<T extends Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(array: T, length: number, exact = false): T {
  if (array.length >= length && !(exact && array.length > length)) return array;
  const larger = new (array.constructor as new (length: number) => T)(exact ? length : Math.max(length, Math.ceil(array.length * 1.5)));
  larger.set(array.subarray(0, Math.min(array.length, length)));
  return larger;
}
