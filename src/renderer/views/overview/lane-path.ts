/** A lane's strip as one path: a bar for every bin with events, its height by the logarithm of its count within the lane. */

/** `width` and `height` in pixels; bars stand on the bottom line. */
export function lanePath(counts: ArrayLike<number>, width: number, height: number): string {
  let max = 0;
  for (let i = 0; i < counts.length; i++) if (counts[i] > max) max = counts[i];
  if (max === 0) return '';
  const step = width / counts.length;
  const parts: string[] = [];
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i];
    if (count === 0) continue;
    const tall = height * (0.35 + 0.65 * (Math.log1p(count) / Math.log1p(max)));
    const left = i * step;
    const right = Math.max(left + 1.5, left + step);
    parts.push(`M${left.toFixed(1)} ${height}H${right.toFixed(1)}V${(height - tall).toFixed(1)}H${left.toFixed(1)}Z`);
  }
  return parts.join('');
}
