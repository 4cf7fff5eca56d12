/** Where exactly a piece of text stops being JSON: V8 names a position in some of its messages only. Used after a failure, never before. */
import { CLOSE_BRACE, CLOSE_BRACKET, COLON, COMMA, isSpace, OPEN_BRACE, OPEN_BRACKET, QUOTE, skipSpace } from './json-scan.ts';
import { MAX_DEPTH } from './limits.ts';

export interface JsonFault {
  /** Byte offset in `bytes`. */
  offset: number;
  /** What was found there, for a sentence: "a comma", "the end of the text". */
  found: string;
  expected: string;
}

/** Bytes; no number of JSON that means anything is longer. */
const MAX_SCALAR = 400;
const SCALAR = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/** The first fault of the JSON value in [start, end), or null when it is one value and nothing more. */
export function findJsonFault(bytes: Buffer, start: number, end: number): JsonFault | null {
  const open: number[] = [];
  let at = start;
  /** What may come next: a value, a value or the end of the list, a key, a key or the end of the object, a colon, a separator. */
  let state: 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'after' = 'value';
  const fault = (offset: number, expected: string): JsonFault => ({ offset, found: nameOf(bytes, offset, end), expected });
  for (;;) {
    at = skipSpace(bytes, at, end);
    if (state === 'after' && open.length === 0) return at >= end ? null : fault(at, 'the end of the value');
    if (at >= end) return fault(end, expectation(state, open.at(-1)));
    const byte = bytes[at];
    if (state === 'colon') {
      if (byte !== COLON) return fault(at, 'a colon');
      state = 'value';
      at++;
    } else if (state === 'after') {
      const object = open.at(-1) === OPEN_BRACE;
      if (byte === COMMA) state = object ? 'key' : 'value';
      else if (byte === (object ? CLOSE_BRACE : CLOSE_BRACKET)) open.pop();
      else return fault(at, expectation(state, open.at(-1)));
      at++;
    } else if ((state === 'key-or-end' && byte === CLOSE_BRACE) || (state === 'value-or-end' && byte === CLOSE_BRACKET)) {
      open.pop();
      state = 'after';
      at++;
    } else if (state === 'key' || state === 'key-or-end') {
      if (byte !== QUOTE) return fault(at, 'a name in double quotes');
      const string = scanString(bytes, at, end);
      if ('fault' in string) return string.fault;
      at = string.end;
      state = 'colon';
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (open.length >= MAX_DEPTH) return { offset: at, found: `nesting deeper than ${MAX_DEPTH} levels`, expected: 'less nesting' };
      open.push(byte);
      state = byte === OPEN_BRACE ? 'key-or-end' : 'value-or-end';
      at++;
    } else if (byte === QUOTE) {
      const string = scanString(bytes, at, end);
      if ('fault' in string) return string.fault;
      at = string.end;
      state = 'after';
    } else {
      let stop = at;
      while (
        stop < end &&
        stop - at <= MAX_SCALAR &&
        !isSpace(bytes[stop]) &&
        ![COMMA, COLON, CLOSE_BRACE, CLOSE_BRACKET, OPEN_BRACE, OPEN_BRACKET, QUOTE].includes(bytes[stop])
      ) {
        stop++;
      }
      if (stop - at > MAX_SCALAR || !SCALAR.test(bytes.toString('latin1', at, stop))) return fault(at, 'a value');
      at = stop;
      state = 'after';
    }
  }
}

function expectation(state: string, container: number | undefined): string {
  if (state === 'after') return container === OPEN_BRACE ? 'a comma or a closing brace' : 'a comma or a closing bracket';
  if (state === 'colon') return 'a colon';
  return state.startsWith('key') ? 'a name in double quotes' : 'a value';
}

function scanString(bytes: Buffer, at: number, end: number): { end: number } | { fault: JsonFault } {
  for (let i = at + 1; i < end; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) return { end: i + 1 };
    if (byte < 0x20) return { fault: { offset: i, found: nameOf(bytes, i, end), expected: 'an escaped control character in a string' } };
    if (byte !== 0x5c) continue;
    const escaped = bytes[++i];
    const valid =
      escaped === 0x75
        ? /^[0-9a-fA-F]{4}$/.test(bytes.toString('latin1', i + 1, Math.min(i + 5, end)))
        : '"\\/bfnrt'.includes(String.fromCharCode(escaped));
    if (i < end && !valid) return { fault: { offset: i - 1, found: 'a broken escape', expected: 'a valid escape in a string' } };
  }
  return { fault: { offset: end, found: 'the end of the text', expected: 'a closing quote' } };
}

function nameOf(bytes: Buffer, at: number, end: number): string {
  if (at >= end) return 'the end of the text';
  const byte = bytes[at];
  if (byte >= 0x21 && byte < 0x7f) return `“${String.fromCharCode(byte)}”`;
  return `the byte 0x${byte.toString(16).padStart(2, '0')}`;
}

/** Lines and columns (both from 1, columns in characters) of byte offsets of a text held whole. Asked in order, each stretch is counted once. */
export class TextPlaces {
  private at: number;
  private line = 1;
  private column = 1;
  private readonly start: number;

  constructor(private readonly bytes: Buffer) {
    this.start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    this.at = this.start;
  }

  of(offset: number): { line: number; column: number } {
    const { bytes } = this;
    if (offset < this.at) {
      this.at = Math.min(this.start, offset);
      this.line = 1;
      this.column = 1;
    }
    for (let feed = bytes.indexOf(0x0a, this.at); feed !== -1 && feed < offset; feed = bytes.indexOf(0x0a, feed + 1)) {
      this.line++;
      this.column = 1;
      this.at = feed + 1;
    }
    this.column += bytes.toString('utf8', this.at, offset).length;
    this.at = offset;
    return { line: this.line, column: this.column };
  }
}
