/** A case in memory behind the engine's contract, for tests of what asks it: slow and plain, so that it is right by eye. */

import { createHash } from 'node:crypto';
import type { Engine } from '../../../../src/engine/client/index.ts';
import { deliveryLayer } from '../../../../src/engine/coverage/delivery-layer.ts';
import { checkIntegrity } from '../../../../src/engine/integrity/index.ts';
import type { BatchEvents } from '../../../../src/shared/batch.ts';
import {
  type CaseId,
  type CommitId,
  type EventKey,
  epochMs,
  eventKey,
  type ImportId,
  type RowIndex,
  type Sha256,
} from '../../../../src/shared/brand.ts';
import type { Citation, ImportRun, Note } from '../../../../src/shared/case.ts';
import type { ColumnId } from '../../../../src/shared/columns.ts';
import type { EventCoverage } from '../../../../src/shared/coverage.ts';
import type { CustodyBook, Verification } from '../../../../src/shared/custody.ts';
import type { EventDetails, LedgerRow, RecordRef } from '../../../../src/shared/engine.ts';
import { AppError } from '../../../../src/shared/errors.ts';
import type { EvidenceFile } from '../../../../src/shared/ledger.ts';
import type { Answer, Ask, Filter, GroupRow, PageRow, QueryPlan, Selection } from '../../../../src/shared/plan.ts';
import { Bench, commitOf } from '../query/support.ts';

export interface FakeEvent {
  time: string | null;
  values: Partial<Record<ColumnId, string | null | string[]>>;
  eventID?: string;
  text?: string;
  file?: number;
}

export interface FakeCase {
  events: FakeEvent[];
  files?: Partial<EvidenceFile>[];
  notes?: Note[];
  citations?: Citation[];
  imports?: ImportRun[];
  custody?: CustodyBook;
  verifications?: Verification[];
}

export const sha256 = (text: string): Sha256 => createHash('sha256').update(text).digest('hex') as Sha256;

export function fakeFile(part: Partial<EvidenceFile>, id = 1): LedgerRow {
  const path = part.path ?? `/evidence/${id}.json.gz`;
  return {
    path,
    container: 'gzip',
    size: 1234,
    modified: null,
    sha256: sha256(path),
    sha256Unpacked: sha256(`${path} unpacked`),
    unpackedSize: 5678,
    kind: 'records',
    status: 'imported',
    reason: null,
    records: 1,
    aggregatedRecords: 0,
    unreadableRecords: 0,
    firstTime: null,
    lastTime: null,
    importId: 'import-1' as ImportId,
    importedAt: epochMs(Date.UTC(2026, 2, 4)),
    appVersion: '0.1.0',
    ...part,
    id,
    commitId: 'commit-1' as CommitId,
    fileInCommit: id - 1,
    commits: ['commit-1' as CommitId],
  };
}

interface Row {
  event: FakeEvent;
  key: EventKey;
  index: number;
  time: number | null;
  text: string;
  path: string;
}

const missing = (): never => {
  throw new AppError('internal', 'the fake engine has no such call');
};

export function fakeEngine(fake: FakeCase): Engine {
  const ledger = (fake.files ?? [{}]).map((f, i) => fakeFile(f, i + 1));
  const rows: Row[] = fake.events.map((event, index) => ({
    event,
    key: eventKey(event.eventID === undefined ? `src:${ledger[event.file ?? 0].sha256}:${index}` : `id:${event.eventID}`),
    index,
    time: event.time === null ? null : Date.parse(event.time),
    text: event.text ?? JSON.stringify({ eventID: event.eventID, ...event.values }),
    path: ledger[event.file ?? 0].path,
  }));
  const valuesOf = (row: Row, column: ColumnId): (string | null)[] => {
    if (column === 'file') return [row.path];
    const value = row.event.values[column] ?? null;
    return Array.isArray(value) ? (value.length === 0 ? [null] : value) : [value];
  };
  const holds = (row: Row, filter: Filter): boolean => {
    const is = ((): boolean => {
      switch (filter.op) {
        case 'in':
          return valuesOf(row, filter.column).some((v) => filter.values.includes(v));
        case 'contains': {
          const text = filter.text.toLowerCase();
          const columns = filter.column === 'any' ? (Object.keys(row.event.values) as ColumnId[]) : [filter.column];
          return columns.some((c) => valuesOf(row, c).some((v) => v?.toLowerCase().includes(text)));
        }
        case 'eventID':
          return row.event.eventID !== undefined && filter.ids.includes(row.event.eventID);
        case 'keys':
          return filter.keys.includes(row.key);
        case 'and':
          return filter.filters.every((f) => holds(row, f));
        case 'or':
          return filter.filters.some((f) => holds(row, f));
      }
    })();
    return is !== (filter.not ?? false);
  };
  const selected = (selection: Selection): Row[] =>
    rows
      .filter((row) => {
        const { from, to } = selection.time;
        if ((from !== null || to !== null) && row.time === null) return false;
        if (from !== null && row.time !== null && row.time < from) return false;
        if (to !== null && row.time !== null && row.time >= to) return false;
        if (selection.hideReadOnly && valuesOf(row, 'readOnly')[0] === 'true') return false;
        return selection.filters.every((f) => holds(row, f));
      })
      .sort((a, b) => (a.time ?? 9e15) - (b.time ?? 9e15) || a.index - b.index);
  const isFailed = (row: Row): boolean => ['denied', 'error'].includes(valuesOf(row, 'outcome')[0] ?? '');
  const times = (list: readonly Row[]): number[] => list.flatMap((r) => (r.time === null ? [] : [r.time]));
  const least = (list: readonly Row[]) => (times(list).length === 0 ? null : epochMs(Math.min(...times(list))));
  const most = (list: readonly Row[]) => (times(list).length === 0 ? null : epochMs(Math.max(...times(list))));
  const grouped = (list: readonly Row[], column: ColumnId): Map<string | null, Row[]> => {
    const groups = new Map<string | null, Row[]>();
    for (const row of list) for (const v of valuesOf(row, column)) groups.set(v, [...(groups.get(v) ?? []), row]);
    return groups;
  };
  const groupRow = (value: string | null, list: Row[], distinct: readonly ColumnId[]): GroupRow => ({
    value,
    count: list.length,
    succeeded: list.filter((r) => valuesOf(r, 'outcome')[0] === 'success').length,
    failed: list.filter(isFailed).length,
    denied: list.filter((r) => valuesOf(r, 'outcome')[0] === 'denied').length,
    writes: list.filter((r) => valuesOf(r, 'readOnly')[0] === 'false').length,
    first: least(list),
    last: most(list),
    distinct: distinct.map((c) => new Set(list.flatMap((r) => valuesOf(r, c)).filter((v) => v !== null)).size),
  });
  const pageRow = (row: Row, columns: readonly ColumnId[]): PageRow => ({
    key: row.key,
    row: row.index as RowIndex,
    time: row.time === null ? null : epochMs(row.time),
    eventID: row.event.eventID ?? null,
    starred: false,
    copies: 1,
    conflict: false,
    values: columns.map((c) => row.event.values[c] ?? null),
  });
  const answer = (ask: Ask, list: Row[]): Answer => {
    switch (ask.ask) {
      case 'count':
        return {
          ask: 'count',
          events: list.length,
          failed: list.filter(isFailed).length,
          denied: list.filter((r) => valuesOf(r, 'outcome')[0] === 'denied').length,
          withoutTime: list.filter((r) => r.time === null).length,
          first: least(list),
          last: most(list),
          total: rows.length,
        };
      case 'group': {
        const groups = [...grouped(list, ask.by)]
          .map(([value, of]) => groupRow(value, of, ask.distinct))
          .filter((g) => ask.find === undefined || g.value?.toLowerCase().includes(ask.find.toLowerCase()))
          .sort((a, b) => {
            const measure = (g: GroupRow): number => Number(g[ask.sort as keyof GroupRow] ?? 0);
            const by = ask.sort === 'value' ? (a.value ?? '').localeCompare(b.value ?? '') : measure(a) - measure(b);
            return ask.descending ? -by : by;
          });
        return {
          ask: 'group',
          by: ask.by,
          groups: groups.length,
          absent: groups.some((g) => g.value === null),
          rows: groups.slice(ask.offset, ask.offset + ask.limit),
        };
      }
      case 'facet': {
        const values = [...grouped(list, ask.column)].map(([value, of]) => ({ value, count: of.length })).sort((a, b) => b.count - a.count);
        return {
          ask: 'facet',
          column: ask.column,
          values: values.slice(0, ask.limit),
          distinct: values.length,
          absent: values.some((v) => v.value === null),
        };
      }
      case 'histogram': {
        const from = least(list);
        const to = most(list);
        if (from === null || to === null) return { ask: 'histogram', from: epochMs(0), binMs: 1000, layers: [], bins: 0 };
        const binMs = [1000, 60_000, 3_600_000, 86_400_000].find((ms) => (to - from) / ms < ask.bins - 2) ?? 31 * 86_400_000;
        const start = Math.floor(from / binMs) * binMs;
        const bins = Math.floor((to - start) / binMs) + 1;
        const by = ask.stackBy === null ? new Map([[null as string | null, list]]) : grouped(list, ask.stackBy);
        const layers = [...by].map(([value, of]) => {
          const counts = new Uint32Array(bins);
          for (const t of times(of)) counts[Math.floor((t - start) / binMs)]++;
          return { value, other: false, counts };
        });
        return { ask: 'histogram', from: epochMs(start), binMs, layers, bins };
      }
      case 'page': {
        const ordered = ask.descending ? [...list].reverse() : list;
        return {
          ask: 'page',
          offset: ask.offset,
          total: list.length,
          rows: ordered.slice(ask.offset, ask.offset + ask.limit).map((r) => pageRow(r, ask.columns)),
        };
      }
      case 'position':
        return { ask: 'position', position: (ask.descending ? [...list].reverse() : list).findIndex((r) => r.key === ask.key) };
      case 'keys':
        return { ask: 'keys', keys: list.slice(0, ask.limit).map((r) => r.key), total: list.length };
    }
  };
  const ref = (row: Row) => ({ commitId: 'commit-1' as CommitId, block: 0, textOffset: row.index, textLength: row.text.length });
  const details = (row: Row): EventDetails => ({
    key: row.key,
    row: row.index as RowIndex,
    time: row.time === null ? null : epochMs(row.time),
    eventID: row.event.eventID ?? null,
    values: row.event.values,
    copies: [{ ref: ref(row), file: { path: row.path, sha256: ledger[row.event.file ?? 0].sha256 }, recordNumber: row.index, shown: true }],
    conflicts: [],
    starred: false,
  });
  const notes = [...(fake.notes ?? [])];
  const unlisted = { store: {} as Record<string, unknown>, query: {} as Record<string, unknown> };
  for (const name of ['createCase', 'renameCase', 'deleteCase', 'closeCase', 'openCase', 'importGrants', 'cancelImport'])
    unlisted.store[name] = missing;
  return {
    app: {
      version: '0.1.0',
      host: 'web',
      platform: 'linux',
      threads: 2,
      versions: { node: '20.20.2' },
      batch: false,
    },
    store: {
      ...unlisted.store,
      integrity: () =>
        checkIntegrity({ files: ledger.map((file, i) => ({ ...file, id: i + 1 })), read: () => Promise.resolve(null), givenKeys: [] }),
      integrityOf: async () => [],
      copiesCompared: async () => undefined,
      delivery: async () => deliveryLayer(ledger, { chains: [], digested: [], rows: [] }),
      listKeys: async () => [],
      custody: async () => fake.custody ?? { ofCase: null, imports: {} },
      listVerifications: async () => fake.verifications ?? [],
      subscribe: async () => undefined,
      listCases: async () => [],
      saveView: async () => undefined,
      getSetting: async () => undefined,
      putSetting: async () => undefined,
      storage: async () => ({ usedBytes: 1e8, quotaBytes: 1e10, persisted: false, diskFreeBytes: 5e10 }),
      listImports: async () => fake.imports ?? [],
      ledgerTotals: async () => ({
        files: ledger.length,
        byStatus: Object.fromEntries(
          [...new Set(ledger.map((f) => f.status))].map((status) => [status, ledger.filter((f) => f.status === status).length]),
        ),
        bytes: ledger.reduce((sum, f) => sum + f.size, 0),
        records: ledger.reduce((sum, f) => sum + f.records, 0),
        unreadableRecords: ledger.reduce((sum, f) => sum + f.unreadableRecords, 0),
      }),
      ledger: async () => ledger,
      problems: async () => [],
      aggregated: async () => [],
      readRecords: async (refs: RecordRef[]) =>
        refs.map((r) => ({ ref: r, text: rows[r.textOffset].text, sha256: sha256(rows[r.textOffset].text) })),
      listReportTrees: async () => [],
      listNotes: async () => notes,
      putNote: async (note: Note) => void notes.push(note),
      listCitations: async () => fake.citations ?? [],
      putCitation: async () => undefined,
      listStars: async () => [],
    } as unknown as Engine['store'],
    query: {
      subscribe: async () => undefined,
      status: async () => ({
        generation: 1,
        sourceRows: rows.length,
        events: rows.length,
        bytes: { columns: 0, dictionaries: 0, order: 0, ids: 0 },
      }),
      run: async (plan: QueryPlan) => {
        const list = selected(plan.selection);
        return { answers: plan.asks.map((ask) => answer(ask, list)), generation: 1, ms: 0 };
      },
      event: async (key: EventKey) => {
        const row = rows.find((r) => r.key === key);
        return row ? details(row) : null;
      },
      locate: async () => ({ events: [], columns: [] }),
      conflicts: async () => ({ ids: 0, events: 0, rows: [] }),
      conflictOf: async () => null,
      refs: async (selection: Selection, descending: boolean, offset: number, limit: number) => {
        const list = selected(selection);
        const page = (descending ? list.reverse() : list).slice(offset, offset + limit);
        return { keys: page.map((r) => r.key), refs: page.map(ref) };
      },
      batchEvents: async () => fakeBatchEvents(rows.length),
      batchCredentials: async () => ({ issuedTemporary: 0, issuedLongTerm: 0, usedLater: 0, list: [] }),
      coverage: async () => fakeCoverage(rows.map((row) => ({ time: row.time, values: row.event.values }))),
      queryLog: async () => [],
    } as unknown as Engine['query'],
  };
}

/** By the real query core: a coverage of made-up numbers would fit nothing. */
async function fakeCoverage(rows: { time: number | null; values: FakeEvent['values'] }[]): Promise<EventCoverage> {
  const made = rows.map(({ time, values }, i) => {
    const single = Object.fromEntries(Object.entries(values).filter(([id, v]) => id !== 'resource' && typeof v === 'string'));
    return { time, id: `e${i}`, richness: 1, file: 'a', record: i, insight: false, values: single, resources: [] };
  });
  const bench = await Bench.with(...(made.length > 0 ? [commitOf('c', made)] : []));
  const coverage = await bench.core.coverage();
  bench.close();
  return { ...coverage, points: [] };
}

export function fakeBatchEvents(events: number): BatchEvents {
  return {
    records: events,
    events,
    unique: events,
    duplicates: 0,
    withoutId: 0,
    withoutTime: 0,
    unreadableRecords: 0,
    conflicts: 0,
    aggregated: 0,
    insights: 0,
    firstTime: null,
    lastTime: null,
    withErrorCode: 0,
    readOnly: 0,
    readOnlyUnknown: 0,
    idsSha256: sha256(''),
    byName: [],
    bySource: [],
    byPrincipal: [],
    byIdentityType: [],
    byIp: [],
    byErrorCode: [],
    byRegion: [],
    byAccount: [],
    byCategory: [],
    byDay: [],
  };
}

export const CASE_ID = 'case-1' as CaseId;
