/** The list of cases and the profile's settings; creating, deleting and recovering cases. */
import type { CaseId, EpochMs } from '../../shared/brand.ts';
import type { CaseInfo, JournalEntry } from '../../shared/case.ts';
import { AppError } from '../../shared/errors.ts';
import { JOURNAL_VERSION, JournalReplay, type JournalState, journalEntries } from '../case/journal.ts';
import { caseName } from '../case/names.ts';
import {
  type CatalogueDatabase,
  caseDatabaseExists,
  caseDatabaseName,
  databaseNames,
  deleteCaseDatabase,
  openCaseDatabase,
  openCatalogue,
} from './databases.ts';
import type { StoreEnvironment } from './environment.ts';
import type { HostCalls } from './host-calls.ts';
import { lockCase } from './lock.ts';
import type { Settled } from './query-link.ts';
import { REPORT_TREE, VERIFICATION } from './shapes.ts';
import { isHolding, LOST } from './withdrawal.ts';

export class Catalogue {
  private constructor(
    private readonly db: CatalogueDatabase,
    private readonly env: StoreEnvironment,
    private readonly host: HostCalls,
    private readonly appVersion: string,
  ) {}

  static async open(env: StoreEnvironment, host: HostCalls, appVersion: string): Promise<Catalogue> {
    return new Catalogue(await openCatalogue(env), env, host, appVersion);
  }

  close(): void {
    this.db.close();
  }

  /** Last opened first. */
  async list(): Promise<CaseInfo[]> {
    const cases = await this.db.cases.toArray();
    return cases.sort((a, b) => b.openedAt - a.openedAt || (a.id < b.id ? -1 : 1));
  }

  async get(id: CaseId): Promise<CaseInfo> {
    const info = await this.db.cases.get(id);
    if (!info) throw new AppError('not-found', 'There is no such case any more.');
    return info;
  }

  async create(typedName: string): Promise<CaseInfo> {
    const name = caseName(typedName);
    const info = this.newInfo(this.env.newId() as CaseId, name, this.env.now() as EpochMs);
    // The journal first: a case that it cannot protect is not begun.
    await this.journalCase(info);
    (await openCaseDatabase(this.env, info.id, 'strict', { create: true })).close();
    await this.db.cases.add(info);
    return info;
  }

  async rename(id: CaseId, typedName: string): Promise<void> {
    const name = caseName(typedName);
    const info = { ...(await this.get(id)), name };
    await this.db.cases.put(info);
    await this.journalCase(info);
  }

  async touch(id: CaseId): Promise<CaseInfo> {
    const info = { ...(await this.get(id)), openedAt: this.env.now() as EpochMs };
    await this.db.cases.put(info);
    return info;
  }

  /** What the list shows of a case, as of now. */
  async summarise(id: CaseId, files: number, settled: Settled): Promise<CaseInfo> {
    const { events, firstTime, lastTime } = settled;
    await this.db.cases.update(id, { files, events, firstTime, lastTime });
    return this.get(id);
  }

  /** Rejects with 'busy' while a window has the case open for writing. */
  async delete(id: CaseId): Promise<void> {
    const lock = await lockCase(this.env, id);
    if (!lock) throw new AppError('busy', 'This case is open in another window. Close it there, then delete it.');
    try {
      await deleteCaseDatabase(this.env, id);
      await this.db.cases.delete(id);
    } finally {
      lock.release();
    }
    await this.host.deleteJournal(id).catch((thrown) => {
      if (!(thrown instanceof AppError && thrown.kind === 'not-found')) throw thrown;
    });
  }

  async getSetting(key: string): Promise<unknown> {
    return (await this.db.settings.get(key))?.value ?? null;
  }

  async putSetting(key: string, value: unknown): Promise<void> {
    await this.db.settings.put({ key, value });
  }

  /** Cases whose journal is there but whose database is not. */
  async lost(): Promise<{ caseId: CaseId; name: string; changedAt: EpochMs }[]> {
    const [journals, names, cases] = await Promise.all([this.host.journals(), databaseNames(this.env), this.db.cases.toArray()]);
    const known = new Map(cases.map((c) => [c.id, c.name]));
    const lost = journals.filter((j) => !names.has(caseDatabaseName(j.caseId)) || !known.has(j.caseId));
    const found: { caseId: CaseId; name: string; changedAt: EpochMs }[] = [];
    for (const { caseId, changedAt } of lost) {
      const name = known.get(caseId) ?? (await this.nameInJournal(caseId)) ?? 'Unnamed case';
      found.push({ caseId, name, changedAt: changedAt as EpochMs });
    }
    return found;
  }

  /** Builds the case again from its journal, without evidence: the ledger names the files to import again. */
  async recover(id: CaseId): Promise<CaseInfo & { unreadableEntries?: number }> {
    const inCatalogue = (await this.db.cases.get(id)) !== undefined;
    const hasDatabase = await caseDatabaseExists(this.env, id);
    if (inCatalogue && hasDatabase) throw new AppError('bad-input', 'This case is not lost; open it from the list of cases.');
    const state = await this.replay(id);
    const info = this.newInfo(id, state.name ?? 'Recovered case', state.createdAt ?? (this.env.now() as EpochMs));
    // A database that only the catalogue forgot is whole: it is listed again and left as it is.
    if (!hasDatabase) await this.rebuild(id, state);
    await this.db.cases.put(info);
    return hasDatabase || state.unreadable === 0 ? info : { ...info, unreadableEntries: state.unreadable };
  }

  private async rebuild(id: CaseId, state: JournalState): Promise<void> {
    const db = await openCaseDatabase(this.env, id, 'strict', { create: true });
    try {
      await db.transaction('rw', [db.notes, db.stars, db.citations, db.imports, db.audit, db.ledger, db.meta], async () => {
        await db.notes.bulkPut(state.notes);
        await db.stars.bulkPut(state.stars);
        await db.citations.bulkPut(state.citations);
        await db.imports.bulkPut(state.imports.map((run) => (run.status === 'running' ? { ...run, status: 'interrupted' as const } : run)));
        await db.audit.bulkAdd(state.audit);
        if (state.keys.length > 0) await db.meta.put({ key: 'keys', value: state.keys });
        if (state.custody.ofCase || Object.keys(state.custody.imports).length > 0)
          await db.meta.put({ key: 'custody', value: state.custody });
        await db.meta.bulkPut(state.verifications.map((record) => ({ key: `${VERIFICATION}${record.id}` as const, value: record })));
        await db.meta.bulkPut(state.reportTrees.map((tree) => ({ key: `${REPORT_TREE}${tree.id}` as const, value: tree })));
        const rows = state.files
          .filter((file) => isHolding(file.status) || file.status === 'withdrawn')
          .map((file, i) => ({
            // What a person withdrew is withdrawn when it is imported again; the counts of the others are of what is in the case: nothing.
            ...(file.withdrawal ? file : { ...file, ...LOST }),
            id: i + 1,
            commitId: '' as never,
            fileInCommit: 0,
            commits: [],
          }));
        if (rows.length > 0) await db.ledger.put({ seq: RECOVERED_SEQ, rows });
      });
    } finally {
      db.close();
    }
  }

  async readJournal(id: CaseId): Promise<JournalEntry[]> {
    const entries: JournalEntry[] = [];
    for await (const entry of journalEntries(await this.host.readJournal(id))) if (entry) entries.push(entry);
    return entries;
  }

  private async replay(id: CaseId): Promise<JournalState> {
    const replay = new JournalReplay();
    for await (const entry of journalEntries(await this.host.readJournal(id))) replay.add(entry);
    return replay.state();
  }

  private async nameInJournal(id: CaseId): Promise<string | null> {
    try {
      return (await this.replay(id)).name;
    } catch {
      return null; // listed without its name; recovering it says what is wrong
    }
  }

  private journalCase(info: CaseInfo): Promise<void> {
    const { id, name, createdAt } = info;
    const entry: JournalEntry = {
      version: JOURNAL_VERSION,
      at: this.env.now() as EpochMs,
      appVersion: this.appVersion,
      kind: 'case',
      id,
      data: { name, createdAt },
    };
    return this.host.appendJournal(id, [entry]);
  }

  private newInfo(id: CaseId, name: string, createdAt: EpochMs): CaseInfo {
    return { id, name, createdAt, openedAt: this.env.now() as EpochMs, files: 0, events: 0, firstTime: null, lastTime: null };
  }
}

/** Key of the ledger rows that a recovered case begins with: before every commit. */
const RECOVERED_SEQ = 0;
