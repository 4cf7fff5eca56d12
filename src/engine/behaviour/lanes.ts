/** Activity of one subject over the bins of the timeline: events, and errors and denials among them. */
import type { SegmentMatch } from '../query/matching.ts';

export interface Lane {
  events: number;
  errors: number;
  counts: Uint32Array<ArrayBuffer>;
  errorCounts: Uint32Array<ArrayBuffer>;
  deniedCounts: Uint32Array<ArrayBuffer>;
}

export const emptyLane = (bins: number): Lane => ({
  events: 0,
  errors: 0,
  counts: new Uint32Array(bins),
  errorCounts: new Uint32Array(bins),
  deniedCounts: new Uint32Array(bins),
});

/** Adds the selected events of a segment; those without a time are counted in no bin. `denied` is the code of that outcome, 0 = none. */
export function addToLane(lane: Lane, { segment, selected }: SegmentMatch, from: number, binMs: number, denied: number): void {
  const { time, dict } = segment;
  const { errorCode, outcome } = dict;
  lane.events += selected.length;
  for (let n = 0; n < selected.length; n++) {
    const i = selected[n];
    const bin = Math.floor((time[i] - from) / binMs);
    if (errorCode[i] !== 0) lane.errors++;
    if (!(bin >= 0 && bin < lane.counts.length)) continue;
    lane.counts[bin]++;
    if (errorCode[i] !== 0) lane.errorCounts[bin]++;
    if (denied !== 0 && outcome[i] === denied) lane.deniedCounts[bin]++;
  }
}
