/**
 * The strings of one column of a segment and their codes. Kept as UTF-8 bytes in a table of our own: as JavaScript strings in a Map
 * they would live until the segment is finished, and hundreds of thousands of them are what the garbage collector then works on.
 */
import { type BufferLayout, type DictionaryPart, wellFormedUtf8 } from '../../shared/segment.ts';
import { MAX_VALUE_CHARS } from './limits.ts';

/** A power of two. */
const RECENT = 256;
const FIRST_STRINGS = 64;
const FIRST_BYTES = 1024;
/** Drawn anew in every run, so that no evidence can be made to collide. */
const SEED = crypto.getRandomValues(new Uint32Array(1))[0];

export class SegmentDictionary {
  /** Number of strings; their codes are 1 to `count`. */
  count = 0;
  private bytes = new Uint8Array(FIRST_BYTES);
  /** Per string: where it ends in `bytes`, its length in UTF-16 units, its hash. */
  private ends = new Uint32Array(FIRST_STRINGS);
  private lengths = new Uint32Array(FIRST_STRINGS);
  private hashes = new Uint32Array(FIRST_STRINGS);
  /** Open addressing: codes, 0 where nothing is; at most half full. */
  private table = new Uint32Array(FIRST_STRINGS * 2);
  // Recent values by length and some of their characters: comparing a fresh string with one of these is cheaper than a hash of all
  // its characters.
  private readonly recentValues: (string | null)[] = new Array<string | null>(RECENT).fill(null);
  private readonly recentCodes = new Uint32Array(RECENT);

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
    const code = this.find(value);
    this.recentValues[slot] = value;
    this.recentCodes[slot] = code;
    return code;
  }

  addTo(out: BufferLayout): DictionaryPart {
    const used = this.count === 0 ? 0 : this.ends[this.count - 1];
    return out.addEncoded(this.bytes.subarray(0, used), this.lengths.subarray(0, this.count));
  }

  private find(value: string): number {
    let hash = SEED ^ value.length;
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      if (unit >= 0x80) return this.findEncoded(wellFormedUtf8(value), value.length);
      hash = step(hash, unit);
    }
    const { table, hashes, ends, lengths, bytes } = this;
    const mask = table.length - 1;
    hash = finish(hash);
    let at = hash & mask;
    for (let code = table[at]; code !== 0; at = (at + 1) & mask, code = table[at]) {
      if (hashes[code - 1] !== hash || lengths[code - 1] !== value.length) continue;
      const end = ends[code - 1];
      // As many bytes as units: both are ASCII.
      let start = code === 1 ? 0 : ends[code - 2];
      if (end - start !== value.length) continue;
      let i = 0;
      while (i < value.length && bytes[start] === value.charCodeAt(i)) {
        start++;
        i++;
      }
      if (i === value.length) return code;
    }
    const from = this.room(value.length);
    for (let i = 0; i < value.length; i++) this.bytes[from + i] = value.charCodeAt(i);
    return this.insert(at, hash, from + value.length, value.length);
  }

  private findEncoded(text: Uint8Array, units: number): number {
    let hash = SEED ^ text.length;
    for (let i = 0; i < text.length; i++) hash = step(hash, text[i]);
    const { table, hashes, ends, bytes } = this;
    const mask = table.length - 1;
    hash = finish(hash);
    let at = hash & mask;
    for (let code = table[at]; code !== 0; at = (at + 1) & mask, code = table[at]) {
      const start = code === 1 ? 0 : ends[code - 2];
      if (hashes[code - 1] !== hash || ends[code - 1] - start !== text.length) continue;
      let i = 0;
      while (i < text.length && bytes[start + i] === text[i]) i++;
      if (i === text.length) return code;
    }
    const from = this.room(text.length);
    this.bytes.set(text, from);
    return this.insert(at, hash, from + text.length, units);
  }

  /** Makes room for a string; gives where it begins. */
  private room(size: number): number {
    const from = this.count === 0 ? 0 : this.ends[this.count - 1];
    if (from + size > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.bytes.length * 2, from + size));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    return from;
  }

  private insert(at: number, hash: number, end: number, units: number): number {
    const i = this.count++;
    if (i === this.ends.length) {
      this.ends = doubled(this.ends);
      this.lengths = doubled(this.lengths);
      this.hashes = doubled(this.hashes);
    }
    this.ends[i] = end;
    this.lengths[i] = units;
    this.hashes[i] = hash;
    this.table[at] = this.count;
    if (this.count * 2 > this.table.length) this.growTable();
    return i + 1;
  }

  private growTable(): void {
    const table = new Uint32Array(this.table.length * 2);
    const mask = table.length - 1;
    for (let i = 0; i < this.count; i++) {
      let at = this.hashes[i] & mask;
      while (table[at] !== 0) at = (at + 1) & mask;
      table[at] = i + 1;
    }
    this.table = table;
  }
}

const step = (hash: number, byte: number): number => {
  const h = Math.imul(hash ^ byte, 0x9e3779b1);
  return h ^ (h >>> 15);
};

function finish(hash: number): number {
  const h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}

function doubled(words: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(words.length * 2);
  larger.set(words);
  return larger;
}
