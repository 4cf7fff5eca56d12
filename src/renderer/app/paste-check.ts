/** Looks at pasted text before it is imported, to name the line and column where it stops being JSON. Pure. */

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

/** The position a JSON error speaks of; the end of the text when it says none. */
function positionIn(message: string, text: string): number {
  const match = /position (\d+)/.exec(message);
  return match ? Number(match[1]) : text.length;
}

function tryParse(text: string): { value: unknown; error: null } | { value: null; error: string } {
  try {
    return { value: JSON.parse(text) as unknown, error: null };
  } catch (thrown) {
    return { value: null, error: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

const cause = (message: string): string =>
  message
    .replace(/\s*\(line \d+ column \d+\)/, '')
    .replace(/\s*(?:in JSON )?at position \d+/, '')
    .replace(/,? ?"[\s\S]*" is not valid JSON$/, '')
    .trim();

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

export function checkPaste(text: string): PasteCheck {
  if (text.trim() === '') return { usable: false, problem: null, what: null };
  const whole = tryParse(text);
  if (whole.error === null) {
    const { value } = whole;
    if (Array.isArray(value))
      return { usable: value.length > 0, problem: value.length > 0 ? null : 'The array is empty.', what: `an array of ${value.length}` };
    if (isObject(value) && Array.isArray(value.Records)) return { usable: true, problem: null, what: `Records: ${value.Records.length}` };
    if (isObject(value)) return { usable: true, problem: null, what: 'one record' };
    return { usable: false, problem: 'This is JSON, but no record: a record is an object in braces.', what: null };
  }
  const lines = text.split('\n');
  let good = 0;
  let firstBad: string | null = null;
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const parsed = tryParse(line);
    if (parsed.error === null && isObject(parsed.value)) good++;
    else if (firstBad === null) {
      const column = parsed.error === null ? 1 : placeOf(line, positionIn(parsed.error, line)).column;
      firstBad = `Line ${i + 1}, column ${column}: ${parsed.error === null ? 'not a record' : cause(parsed.error)}.`;
    }
  }
  if (good > 0 && lines.length > 1) return { usable: true, problem: firstBad, what: `records, one a line: ${good}` };
  const { line, column } = placeOf(text, positionIn(whole.error, text));
  return { usable: false, problem: `Not JSON at line ${line}, column ${column}: ${cause(whole.error)}.`, what: null };
}
