/** What time each digest speaks for, for the map of coverage: copies and reformatted copies once. */
import type { EpochMs } from '../../shared/brand.ts';
import type { DigestedSpan } from '../../shared/integrity.ts';
import type { Chains } from './chains.ts';
import type { JudgedDigest } from './digests.ts';
import { logName } from './names.ts';

const HOUR = 3_600_000;

export function digestedSpans(digests: readonly JudgedDigest[], { chainOf }: Pick<Chains, 'chainOf'>): DigestedSpan[] {
  const seen = new Set<string>();
  const out: DigestedSpan[] = [];
  for (const d of digests) {
    const chain = chainOf.get(d);
    const { verdict } = d;
    if (chain === undefined || verdict === 'invalid' || verdict === 'missing') continue;
    const name = `${chain} ${d.minifiedHash ?? d.hash}`;
    if (seen.has(name)) continue;
    seen.add(name);
    const hours = new Map<number, number>();
    for (const log of d.digest.logs) {
      const delivered = logName(log.object)?.delivered;
      if (delivered === undefined) continue;
      const hour = Math.floor(delivered / HOUR);
      hours.set(hour, (hours.get(hour) ?? 0) + 1);
    }
    const sorted = [...hours].sort((a, b) => a[0] - b[0]);
    out.push({
      chain,
      verdict,
      from: d.digest.start as EpochMs,
      to: d.digest.end as EpochMs,
      listedHours: sorted.map(([hour]) => hour),
      listedLogs: sorted.map(([, logs]) => logs),
    });
  }
  return out.sort((a, b) => a.chain - b.chain || a.from - b.from || a.to - b.to);
}
