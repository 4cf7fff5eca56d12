/** What is counted of each group beside its events: successes, failures, denials, writes, first and last time. */
import { codesOfValues } from './filters.ts';
import type { SegmentMatch } from './matching.ts';
import type { OpenCase } from './open-case.ts';
import { DENIED, FAILED, outcomeMarks, SUCCEEDED } from './outcomes.ts';

type Counts = Uint32Array<ArrayBuffer>;

/** `first` and `last` are ±Infinity where no event has a time. */
export class Stats {
  readonly count: Counts;
  readonly succeeded: Counts;
  readonly failed: Counts;
  readonly denied: Counts;
  readonly writes: Counts;
  readonly first: Float64Array<ArrayBuffer>;
  readonly last: Float64Array<ArrayBuffer>;

  constructor(size: number) {
    this.count = new Uint32Array(size);
    this.succeeded = new Uint32Array(size);
    this.failed = new Uint32Array(size);
    this.denied = new Uint32Array(size);
    this.writes = new Uint32Array(size);
    this.first = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    this.last = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  }

  add(slot: number, bits: number, time: number): void {
    this.count[slot]++;
    if (bits & SUCCEEDED) this.succeeded[slot]++;
    if (bits & FAILED) this.failed[slot]++;
    if (bits & DENIED) this.denied[slot]++;
    if (bits & WRITE) this.writes[slot]++;
    if (time < this.first[slot]) this.first[slot] = time;
    if (time > this.last[slot]) this.last[slot] = time;
  }

  /** Those of these slots alone. */
  of(slots: Uint32Array): Stats {
    const out = new Stats(slots.length);
    for (const column of ['count', 'succeeded', 'failed', 'denied', 'writes', 'first', 'last'] as const)
      slots.forEach((slot, k) => {
        out[column][k] = this[column][slot];
      });
    return out;
  }
}

const WRITE = 8;

/** Outcomes and writes of the selected rows as bits, made once for all groups of a plan. */
export class RowBits {
  private readonly made = new Map<SegmentMatch, Uint8Array>();
  private readonly outcomes: Uint8Array;
  private readonly writes: Uint8Array;

  constructor(open: OpenCase) {
    this.outcomes = outcomeMarks(open);
    this.writes = codesOfValues(open, 'readOnly', ['false']);
  }

  /** bits[k] is of selected[k]. */
  of(match: SegmentMatch): Uint8Array {
    let bits = this.made.get(match);
    if (!bits) {
      const { segment, selected } = match;
      bits = new Uint8Array(selected.length);
      this.fill(bits, selected, segment.dict.outcome, segment.dict.readOnly);
      this.made.set(match, bits);
    }
    return bits;
  }

  private fill(bits: Uint8Array, rows: ArrayLike<number>, outcome: ArrayLike<number>, readOnly: ArrayLike<number>): void {
    const { outcomes, writes } = this;
    for (let k = 0; k < bits.length; k++) {
      const i = rows[k];
      bits[k] = outcomes[outcome[i]] | (writes[readOnly[i]] * WRITE);
    }
  }
}
