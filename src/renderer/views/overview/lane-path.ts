/** A lane's strip as paths: a bar for every bin, all lanes on one scale, so that bars can be compared between lanes. */

const LEAST = 1.5;

/** The largest count of a bin over all lanes: the full height. */
export function laneScale(lanes: readonly { counts: ArrayLike<number> }[]): number {
  let max = 0;
  for (const { counts } of lanes) for (let i = 0; i < counts.length; i++) if (counts[i] > max) max = counts[i];
  return max;
}

/** Height of a bar's count as a share of the full height: its square root, so that ten events beside a thousand are still seen to be ten. */
const heightOf = (count: number, max: number): number => Math.sqrt(count / max);

/** The count of a bar of half the full height. */
export const halfOf = (max: number): number => Math.max(1, Math.round(max / 4));

/**
 * Bars on the bottom line; `width` and `height` in pixels. `part` (those of the counts that failed): only that part of each bar is
 * drawn, as high as its share of the bar. What is not 0 is seen: at least a line.
 */
export function lanePath(counts: ArrayLike<number>, max: number, width: number, height: number, part: ArrayLike<number> = counts): string {
  if (max === 0) return '';
  const step = width / counts.length;
  const parts: string[] = [];
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] === 0 || part[i] === 0) continue;
    const tall = Math.max(LEAST, height * heightOf(counts[i], max) * (part[i] / counts[i]));
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
