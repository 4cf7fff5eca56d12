/** When the subject is usually at work, and how much it does in a day; UTC throughout. */

import type { Behaviour, Statement } from '../../shared/behaviour.ts';
import type { EpochMs } from '../../shared/brand.ts';
import { HOUR_MS } from '../../shared/coverage.ts';
import { FAILED, outcomeMarks } from '../query/outcomes.ts';
import { count, DAY_MS, exactly, OPENED, type Scene, statement, THIN_EVENTS, within } from './scene.ts';

const WEEK_HOURS = 168;
const DAYS_LISTED = 1000;
/** Habits are read from no less than this. */
const HABIT_EVENTS = 100;
const HABIT_DAYS = 7;
/** Below this the hours of the week are mostly empty: hours of the day are compared. */
const WEEKDAYS_MS = 14 * DAY_MS;
/** A day is unusual with so many times the events of the busiest day before, and no fewer than HABIT_EVENTS. */
const UNUSUAL_FACTOR = 3;

/** Hour of the week: Monday 00:00 is 0. 1970-01-01 was a Thursday. */
function weekHour(t: number): number {
  const hour = Math.floor(t / HOUR_MS) + 3 * 24;
  return ((hour % WEEK_HOURS) + WEEK_HOURS) % WEEK_HOURS;
}

export function hoursOf({ rows, from, to, basis, window: { from: begin } }: Scene): Behaviour['hours'] {
  const before = new Uint32Array(WEEK_HOURS);
  const window = new Uint32Array(WEEK_HOURS);
  countHours(rows.time, 0, from, before);
  countHours(rows.time, from, to, window);
  const long = basis.historyFrom !== null && begin !== null && begin - basis.historyFrom >= WEEKDAYS_MS;
  const newBy = basis.historyEvents < THIN_EVENTS ? null : long ? 'hour of week' : 'hour of day';
  const usual = newBy === 'hour of day' ? byHourOfDay(before) : before;
  const newHours = Uint8Array.from(window, (n, h) => (newBy !== null && n > 0 && usual[h % usual.length] === 0 ? 1 : 0));
  return { window, before, newHours, newBy };
}

/** Times ascend, so that an hour is looked up once. */
function countHours(times: Float64Array, from: number, to: number, counts: Uint32Array): void {
  for (let k = from; k < to; ) {
    const next = (Math.floor(times[k] / HOUR_MS) + 1) * HOUR_MS;
    const first = k;
    while (k < to && times[k] < next) k++;
    counts[weekHour(times[first])] += k - first;
  }
}

export function daysOf({ rows, from, to }: Scene): Behaviour['days'] {
  const outcome = rows.codes('outcome', 0, rows.timed);
  const outcomes = outcomeMarks(rows.open);
  const { time, timed } = rows;
  const days: Behaviour['days'] = [];
  for (let k = 0; k < timed; ) {
    const day = (Math.floor(time[k] / DAY_MS) * DAY_MS) as EpochMs;
    const first = k;
    let failed = 0;
    while (k < timed && time[k] < day + DAY_MS) if (outcomes[outcome[k++]] & FAILED) failed++;
    days.push({ day, events: k - first, inWindow: Math.max(0, Math.min(k, to) - Math.max(first, from)), failed });
  }
  return days;
}

export const lastDays = (days: Behaviour['days']): Behaviour['days'] => days.slice(-DAYS_LISTED);

export function unusual(scene: Scene, hours: Behaviour['hours'], days: Behaviour['days']): Statement[] {
  const { basis } = scene;
  if (basis.historyEvents < HABIT_EVENTS || basis.historyDays < HABIT_DAYS) return [];
  return [...newHours(scene, hours), ...newVolume(scene, days)];
}

/** Hours of the day in which it never worked before, nor in the hour on either side. */
function newHours(scene: Scene, hours: Behaviour['hours']): Statement[] {
  const before = byHourOfDay(hours.before);
  const fresh = byHourOfDay(hours.window).map((n, h) => (before[h] + before[(h + 23) % 24] + before[(h + 1) % 24] === 0 ? n : 0));
  const events = fresh.reduce((a, b) => a + b, 0);
  if (events === 0) return [];
  const { rows, from, to } = scene;
  const cited: number[] = [];
  for (let k = from; k < to && cited.length < OPENED; k++) if (fresh[weekHour(rows.time[k]) % 24] > 0) cited.push(k);
  const named = fresh.flatMap((n, h) => (n > 0 ? [`${String(h).padStart(2, '0')}:00`] : []));
  const keys = cited.map((k) => rows.key(k));
  return [
    statement({
      kind: 'newHours',
      section: 'hours',
      weight: 'notable',
      parts: [
        count(events, 'event', 'events'),
        ` at hours of the day (UTC ${named.join(', ')}) in or near which there was nothing of it before the window.`,
      ],
      counts: { events, hours: named.length },
      cited: keys,
      opens: exactly(keys),
      compares: true,
    }),
  ];
}

function byHourOfDay(week: Uint32Array): number[] {
  const out = new Array<number>(24).fill(0);
  week.forEach((n, h) => {
    out[h % 24] += n;
  });
  return out;
}

function newVolume(scene: Scene, days: Behaviour['days']): Statement[] {
  const windowFrom = scene.window.from ?? Number.NEGATIVE_INFINITY;
  let usual = 0;
  for (const { day, events, inWindow } of days) if (day < windowFrom) usual = Math.max(usual, events - inWindow);
  const most = days.reduce((best, day) => (day.inWindow > best.inWindow ? day : best), {
    day: 0 as EpochMs,
    events: 0,
    inWindow: 0,
    failed: 0,
  });
  if (most.inWindow < HABIT_EVENTS || most.inWindow <= UNUSUAL_FACTOR * usual) return [];
  return [
    statement({
      kind: 'newVolume',
      section: 'hours',
      weight: 'notable',
      parts: [
        count(most.inWindow, 'event', 'events'),
        ' on ',
        { part: 'day', day: most.day },
        '; before the window no day had more than ',
        count(usual, 'event', 'events'),
        '.',
      ],
      counts: { events: most.inWindow, usual },
      cited: [scene.rows.key(Math.max(scene.from, scene.rows.firstAt(most.day)))],
      opens: { ...within(scene), time: clip(most.day, scene) },
      compares: true,
    }),
  ];
}

const clip = (day: number, { window }: Scene): { from: EpochMs; to: EpochMs } => ({
  from: Math.max(day, window.from ?? day) as EpochMs,
  to: Math.min(day + DAY_MS, window.to ?? day + DAY_MS) as EpochMs,
});
