/** An attached segment: the arrays that queries read, copied out of the segment's buffer with global codes in the narrowest width. */
import type { CommitId, EpochMs } from '../../shared/brand.ts';
import { type ByteStrings, readByteStrings } from '../../shared/byte-strings.ts';
import { DICT_COLUMN_IDS, type DictColumnId, MULTI_COLUMNS, type MultiColumnId } from '../../shared/columns.ts';
import type { Block } from '../../shared/commit.ts';
import type { AttachedCommit } from '../../shared/engine.ts';
import {
  type ArrayPart,
  type CodeArray,
  codeArray,
  SEGMENT_VERSION,
  type SegmentLayout,
  viewCodes,
  viewF64,
  viewU32,
} from '../../shared/segment.ts';
import { Predicted } from './predicted.ts';

export type StoredColumnId = DictColumnId | MultiColumnId;
export const MULTI_COLUMN_IDS: readonly MultiColumnId[] = MULTI_COLUMNS.map((c) => c.id);
export const STORED_COLUMN_IDS: readonly StoredColumnId[] = [...DICT_COLUMN_IDS, ...MULTI_COLUMN_IDS];

/** Bits of `state`, set by grouping. */
export const HIDDEN = 1; // a copy of an event that another row shows
export const CONFLICT = 2; // another event has the same eventID and says something else
export const SHARED = 4; // more rows have the same eventID
export const WITHDRAWN = 8; // of a file that a person withdrew: in no event (HIDDEN is set too)

/** The last millisecond of ECMAScript's time range, either side of 1970. */
const MAX_TIME = 8.64e15;

export interface MultiCodes {
  /** Row i has codes[start[i]] … codes[start[i+1]-1]. */
  start: Uint32Array<ArrayBuffer>;
  codes: CodeArray;
}

export interface SegmentColumns {
  commitId: CommitId;
  /** RowIndex of row 0. */
  base: number;
  rows: number;
  /** NaN where the record has no readable time; the span is of the others (Infinity, -Infinity without any). */
  time: Float64Array<ArrayBuffer>;
  firstTime: EpochMs;
  lastTime: EpochMs;
  untimed: number;
  idWords: Uint32Array<ArrayBuffer>;
  flags: Uint8Array<ArrayBuffer>;
  richness: Uint8Array<ArrayBuffer>;
  /** Half of the hash of the record's exact text. */
  textHash: Uint32Array<ArrayBuffer>;
  block: CodeArray;
  textOffset: Predicted;
  textLength: CodeArray;
  recordNumber: Predicted;
  dict: Record<DictColumnId, CodeArray>;
  multi: Record<MultiColumnId, MultiCodes>;
  idTexts: ByteStrings;
  /** Index into the commit's files, per block. */
  blockFile: Uint32Array<ArrayBuffer>;
  /** Entry of the file table, per block; 0 while the file is not known. */
  blockEntry: Uint32Array<ArrayBuffer>;
  /** Whether the block's file was withdrawn, per block. */
  blockWithdrawn: Uint8Array<ArrayBuffer>;
  state: Uint8Array<ArrayBuffer>;
}

/** Reads a segment. Throws with a sentence when its parts do not fit together. */
export function readSegment(
  commit: AttachedCommit,
  layout: SegmentLayout,
  buffer: ArrayBuffer,
  base: number,
  remapOf: (column: StoredColumnId) => Uint32Array,
): SegmentColumns {
  if (layout.version > SEGMENT_VERSION) throw new Error(`the segment has version ${layout.version}, this app knows ${SEGMENT_VERSION}`);
  const { rows } = layout;
  const time = wholeTimes(viewF64(buffer, layout.time));
  const block = narrowed(viewCodes(buffer, layout.block));
  const whole = { time, idWords: viewU32(buffer, layout.idWords).slice(), block };
  if (time.length !== rows || whole.idWords.length !== rows * 4 || block.length !== rows) throw new Error('its parts differ in length');
  const blocks = commit.header.blocks;
  for (let i = 0; i < rows; i++) if (block[i] >= blocks.length) throw new Error('a row names a block that is not there');
  const dict = {} as Record<DictColumnId, CodeArray>;
  for (const column of DICT_COLUMN_IDS) {
    const remap = remapOf(column);
    const part = partOf(layout, column);
    dict[column] = part === null ? absent(rows) : remapped(viewCodes(buffer, part), remap);
    if (dict[column].length !== rows) throw new Error(`the column ${column} differs in length`);
  }
  const multi = {} as Record<MultiColumnId, MultiCodes>;
  for (const column of MULTI_COLUMN_IDS) {
    const part = layout.multi[column];
    const start = part.start
      ? viewU32(buffer, part.start).slice()
      : startsOf(part.counts ? viewCodes(buffer, part.counts) : new Uint8Array(0));
    const codes = remapped(viewCodes(buffer, part.codes), remapOf(column));
    if (start.length !== rows + 1 || !rises(start) || start[rows] > codes.length)
      throw new Error(`the column ${column} does not fit its rows`);
    multi[column] = { start, codes };
  }
  const textLength = narrowed(viewCodes(buffer, layout.textLength));
  const textOffset = viewCodes(buffer, layout.textOffset);
  const recordNumber = viewCodes(buffer, layout.recordNumber);
  const beginning = firstOffset(block, textOffset);
  if (textLength.length !== rows || textOffset.length !== rows || recordNumber.length !== rows)
    throw new Error('its parts differ in length');
  return {
    commitId: commit.id,
    base,
    rows,
    ...whole,
    ...spanOf(time),
    flags: viewCodes(buffer, layout.flags).slice(0, rows) as Uint8Array<ArrayBuffer>,
    richness: viewCodes(buffer, layout.richness).slice(0, rows) as Uint8Array<ArrayBuffer>,
    textHash: everySecond(viewU32(buffer, layout.textHash), rows),
    // Records lie one behind another, a comma or line feed between them, numbered in turn.
    textOffset: new Predicted(textOffset, (row, before) => (block[row] === block[row - 1] ? before + textLength[row - 1] + 1 : beginning)),
    textLength,
    recordNumber: new Predicted(recordNumber, (row, before) =>
      block[row] === block[row - 1] || blocks[block[row]].file === blocks[block[row - 1]].file ? before + 1 : 0,
    ),
    dict,
    multi,
    idTexts: readByteStrings(buffer, layout.idTexts),
    blockFile: Uint32Array.from(blocks, (b: Block) => b.file),
    blockEntry: new Uint32Array(blocks.length),
    blockWithdrawn: new Uint8Array(blocks.length),
    state: new Uint8Array(rows),
  };
}

export function segmentBytes(segment: SegmentColumns): { columns: number; ids: number } {
  let columns = 0;
  for (const value of Object.values(segment)) if (ArrayBuffer.isView(value)) columns += value.byteLength;
  columns += segment.textOffset.byteLength + segment.recordNumber.byteLength;
  for (const codes of Object.values(segment.dict)) if (codes.buffer !== noCodes.buffer) columns += codes.byteLength;
  for (const { start, codes } of Object.values(segment.multi)) columns += start.byteLength + codes.byteLength;
  const words = segment.idWords.byteLength;
  return { columns: columns - words, ids: words + segment.idTexts.bytes.byteLength + segment.idTexts.ends.byteLength };
}

/** The lower word of each hash. */
function everySecond(words: Uint32Array, rows: number): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) out[i] = words[2 * i + 1];
  return out;
}

/** Whole milliseconds that a Date can hold; what is not one counts as no time. */
function wholeTimes(times: Float64Array): Float64Array<ArrayBuffer> {
  const out = new Float64Array(times.length);
  for (let i = 0; i < times.length; i++) out[i] = Math.abs(times[i]) <= MAX_TIME ? Math.floor(times[i]) : Number.NaN;
  return out;
}

function spanOf(time: Float64Array): { firstTime: EpochMs; lastTime: EpochMs; untimed: number } {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  let untimed = 0;
  for (let i = 0; i < time.length; i++) {
    const t = time[i];
    if (t < first) first = t;
    if (t > last) last = t;
    if (Number.isNaN(t)) untimed++;
  }
  return { firstTime: first as EpochMs, lastTime: last as EpochMs, untimed };
}

/** Null when no row has a value of the column, or the segment is older than the column. */
function partOf(layout: SegmentLayout, column: DictColumnId): ArrayPart | null {
  const part: ArrayPart | undefined = layout.dict[column];
  return part === undefined || part.length === 0 ? null : part;
}

let noCodes = new Uint8Array(1 << 16);

/** The codes of a column that is absent from all rows: one array of zeros for all of them. */
function absent(rows: number): CodeArray {
  if (noCodes.length < rows) noCodes = new Uint8Array(rows);
  return noCodes.subarray(0, rows);
}

function rises(start: Uint32Array): boolean {
  for (let i = 1; i < start.length; i++) if (start[i] < start[i - 1]) return false;
  return true;
}

/** Codes through the remap, in the narrowest width that holds every global code the remap can give. */
function remapped(codes: CodeArray, remap: Uint32Array): CodeArray {
  const out = codeArray(largest(remap), codes.length);
  for (let i = 0; i < codes.length; i++) out[i] = remap[codes[i]];
  return out;
}

/** Where the first record of a block begins, at the least: behind `{"Records":[` in nearly all of them. */
function firstOffset(block: CodeArray, textOffset: CodeArray): number {
  let least = textOffset[0] ?? 0;
  for (let i = 1; i < block.length; i++) if (block[i] !== block[i - 1] && textOffset[i] < least) least = textOffset[i];
  return least;
}

/** From the number of values of each row. */
function startsOf(counts: CodeArray): Uint32Array<ArrayBuffer> {
  const start = new Uint32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) start[i + 1] = start[i] + counts[i];
  return start;
}

function narrowed(values: CodeArray): CodeArray {
  const out = codeArray(largest(values), values.length);
  out.set(values);
  return out;
}

export function largest(values: Uint8Array | Uint16Array | Uint32Array): number {
  let max = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > max) max = values[i];
  return max;
}
