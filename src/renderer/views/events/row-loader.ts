/**
 * Feeds the table: fetches the pages around the visible rows, one request at a time and always for where the table is now.
 * When the selection or the data change, the old rows stay until the first new ones are there, and the row that the person
 * looks at stays where it is on the screen, if it is still in the selection.
 */
import type { EventKey } from '../../../shared/brand.ts';
import { type AppErrorShape, toAppError } from '../../../shared/errors.ts';
import type { PageRow } from '../../../shared/plan.ts';
import { RowCache } from './row-cache.ts';

export interface RowQueries {
  page(offset: number, limit: number): Promise<{ rows: PageRow[]; total: number }>;
  /** Place of the event in the new order, −1 when it is not there. */
  position(key: EventKey): Promise<number>;
}

export interface Anchor {
  key: EventKey;
  index: number;
}

/** Where the table goes with the first new rows: by so many rows, or to the top. */
export type Move = { rows: number } | 'top';

export class RowLoader {
  cache = new RowCache();
  /** The rows shown are not those of the present selection yet. */
  stale = true;
  error: AppErrorShape | null = null;
  private queries: RowQueries | null = null;
  private first = 0;
  private last = 0;
  private epoch = 0;
  private busy = false;

  constructor(private readonly changed: (move: Move | null) => void) {}

  /** All that was fetched is out of date. Without an anchor in the new selection the table goes to the top, or stays with `stay`. */
  restart(queries: RowQueries, anchor: Anchor | null, stay: boolean): void {
    this.queries = queries;
    this.epoch++;
    this.stale = true;
    this.changed(null);
    void this.begin(this.epoch, queries, anchor, stay);
  }

  /** The rows on the screen; fetches what is missing of them. */
  show(first: number, last: number): void {
    this.first = first;
    this.last = last;
    if (!this.stale) void this.fill(this.epoch);
  }

  private async begin(epoch: number, queries: RowQueries, anchor: Anchor | null, stay: boolean): Promise<void> {
    this.busy = true;
    try {
      const position = anchor ? await queries.position(anchor.key) : -1;
      if (epoch !== this.epoch) return;
      const move: Move = anchor && position >= 0 ? { rows: position - anchor.index } : stay ? { rows: 0 } : 'top';
      const span = this.last - this.first;
      const first = move === 'top' ? 0 : Math.max(0, this.first + move.rows);
      const cache = new RowCache();
      const wanted = cache.missing(first, first + span);
      if (!wanted) return;
      const page = await queries.page(wanted.offset, wanted.limit);
      if (epoch !== this.epoch) return;
      cache.put(wanted, page.rows, page.total);
      this.cache = cache;
      this.stale = false;
      this.error = null;
      this.busy = false;
      this.first = first;
      this.last = first + span;
      this.changed(move);
      void this.fill(epoch);
    } catch (thrown) {
      this.failed(epoch, thrown);
    }
  }

  private async fill(epoch: number): Promise<void> {
    while (!this.busy && epoch === this.epoch && this.queries) {
      const wanted = this.cache.missing(this.first, this.last);
      if (!wanted) return;
      this.busy = true;
      try {
        const page = await this.queries.page(wanted.offset, wanted.limit);
        if (epoch !== this.epoch) return;
        this.cache.put(wanted, page.rows, page.total);
        this.cache.trim(this.first);
        this.error = null;
        this.busy = false;
        this.changed(null);
      } catch (thrown) {
        this.failed(epoch, thrown);
        return;
      }
    }
  }

  private failed(epoch: number, thrown: unknown): void {
    if (epoch !== this.epoch) return;
    this.busy = false;
    const error = toAppError(thrown).toShape();
    if (error.kind === 'superseded') return;
    this.error = error;
    this.stale = false;
    this.changed(null);
  }
}
