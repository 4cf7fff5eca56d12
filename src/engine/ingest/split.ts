/**
 * Records out of the bytes of a file, each with its exact byte range: `{"Records":[…]}` and the other lists that hold records or
 * wrappers of them, a bare array, one record, one record a line, and several such documents one after another. Bytes come in windows, so that no file is ever one string; what is broken
 * costs itself and nothing beside it.
 *
 * Speed: the end of most records is guessed by searching the text that stood between earlier ones (`},{"eventVersion"`), and
 * `JSON.parse` is the judge of the guess: a slice that begins where a value must begin and parses is that value. Only where a
 * guess fails are brackets counted.
 */
import { isAscii } from 'node:buffer';
import { insightsRow, LIST_KEYS } from '../../shared/unwrap.ts';
import { decode, type IdentityCache, parse } from './identity-cache.ts';
import {
  BROKEN,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  INCOMPLETE,
  isSpace,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  scannedTo,
  skipSpace,
  stringEnd,
  valueEnd,
} from './json-scan.ts';
import { MAX_RECORD_BYTES } from './limits.ts';
import type { JsonObject } from './record.ts';

/** Receives what is found, in the order of the file. Offsets are into the window being fed. */
export interface SplitHandler {
  /**
   * An object in the place of a record: an element of an array, or a whole document. Returns 'stop' to stop reading, or 'list' when
   * the document holds a list that is to be read element by element.
   */
  object(value: JsonObject, start: number, end: number, place: Place): 'taken' | 'list' | 'stop';
  /** Something in the place of a record that is no object: a JSON value of another type (`type` says which), or broken text (null). */
  broken(start: number, end: number, type: string | null): void;
  /** A document without records so far that is larger than a record may be. Reading stops. */
  oversized(start: number): void;
}

export type Place = 'element' | 'document';
type State = 'start' | 'top' | 'array' | 'after-array' | 'skip' | 'end';

/** Records up to this length cannot pass the depth limit, so a guessed end needs no counting. */
const GUESS_BYTES = 4096;
/** Bytes scanned for the ends of broken records, as a multiple of the window: past it a record's end is looked for no further than GUESS_BYTES. */
const PATIENCE = 100;
const MAX_NEEDLE = 128;
const MAX_FIRST_KEYS = 8;
const NEED_MORE = -1;
/** What may be the next record does not end in this window. */
const UNDECIDED = -2;
const BOM = [0xef, 0xbb, 0xbf];

export class JsonSplitter {
  /** Lists like `{"Records":[` entered, bare arrays entered, and other top-level documents. */
  recordLists = 0;
  /** The key of the last list entered. */
  listKey: string | null = null;
  bareArrays = 0;
  documents = 0;
  /** A top-level document goes over several lines (then several of them are not "one a line"). */
  multiline = false;
  /** The text ended inside an array or object. */
  unclosed = false;
  hasBom = false;
  private state: State = 'start';
  /** Objects around the array being read. */
  private objectDepth = 0;
  private needle: Buffer | null = Buffer.from('},{"eventVersion"');
  private failedGuesses = 0;
  private learnt = 0;
  private noNeedleAhead = false;
  /** Where the needle was last found in this window: searched once, however far ahead it is. */
  private needleAt = -1;
  private readonly firstKeys: Buffer[] = [Buffer.from('"eventVersion"')];
  /** Where these were last found in this window, and a brace that begins a line: each stretch is searched once. */
  private keyAt: number[] = [];
  private lineAt = 0;
  /** Bytes of this window scanned for ends that were not found. */
  private wasted = 0;
  /** In state 'skip': how far before the window the broken text began. */
  private skipped = 0;
  private skipPlace: Place = 'element';
  /** What stands before the record that `nextElement` found. */
  private foundAfter: 'comma' | 'list' | 'line' = 'comma';
  private ascii = false;

  constructor(
    private readonly handler: SplitHandler,
    private readonly identities: IdentityCache,
  ) {}

  get ended(): boolean {
    return this.state === 'end';
  }

  /**
   * Reads what is complete in `bytes`, which continue where the last call's consumed bytes ended. Returns how many bytes are done
   * with; with `eof` that is all of them. 0 without `eof` means: more bytes are needed.
   */
  feed(bytes: Buffer, eof: boolean): number {
    this.ascii = isAscii(bytes);
    this.identities.begin(bytes);
    this.noNeedleAhead = false;
    this.needleAt = -1;
    this.keyAt = [];
    this.lineAt = 0;
    this.wasted = 0;
    const end = bytes.length;
    let at = 0;
    if (this.state === 'start') {
      if (end < 3 && !eof) return 0;
      if (BOM.every((byte, i) => bytes[i] === byte)) {
        this.hasBom = true;
        at = 3;
      }
      this.state = 'top';
    }
    for (;;) {
      const next = this.step(bytes, at, end, eof);
      if (next === NEED_MORE) break;
      at = next;
      if (this.state === 'end') return end;
    }
    if (!eof) {
      if (this.state === 'skip') this.skipped += at;
      return at;
    }
    if (this.state === 'array' || this.state === 'after-array') this.unclosed = true;
    this.state = 'end';
    return end;
  }

  private step(bytes: Buffer, from: number, end: number, eof: boolean): number {
    const at = skipSpace(bytes, from, end);
    if (at >= end) return this.state === 'skip' && eof ? this.endSkip(end, end) : at === from ? NEED_MORE : at;
    switch (this.state) {
      case 'array':
        return this.element(bytes, at, end, eof);
      case 'after-array':
        return this.afterArray(bytes, at, end, eof);
      case 'skip':
        return this.skip(bytes, at, end, eof);
      default:
        return this.document(bytes, at, end, eof);
    }
  }

  private element(bytes: Buffer, at: number, end: number, eof: boolean): number {
    const byte = bytes[at];
    if (byte === COMMA) return at + 1;
    if (byte === CLOSE_BRACKET) {
      this.state = this.objectDepth > 0 ? 'after-array' : 'top';
      return at + 1;
    }
    return this.value(bytes, at, end, eof, 'element');
  }

  /** The rest of an object behind its list of records: `, "key": value … }`. */
  private afterArray(bytes: Buffer, at: number, end: number, eof: boolean): number {
    if (bytes[at] === CLOSE_BRACE) {
      if (--this.objectDepth === 0) this.state = 'top';
      return at + 1;
    }
    if (bytes[at] !== COMMA) return this.resync(bytes, at, NEED_MORE, end, eof, 'element');
    const found = this.findList(bytes, at + 1, this.objectDepth, end, eof);
    if (found.is === 'list') return this.enterList(found);
    if (found.is === 'end') {
      this.objectDepth = 0;
      this.state = 'top';
      return found.at;
    }
    if (found.is === 'incomplete' && !eof && end - at <= MAX_RECORD_BYTES) return NEED_MORE;
    return this.resync(bytes, at, NEED_MORE, end, eof, 'element');
  }

  /** A top-level value. */
  private document(bytes: Buffer, at: number, end: number, eof: boolean): number {
    const byte = bytes[at];
    if (byte === OPEN_BRACKET) {
      this.bareArrays++;
      this.objectDepth = 0;
      this.state = 'array';
      return at + 1;
    }
    if (byte !== OPEN_BRACE) {
      // Records closed too early by broken text: what follows may still hold some.
      return this.resync(bytes, at, NEED_MORE, end, eof, this.recordLists + this.bareArrays > 0 ? 'element' : 'document');
    }
    if (this.documents > 0 && this.recordLists === 0) return this.value(bytes, at, end, eof, 'document');
    const found = this.findList(bytes, at + 1, 1, end, eof);
    if (found.is === 'list') return this.enterList(found);
    if (found.is === 'incomplete' && !eof) {
      if (end - at <= MAX_RECORD_BYTES) return NEED_MORE;
      this.handler.oversized(at);
      this.state = 'end';
      return end;
    }
    return this.value(bytes, at, end, eof, 'document');
  }

  private enterList(found: Extract<Found, { is: 'list' }>): number {
    this.recordLists++;
    this.listKey = found.key;
    this.objectDepth = found.depth;
    this.state = 'array';
    for (const key of FIRST_KEYS[found.key] ?? []) {
      const bytes = Buffer.from(JSON.stringify(key));
      if (!this.firstKeys.some((known) => known.equals(bytes))) this.firstKeys.push(bytes);
    }
    return found.at;
  }

  /**
   * Walks the keys of an object, `depth` objects deep, from behind a brace or a comma: to the inside of a list of records (see
   * LIST_KEYS; search answers have theirs in `hits.hits`), or behind the outermost object.
   */
  private findList(bytes: Buffer, from: number, fromDepth: number, end: number, eof: boolean): Found {
    let at = from;
    let depth = fromDepth;
    for (;;) {
      at = skipSpace(bytes, at, end);
      if (at >= end) return { is: 'incomplete', at };
      if (bytes[at] === CLOSE_BRACE) {
        at++;
        if (--depth === 0) return { is: 'end', at };
        continue;
      }
      if (bytes[at] === COMMA) {
        at++;
        continue;
      }
      if (bytes[at] !== QUOTE) return { is: 'broken', at };
      const keyEnd = stringEnd(bytes, at, end);
      if (keyEnd === INCOMPLETE) return { is: 'incomplete', at };
      const key = keyEnd - at <= LONGEST_KEY + 2 ? bytes.toString('latin1', at + 1, keyEnd - 1) : '';
      at = skipSpace(bytes, keyEnd, end);
      if (at >= end) return { is: 'incomplete', at };
      if (bytes[at] !== COLON) return { is: 'broken', at };
      at = skipSpace(bytes, at + 1, end);
      if (at >= end) return { is: 'incomplete', at };
      if (bytes[at] === OPEN_BRACKET && (depth === 1 ? LIST_KEYS.includes(key) : key === HITS))
        return { is: 'list', at: at + 1, key, depth };
      if (depth === 1 && key === HITS && bytes[at] === OPEN_BRACE) {
        depth = 2;
        at++;
        continue;
      }
      const after = valueEnd(bytes, at, end);
      if (after === BROKEN) return { is: 'broken', at };
      if (after === INCOMPLETE || (after === end && !eof)) return { is: 'incomplete', at };
      at = after;
    }
  }

  /** One value in the place of a record. */
  private value(bytes: Buffer, at: number, end: number, eof: boolean, place: Place): number {
    const isObject = bytes[at] === OPEN_BRACE;
    if (isObject && this.needle !== null && !this.noNeedleAhead) {
      const guess = this.guess(bytes, at);
      if (guess !== NEED_MORE) {
        const value = this.identities.parse(at, guess, this.ascii);
        if (value !== undefined) return this.take(value as JsonObject, bytes, at, guess, end, place);
        if (++this.failedGuesses > 64) this.needle = null;
      }
    }
    const impatient = this.wasted > PATIENCE * end;
    const after = valueEnd(bytes, at, impatient ? Math.min(end, at + GUESS_BYTES) : end);
    if (after < 0 && scannedTo > at) this.wasted += scannedTo - at;
    const tooLong = (after < 0 ? end : after) - at > MAX_RECORD_BYTES;
    if (after === INCOMPLETE && !eof && !tooLong && !(impatient && at + GUESS_BYTES < end)) return NEED_MORE;
    if (after < 0) return this.resync(bytes, at, NEED_MORE, end, eof, place);
    const next = skipSpace(bytes, after, end);
    if (next >= end && !eof && !tooLong) return NEED_MORE;
    if (tooLong) return this.resync(bytes, at, after, end, eof, place);
    const value = parse(decode(bytes, at, after, this.ascii));
    if (value === undefined) {
      const boundary = this.boundary(bytes, next, end, place);
      if (boundary === 'more' && !eof) return NEED_MORE;
      return this.resync(bytes, at, boundary === 'no' ? NEED_MORE : after, end, eof, place);
    }
    if (isObject) {
      // A stray brace can close a record too early: what follows then is the rest of it, and nothing that follows a record.
      const follows = this.follows(bytes, at, after, next, end, eof, place);
      if (follows === 'more' && !tooLong) return NEED_MORE;
      if (follows === 'no') return this.resync(bytes, at, NEED_MORE, end, eof, place);
      if (place === 'document' && bytes.subarray(at, after).includes(LINE_FEED)) this.multiline = true;
      this.learn(bytes, after, next, end, value as JsonObject, place);
      return this.take(value as JsonObject, bytes, at, after, end, place);
    }
    // A name or text without its braces is broken text, not a value.
    if (place === 'document' || !(next >= end || bytes[next] === COMMA || bytes[next] === CLOSE_BRACKET)) {
      return this.resync(bytes, at, NEED_MORE, end, eof, place);
    }
    const row = insightsRow(value);
    if (row !== null) return this.take(row, bytes, at, after, end, place);
    this.handler.broken(at, after, typeName(value));
    return after;
  }

  private take(value: JsonObject, bytes: Buffer, start: number, after: number, end: number, place: Place): number {
    const answer = this.handler.object(value, start, after, place);
    if (answer === 'list') {
      const found = this.findList(bytes, start + 1, 1, after, true);
      if (found.is === 'list') return this.enterList(found);
    }
    if (place === 'document') this.documents++;
    if (answer !== 'stop') return after;
    this.state = 'end';
    return end;
  }

  private guess(bytes: Buffer, at: number): number {
    if (this.needleAt <= at) this.needleAt = bytes.indexOf(this.needle!, at + 1);
    const found = this.needleAt;
    if (found === -1) {
      this.noNeedleAhead = true;
      return NEED_MORE;
    }
    return found + 1 - at <= GUESS_BYTES ? found + 1 : NEED_MORE;
  }

  /** What stands between this record and the next, if that is not the needle already. */
  private learn(bytes: Buffer, after: number, next: number, end: number, value: JsonObject, place: Place): void {
    if (this.learnt >= MAX_FIRST_KEYS || next >= end) return;
    let at = next;
    if (place === 'element') {
      if (bytes[at] !== COMMA) return;
      at = skipSpace(bytes, at + 1, end);
    }
    if (bytes[at] !== OPEN_BRACE) return;
    at = skipSpace(bytes, at + 1, end);
    const keyEnd = bytes[at] === QUOTE ? stringEnd(bytes, at, end) : INCOMPLETE;
    if (keyEnd === INCOMPLETE || keyEnd - after > MAX_NEEDLE) return;
    const needle = bytes.subarray(after - 1, keyEnd);
    if (this.needle?.equals(needle)) return;
    this.learnt++;
    this.needle = Buffer.from(needle);
    this.noNeedleAhead = false;
    this.needleAt = -1;
    for (const first in value) {
      const key = Buffer.from(JSON.stringify(first));
      if (!this.firstKeys.some((known) => known.equals(key))) this.firstKeys.push(key);
      break;
    }
  }

  /** Whether the text at `next` can stand behind a whole record in well-formed text. */
  private follows(bytes: Buffer, at: number, to: number, next: number, end: number, eof: boolean, place: Place): 'yes' | 'no' | 'more' {
    if (next >= end) return 'yes';
    const byte = bytes[next];
    if (place === 'document') {
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) return 'yes';
      // A whole line is a record, whatever the next one is; one that goes over lines is, if what follows is no rest of it.
      if (!bytes.subarray(to, next).includes(LINE_FEED)) return 'no';
      return !bytes.subarray(at, to).includes(LINE_FEED) || !REST.includes(byte) ? 'yes' : 'no';
    }
    if (byte === CLOSE_BRACKET) return 'yes';
    if (byte !== COMMA) return 'no';
    const after = skipSpace(bytes, next + 1, end);
    if (after >= end) return eof ? 'yes' : 'more';
    if (bytes[after] !== QUOTE) return bytes[after] === CLOSE_BRACE || bytes[after] === COLON ? 'no' : 'yes';
    const textEnd = stringEnd(bytes, after, end);
    const colon = textEnd === INCOMPLETE ? end : skipSpace(bytes, textEnd, end);
    if (colon >= end) return eof ? 'yes' : 'more';
    return bytes[colon] === COLON ? 'no' : 'yes';
  }

  /** Whether another record, or the end of the list, is what comes at `next`. */
  private boundary(bytes: Buffer, next: number, end: number, place: Place): 'yes' | 'no' | 'more' {
    if (next >= end) return 'more';
    if (place === 'document') return bytes[next] === OPEN_BRACE ? 'yes' : 'no';
    if (bytes[next] === CLOSE_BRACKET) return 'yes';
    if (bytes[next] !== COMMA) return 'no';
    const after = skipSpace(bytes, next + 1, end);
    return after >= end ? 'more' : bytes[after] === OPEN_BRACE ? 'yes' : 'no';
  }

  /**
   * Broken text at `at`: it ends at `balanced` (where its brackets close, if that is a boundary) or at the first sign of another
   * record, whichever comes first.
   */
  private resync(bytes: Buffer, at: number, balanced: number, end: number, eof: boolean, place: Place): number {
    const limit = balanced === NEED_MORE ? end : balanced;
    const next = this.nextRecord(bytes, at + 1, limit, end, balanced !== NEED_MORE, place);
    if (next === UNDECIDED && !eof && end - at <= MAX_RECORD_BYTES) return NEED_MORE;
    if (next >= 0) {
      this.handler.broken(at, trimEnd(bytes, at, next), null);
      if (place === 'element') this.resume();
      return next;
    }
    if (balanced !== NEED_MORE) {
      this.handler.broken(at, balanced, null);
      return balanced;
    }
    if (!eof) {
      if (end - at <= MAX_RECORD_BYTES) return NEED_MORE;
      this.skipped = -at;
      this.skipPlace = place;
      this.state = 'skip';
      return end - KEEP_BYTES;
    }
    this.handler.broken(at, trimEnd(bytes, at, end), null);
    const tail = bytes.toString('latin1', Math.max(at, end - 64), end).trimEnd();
    this.unclosed = place === 'element' && !/[\]}]\s*\}?$/.test(tail);
    this.state = 'end';
    return end;
  }

  /** Broken text longer than a record may be: only its place is kept while the next record is looked for. */
  private skip(bytes: Buffer, at: number, end: number, eof: boolean): number {
    const next = this.nextRecord(bytes, at, end, end, false, this.skipPlace);
    if (next >= 0) return this.endSkip(next, next);
    if (eof) return this.endSkip(end, end);
    const keep = Math.max(at, end - KEEP_BYTES);
    return keep === at ? NEED_MORE : keep;
  }

  private endSkip(at: number, next: number): number {
    this.handler.broken(-this.skipped, at, null);
    this.skipped = 0;
    if (this.skipPlace === 'element') this.resume();
    else this.state = 'top';
    return next;
  }

  /** Broken text may have swallowed the end of its list, and the beginning of another. */
  private resume(): void {
    this.state = this.foundAfter === 'line' ? 'top' : 'array';
    if (this.foundAfter !== 'list') return;
    this.recordLists++;
    this.objectDepth = 1;
  }

  /**
   * Where the next record seems to begin: a brace before a record's first key, behind a comma, at the beginning of a list of records
   * or of a line; in a file of lines, any brace that begins one.
   */
  private nextRecord(bytes: Buffer, from: number, limit: number, end: number, mustParse: boolean, place: Place): number {
    let at = from;
    let undecided = false;
    for (let tries = 0; tries < 64; tries++) {
      const found = place === 'document' ? this.nextLine(bytes, at, limit) : this.nextElement(bytes, at, limit, end);
      if (found === NEED_MORE && undecided) return UNDECIDED;
      if (found === NEED_MORE || !mustParse) return found;
      const after = valueEnd(bytes, found, this.wasted > PATIENCE * end ? Math.min(end, found + GUESS_BYTES) : end);
      if (after < 0 && scannedTo > found) this.wasted += scannedTo - found;
      if (after === INCOMPLETE) undecided = true;
      if (after > 0 && after - found <= MAX_RECORD_BYTES) {
        const value = parse(decode(bytes, found, after, this.ascii));
        if (value !== undefined && (Object.keys(value as object).length > 2 || Object.hasOwn(value as object, 'Records'))) return found;
      }
      at = found + 1;
    }
    return NEED_MORE;
  }

  private nextElement(bytes: Buffer, from: number, limit: number, end: number): number {
    let best = NEED_MORE;
    for (const [index, key] of this.firstKeys.entries()) {
      let at = this.keyAt[index] ?? -1;
      if (at < from) at = find(bytes, key, from);
      for (; at < limit && (best === NEED_MORE || at < best); at = find(bytes, key, at + 1)) {
        const brace = spaceBefore(bytes, at, from) - 1;
        if (brace < from || bytes[brace] !== OPEN_BRACE) continue;
        const after = standsAfter(bytes, brace, from);
        if (after === null) continue;
        best = brace;
        this.foundAfter = after === 'line' && this.inList(bytes, brace, end) ? 'comma' : after;
        break;
      }
      this.keyAt[index] = at;
    }
    return best;
  }

  /** Whether what begins at `brace` is followed as an element of a list is, not as a line. */
  private inList(bytes: Buffer, brace: number, end: number): boolean {
    const after = valueEnd(bytes, brace, Math.min(end, brace + GUESS_BYTES));
    const next = after < 0 ? end : skipSpace(bytes, after, end);
    return next < end && (bytes[next] === COMMA || bytes[next] === CLOSE_BRACKET);
  }

  private nextLine(bytes: Buffer, from: number, limit: number): number {
    if (this.lineAt < from) this.lineAt = find(bytes, LINE_START, from);
    return this.lineAt < limit ? this.lineAt + 1 : NEED_MORE;
  }
}

const KEEP_BYTES = 4096;
const LINE_FEED = 0x0a;
const LINE_START = Buffer.from('\n{');
/** What the rest of a record begins with that a stray brace has closed too early. */
const REST: readonly number[] = [COMMA, COLON, QUOTE, CLOSE_BRACE, CLOSE_BRACKET];
const HITS = 'hits';
/** What the elements of a list begin with, by its key: where broken text ends, if no two elements were seen before. */
const FIRST_KEYS: Record<string, readonly string[] | undefined> = {
  Events: ['EventId', 'EventName'],
  logEvents: ['id'],
  events: ['logStreamName', 'timestamp'],
  Messages: ['MessageId'],
  hits: ['_index'],
};
const LONGEST_KEY = Math.max(...LIST_KEYS.map((key) => key.length));

type Found = { is: 'list'; at: number; key: string; depth: number } | { is: 'end' | 'incomplete' | 'broken'; at: number };

/** Infinity when there is none. */
function find(bytes: Buffer, what: Buffer, from: number): number {
  const at = bytes.indexOf(what, from);
  return at === -1 ? Number.POSITIVE_INFINITY : at;
}

function standsAfter(bytes: Buffer, brace: number, from: number): 'comma' | 'list' | 'line' | null {
  const end = spaceBefore(bytes, brace, from);
  if (end > 0 && bytes[end - 1] === COMMA) return 'comma';
  if (end > from && bytes[end - 1] === OPEN_BRACKET) {
    const colon = spaceBefore(bytes, end - 1, from);
    if (colon <= from || bytes[colon - 1] !== COLON) return null;
    const key = spaceBefore(bytes, colon - 1, from);
    const text = bytes.toString('latin1', Math.max(from, key - LONGEST_KEY - 2), key);
    return LIST_KEYS.some((list) => text.endsWith(`"${list}"`)) ? 'list' : null;
  }
  // Behind an opening brace it is the same record with a brace too many.
  return brace > from && bytes[brace - 1] === LINE_FEED && bytes[end - 1] !== OPEN_BRACE ? 'line' : null;
}

function spaceBefore(bytes: Buffer, at: number, from: number): number {
  while (at > from && isSpace(bytes[at - 1])) at--;
  return at;
}

/** End of broken text without the separator and spaces before what follows it. */
function trimEnd(bytes: Buffer, start: number, end: number): number {
  let at = spaceBefore(bytes, end, start + 1);
  if (at > start + 1 && bytes[at - 1] === COMMA) at = spaceBefore(bytes, at - 1, start + 1);
  return at;
}

const typeName = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value === 'string' ? 'a text' : `a ${typeof value}`;
