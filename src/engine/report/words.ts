/** Selection, status and coverage in plain words: the same sentences in the report and on the evidence page. */
import { ALL_COLUMNS, type ColumnId } from '../../shared/columns.ts';
import type { FileStatus } from '../../shared/ledger.ts';
import type { Filter, Selection } from '../../shared/plan.ts';
import { eventVerdictWord } from '../integrity/words.ts';
import type { CoverageFacts, CoverageSentence } from './model.ts';
import { countOf, number, stamp } from './text.ts';

const MAX_VALUES = 20;
const labels = new Map<string, string>(ALL_COLUMNS.map((c) => [c.id, c.label]));
const label = (column: ColumnId | 'any'): string => (column === 'any' ? 'any column' : (labels.get(column) ?? column));
const quoted = (value: string | null): string => (value === null ? '(absent)' : `“${value}”`);

/** Verdicts are values of our own: they stand in the report as they do on the screen. */
const inWords = (column: ColumnId, values: readonly (string | null)[]): readonly (string | null)[] =>
  column === 'integrity' ? values.map((value) => (value === null ? null : (eventVerdictWord(value) ?? value))) : values;

function orList(values: readonly (string | null)[]): string {
  const shown = values.slice(0, MAX_VALUES).map(quoted).join(' or ');
  return values.length > MAX_VALUES ? `${shown} or one of ${number(values.length - MAX_VALUES)} more` : shown;
}

/** A filter as a phrase: `Source IP is “192.0.2.10” or “192.0.2.11”`. Values verbatim, unescaped. */
export function filterPhrase(filter: Filter): string {
  switch (filter.op) {
    case 'in':
      return `${label(filter.column)} is ${filter.not ? 'not ' : ''}${orList(inWords(filter.column, filter.values))}`;
    case 'contains':
      return `${label(filter.column)} ${filter.not ? 'does not contain' : 'contains'} ${quoted(filter.text)} (ignoring case)`;
    case 'eventID':
      return `Event ID is ${filter.not ? 'not ' : ''}${orList(filter.ids)}`;
    case 'keys':
      return `${filter.not ? 'none' : 'one'} of ${countOf(filter.keys.length, 'chosen event')}`;
    case 'and':
    case 'or': {
      const inner = filter.filters.map(filterPhrase).join(` ${filter.op} `);
      return `${filter.not ? 'not ' : ''}(${inner || (filter.op === 'and' ? 'anything' : 'nothing')})`;
    }
  }
}

/** The conditions of a selection, a phrase each; empty when nothing is narrowed. */
export function selectionPhrases(selection: Selection, utc: boolean): string[] {
  const phrases: string[] = [];
  const { from, to } = selection.time;
  if (from !== null && to !== null) phrases.push(`Time from ${stamp(from, utc)} (included) to ${stamp(to, utc)} (not included)`);
  else if (from !== null) phrases.push(`Time from ${stamp(from, utc)} (included)`);
  else if (to !== null) phrases.push(`Time before ${stamp(to, utc)}`);
  phrases.push(...selection.filters.map(filterPhrase));
  if (selection.hideReadOnly) phrases.push('Read-only events are hidden');
  if (selection.hideServiceCalls) phrases.push('Calls made by AWS services are hidden');
  return phrases;
}

export const STATUS_WORD: Record<FileStatus, string> = {
  imported: 'imported',
  partial: 'partly read',
  repeated: 'repeated',
  rejected: 'rejected',
  withoutEvents: 'without events',
  cancelled: 'cancelled',
  withdrawn: 'withdrawn',
};

const MAX_NAMED = 6;
const named = (values: readonly (string | null)[]): string => {
  const shown = values.slice(0, MAX_NAMED).map((v) => v ?? '(absent)');
  return values.length > MAX_NAMED ? `${shown.join(', ')} and ${number(values.length - MAX_NAMED)} more` : shown.join(', ');
};

/** us-east-1 belongs to the partition `aws`; in the others (China, GovCloud, isolated ones) IAM is recorded elsewhere. */
const inCommercialPartition = (region: string | null): boolean =>
  region !== null && !/^(cn|us-gov|us-iso[a-z]*|eu-isoe|eusc)-/.test(region);

/** What the evidence covers and what cannot be concluded from it. Values verbatim, unescaped. Never empty. */
export function coverageSentences(facts: CoverageFacts, utc: boolean): CoverageSentence[] {
  const { count, accounts, regions, files } = facts;
  const out: CoverageSentence[] = [];
  const fact = (text: string): void => void out.push({ kind: 'fact', text });
  const gap = (text: string): void => void out.push({ kind: 'gap', text });

  if (count.total === 0) {
    gap(
      files.total === 0
        ? 'No file has been imported: there is no evidence yet.'
        : `${countOf(files.total, 'file')} ${files.total === 1 ? 'was' : 'were'} seen, and none held an event.`,
    );
  } else {
    const span = count.first === null ? 'none with a readable time' : `from ${stamp(count.first, utc)} to ${stamp(count.last, utc)}`;
    fact(
      `The evidence holds ${countOf(count.total, 'event')} of ${countOf(accounts.total, 'account')} in ${countOf(regions.total, 'region')}, ${span}.`,
    );
    if (facts.sourceRows > count.total) {
      const copies = facts.sourceRows - count.total;
      fact(
        `${countOf(facts.sourceRows, 'record')} were read; ${number(copies)} of them are further copies of an event and are not counted twice.`,
      );
    }
    usEast1(facts, gap, fact);
    const category = (name: string): number => facts.categories.find((c) => c.value === name)?.count ?? 0;
    if (category('Data') === 0) {
      gap(
        'No data event (such as reading an S3 object or invoking a function) is in the evidence. They may never have been recorded: that no GetObject is seen here does not mean that nothing was read.',
      );
    }
  }
  problems(facts, gap, fact);
  gap(
    'That no log file is missing, and that none was changed before it was imported, only digest files can show: see Integrity. The hashes fix the files as they were imported.',
  );
  return out;
}

type Say = (text: string) => void;

function usEast1({ regions, accounts, accountsInUsEast1 }: CoverageFacts, gap: Say, fact: Say): void {
  const why = 'CloudTrail records IAM, the global endpoint of STS, CloudFront and console sign-in there';
  if (regions.rows.some((r) => r.value === 'us-east-1')) {
    const without = accounts.rows.map((a) => a.value).filter((a) => a !== null && !accountsInUsEast1.includes(a));
    if (without.length > 0) {
      gap(
        `us-east-1 is in the evidence, but without a single event of ${without.length === 1 ? 'account' : 'the accounts'} ${named(without)}. ${why}: for ${without.length === 1 ? 'it' : 'them'} no such event can appear here.`,
      );
    } else fact('us-east-1, where CloudTrail records IAM, the global endpoint of STS and console sign-in, is in the evidence.');
    return;
  }
  if (regions.rows.length > 0 && !regions.rows.some((r) => inCommercialPartition(r.value))) return;
  gap(
    `us-east-1 is absent from the evidence. ${why}: without it no IAM, STS global or console sign-in event can appear here, and that none is seen means nothing.`,
  );
}

function problems({ count, files, aggregated, interruptedImports }: CoverageFacts, gap: Say, fact: Say): void {
  const rejected = files.byStatus.rejected ?? 0;
  const partial = files.byStatus.partial ?? 0;
  const cancelled = files.byStatus.cancelled ?? 0;
  const of = (n: number): string => `${number(n)} of ${countOf(files.total, 'file')}`;
  if (rejected > 0)
    gap(
      `${of(rejected)} ${rejected === 1 ? 'was' : 'were'} rejected: nothing of what they hold is counted. The reasons are in the evidence list.`,
    );
  if (partial > 0) gap(`${of(partial)} could be read only in part.`);
  if (files.unreadableRecords > 0)
    gap(`${countOf(files.unreadableRecords, 'record')} could not be read; each is listed with its reason at its file.`);
  if (cancelled > 0) gap(`${of(cancelled)} ${cancelled === 1 ? 'was' : 'were'} not read, because the import was cancelled.`);
  const withdrawn = files.byStatus.withdrawn ?? 0;
  if (withdrawn > 0)
    gap(
      `${of(withdrawn)} ${withdrawn === 1 ? 'was' : 'were'} withdrawn: nothing of what they hold is counted. The reasons are in the evidence list.`,
    );
  if (interruptedImports > 0)
    gap(`${countOf(interruptedImports, 'import')} did not run to the end: files that they had not reached are missing.`);
  if (count.withoutTime > 0) {
    gap(
      `${countOf(count.withoutTime, 'event')} ${count.withoutTime === 1 ? 'has' : 'have'} no readable time: they are in the lists, but on no timeline and in no time range.`,
    );
  }
  if (aggregated > 0)
    fact(
      `${countOf(aggregated, 'aggregated record')} (counts in five-minute windows) are kept beside the events and are not counted as events.`,
    );
  if (files.digests > 0)
    fact(`${countOf(files.digests, 'digest file')} of CloudTrail ${files.digests === 1 ? 'is' : 'are'} among the files.`);
}
