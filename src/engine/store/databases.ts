/** The databases: one catalogue for the profile, one database per case. The only file that names Dexie's classes. */
import { Dexie, type Table } from 'dexie';
import type { CaseId, EventKey } from '../../shared/brand.ts';
import type { Citation, ImportRun, Note } from '../../shared/case.ts';
import { AppError } from '../../shared/errors.ts';
import type {
  CommitSeq,
  StoredAggregated,
  StoredAudit,
  StoredCase,
  StoredCommit,
  StoredDictionaries,
  StoredLedger,
  StoredMeta,
  StoredOutbox,
  StoredProblems,
  StoredRemap,
  StoredSegment,
  StoredSetting,
  StoredStar,
  StoredVault,
} from './shapes.ts';
import { CASE_SHAPE_VERSION, CATALOGUE_SHAPE_VERSION } from './shapes.ts';
import { CASE_UPGRADES, CATALOGUE_UPGRADES, type Upgrade } from './upgrades.ts';

export interface IndexedDbApi {
  indexedDB: IDBFactory;
  IDBKeyRange: typeof IDBKeyRange;
}

/**
 * `relaxed` (Chromium's default): a commit is safe from a killed process, a power cut may lose the last seconds. `strict`: the
 * disk has confirmed. Dexie knows it per connection, so a case has two.
 */
export type Durability = 'relaxed' | 'strict';

const CATALOGUE_NAME = 'trailcase';
export const caseDatabaseName = (id: CaseId): string => `trailcase-case-${id}`;

export class CatalogueDatabase extends Dexie {
  declare cases: Table<StoredCase, CaseId>;
  declare settings: Table<StoredSetting, string>;
  declare meta: Table<StoredMeta, string>;

  constructor(api: IndexedDbApi) {
    super(CATALOGUE_NAME, { indexedDB: api.indexedDB, IDBKeyRange: api.IDBKeyRange, chromeTransactionDurability: 'strict' });
    this.version(1).stores({ cases: 'id', settings: 'key', meta: 'key' });
  }
}

export class CaseDatabase extends Dexie {
  declare meta: Table<StoredMeta, string>;
  declare commits: Table<StoredCommit, CommitSeq>;
  declare segments: Table<StoredSegment, CommitSeq>;
  declare vault: Table<StoredVault, CommitSeq>;
  declare ledger: Table<StoredLedger, CommitSeq>;
  declare problems: Table<StoredProblems, CommitSeq>;
  declare aggregated: Table<StoredAggregated, CommitSeq>;
  declare dictionaries: Table<StoredDictionaries, number>;
  declare remaps: Table<StoredRemap, CommitSeq>;
  declare notes: Table<Note, string>;
  declare stars: Table<StoredStar, EventKey>;
  declare citations: Table<Citation, EventKey>;
  declare imports: Table<ImportRun, string>;
  declare audit: Table<StoredAudit, number>;
  declare outbox: Table<StoredOutbox, number>;

  constructor(api: IndexedDbApi, id: CaseId, durability: Durability) {
    super(caseDatabaseName(id), { indexedDB: api.indexedDB, IDBKeyRange: api.IDBKeyRange, chromeTransactionDurability: durability });
    this.version(1).stores({
      meta: 'key',
      commits: 'seq',
      segments: 'seq',
      vault: 'seq',
      ledger: 'seq',
      problems: 'seq',
      aggregated: 'seq',
      dictionaries: '++id',
      remaps: 'seq',
      notes: 'id',
      stars: 'key',
      citations: 'key',
      imports: 'id',
      audit: '++id',
      outbox: '++id',
    });
  }
}

/** Opens the catalogue, upgrading it. Rejects with 'too-new' when a newer version of the app wrote it. */
export async function openCatalogue(api: IndexedDbApi): Promise<CatalogueDatabase> {
  const db = new CatalogueDatabase(api);
  await opened(api, db, 'The list of cases');
  await upgradeShape(db, CATALOGUE_SHAPE_VERSION, CATALOGUE_UPGRADES, 'The list of cases', true);
  return db;
}

/**
 * Opens a case's database; `mayUpgrade` only for the window that may write. Rejects with 'not-found' when there is none (unless
 * `create`), with 'too-new' when a newer version of the app wrote it.
 */
export async function openCaseDatabase(
  api: IndexedDbApi,
  id: CaseId,
  durability: Durability,
  options: { create?: boolean; mayUpgrade?: boolean } = {},
): Promise<CaseDatabase> {
  if (!options.create && !(await caseDatabaseExists(api, id))) {
    throw new AppError('not-found', 'The database of this case is gone. Recover the case from its journal, in the list of cases.');
  }
  const db = new CaseDatabase(api, id, durability);
  await opened(api, db, 'This case');
  await upgradeShape(db, CASE_SHAPE_VERSION, CASE_UPGRADES, 'This case', options.mayUpgrade ?? true);
  return db;
}

export function caseDatabaseExists(api: IndexedDbApi, id: CaseId): Promise<boolean> {
  return databaseNames(api).then((names) => names.has(caseDatabaseName(id)));
}

export async function databaseNames(api: IndexedDbApi): Promise<Set<string>> {
  const all = await api.indexedDB.databases();
  return new Set(all.flatMap((d) => (d.name ? [d.name] : [])));
}

/** Also when another window still has it open: Dexie closes there on `versionchange`. */
export async function deleteCaseDatabase(api: IndexedDbApi, id: CaseId): Promise<void> {
  await new CaseDatabase(api, id, 'relaxed').delete();
}

async function opened(api: IndexedDbApi, db: Dexie, what: string): Promise<void> {
  // Asked before: Dexie would open a database of a newer version, and add to it the stores that it misses there.
  const existing = (await api.indexedDB.databases()).find((d) => d.name === db.name);
  if ((existing?.version ?? 0) > Math.round(db.verno * 10)) throw tooNew(what);
  try {
    await db.open();
  } catch (thrown) {
    throw new AppError(
      'storage',
      `${what} could not be opened: ${thrown instanceof Error ? thrown.message : String(thrown)}. Is the disk full?`,
    );
  }
}

const tooNew = (what: string): AppError =>
  new AppError('too-new', `${what} was written by a newer version of Trailcase. Open it with that version; nothing was changed.`);

/** Runs the steps from the stored shape version to `known`, each in one transaction with the new version number. */
export async function upgradeShape<D extends Dexie & { meta: Table<StoredMeta, string> }>(
  db: D,
  known: number,
  steps: readonly Upgrade<D>[],
  what: string,
  mayUpgrade: boolean,
): Promise<void> {
  try {
    const stored = (await db.meta.get('shape'))?.value;
    if (stored === undefined) {
      if (mayUpgrade) await db.meta.put({ key: 'shape', value: known });
      return;
    }
    if (typeof stored !== 'number' || !Number.isInteger(stored) || stored < 1)
      throw new AppError('storage', `${what} is damaged: no version.`);
    if (stored > known) throw tooNew(what);
    if (stored < known && !mayUpgrade) {
      throw new AppError('busy', `${what} has to be brought up to date first: close it in the other window, then open it again.`);
    }
    for (let from = stored; from < known; from++) {
      const step = steps.find((s) => s.from === from);
      if (!step) throw new AppError('storage', `${what} is of version ${from}, which this version of Trailcase can no longer read.`);
      await db.transaction('rw', db.tables, async () => {
        await step.run(db);
        await db.meta.put({ key: 'shape', value: from + 1 });
      });
    }
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}
