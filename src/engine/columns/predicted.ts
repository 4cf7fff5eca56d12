/** Numbers that mostly follow from the row before: kept as what differs from the prediction, which is nothing at all in most segments. */
import { type CodeArray, codeArray } from '../../shared/segment.ts';

/** What the value of `row` is if nothing special happened, from the value of the row before. */
export type Next = (row: number, before: number) => number;

/** Rows from one kept value to the next: so many steps at most lead to any row. A power of two. */
const STRIDE = 32;

export class Predicted {
  private readonly kept: Uint32Array<ArrayBuffer>;
  /** What is added to the prediction of each row; null when that is nothing anywhere. */
  private readonly extra: CodeArray | null;

  /** `values`: whole numbers below 2^32, one a row. */
  constructor(
    values: CodeArray,
    private readonly next: Next,
  ) {
    const rows = values.length;
    let largest = 0;
    let regular = true;
    for (let row = 0; row < rows && regular; row++) {
      if (row % STRIDE === 0) continue;
      const more = values[row] - next(row, values[row - 1]);
      if (more < 0) regular = false;
      else if (more > largest) largest = more;
    }
    if (!regular) {
      // Each value by itself.
      this.next = () => 0;
      this.kept = new Uint32Array(0);
      this.extra = Uint32Array.from(values);
      return;
    }
    this.kept = new Uint32Array(Math.ceil(rows / STRIDE));
    this.extra = largest === 0 ? null : codeArray(largest, rows);
    for (let row = 0; row < rows; row++) {
      if (row % STRIDE === 0) this.kept[row / STRIDE] = values[row];
      else if (this.extra !== null) this.extra[row] = values[row] - next(row, values[row - 1]);
    }
  }

  at(row: number): number {
    const { kept, extra, next } = this;
    if (kept.length === 0) return extra![row];
    const from = row & ~(STRIDE - 1);
    let value = kept[from / STRIDE];
    for (let i = from + 1; i <= row; i++) value = next(i, value) + (extra === null ? 0 : extra[i]);
    return value;
  }

  get byteLength(): number {
    return this.kept.byteLength + (this.extra?.byteLength ?? 0);
  }
}
