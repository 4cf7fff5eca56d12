/** Columns of the events table: which, in what order, how wide. Kept as the setting `eventsTable`, read back as untrusted. */
import { ALL_COLUMNS, type ColumnId, DEFAULT_TABLE_COLUMNS } from '../../../shared/columns.ts';

export const TABLE_SETTING = 'eventsTable';

export interface TableSettings {
  columns: ColumnId[];
  /** Pixels, for the columns whose width was changed. */
  widths: Partial<Record<ColumnId, number>>;
  descending: boolean;
}

export const MIN_WIDTH = 56;
export const MAX_WIDTH = 1200;

/** Keys, accounts and IPv4 addresses are whole in theirs; ARNs and agents are shortened in the middle. */
const FIRST_WIDTHS: Partial<Record<ColumnId, number>> = {
  eventTime: 188,
  eventName: 190,
  userName: 164,
  eventSource: 166,
  resource: 240,
  principal: 250,
  identity: 300,
  identityType: 130,
  principalId: 250,
  sourceIPAddress: 136,
  addressKind: 130,
  vpcEndpointId: 190,
  awsRegion: 104,
  errorCode: 150,
  account: 118,
  callerAccount: 126,
  userAgent: 240,
  agentTool: 180,
  agentMark: 180,
  eventID: 290,
  sharedEventID: 290,
  eventCategory: 124,
  eventType: 150,
  invokedBy: 200,
  accessKeyId: 196,
  sessionIssuer: 300,
  sessionStart: 180,
  mfa: 70,
  sourceIdentity: 180,
  onBehalfOf: 290,
  federation: 240,
  switchedFrom: 300,
  issuedKey: 196,
  issuedTo: 300,
  issuedFor: 200,
  issuedExpires: 190,
  roleDelivery: 120,
  fromConsole: 124,
  bytesIn: 104,
  bytesOut: 104,
  origin: 320,
  depth: 128,
  originProof: 124,
  file: 320,
  readOnly: 96,
  outcome: 90,
  starred: 80,
};

/** Columns of numbers: right-aligned, as numbers are everywhere. */
export const NUMBER_COLUMNS: ReadonlySet<ColumnId> = new Set<ColumnId>(['depth', 'bytesIn', 'bytesOut']);

export const DEFAULT_SETTINGS: TableSettings = { columns: [...DEFAULT_TABLE_COLUMNS], widths: {}, descending: true };

const isColumn = (value: unknown): value is ColumnId => ALL_COLUMNS.some((c) => c.id === value);
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

export const clampWidth = (px: number): number => Math.round(Math.min(Math.max(px, MIN_WIDTH), MAX_WIDTH));
export const widthOf = (settings: TableSettings, column: ColumnId): number => settings.widths[column] ?? FIRST_WIDTHS[column] ?? 140;

/** What was stored, with everything unknown, repeated or out of bounds left out; the defaults when nothing usable remains. */
export function readSettings(stored: unknown): TableSettings {
  if (!isRecord(stored)) return DEFAULT_SETTINGS;
  const columns = Array.isArray(stored.columns) ? [...new Set(stored.columns.filter(isColumn))] : [];
  const widths: TableSettings['widths'] = {};
  if (isRecord(stored.widths)) {
    for (const [id, px] of Object.entries(stored.widths)) {
      if (isColumn(id) && typeof px === 'number' && Number.isFinite(px)) widths[id] = clampWidth(px);
    }
  }
  return {
    columns: columns.length > 0 ? columns : [...DEFAULT_SETTINGS.columns],
    widths,
    descending: typeof stored.descending === 'boolean' ? stored.descending : DEFAULT_SETTINGS.descending,
  };
}

export function withWidth(settings: TableSettings, column: ColumnId, px: number): TableSettings {
  return { ...settings, widths: { ...settings.widths, [column]: clampWidth(px) } };
}

/** Shows the column (at the end) or hides it; the last one stays. */
export function withToggled(settings: TableSettings, column: ColumnId): TableSettings {
  if (!settings.columns.includes(column)) return { ...settings, columns: [...settings.columns, column] };
  if (settings.columns.length === 1) return settings;
  return { ...settings, columns: settings.columns.filter((c) => c !== column) };
}

/** Puts the column at the index that it is to have afterwards. */
export function withMoved(settings: TableSettings, column: ColumnId, index: number): TableSettings {
  const rest = settings.columns.filter((c) => c !== column);
  if (rest.length === settings.columns.length) return settings;
  const at = Math.min(Math.max(index, 0), rest.length);
  return { ...settings, columns: [...rest.slice(0, at), column, ...rest.slice(at)] };
}

/** Index that a column dropped at `x` (pixels from the left edge of the first column) gets. */
export function dropIndex(settings: TableSettings, column: ColumnId, x: number): number {
  let left = 0;
  let index = 0;
  for (const id of settings.columns) {
    const width = widthOf(settings, id);
    if (id !== column && x > left + width / 2) index++;
    left += width;
  }
  return index;
}
