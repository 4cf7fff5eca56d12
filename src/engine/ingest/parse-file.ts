/** One file's unpacked bytes to rows, aggregated records, problems and the facts of its ledger row. Knows nothing of disks, packing and commits. */
import { isUtf8 } from 'node:buffer';
import type { EpochMs } from '../../shared/brand.ts';
import { type AggregatedRecord, type EvidenceFile, type FileKind, MAX_PROBLEMS_PER_FILE, type RecordProblem } from '../../shared/ledger.ts';
import { ROW_INSIGHT, ROW_TIME_UNREADABLE } from '../../shared/segment.ts';
import { aggregatedRecord } from './aggregated.ts';
import type { RowPlace, SegmentBuilder } from './builder.ts';
import { parseTime } from './event-time.ts';
import { type Extracted, isAggregated, isInsight, richness, text } from './extract.ts';
import { findJsonFault, lineAndColumn } from './json-error.ts';
import { classify, classifyHead, looksLikeRecord, type Verdict } from './json-kinds.ts';
import { MAX_RECORD_BYTES } from './limits.ts';
import { WhoCache } from './principal.ts';
import { type JsonObject, viewRecord } from './record.ts';
import { ResourceCollector } from './resources.ts';
import { JsonSplitter, type SplitHandler } from './split.ts';
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

const EXCERPT_CHARS = 200;
const who = new WhoCache();
const resources = new ResourceCollector();

export class FileParser implements SplitHandler {
  /** Records so far, of any kind. */
  records = 0;
  private readonly splitter = new JsonSplitter(this);
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
  private readonly view: Extracted = {
    record: {},
    identity: null,
    session: null,
    issuer: null,
    attributes: null,
    who: { principal: null, userName: null },
  };
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

  constructor(public target: RowTarget) {
    this.problemsFrom = target.problems.length;
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
    const consumed = this.splitter.feed(bytes, eof);
    if (!this.invalidUtf8 && consumed > 0 && !isUtf8(consumed === bytes.length ? bytes : bytes.subarray(0, consumed)))
      this.invalidUtf8 = true;
    return consumed;
  }

  object(value: JsonObject, start: number, end: number): boolean {
    if (!looksLikeRecord(value)) return this.stranger(value, start, end);
    const number = this.recordNumber++;
    this.records++;
    if (isAggregated(value)) {
      this.aggregatedRecords++;
      const { file, block } = this.target;
      this.target.aggregated.push(
        aggregatedRecord(value, { file, recordNumber: number, block, textOffset: start, textLength: end - start }),
      );
      return true;
    }
    const row = this.place;
    row.flags = isInsight(value) ? ROW_INSIGHT : 0;
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
    view.who = who.who(view);
    this.target.segment.add(view, resources.collect(value), text(value.eventID), row);
    return true;
  }

  broken(start: number, end: number, type: string | null): void {
    if (type !== null) this.problem(start, end, `Not a record: ${type}, where an object was expected.`);
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

  /** An object that is no record. The first of a file says what the file is; among records it is a problem. */
  private stranger(value: JsonObject, start: number, end: number): boolean {
    const verdict = classify(value);
    if (this.recordNumber === 0 && verdict.kind !== 'other-json') {
      this.verdict = verdict;
      return false;
    }
    this.firstStranger ??= verdict;
    this.strangers++;
    this.problem(start, end, verdict.reason);
    return true;
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
    const { line, column } = lineAndColumn(this.bytes, fault.offset);
    return `Invalid JSON at line ${line}, column ${column}: found ${fault.found}, expected ${fault.expected}.`;
  }

  /** The facts, once everything was fed. `damage`: what the container had to say (truncated, a failed checksum, …): readable records before it were used. */
  facts(damage: string | null): FileFacts {
    const kind = this.kind();
    // A JSON document that is something else has no broken records: it is described once, as a file.
    const foreign = this.records === 0 && this.strangers > 0 && this.strangers === this.recordNumber && kind === 'other-json';
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
    const partial = notes.length > 0;
    if (kind === 'concatenated') notes.push('Several JSON documents one after another; all of them were read.');
    if (this.invalidUtf8) notes.push('It holds bytes that are not valid UTF-8; they are shown as “\ufffd”.');
    return { ...facts, kind, status: partial ? 'partial' : 'imported', reason: notes.length > 0 ? notes.join(' ') : null };
  }

  private nothingRead(kind: FileKind, foreign: boolean, damage: string | null): Pick<FileFacts, 'kind' | 'status' | 'reason'> {
    if (this.verdict !== null) return this.verdict;
    if (foreign && this.firstStranger !== null) {
      if (this.strangers === 1) return this.firstStranger;
      return { kind, status: 'rejected', reason: `${this.strangers} JSON documents, none of them a CloudTrail record.` };
    }
    const reasons = damage === null ? [] : [damage];
    if (this.unreadable > 0) {
      const invalid = this.firstProblem ?? '';
      const list = kind === 'records' || kind === 'array';
      reasons.push(list ? `None of its ${this.recordNumber} entries could be read as a record; the first: ${invalid}` : invalid);
      return { kind: list ? kind : 'text', status: 'rejected', reason: reasons.join(' ') };
    }
    if (damage !== null) return { kind, status: 'rejected', reason: `${damage} No record could be read.` };
    if (this.splitter.unclosed) return { kind, status: 'rejected', reason: 'The text ends before its first record.' };
    return { kind, status: 'withoutEvents', reason: 'Holds no records: the list is empty.' };
  }

  private kind(): FileKind {
    const { recordLists, bareArrays, documents, multiline } = this.splitter;
    if (recordLists + bareArrays > 1 || (recordLists + bareArrays > 0 && documents > 0)) return 'concatenated';
    if (recordLists === 1) return 'records';
    if (bareArrays === 1) return 'array';
    if (this.records === 0) return 'other-json';
    if (documents > 1) return multiline ? 'concatenated' : 'ndjson';
    return 'single';
  }
}
