/**
 * The two workers' contracts. The page reaches both through `engine/client`; the store worker feeds the query worker through a
 * port of their own, so evidence never passes the page's thread. Every call that fails rejects with an AppErrorShape.
 */

import type { AccessPointsAnswer, AcrossAnswer, SignInsAnswer } from './access.ts';
import type { BatchCredentials, BatchEvents } from './batch.ts';
import type { Behaviour, RevertAnswer, RevertOptions, Subject } from './behaviour.ts';
import type { CaseId, CommitId, EpochMs, EventKey, GrantId, ImportId, RowIndex, Sha256 } from './brand.ts';
import type { CaseInfo, CaseView, Citation, ImportRun, JournalEntry, Note, ReportTree } from './case.ts';
import type { ColumnId, DictColumnId, MultiColumnId } from './columns.ts';
import type { Commit, ImportProgress } from './commit.ts';
import type { CopyCheck } from './copy-diff.ts';
import type { DeliveryCoverage, EventCoverage } from './coverage.ts';
import type { Custody, CustodyBook, Verification, VerifyProgress } from './custody.ts';
import type { AppInfo } from './host.ts';
import type { GivenKeys, IntegrityReport, IntegrityRow, IntegritySums, VerdictState } from './integrity.ts';
import type { AggregatedRecord, EvidenceFile, FileStatus, RecordProblem } from './ledger.ts';
import type {
  CredentialDetails,
  CredentialId,
  CredentialList,
  CredentialQuery,
  CredentialTree,
  Lineage,
  LineageSummary,
} from './lineage.ts';
import type { Answers, Ask, PlanResult, QueryPlan, Selection } from './plan.ts';
import type { RecordRef } from './record-ref.ts';
import type { LanesAnswer, LanesOptions, SessionOptions, SessionsAnswer } from './sessions.ts';

export type { RecordRef } from './record-ref.ts';

/** A stored ledger row with its place. */
export interface LedgerRow extends EvidenceFile {
  id: number;
  /** The commit that holds it, and its index in the commit's files (0 for stages). */
  commitId: CommitId;
  fileInCommit: number;
  /** All commits of the file: one for a small file, several for a staged one. */
  commits: CommitId[];
}

/** A copy of an event: one source row. */
export interface SourceCopy {
  ref: RecordRef;
  file: { path: string; sha256: Sha256 | null; ledgerId?: number };
  recordNumber: number;
  shown: boolean;
}

export interface EventDetails {
  key: EventKey;
  row: RowIndex;
  time: EpochMs | null;
  eventID: string | null;
  values: Partial<Record<ColumnId, string | null | string[]>>;
  /** The shown one first, at most 1,000. */
  copies: SourceCopy[];
  /** Keys of events that share the eventID but say something else, at most 1,000. */
  conflicts: EventKey[];
  starred: boolean;
}

/** Exact original text of a record. `text` is the bytes decoded as UTF-8 (malformed sequences replaced); the hash is of the bytes. */
export interface RecordText {
  ref: RecordRef;
  text: string;
  sha256: Sha256;
  /** Of a line of CSV: the header of its file. `recordInside` of `shared/unwrap.ts` gives the record that stands inside the text. */
  csvHeader?: string;
}

export interface CaseOpened {
  info: CaseInfo;
  /** 'read' when another window holds the case. */
  access: 'write' | 'read';
  view: CaseView | null;
  /** Imports that a kill interrupted, for "continue". */
  interrupted: ImportRun[];
  /** Stages swept because their file was never finished. */
  sweptCommits: number;
}

export interface LedgerTotals {
  files: number;
  byStatus: Record<string, number>;
  bytes: number;
  records: number;
  unreadableRecords: number;
}

export type StoreTopic = 'cases' | 'ledger' | 'notes' | 'stars' | 'imports' | 'report';

export interface ImportOutcome {
  run: ImportRun;
  progress: ImportProgress;
  cancelled: boolean;
  /** Files of the import that a person had withdrawn: they stay withdrawn. Absent: none. */
  stayWithdrawn?: number;
}

/** What withdrawing files, or bringing them back, changed. */
export interface WithdrawOutcome {
  /** Files whose status changed as asked. */
  files: number;
  eventsBefore: number;
  eventsAfter: number;
  /** Paths of repeated files that hold the bytes now, in the place of withdrawn ones. */
  heirs: string[];
}

export interface StorageState {
  usedBytes: number;
  quotaBytes: number;
  persisted: boolean;
  diskFreeBytes: number | null;
}

/** Lives in the store worker: the catalogue, the open case, the import, the vault. */
export interface StoreApi {
  start(options: { app: AppInfo; bearer: string | null; queryPort: MessagePort }): Promise<void>;
  /** Calls back (at most some times a second) whenever something of the topic changed, in this window or another. */
  subscribe(topic: StoreTopic, listener: () => void): Promise<void>;

  listCases(): Promise<CaseInfo[]>;
  createCase(name: string): Promise<CaseInfo>;
  renameCase(id: CaseId, name: string): Promise<void>;
  /** Removes evidence, notes and derived data; the journal file goes to the trash. */
  deleteCase(id: CaseId): Promise<void>;
  openCase(id: CaseId): Promise<CaseOpened>;
  closeCase(): Promise<void>;
  saveView(view: CaseView): Promise<void>;
  getSetting(key: string): Promise<unknown>;
  putSetting(key: string, value: unknown): Promise<void>;
  /** Cases whose journal exists but whose database does not. */
  listLostCases(): Promise<{ caseId: CaseId; name: string; changedAt: EpochMs }[]>;
  /** Rebuilds a lost case's typed things from its journal; the caller then imports the originals' grants. */
  recoverCase(id: CaseId): Promise<CaseInfo & { /** Entries of a damaged journal that could not be read. */ unreadableEntries?: number }>;
  storage(): Promise<StorageState>;

  /** One import at a time; resolves when it has ended. Commits already in stay in, whatever happens. */
  importGrants(grants: { id: GrantId; label: string }[], onProgress: (p: ImportProgress) => void): Promise<ImportOutcome>;
  cancelImport(): Promise<void>;
  /** Nothing is read until it is resumed; what was read is kept, and the case can be used. Nothing happens when no import runs. */
  pauseImport(): Promise<void>;
  resumeImport(): Promise<void>;
  listImports(): Promise<ImportRun[]>;

  ledgerTotals(): Promise<LedgerTotals>;
  ledger(): Promise<LedgerRow[]>;
  problems(ledgerId: number): Promise<RecordProblem[]>;
  aggregated(): Promise<(AggregatedRecord & { path: string; commitId: CommitId })[]>;
  readRecords(refs: RecordRef[]): Promise<RecordText[]>;
  /** What the digest files of the case say about its evidence; computed anew after an import or a change of keys. */
  integrity(): Promise<IntegrityReport>;
  /** Resolves once copies of events were compared, and the query worker knows of it; at once while an import runs. */
  copiesCompared(): Promise<void>;
  /** The delivery layer of the coverage, from names of log files and from digests; computed anew after an import or a change of keys. */
  delivery(): Promise<DeliveryCoverage>;
  /** What the digests say against the evidence, once the check behind the last import is done; null without digests, or when it was not checked to its end. */
  integritySums(): Promise<IntegritySums | null>;
  /** What the digests say of these files of the ledger; a file of which they say nothing is left out. */
  integrityOf(ledgerIds: number[]): Promise<IntegrityRow[]>;
  /** Public keys that were given to the case. */
  listKeys(): Promise<GivenKeys[]>;
  /** Keeps the keys of a list-public-keys answer (JSON text) in the case. Rejects with 'bad-input' when it holds none. */
  addKeys(label: string, text: string): Promise<GivenKeys>;
  removeKeys(id: string): Promise<void>;
  /**
   * Takes files out of the evidence, with a reason: their rows stay in the ledger, their events go unless other files hold them.
   * Rejects with 'busy' while an import runs, with 'bad-input' without a reason.
   */
  withdrawFiles(ledgerIds: number[], reason: string): Promise<WithdrawOutcome>;
  bringBackFiles(ledgerIds: number[]): Promise<WithdrawOutcome>;
  custody(): Promise<CustodyBook>;
  /** What is stated about an import, or 'case'. The values before go to the audit log. */
  putCustody(of: ImportId | 'case', custody: Custody): Promise<void>;
  /**
   * Hashes the originals on disk and the bytes in the case again, and keeps what it found. Without grants the originals are looked
   * for where they were imported from. One at a time, and none while an import runs ('busy').
   */
  verify(
    options: { ledgerIds: number[] | null; grants: { id: GrantId; label: string }[] | null },
    onProgress: (p: VerifyProgress) => void,
  ): Promise<Verification>;
  cancelVerify(): Promise<void>;
  /** Newest first. */
  listVerifications(): Promise<Verification[]>;
  /** The file as found, from the vault. */
  readOriginal(ledgerId: number): Promise<Uint8Array<ArrayBuffer>>;

  listNotes(): Promise<Note[]>;
  putNote(note: Note): Promise<void>;
  deleteNote(id: string): Promise<void>;
  listStars(): Promise<EventKey[]>;
  setStars(keys: EventKey[], starred: boolean): Promise<void>;
  listCitations(): Promise<Citation[]>;
  putCitation(citation: Citation): Promise<void>;
  /** Credential trees that are in the report, oldest first. */
  listReportTrees(): Promise<ReportTree[]>;
  /** Puts a tree into the report; gives the one that is there when it is already. Rejects with 'too-large' when the report holds 50. */
  addReportTree(tree: Pick<ReportTree, 'credential' | 'scope' | 'name'>): Promise<ReportTree>;
  removeReportTree(id: string): Promise<void>;
  /** Appends to the case's audit log and journal. */
  audit(action: string, detail: unknown): Promise<void>;
  readJournal(id: CaseId): Promise<JournalEntry[]>;
}

export interface QueryStatus {
  /** Rises with every change of what queries would answer. */
  generation: number;
  sourceRows: number;
  events: number;
  bytes: { columns: number; dictionaries: number; order: number; ids: number };
  /** Whether the column `integrity` has its values, and why it has none when the check failed. */
  integrity?: { state: VerdictState; reason: string | null };
  /** How far copies of one event were compared field by field; absent until something is known. */
  copies?: CopyCheck;
  /** Stored commits whose columns could not be read: their events are missing from every answer. */
  damagedCommits?: CommitId[];
}

/** `pairs`: two hashes (the lower words of `textHash`) for each pair of texts that contradict each other; `ids`: their eventIDs. */
export interface CopyFacts extends CopyCheck {
  pairs: Uint32Array<ArrayBuffer>;
  ids: string[];
}

/** The different texts of one eventID, the richest first, and whether these are all. */
export interface DifferingCopies {
  eventID: string;
  texts: { hash: number; ref: RecordRef }[];
  complete: boolean;
}

/** One of the events that share an eventID and say something else, as its shown record has it. */
export interface ConflictEvent {
  key: EventKey;
  time: EpochMs | null;
  eventName: string | null;
  principal: string | null;
  file: string | null;
  /** A value of the column `integrity`. */
  integrity: string | null;
  copies: number;
}

export interface Conflict {
  eventID: string;
  /** At most 20 of `total`. */
  events: ConflictEvent[];
  total: number;
  /** Columns of which the events have different values. */
  differs: ColumnId[];
}

export interface ConflictList {
  /** EventIDs, and events that have them. */
  ids: number;
  events: number;
  rows: Conflict[];
  /** What the absence of others rests on; absent until something is known. */
  copies?: CopyCheck;
}

/** Lives in the query worker: the columns of the open case. */
export interface QueryApi {
  start(options: { storePort: MessagePort }): Promise<void>;
  subscribe(listener: (status: QueryStatus) => void): Promise<void>;
  status(): Promise<QueryStatus>;
  /** Rejects with kind 'superseded' when a newer plan of the same view came. */
  run<const A extends readonly Ask[]>(plan: Omit<QueryPlan, 'asks'> & { asks: A }): Promise<PlanResult<A>>;
  /** Null when the case holds no such event. */
  event(key: EventKey): Promise<EventDetails | null>;
  /** Jump: what an eventID, access key, IP, ARN or any exact value is in this case: up to 100 events, columns that hold it, with counts. */
  locate(text: string): Promise<{ events: EventKey[]; columns: { column: ColumnId; value: string; count: number }[] }>;
  /** Refs of the shown records of a selection, in order, from `offset`, at most `limit`; for exports. */
  refs(selection: Selection, descending: boolean, offset: number, limit: number): Promise<{ keys: EventKey[]; refs: RecordRef[] }>;
  /** Those of the keys whose event the case does not hold (any more). */
  missing(keys: EventKey[]): Promise<EventKey[]>;
  /** EventIDs that several events share which contradict each other: earliest first, from `offset`, at most `limit`. */
  conflicts(offset: number, limit: number): Promise<ConflictList>;
  conflictOf(eventID: string): Promise<Conflict | null>;
  /** What the subject did in the time range of the selection against its own history before it; other filters do not count. */
  behaviour(subject: Subject, selection: Selection): Promise<Behaviour>;
  /** What the subject created, changed, deleted or shared in the time range of the selection, and what of that still stands. */
  revertList(subject: Subject, selection: Selection, options: RevertOptions): Promise<RevertAnswer>;
  /** The subject's events of the selection cut into sessions. */
  sessions(subject: Subject, selection: Selection, options: SessionOptions): Promise<SessionsAnswer>;
  /** Lanes of at most 20 subjects over the bins of the selection's histogram. */
  lanes(subjects: Subject[], selection: Selection, options: LanesOptions): Promise<LanesAnswer>;
  /** Sign-ins of the selection by identity and address, and what stands out among them. */
  signIns(selection: Selection): Promise<SignInsAnswer>;
  /** Calls of the selection from one account into another, each once. */
  acrossAccounts(selection: Selection): Promise<AcrossAnswer>;
  /** What is worth a look over everybody that has an event in the selection. */
  accessPoints(selection: Selection): Promise<AccessPointsAnswer>;
  /** The `events` section of the batch summary, over all events of the case. */
  batchEvents(): Promise<BatchEvents>;
  /** The `credentials` section of the batch summary. */
  batchCredentials(): Promise<BatchCredentials>;
  /** Null when no event of the case uses or issues such a credential. */
  credential(id: CredentialId): Promise<CredentialDetails | null>;
  /** Ancestors and descendants; `maxNodes` at most 2,000. Null as `credential`. */
  credentialTree(id: CredentialId, options: { maxNodes: number }): Promise<CredentialTree | null>;
  credentials(query: CredentialQuery): Promise<CredentialList>;
  /** The chain behind one event. Null when the case holds no such event. */
  lineageOf(key: EventKey): Promise<Lineage | null>;
  lineageSummary(): Promise<LineageSummary>;
  /** The event layer of the coverage, of the whole case. */
  coverage(): Promise<EventCoverage>;
  /** Last plans with their times, newest first (debug console). */
  queryLog(): Promise<{ view: string; ms: number; asks: string[]; at: EpochMs }[]>;
}

/**
 * Store worker → query worker, over their port. The store worker owns what is durable, the query worker what is derived.
 * `attach` transfers the segment's buffer. Global codes: when the store worker asks for `consolidate`, the query worker answers
 * with dictionary growth and one remap per not yet consolidated commit; these are stored, so that opening merges nothing.
 */
export type StoreToQuery =
  | { type: 'reset' }
  /** A commit's columns. `remap` is present when the commit was consolidated earlier; its strings are then in `dictionaries`. */
  | { type: 'attach'; commit: AttachedCommit; segment: ArrayBuffer; remap: Remap | null }
  /** Global dictionaries as stored; before any `attach` with a remap. */
  | { type: 'dictionaries'; chunks: DictionaryChunk[] }
  /** Forget provisional commits (stages of a file that was not finished). */
  | { type: 'drop'; commits: CommitId[] }
  /** File facts for the columns `file` and the order of copies; sent before or after the commit's attach. */
  | { type: 'files'; commitId: CommitId; files: FileFacts[] }
  | { type: 'stars'; keys: EventKey[]; starred: boolean; replace: boolean }
  /**
   * What the digests say of the files of events, all anew: `verdicts[i]` is the index in EVENT_VERDICTS, plus 1, of the file of
   * ledger row `ledgerIds[i]`. While they are being checked, or when that failed, none.
   */
  | ({ type: 'verdicts' } & FileVerdicts)
  /** The earliest `limit` eventIDs whose whole records have different texts. */
  | { type: 'copies'; request: number; limit: number }
  /** What comparing these found, all anew. */
  | ({ type: 'contradictions' } & CopyFacts)
  | { type: 'consolidate'; request: number }
  /** Everything stored so far has been sent (end of openCase or of an import). */
  | { type: 'settled'; request: number };

export interface FileVerdicts {
  state: VerdictState;
  /** A sentence when the check failed. */
  reason: string | null;
  ledgerIds: Uint32Array<ArrayBuffer>;
  verdicts: Uint8Array<ArrayBuffer>;
}

/**
 * What the query worker is told of a file. Path and hash name records and order copies; the rest is for the batch summary, which
 * needs the rows of repeated files too (they have records but no source rows). A file told again replaces what was told before.
 */
export interface FileFacts {
  index: number;
  path: string;
  sha256: Sha256 | null;
  /** The ledger row, so that a file of several commits is counted once; needed with the fields below. */
  ledgerId?: number;
  status?: FileStatus;
  records?: number;
  aggregatedRecords?: number;
  unreadableRecords?: number;
}

export interface AttachedCommit {
  id: CommitId;
  header: Pick<Commit['header'], 'segment' | 'blocks' | 'stage'>;
}

/** Local code → global code for each dictionary of one commit; entry 0 is 0. */
export interface Remap {
  commitId: CommitId;
  codes: Record<DictColumnId | MultiColumnId, Uint32Array<ArrayBuffer>>;
}

/** Strings from global code `from` on, joined, with u32 lengths in UTF-16 units. */
export interface DictionaryChunk {
  column: DictColumnId | MultiColumnId;
  from: number;
  text: Uint8Array<ArrayBuffer>;
  lengths: Uint32Array<ArrayBuffer>;
}

export type QueryToStore =
  | { type: 'consolidated'; request: number; chunks: DictionaryChunk[]; remaps: Remap[] }
  /** Null when the data changed meanwhile. */
  | { type: 'copies'; request: number; found: { total: number; copies: DifferingCopies[] } | null }
  | { type: 'settled'; request: number; events: number; firstTime: EpochMs | null; lastTime: EpochMs | null };

export type PlanAnswers<A extends readonly Ask[]> = Answers<A>;
