/** Hashes of byte strings and of eventIDs. Seeded anew in every run, so that no evidence can be made to collide. */
const SEED = crypto.getRandomValues(new Uint32Array(2));
const SEED_A = SEED[0];
const SEED_B = SEED[1];

function finish(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 32 bits of bytes[from … to-1]. */
export function hashBytes(bytes: Uint8Array, from: number, to: number): number {
  let h = SEED_A ^ (to - from);
  let i = from;
  for (; i + 4 <= to; i += 4) {
    h = Math.imul(h ^ (bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24)), 0x9e3779b1);
    h ^= h >>> 15;
  }
  for (; i < to; i++) h = Math.imul(h ^ bytes[i], 0x9e3779b1) ^ (h >>> 15);
  return finish(h);
}

/** 32 bits of the 128 bits at words[at … at+3]. */
export function hashWords(words: Uint32Array, at: number): number {
  let h = Math.imul(words[at] ^ SEED_A, 0x9e3779b1);
  h = Math.imul(h ^ words[at + 1] ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ words[at + 2] ^ SEED_B ^ (h >>> 13), 0xc2b2ae35);
  return finish(h ^ words[at + 3]);
}

/** The smallest power of two that keeps an open-addressing table of `entries` under two thirds full. */
export function tableSize(entries: number): number {
  let size = 1024;
  while (size * 2 < entries * 3) size *= 2;
  return size;
}
