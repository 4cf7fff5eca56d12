/** What the cells of a row hold, and the marks before them. */
import type { ColumnId } from '../../../shared/columns.ts';
import type { PageRow } from '../../../shared/plan.ts';
import type { TableSettings } from './table-settings.ts';

/** Columns whose values every row needs for its marks, shown or not. */
const MARK_COLUMNS: readonly ColumnId[] = ['readOnly', 'outcome', 'errorCode', 'integrity'];
const OWN_FIELDS: readonly ColumnId[] = ['eventTime', 'eventID', 'starred'];

/** The columns to ask of the query worker: those shown that are not fields of every row, then those the marks need. */
export function askedColumns(settings: TableSettings): ColumnId[] {
  const shown = settings.columns.filter((c) => !OWN_FIELDS.includes(c));
  return [...shown, ...MARK_COLUMNS.filter((c) => !shown.includes(c))].sort();
}

/** Values of a column in a row, as filters know them; one `null` when absent. */
export function cellValues(row: PageRow, column: ColumnId, asked: readonly ColumnId[]): (string | null)[] {
  if (column === 'eventID') return [row.eventID];
  if (column === 'starred') return [row.starred ? 'true' : null];
  if (column === 'eventTime') return [row.time === null ? null : new Date(row.time).toISOString()];
  const value = row.values[asked.indexOf(column)] ?? null;
  if (Array.isArray(value)) return value.length > 0 ? value : [null];
  return [value];
}

export interface Marks {
  kind: 'read' | 'write' | 'unknown';
  outcome: 'success' | 'denied' | 'error';
  /** Verdict of the event's file. */
  integrity: string | null;
}

export function marksOf(row: PageRow, asked: readonly ColumnId[]): Marks {
  const one = (column: ColumnId): string | null => cellValues(row, column, asked)[0];
  const readOnly = one('readOnly');
  const outcome = one('outcome');
  return {
    kind: readOnly === 'true' ? 'read' : readOnly === 'false' ? 'write' : 'unknown',
    outcome: outcome === 'denied' ? 'denied' : outcome === 'error' || one('errorCode') !== null ? 'error' : 'success',
    integrity: one('integrity'),
  };
}

export const KIND_WORD = { read: 'read', write: 'write', unknown: 'read or write not recorded' } as const;
export const OUTCOME_WORD = { success: 'no error recorded', denied: 'denied', error: 'error' } as const;
