/** What the find box offers for a typed text: places to jump to, and filters. Pure, so that every case can be tested. */
import type { EventKey } from '../../shared/brand.ts';
import type { ColumnId, ValueColumnId } from '../../shared/columns.ts';
import { DICT_COLUMNS, MULTI_COLUMNS } from '../../shared/columns.ts';
import type { Filter } from '../../shared/plan.ts';
import { columnLabel } from '../components/value-words.ts';

export type FindMode = 'contains' | 'exact';

export interface Located {
  events: EventKey[];
  columns: { column: ColumnId; value: string; count: number }[];
}

export type Offer = { id: string; label: string; hint: string } & (
  | { kind: 'open'; key: EventKey }
  | { kind: 'page'; column: ValueColumnId; value: string }
  | { kind: 'filter'; filter: Filter }
);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const KEY = /^(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA|AGPA|ANPA|APKA)[A-Z0-9]{8,}$/;
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const IPV6 = /^[0-9a-f:]*:[0-9a-f:]+(?:\.\d+){0,3}$/i;

/** An event ID, access key or unique ID, address or ARN: something one means whole. */
export const looksLikeOneThing = (text: string): boolean =>
  UUID.test(text) ||
  KEY.test(text) ||
  IPV4.test(text) ||
  (IPV6.test(text) && text.split(':').length > 2 && text.length > 3) ||
  /^arn:[a-z-]+:/.test(text);

const PAGES: Partial<Record<ColumnId, string>> = {
  principal: 'Open the principal',
  resource: 'Open the resource',
  sourceIPAddress: 'Open the address',
  accessKeyId: 'Open the access key',
  identity: 'Open the identity',
};
const isValueColumn = (column: ColumnId): column is ValueColumnId => column !== 'eventTime' && column !== 'eventID';
const MAX_EVENTS = 5;

/** Offers in the order shown; the first is what Enter takes. */
export function findOffers(typed: string, mode: FindMode, located: Located | null): Offer[] {
  const text = typed.trim();
  if (text === '') return [];
  const exact: Offer[] = [];
  for (const key of located?.events.slice(0, MAX_EVENTS) ?? []) {
    exact.push({ kind: 'open', id: `open ${key}`, label: 'Open the event', hint: text, key });
  }
  for (const { column, value, count } of located?.columns ?? []) {
    if (!isValueColumn(column)) continue;
    exact.push({
      kind: 'filter',
      id: `is ${column}`,
      label: `${columnLabel(column)} is`,
      hint: `${value} · ${count.toLocaleString('en-US')}`,
      filter: { op: 'in', column, values: [value] },
    });
    const page = PAGES[column];
    if (page) exact.push({ kind: 'page', id: `page ${column}`, label: page, hint: value, column, value });
  }
  const contains: Offer[] = [
    {
      kind: 'filter',
      id: 'contains any',
      label: 'Any column contains',
      hint: text,
      filter: { op: 'contains', column: 'any', text },
    },
    ...[...DICT_COLUMNS, ...MULTI_COLUMNS].map(
      ({ id, label }): Offer => ({
        kind: 'filter',
        id: `contains ${id}`,
        label: `${label} contains`,
        hint: text,
        filter: { op: 'contains', column: id, text },
      }),
    ),
    {
      kind: 'filter',
      id: 'contains eventID',
      label: 'Event ID contains',
      hint: text,
      filter: { op: 'contains', column: 'eventID', text },
    },
  ];
  if (mode === 'exact') return exact;
  return looksLikeOneThing(text) ? [...exact, ...contains] : [contains[0], ...exact, ...contains.slice(1)];
}
