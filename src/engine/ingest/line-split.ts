/**
 * Records out of the lines of a text file: a CloudWatch Logs export (`<timestamp> <JSON>` a line) or a CSV with a header. Bytes come
 * in windows, as for JSON; a line in which something is broken costs itself. The cited bytes of a record are its whole line.
 */
import { type CsvHeader, csvHeader, MAX_CSV_HEADER } from '../../shared/csv-record.ts';
import { logLine, type NoRecord, type Unwrapped, unwrapCsv, unwrapLine } from '../../shared/unwrap.ts';
import { MAX_RECORD_BYTES } from './limits.ts';

export interface LineHandler {
  /** What a line holds: a record, something named, or (null) nothing that is known. Offsets are into the window being fed, without the line break. */
  line(inside: Unwrapped | NoRecord | null, start: number, end: number): void;
  /** A line longer than a record may be; `start` may lie before the window. */
  longLine(start: number, end: number): void;
}

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;

export class LineSplitter {
  readonly recordLists = 0;
  readonly bareArrays = 0;
  documents = 0;
  readonly multiline = false;
  readonly listKey = null;
  /** A quote that was never closed: lines behind it were taken one by one. */
  unclosed = false;
  ended = false;
  /** The header line of a CSV, once it was met. */
  header: string | null = null;
  private columns: CsvHeader | null = null;
  private started = false;
  private quotesBroken = false;
  /** Bytes of a line too long that were passed over before this window; 0 when none is being passed over. */
  private passing = 0;

  constructor(
    private readonly handler: LineHandler,
    private readonly format: 'log-lines' | 'csv',
  ) {}

  /** Reads the lines that are complete in `bytes`; returns how many bytes are done with (with `eof` all). */
  feed(bytes: Buffer, eof: boolean): number {
    let at = 0;
    if (!this.started) {
      if (bytes.length < 3 && !eof) return 0;
      this.started = true;
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) at = 3;
    }
    while (at < bytes.length) {
      const end = this.lineEnd(bytes, at, eof);
      if (end === -1) {
        if (bytes.length - at <= MAX_RECORD_BYTES && this.passing === 0) return at;
        this.passing += bytes.length - at;
        return bytes.length;
      }
      if (this.passing > 0) {
        this.handler.longLine(at - this.passing, end);
        this.passing = 0;
      } else this.take(bytes, at, end);
      if (this.ended) return bytes.length;
      at = end;
    }
    if (eof) {
      if (this.passing > 0) this.handler.longLine(-this.passing, bytes.length);
      this.ended = true;
    }
    return bytes.length;
  }

  /** Just behind the line that begins at `at`, its break included; -1 when the window ends first. */
  private lineEnd(bytes: Buffer, at: number, eof: boolean): number {
    const first = bytes.indexOf(LF, at);
    const simple = first === -1 ? (eof ? bytes.length : -1) : first + 1;
    if (this.format !== 'csv' || this.quotesBroken || this.passing > 0) return simple;
    const quote = bytes.indexOf(QUOTE, at);
    if (quote === -1 || (simple !== -1 && quote >= simple)) return simple;
    let quoted = false;
    for (let i = quote; i < bytes.length; i++) {
      const byte = bytes[i];
      if (byte === QUOTE) quoted = !quoted;
      else if (byte === LF && !quoted) return i + 1;
    }
    if (!quoted) return eof ? bytes.length : -1;
    if (!eof && bytes.length - at <= MAX_RECORD_BYTES) return -1;
    // From here on a line break ends a line: a quote that is never closed must not swallow what follows.
    this.quotesBroken = true;
    this.unclosed = true;
    return simple;
  }

  private take(bytes: Buffer, start: number, lineEnd: number): void {
    let end = lineEnd;
    if (end > start && bytes[end - 1] === LF) end--;
    if (end > start && bytes[end - 1] === CR) end--;
    if (end === start) return;
    const text = bytes.toString('utf8', start, end);
    if (text.trim() === '') return;
    if (this.format === 'log-lines') {
      this.documents++;
      const json = logLine(text) ?? (text.startsWith('{') ? text : null);
      this.handler.line(json === null ? null : unwrapLine(json, false), start, end);
      return;
    }
    if (this.columns === null) {
      this.columns = text.length <= MAX_CSV_HEADER ? csvHeader(text) : null;
      if (this.columns === null) {
        this.handler.line(null, start, end);
        this.ended = true;
        return;
      }
      this.header = text;
      return;
    }
    // Downloads put behind one another repeat the header.
    if (text === this.header) return;
    this.documents++;
    this.handler.line(unwrapCsv(this.columns, text, false), start, end);
  }
}
