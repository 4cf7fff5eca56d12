/** The coverage in words: of one stretch of one row, of the whole, and of what a selection may and may not show. Only true statements. */

import type { EpochMs } from '../../shared/brand.ts';
import { COVERAGE_CATEGORIES, type Coverage, HOUR_MS, type StoppedSpan } from '../../shared/coverage.ts';
import { againstWords } from '../integrity/sums.ts';
import { countOf, number, stamp } from '../report/text.ts';
import type { CoverageModel, CoverageRow, HourFacts, HourRange } from './model.ts';
import { dataServiceOf } from './services.ts';

const CATEGORY_WORD = {
  management: 'management',
  data: 'data',
  network: 'network activity',
  insight: 'insight',
  unknown: 'of no recorded category',
};
export const rowName = ({ account, region }: Pick<CoverageRow, 'account' | 'region'>): string =>
  `${account ?? 'no recorded account'} in ${region ?? 'no recorded Region'}`;

const hours = (n: number): string => countOf(n, 'hour');
const named = (values: readonly string[], most = 5): string =>
  values.length > most ? `${values.slice(0, most).join(', ')} and ${number(values.length - most)} more` : values.join(', ');

/** One cell of the map in a sentence or four. */
export function cellSentence(model: CoverageModel, row: CoverageRow, range: HourRange, utc: boolean): string {
  const facts = model.facts(row, range);
  const from = stamp(range.from * HOUR_MS, utc);
  const to = stamp(range.to * HOUR_MS, utc);
  const parts = [`${rowName(row)}, ${from} to ${to}: ${eventWords(facts, facts.hours > 1)}.`, deliveryWords(model, row, facts)];
  parts.push(changeWords(model, row, range));
  for (const stop of model.stopsOf(row)) {
    if (stop.from < range.to * HOUR_MS && (stop.to === null || stop.to > range.from * HOUR_MS)) parts.push(stopSentence(stop, utc));
  }
  return parts.filter((p) => p !== '').join(' ');
}

function changeWords({ coverage }: CoverageModel, { account, region }: CoverageRow, range: HourRange): string {
  const within = (time: number | null): boolean => time !== null && time >= range.from * HOUR_MS && time < range.to * HOUR_MS;
  const names = coverage.events.points.flatMap((p) => (p.account === account && p.region === region && within(p.time) ? [p.name] : []));
  return names.length > 0 ? `Logging was changed: ${named([...new Set(names)])}.` : '';
}

function eventWords({ events, categories, hoursWithEvents, hours: all }: HourFacts, several: boolean): string {
  if (events === 0) return 'no event';
  const kinds = COVERAGE_CATEGORIES.flatMap((category, i) =>
    categories[i] > 0 ? [`${number(categories[i])} ${CATEGORY_WORD[category]}`] : [],
  );
  const within = several && hoursWithEvents !== null ? `, in ${number(hoursWithEvents)} of ${hours(all)}` : '';
  return `${countOf(events, 'event')} (${kinds.join(', ')})${within}`;
}

/** What the delivery layer says of the stretch; silence of events is never told as silence of logging. */
function deliveryWords(model: CoverageModel, row: CoverageRow, facts: HourFacts): string {
  const one = facts.hours === 1;
  const trails = model.coverage.delivery.rows[row.delivery]?.trails ?? [];
  const whose = trails.length > 0 ? ` of trail ${named(trails, 3)}` : '';
  const lead = (n: number): string => (one ? 'In this hour' : `In ${hours(n)}`);
  const parts: string[] = [];
  if (facts.files > 0)
    parts.push(`${lead(facts.delivered)} ${countOf(facts.files, 'log file')} ${facts.files === 1 ? 'was' : 'were'} delivered.`);
  if (facts.missingFiles > 0)
    parts.push(
      `${countOf(facts.missingFiles, 'log file')} that a digest lists ${facts.missingFiles === 1 ? 'is' : 'are'} missing from the evidence.`,
    );
  if (facts.signedEmpty > 0) parts.push(`${lead(facts.signedEmpty)} no log was delivered: a signed digest${whose} lists none.`);
  if (facts.linkedEmpty > 0)
    parts.push(`${lead(facts.linkedEmpty)} a digest${whose} lists no log; it is hash-linked, its signature not proven.`);
  if (facts.unsignedEmpty > 0) parts.push(`${lead(facts.unsignedEmpty)} a digest${whose} that is not proven lists no log.`);
  if (facts.undigested > 0)
    parts.push(
      one
        ? 'No log file of this hour is named in the evidence and no digest covers it: whether one was delivered cannot be told.'
        : `For ${hours(facts.undigested)} no log file is named and no digest speaks: whether any was delivered cannot be told.`,
    );
  return parts.join(' ');
}

export function stopSentence(stop: StoppedSpan, utc: boolean): string {
  const { trail, account, from, to, by, region, assumed, organisation, homeRegion } = stop;
  const where =
    region !== null
      ? `in ${region}`
      : assumed
        ? `, called in ${homeRegion ?? 'a Region that is not recorded'}; whether it is a trail of all Regions is not recorded, all are assumed`
        : 'in all Regions';
  const end = to === null ? 'and no StartLogging of it follows in the evidence' : `until StartLogging at ${stamp(to, utc)}`;
  return `Trail ${trail} of ${organisation ? 'the organisation, in ' : ''}account ${account} did not log from ${by} at ${stamp(from, utc)} ${end} (${where.replace(/^, /, '')}). Another trail may have gone on.`;
}

/** Management events that are read-only are missing among so many writes: an inference. */
const WRITES_ENOUGH = 50;
export const seemsWithoutReads = (row: { reads: number; writes: number }): boolean => row.reads === 0 && row.writes >= WRITES_ENOUGH;

/** `gap` says what cannot be concluded, `alarm` that recording was ended or that digests speak against the evidence. */
export interface CoverageStatement {
  kind: 'fact' | 'gap' | 'alarm';
  text: string;
}

/** What was recorded at all, of the whole evidence: what digests say against it, data events by service, read-only events, selectors, foreign accounts, changes of logging. */
export function recordingStatements(coverage: Coverage, utc: boolean): CoverageStatement[] {
  const { events, trails } = coverage;
  const out: CoverageStatement[] = [];
  const fact = (text: string): number => out.push({ kind: 'fact', text });
  const gap = (text: string): number => out.push({ kind: 'gap', text });
  if (events.binMs > HOUR_MS)
    gap(
      `The events are spread so widely that they are shown by ${hours(events.binMs / HOUR_MS)}, not by the hour; the numbers of hours are exact.`,
    );
  if (events.leftOut.rows > 0)
    gap(
      `${countOf(events.leftOut.rows, 'account and Region', 'accounts and Regions')} with ${countOf(events.leftOut.events, 'event')} are beyond the limit and not shown.`,
    );
  const against = againstWords(coverage.delivery.against);
  if (against !== null) out.push({ kind: 'alarm', text: against });
  const services = new Map<string, { events: number; rows: number }>();
  for (const row of events.rows) {
    for (const { source, events: n } of row.dataSources) {
      const name = source === null ? 'a service that is not recorded' : (dataServiceOf(source)?.name ?? source);
      const sum = services.get(name) ?? { events: 0, rows: 0 };
      services.set(name, { events: sum.events + n, rows: sum.rows + 1 });
    }
  }
  const pairs = events.rows.length;
  if (services.size > 0) {
    const list = [...services].sort((a, b) => b[1].events - a[1].events || (a[0] < b[0] ? -1 : 1));
    fact(
      `Data events are there: ${named(
        list.map(
          ([name, s]) =>
            `${name} (${countOf(s.events, 'event')}, in ${number(s.rows)} of ${countOf(pairs, 'account and Region', 'accounts and Regions')})`,
        ),
        8,
      )}. Which resources they were recorded for is a choice of the trail.`,
    );
  }
  const absent = ['s3.amazonaws.com', 'lambda.amazonaws.com', 'dynamodb.amazonaws.com'].flatMap((source) => {
    const service = dataServiceOf(source);
    return service && services.size > 0 && !services.has(service.name) ? [service.name] : [];
  });
  if (absent.length > 0) gap(`There is no data event of ${absent.join(' or ')}: that none is seen does not show that nothing was done.`);
  const silent = events.rows.filter(seemsWithoutReads);
  if (silent.length > 0)
    gap(
      `Inferred: read-only management events seem not to have been recorded in ${named(silent.map(rowName))}: there is none beside ${countOf(
        silent.reduce((sum, row) => sum + row.writes, 0),
        'write',
      )}.`,
    );
  for (const { trail, at, management, dataTypes, account } of trails.selectors.slice(-20)) {
    const types = dataTypes.length > 0 ? `data events of ${named(dataTypes)}` : 'no data events';
    const calls = {
      all: 'all management events',
      read: 'read-only management events',
      write: 'management events that write',
      none: 'no management events',
    };
    fact(
      `From ${stamp(at, utc)} on, by PutEventSelectors, trail ${trail} of account ${account ?? 'not recorded'} records ${calls[management]} and ${types}.`,
    );
  }
  if (events.foreign.length > 0) fact(foreignWords(events));
  for (const stop of trails.stopped.slice(0, 20)) out.push({ kind: 'alarm', text: stopSentence(stop, utc) + thinning(coverage, stop) });
  if (trails.stopped.length > 20)
    gap(
      `${countOf(trails.stopped.length - 20, 'more stop')} of trails ${trails.stopped.length === 21 ? 'is' : 'are'} listed with the changes of logging.`,
    );
  if (events.pointsLeftOut > 0)
    gap(
      `${countOf(events.pointsLeftOut, 'change')} of logging beyond the first ${number(events.points.length)} are not looked at one by one.`,
    );
  return out;
}

const FOREIGN_NAMED = 5;

function foreignWords({ foreign, foreignLeftOut }: Coverage['events']): string {
  const total = foreign.length + foreignLeftOut;
  const list = foreign.slice(0, FOREIGN_NAMED).map((f) => `${f.account} (${countOf(f.events, 'event')})`);
  const more = total > list.length ? ` and ${number(total - list.length)} more` : '';
  const [calls, own, they] = total === 1 ? ['account calls', 'its', 'it'] : ['accounts call', 'their', 'they'];
  return `${number(total)} ${calls} without an event of ${own} own here: ${list.join(', ')}${more}. What ${they} did elsewhere is not in the evidence.`;
}

const DAY_HOURS = 24;

/** Events of the account in the 24 whole hours before and after a stop. */
function thinning({ events }: Coverage, { account, from }: StoppedSpan): string {
  if (events.binMs !== HOUR_MS) return '';
  const counts = around(events, account, Math.floor(from / HOUR_MS));
  return ` Events of the account in the ${DAY_HOURS} hours before that hour: ${number(counts.before)}; in the ${DAY_HOURS} hours after it: ${number(counts.after)}.`;
}

export function around(events: Coverage['events'], account: string | null, hour: number): { before: number; after: number } {
  const sum = { before: 0, after: 0 };
  events.rows.forEach((row, r) => {
    if (row.account !== account) return;
    for (let i = events.start[r]; i < events.start[r + 1]; i++) {
      const away = events.bin[i] - hour;
      const side = away < 0 && away >= -DAY_HOURS ? 'before' : away > 0 && away <= DAY_HOURS ? 'after' : null;
      if (side === null) continue;
      for (let c = 0; c < COVERAGE_CATEGORIES.length; c++) sum[side] += events.counts[i * COVERAGE_CATEGORIES.length + c];
    }
  });
  return sum;
}

export const hourStart = (hour: number): EpochMs => (hour * HOUR_MS) as EpochMs;
