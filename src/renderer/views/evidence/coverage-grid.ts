/** Geometry of the coverage map: which hours a column stands for, where it lies, and what of it is in sight. Pure. */
import type { HourRange } from '../../../engine/client/coverage.ts';
import type { EpochMs } from '../../../shared/brand.ts';
import { HOUR_MS } from '../../../shared/coverage.ts';

export type ColumnChoice = 'fit' | 'hours' | 'days';

export const ROW_HEIGHT = 22;
export const HEAD_HEIGHT = 36;
const MIN_WIDTH = 4;
const MAX_WIDTH = 48;
const MAX_COLUMNS = 20_000;
const WIDTHS = [1, 2, 3, 6, 12, 24, 48, 168, 336, 720];

export interface Grid {
  /** Hours of a column, and its width in pixels. */
  hours: number;
  width: number;
  /** First hour, a multiple of `hours`; columns in all. */
  from: number;
  columns: number;
  /** The choice asked for narrower columns than there can be. */
  wider: boolean;
}

const columnsOf = (range: HourRange, hours: number): number => Math.ceil(range.to / hours) - Math.floor(range.from / hours);

/** `least`: hours of the narrowest column that the data allow. `room`: pixels beside the labels. */
export function gridOf(range: HourRange, choice: ColumnChoice, room: number, least: number): Grid {
  const wanted = Math.max(least, choice === 'days' ? 24 : 1);
  const most = choice === 'fit' ? Math.max(1, Math.min(MAX_COLUMNS, Math.floor(room / MIN_WIDTH))) : MAX_COLUMNS;
  const ladder = WIDTHS.filter((w) => w >= wanted && w % least === 0);
  let hours = ladder.find((w) => columnsOf(range, w) <= most) ?? Math.max(720, least);
  // Two columns may be needed for a range across 1970, however wide they are.
  while (columnsOf(range, hours) > Math.max(2, most)) hours *= 2;
  const columns = columnsOf(range, hours);
  const fit = Math.floor(room / columns);
  const width = Math.max(choice === 'fit' ? MIN_WIDTH : 8, Math.min(MAX_WIDTH, fit));
  return { hours, width, from: Math.floor(range.from / hours) * hours, columns, wider: choice !== 'fit' && hours > wanted };
}

export const columnRange = ({ from, hours }: Grid, column: number): HourRange => ({
  from: from + column * hours,
  to: from + (column + 1) * hours,
});

export interface Tick {
  column: number;
  at: EpochMs;
  /** A day begins here, or the first tick: the date is written out. */
  day: boolean;
}

const TICK_PIXELS = 74;
const STEPS = [1, 2, 3, 6, 12, 24, 48, 168, 336, 720];

/** Ticks of the columns in sight, at whole multiples of a plain step. */
export function ticksOf(grid: Grid, first: number, last: number): Tick[] {
  const step = STEPS.find((s) => s % grid.hours === 0 && (s / grid.hours) * grid.width >= TICK_PIXELS) ?? stepBeyond(grid);
  const ticks: Tick[] = [];
  const edge = grid.from + first * grid.hours;
  const begin = Math.ceil(edge / step) * step;
  const end = grid.from + Math.min(last + 1, grid.columns) * grid.hours;
  const roomBefore = ((Math.min(begin, end) - edge) / grid.hours) * grid.width >= TICK_PIXELS;
  if (roomBefore || begin >= end) ticks.push({ column: first, at: (edge * HOUR_MS) as EpochMs, day: true });
  for (let hour = begin; hour < end; hour += step) {
    ticks.push({ column: (hour - grid.from) / grid.hours, at: (hour * HOUR_MS) as EpochMs, day: hour % 24 === 0 || ticks.length === 0 });
  }
  return ticks;
}

function stepBeyond({ hours, width }: Grid): number {
  let step = hours;
  while ((step / hours) * width < TICK_PIXELS) step *= 2;
  return step;
}
