/** Rows of the table that have been fetched, in pages; what is far from the visible rows is forgotten. */
import type { PageRow } from '../../../shared/plan.ts';

export const PAGE_ROWS = 200;
/** 60 pages of 200 rows: some megabytes at most. */
const MAX_PAGES = 60;

export class RowCache {
  private readonly pages = new Map<number, readonly PageRow[]>();
  /** Rows of the whole selection; null until the first answer. */
  total: number | null = null;

  row(index: number): PageRow | undefined {
    return this.pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
  }

  /** Takes the answer to `missing`; a page that came back short counts as fetched, so that it is not asked for again and again. */
  put(asked: { offset: number; limit: number }, rows: readonly PageRow[], total: number): void {
    this.total = total;
    const { offset, limit } = asked;
    for (let at = 0; at < limit; at += PAGE_ROWS) {
      this.pages.set((offset + at) / PAGE_ROWS, rows.slice(at, at + PAGE_ROWS));
    }
  }

  /** What to ask for so that the rows first…last are here: whole pages, or null when they are. */
  missing(first: number, last: number): { offset: number; limit: number } | null {
    const end = this.total === null ? last : Math.min(last, this.total - 1);
    const wanted: number[] = [];
    for (let page = Math.floor(Math.max(0, first) / PAGE_ROWS); page * PAGE_ROWS <= end; page++) {
      if (!this.pages.has(page)) wanted.push(page);
    }
    if (wanted.length === 0) return null;
    const from = wanted[0];
    const to = wanted[wanted.length - 1];
    return { offset: from * PAGE_ROWS, limit: (to - from + 1) * PAGE_ROWS };
  }

  /** Forgets the pages farthest from the visible row once there are too many. */
  trim(visible: number): void {
    if (this.pages.size <= MAX_PAGES) return;
    const centre = Math.floor(visible / PAGE_ROWS);
    const byDistance = [...this.pages.keys()].sort((a, b) => Math.abs(a - centre) - Math.abs(b - centre));
    for (const page of byDistance.slice(MAX_PAGES)) this.pages.delete(page);
  }

  /** Stars change without a new answer being worth asking for. */
  star(keys: ReadonlySet<string>, starred: boolean): void {
    for (const [page, rows] of this.pages) {
      if (rows.some((row) => keys.has(row.key) && row.starred !== starred)) {
        this.pages.set(
          page,
          rows.map((row) => (keys.has(row.key) ? { ...row, starred } : row)),
        );
      }
    }
  }
}

/** True when both have a time in the same second: CloudTrail records no finer order. */
export function sameSecond(a: PageRow | undefined, b: PageRow | undefined): boolean {
  if (!a || !b || a.time === null || b.time === null) return false;
  return Math.floor(a.time / 1000) === Math.floor(b.time / 1000);
}
