/** Small cases drawn as text tables, built into commits and fed to a query core over a real port. */

import { QueryCore } from '../../../../src/engine/query/query-core.ts';
import type { TurnRules } from '../../../../src/engine/query/turns.ts';
import type { CommitId, EpochMs, EventKey, Sha256 } from '../../../../src/shared/brand.ts';
import { DICT_COLUMN_IDS, type DictColumnId } from '../../../../src/shared/columns.ts';
import type { AttachedCommit, FileFacts, QueryToStore, Remap, StoreToQuery } from '../../../../src/shared/engine.ts';
import { type Answers, type Ask, EMPTY_SELECTION, type Filter, type Selection } from '../../../../src/shared/plan.ts';
import {
  BufferLayout,
  type DictionaryPart,
  ROW_ID_TEXT,
  ROW_ID_UUID,
  ROW_INSIGHT,
  ROW_TIME_UNREADABLE,
  SEGMENT_VERSION,
} from '../../../../src/shared/segment.ts';

export interface Row {
  /** EpochMs; null = no readable time. */
  time: number | null;
  id: string | null;
  richness: number;
  /** Name of the evidence file, of which path and hash are made. */
  file: string;
  record: number;
  insight: boolean;
  values: Partial<Record<DictColumnId, string>>;
  resources: string[];
}

export interface TestCommit {
  id: CommitId;
  attached: AttachedCommit;
  buffer: ArrayBuffer;
  files: FileFacts[];
}

export const pathOf = (file: string): string => `/evidence/${file}.json`;
export const shaOf = (file: string): Sha256 =>
  Array.from(file, (c) => c.charCodeAt(0).toString(16).padStart(4, '0'))
    .join('')
    .padEnd(64, '0')
    .slice(0, 64) as Sha256;
export const uuid = (n: number): string => `${n.toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
export const selection = (...filters: Filter[]): Selection => ({ ...EMPTY_SELECTION, filters });

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Rows from a table: the first line names the columns, `|` parts cells, `-` is absent. `t` is seconds after 2026-03-01T00:00:00Z,
 * `id` a number (made a UUID) or any text, `file`, `rich`, `res` (comma-separated); every other head is a column.
 */
export function ct(table: TemplateStringsArray | string): Row[] {
  const lines = (typeof table === 'string' ? table : table[0])
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const heads = cells(lines[0]);
  const recordsOf = new Map<string, number>();
  return lines.slice(1).map((line) => {
    const row: Row = { time: null, id: null, richness: 10, file: 'a', record: 0, insight: false, values: {}, resources: [] };
    cells(line).forEach((cell, c) => {
      if (cell !== '-') setCell(row, heads[c], cell);
    });
    row.record = recordsOf.get(row.file) ?? 0;
    recordsOf.set(row.file, row.record + 1);
    return row;
  });
}

export const DAY_ONE = Date.UTC(2026, 2, 1);
const cells = (line: string): string[] => line.split('|').map((cell) => cell.trim());

function setCell(row: Row, head: string, cell: string): void {
  if (head === 't') row.time = DAY_ONE + Number(cell) * 1000;
  else if (head === 'id') row.id = /^\d+$/.test(cell) ? uuid(Number(cell)) : cell;
  else if (head === 'file') row.file = cell;
  else if (head === 'rich') row.richness = Number(cell);
  else if (head === 'res') row.resources = cell.split(',');
  else if (head === 'insight') row.insight = true;
  else row.values[head as DictColumnId] = cell;
}

/** A commit of these rows. Each evidence file is one block. */
export function commitOf(name: string, rows: Row[]): TestCommit {
  const files = [...new Set(rows.map((r) => r.file))];
  const layout = new BufferLayout();
  const u32 = (values: number[]) => layout.add('u32', Uint32Array.from(values));
  const dictionaries = {} as Record<DictColumnId | 'resource', DictionaryPart>;
  const dict = {} as AttachedDict;
  for (const column of DICT_COLUMN_IDS) {
    const local = localDictionary(rows.flatMap((r) => r.values[column] ?? []));
    dictionaries[column] = layout.addDictionary(local.strings);
    dict[column] = layout.addCodes(
      rows.map((r) => local.code(r.values[column])),
      local.strings.length,
    );
  }
  const resources = localDictionary(rows.flatMap((r) => r.resources));
  dictionaries.resource = layout.addDictionary(resources.strings);
  const start = [0];
  for (const row of rows) start.push(start[start.length - 1] + row.resources.length);
  const idTexts: string[] = [];
  const idWords = rows.flatMap((r) => {
    if (r.id === null) return [0, 0, 0, 0];
    if (!UUID.test(r.id)) return [idTexts.push(r.id) - 1, 0, 0, 0];
    const hex = r.id.replaceAll('-', '');
    return [0, 8, 16, 24].map((from) => Number.parseInt(hex.slice(from, from + 8), 16));
  });
  const flags = rows.map(
    (r) =>
      (r.id === null ? 0 : UUID.test(r.id) ? ROW_ID_UUID : ROW_ID_TEXT) |
      (r.insight ? ROW_INSIGHT : 0) |
      (r.time === null ? ROW_TIME_UNREADABLE : 0),
  );
  const segment = {
    version: SEGMENT_VERSION,
    rows: rows.length,
    byteLength: 0,
    time: layout.add(
      'f64',
      Float64Array.from(rows, (r) => r.time ?? Number.NaN),
    ),
    idWords: u32(idWords),
    flags: layout.add('u8', Uint8Array.from(flags)),
    textHash: u32(rows.flatMap((r) => [r.record, 0])),
    block: u32(rows.map((r) => files.indexOf(r.file))),
    textOffset: u32(rows.map((r) => r.record * 1000)),
    textLength: u32(rows.map(() => 999)),
    recordNumber: u32(rows.map((r) => r.record)),
    richness: layout.add(
      'u8',
      Uint8Array.from(rows, (r) => r.richness),
    ),
    dict,
    multi: {
      resource: {
        start: u32(start),
        codes: layout.addCodes(
          rows.flatMap((r) => r.resources.map((v) => resources.code(v))),
          resources.strings.length,
        ),
      },
    },
    dictionaries,
    idTexts: layout.addDictionary(idTexts),
  };
  const buffer = layout.finish();
  segment.byteLength = buffer.byteLength;
  const blocks = files.map((_, file) => ({ file, packing: 'stored' as const, offset: 0, length: 0, unpackedOffset: 0, unpackedLength: 0 }));
  return {
    id: name as CommitId,
    attached: { id: name as CommitId, header: { segment, blocks, stage: null } },
    buffer,
    files: files.map((file, index) => ({ index, path: pathOf(file), sha256: shaOf(file) })),
  };
}

type AttachedDict = NonNullable<AttachedCommit['header']['segment']>['dict'];

function localDictionary(values: string[]): { strings: string[]; code: (value: string | undefined) => number } {
  const strings = [...new Set(values)];
  const codes = new Map(strings.map((value, i) => [value, i + 1]));
  return { strings, code: (value) => (value === undefined ? 0 : (codes.get(value) ?? 0)) };
}

/** A query core with the store's end of its port. */
export class Bench {
  readonly core: QueryCore;
  private readonly channel = new MessageChannel();
  private request = 0;

  constructor(rules?: TurnRules) {
    this.core = new QueryCore(rules);
    void this.core.start({ storePort: this.channel.port2 });
  }

  static async with(...commits: TestCommit[]): Promise<Bench> {
    const bench = new Bench();
    bench.attach(...commits);
    await bench.settle();
    return bench;
  }

  send(message: StoreToQuery): void {
    this.channel.port1.postMessage(message);
  }

  attach(...commits: (TestCommit & { remap?: Remap })[]): void {
    for (const { id, attached, buffer, files, remap } of commits) {
      this.send({ type: 'attach', commit: attached, segment: buffer, remap: remap ?? null });
      this.send({ type: 'files', commitId: id, files });
    }
  }

  star(...keys: string[]): void {
    this.send({ type: 'stars', keys: keys as EventKey[], starred: true, replace: false });
  }

  settle(): Promise<QueryToStore> {
    return this.ask({ type: 'settled', request: ++this.request });
  }

  consolidate(): Promise<QueryToStore> {
    return this.ask({ type: 'consolidate', request: ++this.request });
  }

  async answers<const A extends readonly Ask[]>(selected: Selection, ...asks: A): Promise<Answers<A>> {
    return (await this.core.run({ view: 'test', selection: selected, asks })).answers;
  }

  /** EventIDs of the selection, or the event's key where there is none, in order. */
  async ids(selected: Selection, descending = false): Promise<string[]> {
    const [page] = await this.answers(selected, { ask: 'page', offset: 0, limit: 1000, descending, columns: [] });
    return page.rows.map((row) => row.eventID ?? row.key);
  }

  close(): void {
    this.channel.port1.close();
  }

  private ask(message: StoreToQuery): Promise<QueryToStore> {
    return new Promise((resolve) => {
      this.channel.port1.onmessage = (event: MessageEvent<QueryToStore>) => resolve(event.data);
      this.send(message);
    });
  }
}

export const ms = (time: number): EpochMs => time as EpochMs;
