/** Runs of events in which many different things come within a short time. */
import type { EventRows } from './event-rows.ts';

export interface Measure {
  /** The sliding time, and how many different things within it make a run. */
  ms: number;
  distinct: number;
  /** The share of the events within it that must be refused, 0 to 1. */
  refused: number;
}

/** First and last of `positions` by their index, and the most different things within the time. */
export interface Run {
  from: number;
  to: number;
  distinct: number;
}

/** `of`: by event, a number below `count` for what it is about. `isRefused`: by event. */
export function runsOf(
  rows: EventRows,
  positions: Uint32Array,
  of: Uint32Array,
  count: number,
  isRefused: (k: number) => boolean,
  measure: Measure,
): Run[] {
  const inTime = new Uint32Array(count);
  const found: Run[] = [];
  let [distinct, refused, left] = [0, 0, 0];
  let current: Run | null = null;
  for (let right = 0; right < positions.length; right++) {
    const k = positions[right];
    while (rows.time[positions[left]] <= rows.time[k] - measure.ms) {
      if (--inTime[of[positions[left]]] === 0) distinct--;
      if (isRefused(positions[left])) refused--;
      left++;
    }
    if (inTime[of[k]]++ === 0) distinct++;
    if (isRefused(k)) refused++;
    // A second is taken whole: what matters is the last event of each.
    const lastOfSecond = right + 1 === positions.length || rows.time[positions[right + 1]] !== rows.time[k];
    if (!lastOfSecond || distinct < measure.distinct || refused < measure.refused * (right + 1 - left)) continue;
    if (current && left <= current.to) {
      current.to = right;
      current.distinct = Math.max(current.distinct, distinct);
    } else {
      current = { from: left, to: right, distinct };
      found.push(current);
    }
  }
  return found;
}
