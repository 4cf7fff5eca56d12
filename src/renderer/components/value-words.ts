/** Values of columns in words where the raw value would not say it; verbatim otherwise. */
import { eventVerdictWord } from '../../engine/client/index.ts';
import { type ColumnId, columnSpec } from '../../shared/columns.ts';
import { visibleString } from './visible-text.tsx';

const WORDS: Partial<Record<ColumnId, Record<string, string>>> = {
  readOnly: { true: 'read', false: 'write' },
  starred: { true: 'starred', false: 'not starred' },
};
const ABSENT: Partial<Record<ColumnId, string>> = {
  errorCode: '(no error code)',
  readOnly: '(not recorded)',
  invokedBy: '(absent)',
  starred: 'not starred',
  integrity: '(no verdict)',
};

/** The value as shown in lists, legends and chips; absent ones are said in words, in parentheses. */
export function valueWords(column: ColumnId, value: string | null): string {
  if (value === null) return ABSENT[column] ?? '(absent)';
  if (value === '') return '(empty text)';
  if (column === 'integrity') return eventVerdictWord(value) ?? visibleString(value);
  const words = WORDS[column];
  // Evidence may say `constructor` or `__proto__`, which every object answers to.
  return words && Object.hasOwn(words, value) ? words[value] : visibleString(value);
}

/** A column's label inside a sentence: `source IP`, `identity ARN`; abbreviations and AWS's own words keep their capitals. */
export function labelInText(column: ColumnId): string {
  const { label } = columnSpec(column);
  return /^[A-Z][a-z]/.test(label) && column !== 'awsRegion' ? label[0].toLowerCase() + label.slice(1) : label;
}

export const columnLabel = (column: ColumnId | 'any'): string => (column === 'any' ? 'Any column' : columnSpec(column).label);

/** Meaning of a value that has a fixed colour on every screen; null for all others. */
export type Meaning = 'write' | 'read' | 'error' | 'denied' | 'success';
export function meaningOf(column: ColumnId, value: string | null): Meaning | null {
  if (column === 'readOnly') return value === 'true' ? 'read' : value === 'false' ? 'write' : null;
  if (column === 'outcome') return value === 'success' || value === 'error' || value === 'denied' ? value : null;
  if (column === 'errorCode' && value === null) return 'success';
  return null;
}
