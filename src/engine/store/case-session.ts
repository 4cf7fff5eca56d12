/** The open case: its two connections, its ledger and commits in memory, its lock, and its line to the query worker. */
import type { CaseId, EpochMs, EventKey } from '../../shared/brand.ts';
import type { CaseInfo, CaseView, Citation, ImportRun, JournalEntry, Note, ReportTree } from '../../shared/case.ts';
import { CASE_CUSTODY, type Custody, type CustodyBook, type Verification } from '../../shared/custody.ts';
import type { CaseOpened, DictionaryChunk, LedgerRow, Remap } from '../../shared/engine.ts';
import { AppError } from '../../shared/errors.ts';
import type { GivenKeys } from '../../shared/integrity.ts';
import { CommitWriter } from './commit-writer.ts';
import { type CaseDatabase, openCaseDatabase } from './databases.ts';
import type { StoreEnvironment } from './environment.ts';
import type { HostCalls } from './host-calls.ts';
import { evidenceOf, fileEntryId, JournalOutbox } from './journal-outbox.ts';
import { LedgerBook, type RowChange } from './ledger-book.ts';
import { type CaseLock, lockCase } from './lock.ts';
import { DictionaryReach, readPlaces, streamCase } from './opener.ts';
import type { QueryLink, Settled } from './query-link.ts';
import { upgradeSegments } from './segment-upgrade.ts';
import { type CommitSeq, REPORT_TREE, type StoredCommit, VERIFICATION } from './shapes.ts';
import { Vault } from './vault.ts';

export interface SessionParts {
  env: StoreEnvironment;
  host: HostCalls;
  query: QueryLink;
  appVersion: string;
}

export class CaseSession {
  book = new LedgerBook([]);
  writer!: CommitWriter;
  readonly vault: Vault;
  readonly outbox: JournalOutbox;
  private reach = new DictionaryReach();
  /** Consolidations that could not be stored; the query worker will not send them again. */
  private unstored: { chunks: DictionaryChunk[]; remaps: Remap[] } = { chunks: [], remaps: [] };
  private readonly sent = new Set<CommitSeq>();
  private stale = false;

  private constructor(
    readonly id: CaseId,
    private readonly parts: SessionParts,
    /** Evidence: relaxed. */
    readonly db: CaseDatabase,
    /** What people typed, and the beginning and end of imports: strict. */
    readonly strict: CaseDatabase,
    private readonly lock: CaseLock | null,
  ) {
    this.vault = new Vault(db, parts.host, (commit) => this.writer.place(commit));
    this.outbox = new JournalOutbox(
      id,
      strict,
      parts.host,
      () => this.book,
      parts.appVersion,
      () => parts.env.now(),
    );
  }

  /** A vault that reads everything from the database again. */
  freshVault(): Vault {
    return new Vault(this.db, this.parts.host, (commit) => this.writer.place(commit));
  }

  get access(): 'write' | 'read' {
    return this.lock ? 'write' : 'read';
  }

  mustWrite(): void {
    if (!this.lock) throw new AppError('busy', 'Another window has this case open for writing; here it can only be read.');
  }

  /** Opens, sweeps, and streams the case to the query worker; resolves once that has taken everything in. */
  static async open(info: CaseInfo, parts: SessionParts): Promise<{ session: CaseSession; opened: CaseOpened; settled: Settled }> {
    const lock = await lockCase(parts.env, info.id);
    let session: CaseSession | null = null;
    let db: CaseDatabase | null = null;
    try {
      db = await openCaseDatabase(parts.env, info.id, 'relaxed', { mayUpgrade: lock !== null });
      const strict = await openCaseDatabase(parts.env, info.id, 'strict', { mayUpgrade: false });
      session = new CaseSession(info.id, parts, db, strict, lock);
      const { sweptCommits, interrupted, settled } = await session.load();
      const view = ((await db.meta.get('view'))?.value as CaseView | undefined) ?? null;
      return { session, settled, opened: { info, access: session.access, view, interrupted, sweptCommits } };
    } catch (thrown) {
      if (session) session.close();
      else {
        db?.close();
        lock?.release();
      }
      throw thrown;
    }
  }

  close(): void {
    this.db.close();
    this.strict.close();
    this.lock?.release();
  }

  private async load(): Promise<{ sweptCommits: number; interrupted: ImportRun[]; settled: Settled }> {
    const { query } = this.parts;
    query.reset();
    const commits = await this.reload();
    let sweptCommits = 0;
    let interrupted: ImportRun[] = [];
    let renewed = 0;
    if (this.lock) {
      sweptCommits = (await this.writer.sweep(null)).length;
      interrupted = await this.markInterrupted();
      renewed = (await upgradeSegments(this.db, commits, (commit, block) => this.vault.block(commit.id, block))).renewed;
    }
    const counted = this.writer.counted();
    const streamed = await streamCase(this.db, counted, commits, this.book, query);
    for (const place of counted) this.sent.add(place.seq);
    this.reach = streamed.reach;
    if (streamed.dictionariesBroken && this.lock) await this.forgetDictionaries();
    const settled = await query.settle();
    if (renewed > 0) await this.consolidate();
    if (this.lock) void this.outbox.flush().catch(() => undefined); // what a kill left; tried again with the next change
    return { sweptCommits, interrupted, settled };
  }

  /** Ledger and commits as stored, after an opening, a failed transaction, or a change by another window. */
  async reload(): Promise<Map<CommitSeq, StoredCommit>> {
    const [ledger, { places, commits }] = await Promise.all([this.db.ledger.toArray(), readPlaces(this.db)]);
    this.book = new LedgerBook(ledger);
    this.writer = new CommitWriter(this.db, () => this.book, this.outbox, places);
    this.stale = false;
    return commits;
  }

  /** The case was changed by the window that writes it. */
  markStale(): void {
    this.stale = true;
  }

  /** For a reading window: takes in what the writing window stored since. */
  async refresh(): Promise<void> {
    if (!this.stale || this.lock) return;
    const before = new Map(this.book.rows().map((row) => [row.id, row]));
    const commits = await this.reload();
    const fresh = this.writer.counted().filter((place) => !this.sent.has(place.seq));
    for (const place of fresh) {
      const commit = commits.get(place.seq);
      if (!commit?.segment) continue;
      const segment = await this.db.segments.get(place.seq);
      if (!segment) continue;
      this.parts.query.attach(commit, segment.buffer, null);
      this.sent.add(place.seq);
    }
    const ids = new Set(fresh.map((p) => p.id));
    const isOther = (row: LedgerRow): boolean => {
      const old = before.get(row.id);
      return old !== undefined && (old.status !== row.status || old.commitId !== row.commitId || old.records !== row.records);
    };
    this.parts.query.files(this.book.rows().filter((row) => row.commits.some((id) => ids.has(id)) || isOther(row)));
    this.parts.query.stars(
      (await this.db.stars.toArray()).map((s) => s.key),
      true,
      true,
    );
    await this.parts.query.settle();
  }

  /** Has the query worker merge the dictionaries of new commits, and stores what it says, in one transaction. */
  async consolidate(): Promise<void> {
    const { chunks, remaps } = await this.parts.query.consolidate();
    this.unstored.chunks.push(...chunks.map(exactChunk));
    this.unstored.remaps.push(...remaps.map(exactRemap));
    const { db, unstored } = this;
    if (unstored.chunks.length === 0 && unstored.remaps.length === 0) return;
    const reach = this.reach.copy();
    // Growth that does not join up would give events other values when the case is opened: better none, merged at opening.
    if (!reach.extend(unstored.chunks)) throw new AppError('internal', 'The merged dictionaries do not join up; they were not stored.');
    const stored = unstored.remaps.flatMap((remap) => {
      const place = this.writer.place(remap.commitId);
      return place ? [{ seq: place.seq, remap }] : [];
    });
    await db.transaction('rw', [db.dictionaries, db.remaps], () =>
      Promise.all([unstored.chunks.length > 0 ? db.dictionaries.add({ chunks: unstored.chunks }) : null, db.remaps.bulkPut(stored)]),
    );
    this.reach = reach;
    this.unstored = { chunks: [], remaps: [] };
  }

  private async forgetDictionaries(): Promise<void> {
    const { db } = this;
    await db.transaction('rw', [db.dictionaries, db.remaps], () => Promise.all([db.dictionaries.clear(), db.remaps.clear()]));
    this.reach = new DictionaryReach();
  }

  /** Marks the imports that a kill ended. Gives all that were never made good: a person may start the app twice before continuing. */
  private async markInterrupted(): Promise<ImportRun[]> {
    const stored = await this.strict.imports.toArray();
    const runs = stored.map((run): ImportRun => (run.status === 'running' ? interruptedRun(run) : run));
    const found = runs.filter((run) => run.status === 'interrupted');
    for (const run of found) if (!stored.includes(run)) await this.putImport(run);
    return found.filter((run) => !runs.some((later) => madeGood(run, later)));
  }

  async putImport(run: ImportRun): Promise<void> {
    const { strict } = this;
    await strict.transaction('rw', [strict.imports, strict.outbox], async () => {
      await strict.imports.put(run);
      await this.addToOutbox([this.outbox.entry('import', run.id, run)]);
    });
  }

  async putNote(note: Note): Promise<void> {
    const { strict } = this;
    await this.typed([strict.notes], [this.outbox.entry('note', note.id, note)], () => strict.notes.put(note));
  }

  async deleteNote(id: string): Promise<void> {
    const { strict } = this;
    await this.typed([strict.notes], [this.outbox.entry('note', id, null)], () => strict.notes.delete(id));
  }

  async setStars(keys: EventKey[], starred: boolean): Promise<void> {
    const { strict } = this;
    const at = this.parts.env.now() as EpochMs;
    const entries = keys.map((key) => this.outbox.entry('star', key, starred ? { key, at } : null));
    await this.typed(
      [strict.stars],
      entries,
      () => (starred ? strict.stars.bulkPut(keys.map((key) => ({ key, at }))) : strict.stars.bulkDelete(keys)),
      () => this.parts.query.stars(keys, starred, false),
    );
  }

  async putCitation(citation: Citation): Promise<void> {
    const { strict } = this;
    await this.typed([strict.citations], [this.outbox.entry('citation', citation.key, citation)], () => strict.citations.put(citation));
  }

  /**
   * Changes rows of the ledger as a person asked, in one transaction with the audit log and the way to the journal. Gives the rows
   * that changed; the query worker is told of them.
   */
  async changeFiles(action: string, detail: unknown, change: (book: LedgerBook) => RowChange): Promise<LedgerRow[]> {
    this.mustWrite();
    const { strict } = this;
    const { changed, rows } = change(this.book);
    if (rows.length === 0) return [];
    const at = this.parts.env.now() as EpochMs;
    const entries = rows.map((row) => this.outbox.entry('file', fileEntryId(row), evidenceOf(row)));
    entries.push(this.outbox.entry('audit', this.parts.env.newId(), { action, detail }));
    try {
      await strict.transaction('rw', [strict.ledger, strict.audit, strict.outbox], async () => {
        await strict.ledger.bulkPut(changed);
        await strict.audit.add({ at, action, detail });
        await this.addToOutbox(entries);
      });
    } catch (thrown) {
      await this.reload(); // memory was ahead of the database
      throw thrown;
    }
    this.parts.query.files(rows);
    await this.outbox.flush();
    return rows;
  }

  async custody(): Promise<CustodyBook> {
    return ((await this.db.meta.get('custody'))?.value as CustodyBook | undefined) ?? { ofCase: null, imports: {} };
  }

  /** What is stated for an import or, with CASE_CUSTODY, for the case. The values before go to the audit log. */
  async putCustody(id: ImportRun['id'] | typeof CASE_CUSTODY, custody: Custody): Promise<void> {
    const { strict } = this;
    const before = await this.custody();
    const isCase = id === CASE_CUSTODY;
    const detail = { of: id, before: isCase ? before.ofCase : (before.imports[id] ?? null), after: custody };
    const after = isCase ? { ...before, ofCase: custody } : { ...before, imports: { ...before.imports, [id]: custody } };
    const entries = [
      this.outbox.entry('custody', id, custody),
      this.outbox.entry('audit', this.parts.env.newId(), { action: 'custody', detail }),
    ];
    const at = this.parts.env.now() as EpochMs;
    await this.typed([strict.meta, strict.audit], entries, async () => {
      await strict.meta.put({ key: 'custody', value: after });
      await strict.audit.add({ at, action: 'custody', detail });
    });
  }

  /** Newest first. */
  async verifications(): Promise<Verification[]> {
    const stored = await this.db.meta.where('key').startsWith(VERIFICATION).toArray();
    return stored.map((row) => row.value as Verification).sort((a, b) => b.startedAt - a.startedAt);
  }

  async putVerification(record: Verification): Promise<void> {
    const { strict } = this;
    const { findings, ...detail } = record;
    const entries = [
      this.outbox.entry('verification', record.id, record),
      this.outbox.entry('audit', this.parts.env.newId(), { action: 'verify', detail: { ...detail, findings: findings.length } }),
    ];
    await this.typed([strict.meta, strict.audit], entries, async () => {
      await strict.meta.put({ key: `${VERIFICATION}${record.id}`, value: record });
      await strict.audit.add({ at: record.endedAt, action: 'verify', detail: { ...detail, findings: findings.length } });
    });
  }

  /** Oldest first. */
  async reportTrees(): Promise<ReportTree[]> {
    const stored = await this.db.meta.where('key').startsWith(REPORT_TREE).toArray();
    return stored.map((row) => row.value as ReportTree).sort((a, b) => a.addedAt - b.addedAt || (a.id < b.id ? -1 : 1));
  }

  async addReportTree(tree: ReportTree): Promise<void> {
    const { strict } = this;
    await this.reportTreeChange('report-tree-added', tree, tree, () => strict.meta.put({ key: `${REPORT_TREE}${tree.id}`, value: tree }));
  }

  async removeReportTree(tree: ReportTree): Promise<void> {
    const { strict } = this;
    await this.reportTreeChange('report-tree-removed', tree, null, () => strict.meta.delete(`${REPORT_TREE}${tree.id}`));
  }

  private async reportTreeChange(action: string, tree: ReportTree, left: ReportTree | null, change: () => PromiseLike<unknown>) {
    const { strict } = this;
    const { credential, scope, name } = tree;
    const detail = { credential, scope, name };
    const at = this.parts.env.now() as EpochMs;
    const entries = [
      this.outbox.entry('reportTree', tree.id, left),
      this.outbox.entry('audit', this.parts.env.newId(), { action, detail }),
    ];
    await this.typed([strict.meta, strict.audit], entries, async () => {
      await change();
      await strict.audit.add({ at, action, detail });
    });
  }

  async givenKeys(): Promise<GivenKeys[]> {
    return ((await this.db.meta.get('keys'))?.value as GivenKeys[] | undefined) ?? [];
  }

  /** Keeps or, with null, removes a set of keys. */
  async putKeys(id: string, keys: GivenKeys | null): Promise<void> {
    const { strict } = this;
    await this.typed([strict.meta], [this.outbox.entry('keys', id, keys)], async () => {
      const others = (((await strict.meta.get('keys'))?.value as GivenKeys[] | undefined) ?? []).filter((set) => set.id !== id);
      await strict.meta.put({ key: 'keys', value: keys ? [...others, keys] : others });
    });
  }

  async audit(action: string, detail: unknown): Promise<void> {
    const { strict } = this;
    const at = this.parts.env.now() as EpochMs;
    const entry = this.outbox.entry('audit', this.parts.env.newId(), { action, detail });
    await this.typed([strict.audit], [entry], () => strict.audit.add({ at, action, detail }));
  }

  /** One strict transaction for the change and its way to the journal; `then` runs once it is stored, before the journal. */
  private async typed(
    tables: CaseDatabase['tables'],
    entries: JournalEntry[],
    change: () => PromiseLike<unknown>,
    then: () => void = () => undefined,
  ): Promise<void> {
    this.mustWrite();
    const { strict } = this;
    await strict.transaction('rw', [...tables, strict.outbox], async () => {
      await change();
      await this.addToOutbox(entries);
    });
    then();
    await this.outbox.flush();
  }

  private async addToOutbox(entries: JournalEntry[]): Promise<void> {
    // In pieces: the host takes a bounded body.
    for (let at = 0; at < entries.length; at += OUTBOX_PIECE)
      await this.strict.outbox.add({ entries: entries.slice(at, at + OUTBOX_PIECE), ledgerSeq: null });
  }
}

const OUTBOX_PIECE = 2000;

/** A typed array that is a view would drag its whole buffer into the database. */
function exactU32(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  return array.byteLength === array.buffer.byteLength ? array : array.slice();
}

function exactChunk(chunk: DictionaryChunk): DictionaryChunk {
  const text = chunk.text.byteLength === chunk.text.buffer.byteLength ? chunk.text : chunk.text.slice();
  return { ...chunk, text, lengths: exactU32(chunk.lengths) };
}

function exactRemap(remap: Remap): Remap {
  const codes = { ...remap.codes };
  for (const column of Object.keys(codes) as (keyof Remap['codes'])[]) codes[column] = exactU32(codes[column]);
  return { commitId: remap.commitId, codes };
}

const interruptedRun = (run: ImportRun): ImportRun => ({
  ...run,
  status: 'interrupted',
  reason: 'The app ended while this import ran. Import the same files again to continue; what is in is not read twice.',
});

/** Whether `later` read to its end, or a person cancelled, what `run` had begun. */
const madeGood = (run: ImportRun, later: ImportRun): boolean =>
  later.startedAt > run.startedAt &&
  (later.status === 'done' || later.status === 'cancelled') &&
  run.roots.every((r) => later.roots.includes(r));
