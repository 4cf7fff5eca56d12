/** Rows as views read them: pages, positions, keys, one event with its copies, and the places of its bytes. */
import type { EpochMs, EventKey, RowIndex } from '../../shared/brand.ts';
import { ALL_COLUMNS, type ColumnId } from '../../shared/columns.ts';
import type { EventDetails, RecordRef, SourceCopy } from '../../shared/engine.ts';
import type { KeysAnswer, PageAnswer, PageRow, PositionAnswer } from '../../shared/plan.ts';
import { CONFLICT, HIDDEN, type SegmentColumns, SHARED } from '../columns/segment-columns.ts';
import { isOriginColumn } from '../identity/origin-columns.ts';
import { type Matches, orderedMatches, timedCount } from './matching.ts';
import { isMulti, type OpenCase } from './open-case.ts';

/** Copies and conflicts of one event that are listed; `PageRow.copies` counts them all. */
const LISTED = 1000;

type Value = string | null | string[];

/** Rows `from` … `from + limit - 1` of the selection; events without time come last in either direction. */
export function rowsAt(matches: Matches, open: OpenCase, descending: boolean, from: number, limit: number): Uint32Array {
  const ordered = orderedMatches(matches, open);
  const end = Math.min(ordered.length, from + limit);
  if (!descending) return ordered.subarray(from, Math.max(from, end));
  const timed = timedCount(ordered, open);
  const rows = new Uint32Array(Math.max(0, end - from));
  for (let k = 0; k < rows.length; k++) rows[k] = ordered[from + k < timed ? timed - 1 - from - k : from + k];
  return rows;
}

export function pageAnswer(
  ask: { offset: number; limit: number; descending: boolean; columns: ColumnId[] },
  open: OpenCase,
  matches: Matches,
): PageAnswer {
  const rows = rowsAt(matches, open, ask.descending, ask.offset, ask.limit);
  return { ask: 'page', offset: ask.offset, total: matches.count, rows: Array.from(rows, (row) => pageRow(row, ask.columns, open)) };
}

export function keysAnswer(ask: { limit: number; descending: boolean }, open: OpenCase, matches: Matches): KeysAnswer {
  const rows = rowsAt(matches, open, ask.descending, 0, ask.limit);
  return { ask: 'keys', keys: Array.from(rows, (row) => open.keys.keyOf(row)), total: matches.count };
}

export function positionAnswer(ask: { key: EventKey; descending: boolean }, open: OpenCase, matches: Matches): PositionAnswer {
  const row = open.keys.find(ask.key);
  const ordered = orderedMatches(matches, open);
  let from = 0;
  let to = row < 0 ? 0 : ordered.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (open.order.compare(ordered[middle], row) < 0) from = middle + 1;
    else to = middle;
  }
  if (row < 0 || ordered[from] !== row) return { ask: 'position', position: -1 };
  const timed = timedCount(ordered, open);
  return { ask: 'position', position: ask.descending && from < timed ? timed - 1 - from : from };
}

export function refOf(row: number, open: OpenCase): RecordRef {
  const segment = open.columns.segmentOf(row);
  const i = row - segment.base;
  return { commitId: segment.commitId, block: segment.block[i], textOffset: segment.textOffset.at(i), textLength: segment.textLength[i] };
}

export function eventDetails(key: EventKey, open: OpenCase): EventDetails | null {
  const row = open.keys.find(key);
  if (row < 0) return null;
  const segment = open.columns.segmentOf(row);
  const i = row - segment.base;
  const events = open.groups.eventsOf(row);
  const own = events.find((rows) => rows[0] === row) ?? [row];
  const values: EventDetails['values'] = {};
  // The origin has an answer of its own (`lineageOf`), which a look at one event need not wait for.
  for (const { id } of ALL_COLUMNS) if (!isOriginColumn(id)) values[id] = cellOf(segment, i, id, open);
  return {
    key: open.keys.keyOf(row),
    row: row as RowIndex,
    time: timeOf(segment, i),
    eventID: open.keys.idOf(segment, i),
    values,
    copies: own.slice(0, LISTED).map((copy) => sourceCopy(copy, open)),
    conflicts: events
      .filter((rows) => rows[0] !== row)
      .slice(0, LISTED)
      .map((rows) => open.keys.keyOf(rows[0])),
    starred: open.isStarred(row),
  };
}

function sourceCopy(row: number, open: OpenCase): SourceCopy {
  const segment = open.columns.segmentOf(row);
  const i = row - segment.base;
  const { path, sha256, ledgerId } = open.columns.files.entry(segment.blockEntry[segment.block[i]]);
  const file = { path, sha256, ...(ledgerId === null ? {} : { ledgerId }) };
  return { ref: refOf(row, open), file, recordNumber: segment.recordNumber.at(i), shown: (segment.state[i] & HIDDEN) === 0 };
}

function pageRow(row: number, columns: readonly ColumnId[], open: OpenCase): PageRow {
  const segment = open.columns.segmentOf(row);
  const i = row - segment.base;
  const state = segment.state[i];
  return {
    key: open.keys.keyOf(row),
    row: row as RowIndex,
    time: timeOf(segment, i),
    eventID: open.keys.idOf(segment, i),
    starred: open.isStarred(row),
    copies: state & SHARED ? (open.groups.eventsOf(row).find((rows) => rows[0] === row)?.length ?? 1) : 1,
    conflict: (state & CONFLICT) !== 0,
    values: columns.map((column) => cellOf(segment, i, column, open)),
  };
}

function timeOf(segment: SegmentColumns, i: number): EpochMs | null {
  const time = segment.time[i];
  return Number.isNaN(time) ? null : (time as EpochMs);
}

/** A column of several values gives an array, whatever their number. */
function cellOf(segment: SegmentColumns, i: number, column: ColumnId, open: OpenCase): Value {
  if (column === 'eventTime') return Number.isNaN(segment.time[i]) ? null : new Date(segment.time[i]).toISOString();
  if (column === 'eventID') return open.keys.idOf(segment, i);
  const dictionary = open.dictionary(column);
  if (!isMulti(column)) return dictionary.get(open.codeAt(segment, i, column));
  const { start, codes } = open.multi(segment, column);
  return Array.from(codes.subarray(start[i], start[i + 1]), (code) => dictionary.get(code) ?? '');
}
