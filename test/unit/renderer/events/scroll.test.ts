import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  elementHeight,
  MAX_ELEMENT_PX,
  reveal,
  type ScrollGeometry,
  type ScrollState,
  START,
  scrolled,
  scrollTo,
  settled,
  visibleRows,
} from '../../../../src/renderer/views/events/scroll.ts';

const small: ScrollGeometry = { rows: 1000, rowHeight: 28, viewport: 560 };
const huge: ScrollGeometry = { rows: 10_000_000, rowHeight: 28, viewport: 560 };
const CHROMIUM_LIMIT = 33_554_431;

describe('a list that fits into an element', () => {
  it('scrolls pixel by pixel', () => {
    expect(elementHeight(small)).toBe(28_000);
    expect(scrolled(small, START, 1234)).toEqual({ virtualTop: 1234, physicalTop: 1234 });
    expect(scrollTo(small, 99_999).virtualTop).toBe(28_000 - 560);
  });
});

describe('a list of ten million rows', () => {
  it('stays far below the height at which Chromium cuts an element', () => {
    expect(elementHeight(huge)).toBe(MAX_ELEMENT_PX);
    expect(MAX_ELEMENT_PX * 2).toBeLessThan(CHROMIUM_LIMIT);
  });

  it('reaches the last row at the end of the scrollbar and the first at its beginning', () => {
    const end = scrolled(huge, START, MAX_ELEMENT_PX - huge.viewport);
    expect(visibleRows(huge, end.virtualTop, 0).last).toBe(9_999_999);
    expect(scrolled(huge, end, 0).virtualTop).toBe(0);
  });

  it('moves by exactly the pixels of a wheel step anywhere', () => {
    const middle = scrollTo(huge, 140_000_000);
    const next = scrolled(huge, middle, middle.physicalTop + 100);
    expect(next.virtualTop).toBeCloseTo(140_000_100, 3);
  });

  it('puts the thumb where it belongs after many small steps, without moving the rows', () => {
    let state: ScrollState = scrollTo(huge, 140_000_000);
    for (let i = 0; i < 50; i++) state = scrolled(huge, state, state.physicalTop + 120);
    const rest = settled(huge, state);
    expect(rest.virtualTop).toBe(state.virtualTop);
    expect(rest.physicalTop).toBeLessThan(state.physicalTop);
  });
});

describe('any list', () => {
  const geometry = fc.record({
    rows: fc.integer({ min: 0, max: 50_000_000 }),
    rowHeight: fc.integer({ min: 16, max: 60 }),
    viewport: fc.integer({ min: 60, max: 3000 }),
  });

  it('never leaves its bounds, whatever the scroller reports', () => {
    fc.assert(
      fc.property(geometry, fc.array(fc.double({ min: -1e6, max: 4e7, noNaN: true }), { maxLength: 20 }), (g, tops) => {
        let state = START;
        for (const top of tops) {
          state = scrolled(g, state, top);
          const { first, last } = visibleRows(g, state.virtualTop, 8);
          expect(state.virtualTop).toBeGreaterThanOrEqual(0);
          expect(state.virtualTop).toBeLessThanOrEqual(Math.max(0, g.rows * g.rowHeight - g.viewport));
          if (g.rows > 0) {
            expect(first).toBeGreaterThanOrEqual(0);
            expect(last).toBeLessThan(g.rows);
            expect(last).toBeGreaterThanOrEqual(first);
          } else expect(last).toBe(-1);
        }
      }),
    );
  });

  it('reveals a row wholly and with the least movement', () => {
    expect(reveal(small, 280, 10)).toBe(280);
    expect(reveal(small, 280, 9)).toBe(252);
    expect(reveal(small, 0, 20)).toBe(28);
    expect(reveal(small, 0, 19)).toBe(0);
  });
});
