/** Activity of one subject over the bins of the timeline: events, and failures and denials among them. */
import type { SegmentMatch } from '../query/matching.ts';
import { DENIED, FAILED } from '../query/outcomes.ts';

export interface Lane {
  events: number;
  failed: number;
  counts: Uint32Array<ArrayBuffer>;
  failedCounts: Uint32Array<ArrayBuffer>;
  deniedCounts: Uint32Array<ArrayBuffer>;
}

export const emptyLane = (bins: number): Lane => ({
  events: 0,
  failed: 0,
  counts: new Uint32Array(bins),
  failedCounts: new Uint32Array(bins),
  deniedCounts: new Uint32Array(bins),
});

/** Adds the selected events of a segment; those without a time are counted in no bin. `outcomes`: what each outcome means. */
export function addToLane(lane: Lane, { segment, selected }: SegmentMatch, from: number, binMs: number, outcomes: Uint8Array): void {
  const { time, dict } = segment;
  const { outcome } = dict;
  lane.events += selected.length;
  for (let n = 0; n < selected.length; n++) {
    const i = selected[n];
    const bin = Math.floor((time[i] - from) / binMs);
    const how = outcomes[outcome[i]];
    if (how & FAILED) lane.failed++;
    if (!(bin >= 0 && bin < lane.counts.length)) continue;
    lane.counts[bin]++;
    if (how & FAILED) lane.failedCounts[bin]++;
    if (how & DENIED) lane.deniedCounts[bin]++;
  }
}
