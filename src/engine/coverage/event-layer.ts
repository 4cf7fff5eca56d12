/**
 * The event layer of the coverage: one pass over the columns for accounts and Regions, one for hours, categories and services. Pure
 * over attached segments; what is listed does not depend on the order of import.
 */
import type { EpochMs } from '../../shared/brand.ts';
import type { DictColumnId } from '../../shared/columns.ts';
import { COVERAGE_LIMITS, type EventCoverage, type EventCoverageRow, HOUR_MS } from '../../shared/coverage.ts';
import { ROW_INSIGHT } from '../../shared/segment.ts';
import type { Dictionary } from '../columns/dictionary.ts';
import { HIDDEN, type SegmentColumns } from '../columns/segment-columns.ts';
import { CATEGORIES, coarsened, HourCounts } from './hours.ts';
import { Pairs, Tally } from './pairs.ts';
import { DATA_SERVICES } from './services.ts';

const [MANAGEMENT, DATA, NETWORK, INSIGHT, UNKNOWN] = [0, 1, 2, 3, 4];

export interface EventColumns {
  segments: readonly SegmentColumns[];
  dictionary(column: DictColumnId): Dictionary;
  span(): { first: number; last: number } | null;
}

export type EventRows = Pick<EventCoverage, 'binMs' | 'rows' | 'start' | 'bin' | 'counts' | 'events' | 'leftOut'>;

/** `limits` are for tests. */
export function eventRows(columns: EventColumns, limits: { rows: number; bins: number } = COVERAGE_LIMITS): EventRows {
  const { segments } = columns;
  const pairs = new Pairs(columns.dictionary('account').count + 1, columns.dictionary('awsRegion').count + 1);
  const pairOf = segments.map((segment) => placeRows(segment, pairs));
  const span = columns.span();
  const hours = new HourCounts(pairs.count, hourOf(span?.first ?? 0), hourOf(span?.last ?? 0));
  const sums = new Sums(pairs.count);
  const services = new Pairs(pairs.count, columns.dictionary('eventSource').count + 1);
  const serviceCounts = new Tally();
  const codes = new CategoryCodes(columns);
  segments.forEach((segment, s) => {
    const { rows, state, time } = segment;
    const { eventSource, readOnly } = segment.dict;
    const of = pairOf[s];
    for (let i = 0; i < rows; i++) {
      if (state[i] & HIDDEN) continue;
      const row = of[i];
      const category = codes.of(segment, i);
      sums.add(row, category, time[i], codes.readOnly[readOnly[i]]);
      if (category === DATA) serviceCounts.add(services.of(row, eventSource[i]));
      if (!Number.isNaN(time[i])) hours.add(row, Math.floor(time[i] / HOUR_MS), category);
    }
  });
  const { order, leftOut } = orderOf(pairs, columns, sums, limits.rows);
  const fine = hours.finish(order);
  const sources = sourcesByRow(services, serviceCounts, columns.dictionary('eventSource'));
  const rows = Array.from(
    order,
    (row, i): EventCoverageRow => ({
      account: columns.dictionary('account').get(pairs.first[row]),
      region: columns.dictionary('awsRegion').get(pairs.second[row]),
      ...sums.row(row),
      hoursWithEvents: fine.start[i + 1] - fine.start[i],
      dataSources: sources.get(row) ?? [],
    }),
  );
  return { ...coarsened(fine, limits.bins), rows, events: sums.total, leftOut };
}

const hourOf = (time: number): number => Math.floor(time / HOUR_MS);

function placeRows({ rows, state, dict }: SegmentColumns, pairs: Pairs): Uint32Array {
  const of = new Uint32Array(rows);
  const { account, awsRegion } = dict;
  for (let i = 0; i < rows; i++) if (!(state[i] & HIDDEN)) of[i] = pairs.of(account[i], awsRegion[i]);
  return of;
}

/** What the codes of eventCategory, readOnly, eventSource and eventName mean. */
class CategoryCodes {
  /** 1 true, 2 false, 0 not recorded. */
  readonly readOnly: Uint8Array;
  private readonly category: Uint8Array;
  /** Which of DATA_SERVICES a source is, from 1; a bit for each service a call is a data event of. */
  private readonly serviceOf: Uint8Array;
  private readonly callsOf: Uint32Array;

  constructor(columns: EventColumns) {
    const marks = (column: DictColumnId, values: readonly (readonly [string, number])[], other: number): Uint8Array => {
      const dictionary = columns.dictionary(column);
      const out = new Uint8Array(dictionary.count + 1).fill(other);
      for (const [value, mark] of values) {
        const code = dictionary.find(value);
        if (code !== 0) out[code] = mark;
      }
      return out;
    };
    const known = [
      ['Management', MANAGEMENT],
      ['Data', DATA],
      ['NetworkActivity', NETWORK],
      ['Insight', INSIGHT],
    ] as const;
    this.category = marks('eventCategory', known, UNKNOWN);
    this.readOnly = marks(
      'readOnly',
      [
        ['true', 1],
        ['false', 2],
      ],
      0,
    );
    this.serviceOf = marks(
      'eventSource',
      DATA_SERVICES.map((s, i) => [s.source, i + 1] as const),
      0,
    );
    const names = columns.dictionary('eventName');
    names.index();
    this.callsOf = new Uint32Array(names.count + 1);
    DATA_SERVICES.forEach((service, i) => {
      for (const call of service.calls) this.callsOf[names.find(call)] |= 1 << (i + 1);
    });
    this.callsOf[0] = 0;
  }

  /** Before eventVersion 1.07 a record names no category: then the call itself says whether it is a data event. */
  of({ dict, flags }: SegmentColumns, i: number): number {
    const category = this.category[dict.eventCategory[i]];
    if (category !== UNKNOWN) return category;
    if (flags[i] & ROW_INSIGHT) return INSIGHT;
    const service = this.serviceOf[dict.eventSource[i]];
    return service !== 0 && (this.callsOf[dict.eventName[i]] >>> service) & 1 ? DATA : UNKNOWN;
  }
}

class Sums {
  total = 0;
  private readonly categories: Uint32Array;
  private readonly timed: Uint32Array;
  private readonly readOnly: Uint32Array;
  private readonly first: Float64Array;
  private readonly last: Float64Array;

  constructor(rows: number) {
    this.categories = new Uint32Array(rows * CATEGORIES);
    this.timed = new Uint32Array(rows);
    this.readOnly = new Uint32Array(rows * 3);
    this.first = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
    this.last = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
  }

  add(row: number, category: number, time: number, readOnly: number): void {
    this.total++;
    this.categories[row * CATEGORIES + category]++;
    if (category === MANAGEMENT || category === UNKNOWN) this.readOnly[row * 3 + readOnly]++;
    if (Number.isNaN(time)) return;
    this.timed[row]++;
    if (time < this.first[row]) this.first[row] = time;
    if (time > this.last[row]) this.last[row] = time;
  }

  events(row: number): number {
    let sum = 0;
    for (let c = 0; c < CATEGORIES; c++) sum += this.categories[row * CATEGORIES + c];
    return sum;
  }

  row(row: number): Omit<EventCoverageRow, 'account' | 'region' | 'hoursWithEvents' | 'dataSources'> {
    const timed = this.timed[row];
    const [first, last] = [this.first[row], this.last[row]];
    return {
      events: this.events(row),
      timed,
      firstTime: timed > 0 ? (first as EpochMs) : null,
      lastTime: timed > 0 ? (last as EpochMs) : null,
      hours: timed > 0 ? hourOf(last) - hourOf(first) + 1 : 0,
      reads: this.readOnly[row * 3 + 1],
      writes: this.readOnly[row * 3 + 2],
      categories: Array.from(this.categories.subarray(row * CATEGORIES, (row + 1) * CATEGORIES)),
    };
  }
}

/** Rows by account and Region; the largest ones where there are too many. */
function orderOf(pairs: Pairs, columns: EventColumns, sums: Sums, most: number): { order: Uint32Array; leftOut: EventCoverage['leftOut'] } {
  const account = columns.dictionary('account');
  const region = columns.dictionary('awsRegion');
  const byPlace = (a: number, b: number): number =>
    account.compare(pairs.first[a], pairs.first[b]) || region.compare(pairs.second[a], pairs.second[b]);
  const all = Uint32Array.from({ length: pairs.count }, (_, row) => row);
  if (all.length <= most) return { order: all.sort(byPlace), leftOut: { rows: 0, events: 0 } };
  all.sort((a, b) => sums.events(b) - sums.events(a) || byPlace(a, b));
  const left = all.subarray(most);
  return {
    order: all.slice(0, most).sort(byPlace),
    leftOut: { rows: left.length, events: left.reduce((sum, row) => sum + sums.events(row), 0) },
  };
}

function sourcesByRow(services: Pairs, counts: Tally, dictionary: Dictionary): Map<number, EventCoverageRow['dataSources']> {
  const byRow = new Map<number, EventCoverageRow['dataSources']>();
  for (let i = 0; i < services.count; i++) {
    const entry = { source: dictionary.get(services.second[i]), events: counts.at(i) };
    const list = byRow.get(services.first[i]);
    if (list) list.push(entry);
    else byRow.set(services.first[i], [entry]);
  }
  const text = (source: string | null): string => source ?? '';
  for (const list of byRow.values()) list.sort((a, b) => b.events - a.events || (text(a.source) < text(b.source) ? -1 : 1));
  return byRow;
}
