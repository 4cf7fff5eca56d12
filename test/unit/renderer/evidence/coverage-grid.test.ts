import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnRange, gridOf, ticksOf } from '../../../../src/renderer/views/evidence/coverage-grid.ts';

describe('columns of the coverage map', () => {
  it('three hours are three columns, ninety days fit as wider ones', () => {
    expect(gridOf({ from: 100, to: 103 }, 'fit', 600, 1)).toMatchObject({ hours: 1, columns: 3, from: 100, width: 48 });
    const long = gridOf({ from: 0, to: 90 * 24 }, 'fit', 600, 1);
    expect(long.columns * long.width).toBeLessThanOrEqual(600);
    expect(gridOf({ from: 0, to: 90 * 24 }, 'hours', 600, 1)).toMatchObject({ hours: 1, columns: 2160 });
    expect(gridOf({ from: 5, to: 90 * 24 }, 'days', 600, 1)).toMatchObject({ hours: 24, columns: 90, from: 0 });
  });

  it('whatever the range: bounded, aligned, and every hour in exactly one column', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -2.4e9, max: 2.4e9, noNaN: true }),
        fc.integer({ min: 1, max: 5_000_000 }),
        fc.constantFrom('fit' as const, 'hours' as const, 'days' as const),
        fc.constantFrom(1, 24, 48, 24 * 2 ** 12),
        (begin, length, choice, least) => {
          const range = { from: Math.floor(begin), to: Math.floor(begin) + length };
          const grid = gridOf(range, choice, 600, least);
          expect(grid.columns).toBeLessThanOrEqual(20_000);
          expect(grid.hours % least).toBe(0);
          expect(columnRange(grid, 0).from).toBeLessThanOrEqual(range.from);
          expect(columnRange(grid, grid.columns - 1).to).toBeGreaterThanOrEqual(range.to);
          expect(columnRange(grid, 0).to).toBeGreaterThan(range.from);
          const ticks = ticksOf(grid, 0, Math.min(grid.columns, 200));
          expect(ticks.length).toBeGreaterThan(0);
          expect(ticks.length).toBeLessThanOrEqual(201);
          for (const tick of ticks) expect(tick.column).toBeLessThan(grid.columns);
        },
      ),
    );
  });
});
