/**
 * 64-bit hash of a record's exact bytes, in two 32-bit lanes: two copies with the same hash are taken for the same text.
 * Not a cryptographic hash; a record's SHA-256 is computed when it is cited.
 */

/** Bytes of one buffer, hashed piece by piece; the last hash lies in `high` and `low` (no allocation per record). */
export class TextHasher {
  high = 0;
  low = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  hash(start: number, length: number): void {
    const view = this.view;
    // Four lanes: a multiplication takes several cycles, and lanes that do not wait for each other overlap.
    let a = 0x9e3779b9 ^ length;
    let b = 0x85ebca6b;
    let c = 0xc2b2ae35;
    let d = 0x27d4eb2f;
    let at = start;
    const words = start + (length & ~15);
    while (at < words) {
      a = Math.imul(a ^ view.getInt32(at, true), 0x2c1b3c6d);
      b = Math.imul(b ^ view.getInt32(at + 4, true), 0x297a2d39);
      c = Math.imul(c ^ view.getInt32(at + 8, true), 0x1b873593);
      d = Math.imul(d ^ view.getInt32(at + 12, true), 0x4cf5ad43);
      a = (a << 13) | (a >>> 19);
      b = (b << 11) | (b >>> 21);
      c = (c << 15) | (c >>> 17);
      d = (d << 9) | (d >>> 23);
      at += 16;
    }
    a = Math.imul(a ^ c ^ (c >>> 15), 0x2c1b3c6d);
    b = Math.imul(b ^ d ^ (d >>> 16), 0x297a2d39) + a;
    const end = start + length;
    for (; at < end; at++) {
      a = Math.imul(a ^ this.bytes[at], 0x2c1b3c6d);
      a ^= a >>> 15;
      b = Math.imul(b + a, 0x297a2d39);
    }
    a ^= b >>> 16;
    a = Math.imul(a, 0x7feb352d);
    a ^= a >>> 15;
    b ^= a;
    b = Math.imul(b ^ (b >>> 14), 0x846ca68b);
    this.high = a >>> 0;
    this.low = (b ^ (b >>> 16)) >>> 0;
  }
}
