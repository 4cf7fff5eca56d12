/** Numbers as text, the same everywhere: `1,204,331`, `1.2 M`, `151 MB`, `74 %`. */
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `1,204,331` */
export const formatCount = (n: number): string => whole.format(n);

/** `1 event`, `1,204 events`; `plural` where adding an s is wrong. */
export const countOf = (n: number, one: string, plural = `${one}s`): string => `${formatCount(n)} ${n === 1 ? one : plural}`;

/** At most four characters, for axes: `950`, `1.2k`, `38k`, `1.2M`. */
export function formatShort(n: number): string {
  for (const [size, unit] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (n >= size) {
      const value = n / size;
      return `${value >= 100 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1).replace(/\.0$/, '')}${unit}`;
    }
  }
  return String(n);
}

/** Decimal units, as file managers show them: `820 B`, `1.3 kB`, `151 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `74 %`; "<1 %" and ">99 %" rather than a rounded none or all. */
export function formatPercent(part: number, of: number): string {
  if (of <= 0) return '0 %';
  const percent = (part / of) * 100;
  if (percent > 0 && percent < 1) return '<1 %';
  if (percent > 99 && percent < 100) return '>99 %';
  return `${Math.round(percent)} %`;
}
