/**
 * What a selection can show at all: how much of its time the evidence covers, and which calls could not be in it whatever happened.
 * Pure; only what is relevant to the filters, only what is true.
 */

import type { ValueColumnId } from '../../shared/columns.ts';
import { type Coverage, type EventCoverageRow, HOUR_MS } from '../../shared/coverage.ts';
import type { Filter, Selection } from '../../shared/plan.ts';
import { countOf, number, stamp } from '../report/text.ts';
import { CoverageModel, type CoverageRow, type HourRange } from './model.ts';
import { rowName, seemsWithoutReads, stopSentence } from './sentences.ts';
import { dataServiceOf, GLOBAL_SERVICES, type GlobalService, globalServiceOf, inCommercialPartition, serviceOfCall } from './services.ts';

const MAX_ROWS_TOLD = 3;
const MAX_STOPS_TOLD = 3;

/** Sentences about the selection, most telling first; empty when there is nothing to say. */
export function selectionSentences(coverage: Coverage, selection: Selection, utc: boolean): string[] {
  if (coverage.events.events === 0) return [];
  const model = new CoverageModel(coverage);
  const accounts = chosen(selection.filters, 'account');
  const regions = chosen(selection.filters, 'awsRegion');
  const rows = model.rows.filter((r) => (!accounts || accounts.has(r.account)) && (!regions || regions.has(r.region)));
  const out: string[] = [];
  out.push(...absentPlaces(coverage, model, accounts, regions));
  out.push(...hoursSentences(model, rows, selection, utc));
  const services = servicesOf(selection.filters);
  out.push(...globalSentences(model, { accounts, regions, rows }, services));
  out.push(...dataSentences(coverage, rows, services, selection.filters));
  out.push(...readSentences(coverage, rows, selection.filters));
  return out;
}

/** As one text; empty when there is nothing to say. */
export const coverageSentence = (coverage: Coverage, selection: Selection, utc = true): string =>
  selectionSentences(coverage, selection, utc).join(' ');

/** Hours of the selection's time range that the evidence covers; null without a range, or where hours are not known. */
export function coveredPart(coverage: Coverage, selection: Selection): { covered: number; hours: number } | null {
  const { from, to } = selection.time;
  if ((from === null && to === null) || coverage.events.events === 0) return null;
  const model = new CoverageModel(coverage);
  const range = model.hoursOf(selection.time);
  const covered = range ? model.coveredHours(model.rows, range) : null;
  return range && covered !== null ? { covered, hours: range.to - range.from } : null;
}

/** Values that a column must have: those of all its including filters at the top; null when none narrows it. */
function chosen(filters: readonly Filter[], column: ValueColumnId): Set<string | null> | null {
  const including = filters.flatMap((f) => (f.op === 'in' && f.column === column && !f.not ? [f.values] : []));
  if (including.length === 0) return null;
  return new Set(including[0].filter((value) => including.every((values) => values.includes(value))));
}

function absentPlaces(
  coverage: Coverage,
  model: CoverageModel,
  accounts: Set<string | null> | null,
  regions: Set<string | null> | null,
): string[] {
  const out: string[] = [];
  const here = { accounts: new Set(model.rows.map((r) => r.account)), regions: new Set(model.rows.map((r) => r.region)) };
  const lost = (wanted: Set<string | null> | null, known: Set<string | null>): string[] =>
    [...(wanted ?? [])].filter((v): v is string => v !== null && !known.has(v)).slice(0, MAX_ROWS_TOLD);
  for (const account of lost(accounts, here.accounts)) {
    const caller = coverage.events.foreign.find((f) => f.account === account);
    out.push(
      caller
        ? `The evidence holds no record of account ${account} itself; it appears only as a caller, in ${countOf(caller.events, 'event')}.`
        : `The evidence holds nothing of account ${account}.`,
    );
  }
  for (const region of lost(regions, here.regions)) out.push(`The evidence holds nothing of ${region}.`);
  return out;
}

function hoursSentences(model: CoverageModel, rows: readonly CoverageRow[], selection: Selection, utc: boolean): string[] {
  const { time } = selection;
  if (time.from === null && time.to === null) return [];
  const range = model.hoursOf(time, rows);
  if (!range || rows.length === 0) return [];
  const out: string[] = [];
  const few = rows.length <= MAX_ROWS_TOLD ? rows.map((row) => [row]) : [rows];
  const total = range.to - range.from;
  for (const group of few) {
    const covered = model.coveredHours(group, range);
    if (covered === null) continue;
    const where =
      group.length === 1
        ? ` in ${placeOf(group[0], rows)}`
        : ` in at least one of ${countOf(rows.length, 'account and Region', 'accounts and Regions')}`;
    if (covered === 0)
      out.push(
        `The evidence ${total === 1 ? 'does not cover the hour' : `covers none of the ${number(total)} hours`} of this range${group.length === 1 ? where : ''}.`,
      );
    else if (covered === total)
      out.push(`The evidence covers ${total === 1 ? 'the hour' : `all ${number(total)} hours`} of this range${where}.`);
    else out.push(`The evidence covers ${number(covered)} of ${countOf(total, 'hour')} of this range${where}.`);
    if (covered === 0) out.push(...beyond(model, group, range, utc));
    if (covered < total && group.length === 1) out.push(...deliverySentences(model, group[0], range));
  }
  const stops = new Set(rows.flatMap((row) => model.stopsOf(row)));
  const within = [...stops].filter((s) => s.from < range.to * HOUR_MS && (s.to === null || s.to > range.from * HOUR_MS));
  out.push(...within.slice(0, MAX_STOPS_TOLD).map((stop) => stopSentence(stop, utc)));
  return out;
}

/** Where a range lies beyond all events of the rows, the time of the nearest one. */
function beyond(model: CoverageModel, rows: readonly CoverageRow[], range: HourRange, utc: boolean): string[] {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const own = model.eventRow(row);
    if (own?.firstTime != null && own.firstTime < first) first = own.firstTime;
    if (own?.lastTime != null && own.lastTime > last) last = own.lastTime;
  }
  const whose = rows.length === 1 ? ' there' : '';
  if (last < range.from * HOUR_MS) return Number.isFinite(last) ? [`The last event${whose} is of ${stamp(last, utc)}.`] : [];
  return first >= range.to * HOUR_MS && Number.isFinite(first) ? [`The first event${whose} is of ${stamp(first, utc)}.`] : [];
}

/** The Region alone where all rows are of one account. */
const placeOf = (row: CoverageRow, rows: readonly CoverageRow[]): string =>
  row.region !== null && rows.every((r) => r.account === row.account) ? row.region : rowName(row);

function deliverySentences(model: CoverageModel, row: CoverageRow, range: { from: number; to: number }): string[] {
  const { signedEmpty, missing } = model.facts(row, range);
  const out: string[] = [];
  if (signedEmpty > 0) out.push(`In ${countOf(signedEmpty, 'hour')} nothing was delivered: signed digests list no log.`);
  if (missing > 0) out.push(`In ${countOf(missing, 'hour')} logs were delivered that are missing here.`);
  return out;
}

interface Services {
  /** eventSource values that the filters leave; null when they leave all. */
  sources: Set<string> | null;
  /** eventName values, likewise. */
  names: Set<string> | null;
}

/** From eventSource and eventName filters; a name that only one service has stands for it. */
function servicesOf(filters: readonly Filter[]): Services {
  const sources = chosen(filters, 'eventSource');
  const names = chosen(filters, 'eventName');
  const texts = (values: Set<string | null>): Set<string> => new Set([...values].filter((v): v is string => v !== null));
  const named = names ? texts(names) : null;
  if (sources) return { sources: texts(sources), names: named };
  const own = named ? [...named].map(serviceOfCall) : [];
  return { sources: own.length > 0 && own.every((s) => s !== null) ? new Set(own as string[]) : null, names: named };
}

interface Places {
  accounts: Set<string | null> | null;
  regions: Set<string | null> | null;
  rows: readonly CoverageRow[];
}

const EAST = 'us-east-1';

function globalSentences(model: CoverageModel, { accounts, regions }: Places, { sources, names }: Services): string[] {
  const mine = model.rows.filter((r) => !accounts || accounts.has(r.account));
  if (mine.length > 0 && !mine.some((r) => inCommercialPartition(r.region))) return [];
  // Names of calls that no table knows say nothing of the service: then nothing is said of it.
  if (!sources && names) return [];
  const services = sources ? [...sources].flatMap((s) => globalServiceOf(s) ?? []) : GLOBAL_SERVICES.filter((s) => s.whole);
  if (services.length === 0) return [];
  const what = phrase(services);
  const held = mine.some((r) => r.region === EAST);
  if (!held)
    return [
      `Without ${EAST}, of which the evidence holds nothing${accounts && model.rows.some((r) => r.region === EAST) ? ' for this account' : ''}, no ${what} can appear.`,
    ];
  if (sources && regions && !regions.has(EAST)) {
    return [`CloudTrail records ${what} in ${EAST}, which the Region filter leaves out.`];
  }
  return [];
}

function phrase(services: readonly GlobalService[]): string {
  const words = services.map((s) => s.what);
  return words.length === 1 ? words[0] : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`;
}

const eventRows = (coverage: Coverage, rows: readonly CoverageRow[]): EventCoverageRow[] =>
  rows.flatMap((r) => coverage.events.rows[r.event] ?? []);

function dataSentences(
  coverage: Coverage,
  rows: readonly CoverageRow[],
  { sources, names }: Services,
  filters: readonly Filter[],
): string[] {
  const found = eventRows(coverage, rows);
  const category = chosen(filters, 'eventCategory');
  if (!sources) {
    if (names || (category && !category.has('Data'))) return [];
    return found.length > 0 && found.every((r) => r.dataSources.length === 0)
      ? [
          'There is no data event in this part of the evidence: reading an S3 object, invoking a function or reading a table cannot appear unless such events were recorded.',
        ]
      : [];
  }
  return [...sources].flatMap((source) => {
    const service = dataServiceOf(source);
    if (!service) return [];
    const calls = names ? [...names].filter((name) => service.calls.includes(name)) : [];
    if (names && calls.length === 0) return [];
    if (found.some((r) => r.dataSources.some((d) => d.source === source))) return [];
    const told = coverage.trails.selectors.filter((s) => s.dataTypes.includes(service.type));
    const shown = calls.length > 0 ? calls.slice(0, MAX_ROWS_TOLD).join(', ') : `call such as ${service.example}`;
    const known =
      told.length > 0 ? `although trail ${told[told.length - 1].trail} was told to record them` : 'so they seem not to have been recorded';
    return [`No ${service.name} data event is in this part of the evidence, ${known}: that no ${shown} appears says nothing.`];
  });
}

function readSentences(coverage: Coverage, rows: readonly CoverageRow[], filters: readonly Filter[]): string[] {
  const names = chosen(filters, 'eventName');
  const reads = chosen(filters, 'readOnly')?.has('true') || [...(names ?? [])].some((n) => /^(Get|List|Describe|Head)[A-Z]/.test(n ?? ''));
  if (!reads) return [];
  const silent = eventRows(coverage, rows).filter(seemsWithoutReads);
  if (silent.length === 0) return [];
  const where = silent.length === 1 ? rowName(silent[0]) : countOf(silent.length, 'account and Region', 'accounts and Regions');
  return [`Inferred from many writes without a single read: read-only management events seem not to have been recorded in ${where}.`];
}
