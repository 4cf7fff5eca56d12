/** The ledger as the table shows it: filtered, searched, sorted. Pure. */
import type { LedgerRow } from '../../../shared/engine.ts';
import { FILE_STATUSES, type FileKind, type FileStatus } from '../../../shared/ledger.ts';

export type LedgerSort = 'path' | 'status' | 'kind' | 'records' | 'unreadableRecords' | 'size' | 'firstTime' | 'lastTime';

export interface LedgerChoice {
  /** Empty = all. */
  statuses: ReadonlySet<FileStatus>;
  find: string;
  sort: LedgerSort;
  descending: boolean;
}

/** A shape besides the colour, the same wherever a status is shown. */
export const STATUS_MARK: Record<FileStatus, string> = {
  imported: '✓',
  partial: '◐',
  repeated: '=',
  rejected: '✕',
  withoutEvents: '○',
  cancelled: '■',
  withdrawn: '−',
};

/** What a status means for what can be concluded, for the hover text. */
export const STATUS_HELP: Record<FileStatus, string> = {
  imported: 'Read wholly; its records are in the case.',
  partial: 'Some of it could not be read; what could is in the case.',
  repeated: 'The same bytes as another file of the case: its events are there already and are not counted twice.',
  rejected: 'Not read: nothing of what it holds is in the case.',
  withoutEvents: 'Read wholly, and it holds no events.',
  cancelled: 'Not read, because the import was cancelled. Import it again.',
  withdrawn: 'No evidence any more: its events are in the case only where other files hold them.',
};

const KIND_WORDS: Record<FileKind, string> = {
  records: 'CloudTrail records',
  array: 'array of records',
  single: 'one record',
  ndjson: 'a record a line',
  digest: 'CloudTrail digest',
  'lookup-events': 'lookup-events answer',
  'event-history-csv': 'Event history CSV',
  'cloudwatch-export': 'CloudWatch Logs export',
  'cloudwatch-subscription': 'CloudWatch subscription',
  'cloudwatch-filter': 'CloudWatch Logs messages',
  eventbridge: 'EventBridge events',
  sns: 'SNS or SQS message',
  elasticsearch: 'search hits, log shipper',
  'log-sidecar': 'answer of an AWS command',
  concatenated: 'several JSON documents',
  derived: 'rewritten events',
  'aws-other': 'another AWS log',
  'other-json': 'other JSON',
  csv: 'CSV',
  yaml: 'YAML',
  text: 'text',
  parquet: 'Parquet',
  tar: 'tar archive',
  zip: 'zip archive',
  binary: 'binary',
  empty: 'empty',
  unreadable: 'not readable',
};
export const kindWords = (kind: FileKind): string => KIND_WORDS[kind] ?? kind;

/** Rows of the choice, in its order. The search is in path, reason and both hashes, ignoring case. */
export function chosenRows(rows: readonly LedgerRow[], choice: LedgerChoice): LedgerRow[] {
  const text = choice.find.trim().toLowerCase();
  const found = rows.filter(
    (r) =>
      (choice.statuses.size === 0 || choice.statuses.has(r.status)) &&
      (text === '' ||
        r.path.toLowerCase().includes(text) ||
        (r.reason?.toLowerCase().includes(text) ?? false) ||
        (r.sha256?.startsWith(text) ?? false) ||
        (r.sha256Unpacked?.startsWith(text) ?? false)),
  );
  const direction = choice.descending ? -1 : 1;
  return found.sort((a, b) => direction * compare(a, b, choice.sort) || byPath(a, b) || a.id - b.id);
}

/** The row of a file: the one that holds its records, when the same path was seen again. */
export const rowOfPath = (rows: readonly LedgerRow[], path: string): LedgerRow | undefined =>
  rows.find((r) => r.path === path && (r.status === 'imported' || r.status === 'partial')) ?? rows.find((r) => r.path === path);

const byPath = (a: LedgerRow, b: LedgerRow): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);

function compare(a: LedgerRow, b: LedgerRow, sort: LedgerSort): number {
  switch (sort) {
    case 'path':
      return byPath(a, b);
    case 'status':
      return FILE_STATUSES.indexOf(a.status) - FILE_STATUSES.indexOf(b.status);
    case 'kind':
      return a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0;
    default:
      return (a[sort] ?? -Infinity) - (b[sort] ?? -Infinity) || 0;
  }
}

/** Name to save an original under: the last part of its path, which may lie inside a container. */
export const originalName = (path: string): string => path.split(/[\\/!]/).findLast((part) => part !== '') ?? 'evidence';

/** What was read of a file; of a withdrawn one, whose counts are 0, what it had before. */
export const countsOf = (
  row: LedgerRow,
): Pick<LedgerRow, 'records' | 'aggregatedRecords' | 'unreadableRecords' | 'firstTime' | 'lastTime'> => row.withdrawal?.was ?? row;
