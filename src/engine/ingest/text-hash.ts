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
    let at = start;
    const words = start + (length & ~7);
    // Each word is multiplied, turned and multiplied again before it enters a lane: one multiplication leaves the top bit alone,
    // and a difference in it would meet the next word as a difference of one bit.
    while (at < words) {
      const x = Math.imul(view.getInt32(at, true), 0x2c1b3c6d);
      const y = Math.imul(view.getInt32(at + 4, true), 0x297a2d39);
      a ^= Math.imul((x << 15) | (x >>> 17), 0x1b873593);
      a = (((a << 13) | (a >>> 19)) + b) | 0;
      b ^= Math.imul((y << 17) | (y >>> 15), 0x38b34ae5);
      b = (((b << 19) | (b >>> 13)) + a) | 0;
      at += 8;
    }
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
