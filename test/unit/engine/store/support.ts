/** A host, a query worker and a profile to test the store against, in plain Node; and commits built from readable files. */
import { createHash, randomUUID } from 'node:crypto';
import { deflateRawSync, gunzipSync, gzipSync, inflateRawSync } from 'node:zlib';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import type { ChannelApi, LockApi, StoreEnvironment } from '../../../../src/engine/store/environment.ts';
import { Store } from '../../../../src/engine/store/store.ts';
import type { CommitId, EpochMs, GrantId, ImportId, Sha256 } from '../../../../src/shared/brand.ts';
import type { JournalEntry } from '../../../../src/shared/case.ts';
import { DICT_COLUMN_IDS, type DictColumnId } from '../../../../src/shared/columns.ts';
import {
  type Block,
  COMMIT_VERSION,
  type CommitHeader,
  type CommitStage,
  type ImportProgress,
  NO_PROGRESS,
  type OriginalChunk,
} from '../../../../src/shared/commit.ts';
import type {
  CopyFacts,
  DictionaryChunk,
  FileFacts,
  FileVerdicts,
  QueryToStore,
  Remap,
  StoreToQuery,
} from '../../../../src/shared/engine.ts';
import { AppError } from '../../../../src/shared/errors.ts';
import { encodeFrame } from '../../../../src/shared/frame.ts';
import { API_ERROR_STATUS, type AppInfo, type ImportRequest } from '../../../../src/shared/host.ts';
import type { EvidenceFile, FileStatus, RecordProblem } from '../../../../src/shared/ledger.ts';
import { BufferLayout, SEGMENT_VERSION, type SegmentLayout } from '../../../../src/shared/segment.ts';

export const APP: AppInfo = { version: '0.1.0-test', host: 'web', platform: 'linux', threads: 2, versions: {}, batch: false };
export const hex = (bytes: Uint8Array | string): Sha256 => createHash('sha256').update(bytes).digest('hex') as Sha256;

/** A file as a person would have it: a path and its records. */
export interface TestFile {
  path: string;
  records: string[];
  gzip?: boolean;
  status?: FileStatus;
  problems?: number;
}

export function bytesOf(file: TestFile): Uint8Array<ArrayBuffer> {
  const text = Buffer.from(`{"Records":[${file.records.join(',')}]}`);
  return new Uint8Array(file.gzip ? gzipSync(text) : text);
}

export interface BuiltCommit {
  header: CommitHeader;
  buffers: [ArrayBuffer, ArrayBuffer];
}

function evidence(file: TestFile, found: Uint8Array, importId: ImportId): EvidenceFile {
  const unpacked = file.gzip ? gunzipSync(found) : found;
  return {
    path: file.path,
    container: file.path.includes('.zip!') ? 'zip+gzip' : file.gzip ? 'gzip' : 'plain',
    size: found.byteLength,
    modified: null,
    sha256: hex(found),
    sha256Unpacked: hex(unpacked),
    unpackedSize: unpacked.byteLength,
    kind: 'records',
    status: file.status ?? 'imported',
    reason: null,
    records: file.status === undefined ? file.records.length : 0,
    aggregatedRecords: 0,
    unreadableRecords: file.problems ?? 0,
    firstTime: null,
    lastTime: null,
    importId,
    importedAt: 1 as EpochMs,
    appVersion: APP.version,
  };
}

interface Row {
  text: string;
  block: number;
  offset: number;
  length: number;
  number: number;
}

export function buildSegment(rows: readonly Row[]): { layout: SegmentLayout; buffer: ArrayBuffer } {
  const layout = new BufferLayout();
  const n = rows.length;
  const u32 = (values: number[]) => layout.add('u32', Uint32Array.from(values));
  const names = [...new Set(rows.map((r) => String((JSON.parse(r.text) as { eventName?: string }).eventName ?? '')))];
  const time = layout.add(
    'f64',
    Float64Array.from({ length: n }, (_, i) => i),
  );
  const idWords = layout.add('u32', new Uint32Array(n * 4));
  const flags = layout.add('u8', new Uint8Array(n));
  const textHash = layout.add('u32', new Uint32Array(n * 2));
  const block = u32(rows.map((r) => r.block));
  const textOffset = u32(rows.map((r) => r.offset));
  const textLength = u32(rows.map((r) => r.length));
  const recordNumber = u32(rows.map((r) => r.number));
  const richness = layout.add('u8', new Uint8Array(n));
  const dict = {} as SegmentLayout['dict'];
  const dictionaries = {} as SegmentLayout['dictionaries'];
  for (const id of DICT_COLUMN_IDS) {
    const isName = id === 'eventName';
    dict[id] = layout.addCodes(
      isName ? rows.map((r) => names.indexOf((JSON.parse(r.text) as { eventName: string }).eventName) + 1) : new Array(n).fill(0),
      names.length,
    );
    dictionaries[id] = layout.addDictionary(isName ? names : []);
  }
  const multi = { resource: { start: layout.add('u32', new Uint32Array(n + 1)), codes: layout.addCodes([], 0) } };
  dictionaries.resource = layout.addDictionary([]);
  const idTexts = layout.addDictionary([]);
  const buffer = layout.finish();
  return {
    buffer,
    layout: {
      version: SEGMENT_VERSION,
      rows: n,
      byteLength: buffer.byteLength,
      time,
      idWords,
      flags,
      textHash,
      block,
      textOffset,
      textLength,
      recordNumber,
      richness,
      dict,
      multi,
      dictionaries,
      idTexts,
    },
  };
}

/** One commit of whole small files. Gzip files lie in the vault as found, plain ones deflated. */
export function commitOf(files: readonly TestFile[], importId: ImportId): BuiltCommit {
  const blocks: Block[] = [];
  const rows: Row[] = [];
  const pieces: Uint8Array[] = [];
  const problems: RecordProblem[] = [];
  let offset = 0;
  files.forEach((file, index) => {
    for (let p = 0; p < (file.problems ?? 0); p++) {
      problems.push({ file: index, recordNumber: p, offset: 0, length: 1, reason: 'Not a record.', excerpt: '1' });
    }
    if (file.status !== undefined) return;
    const found = bytesOf(file);
    const unpacked = file.gzip ? gunzipSync(found) : found;
    const packed = file.gzip ? found : deflateRawSync(found);
    blocks.push({
      file: index,
      packing: file.gzip ? 'gzip' : 'deflate',
      offset,
      length: packed.byteLength,
      unpackedOffset: 0,
      unpackedLength: unpacked.byteLength,
    });
    pieces.push(packed);
    offset += packed.byteLength;
    let at = '{"Records":['.length;
    file.records.forEach((text, number) => {
      const length = Buffer.byteLength(text);
      rows.push({ text, block: blocks.length - 1, offset: at, length, number });
      at += length + 1;
    });
  });
  const segment = rows.length > 0 ? buildSegment(rows) : null;
  const header: CommitHeader = {
    version: COMMIT_VERSION,
    id: randomUUID() as CommitId,
    stage: null,
    files: files.map((f) => evidence(f, bytesOf(f), importId)),
    blocks,
    originals: [],
    problems,
    aggregated: [],
    segment: segment?.layout ?? null,
  };
  return { header, buffers: [segment?.buffer ?? new ArrayBuffer(0), new Uint8Array(Buffer.concat(pieces)).buffer] };
}

/** The stages of a large file: `perStage` records each; a gzip file is kept as chunks beside its independently packed blocks. */
export function stagesOf(file: TestFile, importId: ImportId, perStage: number): BuiltCommit[] {
  const found = bytesOf(file);
  const unpacked = new Uint8Array(file.gzip ? gunzipSync(found) : found);
  const starts = [0];
  let at = '{"Records":['.length;
  const places = file.records.map((text) => {
    const place = { offset: at, length: Buffer.byteLength(text) };
    at += place.length + 1;
    return place;
  });
  for (let i = perStage; i < places.length; i += perStage) starts.push(i);
  const stageKey = `stage of ${file.path}`;
  return starts.map((start, index) => {
    const last = index === starts.length - 1;
    const end = last ? places.length : starts[index + 1];
    const from = index === 0 ? 0 : places[start].offset;
    const to = last ? unpacked.byteLength : places[end].offset;
    const packed = deflateRawSync(unpacked.subarray(from, to));
    const block: Block = {
      file: 0,
      packing: 'deflate',
      offset: 0,
      length: packed.byteLength,
      unpackedOffset: from,
      unpackedLength: to - from,
    };
    const rows = places
      .slice(start, end)
      .map((p, i) => ({ text: file.records[start + i], block: 0, offset: p.offset - from, length: p.length, number: start + i }));
    const segment = buildSegment(rows);
    const vault: Uint8Array[] = [packed];
    const originals: OriginalChunk[] = [];
    if (file.gzip) {
      const step = Math.ceil(found.byteLength / starts.length);
      const piece = found.subarray(index * step, (index + 1) * step);
      originals.push({ file: 0, offset: packed.byteLength, length: piece.byteLength, foundOffset: index * step });
      vault.push(piece);
    }
    const stage: CommitStage = { stageKey, index, last };
    const header: CommitHeader = {
      version: COMMIT_VERSION,
      id: randomUUID() as CommitId,
      stage,
      files: last ? [evidence(file, found, importId)] : [],
      blocks: [block],
      originals,
      problems: [],
      aggregated: [],
      segment: segment.layout,
    };
    return { header, buffers: [segment.buffer, new Uint8Array(Buffer.concat(vault)).buffer] };
  });
}

export const progress = (patch: Partial<ImportProgress> = {}): ImportProgress => ({
  ...NO_PROGRESS,
  walking: false,
  ...patch,
});

function streamOf(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value as Uint8Array<ArrayBuffer>);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

const failure = (error: AppError): Response => Response.json(error.toShape(), { status: API_ERROR_STATUS[error.kind] });

/** The host's routes in memory. What `importing` says is what an import stream carries. */
export class FakeHost {
  journals = new Map<string, JournalEntry[]>();
  deletedJournals: string[] = [];
  journalBroken = false;
  freeBytes = 1e12;
  requests: ImportRequest[] = [];
  unpacks = 0;
  cancelled = new Set<string>();
  /** Reasons in order; null: it was resumed. */
  pauses: (string | null)[] = [];
  /** Files of the import, one commit each unless `stages`; by default those that the request does not know. */
  importing: (request: ImportRequest) => AsyncGenerator<Uint8Array> | Iterable<Uint8Array> = function* () {};

  readonly fetch = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const method = init.method ?? 'GET';
    const url = new URL(path, 'http://host');
    if (url.pathname === '/api/disk') return Response.json({ freeBytes: this.freeBytes });
    if (url.pathname === '/api/import') {
      const request = JSON.parse(String(init.body)) as ImportRequest;
      this.requests.push(request);
      return new Response(streamOf(this.importing(request)));
    }
    const cancel = /^\/api\/import\/(.+)\/cancel$/.exec(url.pathname);
    if (cancel) {
      this.cancelled.add(cancel[1]);
      return Response.json({});
    }
    const pause = /^\/api\/import\/(.+)\/(pause|resume)$/.exec(url.pathname);
    if (pause) {
      this.pauses.push(pause[2] === 'resume' ? null : (JSON.parse(String(init.body)) as { reason: string }).reason);
      return Response.json({});
    }
    if (url.pathname === '/api/unpack') {
      this.unpacks++;
      const packed = Buffer.from(init.body as Uint8Array);
      return new Response(new Uint8Array(url.searchParams.get('packing') === 'gzip' ? gunzipSync(packed) : inflateRawSync(packed)));
    }
    if (url.pathname === '/api/journals') {
      return Response.json({
        cases: [...this.journals].map(([caseId, entries]) => ({ caseId, entries: entries.length, bytes: 1, changedAt: 5 })),
      });
    }
    const journal = /^\/api\/journal\/([^/]+)$/.exec(url.pathname);
    if (journal) return this.journal(method, journal[1], init.body);
    return failure(new AppError('not-found', `No route ${path}.`));
  };

  private journal(method: string, id: string, body: unknown): Response {
    if (method === 'DELETE') {
      this.journals.delete(id);
      this.deletedJournals.push(id);
      return Response.json({});
    }
    if (method === 'POST') {
      if (this.journalBroken) return failure(new AppError('storage', 'The disk is full.'));
      const entries = String(body)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as JournalEntry);
      this.journals.set(id, [...(this.journals.get(id) ?? []), ...entries]);
      return Response.json({});
    }
    const entries = this.journals.get(id);
    if (!entries) return failure(new AppError('not-found', 'This case has no journal.'));
    return new Response(entries.map((e) => `${JSON.stringify(e)}\n`).join(''));
  }
}

export function* frames(commits: Iterable<BuiltCommit>, end: Partial<ImportProgress> | null = {}): Generator<Uint8Array> {
  for (const { header, buffers } of commits) yield* encodeFrame({ type: 'commit', header }, buffers);
  if (end) yield* encodeFrame({ type: 'done', cancelled: false, progress: progress(end) });
}

/** A host's answer for these files: what is known comes as repeated, as the real host does. */
export function* framesFor(files: readonly TestFile[], request: ImportRequest, perCommit = 2): Generator<Uint8Array> {
  const known = new Set(request.known);
  const seen = new Set<string>();
  const told = files.map((file): TestFile => {
    const sha = hex(bytesOf(file));
    const repeated = known.has(sha) || seen.has(sha);
    seen.add(sha);
    return repeated ? { ...file, status: 'repeated' } : file;
  });
  const commits: BuiltCommit[] = [];
  for (let i = 0; i < told.length; i += perCommit) commits.push(commitOf(told.slice(i, i + perCommit), request.importId));
  yield* frames(commits, { filesFound: files.length, filesDone: files.length });
}

/** The query worker's end of the port: remembers what it holds, and merges dictionaries as the real one does (eventName only). */
export class FakeQuery {
  attached = new Map<string, { rows: number; remap: Remap | null; bytes: number }>();
  /** By ledger number. */
  files = new Map<number, FileFacts>();
  stars = new Set<string>();
  verdicts: FileVerdicts | null = null;
  copies: CopyFacts | null = null;
  stored: string[] = [];
  log: StoreToQuery['type'][] = [];
  breakDictionaries = false;
  private unmerged: { id: CommitId; names: string[] }[] = [];
  private known: string[] = [];

  constructor(private readonly port: MessagePort) {
    port.onmessage = (event: MessageEvent<StoreToQuery>) => this.take(event.data);
  }

  rows(): number {
    return [...this.attached.values()].reduce((sum, a) => sum + a.rows, 0);
  }

  close(): void {
    this.port.close();
  }

  private take(message: StoreToQuery): void {
    this.log.push(message.type);
    if (message.type === 'reset') {
      this.attached.clear();
      this.files.clear();
      this.stars.clear();
      this.unmerged = [];
      this.known = [];
    } else if (message.type === 'attach') {
      const { id, header } = message.commit;
      this.attached.set(id, { rows: header.segment?.rows ?? 0, remap: message.remap, bytes: message.segment.byteLength });
      if (!message.remap) this.unmerged.push({ id, names: [`name of ${id}`] });
    } else if (message.type === 'dictionaries') {
      this.stored = message.chunks.flatMap((c) => split(c));
      this.known = [...this.stored];
    } else if (message.type === 'drop') {
      for (const id of message.commits) this.attached.delete(id);
    } else if (message.type === 'files') {
      for (const facts of message.files) if (facts.ledgerId !== undefined) this.files.set(facts.ledgerId, facts);
    } else if (message.type === 'stars') {
      if (message.replace) this.stars.clear();
      for (const key of message.keys) message.starred ? this.stars.add(key) : this.stars.delete(key);
    } else if (message.type === 'consolidate') this.answer(this.consolidated(message.request));
    else if (message.type === 'verdicts') this.verdicts = message;
    else if (message.type === 'copies') this.answer({ type: 'copies', request: message.request, found: { total: 0, copies: [] } });
    else if (message.type === 'contradictions') this.copies = message;
    else this.answer({ type: 'settled', request: message.request, events: this.rows(), firstTime: null, lastTime: null });
  }

  private consolidated(request: number): QueryToStore {
    const from = this.known.length + 1 + (this.breakDictionaries ? 7 : 0);
    const names = this.unmerged.flatMap((u) => u.names);
    const remaps = this.unmerged.map(({ id }, i): Remap => {
      const codes = {} as Record<DictColumnId | 'resource', Uint32Array<ArrayBuffer>>;
      for (const column of [...DICT_COLUMN_IDS, 'resource'] as const)
        codes[column] = Uint32Array.of(0, from + i).subarray(0, column === 'eventName' ? 2 : 1);
      return { commitId: id, codes };
    });
    this.known.push(...names);
    this.unmerged = [];
    const text = new TextEncoder().encode(names.join(''));
    const chunk: DictionaryChunk = { column: 'eventName', from, text, lengths: Uint32Array.from(names, (n) => n.length) };
    return { type: 'consolidated', request, chunks: names.length > 0 ? [chunk] : [], remaps };
  }

  private answer(message: QueryToStore): void {
    this.port.postMessage(message);
  }
}

function split(chunk: DictionaryChunk): string[] {
  const text = new TextDecoder().decode(chunk.text);
  let at = 0;
  return Array.from(chunk.lengths, (length) => {
    at += length;
    return text.slice(at - length, at);
  });
}

/** Web Locks of one profile; a window that is killed loses its own. */
export class FakeLocks {
  private readonly held = new Map<string, object>();

  of(window: object): LockApi {
    return {
      request: async (name, _options, callback) => {
        if (this.held.has(name)) return callback(null);
        this.held.set(name, window);
        try {
          return await callback({ name });
        } finally {
          if (this.held.get(name) === window) this.held.delete(name);
        }
      },
    };
  }

  kill(window: object): void {
    for (const [name, owner] of this.held) if (owner === window) this.held.delete(name);
  }
}

export interface TestWindow {
  store: Store;
  query: FakeQuery;
  /** The window's process is gone: nothing is tidied up. */
  kill(): void;
  close(): Promise<void>;
}

/** One profile: its databases and its host outlive its windows. */
export class Profile {
  indexedDB = new IDBFactory();
  readonly host = new FakeHost();
  readonly locks = new FakeLocks();
  readonly storage = { usage: 0, quota: 1e12 };
  time = 1_000_000;
  private readonly channels = new Set<ChannelApi>();

  /** `realQuery` takes the other end of the port instead of the fake. */
  async window(patch: Partial<StoreEnvironment> = {}, realQuery?: (port: MessagePort) => Promise<void>): Promise<TestWindow> {
    const self = {};
    const channel: ChannelApi = {
      onmessage: null,
      postMessage: (data) => {
        for (const other of this.channels) if (other !== channel) other.onmessage?.({ data } as MessageEvent);
      },
    };
    this.channels.add(channel);
    const env: StoreEnvironment = {
      indexedDB: this.indexedDB,
      IDBKeyRange,
      fetch: this.host.fetch,
      locks: this.locks.of(self),
      channel,
      storage: {
        estimate: async () => ({ usage: this.storage.usage, quota: this.storage.quota }),
        persisted: async () => false,
      },
      // Every look at the clock is a second later: nothing is held back, and no test waits.
      now: () => {
        this.time += 1000;
        return this.time;
      },
      newId: () => randomUUID(),
      wait: async () => undefined,
      ...patch,
    };
    const { port1, port2 } = new MessageChannel();
    const query = new FakeQuery(port1);
    await realQuery?.(port1);
    const store = new Store(env);
    await store.start({ app: APP, bearer: 'b', queryPort: port2 });
    const gone = (): void => {
      this.channels.delete(channel);
      query.close();
      port2.close();
    };
    return {
      store,
      query,
      kill: () => {
        gone();
        this.locks.kill(self);
      },
      close: async () => {
        await store.stop();
        gone();
      },
    };
  }
}

export const GRANT = [{ id: 'grant' as GrantId, label: '/evidence' }];
export const record = (n: number, name = 'ListBuckets'): string =>
  JSON.stringify({ eventVersion: '1.08', eventID: `id-${n}`, eventName: name, note: 'näïve ✓' });
export const file = (path: string, ...records: number[]): TestFile => ({ path, gzip: true, records: records.map((n) => record(n)) });
