/** Rows one after another, then a finished segment. Growing typed arrays, because 65,536 rows of boxed numbers cost more than they hold. */
import { DICT_COLUMN_IDS, type DictColumnId, MULTI_COLUMNS, type MultiColumnId } from '../../shared/columns.ts';
import {
  type ArrayPart,
  BufferLayout,
  type DictionaryPart,
  type MultiPart,
  ROW_ID_TEXT,
  ROW_ID_UUID,
  SEGMENT_VERSION,
  type Segment,
  type SegmentLayout,
} from '../../shared/segment.ts';
import { EXTRACTORS, type Extracted, IDENTITY_COLUMNS } from './extract.ts';
import type { KnownIdentity } from './record.ts';
import { SegmentDictionary } from './segment-dictionary.ts';

const FIRST_CAPACITY = 1024;

const NO_CODES = new Uint32Array(0);

class Words {
  data = new Uint32Array(FIRST_CAPACITY);
  length = 0;
  largest = 0;
  push(value: number): void {
    if (value > this.largest) this.largest = value;
    if (this.length === this.data.length) this.grow();
    this.data[this.length++] = value;
  }
  private grow(): void {
    const larger = new Uint32Array(this.data.length * 2);
    larger.set(this.data);
    this.data = larger;
  }
  used(): Uint32Array {
    return this.data.subarray(0, this.length);
  }
}

/** Codes of one column; code 0 is absent. */
class Column {
  readonly dictionary = new SegmentDictionary();
  /** 0 where nothing was put: most rows have no value in most columns. */
  private codes = NO_CODES;
  constructor(
    readonly id: DictColumnId,
    private readonly extract: (view: Extracted) => string | null,
  ) {}

  /** 0 where the record has no value. */
  codeOf(view: Extracted): number {
    const value = this.extract(view);
    return value === null ? 0 : this.dictionary.code(value);
  }

  put(row: number, view: Extracted): void {
    const code = this.codeOf(view);
    if (code === 0) return;
    if (row >= this.codes.length) this.grow(row + 1);
    this.codes[row] = code;
  }

  /** Puts the codes of rows that share an identity: that of number n is at n * width + offset. */
  spread(numbers: Uint32Array, codes: Uint32Array, width: number, offset: number): void {
    if (this.dictionary.count === 0) return;
    if (numbers.length > this.codes.length) this.grow(numbers.length);
    for (let row = 0; row < numbers.length; row++) if (numbers[row] !== 0) this.codes[row] = codes[(numbers[row] - 1) * width + offset];
  }

  /** One code a row, or none at all when no row has a value. */
  finish(rows: number): Uint32Array {
    if (this.dictionary.count === 0) return NO_CODES;
    if (rows > this.codes.length) this.grow(rows);
    return this.codes.subarray(0, rows);
  }

  private grow(rows: number): void {
    const larger = new Uint32Array(Math.max(FIRST_CAPACITY, rows, this.codes.length * 2));
    larger.set(this.codes);
    this.codes = larger;
  }
}

/** What a row holds besides its columns. */
export interface RowPlace {
  /** EpochMs or NaN. */
  time: number;
  flags: number;
  block: number;
  textOffset: number;
  textLength: number;
  hashHigh: number;
  hashLow: number;
  recordNumber: number;
  richness: number;
}

export class SegmentBuilder {
  rows = 0;
  private time = new Float64Array(FIRST_CAPACITY);
  private flags = new Uint8Array(FIRST_CAPACITY);
  private richness = new Uint8Array(FIRST_CAPACITY);
  private readonly idWords = new Words();
  private readonly textHash = new Words();
  private readonly block = new Words();
  private readonly textOffset = new Words();
  private readonly textLength = new Words();
  private readonly recordNumber = new Words();
  private readonly columns = DICT_COLUMN_IDS.map((id) => new Column(id, EXTRACTORS[id]));
  private readonly identityColumns = this.columns.filter(({ id }) => IDENTITY_COLUMNS.has(id));
  private readonly otherColumns = this.columns.filter(({ id }) => !IDENTITY_COLUMNS.has(id));
  /** Identities that were seen before, numbered from 1; the number that each row has (0: none), and a code for each of `identityColumns`. */
  private readonly numberOf = new Map<KnownIdentity, number>();
  private readonly knownOfRow = new Words();
  private readonly knownCodes = new Words();
  private readonly resource = new SegmentDictionary();
  private readonly resourceCounts = new Words();
  private readonly resourceCodes = new Words();
  private readonly idTexts: string[] = [];

  add(view: Extracted, resources: readonly string[], eventId: string | null, place: RowPlace): void {
    const row = this.rows++;
    if (row === this.time.length) this.grow();
    this.time[row] = place.time;
    this.richness[row] = place.richness;
    this.flags[row] = place.flags | this.addId(eventId);
    this.textHash.push(place.hashHigh);
    this.textHash.push(place.hashLow);
    this.block.push(place.block);
    this.textOffset.push(place.textOffset);
    this.textLength.push(place.textLength);
    this.recordNumber.push(place.recordNumber);
    this.addIdentity(view, row);
    const columns = this.otherColumns;
    for (let i = 0; i < columns.length; i++) columns[i].put(row, view);
    for (let i = 0; i < resources.length; i++) this.resourceCodes.push(this.resource.code(resources[i]));
    this.resourceCounts.push(resources.length);
  }

  /** Of an identity that was seen before only its number is noted; its codes are put into the columns at the end, column by column. */
  private addIdentity(view: Extracted, row: number): void {
    const columns = this.identityColumns;
    const { known } = view;
    let same = known === null ? 0 : this.numberOf.get(known);
    if (same === undefined) {
      same = this.numberOf.size + 1;
      this.numberOf.set(known as KnownIdentity, same);
      for (const column of columns) this.knownCodes.push(column.codeOf(view));
    }
    this.knownOfRow.push(same);
    if (same !== 0) return;
    for (let i = 0; i < columns.length; i++) columns[i].put(row, view);
  }

  private addId(id: string | null): number {
    const words = this.idWords;
    if (id !== null && parseUuid(id)) {
      words.push(uuidWords[0]);
      words.push(uuidWords[1]);
      words.push(uuidWords[2]);
      words.push(uuidWords[3]);
      return ROW_ID_UUID;
    }
    words.push(id === null ? 0 : this.idTexts.length);
    words.push(0);
    words.push(0);
    words.push(0);
    if (id === null) return 0;
    this.idTexts.push(id);
    return ROW_ID_TEXT;
  }

  private grow(): void {
    const time = new Float64Array(this.time.length * 2);
    time.set(this.time);
    this.time = time;
    const flags = new Uint8Array(this.flags.length * 2);
    flags.set(this.flags);
    this.flags = flags;
    const richness = new Uint8Array(this.richness.length * 2);
    richness.set(this.richness);
    this.richness = richness;
  }

  /** Null when there are no rows. The builder is of no use afterwards. */
  finish(): Segment | null {
    if (this.rows === 0) return null;
    const out = new BufferLayout();
    const narrow = (words: Words): ArrayPart => out.addCodes(words.used(), words.largest);
    const dict = {} as Record<DictColumnId, ArrayPart>;
    const dictionaries = {} as Record<DictColumnId | MultiColumnId, DictionaryPart>;
    const multi = {} as Record<MultiColumnId, MultiPart>;
    const time = out.add('f64', this.time.subarray(0, this.rows));
    const idWords = out.add('u32', this.idWords.used());
    const flags = out.add('u8', this.flags.subarray(0, this.rows));
    const textHash = out.add('u32', this.textHash.used());
    const block = narrow(this.block);
    const textOffset = narrow(this.textOffset);
    const textLength = narrow(this.textLength);
    const recordNumber = narrow(this.recordNumber);
    const richness = out.add('u8', this.richness.subarray(0, this.rows));
    this.identityColumns.forEach((column, i, { length }) => {
      column.spread(this.knownOfRow.used(), this.knownCodes.used(), length, i);
    });
    for (const column of this.columns) dict[column.id] = out.addCodes(column.finish(this.rows), column.dictionary.count);
    for (const { id } of MULTI_COLUMNS) {
      multi[id] = {
        counts: narrow(this.resourceCounts),
        codes: out.addCodes(this.resourceCodes.used(), this.resource.count),
      };
      dictionaries[id] = this.resource.addTo(out);
    }
    for (const column of this.columns) dictionaries[column.id] = column.dictionary.addTo(out);
    const idTexts = out.addDictionary(this.idTexts);
    const buffer = out.finish();
    const layout: SegmentLayout = {
      version: SEGMENT_VERSION,
      rows: this.rows,
      byteLength: buffer.byteLength,
      time,
      idWords,
      flags,
      textHash,
      block,
      textOffset,
      textLength,
      recordNumber,
      richness,
      dict,
      multi,
      dictionaries,
      idTexts,
    };
    return { layout, buffer };
  }
}

const uuidWords = new Uint32Array(4);
const HEX = new Int8Array(128).fill(-1);
for (let i = 0; i < 16; i++) HEX['0123456789abcdef'.charCodeAt(i)] = i;
const UUID_DIGITS = [...'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx'].flatMap((c, i) => (c === 'x' ? [i] : []));

/** True when `id` is a canonical lower-case UUID, whose words are then in `uuidWords`. */
function parseUuid(id: string): boolean {
  if (id.length !== 36) return false;
  if (id.charCodeAt(8) !== 0x2d || id.charCodeAt(13) !== 0x2d || id.charCodeAt(18) !== 0x2d || id.charCodeAt(23) !== 0x2d) return false;
  let bad = 0;
  for (let word = 0; word < 4; word++) {
    let value = 0;
    for (let digit = 0; digit < 8; digit++) {
      const code = id.charCodeAt(UUID_DIGITS[word * 8 + digit]);
      const hex = code < 128 ? HEX[code] : -1;
      bad |= hex;
      value = (value << 4) | (hex & 15);
    }
    uuidWords[word] = value;
  }
  return bad >= 0;
}
