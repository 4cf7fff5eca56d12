/** One file's unpacked bytes to rows, aggregated records, problems and the facts of its ledger row. Knows nothing of disks, packing and commits. */
import { isUtf8 } from 'node:buffer';
import type { EpochMs } from '../../shared/brand.ts';
import { type AggregatedRecord, type EvidenceFile, type FileKind, MAX_PROBLEMS_PER_FILE, type RecordProblem } from '../../shared/ledger.ts';
import { type RecordShape, shapeFacts } from '../../shared/record-shapes.ts';
import { ROW_INSIGHT, ROW_SUMMARY, ROW_TIME_UNREADABLE } from '../../shared/segment.ts';
import { listOf, looksLikeRecord, mend, type NoRecord, type Unwrapped, unwrap } from '../../shared/unwrap.ts';
import { aggregatedRecord } from './aggregated.ts';
import type { RowPlace, SegmentBuilder } from './builder.ts';
import { parseTime } from './event-time.ts';
import { emptyView, isAggregated, isInsight, richness, text } from './extract.ts';
import { IdentityCache } from './identity-cache.ts';
import { findJsonFault, TextPlaces } from './json-error.ts';
import { classify, classifyHead, type Verdict } from './json-kinds.ts';
import { MAX_RECORD_BYTES } from './limits.ts';
import { type LineHandler, LineSplitter } from './line-split.ts';
import { isObject, type JsonObject, viewRecord } from './record.ts';
import { ResourceCollector } from './resources.ts';
import { ShapeTally } from './shape-tally.ts';
import { JsonSplitter, type Place, type SplitHandler } from './split.ts';
import { TextHasher } from './text-hash.ts';

/** Where rows of a file go. A large file's windows go into one commit after another, so these change while it is read. */
export interface RowTarget {
  segment: SegmentBuilder;
  problems: RecordProblem[];
  aggregated: AggregatedRecord[];
  /** Index of the file in the commit, and of the block that holds the window being fed (its offset 0 is the window's). */
  file: number;
  block: number;
}

/** The parse's part of a ledger row. */
export type FileFacts = Pick<
  EvidenceFile,
  'kind' | 'status' | 'reason' | 'records' | 'aggregatedRecords' | 'unreadableRecords' | 'firstTime' | 'lastTime'
>;

/** What the text of a file is made of. */
export type TextFormat = 'json' | 'log-lines' | 'csv';

const EXCERPT_CHARS = 200;
/** One for all files of the thread: a session's calls lie in many of them. */
const identities = new IdentityCache();
const resources = new ResourceCollector();

export class FileParser implements SplitHandler, LineHandler {
  /** Records so far, of any kind. */
  records = 0;
  private readonly splitter: JsonSplitter | LineSplitter;
  private readonly tally = new ShapeTally();
  private aggregatedRecords = 0;
  private unreadable = 0;
  private strangers = 0;
  private recordNumber = 0;
  private firstTime = Number.POSITIVE_INFINITY;
  private lastTime = Number.NEGATIVE_INFINITY;
  private verdict: Verdict | null = null;
  private firstProblem: string | null = null;
  private firstStranger: Verdict | null = null;
  private invalidUtf8 = false;
  private bytes: Buffer = Buffer.alloc(0);
  private base = 0;
  private hasher = new TextHasher(this.bytes);
  private places = new TextPlaces(this.bytes);
  private readonly view = emptyView();
  private readonly place: RowPlace = {
    time: 0,
    flags: 0,
    block: 0,
    textOffset: 0,
    textLength: 0,
    hashHigh: 0,
    hashLow: 0,
    recordNumber: 0,
    richness: 0,
  };

  /** Problems of this file in `target` begin here. */
  private readonly problemsFrom: number;

  constructor(
    public target: RowTarget,
    private readonly format: TextFormat = 'json',
  ) {
    this.problemsFrom = target.problems.length;
    this.splitter = format === 'json' ? new JsonSplitter(this, identities) : new LineSplitter(this, format);
  }

  /** The header above the lines of a CSV: a record cannot be read again without it. */
  get csvHeader(): string | null {
    return this.splitter instanceof LineSplitter ? this.splitter.header : null;
  }

  /** True when nothing more needs to be fed: the file is none that is read, or its text is over. */
  get ended(): boolean {
    return this.splitter.ended;
  }

  /**
   * Takes the window `bytes`, which begins `base` bytes into the unpacked file, where the last one's consumed bytes ended. Returns
   * the bytes consumed; 0 means that a record needs more of them.
   */
  feed(bytes: Buffer, base: number, eof: boolean): number {
    this.bytes = bytes;
    this.base = base;
    this.hasher = new TextHasher(bytes);
    this.places = new TextPlaces(bytes);
    const consumed = this.splitter.feed(bytes, eof);
    if (!this.invalidUtf8 && consumed > 0 && !isUtf8(consumed === bytes.length ? bytes : bytes.subarray(0, consumed)))
      this.invalidUtf8 = true;
    return consumed;
  }

  object(value: JsonObject, start: number, end: number, place: Place): 'taken' | 'list' | 'stop' {
    if (!looksLikeRecord(value)) return this.wrapped(value, start, end, place);
    const mended = value.eventTime === undefined || typeof value.userIdentity === 'string' ? mend(value) : null;
    if (mended !== null) this.tally.count([mended.shape]);
    this.record(mended?.record ?? value, false, start, end);
    return 'taken';
  }

  line(inside: Unwrapped | NoRecord | null, start: number, end: number): void {
    if (inside === null)
      this.problem(start, end, this.format === 'csv' ? 'No header of CloudTrail’s columns.' : 'A line that is no log event with JSON.');
    else this.unwrapped(inside, start, end);
  }

  longLine(start: number, end: number): void {
    this.problem(start, end, `A line of ${end - start} bytes is larger than a record may be (16 MB).`);
  }

  /** An object that is no record by itself. */
  private wrapped(value: JsonObject, start: number, end: number, place: Place): 'taken' | 'list' | 'stop' {
    if (place === 'document' && (listOf(value) !== null || isSearchAnswer(value))) return 'list';
    const inside = unwrap(value);
    if (inside === null) return isBulkAction(value) ? 'taken' : this.stranger(value, start, end);
    this.unwrapped(inside, start, end);
    return 'taken';
  }

  private unwrapped(inside: Unwrapped | NoRecord, start: number, end: number): void {
    if (inside.is === 'record') {
      this.tally.count(inside.shapes);
      if (inside.contradicts.length > 0) this.tally.contradict(inside.contradicts);
      this.record(inside.record, inside.summary, start, end);
    } else if (inside.passedOver) {
      this.recordNumber++;
      this.tally.passOver(inside);
    } else this.problem(start, end, inside.reason);
  }

  private record(value: JsonObject, summary: boolean, start: number, end: number): void {
    const number = this.recordNumber++;
    this.records++;
    if (isAggregated(value)) {
      this.aggregatedRecords++;
      const { file, block } = this.target;
      this.target.aggregated.push(
        aggregatedRecord(value, { file, recordNumber: number, block, textOffset: start, textLength: end - start }),
      );
      return;
    }
    const row = this.place;
    row.flags = (isInsight(value) ? ROW_INSIGHT : 0) | (summary ? ROW_SUMMARY : 0);
    row.time = this.timeOf(value.eventTime);
    row.block = this.target.block;
    row.textOffset = start;
    row.textLength = end - start;
    this.hasher.hash(start, end - start);
    row.hashHigh = this.hasher.high;
    row.hashLow = this.hasher.low;
    row.recordNumber = number;
    row.richness = richness(value);
    const view = this.view;
    viewRecord(value, view);
    view.known = identities.knownOf(value);
    view.summary = summary;
    this.target.segment.add(view, resources.collect(value), text(value.eventID), row);
  }

  broken(start: number, end: number, type: string | null): void {
    if (type !== null) this.problem(start, end, `Not a record: ${type}, where an object was expected.`);
    else if (this.unreadable >= MAX_PROBLEMS_PER_FILE) this.problem(start, end, 'Invalid JSON.');
    else this.problem(start, end, this.faultOf(start, end));
  }

  oversized(start: number): void {
    this.verdict = classifyHead(this.bytes.toString('latin1', start, start + 4096));
  }

  private timeOf(value: unknown): number {
    if (value === undefined || value === null) return Number.NaN;
    const time = typeof value === 'string' ? parseTime(value) : Number.NaN;
    if (Number.isNaN(time)) this.place.flags |= ROW_TIME_UNREADABLE;
    if (time < this.firstTime) this.firstTime = time;
    if (time > this.lastTime) this.lastTime = time;
    return time;
  }

  /** An object that is neither a record nor holds one. The first of a file may say what the file is; among records it is a problem. */
  private stranger(value: JsonObject, start: number, end: number): 'taken' | 'stop' {
    const verdict = classify(value);
    if (this.recordNumber === 0 && verdict.status === 'withoutEvents') {
      this.verdict = verdict;
      return 'stop';
    }
    this.firstStranger ??= verdict;
    this.strangers++;
    this.problem(start, end, verdict.reason);
    return 'taken';
  }

  private problem(start: number, end: number, reason: string): void {
    const number = this.recordNumber++;
    this.unreadable++;
    this.firstProblem ??= reason;
    if (this.unreadable > MAX_PROBLEMS_PER_FILE) return;
    this.target.problems.push({
      file: this.target.file,
      recordNumber: number,
      offset: this.base + start,
      length: end - start,
      reason,
      excerpt: this.bytes
        .toString('utf8', Math.max(0, start), Math.max(0, Math.min(end, start + EXCERPT_CHARS * 4)))
        .slice(0, EXCERPT_CHARS)
        .toWellFormed(),
    });
  }

  private faultOf(start: number, end: number): string {
    if (start < 0 || end - start > MAX_RECORD_BYTES)
      return `A piece of ${end - start} bytes at byte ${this.base + start} is larger than a record may be (16 MB), or its end cannot be found.`;
    const fault = findJsonFault(this.bytes, start, end);
    if (fault === null) return `Invalid JSON at byte ${this.base + start}: a value without the record around it.`;
    if (this.base > 0) return `Invalid JSON at byte ${this.base + fault.offset}: found ${fault.found}, expected ${fault.expected}.`;
    const { line, column } = this.places.of(fault.offset);
    return `Invalid JSON at line ${line}, column ${column}: found ${fault.found}, expected ${fault.expected}.`;
  }

  /** The facts, once everything was fed. `damage`: what the container had to say (truncated, a failed checksum, …): readable records before it were used. */
  facts(damage: string | null): FileFacts {
    const kind = this.kind();
    // A JSON document that is something else has no broken records: it is described once, as a file.
    const foreign =
      this.records === 0 &&
      this.strangers > 0 &&
      this.strangers === this.recordNumber &&
      this.splitter.listKey !== 'Records' &&
      (kind !== 'array' || this.firstStranger?.kind === 'aws-other');
    if (foreign) {
      this.unreadable = 0;
      this.target.problems.length = Math.min(this.problemsFrom, this.target.problems.length);
    }
    const facts = {
      records: this.records,
      aggregatedRecords: this.aggregatedRecords,
      unreadableRecords: this.unreadable,
      firstTime: Number.isFinite(this.firstTime) ? (this.firstTime as EpochMs) : null,
      lastTime: Number.isFinite(this.lastTime) ? (this.lastTime as EpochMs) : null,
    };
    if (this.records === 0) return { ...facts, ...this.nothingRead(kind, foreign, damage) };
    const notes: string[] = [];
    if (damage !== null) notes.push(damage);
    if (facts.unreadableRecords > 0) {
      const total = this.recordNumber;
      notes.push(
        `${facts.unreadableRecords} of ${total} ${total === 1 ? 'entry' : 'entries'} could not be read as records; the first: ${this.firstProblem}`,
      );
    }
    if (this.splitter.unclosed && damage === null) notes.push('The text ends before its list of records is closed.');
    if (this.splitter instanceof LineSplitter && this.splitter.unclosed)
      notes.push('A quote in it is never closed; from there on each line was read by itself.');
    const partial = notes.length > 0;
    notes.push(...this.tally.notes(this.records));
    if (kind === 'concatenated') notes.push('Several JSON documents one after another; all of them were read.');
    if (this.invalidUtf8) notes.push('It holds bytes that are not valid UTF-8; they are shown as “\ufffd”.');
    return { ...facts, kind, status: partial ? 'partial' : 'imported', reason: notes.length > 0 ? notes.join(' ') : null };
  }

  private nothingRead(kind: FileKind, foreign: boolean, damage: string | null): Pick<FileFacts, 'kind' | 'status' | 'reason'> {
    if (this.verdict !== null) return this.verdict;
    if (foreign && this.firstStranger !== null) {
      if (this.strangers === 1) return this.firstStranger;
      const first = this.firstStranger.kind === 'other-json' ? '' : ` The first: ${this.firstStranger.reason}`;
      return { ...this.firstStranger, reason: `${this.strangers} JSON documents, none of them a CloudTrail record.${first}` };
    }
    const passed = this.tally.passedOver;
    if (passed !== null && this.unreadable === 0 && damage === null)
      return { kind: passed.kind, status: passed.faultless ? 'withoutEvents' : 'rejected', reason: passed.sentence };
    const reasons = damage === null ? [] : [damage];
    if (this.unreadable > 0) {
      const invalid = this.firstProblem ?? '';
      const list = kind !== 'other-json';
      reasons.push(list ? `None of its ${this.recordNumber} entries could be read as a record; the first: ${invalid}` : invalid);
      return { kind: list ? kind : 'text', status: 'rejected', reason: reasons.join(' ') };
    }
    if (damage !== null) return { kind, status: 'rejected', reason: `${damage} No record could be read.` };
    if (this.splitter.unclosed) return { kind, status: 'rejected', reason: 'The text ends before its first record.' };
    return { kind, status: 'withoutEvents', reason: 'Holds no records: the list is empty.' };
  }

  private kind(): FileKind {
    const { recordLists, bareArrays, documents, multiline, listKey } = this.splitter;
    const shape = this.tally.main(this.records);
    if (shape !== null) return kindOf(shape, listKey);
    if (this.format !== 'json') return this.format === 'csv' ? 'csv' : 'cloudwatch-export';
    if (this.records === 0 && listKey !== null && KIND_OF_LIST[listKey] !== undefined) return KIND_OF_LIST[listKey];
    if (recordLists + bareArrays > 1 || (recordLists + bareArrays > 0 && documents > 0)) return 'concatenated';
    if (recordLists === 1) return 'records';
    if (bareArrays === 1) return 'array';
    if (this.records === 0) return 'other-json';
    if (documents > 1) return multiline ? 'concatenated' : 'ndjson';
    return this.records > 1 ? 'records' : 'single';
  }
}

/** Of a list with nothing in it. */
const KIND_OF_LIST: Record<string, FileKind | undefined> = {
  Events: 'lookup-events',
  logEvents: 'cloudwatch-subscription',
  events: 'cloudwatch-filter',
  hits: 'elasticsearch',
  Messages: 'sns',
};

/** Messages of a subscription and those of a search are the same; the list that held them is not. */
const kindOf = (shape: RecordShape, listKey: string | null): FileKind =>
  shape === 'cloudwatch-message' && listKey === 'logEvents' ? 'cloudwatch-subscription' : shapeFacts(shape).kind;

/** The answer of a search: `{"hits":{"hits":[…]}}`. */
const isSearchAnswer = (value: JsonObject): boolean => isObject(value.hits) && Array.isArray(value.hits.hits);

/** The line before each document of a bulk file for Elasticsearch. */
function isBulkAction(value: JsonObject): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && ['index', 'create', 'update', 'delete'].includes(keys[0]) && isObject(value[keys[0]]);
}
