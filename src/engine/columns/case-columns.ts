/** The columns of the open case: segments in the order they came, global dictionaries, and what was not consolidated yet. */
import type { CommitId } from '../../shared/brand.ts';
import { type ByteStrings, endsOfLengths } from '../../shared/byte-strings.ts';
import { grown } from '../../shared/byte-table.ts';
import type { AttachedCommit, DictionaryChunk, FileFacts, Remap } from '../../shared/engine.ts';
import { toAppError } from '../../shared/errors.ts';
import { type DictionaryPart, viewU32 } from '../../shared/segment.ts';
import { Dictionary } from './dictionary.ts';
import { FileTable } from './file-table.ts';
import { largest, readSegment, type SegmentColumns, STORED_COLUMN_IDS, type StoredColumnId, segmentBytes } from './segment-columns.ts';

/** Rows per entry of the table that finds a row's segment. */
const GRANULE_BITS = 10;

export class CaseColumns {
  readonly segments: SegmentColumns[] = [];
  readonly files = new FileTable();
  rows = 0;
  /** Commits whose columns could not be read, with the reason. */
  readonly damaged = new Map<CommitId, string>();
  private readonly dictionaries = new Map<StoredColumnId, Dictionary>(STORED_COLUMN_IDS.map((id) => [id, new Dictionary()]));
  private readonly stored = new Map<StoredColumnId, number>();
  private readonly byCommit = new Map<CommitId, SegmentColumns>();
  private readonly remaps = new Map<CommitId, Remap>();
  private granules = new Uint32Array(64);
  private ends = new Uint32Array(64);

  dictionary(column: StoredColumnId): Dictionary {
    return this.dictionaries.get(column) as Dictionary;
  }

  /** The segment that holds a row. */
  segmentOf(row: number): SegmentColumns {
    let s = this.granules[row >>> GRANULE_BITS];
    while (row >= this.ends[s]) s++;
    return this.segments[s];
  }

  /** Stored dictionaries, before the segments that rest on them. */
  loadDictionaries(chunks: readonly DictionaryChunk[]): void {
    for (const column of STORED_COLUMN_IDS) {
      const mine = chunks.filter((c) => c.column === column).sort((a, b) => a.from - b.from);
      const dictionary = this.dictionary(column);
      const total = (size: (c: DictionaryChunk) => number): number => mine.reduce((sum, c) => sum + size(c), 0);
      if (mine.length === 0) continue;
      dictionary.resize(
        total((c) => c.text.length),
        total((c) => c.lengths.length),
      );
      for (const chunk of mine) {
        // After a gap nothing would have its right code: what rests on the missing strings is found damaged when it is attached.
        if (chunk.from !== dictionary.count + 1) break;
        dictionary.appendChunk(chunk.from, chunk.text, chunk.lengths);
      }
      this.stored.set(column, dictionary.count);
    }
  }

  /** Takes in a commit; false when it has no rows, is here already, or cannot be read (then it is in `damaged`). */
  attach(commit: AttachedCommit, buffer: ArrayBuffer, remap: Remap | null): boolean {
    const layout = commit.header.segment;
    if (!layout || this.byCommit.has(commit.id)) return false;
    const codes = {} as Remap['codes'];
    try {
      const segment = readSegment(commit, layout, buffer, this.rows, (column) => {
        const known = remap?.codes[column];
        if (known && largest(known) > this.dictionary(column).count) throw new Error(`the stored dictionary of ${column} is too short`);
        codes[column] = known ?? this.mergeLocal(column, buffer, layout.dictionaries[column]);
        return codes[column];
      });
      if (!remap) this.remaps.set(commit.id, { commitId: commit.id, codes });
      this.nameFiles(segment);
      this.push(segment);
    } catch (thrown) {
      this.damaged.set(commit.id, toAppError(thrown).message);
      return false;
    }
    return true;
  }

  /** Forgets commits. All rows after them get other numbers. True when any was here. */
  drop(commits: readonly CommitId[]): boolean {
    const gone = new Set(commits);
    for (const id of commits) {
      this.remaps.delete(id);
      this.damaged.delete(id);
    }
    const kept = this.segments.filter((s) => !gone.has(s.commitId));
    if (kept.length === this.segments.length) return false;
    this.segments.length = 0;
    this.byCommit.clear();
    this.rows = 0;
    for (const segment of kept) {
      segment.base = this.rows;
      segment.state.fill(0);
      this.push(segment);
    }
    return true;
  }

  /** The segment whose rows now belong to other files than before, or whose files came or went, if any. */
  tellFiles(commitId: CommitId, files: readonly FileFacts[]): { segment: SegmentColumns; renamed: boolean } | null {
    const { renamed, withdrawn } = this.files.tell(commitId, files);
    const segment = this.byCommit.get(commitId);
    if (!segment || !(renamed || withdrawn)) return null;
    this.nameFiles(segment);
    return { segment, renamed };
  }

  /** Growth of the dictionaries and remaps of commits since the last call. */
  consolidate(): { chunks: DictionaryChunk[]; remaps: Remap[] } {
    const chunks: DictionaryChunk[] = [];
    for (const column of STORED_COLUMN_IDS) {
      const from = (this.stored.get(column) ?? 0) + 1;
      const growth = this.dictionary(column).growth(from);
      if (!growth) continue;
      chunks.push({ column, from, ...growth });
      this.stored.set(column, this.dictionary(column).count);
    }
    const remaps = [...this.remaps.values()];
    this.remaps.clear();
    return { chunks, remaps };
  }

  /** Gives back room that was kept for growth. */
  trim(): void {
    for (const dictionary of this.dictionaries.values()) dictionary.resize(0, 0);
  }

  bytes(): { columns: number; dictionaries: number; ids: number } {
    const sum = { columns: this.granules.byteLength + this.ends.byteLength, dictionaries: this.files.paths.byteLength, ids: 0 };
    for (const segment of this.segments) {
      const { columns, ids } = segmentBytes(segment);
      sum.columns += columns;
      sum.ids += ids;
    }
    for (const dictionary of this.dictionaries.values()) sum.dictionaries += dictionary.byteLength;
    return sum;
  }

  /** `part` is missing where the segment is older than the column. */
  private mergeLocal(column: StoredColumnId, buffer: ArrayBuffer, part: DictionaryPart | undefined): Uint32Array<ArrayBuffer> {
    if (part === undefined) return new Uint32Array(1);
    const bytes = new Uint8Array(buffer, part.text.offset, part.text.length);
    const lengths = viewU32(buffer, part.lengths);
    if (lengths.length !== part.count) throw new Error(`the dictionary of ${column} differs in length`);
    const local: ByteStrings = { count: part.count, bytes, ends: endsOfLengths(bytes, lengths) };
    return this.dictionary(column).merge(local);
  }

  private nameFiles(segment: SegmentColumns): void {
    segment.blockFile.forEach((file, block) => {
      segment.blockEntry[block] = this.files.find(segment.commitId, file);
      segment.blockWithdrawn[block] = this.files.isWithdrawn(segment.commitId, file) ? 1 : 0;
    });
  }

  private push(segment: SegmentColumns): void {
    const index = this.segments.push(segment) - 1;
    this.byCommit.set(segment.commitId, segment);
    const end = this.rows + segment.rows;
    this.ends = grown(this.ends, index + 1);
    this.ends[index] = end;
    const firstGranule = (this.rows + (1 << GRANULE_BITS) - 1) >>> GRANULE_BITS;
    this.granules = grown(this.granules, (end >>> GRANULE_BITS) + 1);
    for (let g = firstGranule; g << GRANULE_BITS < end; g++) this.granules[g] = index;
    this.rows = end;
  }
}
