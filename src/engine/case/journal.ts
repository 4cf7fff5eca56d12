/**
 * The journal of a case: every change of what people typed, and of the ledger, as one line each, outside the browser's storage.
 * Replaying it gives the state again. A journal is a file on disk and may be cut off or edited: what cannot be read is counted.
 */
import type { EpochMs, EventKey } from '../../shared/brand.ts';
import type { Citation, ImportRun, JournalEntry, Note, ReportTree } from '../../shared/case.ts';
import { CASE_CUSTODY, CUSTODY_FIELDS, type Custody, type CustodyBook, NO_CUSTODY, type Verification } from '../../shared/custody.ts';
import { AppError } from '../../shared/errors.ts';
import type { GivenKeys } from '../../shared/integrity.ts';
import { type EvidenceFile, FILE_STATUSES } from '../../shared/ledger.ts';

export const JOURNAL_VERSION = 1;
const KINDS: readonly JournalEntry['kind'][] = [
  'case',
  'import',
  'file',
  'note',
  'star',
  'citation',
  'keys',
  'custody',
  'verification',
  'reportTree',
  'audit',
];

export interface JournalState {
  /** Null when the journal lacks the case's own entry. */
  name: string | null;
  createdAt: EpochMs | null;
  changedAt: EpochMs | null;
  notes: Note[];
  stars: { key: EventKey; at: EpochMs }[];
  citations: Citation[];
  imports: ImportRun[];
  keys: GivenKeys[];
  custody: CustodyBook;
  verifications: Verification[];
  reportTrees: ReportTree[];
  files: EvidenceFile[];
  audit: { at: EpochMs; action: string; detail: unknown }[];
  /** Lines that were no entries. */
  unreadable: number;
}

/** An entry of one line; null when the line is none. Throws 'too-new' for an entry of a newer version. */
export function parseJournalLine(line: string): JournalEntry | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  const { version, at, kind, id, appVersion } = value;
  if (typeof version === 'number' && version > JOURNAL_VERSION) {
    throw new AppError('too-new', 'This journal was written by a newer version of Trailcase. Recover the case with that version.');
  }
  if (version !== JOURNAL_VERSION || typeof at !== 'number' || typeof id !== 'string' || typeof kind !== 'string') return null;
  if (!KINDS.some((k) => k === kind) || !('data' in value)) return null;
  return {
    version: JOURNAL_VERSION,
    at: at as EpochMs,
    appVersion: typeof appVersion === 'string' ? appVersion : '',
    kind: kind as JournalEntry['kind'],
    id,
    data: value.data,
  };
}

/** Entries of a journal as it arrives; lines that are no entries come as null. */
export async function* journalEntries(stream: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>): AsyncGenerator<JournalEntry | null> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunksOf(stream)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield parseJournalLine(line);
  }
  rest += decoder.decode();
  if (rest.trim() !== '') yield parseJournalLine(rest);
}

/** The state after all entries, the last of each thing deciding. Entries whose data is malformed count as unreadable. */
export class JournalReplay {
  private readonly last = {
    case: new Map<string, unknown>(),
    import: new Map<string, unknown>(),
    file: new Map<string, unknown>(),
    note: new Map<string, unknown>(),
    star: new Map<string, unknown>(),
    citation: new Map<string, unknown>(),
    keys: new Map<string, unknown>(),
    custody: new Map<string, unknown>(),
    verification: new Map<string, unknown>(),
    reportTree: new Map<string, unknown>(),
  };
  private readonly audit: JournalState['audit'] = [];
  private unreadable = 0;
  private changedAt: EpochMs | null = null;

  add(entry: JournalEntry | null): void {
    if (entry === null) {
      this.unreadable++;
      return;
    }
    this.changedAt = Math.max(this.changedAt ?? 0, entry.at) as EpochMs;
    if (entry.kind === 'audit') {
      const data = entry.data;
      if (isObject(data) && typeof data.action === 'string') this.audit.push({ at: entry.at, action: data.action, detail: data.detail });
      else this.unreadable++;
      return;
    }
    const things = this.last[entry.kind];
    // Set anew, so that order follows the last change.
    things.delete(entry.id);
    if (entry.data !== null) things.set(entry.id, entry.data);
  }

  private custody(): CustodyBook {
    const book: CustodyBook = { ofCase: null, imports: {} };
    for (const [id, data] of this.last.custody) {
      if (!isObject(data) || !strings(data, ...CUSTODY_FIELDS)) {
        this.unreadable++;
        continue;
      }
      const custody: Custody = { ...NO_CUSTODY };
      for (const field of CUSTODY_FIELDS) custody[field] = data[field] as string;
      if (id === CASE_CUSTODY) book.ofCase = custody;
      else book.imports[id as ImportRun['id']] = custody;
    }
    return book;
  }

  state(): JournalState {
    const custody = this.custody();
    const header = [...this.last.case.values()].at(-1);
    const { name, createdAt } = isObject(header) ? header : { name: null, createdAt: null };
    let unreadable = this.unreadable;
    const checked = <T>(things: Map<string, unknown>, ok: (data: Record<string, unknown>) => boolean): T[] =>
      [...things.values()].flatMap((data) => {
        if (isObject(data) && ok(data)) return [data as T];
        unreadable++;
        return [];
      });
    const notes = checked<Note>(this.last.note, (n) => strings(n, 'id', 'title', 'text') && numbers(n, 'createdAt', 'changedAt'));
    const stars = checked<JournalState['stars'][number]>(this.last.star, (s) => strings(s, 'key') && numbers(s, 'at'));
    const citations = checked<Citation>(
      this.last.citation,
      (c) => strings(c, 'key', 'recordSha256', 'path') && numbers(c, 'recordNumber', 'citedAt'),
    );
    const imports = checked<ImportRun>(
      this.last.import,
      (r) => strings(r, 'id', 'status') && numbers(r, 'startedAt') && Array.isArray(r.roots),
    );
    const keys = checked<GivenKeys>(this.last.keys, (k) => strings(k, 'id', 'label') && Array.isArray(k.keys) && Array.isArray(k.refused));
    const files = checked<EvidenceFile>(
      this.last.file,
      (f) => strings(f, 'path', 'kind', 'container') && numbers(f, 'size', 'records') && FILE_STATUSES.some((s) => s === f.status),
    );
    return {
      name: typeof name === 'string' ? name : null,
      createdAt: typeof createdAt === 'number' ? (createdAt as EpochMs) : null,
      changedAt: this.changedAt,
      notes,
      stars,
      citations,
      imports,
      keys,
      custody,
      verifications: checked<Verification>(this.last.verification, isVerification),
      reportTrees: checked<ReportTree>(this.last.reportTree, isReportTree),
      files: files.map(soundWithdrawal),
      audit: this.audit,
      unreadable,
    };
  }
}

function isVerification(v: Record<string, unknown>): boolean {
  return strings(v, 'id') && numbers(v, 'startedAt', 'endedAt') && isObject(v.disk) && isObject(v.case) && Array.isArray(v.findings);
}

function isReportTree(t: Record<string, unknown>): boolean {
  return strings(t, 'id', 'credential', 'name') && numbers(t, 'version', 'addedAt') && (t.scope === 'tree' || t.scope === 'subtree');
}

/** A withdrawal that was edited into something else is dropped, the row stays. */
function soundWithdrawal(file: EvidenceFile): EvidenceFile {
  const { withdrawal, ...rest } = file as EvidenceFile & { withdrawal?: unknown };
  if (withdrawal === undefined) return file;
  const was = isObject(withdrawal) && isObject(withdrawal.was) ? withdrawal.was : null;
  const sound =
    file.status === 'withdrawn' &&
    isObject(withdrawal) &&
    strings(withdrawal, 'reason') &&
    numbers(withdrawal, 'at') &&
    was !== null &&
    numbers(was, 'records', 'aggregatedRecords', 'unreadableRecords') &&
    FILE_STATUSES.some((s) => s === was.status && s !== 'withdrawn');
  return sound ? file : rest;
}

export function replayJournal(entries: Iterable<JournalEntry | null>): JournalState {
  const replay = new JournalReplay();
  for (const entry of entries) replay.add(entry);
  return replay.state();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
const strings = (value: Record<string, unknown>, ...keys: string[]): boolean => keys.every((k) => typeof value[k] === 'string');
const numbers = (value: Record<string, unknown>, ...keys: string[]): boolean => keys.every((k) => typeof value[k] === 'number');

async function* chunksOf(stream: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (!('getReader' in stream)) {
    yield* stream;
    return;
  }
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}
