/** Times in the zone the person chose. */
import { useMemo } from 'react';
import type { EpochMs } from '../../shared/brand.ts';
import type { TimeRange } from '../../shared/plan.ts';
import { useApp } from '../state/app.ts';
import { formatClock, formatDate, formatRange, formatTime, formatTimeZoned, zoneLabel } from './time.ts';

export interface TimeWords {
  utc: boolean;
  /** `UTC` or `UTC+02:00`. */
  zone: string;
  /** `2026-03-02 09:14:05`; put the zone beside it or in the head of the column. */
  time(ms: EpochMs | number | null): string;
  /** The same with the zone. */
  zoned(ms: EpochMs | number | null): string;
  date(ms: EpochMs | number | null): string;
  clock(ms: EpochMs | number): string;
  range(range: TimeRange): string;
}

export function useTime(): TimeWords {
  const utc = useApp((s) => s.preferences.utc);
  return useMemo(
    () => ({
      utc,
      zone: zoneLabel(utc),
      time: (ms) => formatTime(ms, utc),
      zoned: (ms) => formatTimeZoned(ms, utc),
      date: (ms) => formatDate(ms, utc),
      clock: (ms) => formatClock(ms, utc),
      range: (range) => formatRange(range, utc),
    }),
    [utc],
  );
}
