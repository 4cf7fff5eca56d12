/** What is counted of each group beside its events: errors, denials, writes, first and last time. */
import { codesOfValues } from './filters.ts';
import type { SegmentMatch } from './matching.ts';
import type { OpenCase } from './open-case.ts';

type Counts = Uint32Array<ArrayBuffer>;

/** `first` and `last` are ±Infinity where no event has a time. */
export class Stats {
  readonly count: Counts;
  readonly errors: Counts;
  readonly denied: Counts;
  readonly writes: Counts;
  readonly first: Float64Array<ArrayBuffer>;
  readonly last: Float64Array<ArrayBuffer>;

  constructor(size: number) {
    this.count = new Uint32Array(size);
    this.errors = new Uint32Array(size);
    this.denied = new Uint32Array(size);
    this.writes = new Uint32Array(size);
    this.first = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    this.last = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  }

  add(slot: number, bits: number, time: number): void {
    this.count[slot]++;
    this.errors[slot] += bits & 1;
    this.denied[slot] += (bits >> 1) & 1;
    this.writes[slot] += bits >> 2;
    if (time < this.first[slot]) this.first[slot] = time;
    if (time > this.last[slot]) this.last[slot] = time;
  }

  /** Those of these slots alone. */
  of(slots: Uint32Array): Stats {
    const out = new Stats(slots.length);
    for (const column of ['count', 'errors', 'denied', 'writes', 'first', 'last'] as const)
      slots.forEach((slot, k) => {
        out[column][k] = this[column][slot];
      });
    return out;
  }
}

const ERROR = 1;
const DENIED = 2;
const WRITE = 4;

/** Errors, denials and writes of the selected rows as bits, made once for all groups of a plan. */
export class RowBits {
  private readonly made = new Map<SegmentMatch, Uint8Array>();
  private readonly denied: Uint8Array;
  private readonly writes: Uint8Array;

  constructor(open: OpenCase) {
    this.denied = codesOfValues(open, 'outcome', ['denied']);
    this.writes = codesOfValues(open, 'readOnly', ['false']);
  }

  /** bits[k] is of selected[k]. */
  of(match: SegmentMatch): Uint8Array {
    let bits = this.made.get(match);
    if (!bits) {
      const { segment, selected } = match;
      bits = new Uint8Array(selected.length);
      this.fill(bits, selected, segment.dict.errorCode, segment.dict.outcome, segment.dict.readOnly);
      this.made.set(match, bits);
    }
    return bits;
  }

  private fill(
    bits: Uint8Array,
    rows: ArrayLike<number>,
    errorCode: ArrayLike<number>,
    outcome: ArrayLike<number>,
    readOnly: ArrayLike<number>,
  ): void {
    const { denied, writes } = this;
    for (let k = 0; k < bits.length; k++) {
      const i = rows[k];
      bits[k] = (errorCode[i] === 0 ? 0 : ERROR) | (denied[outcome[i]] * DENIED) | (writes[readOnly[i]] * WRITE);
    }
  }
}
