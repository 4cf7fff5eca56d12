/**
 * Strings and their codes, as UTF-8 bytes in a hash table: as JavaScript strings in a Map they would take three times the memory, and
 * be what the garbage collector works on. The table of codes is built when it is first asked.
 */
import { sameBytes, utf16Length } from './byte-strings.ts';
import { hashBytes, tableSize } from './hash.ts';

export class ByteTable {
  /** Codes 1 … count exist. */
  count = 0;
  protected bytes = new Uint8Array(256);
  /** ends[c] is where code c ends; ends[0] = 0, so code c is bytes[ends[c-1] … ends[c]-1]. */
  protected ends = new Uint32Array(64);
  protected slots: Uint32Array | null = null;
  protected hashes = new Uint32Array(0);

  /** The code of bytes[from … to-1], a new one when they are new. */
  codeOf(bytes: Uint8Array, from: number, to: number): number {
    this.needTable(this.count + 1);
    const hash = hashBytes(bytes, from, to);
    return this.lookup(bytes, from, to, hash) || this.append(bytes, from, to, hash);
  }

  /** Strings from code `from` on, in the stored form; null when there are none. */
  growth(from: number): { text: Uint8Array<ArrayBuffer>; lengths: Uint32Array<ArrayBuffer> } | null {
    if (from > this.count) return null;
    const lengths = new Uint32Array(this.count - from + 1);
    for (let i = 0; i < lengths.length; i++) lengths[i] = utf16Length(this.bytes, this.ends[from - 1 + i], this.ends[from + i]);
    return { text: this.bytes.slice(this.ends[from - 1], this.ends[this.count]), lengths };
  }

  protected lookup(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const slots = this.slots as Uint32Array;
    const mask = slots.length - 1;
    for (let slot = hash & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const code = slots[slot];
      if (this.hashes[code] === hash && sameBytes(this.bytes, this.ends[code - 1], this.ends[code], bytes, from, to)) return code;
    }
    return 0;
  }

  protected append(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const start = this.ends[this.count];
    this.reserve(to - from, 1);
    // Most strings are short: a view of the bytes would cost more than copying them one by one.
    for (let i = from, at = start; i < to; i++, at++) this.bytes[at] = bytes[i];
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

  /** The table of codes, with room for so many strings. */
  protected needTable(strings: number): void {
    // Two thirds full at the most, as `tableSize` has it.
    if (this.slots !== null && this.hashes.length > strings && this.slots.length * 2 >= strings * 3) return;
    const known = this.slots ? this.count : 0;
    if (this.hashes.length <= strings) this.hashes = grown(this.hashes, strings + 1);
    const size = tableSize(strings);
    if (this.slots && this.slots.length >= size) return;
    for (let code = known + 1; code <= this.count; code++) this.hashes[code] = hashBytes(this.bytes, this.ends[code - 1], this.ends[code]);
    this.slots = new Uint32Array(size);
    for (let code = 1; code <= this.count; code++) this.place(code);
  }

  protected reserve(bytes: number, strings: number): void {
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
