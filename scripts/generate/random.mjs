/**
 * Seeded randomness for generated evidence: the same seed gives the same bytes on every machine. Integer arithmetic only
 * (the sfc32 generator), so nothing depends on an engine's floating point library.
 */

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export class Random {
  /** @param {...number} seed up to three 32-bit numbers: for instance a seed and a file's number */
  constructor(...seed) {
    this.a = (seed[0] ?? 0) | 0;
    this.b = (seed[1] ?? 0) | 0;
    this.c = (seed[2] ?? 0) | 0;
    this.d = 1;
    for (let i = 0; i < 16; i++) this.u32();
  }

  /** @returns {number} a whole number from 0 to 2^32 - 1 */
  u32() {
    const t = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + t) | 0;
    return t >>> 0;
  }

  /** @param {number} n @returns {number} 0 … n-1 */
  below(n) {
    return Math.floor((this.u32() / 4294967296) * n);
  }

  /** @param {number} from @param {number} to inclusive */
  between(from, to) {
    return from + this.below(to - from + 1);
  }

  /** @param {number} percent */
  chance(percent) {
    return this.below(10_000) < percent * 100;
  }

  /** Small numbers far more often than large ones. @param {number} n @returns {number} 0 … n-1 */
  skewed(n) {
    const x = this.u32() / 4294967296;
    return Math.floor(x * x * x * n);
  }

  /** @template T @param {readonly T[]} list @returns {T} */
  pick(list) {
    return list[this.below(list.length)];
  }

  /** @param {number} length @returns {string} lower-case hexadecimal digits */
  hex(length) {
    let text = '';
    while (text.length < length) text += this.u32().toString(16).padStart(8, '0');
    return text.slice(0, length);
  }

  /** @returns {string} a random (version 4) UUID */
  uuid() {
    const h = this.hex(32);
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${'89ab'[this.u32() & 3]}${h.slice(17, 20)}-${h.slice(20)}`;
  }

  /** @param {number} length */
  base32(length) {
    let text = '';
    for (let i = 0; i < length; i++) text += BASE32[this.u32() >>> 27];
    return text;
  }

  /** @param {'AKIA' | 'ASIA'} kind AKIA long-term, ASIA temporary; never a key that could exist (the documentation's ending) */
  accessKey(kind) {
    return `${kind}${this.base32(9)}EXAMPLE`;
  }
}

/**
 * A table to draw from by weight.
 * @template T @param {readonly {weight: number, item: T}[]} entries @returns {(random: Random) => T}
 */
export function weighted(entries) {
  const sums = /** @type {number[]} */ ([]);
  let sum = 0;
  for (const entry of entries) {
    sum += entry.weight;
    sums.push(sum);
  }
  return (random) => {
    const at = (random.u32() / 4294967296) * sum;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] > at) high = middle;
      else low = middle + 1;
    }
    return entries[low].item;
  };
}
