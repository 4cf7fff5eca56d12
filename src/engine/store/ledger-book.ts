/**
 * The evidence ledger of the open case in memory: which files are held, under which commit, and what a new row does to older
 * ones. Pure; the commit writer stores what `plan` says.
 */
import type { CommitId, Sha256 } from '../../shared/brand.ts';
import type { LedgerRow, LedgerTotals } from '../../shared/engine.ts';
import type { EvidenceFile, FileStatus } from '../../shared/ledger.ts';
import type { CommitSeq, StoredLedger } from './shapes.ts';

/** Statuses of a file whose records (or their proven absence) the case holds. */
const HOLDING: ReadonlySet<FileStatus> = new Set<FileStatus>(['imported', 'partial', 'withoutEvents']);
export const isHolding = (status: FileStatus): boolean => HOLDING.has(status);

export interface LedgerChange {
  /** Rows to store under the new commit; empty when every file of it was known at the same path. */
  added: LedgerRow[];
  /** Earlier records that changed, whole. */
  changed: StoredLedger[];
  /** Rows that newer ones replace. */
  removed: LedgerRow[];
}

const NEVER_READ = {
  status: 'cancelled',
  reason: 'The same bytes as another file of its import, which ended before either was read. Import it again.',
} as const;

/** Of a member's name that is nothing but “!”, no more is looked at. */
const MAX_MARKS = 32;

const placeKey = (path: string, sha256: Sha256 | null): string => `${sha256 ?? ''} ${path}`;

export class LedgerBook {
  private readonly bySeq = new Map<CommitSeq, LedgerRow[]>();
  private readonly byPlace = new Map<string, LedgerRow>();
  /** First holding row of each content. */
  private readonly holding = new Map<Sha256, LedgerRow>();
  /** Rows of content that the case should hold but does not (restored from a journal), and rows without a hash, by path. */
  private readonly withdrawn = new Map<Sha256, LedgerRow[]>();
  private readonly seqOf = new Map<number, CommitSeq>();
  private readonly byId = new Map<number, LedgerRow>();
  private nextId = 1;

  constructor(stored: readonly StoredLedger[]) {
    for (const record of stored) {
      for (const row of record.rows) this.insert(record.seq, row);
      this.bySeq.set(record.seq, record.rows);
    }
  }

  rows(): LedgerRow[] {
    return [...this.byId.values()];
  }

  row(id: number): LedgerRow | null {
    return this.byId.get(id) ?? null;
  }

  rowsOf(seq: CommitSeq): readonly LedgerRow[] {
    return this.bySeq.get(seq) ?? [];
  }

  /** The row whose commit holds the bytes of this content. */
  holdingRow(sha256: Sha256): LedgerRow | null {
    return this.holding.get(sha256) ?? null;
  }

  /** Contents that need not be read again. */
  known(): Sha256[] {
    return [...this.holding.keys()];
  }

  totals(): LedgerTotals {
    const totals: LedgerTotals = { files: 0, byStatus: {}, bytes: 0, records: 0, unreadableRecords: 0 };
    for (const row of this.byId.values()) {
      totals.files++;
      totals.byStatus[row.status] = (totals.byStatus[row.status] ?? 0) + 1;
      totals.bytes += row.size;
      totals.records += row.records;
      totals.unreadableRecords += row.unreadableRecords;
    }
    return totals;
  }

  /**
   * Takes the files of a commit into the book and says what to store. A file that is known at the same path with the same bytes
   * gets no second row; a row that only said "not read" gives way to one that says more.
   */
  take(seq: CommitSeq, commitId: CommitId, commits: CommitId[], files: readonly EvidenceFile[]): LedgerChange {
    const removed: LedgerRow[] = [];
    const added: LedgerRow[] = [];
    const touched = new Set<CommitSeq>();
    for (let i = 0; i < files.length; i++) {
      const file = files[i];
      const same = this.byPlace.get(placeKey(file.path, file.sha256));
      if (same && !isHolding(file.status) && (isHolding(same.status) || same.status === 'repeated')) continue;
      const replaced = this.replacedBy(file, same);
      for (const old of replaced) {
        const place = this.remove(old);
        if (place !== undefined && place !== seq) touched.add(place);
      }
      removed.push(...replaced);
      // The id stays with the file, for whoever was told of the row that it replaces.
      const row: LedgerRow = { ...this.filled(file), id: replaced[0]?.id ?? this.nextId, commitId, fileInCommit: i, commits };
      this.insert(seq, row);
      added.push(row);
    }
    const kept = removed.length === 0 ? added : added.filter((row) => !removed.includes(row));
    this.bySeq.set(seq, kept);
    return { added: kept, removed, changed: [...touched].map((s) => ({ seq: s, rows: [...this.rowsOf(s)] })) };
  }

  /**
   * For when nothing is being imported. Repeated rows that came before the row of the first copy was in get its counts; those
   * whose first copy never came in (a kill, a cancelled import) stand for bytes that nobody read, and say so.
   */
  settleRepeated(): { changed: StoredLedger[]; rows: LedgerRow[] } {
    const changedRows: LedgerRow[] = [];
    const touched = new Set<CommitSeq>();
    const judged = new Set<Sha256>();
    for (const row of this.byId.values()) if (row.sha256 !== null && row.status === 'rejected') judged.add(row.sha256);
    for (const [seq, rows] of this.bySeq) {
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i];
        if (row.status !== 'repeated') continue;
        const unread = row.sha256 !== null && !this.holding.has(row.sha256) && !judged.has(row.sha256);
        const filled = unread ? { ...row, ...NEVER_READ } : this.filled(row);
        if (filled === row) continue;
        const fresh = { ...filled, id: row.id, commitId: row.commitId, fileInCommit: row.fileInCommit, commits: row.commits };
        rows[i] = fresh;
        this.byId.set(row.id, fresh);
        this.byPlace.set(placeKey(row.path, row.sha256), fresh);
        touched.add(seq);
        changedRows.push(fresh);
      }
    }
    return { changed: [...touched].map((seq) => ({ seq, rows: [...this.rowsOf(seq)] })), rows: changedRows };
  }

  /** A repeated file's counts and times are those of the first copy. The same object when there is nothing to fill. */
  private filled<F extends EvidenceFile>(file: F): F {
    if (file.status !== 'repeated' || file.sha256 === null) return file;
    const first = this.holding.get(file.sha256);
    if (!first || (first.records === file.records && first.firstTime === file.firstTime && first.sha256Unpacked === file.sha256Unpacked)) {
      return file;
    }
    const { records, aggregatedRecords, unreadableRecords, firstTime, lastTime, sha256Unpacked, unpackedSize } = first;
    return { ...file, records, aggregatedRecords, unreadableRecords, firstTime, lastTime, sha256Unpacked, unpackedSize };
  }

  private replacedBy(file: EvidenceFile, same: LedgerRow | undefined): LedgerRow[] {
    const replaced = new Set<LedgerRow>();
    // A repeated row whose first copy never came in (it was cancelled) gives way to the file itself.
    if (same && !isHolding(same.status) && (same.status !== 'repeated' || isHolding(file.status))) replaced.add(same);
    const unread = this.byPlace.get(placeKey(file.path, null));
    if (unread) replaced.add(unread);
    const zip = file.container.startsWith('zip') ? this.unopenedZip(file.path) : null;
    if (zip) replaced.add(zip);
    if (file.sha256 !== null && isHolding(file.status)) for (const row of this.withdrawn.get(file.sha256) ?? []) replaced.add(row);
    return [...replaced];
  }

  /** A zip is no row once its members are; it has one when an import was cancelled before that. Its path ends at a “!” of the member's. */
  private unopenedZip(path: string): LedgerRow | null {
    let at = path.indexOf('!');
    for (let marks = 0; at >= 0 && marks < MAX_MARKS; marks++, at = path.indexOf('!', at + 1)) {
      const row = this.byPlace.get(placeKey(path.slice(0, at), null));
      if (row?.status === 'cancelled') return row;
    }
    return null;
  }

  private insert(seq: CommitSeq, row: LedgerRow): void {
    this.byId.set(row.id, row);
    this.seqOf.set(row.id, seq);
    this.byPlace.set(placeKey(row.path, row.sha256), row);
    this.nextId = Math.max(this.nextId, row.id + 1);
    if (row.sha256 === null) return;
    if (isHolding(row.status) && !this.holding.has(row.sha256)) this.holding.set(row.sha256, row);
    if (row.status === 'withdrawn') {
      const list = this.withdrawn.get(row.sha256);
      if (list) list.push(row);
      else this.withdrawn.set(row.sha256, [row]);
    }
  }

  /** The commit whose record held the row. */
  private remove(row: LedgerRow): CommitSeq | undefined {
    this.byId.delete(row.id);
    const key = placeKey(row.path, row.sha256);
    if (this.byPlace.get(key) === row) this.byPlace.delete(key);
    if (row.sha256 !== null && row.status === 'withdrawn') {
      const others = (this.withdrawn.get(row.sha256) ?? []).filter((r) => r !== row);
      this.withdrawn.set(row.sha256, others);
    }
    const seq = this.seqOf.get(row.id);
    this.seqOf.delete(row.id);
    const rows = seq === undefined ? undefined : this.bySeq.get(seq);
    const at = rows?.indexOf(row) ?? -1;
    if (rows && at >= 0) rows.splice(at, 1);
    return seq;
  }
}
