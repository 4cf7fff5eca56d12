/**
 * Filters compiled for the open case: values become codes once, so a row costs one look into a table. Row tests write 1 (holds) or 0
 * for every row of a segment.
 */

import { encodeUtf8 } from '../../shared/byte-strings.ts';
import type { DictColumnId, MultiColumnId, ValueColumnId } from '../../shared/columns.ts';
import { DICT_COLUMN_IDS, VIRTUAL_COLUMNS } from '../../shared/columns.ts';
import { AppError } from '../../shared/errors.ts';
import type { Filter } from '../../shared/plan.ts';
import { ROW_ID_TEXT, ROW_ID_UUID } from '../../shared/segment.ts';
import { lowerBound } from '../columns/lower-bound.ts';
import { MULTI_COLUMN_IDS, type SegmentColumns } from '../columns/segment-columns.ts';
import { isMulti, type OpenCase } from './open-case.ts';

/** Deeper plans are refused rather than overflow the stack. */
const MAX_DEPTH = 64;
/** From so many values on, a hash table is sooner built than the values looked for one by one. */
const MANY_VALUES = 32;
/** Searched by 'any': what a person reads in a row. The mark `starred` and the verdict `integrity` are not text of the evidence. */
const SEARCHED: readonly ValueColumnId[] = [...DICT_COLUMN_IDS, ...MULTI_COLUMN_IDS, 'file'];
const VALUE_COLUMNS = new Set<string>([
  ...SEARCHED,
  ...VIRTUAL_COLUMNS.map((c) => c.id).filter((id) => id !== 'eventTime' && id !== 'eventID'),
]);

export type RowTest =
  /** Rows one of whose codes of the column is marked in `codes`; code 0 stands for no value. */
  | { test: 'codes'; column: ValueColumnId; codes: Uint8Array; not: boolean }
  /** Rows of this list (ascending). */
  | { test: 'rows'; rows: Uint32Array; not: boolean }
  | { test: 'idText'; text: string; not: boolean }
  | { test: 'every' | 'some'; tests: RowTest[]; not: boolean };

export function checkColumn(column: string): asserts column is ValueColumnId {
  if (VALUE_COLUMNS.has(column)) return;
  const virtual = VIRTUAL_COLUMNS.some((c) => c.id === column);
  throw new AppError(
    'bad-input',
    virtual ? `The column ${column} cannot be counted or filtered by value.` : `There is no column ${column}.`,
  );
}

export function compileFilter(filter: Filter, open: OpenCase, depth = 0): RowTest {
  if (depth > MAX_DEPTH) throw new AppError('bad-input', 'The filter is nested too deeply; write it flatter.');
  const not = filter.not ?? false;
  switch (filter.op) {
    case 'in':
      checkColumn(filter.column);
      return codesTest(filter.column, codesOfValues(open, filter.column, filter.values), not);
    case 'contains':
      return containsTest(open, filter.column, filter.text, not);
    case 'eventID':
      return { test: 'rows', rows: sorted(filter.ids.flatMap((id) => open.keys.rowsOfId(id))), not };
    case 'keys':
      return { test: 'rows', rows: sorted(filter.keys.map((key) => open.keys.find(key)).filter((row) => row >= 0)), not };
    case 'and':
    case 'or': {
      const tests = filter.filters.map((f) => compileFilter(f, open, depth + 1));
      return { test: filter.op === 'and' ? 'every' : 'some', tests, not };
    }
    default:
      throw new AppError('bad-input', 'The plan has a filter of a kind that this version does not know.');
  }
}

/** For a column of one value a row, "not" is the other marks, which costs no pass of its own. */
export function codesTest(column: ValueColumnId, codes: Uint8Array, not: boolean): RowTest {
  if (!not || isMulti(column)) return { test: 'codes', column, codes, not };
  return { test: 'codes', column, codes: codes.map((marked) => marked ^ 1), not: false };
}

/** Marks codes of a column: 1 for each value that exists, at [0] for absent. */
export function codesOfValues(open: OpenCase, column: ValueColumnId, values: readonly (string | null)[]): Uint8Array<ArrayBuffer> {
  const dictionary = open.dictionary(column);
  if (values.length > MANY_VALUES) dictionary.index();
  const codes = new Uint8Array(dictionary.count + 1);
  for (const value of values) {
    const code = value === null ? 0 : dictionary.find(value);
    if (code > 0 || value === null) codes[code] = 1;
  }
  return codes;
}

function containsTest(open: OpenCase, column: ValueColumnId | 'eventID' | 'any', text: string, not: boolean): RowTest {
  const idTest: RowTest = { test: 'idText', text: text.toLowerCase(), not: false };
  if (column === 'eventID') return { ...idTest, not };
  if (column !== 'any') {
    checkColumn(column);
    return codesTest(column, open.dictionary(column).search(text), not);
  }
  const found = SEARCHED.map((c) => codesTest(c, open.dictionary(c).search(text), false)).filter(
    (t) => t.test === 'codes' && t.codes.includes(1),
  );
  return { test: 'some', tests: [...found, idTest], not };
}

/** Writes out[i] = 1 for each row of the segment for which the test holds, else 0. `out` has room for all rows. */
export function runTest(test: RowTest, open: OpenCase, segment: SegmentColumns, out: Uint8Array): void {
  const { rows } = segment;
  switch (test.test) {
    case 'codes':
      markCodes(test.column, test.codes, open, segment, out);
      break;
    case 'rows':
      out.fill(0, 0, rows);
      for (let k = lowerBound(test.rows, segment.base); k < test.rows.length && test.rows[k] < segment.base + rows; k++)
        out[test.rows[k] - segment.base] = 1;
      break;
    case 'idText':
      markIds(test.text, segment, out);
      break;
    default: {
      const every = test.test === 'every';
      out.fill(every ? 1 : 0, 0, rows);
      const part = new Uint8Array(rows);
      for (const inner of test.tests) {
        runTest(inner, open, segment, part);
        if (every) for (let i = 0; i < rows; i++) out[i] &= part[i];
        else for (let i = 0; i < rows; i++) out[i] |= part[i];
      }
    }
  }
  if (test.not) for (let i = 0; i < rows; i++) out[i] ^= 1;
}

/** As `runTest`, for these rows of the segment only: out[k] is of rows[k]. */
export function holdsAt(test: RowTest, open: OpenCase, segment: SegmentColumns, rows: Uint32Array, out: Uint8Array): void {
  const n = rows.length;
  if (test.test === 'codes' && !isMulti(test.column)) {
    const codes = open.codes(segment, test.column as DictColumnId);
    for (let k = 0; k < n; k++) out[k] = test.codes[codes[rows[k]]];
  } else if (test.test === 'every' || test.test === 'some') {
    const every = test.test === 'every';
    out.fill(every ? 1 : 0, 0, n);
    const part = new Uint8Array(n);
    for (const inner of test.tests) {
      holdsAt(inner, open, segment, rows, part);
      if (every) for (let k = 0; k < n; k++) out[k] &= part[k];
      else for (let k = 0; k < n; k++) out[k] |= part[k];
    }
  } else {
    const whole = new Uint8Array(segment.rows);
    runTest({ ...test, not: false }, open, segment, whole);
    for (let k = 0; k < n; k++) out[k] = whole[rows[k]];
  }
  if (test.not) for (let k = 0; k < n; k++) out[k] ^= 1;
}

/** A row holds when one of its codes is marked; a row without values when marked[0] is 1. */
export function markCodes(column: ValueColumnId, marked: Uint8Array, open: OpenCase, segment: SegmentColumns, out: Uint8Array): void {
  if (isMulti(column)) {
    markMulti(column, marked, open, segment, out);
    return;
  }
  const codes = open.codes(segment, column as DictColumnId);
  for (let i = 0; i < segment.rows; i++) out[i] = marked[codes[i]];
}

function markMulti(column: MultiColumnId, marked: Uint8Array, open: OpenCase, segment: SegmentColumns, out: Uint8Array): void {
  const { start, codes } = open.multi(segment, column);
  for (let i = 0; i < segment.rows; i++) {
    const end = start[i + 1];
    let any = start[i] === end ? marked[0] : 0;
    for (let k = start[i]; k < end; k++) any |= marked[codes[k]];
    out[i] = any;
  }
}

const ID_LENGTH = 36;
const CHARACTERS = encodeUtf8('0123456789abcdef');
const DASH = 45;

/** EventIDs that contain the lower-case text, ignoring case. */
function markIds(text: string, segment: SegmentColumns, out: Uint8Array): void {
  const { flags, idWords, rows, idTexts } = segment;
  const inUuid = /^[0-9a-f-]{0,36}$/.test(text);
  const needle = encodeUtf8(text);
  const id = new Uint8Array(ID_LENGTH);
  const texts = new Uint8Array(idTexts.count);
  for (let t = 0; t < idTexts.count; t++) {
    const from = t === 0 ? 0 : idTexts.ends[t - 1];
    const value = new TextDecoder().decode(idTexts.bytes.subarray(from, idTexts.ends[t]));
    texts[t] = value.toLowerCase().includes(text) ? 1 : 0;
  }
  for (let i = 0; i < rows; i++) {
    if (flags[i] & ROW_ID_TEXT) out[i] = texts[idWords[i * 4]];
    else if (flags[i] & ROW_ID_UUID && inUuid) {
      writeUuid(idWords, i * 4, id);
      out[i] = contains(id, needle) ? 1 : 0;
    } else out[i] = 0;
  }
}

function writeUuid(words: Uint32Array, at: number, out: Uint8Array): void {
  let n = 0;
  for (let digit = 0; digit < 32; digit++) {
    if (digit === 8 || digit === 12 || digit === 16 || digit === 20) out[n++] = DASH;
    out[n++] = CHARACTERS[(words[at + (digit >> 3)] >>> (28 - 4 * (digit & 7))) & 15];
  }
}

function contains(bytes: Uint8Array, needle: Uint8Array): boolean {
  const last = bytes.length - needle.length;
  for (let from = 0; from <= last; from++) {
    let k = 0;
    while (k < needle.length && bytes[from + k] === needle[k]) k++;
    if (k === needle.length) return true;
  }
  return false;
}

function sorted(rows: number[]): Uint32Array {
  return Uint32Array.from(new Set(rows)).sort();
}
