import { describe, expect, it } from 'vitest';
import {
  formatDuration,
  formatRange,
  formatTime,
  formatTimeZoned,
  parseDuration,
  parseMoment,
  parseRange,
  scaleRange,
  shiftRange,
} from '../../../../src/renderer/components/time.ts';
import type { EpochMs } from '../../../../src/shared/brand.ts';

const at = (text: string): number => Date.parse(text);
const range = (text: string): [string | null, string | null] => {
  const parsed = parseRange(text, { utc: true, lastEvent: at('2026-03-05T16:50:00Z') as EpochMs });
  if (!parsed.ok) throw new Error(parsed.error);
  const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString().replace('.000Z', 'Z'));
  return [iso(parsed.value.from), iso(parsed.value.to)];
};
const problem = (text: string): string => {
  const parsed = parseRange(text, { utc: true, lastEvent: null });
  return parsed.ok ? 'no problem' : parsed.error;
};

describe('times as text', () => {
  it('shows seconds, a fraction only when there is one, and says when there is no time', () => {
    expect(formatTime(at('2026-03-02T09:14:05Z'), true)).toBe('2026-03-02 09:14:05');
    expect(formatTime(at('2026-03-02T09:14:05.120Z'), true)).toBe('2026-03-02 09:14:05.120');
    expect(formatTime(null, true)).toBe('no time');
    expect(formatTime(Number.NaN, true)).toBe('no time');
    expect(formatTimeZoned(at('2026-03-02T09:14:05Z'), true)).toBe('2026-03-02 09:14:05 UTC');
  });
  it('leaves out what both ends of a range share', () => {
    const r = (from: string, to: string) => formatRange({ from: at(from) as EpochMs, to: at(to) as EpochMs }, true);
    expect(r('2026-03-02T09:00:00Z', '2026-03-02T11:30:00Z')).toBe('2026-03-02 09:00 → 11:30');
    expect(r('2026-03-02T09:00:05Z', '2026-03-03T00:00:00Z')).toBe('2026-03-02 09:00:05 → 2026-03-03 00:00');
    expect(formatRange({ from: null, to: null }, true)).toBe('all times');
    expect(formatRange({ from: null, to: at('2026-03-02T09:00:00Z') as EpochMs }, true)).toBe('until 2026-03-02 09:00');
  });
  it('says durations in two units', () => {
    expect([450, 45_000, 754_000, 12_000_000, 187_200_000].map(formatDuration)).toEqual([
      '450 ms',
      '45 s',
      '12 min 34 s',
      '3 h 20 min',
      '2 d 4 h',
    ]);
  });
});

describe('typed ranges', () => {
  it('takes a partial time as its whole unit', () => {
    expect(range('2026-03-02')).toEqual(['2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z']);
    expect(range('2026-03')).toEqual(['2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z']);
    expect(range('2026-12')).toEqual(['2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z']);
    expect(range('2026-03-02 09')).toEqual(['2026-03-02T09:00:00Z', '2026-03-02T10:00:00Z']);
    expect(range('2026-03-02 09:14')).toEqual(['2026-03-02T09:14:00Z', '2026-03-02T09:15:00Z']);
    expect(range('2026-03-02T09:14:05Z')).toEqual(['2026-03-02T09:14:05Z', '2026-03-02T09:14:06Z']);
  });
  it.each([
    '2026-03-02 09:00 → 11:30',
    '2026-03-02 09:00 to 11:30',
    '2026-03-02T09:00 .. 2026-03-02 11:30',
    '2026-03-02 09:00 - 11:30',
    'from 2026-03-02 09:00 until 11:30',
    '2026-03-02 09:00Z / 2026-03-02 11:30Z',
    '2026-03-02 09:00 +2.5h',
    '2026-03-02 11:30 -150m',
  ])('reads %s', (text) => {
    expect(range(text)).toEqual(['2026-03-02T09:00:00Z', '2026-03-02T11:30:00Z']);
  });
  it('takes days as ends wholly, and open ends', () => {
    expect(range('2026-03-02 → 2026-03-03')).toEqual(['2026-03-02T00:00:00Z', '2026-03-04T00:00:00Z']);
    expect(range('2026-03-02 →')).toEqual(['2026-03-02T00:00:00Z', null]);
    expect(range('→ 2026-03-02 09:00')).toEqual([null, '2026-03-02T09:00:00Z']);
    expect(range('until 2026-03-02')).toEqual([null, '2026-03-03T00:00:00Z']);
    expect(range('before 2026-03-02')).toEqual([null, '2026-03-02T00:00:00Z']);
    expect(range('')).toEqual([null, null]);
    expect(range('all')).toEqual([null, null]);
  });
  it('counts “last” back from the last event and includes it', () => {
    expect(range('last 24h')).toEqual(['2026-03-04T16:50:01Z', '2026-03-05T16:50:01Z']);
    expect(problem('last 24h')).toContain('no event with a time');
  });
  it('looks around a moment and converts zones', () => {
    expect(range('2026-03-02 09:14:05 ±15m')).toEqual(['2026-03-02T08:59:05Z', '2026-03-02T09:29:06Z']);
    expect(range('2026-03-02 09:00+02:00 → 2026-03-02 10:00+02:00')).toEqual(['2026-03-02T07:00:00Z', '2026-03-02T08:00:00Z']);
  });
  it('answers what it cannot read with a sentence, never with a guess', () => {
    expect(problem('2026-02-30')).toContain('no day 30');
    expect(problem('2026-13')).toContain('no month 13');
    expect(problem('2026-03-02 25:00')).toContain('no time of day');
    expect(problem('yesterday')).toContain('is not a time');
    expect(problem('09:00')).toContain('has no date');
    expect(problem('2026-03-02 10:00 → 09:00')).toContain('before it begins');
    expect(problem('2026-03-01 → 2026-03-02 → 2026-03-03')).toContain('more than two ends');
    expect(problem('last week')).toContain('not a length of time');
  });
  it('reads back what it shows', () => {
    for (const text of [
      '2026-03-02 09:00 → 11:30',
      'until 2026-03-02 09:00',
      'from 2026-03-02 09:00',
      '2026-03-02 09:00:05 → 2026-03-03 00:00',
    ]) {
      const parsed = parseRange(text, { utc: true, lastEvent: null });
      expect(parsed.ok && formatRange(parsed.value, true)).toBe(text);
    }
  });
});

describe('moments, lengths, steps', () => {
  it('reads a moment as its beginning', () => {
    expect(parseMoment('2026-03-02', true)).toEqual({ ok: true, value: at('2026-03-02T00:00:00Z') });
    expect(parseMoment('soon', true).ok).toBe(false);
  });
  it('reads lengths', () => {
    expect(['90s', '15 min', '2h', '1.5d', '2 weeks', '5x', ''].map(parseDuration)).toEqual([
      90_000,
      900_000,
      7_200_000,
      129_600_000,
      1_209_600_000,
      null,
      null,
    ]);
  });
  it('steps by the own length and scales around the middle', () => {
    const r = { from: 1000 as EpochMs, to: 5000 as EpochMs };
    expect(shiftRange(r, 1)).toEqual({ from: 5000, to: 9000 });
    expect(shiftRange(r, -1)).toEqual({ from: -3000, to: 1000 });
    expect(shiftRange({ from: null, to: r.to }, 1)).toBeNull();
    expect(scaleRange(1000, 5000, 2)).toEqual({ from: -1000, to: 7000 });
    expect(scaleRange(1000, 1001, 0.5)).toEqual({ from: 500, to: 1501 });
  });
});
