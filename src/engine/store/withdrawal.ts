/**
 * What withdrawing a file, or bringing it back, does to the ledger rows of the same bytes. The bytes and records lie in the case
 * once, under the row that was read (the holder); further files of the same bytes are `repeated`. When the holder is withdrawn,
 * a repeated file takes its place, and the two rows exchange their places in the commits: nothing that was read moves. Pure.
 */
import type { Withdrawal } from '../../shared/custody.ts';
import type { LedgerRow } from '../../shared/engine.ts';
import type { FileStatus } from '../../shared/ledger.ts';

/** Statuses of a file whose records (or their proven absence) the case holds. */
const HOLDING: ReadonlySet<FileStatus> = new Set<FileStatus>(['imported', 'partial', 'withoutEvents']);
export const isHolding = (status: FileStatus): boolean => HOLDING.has(status);

const NO_COUNTS = { records: 0, aggregatedRecords: 0, unreadableRecords: 0, firstTime: null, lastTime: null };

/** Was in the case before its database was lost: the bytes are to be imported again. */
export const LOST = {
  status: 'withdrawn' as const,
  reason: 'Was in this case before its database was lost. Import the file again: its SHA-256 will tell that it is the same.',
  ...NO_COUNTS,
};

/** Withdrawn by a person, with what was read of it in the case: its rows are there, and no event shows them. */
export const keepsBytes = (row: LedgerRow): boolean =>
  row.withdrawal !== undefined && isHolding(row.withdrawal.was.status) && row.commits.length > 0;

/** The row was judged by its bytes, which repeated files share. */
const judges = (status: FileStatus): boolean => isHolding(status) || status === 'rejected';

export function withdrawnRow(row: LedgerRow, reason: string, at: Withdrawal['at']): LedgerRow {
  const { status, records, aggregatedRecords, unreadableRecords, firstTime, lastTime } = row;
  const was = { status, reason: row.reason, records, aggregatedRecords, unreadableRecords, firstTime, lastTime };
  return { ...row, ...NO_COUNTS, status: 'withdrawn', reason: `Withdrawn: ${reason}`, withdrawal: { reason, at, was } };
}

/** The row as it was. What lay in a database that was lost must be imported again. */
export function broughtBack(row: LedgerRow): LedgerRow {
  const { withdrawal, ...rest } = row;
  if (!withdrawal) return row;
  if (isHolding(withdrawal.was.status) && row.commits.length === 0) return { ...rest, ...LOST };
  return { ...rest, ...withdrawal.was };
}

/**
 * Puts the rows of one content in order after some of them were withdrawn or brought back: a repeated file needs a holder that is
 * not withdrawn. Gives the rows that have to change, at most two.
 */
export function settleContent(rows: readonly LedgerRow[]): LedgerRow[] {
  if (rows.some((row) => judges(row.status))) return [];
  const holder = rows.find((row) => row.withdrawal !== undefined && judges(row.withdrawal.was.status));
  const heirs = rows.filter((row) => row.status === 'repeated').sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.id - b.id));
  if (!holder?.withdrawal || heirs.length === 0) return [];
  const heir = heirs[0];
  const { kind, sha256Unpacked, unpackedSize, gzip } = holder;
  const place = ({ commitId, fileInCommit, commits }: LedgerRow) => ({ commitId, fileInCommit, commits });
  const fresh: LedgerRow = { ...heir, ...holder.withdrawal.was, kind, sha256Unpacked, unpackedSize, ...place(holder) };
  if (gzip) fresh.gzip = gzip;
  const was = { ...holder.withdrawal.was, status: 'repeated' as const, reason: sameBytesAs(heir.path) };
  return [fresh, { ...holder, ...place(heir), withdrawal: { ...holder.withdrawal, was } }];
}

export const sameBytesAs = (path: string): string => `The same bytes as ${path}.`;
