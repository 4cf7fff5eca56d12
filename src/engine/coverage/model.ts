/**
 * The two layers of the coverage joined by account and Region, to be asked for any stretch of hours. An hour without an event is
 * silent, no more; only the delivery layer says whether anything was delivered in it.
 */
import type { EpochMs } from '../../shared/brand.ts';
import { COVERAGE_CATEGORIES, type Coverage, type EventCoverageRow, HOUR_MS, type StoppedSpan } from '../../shared/coverage.ts';
import type { TimeRange } from '../../shared/plan.ts';
import { joined, type Span } from './spans.ts';

const CATEGORIES = COVERAGE_CATEGORIES.length;
const MAX_MARKS = 2_000_000;

export interface CoverageRow {
  account: string | null;
  region: string | null;
  /** Index into the event layer’s rows and the delivery layer’s; −1 where it is in one only. */
  event: number;
  delivery: number;
}

/** Hours from 1970, `to` excluded. */
export type HourRange = Span;

export interface HourFacts {
  hours: number;
  events: number;
  /** In the order of COVERAGE_CATEGORIES. */
  categories: number[];
  /** Null where events are only known by the day or wider, and the stretch cuts through. */
  hoursWithEvents: number | null;
  /** Hours by what is known of their delivery; they add up to `hours`. */
  delivered: number;
  missing: number;
  signedEmpty: number;
  linkedEmpty: number;
  unsignedEmpty: number;
  undigested: number;
  /** Log files delivered, and listed but missing. */
  files: number;
  missingFiles: number;
  /** Hours that a stop of a trail touches. */
  stopped: number;
}

export class CoverageModel {
  readonly rows: CoverageRow[];
  private readonly stops = new Map<CoverageRow, { spans: StoppedSpan[]; hours: Span[] }>();

  constructor(readonly coverage: Coverage) {
    this.rows = joinedRows(coverage);
  }

  /** The width of what is known of events; an hour unless there is too much of it. */
  get binMs(): number {
    return this.coverage.events.binMs;
  }

  eventRow(row: CoverageRow): EventCoverageRow | null {
    return this.coverage.events.rows[row.event] ?? null;
  }

  /** First to last hour of which either layer knows, digests included; null without any. */
  span(rows: readonly CoverageRow[] = this.rows): HourRange | null {
    let from = Number.POSITIVE_INFINITY;
    let to = Number.NEGATIVE_INFINITY;
    for (const row of rows) {
      const events = this.eventRow(row);
      const delivery = this.coverage.delivery.rows[row.delivery];
      const [digested, digestedTo] = this.digested(row);
      for (const first of [hourOf(events?.firstTime), delivery?.firstHour, digested])
        if (typeof first === 'number' && first < from) from = first;
      for (const last of [hourOf(events?.lastTime), delivery?.lastHour, digestedTo])
        if (typeof last === 'number' && last + 1 > to) to = last + 1;
    }
    return from < to ? { from, to } : null;
  }

  /** First and last hour that digests of the row cover wholly. */
  private digested({ delivery: row }: CoverageRow): [first: number | null, last: number | null] {
    const { spanStart, spanFrom, spanTo } = this.coverage.delivery;
    if (row < 0 || spanStart[row] === spanStart[row + 1]) return [null, null];
    return [spanFrom[spanStart[row]], spanTo[spanStart[row + 1] - 1] - 1];
  }

  /** The hours that a time range touches; open ends are those of the evidence. */
  hoursOf(time: TimeRange, rows: readonly CoverageRow[] = this.rows): HourRange | null {
    const span = time.from === null || time.to === null ? this.span(rows) : null;
    const from = time.from === null ? span?.from : Math.floor(time.from / HOUR_MS);
    const to = time.to === null ? span?.to : Math.ceil(time.to / HOUR_MS);
    return from === undefined || to === undefined || from >= to ? null : { from, to };
  }

  facts(row: CoverageRow, range: HourRange): HourFacts {
    const stopped = overlap(this.stopped(row).hours, range);
    return { hours: range.to - range.from, ...this.eventFacts(row, range), ...this.deliveryFacts(row, range), stopped };
  }

  /**
   * What is counted of a row: of the selected hours where there are any, else of its own span, its first event or delivery to its
   * last. Null without either. The map and the report both ask here.
   */
  countedFacts(row: CoverageRow, selected: HourRange | null): HourFacts | null {
    const range = selected ?? this.span([row]);
    return range ? this.facts(row, range) : null;
  }

  /**
   * Hours of the range with an event, a delivered log, or a signed digest that lists none, in any of the rows; null where events are
   * only known by wider bins.
   */
  coveredHours(rows: readonly CoverageRow[], range: HourRange): number | null {
    if (this.binMs !== HOUR_MS) return null;
    const { events, delivery } = this.coverage;
    const marks = new Marks(range);
    for (const row of rows) {
      if (row.event >= 0) {
        const [low, high] = within(events.bin, events.start[row.event], events.start[row.event + 1], range);
        for (let i = low; i < high; i++) marks.add(events.bin[i], events.bin[i] + 1);
      }
      if (row.delivery < 0) continue;
      const [low, high] = within(delivery.hour, delivery.start[row.delivery], delivery.start[row.delivery + 1], range);
      for (let i = low; i < high; i++) if (delivery.files[i] > 0) marks.add(delivery.hour[i], delivery.hour[i] + 1);
      const missing = this.missingHours(row, range);
      for (let i = delivery.spanStart[row.delivery]; i < delivery.spanStart[row.delivery + 1]; i++) {
        if (delivery.spanLevel[i] !== 3) continue;
        for (const piece of without({ from: delivery.spanFrom[i], to: delivery.spanTo[i] }, missing)) marks.add(piece.from, piece.to);
      }
    }
    return marks.hours();
  }

  /** Stops that concern the row, oldest first. */
  stopsOf(row: CoverageRow): StoppedSpan[] {
    return this.stopped(row).spans;
  }

  private stopped(row: CoverageRow): { spans: StoppedSpan[]; hours: Span[] } {
    const known = this.stops.get(row);
    if (known) return known;
    const spans = this.coverage.trails.stopped.filter(
      (s) => (s.account === row.account || s.organisation) && (s.region === null || s.region === row.region),
    );
    const hours = spans.map(({ from, to }) => ({
      from: Math.floor(from / HOUR_MS),
      to: to === null ? Number.POSITIVE_INFINITY : Math.ceil(to / HOUR_MS),
    }));
    const stopped = { spans, hours: joined(hours) };
    this.stops.set(row, stopped);
    return stopped;
  }

  private missingHours(row: CoverageRow, range: HourRange): Span[] {
    const { delivery } = this.coverage;
    const [low, high] = within(delivery.hour, delivery.start[row.delivery], delivery.start[row.delivery + 1], range);
    const out: Span[] = [];
    for (let i = low; i < high; i++) if (delivery.missing[i] > 0) out.push({ from: delivery.hour[i], to: delivery.hour[i] + 1 });
    return out;
  }

  private eventFacts(row: CoverageRow, range: HourRange): Pick<HourFacts, 'events' | 'categories' | 'hoursWithEvents'> {
    const { events } = this.coverage;
    const own = this.eventRow(row);
    const categories = new Array<number>(CATEGORIES).fill(0);
    if (!own) return { events: 0, categories, hoursWithEvents: 0 };
    const scale = events.binMs / HOUR_MS;
    const bins = { from: Math.ceil(range.from / scale), to: Math.ceil(range.to / scale) };
    const [low, high] = within(events.bin, events.start[row.event], events.start[row.event + 1], bins);
    for (let i = low; i < high; i++) for (let c = 0; c < CATEGORIES; c++) categories[c] += events.counts[i * CATEGORIES + c];
    const whole = own.timed === 0 || (range.from <= (hourOf(own.firstTime) ?? 0) && range.to > (hourOf(own.lastTime) ?? 0));
    return {
      events: categories.reduce((sum, n) => sum + n, 0),
      categories,
      hoursWithEvents: scale === 1 ? high - low : whole ? own.hoursWithEvents : null,
    };
  }

  private deliveryFacts(
    row: CoverageRow,
    range: HourRange,
  ): Omit<HourFacts, 'hours' | 'events' | 'categories' | 'hoursWithEvents' | 'stopped' | 'covered'> {
    const { delivery } = this.coverage;
    const hours = range.to - range.from;
    const out = {
      delivered: 0,
      missing: 0,
      signedEmpty: 0,
      linkedEmpty: 0,
      unsignedEmpty: 0,
      undigested: hours,
      files: 0,
      missingFiles: 0,
    };
    if (row.delivery < 0) return out;
    const levels = [0, 0, 0, 0];
    const [first, last] = [delivery.spanStart[row.delivery], delivery.spanStart[row.delivery + 1]];
    const begin = lowerBound(delivery.spanTo, first, last, range.from + 1);
    for (let i = begin; i < last && delivery.spanFrom[i] < range.to; i++) {
      levels[delivery.spanLevel[i]] += Math.min(range.to, delivery.spanTo[i]) - Math.max(range.from, delivery.spanFrom[i]);
    }
    levels[0] = hours - levels[1] - levels[2] - levels[3];
    const [low, high] = within(delivery.hour, delivery.start[row.delivery], delivery.start[row.delivery + 1], range);
    for (let i = low; i < high; i++) {
      const span = lowerBound(delivery.spanTo, first, last, delivery.hour[i] + 1);
      levels[span < last && delivery.spanFrom[span] <= delivery.hour[i] ? delivery.spanLevel[span] : 0]--;
      if (delivery.files[i] > 0) out.delivered++;
      else out.missing++;
      out.files += delivery.files[i];
      out.missingFiles += delivery.missing[i];
    }
    [out.undigested, out.unsignedEmpty, out.linkedEmpty, out.signedEmpty] = levels;
    return out;
  }
}

/** Hours of a range that anything covers: a byte an hour where the range is not too long, else spans. */
class Marks {
  private readonly marked: Uint8Array | null;
  private readonly spans: Span[] = [];

  constructor(private readonly range: HourRange) {
    const hours = range.to - range.from;
    this.marked = hours <= MAX_MARKS ? new Uint8Array(hours) : null;
  }

  add(from: number, to: number): void {
    if (this.marked) this.marked.fill(1, Math.max(0, from - this.range.from), Math.max(0, to - this.range.from));
    else this.spans.push({ from, to });
  }

  hours(): number {
    if (!this.marked) return overlap(joined(this.spans), this.range);
    let sum = 0;
    for (const mark of this.marked) sum += mark;
    return sum;
  }
}

const hourOf = (time: EpochMs | null | undefined): number | null =>
  time === null || time === undefined ? null : Math.floor(time / HOUR_MS);

/** By account, then Region; a pair of both layers is one row. */
function joinedRows({ events, delivery }: Coverage): CoverageRow[] {
  const rows = new Map<string, CoverageRow>();
  events.rows.forEach(({ account, region }, event) => {
    rows.set(JSON.stringify([account, region]), { account, region, event, delivery: -1 });
  });
  delivery.rows.forEach(({ account, region }, i) => {
    const name = JSON.stringify([account, region]);
    const known = rows.get(name);
    if (known) known.delivery = i;
    else rows.set(name, { account, region, event: -1, delivery: i });
  });
  return [...rows.values()].sort((a, b) => byText(a.account, b.account) || byText(a.region, b.region));
}

const byText = (a: string | null, b: string | null): number => {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : 1;
};

/** First index in [low, high) whose value is at least `value`; `high` when there is none. */
function lowerBound(values: ArrayLike<number>, low: number, high: number, value: number): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (values[middle] < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

function within(values: ArrayLike<number>, low: number, high: number, range: HourRange): [number, number] {
  const first = lowerBound(values, low, high, range.from);
  return [first, lowerBound(values, first, high, range.to)];
}

/** Hours of joined spans inside the range. */
function overlap(spans: readonly Span[], range: HourRange): number {
  let sum = 0;
  for (const { from, to } of spans) sum += Math.max(0, Math.min(to, range.to) - Math.max(from, range.from));
  return sum;
}

function without(span: Span, holes: readonly Span[]): Span[] {
  const out: Span[] = [];
  let from = span.from;
  for (const hole of holes) {
    if (hole.to <= from || hole.from >= span.to) continue;
    if (hole.from > from) out.push({ from, to: hole.from });
    from = hole.to;
  }
  if (from < span.to) out.push({ from, to: span.to });
  return out;
}
