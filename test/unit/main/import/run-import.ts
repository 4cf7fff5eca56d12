/** Runs an import in this process (the thread's core without a thread) and gathers what the stream carried. */
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { IngestCore } from '../../../../src/engine/ingest/ingest-core.ts';
import type { FromThread } from '../../../../src/engine/ingest/thread-types.ts';
import { createImport } from '../../../../src/main/host/import/index.ts';
import type { StartThread } from '../../../../src/main/host/import/thread.ts';
import { unpackBlock } from '../../../../src/main/host/unpack.ts';
import type { CaseId, ImportId, Sha256 } from '../../../../src/shared/brand.ts';
import { DICT_COLUMN_IDS, type DictColumnId } from '../../../../src/shared/columns.ts';
import type { CommitHeader, ImportFrame, ImportProgress } from '../../../../src/shared/commit.ts';
import { decodeFrames } from '../../../../src/shared/frame.ts';
import type { AggregatedRecord, EvidenceFile, RecordProblem } from '../../../../src/shared/ledger.ts';
import { ROW_ID_TEXT, ROW_ID_UUID, readDictionary, viewCodes, viewF64, viewU32 } from '../../../../src/shared/segment.ts';

export const inProcess: StartThread = (setup, events) => {
  let stopped = false;
  const core = new IngestCore(setup, (message: FromThread) => {
    // A message crosses on a later turn, as between threads.
    setImmediate(() => {
      if (!stopped) events.message(message);
    });
  });
  return {
    send: (message) => {
      core.take(message).catch((thrown: Error) => {
        if (!stopped) events.died(thrown);
      });
    },
    stop: async () => {
      stopped = true;
    },
  };
};

/** A source row with its values as strings. */
export interface Row {
  path: string;
  commit: number;
  time: number;
  id: string | null;
  flags: number;
  block: number;
  textOffset: number;
  textLength: number;
  hash: string;
  recordNumber: number;
  richness: number;
  values: Record<DictColumnId, string | null>;
  resources: string[];
}

export interface Imported {
  rows: Row[];
  files: EvidenceFile[];
  problems: (RecordProblem & { path: string })[];
  aggregated: AggregatedRecord[];
  commits: { header: CommitHeader; vault: ArrayBuffer }[];
  progress: ImportProgress;
  cancelled: boolean;
  chunks: number[];
  file(end: string): EvidenceFile;
}

export interface RunOptions {
  known?: string[];
  threads?: number;
  startThread?: StartThread;
  threadFile?: string;
  maxWaiting?: number;
  spoolDir?: string;
  /** Called for each commit, with a way to cancel. */
  onCommit?: (header: CommitHeader, cancel: () => void) => void;
  onStart?: (cancel: () => void, pause: (reason: string | null) => void) => void;
  onProgress?: (progress: ImportProgress) => void;
}

export async function runImport(
  paths: (string | { path: string; shown: string; refused?: string })[],
  options: RunOptions = {},
): Promise<Imported> {
  const sources = paths.map((p) => (typeof p === 'string' ? { path: p, shown: p } : p));
  const { stream, cancel, pause } = createImport({
    importId: 'test' as ImportId,
    caseId: 'case' as CaseId,
    sources,
    known: (options.known ?? []) as Sha256[],
    spoolDir: options.spoolDir ?? tmpdir(),
    threadFile: options.threadFile ?? '',
    threads: options.threads ?? 2,
    maxWaiting: options.maxWaiting,
    appVersion: '0',
    startThread: options.threadFile ? undefined : (options.startThread ?? inProcess),
  });
  const chunks: number[] = [];
  const counted = stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        chunks.push(chunk.byteLength);
        controller.enqueue(chunk);
      },
    }),
  );
  const found: Omit<Imported, 'file'> = {
    rows: [],
    files: [],
    problems: [],
    aggregated: [],
    commits: [],
    progress: {} as ImportProgress,
    cancelled: false,
    chunks,
  };
  options.onStart?.(cancel, pause);
  const stages = new Map<string, { rows: Row[]; problems: Imported['problems'] }>();
  for await (const { header: raw, buffers } of decodeFrames(counted)) {
    const frame = raw as ImportFrame;
    if (frame.type !== 'commit') {
      found.progress = frame.progress;
      options.onProgress?.(frame.progress);
      if (frame.type === 'done') found.cancelled = frame.cancelled;
      continue;
    }
    const { header } = frame;
    options.onCommit?.(header, cancel);
    const commit = found.commits.push({ header, vault: buffers[1] }) - 1;
    const pathOf = (file: number): string => header.files[file]?.path ?? '';
    const rows = readRows(header, buffers[0], commit, pathOf);
    const problems = header.problems.map((p) => ({ ...p, path: pathOf(p.file) }));
    found.files.push(...header.files);
    found.aggregated.push(...header.aggregated);
    if (header.stage === null) {
      found.rows.push(...rows);
      found.problems.push(...problems);
      continue;
    }
    const staged = stages.get(header.stage.stageKey) ?? { rows: [], problems: [] };
    stages.set(header.stage.stageKey, staged);
    staged.rows.push(...rows);
    staged.problems.push(...problems);
    if (!header.stage.last) continue;
    const path = header.files[0].path;
    found.rows.push(...staged.rows.map((r) => ({ ...r, path })));
    found.problems.push(...staged.problems.map((p) => ({ ...p, path })));
  }
  return {
    ...found,
    file(end) {
      const file = found.files.find((f) => f.path.endsWith(end));
      if (!file) throw new Error(`no ledger row for …${end}: ${found.files.map((f) => f.path).join(', ')}`);
      return file;
    },
  };
}

function readRows(header: CommitHeader, segment: ArrayBuffer, commit: number, pathOf: (file: number) => string): Row[] {
  const layout = header.segment;
  if (layout === null) return [];
  const dictionaries = Object.fromEntries(DICT_COLUMN_IDS.map((id) => [id, readDictionary(segment, layout.dictionaries[id])]));
  const resources = readDictionary(segment, layout.dictionaries.resource);
  const idTexts = readDictionary(segment, layout.idTexts);
  const [time, flags, idWords, hash] = [
    viewF64(segment, layout.time),
    viewCodes(segment, layout.flags),
    viewU32(segment, layout.idWords),
    viewU32(segment, layout.textHash),
  ];
  const places = (['block', 'textOffset', 'textLength', 'recordNumber'] as const).map((id) => viewCodes(segment, layout[id]));
  const [block, textOffset, textLength, recordNumber] = places;
  const richness = viewCodes(segment, layout.richness);
  const start = [0];
  for (const count of viewCodes(segment, layout.multi.resource.counts!)) start.push(start[start.length - 1] + count);
  const codes = viewCodes(segment, layout.multi.resource.codes);
  return Array.from({ length: layout.rows }, (_, i) => {
    const values = {} as Row['values'];
    for (const id of DICT_COLUMN_IDS) {
      const code = viewCodes(segment, layout.dict[id])[i] ?? 0;
      values[id] = code === 0 ? null : dictionaries[id][code - 1];
    }
    const words = [...idWords.subarray(i * 4, i * 4 + 4)].map((w) => w.toString(16).padStart(8, '0')).join('');
    const uuid = words.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    return {
      path: pathOf(header.blocks[block[i]].file),
      commit,
      time: time[i],
      id: flags[i] & ROW_ID_UUID ? uuid : flags[i] & ROW_ID_TEXT ? idTexts[idWords[i * 4]] : null,
      flags: flags[i],
      block: block[i],
      textOffset: textOffset[i],
      textLength: textLength[i],
      hash: `${hash[i * 2].toString(16)}.${hash[i * 2 + 1].toString(16)}`,
      recordNumber: recordNumber[i],
      richness: richness[i],
      values,
      resources: [...codes.subarray(start[i], start[i + 1])].map((code) => resources[code - 1]),
    };
  });
}

/** SHA-256 in hex. */
export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The unpacked bytes of a block, by the host's own unpacking. */
export async function blockBytes(imported: Imported, commit: number, block: number): Promise<Buffer> {
  const { header, vault } = imported.commits[commit];
  const { offset, length, packing, unpackedLength } = header.blocks[block];
  return Buffer.from(await unpackBlock(new Uint8Array(vault, offset, length), packing, unpackedLength));
}

/** The exact text of a row's record, out of the vault. */
export async function recordText(imported: Imported, row: Row): Promise<string> {
  const bytes = await blockBytes(imported, row.commit, row.block);
  return bytes.toString('utf8', row.textOffset, row.textOffset + row.textLength);
}
