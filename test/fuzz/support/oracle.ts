/**
 * What must hold of any import, whatever was imported: a row for every file, sums that agree, every loss told, and every source row
 * backed by bytes in the vault that say the same again.
 */
import { createHash } from 'node:crypto';
import { parseTime } from '../../../src/engine/ingest/event-time.ts';
import { FILE_KINDS, FILE_STATUSES, MAX_PROBLEMS_PER_FILE } from '../../../src/shared/ledger.ts';
import { recordInside, unwrapText } from '../../../src/shared/unwrap.ts';
import { blockBytes, type Imported, type Row } from '../../unit/main/import/run-import.ts';

/** Thrown with the path of the file that is wrong. */
export class Wrong extends Error {
  constructor(
    readonly path: string,
    message: string,
  ) {
    super(`${path}: ${message}`);
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const READABLE = new Set(['imported', 'partial']);

/** Rejects with Wrong. `own` is the path on disk that a ledger path belongs to. */
export async function checkImport(imported: Imported, paths: readonly string[]): Promise<void> {
  const { files, rows, aggregated, progress, commits } = imported;
  for (const path of paths) {
    if (!files.some((f) => f.path === path || f.path.startsWith(`${path}!`))) throw new Wrong(path, 'no ledger row');
  }
  if (progress.filesFound !== files.length || progress.filesDone !== files.length)
    throw new Wrong(paths[0], `${files.length} ledger rows, ${progress.filesFound} found, ${progress.filesDone} done`);
  const told = sum(files.map((f) => (f.status === 'repeated' ? 0 : f.records)));
  if (told !== rows.length + aggregated.length || told !== progress.records)
    throw new Wrong(
      paths[0],
      `${told} records in the ledger, ${rows.length} rows, ${aggregated.length} aggregated, ${progress.records} in progress`,
    );

  const byPath = new Map<string, Row[]>();
  for (const row of rows) {
    const list = byPath.get(row.path);
    if (list) list.push(row);
    else byPath.set(row.path, [row]);
  }
  const problems = new Map<string, number>();
  for (const p of imported.problems) {
    problems.set(p.path, (problems.get(p.path) ?? 0) + 1);
    if (p.reason === '' || p.excerpt.length > 200)
      throw new Wrong(p.path, `a problem without a reason or with a long excerpt: ${p.reason}`);
  }
  const seen = new Set<string>();
  for (const file of files) {
    const wrong = (message: string): Wrong => new Wrong(file.path, `${message} (${file.status}, ${file.kind}: ${file.reason})`);
    if (!FILE_STATUSES.includes(file.status) || !FILE_KINDS.includes(file.kind)) throw wrong('a status or kind of its own');
    if (file.reason === '' || (file.reason === null && file.status !== 'imported')) throw wrong('no reason');
    if (file.status === 'repeated') continue;
    if (seen.has(file.path)) continue; // members of one container may share a name
    seen.add(file.path);
    const twins = files.filter((f) => f.path === file.path && f.status !== 'repeated');
    const own = byPath.get(file.path) ?? [];
    if (own.length !== sum(twins.map((t) => t.records - t.aggregatedRecords)))
      throw wrong(`${own.length} rows where ${file.records} records are told`);
    if (twins.length > 1) continue;
    if (!READABLE.has(file.status) && file.records > 0) throw wrong(`${file.records} records of a file that was not read`);
    if (READABLE.has(file.status) && file.records === 0) throw wrong('read, and no records');
    if (file.status === 'imported' && file.unreadableRecords > 0)
      throw wrong(`${file.unreadableRecords} lost records in a file called whole`);
    if (file.records > 0 || file.unreadableRecords > 0) {
      const kept = problems.get(file.path) ?? 0;
      if (
        kept > Math.min(file.unreadableRecords, MAX_PROBLEMS_PER_FILE) ||
        (READABLE.has(file.status) && kept < Math.min(file.unreadableRecords, MAX_PROBLEMS_PER_FILE))
      )
        throw wrong(`${kept} problems kept of ${file.unreadableRecords}`);
    }
    const numbers = own.map((r) => r.recordNumber);
    if (new Set(numbers).size !== numbers.length) throw wrong('two rows with one record number');
    const times = own.map((r) => r.time).filter((t) => !Number.isNaN(t));
    const [first, last] =
      times.length === 0 ? [null, null] : [times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b))];
    if (file.aggregatedRecords === 0 && (file.firstTime !== first || file.lastTime !== last))
      throw wrong(`times ${file.firstTime} to ${file.lastTime}, rows ${first} to ${last}`);
  }
  const texts = new Map<string, Buffer>();
  for (const row of rows) {
    const key = `${row.commit} ${row.block}`;
    let bytes = texts.get(key);
    if (!bytes) {
      bytes = await blockBytes(imported, row.commit, row.block).catch((thrown: Error) => {
        throw new Wrong(row.path, `its block cannot be unpacked: ${thrown.message}`);
      });
      texts.set(key, bytes);
      const { unpackedLength } = commits[row.commit].header.blocks[row.block];
      if (bytes.length !== unpackedLength) throw new Wrong(row.path, `a block of ${bytes.length} bytes where ${unpackedLength} are told`);
    }
    checkRow(row, bytes, commits[row.commit].header.blocks[row.block].csvHeader ?? null);
  }
  await checkWhole(imported);
}

/** The row's bytes are a record, or hold one, with the row's eventID and time. */
function checkRow(row: Row, block: Buffer, csvHeader: string | null): void {
  if (row.textOffset + row.textLength > block.length) throw new Wrong(row.path, `record ${row.recordNumber} lies outside its block`);
  const raw = block.toString('utf8', row.textOffset, row.textOffset + row.textLength);
  const value = recordOf(raw, csvHeader);
  if (value === null) throw new Wrong(row.path, `record ${row.recordNumber} cannot be read again: ${raw.slice(0, 200)}`);
  const id = value.eventID;
  const idText = id === undefined || id === null ? null : typeof id === 'string' ? id : JSON.stringify(id);
  if ((row.id ?? '') !== (idText ?? '').toWellFormed() && row.id !== null)
    throw new Wrong(row.path, `record ${row.recordNumber} reads ${idText} again, the row says ${row.id}`);
  if (row.id === null && typeof id === 'string' && id !== '')
    throw new Wrong(row.path, `record ${row.recordNumber} lost its eventID ${id}`);
  const time = typeof value.eventTime === 'string' ? parseTime(value.eventTime) : Number.NaN;
  if (!Object.is(time, row.time)) throw new Wrong(row.path, `record ${row.recordNumber}: time ${row.time}, again ${time}`);
}

const RECORD_FIELDS = ['eventName', 'eventSource', 'eventTime', 'userIdentity'];

/** What stands by itself is parsed here; what stands in something else is taken out by the steps that the views use. */
function recordOf(raw: string, csvHeader: string | null): Record<string, unknown> | null {
  if (csvHeader === null) {
    try {
      const value: unknown = JSON.parse(raw);
      if (typeof value === 'object' && value !== null && RECORD_FIELDS.some((field) => Object.hasOwn(value, field))) {
        const record = value as Record<string, unknown>;
        const moved = record.eventTime === undefined && Object.hasOwn(record, '@version');
        if (!moved && (typeof record.eventSource !== 'string' || !record.eventSource.startsWith('aws:'))) return record;
      }
    } catch {
      // a line with its time before it, perhaps
    }
  }
  const inside = unwrapText(raw, csvHeader);
  if (inside?.is !== 'record') return null;
  const shown = recordInside({ text: raw, csvHeader });
  if (JSON.stringify(JSON.parse(shown.text)) !== JSON.stringify(inside.record)) throw new Error(`shown as ${shown.text.slice(0, 200)}`);
  return inside.record;
}

/** Blocks of a file that was wholly read tile its unpacked bytes, whose hash is the ledger's. */
async function checkWhole(imported: Imported): Promise<void> {
  const pieces = new Map<string, { at: number; bytes: Buffer }[]>();
  const stagePath = new Map<string, string>();
  for (const { header } of imported.commits) if (header.stage?.last) stagePath.set(header.stage.stageKey, header.files[0].path);
  for (const [commit, { header }] of imported.commits.entries()) {
    for (const [index, block] of header.blocks.entries()) {
      const path = header.stage ? stagePath.get(header.stage.stageKey) : header.files[block.file]?.path;
      if (path === undefined) continue; // a stage whose file was given up
      const list = pieces.get(path) ?? [];
      pieces.set(path, list);
      list.push({ at: block.unpackedOffset, bytes: await blockBytes(imported, commit, index) });
    }
  }
  for (const file of imported.files) {
    const list = pieces.get(file.path);
    if (
      !list ||
      file.sha256Unpacked === null ||
      file.status !== 'imported' ||
      imported.files.filter((f) => f.path === file.path).length > 1
    )
      continue;
    const whole = Buffer.concat(list.sort((a, b) => a.at - b.at).map((p) => p.bytes));
    if (whole.length !== file.unpackedSize || createHash('sha256').update(whole).digest('hex') !== file.sha256Unpacked)
      throw new Wrong(file.path, `its blocks are ${whole.length} bytes, ${file.unpackedSize} were unpacked, or their hash differs`);
  }
}
