/** Exports of a selection: the original records as NDJSON, and a table as CSV, streamed page by page. */
import type { ColumnId } from '../../shared/columns.ts';
import { AppError } from '../../shared/errors.ts';
import type { SaveResult } from '../../shared/host.ts';
import type { PageRow, Selection } from '../../shared/plan.ts';
import { recordInside } from '../../shared/unwrap.ts';
import type { Engine } from './connect.ts';
import { saveStream } from './save.ts';

const PAGE = 2000;

export interface ExportOptions {
  name: string;
  /** Newest first. */
  descending?: boolean;
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

export interface ExportResult {
  saved: SaveResult;
  /** Events written. */
  events: number;
}

/**
 * The original text of each event's shown record, one a line, in order: CloudTrail's record where it was found inside something
 * else. Null when the person cancelled the dialog.
 */
export function exportNdjson(engine: Engine, selection: Selection, options: ExportOptions): Promise<ExportResult | null> {
  return exportAs('application/x-ndjson', engine, options, ndjsonLines(engine, selection, options));
}

/** The asked columns, RFC 4180, UTF-8 without a byte order mark; formula-safe (see `csvCell`). */
export function exportCsv(
  engine: Engine,
  selection: Selection,
  columns: readonly ColumnId[],
  options: ExportOptions,
): Promise<ExportResult | null> {
  return exportAs('text/csv', engine, options, csvLines(engine, selection, columns, options));
}

interface Lines {
  text: string;
  events: number;
}

async function exportAs(
  mimeType: string,
  engine: Engine,
  options: ExportOptions,
  lines: AsyncGenerator<Lines>,
): Promise<ExportResult | null> {
  let events = 0;
  const encoder = new TextEncoder();
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of lines) {
      events += piece.events;
      yield encoder.encode(piece.text);
    }
  };
  const saved = await saveStream(options.name, mimeType, chunks());
  if (!saved) return null;
  await engine.store.audit('export', { name: options.name, mimeType, events });
  return { saved, events };
}

/**
 * Pages of records. A record that was written over several lines is put on one: outside strings JSON may hold line breaks, inside
 * it may not, so taking them out changes no value.
 */
export async function* ndjsonLines(
  engine: Pick<Engine, 'query' | 'store'>,
  selection: Selection,
  { descending = false, onProgress, signal }: Omit<ExportOptions, 'name'>,
): AsyncGenerator<Lines> {
  const total = await countOf(engine, selection);
  for (let offset = 0; offset < total; ) {
    mustGoOn(signal);
    const { refs } = await engine.query.refs(selection, descending, offset, PAGE);
    if (refs.length === 0) return;
    const records = await engine.store.readRecords(refs);
    offset += refs.length;
    yield { text: records.map((r) => `${recordInside(r).text.replace(/[\r\n]+/g, ' ')}\n`).join(''), events: refs.length };
    onProgress?.(offset, total);
  }
}

export async function* csvLines(
  engine: Pick<Engine, 'query'>,
  selection: Selection,
  columns: readonly ColumnId[],
  { descending = false, onProgress, signal }: Omit<ExportOptions, 'name'>,
): AsyncGenerator<Lines> {
  const asked = columns.filter((column) => !(column in OF_THE_ROW));
  yield { text: csvLine(columns), events: 0 };
  for (let offset = 0; ; ) {
    mustGoOn(signal);
    // A view of its own, so that no plan of the screen supersedes it.
    const { answers } = await engine.query.run({
      view: 'export-csv',
      selection,
      asks: [{ ask: 'page', offset, limit: PAGE, descending, columns: asked }],
    });
    const { rows, total } = answers[0];
    if (rows.length > 0) yield { text: rows.map((row) => csvLine(csvValues(row, columns, asked))).join(''), events: rows.length };
    offset += rows.length;
    onProgress?.(offset, total);
    if (rows.length === 0 || offset >= total) return;
  }
}

/** Columns that every row of a page has anyway. */
const OF_THE_ROW: Partial<Record<ColumnId, (row: PageRow) => string>> = {
  eventTime: (row) => (row.time === null ? '' : new Date(row.time).toISOString()),
  eventID: (row) => row.eventID ?? '',
  starred: (row) => (row.starred ? 'yes' : ''),
};

function csvValues(row: PageRow, columns: readonly ColumnId[], asked: readonly ColumnId[]): string[] {
  return columns.map((column) => {
    const ofTheRow = OF_THE_ROW[column];
    if (ofTheRow) return ofTheRow(row);
    const value = row.values[asked.indexOf(column)];
    return Array.isArray(value) ? value.join(' | ') : (value ?? '');
  });
}

/**
 * One cell. A spreadsheet runs a cell that begins with = + - @ tab or carriage return as a formula, and evidence is written by
 * whom we investigate: such a cell gets an apostrophe before it.
 */
export function csvCell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const csvLine = (values: readonly string[]): string => `${values.map(csvCell).join(',')}\r\n`;

async function countOf(engine: Pick<Engine, 'query'>, selection: Selection): Promise<number> {
  const { answers } = await engine.query.run({ view: 'export-count', selection, asks: [{ ask: 'count' }] });
  return answers[0].events;
}

function mustGoOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('cancelled', 'The export was cancelled.');
}
