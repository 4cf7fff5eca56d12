/** Spans of whole hours with a level of proof: of overlapping ones the strongest holds. */

export interface Span {
  from: number;
  /** Excluded. */
  to: number;
}

/** Sorted and joined where they touch or overlap. */
export function joined(spans: readonly Span[]): Span[] {
  const out: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const last = out.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else if (span.to > span.from) out.push({ ...span });
  }
  return out;
}

export interface LevelSpan extends Span {
  level: number;
}

/** Disjoint spans, ascending, from nested sets of joined spans: `byLevel[i]` has level i + 1 and lies within the one before. */
export function levelled(byLevel: readonly (readonly Span[])[]): LevelSpan[] {
  const edges = new Set<number>();
  for (const spans of byLevel) {
    for (const { from, to } of spans) {
      edges.add(from);
      edges.add(to);
    }
  }
  const sorted = Float64Array.from(edges).sort();
  const at = byLevel.map(() => 0);
  const out: LevelSpan[] = [];
  for (let e = 0; e + 1 < sorted.length; e++) {
    const from = sorted[e];
    let level = 0;
    byLevel.forEach((spans, i) => {
      while (at[i] < spans.length && spans[at[i]].to <= from) at[i]++;
      if (at[i] < spans.length && spans[at[i]].from <= from) level = i + 1;
    });
    if (level === 0) continue;
    const last = out.at(-1);
    if (last?.level === level && last.to === from) last.to = sorted[e + 1];
    else out.push({ from, to: sorted[e + 1], level });
  }
  return out;
}
