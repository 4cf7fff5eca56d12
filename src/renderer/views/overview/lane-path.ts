/** A lane's strip as paths: a bar for every bin, all lanes on one scale, so that bars can be compared between lanes. */

const LEAST = 1.5;

/** The largest count of a bin over all lanes: the full height. */
export function laneScale(lanes: readonly { counts: ArrayLike<number> }[]): number {
  let max = 0;
  for (const { counts } of lanes) for (let i = 0; i < counts.length; i++) if (counts[i] > max) max = counts[i];
  return max;
}

/**
 * `width` and `height` in pixels; bars stand on the bottom line and are as high as their count's share of `max`. A part of the counts
 * (those that failed) drawn over all of them shows its share. What is not 0 is seen: at least a line.
 */
export function lanePath(counts: ArrayLike<number>, max: number, width: number, height: number): string {
  if (max === 0) return '';
  const step = width / counts.length;
  const parts: string[] = [];
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i];
    if (count === 0) continue;
    const tall = Math.max(LEAST, (height * count) / max);
    const left = i * step;
    const right = Math.max(left + LEAST, left + step);
    parts.push(`M${left.toFixed(1)} ${height}H${right.toFixed(1)}V${(height - tall).toFixed(1)}H${left.toFixed(1)}Z`);
  }
  return parts.join('');
}

/** The bin that a key leads to from one; undefined for another key. */
export function binAfter(key: string, shift: boolean, at: number, bins: number): number | undefined {
  const step = shift ? 10 : 1;
  const to = {
    ArrowLeft: at - step,
    ArrowRight: at + step,
    PageUp: at - 10,
    PageDown: at + 10,
    Home: 0,
    End: bins - 1,
  }[key];
  return to === undefined || bins === 0 ? undefined : Math.max(0, Math.min(bins - 1, to));
}
