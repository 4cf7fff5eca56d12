/** A selection in words, for the beginning of a note: what was looked at, so that it can be looked at again. */
import type { EpochMs } from '../../../shared/brand.ts';
import { type ColumnId, columnSpec } from '../../../shared/columns.ts';
import type { Filter, Selection } from '../../../shared/plan.ts';

const MAX_VALUES = 5;

const quoted = (value: string | null): string =>
  value === null ? 'absent' : `“${value.length > 200 ? `${value.slice(0, 199).toWellFormed()}…` : value}”`;

const label = (column: ColumnId | 'any'): string => (column === 'any' ? 'any column' : columnSpec(column).label);

function values(list: readonly (string | null)[]): string {
  const shown = list.slice(0, MAX_VALUES).map(quoted).join(' or ');
  return list.length > MAX_VALUES ? `${shown} or ${list.length - MAX_VALUES} more` : shown;
}

/** One condition as a phrase. */
export function describeFilter(filter: Filter): string {
  switch (filter.op) {
    case 'in':
      return `${label(filter.column)} is ${filter.not ? 'not ' : ''}${values(filter.values)}`;
    case 'contains':
      return `${label(filter.column)} ${filter.not ? 'does not contain' : 'contains'} ${quoted(filter.text)}`;
    case 'eventID':
      return `Event ID is ${filter.not ? 'not ' : ''}${values(filter.ids)}`;
    case 'keys':
      return `${filter.not ? 'none' : 'one'} of ${filter.keys.length} chosen event${filter.keys.length === 1 ? '' : 's'}`;
    case 'and':
    case 'or': {
      const inner = filter.filters.map(describeFilter).join(filter.op === 'and' ? ' and ' : ' or ');
      return `${filter.not ? 'not ' : ''}(${inner || (filter.op === 'and' ? 'anything' : 'nothing')})`;
    }
  }
}

/** The conditions of a selection, a phrase each; empty when nothing is narrowed. `time` formats with its label. */
export function describeSelection(selection: Selection, time: (at: EpochMs) => string): string[] {
  const lines: string[] = [];
  const { from, to } = selection.time;
  if (from !== null && to !== null) lines.push(`Time from ${time(from)} (inclusive) to ${time(to)} (exclusive)`);
  else if (from !== null) lines.push(`Time from ${time(from)} (inclusive)`);
  else if (to !== null) lines.push(`Time before ${time(to)}`);
  lines.push(...selection.filters.map(describeFilter));
  if (selection.hideReadOnly) lines.push('Read-only events hidden');
  if (selection.hideServiceCalls) lines.push('Calls made by AWS services hidden');
  return lines;
}
