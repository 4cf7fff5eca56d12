/** Keeps the most recently used byte arrays up to a number of bytes. */
export class ByteCache {
  private readonly entries = new Map<string, Uint8Array<ArrayBuffer>>();
  private size = 0;

  constructor(private readonly limit: number) {}

  get(key: string): Uint8Array<ArrayBuffer> | null {
    const found = this.entries.get(key);
    if (!found) return null;
    this.entries.delete(key);
    this.entries.set(key, found);
    return found;
  }

  put(key: string, bytes: Uint8Array<ArrayBuffer>): void {
    const old = this.entries.get(key);
    if (old) this.size -= old.byteLength;
    this.entries.delete(key);
    this.entries.set(key, bytes);
    this.size += bytes.byteLength;
    for (const [oldest, gone] of this.entries) {
      if (this.size <= this.limit || oldest === key) break;
      this.entries.delete(oldest);
      this.size -= gone.byteLength;
    }
  }

  clear(): void {
    this.entries.clear();
    this.size = 0;
  }
}
