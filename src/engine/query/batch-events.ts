/** The `events` section of the batch summary: exact definitions are in the README ("Batch") and `shared/batch.ts`. */
import type { BatchEvents, CountList } from '../../shared/batch.ts';
import { encodeUtf8 } from '../../shared/byte-strings.ts';
import type { DictColumnId } from '../../shared/columns.ts';
import { ROW_ID_TEXT, ROW_ID_UUID, ROW_INSIGHT } from '../../shared/segment.ts';
import { HIDDEN } from '../columns/segment-columns.ts';
import { type Counts, countRows } from './counting.ts';
import { topCodes } from './facets.ts';
import { codesOfValues } from './filters.ts';
import type { OpenCase } from './open-case.ts';

const LIST_LENGTH = 100;
const DAY_MS = 86_400_000;

export async function batchEvents(open: OpenCase): Promise<BatchEvents> {
  open.update();
  const { columns, groups } = open;
  const sums = columns.files.sums();
  const rows = countShown(open);
  const byColumn = (column: DictColumnId): CountList => countList(open, column);
  const duplicates = columns.rows - groups.withdrawn - groups.events + sums.repeatedRecords;
  return {
    records: groups.events + duplicates + sums.aggregated,
    events: groups.events,
    unique: groups.ids,
    duplicates,
    withoutId: rows.withoutId,
    withoutTime: rows.withoutTime,
    unreadableRecords: sums.unreadable,
    conflicts: groups.events - groups.ids - rows.withoutId,
    aggregated: sums.aggregated,
    insights: rows.insights,
    firstTime: isoTime(rows.first),
    lastTime: isoTime(rows.last),
    withErrorCode: rows.errors,
    readOnly: rows.readOnly,
    readOnlyUnknown: rows.readOnlyUnknown,
    idsSha256: await idsSha256(open),
    byName: byColumn('eventName'),
    bySource: byColumn('eventSource'),
    byPrincipal: byColumn('identity'),
    byIdentityType: byColumn('identityType'),
    byIp: byColumn('sourceIPAddress'),
    byErrorCode: byColumn('errorCode'),
    byRegion: byColumn('awsRegion'),
    byAccount: byColumn('account'),
    byCategory: byColumn('eventCategory'),
    byDay: rows.byDay,
  };
}

/** ISO 8601 UTC, without a fraction when there is none. */
function isoTime(time: number): string | null {
  return Number.isFinite(time) ? new Date(time).toISOString().replace('.000Z', 'Z') : null;
}

function countShown(open: OpenCase) {
  const isTrue = codesOfValues(open, 'readOnly', ['true']);
  const isKnown = codesOfValues(open, 'readOnly', ['true', 'false']);
  const days = new Map<number | null, number>();
  const sum = { withoutId: 0, withoutTime: 0, insights: 0, errors: 0, readOnly: 0, readOnlyUnknown: 0, first: Infinity, last: -Infinity };
  for (const { rows, state, flags, time, dict } of open.columns.segments) {
    for (let i = 0; i < rows; i++) {
      if (state[i] & HIDDEN) continue;
      if (!(flags[i] & (ROW_ID_UUID | ROW_ID_TEXT))) sum.withoutId++;
      if (flags[i] & ROW_INSIGHT) sum.insights++;
      if (dict.errorCode[i] !== 0) sum.errors++;
      sum.readOnly += isTrue[dict.readOnly[i]];
      sum.readOnlyUnknown += 1 - isKnown[dict.readOnly[i]];
      const t = time[i];
      const day = Number.isNaN(t) ? null : Math.floor(t / DAY_MS);
      days.set(day, (days.get(day) ?? 0) + 1);
      if (day === null) sum.withoutTime++;
      if (t < sum.first) sum.first = t;
      if (t > sum.last) sum.last = t;
    }
  }
  return { ...sum, byDay: dayList(days) };
}

function dayList(days: ReadonlyMap<number | null, number>): CountList {
  const list: CountList = Array.from(days, ([day, count]) => [
    day === null ? null : new Date(day * DAY_MS).toISOString().split('T')[0],
    count,
  ]);
  return list.sort((a, b) => b[1] - a[1] || ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1)).slice(0, LIST_LENGTH);
}

function countList(open: OpenCase, column: DictColumnId): CountList {
  const dictionary = open.dictionary(column);
  const counts: Counts = new Uint32Array(dictionary.count + 1);
  for (const segment of open.columns.segments) {
    const shown = new Uint32Array(segment.rows);
    let n = 0;
    for (let i = 0; i < segment.rows; i++) if (!(segment.state[i] & HIDDEN)) shown[n++] = i;
    countRows(open, segment, column, shown.subarray(0, n), 1, counts);
  }
  const { codes } = topCodes(counts, dictionary, LIST_LENGTH, null);
  return Array.from(codes, (code) => [dictionary.get(code), counts[code]]);
}

/** SHA-256, in hex, of all distinct eventIDs, sorted by code unit and joined by a line feed. */
async function idsSha256(open: OpenCase): Promise<string> {
  const uuids: number[] = [];
  const texts: string[] = [];
  open.groups.forEachId((row) => {
    const segment = open.columns.segmentOf(row);
    const i = row - segment.base;
    if (segment.flags[i] & ROW_ID_UUID) uuids.push(row);
    else texts.push(open.keys.idOf(segment, i) ?? '');
  });
  const sortedUuids = Uint32Array.from(uuids).sort((a, b) => open.groups.compareIds(a, b));
  texts.sort((a, b) => (a < b ? -1 : 1));
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let lines: string[] = [];
  let first = true;
  const flush = (): void => {
    if (lines.length === 0) return;
    pieces.push(encodeUtf8((first ? '' : '\n') + lines.join('\n')));
    first = false;
    lines = [];
  };
  let t = 0;
  const push = (id: string): void => {
    lines.push(id);
    if (lines.length === 10_000) flush();
  };
  for (const row of sortedUuids) {
    const segment = open.columns.segmentOf(row);
    const id = open.keys.idOf(segment, row - segment.base) ?? '';
    while (t < texts.length && texts[t] < id) push(texts[t++]);
    push(id);
  }
  while (t < texts.length) push(texts[t++]);
  flush();
  const digest = await crypto.subtle.digest('SHA-256', await new Blob(pieces).arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
