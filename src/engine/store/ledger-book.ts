/**
 * The evidence ledger of the open case in memory: which files are held, under which commit, and what a new row does to older
 * ones. Pure; the commit writer stores what `plan` says.
 */
import type { CommitId, EpochMs, Sha256 } from '../../shared/brand.ts';
import type { LedgerRow, LedgerTotals } from '../../shared/engine.ts';
import { type EvidenceFile, isMember } from '../../shared/ledger.ts';
import type { CommitSeq, StoredLedger } from './shapes.ts';
import { broughtBack, isHolding, keepsBytes, sameBytesAs, settleContent, withdrawnRow } from './withdrawal.ts';

export interface LedgerChange {
  /** Rows to store under the new commit; empty when every file of it was known at the same path. */
  added: LedgerRow[];
  /** Earlier records that changed, whole. */
  changed: StoredLedger[];
  /** Rows that newer ones replace. */
  removed: LedgerRow[];
  /** Files that a person withdrew and that came again under the same path: they stay withdrawn. */
  stayWithdrawn: LedgerRow[];
}

export interface RowChange {
  changed: StoredLedger[];
  rows: LedgerRow[];
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
  /** Rows that a person withdrew while the case keeps what was read of them. */
  private readonly kept = new Map<Sha256, LedgerRow>();
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
    return [...new Set([...this.holding.keys(), ...this.kept.keys()])];
  }

  /** All contents that any row names. */
  hashes(): Sha256[] {
    const hashes = new Set<Sha256>();
    for (const { sha256 } of this.byId.values()) if (sha256 !== null) hashes.add(sha256);
    return [...hashes];
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
    const stayWithdrawn: LedgerRow[] = [];
    const touched = new Set<CommitSeq>();
    for (let i = 0; i < files.length; i++) {
      const same = this.byPlace.get(placeKey(files[i].path, files[i].sha256));
      const withdrawal = same?.withdrawal;
      if (same && withdrawal) stayWithdrawn.push(same);
      if (withdrawal && !isHolding(files[i].status)) continue;
      // Read anew after the database was lost, or by a version that can read it: what a person withdrew stays withdrawn.
      const file = withdrawal
        ? withdrawnRow({ ...files[i], id: 0, commitId, fileInCommit: i, commits }, withdrawal.reason, withdrawal.at)
        : files[i];
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
    return { added: kept, removed, stayWithdrawn, changed: [...touched].map((s) => ({ seq: s, rows: [...this.rowsOf(s)] })) };
  }

  /**
   * For when nothing is being imported. Repeated rows that came before the row of the first copy was in get its counts; those
   * whose first copy never came in (a kill, a cancelled import) stand for bytes that nobody read, and say so.
   */
  settleRepeated(): RowChange {
    const changedRows: LedgerRow[] = [];
    const judged = new Set<Sha256>();
    const orphans = new Set<Sha256>();
    for (const { status, withdrawal, sha256 } of this.byId.values()) {
      if (sha256 === null) continue;
      if ((withdrawal?.was.status ?? status) === 'rejected') judged.add(sha256);
      if (status === 'repeated' && !this.holding.has(sha256) && this.kept.has(sha256)) orphans.add(sha256);
    }
    const touched = this.settleContents(orphans, changedRows);
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
    return this.changeOf(touched, changedRows);
  }

  /** Takes files out of the evidence. Ids that are unknown or withdrawn already are passed over. */
  withdraw(ids: readonly number[], reason: string, at: EpochMs): RowChange {
    return this.change(ids, (row) => (row.status === 'withdrawn' ? null : withdrawnRow(row, reason, at)));
  }

  /** Brings back what a person withdrew; others are passed over. */
  bringBack(ids: readonly number[]): RowChange {
    return this.change(ids, (row) => (row.withdrawal ? broughtBack(row) : null));
  }

  private change(ids: readonly number[], changeRow: (row: LedgerRow) => LedgerRow | null): RowChange {
    const rows: LedgerRow[] = [];
    const touched = new Set<CommitSeq>();
    const contents = new Set<Sha256>();
    for (const id of new Set(ids)) {
      const row = this.byId.get(id);
      const fresh = row ? changeRow(row) : null;
      if (!row || !fresh) continue;
      touched.add(this.replace(row, fresh));
      rows.push(fresh);
      if (row.sha256 !== null) contents.add(row.sha256);
    }
    for (const seq of this.settleContents(contents, rows)) touched.add(seq);
    // A repeated file that came back has the counts of its holder.
    for (let i = 0; i < rows.length; i++) {
      const { status, sha256 } = rows[i];
      const holder = sha256 === null ? undefined : this.holding.get(sha256);
      if (status !== 'repeated' || !holder) continue;
      const fresh = { ...this.filled(rows[i]), reason: sameBytesAs(holder.path) };
      touched.add(this.replace(rows[i], fresh));
      rows[i] = fresh;
    }
    return this.changeOf(touched, rows);
  }

  /** Sees to it that repeated files of these contents have a holder. Adds to `rows`, the rows changed so far, or puts newer ones there. */
  private settleContents(contents: ReadonlySet<Sha256>, rows: LedgerRow[]): Set<CommitSeq> {
    const touched = new Set<CommitSeq>();
    if (contents.size === 0) return touched;
    const families = new Map<Sha256, LedgerRow[]>();
    for (const row of this.byId.values()) {
      if (row.sha256 === null || !contents.has(row.sha256)) continue;
      const family = families.get(row.sha256);
      if (family) family.push(row);
      else families.set(row.sha256, [row]);
    }
    const at = new Map(rows.map((row, i) => [row.id, i]));
    for (const [sha256, family] of families) {
      for (const fresh of settleContent(family)) {
        touched.add(this.replace(this.byId.get(fresh.id) as LedgerRow, fresh));
        const known = at.get(fresh.id);
        if (known === undefined) rows.push(fresh);
        else rows[known] = fresh;
      }
      const holder = family.map((row) => this.byId.get(row.id) as LedgerRow).find((row) => isHolding(row.status));
      if (holder && !this.holding.has(sha256)) this.holding.set(sha256, holder);
    }
    return touched;
  }

  private changeOf(touched: ReadonlySet<CommitSeq>, rows: LedgerRow[]): RowChange {
    return { changed: [...touched].map((seq) => ({ seq, rows: [...this.rowsOf(seq)] })), rows };
  }

  /** Puts a row in the place of one with the same id, path and hash. Gives the record that holds it. */
  private replace(old: LedgerRow, fresh: LedgerRow): CommitSeq {
    const seq = this.seqOf.get(old.id) as CommitSeq;
    const rows = this.bySeq.get(seq) as LedgerRow[];
    rows[rows.indexOf(old)] = fresh;
    if (old.sha256 !== null) {
      if (this.holding.get(old.sha256) === old) this.holding.delete(old.sha256);
      if (this.kept.get(old.sha256) === old) this.kept.delete(old.sha256);
    }
    this.forgetLost(old);
    this.insert(seq, fresh);
    return seq;
  }

  private forgetLost(row: LedgerRow): void {
    const others = row.sha256 === null ? undefined : this.withdrawn.get(row.sha256)?.filter((r) => r !== row);
    if (row.sha256 !== null && others) this.withdrawn.set(row.sha256, others);
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
    const gives = same && !isHolding(same.status) && !keepsBytes(same);
    if (gives && (same.status !== 'repeated' || isHolding(file.status))) replaced.add(same);
    const unread = this.byPlace.get(placeKey(file.path, null));
    if (unread) replaced.add(unread);
    const container = isMember(file.container) ? this.unopened(file.path) : null;
    if (container) replaced.add(container);
    if (file.sha256 !== null && isHolding(file.status)) for (const row of this.withdrawn.get(file.sha256) ?? []) replaced.add(row);
    return [...replaced];
  }

  /** A container is no row once its members are; it has one when an import was cancelled before that. Its path ends at a “!” of the member's. */
  private unopened(path: string): LedgerRow | null {
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
    if (keepsBytes(row) && !this.kept.has(row.sha256)) this.kept.set(row.sha256, row);
    if (row.status === 'withdrawn' && !row.withdrawal) {
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
    this.forgetLost(row);
    const seq = this.seqOf.get(row.id);
    this.seqOf.delete(row.id);
    const rows = seq === undefined ? undefined : this.bySeq.get(seq);
    const at = rows?.indexOf(row) ?? -1;
    if (rows && at >= 0) rows.splice(at, 1);
    return seq;
  }
}
