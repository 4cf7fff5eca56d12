/** Looks at pasted text before it is imported, to name the line and column where it stops being JSON. Pure. */
import { csvHeader } from '../../shared/csv-record.ts';
import { listOf, logLine } from '../../shared/unwrap.ts';
import { parseRecord } from '../components/record-tree-model.ts';

export interface PasteCheck {
  /** At least one record can be read. */
  usable: boolean;
  /** What is wrong, with line and column; null when all is well. */
  problem: string | null;
  /** What it is, in words; null when nothing can be read. */
  what: string | null;
}

/** Line and column (from 1) of a position in the text. */
export function placeOf(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position);
  const line = before.split('\n').length;
  return { line, column: position - before.lastIndexOf('\n') };
}

type Tried = { value: unknown; error: null } | { value: null; error: string; position: number };

// JSON.parse is fast but does not always say where it stopped; the record parser does.
function tryParse(text: string): Tried {
  try {
    return { value: JSON.parse(text) as unknown, error: null };
  } catch {
    const error = parseRecord(text).error ?? 'Not JSON';
    const match = /^Not JSON: (.*) at character (\d+)\.$/s.exec(error);
    return { value: null, error: match ? match[1] : error, position: match ? Number(match[2]) - 1 : text.length };
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

export function checkPaste(text: string): PasteCheck {
  if (text.trim() === '') return { usable: false, problem: null, what: null };
  const whole = tryParse(text);
  if (whole.error === null) {
    const { value } = whole;
    if (Array.isArray(value))
      return { usable: value.length > 0, problem: value.length > 0 ? null : 'The array is empty.', what: `an array of ${value.length}` };
    const list = isObject(value) ? listOf(value) : null;
    if (list !== null) return { usable: true, problem: null, what: `${list.key}: ${list.items.length}` };
    if (isObject(value)) return { usable: true, problem: null, what: 'one record' };
    return { usable: false, problem: 'This is JSON, but no record: a record is an object in braces.', what: null };
  }
  const lines = text.split('\n');
  if (csvHeader(lines[0]) !== null)
    return {
      usable: lines.length > 1,
      problem: lines.length > 1 ? null : 'A header without lines.',
      what: 'lines of CSV under a header of CloudTrail’s fields',
    };
  if (logLine(lines[0]) !== null) return { usable: true, problem: null, what: 'lines of a CloudWatch Logs export' };
  let good = 0;
  let firstBad: string | null = null;
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const parsed = tryParse(line);
    if (parsed.error === null && isObject(parsed.value)) good++;
    else if (firstBad === null) {
      const column = parsed.error === null ? 1 : placeOf(line, parsed.position).column;
      firstBad = `Line ${i + 1}, column ${column}: ${parsed.error === null ? 'not a record' : parsed.error}.`;
    }
  }
  if (good > 0 && lines.length > 1) return { usable: true, problem: firstBad, what: `records, one a line: ${good}` };
  const { line, column } = placeOf(text, whole.position);
  return { usable: false, problem: `Not JSON at line ${line}, column ${column}: ${whole.error}.`, what: null };
}
