/** The store worker's core: the calls of StoreApi over the catalogue, the open case, and the import that runs. */
import type { CaseId, CommitId, EpochMs, EventKey, ImportId } from '../../shared/brand.ts';
import {
  type CaseInfo,
  type CaseView,
  type Citation,
  type ImportRun,
  type JournalEntry,
  type Note,
  REPORT_TREE_VERSION,
  type ReportTree,
  reportTreeId,
} from '../../shared/case.ts';
import type { ImportProgress } from '../../shared/commit.ts';
import type { DeliveryCoverage } from '../../shared/coverage.ts';
import {
  CUSTODY_FIELDS,
  type Custody,
  type CustodyBook,
  MAX_CUSTODY_TEXT,
  MAX_WITHDRAWAL_REASON,
  NO_CUSTODY,
  type Verification,
} from '../../shared/custody.ts';
import type {
  CaseOpened,
  ImportOutcome,
  LedgerRow,
  LedgerTotals,
  RecordRef,
  RecordText,
  StorageState,
  StoreApi,
  StoreTopic,
  WithdrawOutcome,
} from '../../shared/engine.ts';
import { AppError } from '../../shared/errors.ts';
import type { AppInfo, Grant } from '../../shared/host.ts';
import type { GivenKeys, IntegrityReport, IntegrityRow, IntegritySums } from '../../shared/integrity.ts';
import type { AggregatedRecord, RecordProblem } from '../../shared/ledger.ts';
import { deliveryLayer } from '../coverage/delivery-layer.ts';
import { parseKeyText } from '../integrity/index.ts';
import { CaseSession } from './case-session.ts';
import { Catalogue } from './catalogue.ts';
import { CopyFeed } from './copy-feed.ts';
import type { StoreEnvironment } from './environment.ts';
import { HostCalls } from './host-calls.ts';
import { Importer } from './importer.ts';
import { IntegrityCache } from './integrity-cache.ts';
import { QueryLink, type Settled } from './query-link.ts';
import { Signals } from './signals.ts';
import { storageState } from './space.ts';
import { VerdictFeed } from './verdict-feed.ts';
import { Verifier } from './verifier.ts';
import { isHolding } from './withdrawal.ts';

const MAX_REPORT_TREES = 50;
const MAX_TREE_CREDENTIAL = 10_000;
const MAX_TREE_NAME = 500;

interface Started {
  app: AppInfo;
  host: HostCalls;
  query: QueryLink;
  catalogue: Catalogue;
  verdicts: VerdictFeed;
  copies: CopyFeed;
}

export class Store implements StoreApi {
  private started: Started | null = null;
  private session: CaseSession | null = null;
  private importer: Importer | null = null;
  private importing: Promise<ImportOutcome> | null = null;
  private verifier: Verifier | null = null;
  private opening: Promise<unknown> = Promise.resolve();
  private readonly signals: Signals;
  private readonly integrityCache: IntegrityCache;
  private verdictsTold: Promise<void> = Promise.resolve();
  private copiesTold: Promise<void> = Promise.resolve();

  constructor(private readonly env: StoreEnvironment) {
    this.integrityCache = new IntegrityCache(env);
    this.signals = new Signals(env, ({ caseId, deleted, topic }) => {
      const session = this.session;
      if (!session) return;
      if (deleted === session.id) void this.closeCase();
      else if (caseId === session.id && topic !== 'cases') {
        session.markStale();
        if (topic === 'ledger') this.integrityChanged();
      }
    });
  }

  async start({ app, bearer, queryPort }: Parameters<StoreApi['start']>[0]): Promise<void> {
    const host = new HostCalls(this.env, bearer);
    const catalogue = await Catalogue.open(this.env, host, app.version);
    const query = new QueryLink(queryPort);
    this.started = {
      app,
      host,
      query,
      catalogue,
      verdicts: new VerdictFeed(this.env, query, this.integrityCache),
      copies: new CopyFeed(this.env, query),
    };
  }

  async subscribe(topic: StoreTopic, listener: () => void): Promise<void> {
    this.signals.subscribe(topic, listener);
  }

  async listCases(): Promise<CaseInfo[]> {
    return this.parts.catalogue.list();
  }

  async createCase(name: string): Promise<CaseInfo> {
    const info = await this.parts.catalogue.create(name);
    this.signals.changed('cases', info.id);
    return info;
  }

  async renameCase(id: CaseId, name: string): Promise<void> {
    await this.parts.catalogue.rename(id, name);
    this.signals.changed('cases', id);
  }

  async deleteCase(id: CaseId): Promise<void> {
    if (this.session?.id === id) await this.closeCase();
    await this.parts.catalogue.delete(id);
    this.signals.changed('cases', id, id);
  }

  /** Openings follow one another; the case that was open is closed first. */
  openCase(id: CaseId): Promise<CaseOpened> {
    const opened = this.opening.then(
      () => this.openNow(id),
      () => this.openNow(id),
    );
    this.opening = opened;
    return opened;
  }

  private async openNow(id: CaseId): Promise<CaseOpened> {
    const { app, host, query, catalogue } = this.parts;
    const info = await catalogue.touch(id);
    await this.closeCase();
    const { session, opened, settled } = await CaseSession.open(info, { env: this.env, host, query, appVersion: app.version });
    this.session = session;
    this.integrityChanged();
    this.signals.changed('cases', id);
    if (session.access === 'read') return opened;
    return { ...opened, info: await catalogue.summarise(id, session.book.rows().length, settled) };
  }

  async closeCase(): Promise<void> {
    const session = this.session;
    if (!session) return;
    if (this.importer) {
      await this.cancelImport();
      await this.importing?.catch(() => undefined);
    }
    this.session = null;
    this.parts.verdicts.end();
    this.parts.copies.end();
    this.verifier?.cancel();
    await session.outbox.flush().catch(() => undefined); // kept in the case, sent when it is opened again
    session.close();
    this.parts.query.reset();
  }

  async saveView(view: CaseView): Promise<void> {
    const session = this.open;
    if (session.access === 'write') await session.db.meta.put({ key: 'view', value: view });
  }

  async getSetting(key: string): Promise<unknown> {
    return this.parts.catalogue.getSetting(key);
  }

  async putSetting(key: string, value: unknown): Promise<void> {
    await this.parts.catalogue.putSetting(key, value);
  }

  async listLostCases(): ReturnType<StoreApi['listLostCases']> {
    return this.parts.catalogue.lost();
  }

  async recoverCase(id: CaseId): Promise<CaseInfo & { unreadableEntries?: number }> {
    const info = await this.parts.catalogue.recover(id);
    this.signals.changed('cases', id);
    return info;
  }

  async storage(): Promise<StorageState> {
    return storageState(this.env, this.parts.host);
  }

  async importGrants(grants: Pick<Grant, 'id' | 'label'>[], onProgress: (p: ImportProgress) => void): Promise<ImportOutcome> {
    const session = this.open;
    session.mustWrite();
    this.mustBeIdle();
    const { host, query, catalogue } = this.parts;
    const onStored = (): void => {
      this.integrityChanged();
      this.signals.changed('ledger', session.id);
      this.signals.changed('imports', session.id);
    };
    const importer = new Importer(session, { env: this.env, host, query, onStored }, grants, onProgress);
    const run = async (): Promise<ImportOutcome> => {
      const outcome = await importer.run();
      await catalogue.summarise(session.id, session.book.rows().length, await query.settle());
      this.signals.changed('cases', session.id);
      onStored();
      return outcome;
    };
    this.importer = importer;
    this.importing = run().finally(() => {
      this.importing = null;
      this.importer = null;
      this.integrityChanged();
    });
    return this.importing;
  }

  async cancelImport(): Promise<void> {
    await this.importer?.cancel();
  }

  async pauseImport(): Promise<void> {
    await this.importer?.pause(true);
  }

  async resumeImport(): Promise<void> {
    await this.importer?.pause(false);
  }

  async listImports(): Promise<ImportRun[]> {
    const runs = await this.open.db.imports.toArray();
    return runs.sort((a, b) => b.startedAt - a.startedAt);
  }

  async ledgerTotals(): Promise<LedgerTotals> {
    return (await this.fresh()).book.totals();
  }

  async ledger(): Promise<LedgerRow[]> {
    return (await this.fresh()).book.rows();
  }

  async problems(ledgerId: number): Promise<RecordProblem[]> {
    const session = await this.fresh();
    const row = session.book.row(ledgerId);
    if (!row) throw new AppError('not-found', 'The ledger has no such file.');
    const holder = this.holderOf(session, row);
    const seqs = holder.commits.flatMap((id) => session.writer.place(id)?.seq ?? []);
    const stored = await session.db.problems.bulkGet(seqs);
    return stored.flatMap((s) => s?.problems.filter((p) => p.file === holder.fileInCommit) ?? []);
  }

  async aggregated(): Promise<(AggregatedRecord & { path: string; commitId: CommitId })[]> {
    const session = await this.fresh();
    const places = new Map(session.writer.counted().map((p) => [p.seq, p.id]));
    const paths = new Map<string, string>();
    const withdrawn = new Set<string>();
    for (const row of session.book.rows()) {
      if (row.withdrawal) for (const commit of row.commits) withdrawn.add(`${commit} ${row.fileInCommit}`);
      if (row.aggregatedRecords > 0) for (const commit of row.commits) paths.set(`${commit} ${row.fileInCommit}`, row.path);
    }
    const stored = await session.db.aggregated.toArray();
    return stored.flatMap(({ seq, aggregated }) => {
      const commitId = places.get(seq);
      if (!commitId) return [];
      return aggregated
        .filter((a) => !withdrawn.has(`${commitId} ${a.file}`))
        .map((a) => ({ ...a, commitId, path: paths.get(`${commitId} ${a.file}`) ?? '' }));
    });
  }

  async readRecords(refs: RecordRef[]): Promise<RecordText[]> {
    return (await this.fresh()).vault.records(refs);
  }

  async integrity(): Promise<IntegrityReport> {
    const session = await this.fresh();
    const report = await this.integrityCache.report(session, (row) => this.holderOf(session, row));
    // Whoever counts events by verdict next finds them told.
    await this.verdictsTold;
    return report;
  }

  async copiesCompared(): Promise<void> {
    for (let told = null; told !== this.copiesTold; ) {
      told = this.copiesTold;
      await told;
    }
  }

  async integritySums(): Promise<IntegritySums | null> {
    await this.verdictsTold;
    return this.integrityCache.sums;
  }

  async delivery(): Promise<DeliveryCoverage> {
    const session = await this.fresh();
    const report = await this.integrityCache.report(session, (row) => this.holderOf(session, row));
    return deliveryLayer(session.book.rows(), report);
  }

  async integrityOf(ledgerIds: number[]): Promise<IntegrityRow[]> {
    const { rows } = await this.integrity();
    const wanted = new Set(ledgerIds);
    return rows.filter((row) => row.ledgerId !== null && wanted.has(row.ledgerId));
  }

  async listKeys(): Promise<GivenKeys[]> {
    return this.open.givenKeys();
  }

  async addKeys(label: string, text: string): Promise<GivenKeys> {
    const list = parseKeyText(text);
    if (typeof list === 'string') throw new AppError('bad-input', list);
    const keys: GivenKeys = { id: this.env.newId(), label: label.slice(0, 500), addedAt: this.env.now() as EpochMs, ...list };
    await this.changingKeys((session) => session.putKeys(keys.id, keys));
    return keys;
  }

  async removeKeys(id: string): Promise<void> {
    await this.changingKeys((session) => session.putKeys(id, null));
  }

  private changingKeys(change: (session: CaseSession) => Promise<void>): Promise<void> {
    return this.changing('ledger', async (session) => {
      try {
        await change(session);
      } finally {
        this.integrityChanged();
      }
    });
  }

  async withdrawFiles(ledgerIds: number[], reason: string): Promise<WithdrawOutcome> {
    const typed = reason.trim().slice(0, MAX_WITHDRAWAL_REASON);
    if (typed === '') throw new AppError('bad-input', 'Say why the file is withdrawn: the reason stays in the ledger and the report.');
    const at = this.env.now() as EpochMs;
    return this.changingFiles('withdraw', ledgerIds, { reason: typed }, (book) => book.withdraw(ledgerIds, typed, at));
  }

  async bringBackFiles(ledgerIds: number[]): Promise<WithdrawOutcome> {
    return this.changingFiles('bring back', ledgerIds, {}, (book) => book.bringBack(ledgerIds));
  }

  private async changingFiles(
    action: string,
    ids: readonly number[],
    detail: object,
    change: Parameters<CaseSession['changeFiles']>[2],
  ): Promise<WithdrawOutcome> {
    this.mustBeIdle();
    const session = this.open;
    session.mustWrite();
    const { query, catalogue } = this.parts;
    const asked = ids.flatMap((id) => session.book.row(id) ?? []);
    const files = asked.map(({ path, sha256 }) => ({ path, sha256 }));
    const before = await query.settle();
    let rows: LedgerRow[] = [];
    await this.changing('ledger', async () => {
      rows = await session.changeFiles(action, { ...detail, files }, change);
    });
    const settled = await query.settle();
    this.integrityChanged();
    await catalogue.summarise(session.id, session.book.rows().length, settled);
    this.signals.changed('cases', session.id);
    this.signals.changed('ledger', session.id);
    const wanted = new Set(ids);
    return {
      files: rows.filter((row) => wanted.has(row.id)).length,
      eventsBefore: before.events,
      eventsAfter: settled.events,
      heirs: rows.filter((row) => !wanted.has(row.id) && isHolding(row.status)).map((row) => row.path),
    };
  }

  async custody(): Promise<CustodyBook> {
    return this.open.custody();
  }

  async putCustody(of: ImportId | 'case', typed: Custody): Promise<void> {
    const custody: Custody = { ...NO_CUSTODY };
    for (const field of CUSTODY_FIELDS)
      custody[field] = String(typed[field] ?? '')
        .trim()
        .slice(0, MAX_CUSTODY_TEXT);
    await this.changing('imports', (session) => session.putCustody(of, custody));
  }

  async verify(...[options, onProgress]: Parameters<StoreApi['verify']>): Promise<Verification> {
    this.mustBeIdle();
    const session = this.open;
    session.mustWrite();
    const { host, app } = this.parts;
    this.verifier = new Verifier(session, { env: this.env, host, appVersion: app.version }, options, onProgress);
    try {
      const record = await this.verifier.run();
      await this.changing('imports', () => session.putVerification(record));
      return record;
    } finally {
      this.verifier = null;
    }
  }

  async cancelVerify(): Promise<void> {
    this.verifier?.cancel();
  }

  async listVerifications(): Promise<Verification[]> {
    return this.open.verifications();
  }

  private mustBeIdle(): void {
    if (this.importer) throw new AppError('busy', 'An import is running. Wait for its end, or cancel it.');
    if (this.verifier) throw new AppError('busy', 'The evidence is being verified. Wait for its end, or cancel it.');
  }

  async readOriginal(ledgerId: number): Promise<Uint8Array<ArrayBuffer>> {
    const session = await this.fresh();
    const row = session.book.row(ledgerId);
    if (!row) throw new AppError('not-found', 'The ledger has no such file.');
    return session.vault.original(this.holderOf(session, row));
  }

  async listNotes(): Promise<Note[]> {
    const notes = await this.open.db.notes.toArray();
    return notes.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  }

  async putNote(note: Note): Promise<void> {
    await this.changing('notes', (session) => session.putNote(note));
  }

  async deleteNote(id: string): Promise<void> {
    await this.changing('notes', (session) => session.deleteNote(id));
  }

  async listStars(): Promise<EventKey[]> {
    return (await this.open.db.stars.toArray()).map((star) => star.key);
  }

  async setStars(keys: EventKey[], starred: boolean): Promise<void> {
    await this.changing('stars', (session) => session.setStars(keys, starred));
  }

  async listCitations(): Promise<Citation[]> {
    return this.open.db.citations.toArray();
  }

  async putCitation(citation: Citation): Promise<void> {
    await this.changing('notes', (session) => session.putCitation(citation));
  }

  async listReportTrees(): Promise<ReportTree[]> {
    return this.open.reportTrees();
  }

  async addReportTree({ credential, scope, name }: Pick<ReportTree, 'credential' | 'scope' | 'name'>): Promise<ReportTree> {
    if (credential.length > MAX_TREE_CREDENTIAL)
      throw new AppError('too-large', 'The name of this credential is too long to be kept with the report. Cite its events in a note.');
    const id = reportTreeId(scope, credential);
    const present = await this.open.reportTrees();
    const known = present.find((tree) => tree.id === id);
    if (known) return known;
    if (present.length >= MAX_REPORT_TREES)
      throw new AppError('too-large', `The report holds ${MAX_REPORT_TREES} credential trees. Remove one before you add another.`);
    const addedAt = this.env.now() as EpochMs;
    const tree: ReportTree = { id, version: REPORT_TREE_VERSION, credential, scope, name: name.slice(0, MAX_TREE_NAME), addedAt };
    await this.changing('report', (session) => session.addReportTree(tree));
    return tree;
  }

  async removeReportTree(id: string): Promise<void> {
    const tree = (await this.open.reportTrees()).find((known) => known.id === id);
    if (tree) await this.changing('report', (session) => session.removeReportTree(tree));
  }

  async audit(action: string, detail: unknown): Promise<void> {
    await this.open.audit(action, detail);
  }

  async readJournal(id: CaseId): Promise<JournalEntry[]> {
    return this.parts.catalogue.readJournal(id);
  }

  /** Lets go of everything, as the end of the worker would. */
  async stop(): Promise<void> {
    await this.closeCase();
    this.started?.catalogue.close();
    this.started = null;
  }

  private get parts(): Started {
    if (!this.started) throw new AppError('internal', 'The store was not started.');
    return this.started;
  }

  private get open(): CaseSession {
    if (!this.session) throw new AppError('not-found', 'No case is open.');
    return this.session;
  }

  private async fresh(): Promise<CaseSession> {
    const session = this.open;
    await session.refresh();
    return session;
  }

  /** Tells the topic also when only the journal failed: the change itself is in the case. */
  private async changing(topic: StoreTopic, change: (session: CaseSession) => Promise<void>): Promise<void> {
    const session = this.open;
    try {
      await change(session);
    } finally {
      this.signals.changed(topic, session.id);
    }
  }

  /** What was said of the evidence no longer holds; it is checked anew once no import runs. */
  private integrityChanged(): void {
    const { verdicts, copies } = this.parts;
    const { session } = this;
    if (session && !this.importer) {
      this.verdictsTold = verdicts.begin(session, (row) => this.holderOf(session, row));
      this.copiesTold = copies
        .begin(session, this.verdictsTold)
        .then((settled) => (settled ? this.countAgain(session, settled) : undefined));
    } else {
      verdicts.forget();
      copies.forget();
    }
  }

  /** Copies became events of their own: the list of cases tells how many events there are. */
  private async countAgain(session: CaseSession, settled: Settled): Promise<void> {
    try {
      if (session !== this.session || session.access === 'read') return;
      await this.parts.catalogue.summarise(session.id, session.book.rows().length, settled);
      this.signals.changed('cases', session.id);
    } catch {
      // Only the list of cases is behind; the next change of the evidence counts again.
    }
  }

  /** The row whose bytes are held: for a repeated file that of the first copy. */
  private holderOf(session: CaseSession, row: LedgerRow): LedgerRow {
    if (row.status !== 'repeated' || row.sha256 === null) return row;
    return session.book.holdingRow(row.sha256) ?? row;
  }
}
