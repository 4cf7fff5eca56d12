/** The same questions answered row by row with plain objects: slow, short, and what the engine is compared with. */
import type { DictColumnId, ValueColumnId } from '../../../../src/shared/columns.ts';
import { DICT_COLUMN_IDS } from '../../../../src/shared/columns.ts';
import type { FacetAnswer, Filter, GroupRow, Selection } from '../../../../src/shared/plan.ts';
import { pathOf, type Row, shaOf } from './support.ts';

export interface Event extends Row {
  key: string;
  copies: number;
  conflict: boolean;
  starred: boolean;
}

const less = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const bySource = (a: Row, b: Row): number => less(shaOf(a.file), shaOf(b.file)) || a.record - b.record;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function contradict(a: Row, b: Row): boolean {
  const differ = (x: unknown, y: unknown): boolean => x !== undefined && x !== null && y !== undefined && y !== null && x !== y;
  if (differ(a.time, b.time)) return true;
  const telling: DictColumnId[] = [
    'eventName',
    'eventSource',
    'awsRegion',
    'identityType',
    'sourceIPAddress',
    'accessKeyId',
    'errorCode',
    'outcome',
    'userAgent',
    'principalId',
    'sessionIssuer',
    'issuedKey',
    'bytesIn',
    'bytesOut',
    'invokedBy',
    'vpcEndpointId',
    'sharedEventID',
    'readOnly',
    'eventType',
    'eventCategory',
  ];
  if (telling.some((c) => differ(a.values[c], b.values[c]))) return true;
  if (a.richness === b.richness) {
    if (differ(a.values.userName, b.values.userName)) return true;
    const listed = (row: Row): string => [...row.resources].sort().join();
    if (a.resources.length > 0 && b.resources.length > 0 && listed(a) !== listed(b)) return true;
  }
  const x = a.values.identity;
  const y = b.values.identity;
  return differ(x, y) && x?.startsWith('arn:') === y?.startsWith('arn:');
}

/** All events in the global order. */
export function eventsOf(rows: Row[], stars: ReadonlySet<string>): Event[] {
  const groups = new Map<string, Row[]>();
  const events: Row[][] = [];
  for (const row of rows) {
    if (row.id === null) events.push([row]);
    else groups.set(row.id, [...(groups.get(row.id) ?? []), row]);
  }
  const conflicts = new Set<Row>();
  for (const group of groups.values()) {
    const apart: Row[][] = [];
    for (const row of group.sort((a, b) => b.richness - a.richness || bySource(a, b))) {
      const mine = apart.find((event) => !contradict(event[0], row));
      if (mine) mine.push(row);
      else apart.push([row]);
    }
    if (apart.length > 1) for (const event of apart) conflicts.add(event[0]);
    events.push(...apart);
  }
  const shown = events.map(([row, ...copies]): Event => {
    const conflict = conflicts.has(row);
    const key = row.id !== null && !conflict ? `id:${row.id}` : `src:${shaOf(row.file)}:${row.record}`;
    return { ...row, key, conflict, copies: copies.length + 1, starred: stars.has(key) };
  });
  return shown.sort(compare);
}

function compare(a: Event, b: Event): number {
  const kind = (e: Event): number => (e.id === null ? 2 : UUID.test(e.id) ? 0 : 1);
  if (a.time !== b.time) return a.time === null ? 1 : b.time === null ? -1 : a.time - b.time;
  return kind(a) - kind(b) || less(a.id ?? '', b.id ?? '') || bySource(a, b);
}

/** Values of a column; [null] when absent. */
export function valuesOf(event: Event, column: ValueColumnId): (string | null)[] {
  if (column === 'starred') return [event.starred ? 'true' : null];
  if (column === 'file') return [pathOf(event.file)];
  if (column === 'integrity') return [null];
  if (column === 'resource') return event.resources.length > 0 ? event.resources : [null];
  return [(event.values as Partial<Record<ValueColumnId, string>>)[column] ?? null];
}

function holds(event: Event, filter: Filter): boolean {
  const has = (text: string | null, needle: string): boolean => text?.toLowerCase().includes(needle.toLowerCase()) ?? false;
  const inner = (): boolean => {
    switch (filter.op) {
      case 'in':
        return valuesOf(event, filter.column).some((v) => filter.values.includes(v));
      case 'contains':
        if (filter.column === 'eventID') return has(event.id, filter.text);
        if (filter.column !== 'any') return valuesOf(event, filter.column).some((v) => has(v, filter.text));
        return (
          has(event.id, filter.text) ||
          [...DICT_COLUMN_IDS, 'resource' as const, 'file' as const].some((c) => valuesOf(event, c).some((v) => has(v, filter.text)))
        );
      case 'eventID':
        return event.id !== null && filter.ids.includes(event.id);
      case 'keys':
        return filter.keys.some((key) => key === event.key);
      case 'and':
        return filter.filters.every((f) => holds(event, f));
      case 'or':
        return filter.filters.some((f) => holds(event, f));
    }
  };
  return inner() !== (filter.not ?? false);
}

export function selected(events: Event[], selection: Selection, without?: ValueColumnId): Event[] {
  const { from, to } = selection.time;
  return events.filter((event) => {
    if ((from !== null || to !== null) && event.time === null) return false;
    if (from !== null && (event.time ?? 0) < from) return false;
    if (to !== null && (event.time ?? 0) >= to) return false;
    if (selection.hideReadOnly && event.values.readOnly === 'true') return false;
    const { invokedBy, identityType, sourceIPAddress } = event.values;
    if (selection.hideServiceCalls && (invokedBy !== undefined || identityType === 'AWSService' || sourceIPAddress === 'AWS Internal'))
      return false;
    return selection.filters.every((f) => (f.op === 'in' && f.column === without) || holds(event, f));
  });
}

export function facet(events: Event[], selection: Selection, column: ValueColumnId, limit: number, find = '', strict = false): FacetAnswer {
  const counts = new Map<string | null, number>();
  for (const event of selected(events, selection, strict ? undefined : column)) {
    for (const value of new Set(valuesOf(event, column))) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const all = [...counts].filter(([value]) => find === '' || value?.toLowerCase().includes(find.toLowerCase()));
  all.sort((a, b) => b[1] - a[1] || nullFirst(a[0], b[0]));
  return {
    ask: 'facet',
    column,
    values: all.slice(0, limit).map(([value, count]) => ({ value, count })),
    distinct: all.length,
    absent: all.some(([value]) => value === null),
  };
}

const nullFirst = (a: string | null, b: string | null): number =>
  a === null || b === null ? Number(a !== null) - Number(b !== null) : less(a, b);

export const hasFailed = (event: Event): boolean => event.values.outcome === 'denied' || event.values.outcome === 'error';

/** All groups by a column, by value. */
export function groups(events: Event[], by: ValueColumnId, distinct: ValueColumnId[]): GroupRow[] {
  const members = new Map<string | null, Event[]>();
  for (const event of events) for (const value of valuesOf(event, by)) members.set(value, [...(members.get(value) ?? []), event]);
  const rows = [...members].map(([value, mine]): GroupRow => {
    const times = mine.flatMap((e) => e.time ?? []);
    return {
      value,
      count: mine.length,
      succeeded: mine.filter((e) => e.values.outcome === 'success').length,
      failed: mine.filter(hasFailed).length,
      denied: mine.filter((e) => e.values.outcome === 'denied').length,
      writes: mine.filter((e) => e.values.readOnly === 'false').length,
      first: times.length > 0 ? (Math.min(...times) as GroupRow['first']) : null,
      last: times.length > 0 ? (Math.max(...times) as GroupRow['last']) : null,
      distinct: distinct.map((c) => new Set(mine.flatMap((e) => valuesOf(e, c)).filter((v) => v !== null)).size),
    };
  });
  return rows.sort((a, b) => nullFirst(a.value, b.value));
}
