import { describe, expect, it } from 'vitest';
import { PAGE_ROWS, RowCache, sameSecond } from '../../../../src/renderer/views/events/row-cache.ts';
import { type Move, RowLoader, type RowQueries } from '../../../../src/renderer/views/events/row-loader.ts';
import { type EpochMs, eventKey, type RowIndex } from '../../../../src/shared/brand.ts';
import { AppError } from '../../../../src/shared/errors.ts';
import type { PageRow } from '../../../../src/shared/plan.ts';

const row = (i: number, time: number | null = i): PageRow => ({
  key: eventKey(`id:${i}`),
  row: i as RowIndex,
  time: time as EpochMs | null,
  eventID: String(i),
  starred: false,
  copies: 1,
  conflict: false,
  values: [],
});
const rows = (from: number, count: number): PageRow[] => Array.from({ length: count }, (_, i) => row(from + i));

describe('row cache', () => {
  it('asks for whole pages that are not there, and for nothing twice', () => {
    const cache = new RowCache();
    expect(cache.missing(0, 40)).toEqual({ offset: 0, limit: PAGE_ROWS });
    cache.put({ offset: 0, limit: PAGE_ROWS }, rows(0, PAGE_ROWS), 1000);
    expect(cache.missing(0, 40)).toBeNull();
    expect(cache.missing(190, 230)).toEqual({ offset: 200, limit: 200 });
    expect(cache.row(199)?.eventID).toBe('199');
    expect(cache.row(200)).toBeUndefined();
  });

  it('does not ask beyond the last row, nor again for a page that came back short', () => {
    const cache = new RowCache();
    cache.put({ offset: 0, limit: PAGE_ROWS }, rows(0, 120), 400);
    expect(cache.missing(100, 180)).toBeNull();
    expect(cache.missing(0, 5000)).toEqual({ offset: 200, limit: 200 });
  });

  it('forgets what is far away', () => {
    const cache = new RowCache();
    for (let page = 0; page < 100; page++)
      cache.put({ offset: page * PAGE_ROWS, limit: PAGE_ROWS }, rows(page * PAGE_ROWS, PAGE_ROWS), 1e6);
    cache.trim(99 * PAGE_ROWS);
    expect(cache.row(0)).toBeUndefined();
    expect(cache.row(99 * PAGE_ROWS)).toBeDefined();
  });

  it('shows a star at once', () => {
    const cache = new RowCache();
    cache.put({ offset: 0, limit: PAGE_ROWS }, rows(0, 3), 3);
    cache.star(new Set(['id:1']), true);
    expect([0, 1, 2].map((i) => cache.row(i)?.starred)).toEqual([false, true, false]);
  });

  it('knows rows of one second, and none without a time', () => {
    expect(sameSecond(row(0, 5000), row(1, 5999))).toBe(true);
    expect(sameSecond(row(0, 5999), row(1, 6000))).toBe(false);
    expect(sameSecond(row(0, null), row(1, null))).toBe(false);
  });
});

/** Queries whose answers the test gives when it wants. */
function held(total: number, positions: Record<string, number> = {}) {
  const waiting: (() => void)[] = [];
  const asked: string[] = [];
  const hold = <T>(what: string, answer: () => T): Promise<T> => {
    asked.push(what);
    return new Promise((resolve, reject) => {
      waiting.push(() => {
        try {
          resolve(answer());
        } catch (thrown) {
          reject(thrown);
        }
      });
    });
  };
  const queries: RowQueries = {
    page: (offset, limit) => hold(`page ${offset} ${limit}`, () => ({ rows: rows(offset, Math.min(limit, total - offset)), total })),
    position: (key) => hold(`position ${key}`, () => positions[key] ?? -1),
  };
  const answer = async (): Promise<void> => {
    waiting.shift()?.();
    for (let i = 0; i < 10; i++) await Promise.resolve();
  };
  return { queries, asked, answer, waiting };
}

describe('row loader', () => {
  it('keeps the old rows until the first new ones are there', async () => {
    const moves: (Move | null)[] = [];
    const loader = new RowLoader((move) => moves.push(move));
    const first = held(1000);
    loader.show(0, 40);
    loader.restart(first.queries, null, false);
    await first.answer();
    expect(loader.cache.row(0)?.eventID).toBe('0');
    const second = held(10);
    loader.restart(second.queries, null, false);
    expect(loader.stale).toBe(true);
    expect(loader.cache.total).toBe(1000);
    await second.answer();
    expect(loader.cache.total).toBe(10);
    expect(moves.filter(Boolean)).toEqual(['top', 'top']);
  });

  it('keeps the row that the person looks at in its place when rows come in above it', async () => {
    const moves: (Move | null)[] = [];
    const loader = new RowLoader((move) => moves.push(move));
    const { queries, asked, answer } = held(10_000, { 'id:50': 4050 });
    loader.show(40, 80);
    loader.restart(queries, { key: eventKey('id:50'), index: 50 }, true);
    await answer();
    await answer();
    expect(asked).toEqual(['position id:50', 'page 4000 200']);
    expect(moves.filter(Boolean)).toEqual([{ rows: 4000 }]);
  });

  it('goes to the top when the row is not in the new selection', async () => {
    const moves: (Move | null)[] = [];
    const loader = new RowLoader((move) => moves.push(move));
    const { queries, answer } = held(10);
    loader.show(40, 80);
    loader.restart(queries, { key: eventKey('id:50'), index: 50 }, false);
    await answer();
    await answer();
    expect(moves.filter(Boolean)).toEqual(['top']);
  });

  it('has one request under way and then asks for where the table is now, not for where it was', async () => {
    const loader = new RowLoader(() => undefined);
    const { queries, asked, answer, waiting } = held(1_000_000);
    loader.show(0, 40);
    loader.restart(queries, null, false);
    await answer();
    for (const top of [5000, 90_000, 400_000]) loader.show(top, top + 40);
    expect(waiting).toHaveLength(1);
    await answer();
    await answer();
    expect(asked).toEqual(['page 0 200', 'page 5000 200', 'page 400000 200']);
    expect(loader.cache.row(400_010)).toBeDefined();
  });

  it('says a failure and ignores being superseded', async () => {
    const loader = new RowLoader(() => undefined);
    const failing = (kind: 'superseded' | 'storage'): RowQueries => ({
      page: () => Promise.reject(new AppError(kind, 'The disk is gone.')),
      position: () => Promise.resolve(-1),
    });
    const settle = async (): Promise<void> => {
      for (let i = 0; i < 10; i++) await Promise.resolve();
    };
    loader.restart(failing('superseded'), null, false);
    await settle();
    expect(loader.error).toBeNull();
    loader.restart(failing('storage'), null, false);
    await settle();
    expect(loader.error?.message).toBe('The disk is gone.');
  });
});
