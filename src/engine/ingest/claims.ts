/**
 * Who reads which content: a hash table of SHA-256 in shared memory. The first file of an import that claims a content reads it;
 * the same bytes seen again are only noted. Full at three quarters: then files are read without a claim, and the store finds the
 * repetition by the events themselves.
 */
const KEY_BYTES = 32;
const EMPTY = 0;
const WRITING = -1;
/** Owner of contents that the case held before the import. */
export const KNOWN = -1;
const OFFSET = 3;

/** Bytes of shared memory for a table; pages that are never touched cost nothing. `capacity` is a power of two. */
export const claimBytes = (capacity: number): number => 8 + capacity * (4 + KEY_BYTES);

export function claimCapacity(known: number): number {
  let capacity = 1 << 20;
  while (capacity < known * 4) capacity *= 2;
  return capacity;
}

export class ClaimTable {
  private readonly head: Int32Array;
  private readonly owners: Int32Array;
  private readonly keys: Uint8Array;
  private readonly mask: number;

  constructor(memory: SharedArrayBuffer) {
    const capacity = (memory.byteLength - 8) / (4 + KEY_BYTES);
    this.head = new Int32Array(memory, 0, 2);
    this.owners = new Int32Array(memory, 8, capacity);
    this.keys = new Uint8Array(memory, 8 + capacity * 4, capacity * KEY_BYTES);
    this.mask = capacity - 1;
  }

  /** The owner of the content: `owner` itself when it is new (or was claimed by the same before), else another file's, or KNOWN. */
  claim(sha256: Uint8Array, owner: number): number {
    if (Atomics.load(this.head, 0) > (this.mask + 1) * 0.75) return owner;
    let slot = (sha256[0] | (sha256[1] << 8) | (sha256[2] << 16) | (sha256[3] << 24)) & this.mask;
    for (;;) {
      let state = Atomics.load(this.owners, slot);
      if (state === EMPTY) {
        state = Atomics.compareExchange(this.owners, slot, EMPTY, WRITING);
        if (state === EMPTY) {
          this.keys.set(sha256, slot * KEY_BYTES);
          Atomics.store(this.owners, slot, owner + OFFSET);
          Atomics.add(this.head, 0, 1);
          return owner;
        }
      }
      while (state === WRITING) state = Atomics.load(this.owners, slot);
      if (this.holds(slot, sha256)) return state - OFFSET;
      slot = (slot + 1) & this.mask;
    }
  }

  private holds(slot: number, sha256: Uint8Array): boolean {
    const at = slot * KEY_BYTES;
    for (let i = 0; i < KEY_BYTES; i++) if (this.keys[at + i] !== sha256[i]) return false;
    return true;
  }
}
