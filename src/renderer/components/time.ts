/**
 * The one place where times become text and text becomes times. Shown as `2026-03-02 09:14:05`, always together with the zone,
 * which is either UTC (as in the records) or that of this computer.
 */
import type { EpochMs } from '../../shared/brand.ts';
import type { TimeRange } from '../../shared/plan.ts';

const two = (n: number): string => String(n).padStart(2, '0');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
}

function partsOf(ms: number, utc: boolean): Parts {
  const d = new Date(ms);
  return utc
    ? {
        year: d.getUTCFullYear(),
        month: d.getUTCMonth() + 1,
        day: d.getUTCDate(),
        hour: d.getUTCHours(),
        minute: d.getUTCMinutes(),
        second: d.getUTCSeconds(),
        ms: d.getUTCMilliseconds(),
      }
    : {
        year: d.getFullYear(),
        month: d.getMonth() + 1,
        day: d.getDate(),
        hour: d.getHours(),
        minute: d.getMinutes(),
        second: d.getSeconds(),
        ms: d.getMilliseconds(),
      };
}

/** The place in time of a date in the zone; months from 1; parts may overflow (month 13 is January of the next year). */
function fromParts(p: Parts, utc: boolean): number {
  const d = new Date(0);
  if (utc) {
    d.setUTCFullYear(p.year, p.month - 1, p.day);
    d.setUTCHours(p.hour, p.minute, p.second, p.ms);
  } else {
    d.setFullYear(p.year, p.month - 1, p.day);
    d.setHours(p.hour, p.minute, p.second, p.ms);
  }
  return d.getTime();
}

const isTime = (ms: number | null): ms is number => ms !== null && Number.isFinite(ms) && Math.abs(ms) <= 8.64e15;

/** `2026-03-02`; "no time" for null. */
export function formatDate(ms: EpochMs | number | null, utc: boolean): string {
  if (!isTime(ms)) return 'no time';
  const p = partsOf(ms, utc);
  return `${String(p.year).padStart(4, '0')}-${two(p.month)}-${two(p.day)}`;
}

/** `09:14:05`, with a fraction only when there is one. */
export function formatClock(ms: EpochMs | number, utc: boolean): string {
  if (!isTime(ms)) return 'no time';
  const p = partsOf(ms, utc);
  return `${two(p.hour)}:${two(p.minute)}:${two(p.second)}${p.ms ? `.${String(p.ms).padStart(3, '0')}` : ''}`;
}

/** `2026-03-02 09:14:05`; "no time" for null. The zone must stand beside it or in the column's head: see zoneLabel. */
export function formatTime(ms: EpochMs | number | null, utc: boolean): string {
  return isTime(ms) ? `${formatDate(ms, utc)} ${formatClock(ms, utc)}` : 'no time';
}

/** `UTC`, or the zone of this computer with its offset at that moment: `UTC+02:00`. */
export function zoneLabel(utc: boolean, at: EpochMs | number | null = null): string {
  if (utc) return 'UTC';
  const offset = -new Date(isTime(at) ? at : Date.now()).getTimezoneOffset();
  return `UTC${offset < 0 ? '−' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
}

/** `2026-03-02 09:14:05 UTC`; for every time that stands alone. */
export function formatTimeZoned(ms: EpochMs | number | null, utc: boolean): string {
  return isTime(ms) ? `${formatTime(ms, utc)} ${zoneLabel(utc, ms)}` : 'no time';
}

/** Name of the computer's zone, e.g. `Europe/Berlin`. */
export const localZoneName = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `45 s`, `12 min`, `3 h 20 min`, `2 d 4 h`: at most two units, rounded down. */
export function formatDuration(ms: number): string {
  const s = Math.floor(ms / 1000);
  if (s < 1) return `${Math.max(0, Math.round(ms))} ms`;
  if (s < 60) return `${s} s`;
  const units: [number, string][] = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ];
  const first = units.findIndex(([size]) => s >= size);
  const [size, name] = units[first];
  const rest = units[first + 1];
  const whole = Math.floor(s / size);
  const second = rest ? Math.floor((s % size) / rest[0]) : 0;
  return second > 0 ? `${whole} ${name} ${second} ${rest[1]}` : `${whole} ${name}`;
}

/** A range in short: the date of the end is left out when it is that of the start, seconds when they are all zero. */
export function formatRange(range: TimeRange, utc: boolean): string {
  const { from, to } = range;
  if (from === null && to === null) return 'all times';
  const text = (ms: number): string => formatTime(ms, utc).replace(/:00$/, '');
  if (from === null) return `until ${text(to as number)}`;
  if (to === null) return `from ${text(from)}`;
  const sameDay = formatDate(from, utc) === formatDate(to, utc);
  return `${text(from)} → ${sameDay ? formatClock(to, utc).replace(/:00$/, '') : text(to)}`;
}

export type Parsed<T> = { ok: true; value: T } | { ok: false; error: string };
const no = (error: string): { ok: false; error: string } => ({ ok: false, error });

/** A moment as typed: a partial one (`2026-03`, `2026-03-02 09`) stands for its whole unit. Milliseconds, end exclusive. */
interface Stretch {
  start: number;
  end: number;
}

const MOMENT =
  /^(\d{4})-(\d{1,2})(?:-(\d{1,2})(?:[T\s]+(\d{1,2})(?::(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/i;
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/i;
const DURATION = /^(\d+(?:\.\d+)?)\s*(s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?|d|days?|w|weeks?)$/i;

/** Milliseconds of `2h`, `15 min`, `1.5d`; null when it is none. */
export function parseDuration(text: string): number | null {
  const match = DURATION.exec(text.trim());
  if (!match) return null;
  const unit = match[2].toLowerCase();
  const size = unit.startsWith('s')
    ? 1000
    : unit.startsWith('m')
      ? MINUTE
      : unit.startsWith('h')
        ? HOUR
        : unit.startsWith('d')
          ? DAY
          : 7 * DAY;
  return Math.round(Number(match[1]) * size);
}

function zoneMinutes(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (!match) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

function stretchOf(fields: (string | undefined)[], zone: string | undefined, utc: boolean, shown: string): Parsed<Stretch> {
  const [year, month, day, hour, minute, second, fraction] = fields;
  const p: Parts = {
    year: Number(year),
    month: Number(month),
    day: day === undefined ? 1 : Number(day),
    hour: Number(hour ?? 0),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
    ms: fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000),
  };
  if (p.month < 1 || p.month > 12) return no(`“${shown}” is no date: there is no month ${month}.`);
  const days = new Date(Date.UTC(2000 + (p.year % 400), p.month, 0)).getUTCDate();
  if (p.day < 1 || p.day > days) return no(`“${shown}” is no date: that month has no day ${day}.`);
  if (p.hour > 24 || (p.hour === 24 && (p.minute > 0 || p.second > 0)) || p.minute > 59 || p.second > 59) {
    return no(`“${shown}” is no time of day: hours go to 23, minutes and seconds to 59.`);
  }
  const inUtc = zone !== undefined || utc;
  const shift = zone === undefined ? 0 : zoneMinutes(zone) * MINUTE;
  const end: Parts = { ...p };
  if (day === undefined) end.month++;
  else if (hour === undefined) end.day++;
  else if (minute === undefined) end.hour++;
  else if (second === undefined) end.minute++;
  else if (fraction === undefined) end.second++;
  else end.ms++;
  return { ok: true, value: { start: fromParts(p, inUtc) - shift, end: fromParts(end, inUtc) - shift } };
}

function parseStretch(text: string, utc: boolean, day: number | null): Parsed<Stretch> {
  const shown = text.trim();
  const moment = MOMENT.exec(shown);
  if (moment) return stretchOf(moment.slice(1, 8), moment[8]?.toUpperCase(), utc, shown);
  const clock = CLOCK.exec(shown);
  if (clock && day !== null) {
    const p = partsOf(day, clock[5] === undefined ? utc : true);
    return stretchOf([String(p.year), String(p.month), String(p.day), ...clock.slice(1, 5)], clock[5]?.toUpperCase(), utc, shown);
  }
  if (clock) return no(`“${shown}” has no date: write it as 2026-03-02 ${shown}.`);
  return no(`“${shown}” is not a time. Write it as 2026-03-02 09:14:05, 2026-03-02 09:14, 2026-03-02 or 2026-03.`);
}

/** One moment; a partial one stands for its beginning. */
export function parseMoment(text: string, utc: boolean): Parsed<EpochMs> {
  const parsed = parseStretch(text, utc, null);
  return parsed.ok ? { ok: true, value: parsed.value.start as EpochMs } : parsed;
}

export const RANGE_EXAMPLES = '2026-03-02 · 2026-03-02 09:00 → 11:30 · 2026-03-02 09:00 +2h · last 24h · 2026-03-02 09:14 ±15m';

/**
 * A typed range: `A → B` (also `A to B`, `A .. B`, `A / B`), one side open, `A +2h`, `B -2h`, `A ±15m`, `last 24h` (before the last event), or one
 * partial time for its whole unit. A typed end counts wholly: until `11:30` as a minute ends at 11:30:00, a day at its midnight after.
 * Empty text is all times. What cannot be read gives a sentence, never a guess.
 */
export function parseRange(text: string, options: { utc: boolean; lastEvent: EpochMs | null }): Parsed<TimeRange> {
  const { utc, lastEvent } = options;
  const typed = text.trim();
  if (typed === '' || /^all(\s+times?)?$/i.test(typed)) return { ok: true, value: { from: null, to: null } };
  const range = (from: number | null, to: number | null): Parsed<TimeRange> => {
    if (from !== null && to !== null && from >= to)
      return no(`The range ends (${formatTimeZoned(to, utc)}) before it begins (${formatTimeZoned(from, utc)}).`);
    return { ok: true, value: { from: from as EpochMs | null, to: to as EpochMs | null } };
  };

  const last = /^(?:last|past)\s+(.+)$/i.exec(typed);
  if (last) {
    const length = parseDuration(last[1]);
    if (length === null || length <= 0) return no(`“${last[1]}” is not a length of time. Write 30m, 2h, 24h or 7d.`);
    if (lastEvent === null) return no('There is no event with a time yet, so “last” has no end to count from.');
    return range(lastEvent + 1000 - length, lastEvent + 1000);
  }

  const open = /^(from|since|after|until|before|to)\s+(.+)$/i.exec(typed) ?? /^(→|->|\.\.)\s*(.+)$/.exec(typed);
  if (open && !/(→|->|\.\.|\s(?:to|until|–|—)\s)/i.test(open[2])) {
    const parsed = parseStretch(open[2], utc, null);
    if (!parsed.ok) return parsed;
    const word = open[1].toLowerCase();
    if (word === 'from' || word === 'since') return range(parsed.value.start, null);
    if (word === 'after') return range(parsed.value.end, null);
    return range(null, endOf(parsed.value, open[2], word === 'before'));
  }

  const body = open && /^(from|since)$/i.test(open[1]) ? open[2] : typed;
  const sides = body.split(/\s*(?:→|->|–|—|\.\.+|\/)\s*|\s+(?:to|until|-)\s+/i);
  if (sides.length > 2) return no(`“${typed}” has more than two ends. Write it as 2026-03-02 09:00 → 2026-03-02 11:30.`);
  if (sides.length === 2) {
    const [left, right] = sides;
    const from = left === '' ? null : parseStretch(left, utc, null);
    if (from && !from.ok) return from;
    if (right === '') return range(from?.value.start ?? null, null);
    const length = /^\+/.test(right) ? parseDuration(right.slice(1)) : null;
    if (length !== null && from) return range(from.value.start, from.value.start + length);
    const to = parseStretch(right, utc, from?.value.start ?? null);
    if (!to.ok) return to;
    return range(from?.value.start ?? null, endOf(to.value, right, false));
  }

  const signed = /^(.+?)\s*(\+-|\+\/-|±|\+|(?<=\s)-)\s*(\d[\d.]*\s*[a-z]+)$/i.exec(body);
  if (signed) {
    const length = parseDuration(signed[3]);
    const at = parseStretch(signed[1], utc, null);
    if (length !== null && length > 0) {
      if (!at.ok) return at;
      const { start, end } = at.value;
      if (signed[2] === '+') return range(start, start + length);
      if (signed[2] === '-') return range(start - length, start);
      return range(start - length, (end - start <= 1000 ? end : start) + length);
    }
    if (at.ok) return no(`“${signed[3]}” is not a length of time. Write 30m, 2h, 24h or 7d.`);
  }

  const whole = parseStretch(body, utc, null);
  return whole.ok ? range(whole.value.start, whole.value.end) : whole;
}

/** A time of day to the minute or second is itself the (exclusive) end; a day or month as an end is meant wholly. */
function endOf(stretch: Stretch, text: string, before: boolean): number {
  return before || /\d:\d/.test(text) ? stretch.start : stretch.end;
}

/** Moves the range by its own length, or by `fraction` of it; null when an end is open. */
export function shiftRange(range: TimeRange, direction: -1 | 1, fraction = 1): TimeRange | null {
  if (range.from === null || range.to === null) return null;
  const by = Math.round((range.to - range.from) * fraction) * direction;
  return { from: (range.from + by) as EpochMs, to: (range.to + by) as EpochMs };
}

/** The range made `factor` times as long (below 1: shorter) around its middle, at least a second. */
export function scaleRange(from: number, to: number, factor: number): TimeRange {
  const half = Math.max(500, ((to - from) * factor) / 2);
  const middle = (from + to) / 2;
  return { from: Math.floor(middle - half) as EpochMs, to: Math.ceil(middle + half) as EpochMs };
}
