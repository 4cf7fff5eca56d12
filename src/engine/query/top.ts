/** The first k of many, without sorting all. */

/** The first `k` of `items` in the order of `before`, sorted. `items` is not changed. */
export function firstOf(items: Uint32Array, k: number, before: (a: number, b: number) => boolean): Uint32Array {
  const compare = (a: number, b: number): number => (before(a, b) ? -1 : before(b, a) ? 1 : 0);
  if (k <= 0) return new Uint32Array(0);
  if (items.length <= k) return items.slice().sort(compare);
  // A heap whose top is the last of the kept ones.
  const heap = items.slice(0, k);
  for (let i = (k >> 1) - 1; i >= 0; i--) sink(heap, i, before);
  for (let i = k; i < items.length; i++) {
    if (!before(items[i], heap[0])) continue;
    heap[0] = items[i];
    sink(heap, 0, before);
  }
  return heap.sort(compare);
}

function sink(heap: Uint32Array, from: number, before: (a: number, b: number) => boolean): void {
  const item = heap[from];
  let i = from;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child], heap[child + 1])) child++;
    if (!before(item, heap[child])) break;
    heap[i] = heap[child];
    i = child;
  }
  heap[i] = item;
}

/** Indices i with counts[i] > 0, and with accept[i] = 1 when given. */
export function present(counts: Uint32Array, accept: Uint8Array | null): Uint32Array {
  let n = 0;
  for (let i = 0; i < counts.length; i++) if (counts[i] > 0 && (accept === null || accept[i] === 1)) n++;
  const found = new Uint32Array(n);
  n = 0;
  for (let i = 0; i < counts.length; i++) if (counts[i] > 0 && (accept === null || accept[i] === 1)) found[n++] = i;
  return found;
}
