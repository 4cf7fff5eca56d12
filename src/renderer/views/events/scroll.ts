/**
 * Where the table stands in a list that may be taller than an element can be: Chromium ends an element at 2^25 − 1 pixels
 * (some 33.5 million). Up to the limit the scrollbar is exact. Beyond it the scrollbar is a map of the list: a jump of the
 * thumb goes to its share of the list, a small step (wheel, key, finger) moves by exactly its pixels.
 */

/** Height that the scrolled element may have; below Chromium's limit, also after zooming in. */
export const MAX_ELEMENT_PX = 15_000_000;

export interface ScrollState {
  /** Pixels above the first visible pixel, in the whole list. */
  virtualTop: number;
  /** The scroller's scrollTop that belongs to it. */
  physicalTop: number;
}

export interface ScrollGeometry {
  rows: number;
  rowHeight: number;
  /** Height of the visible part for rows, in pixels. */
  viewport: number;
}

export const START: ScrollState = { virtualTop: 0, physicalTop: 0 };

const virtualHeight = (g: ScrollGeometry): number => g.rows * g.rowHeight;
/** Height to give the scrolled element. */
export const elementHeight = (g: ScrollGeometry, max = MAX_ELEMENT_PX): number => Math.min(virtualHeight(g), max);
const virtualRange = (g: ScrollGeometry): number => Math.max(0, virtualHeight(g) - g.viewport);
const physicalRange = (g: ScrollGeometry, max: number): number => Math.max(0, elementHeight(g, max) - g.viewport);
const isScaled = (g: ScrollGeometry, max: number): boolean => virtualHeight(g) > max;
const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** The state for a place in the list; `physicalTop` is to be given to the scroller. */
export function scrollTo(g: ScrollGeometry, virtualTop: number, max = MAX_ELEMENT_PX): ScrollState {
  const top = clamp(virtualTop, 0, virtualRange(g));
  if (!isScaled(g, max)) return { virtualTop: top, physicalTop: top };
  const range = virtualRange(g);
  return { virtualTop: top, physicalTop: range === 0 ? 0 : (top / range) * physicalRange(g, max) };
}

/** The state after the scroller reported `physicalTop`. Steps under two screens are exact, longer ones are jumps of the thumb. */
export function scrolled(g: ScrollGeometry, state: ScrollState, physicalTop: number, max = MAX_ELEMENT_PX): ScrollState {
  if (!isScaled(g, max)) return { virtualTop: clamp(physicalTop, 0, virtualRange(g)), physicalTop };
  const step = physicalTop - state.physicalTop;
  if (Math.abs(step) < 2 * g.viewport) return { virtualTop: clamp(state.virtualTop + step, 0, virtualRange(g)), physicalTop };
  const range = physicalRange(g, max);
  return { virtualTop: range === 0 ? 0 : clamp((physicalTop / range) * virtualRange(g), 0, virtualRange(g)), physicalTop };
}

/** Exact steps let thumb and list drift apart; when the movement has ended the thumb is put where it belongs. */
export const settled = (g: ScrollGeometry, state: ScrollState, max = MAX_ELEMENT_PX): ScrollState => scrollTo(g, state.virtualTop, max);

/** First and last row (inclusive) to draw, with `overscan` rows on either side; last is −1 when there are none. */
export function visibleRows(g: ScrollGeometry, virtualTop: number, overscan: number): { first: number; last: number } {
  if (g.rows === 0) return { first: 0, last: -1 };
  const first = Math.floor(virtualTop / g.rowHeight) - overscan;
  const last = Math.ceil((virtualTop + g.viewport) / g.rowHeight) - 1 + overscan;
  return { first: clamp(first, 0, g.rows - 1), last: clamp(last, 0, g.rows - 1) };
}

/** The place in the list that makes a row wholly visible with the least movement. */
export function reveal(g: ScrollGeometry, virtualTop: number, row: number): number {
  const top = row * g.rowHeight;
  if (top < virtualTop) return top;
  if (top + g.rowHeight > virtualTop + g.viewport) return top + g.rowHeight - g.viewport;
  return virtualTop;
}
