/** The open case as queries see it: columns, events, their order, stars. Changes come by messages; what follows from them is lazy. */
import type { CommitId, EventKey } from '../../shared/brand.ts';
import {
  type DictColumnId,
  type MultiColumnId,
  type ValueColumnId,
  VIRTUAL_COLUMNS,
  type VirtualValueColumnId,
} from '../../shared/columns.ts';
import type { CopyCheck } from '../../shared/copy-diff.ts';
import type { AttachedCommit, CopyFacts, DictionaryChunk, FileFacts, FileVerdicts, QueryStatus, Remap } from '../../shared/engine.ts';
import type { CodeArray } from '../../shared/segment.ts';
import { addressKindColumn, agentMarkColumn, agentToolColumn, DerivedColumn } from '../behaviour/derived-columns.ts';
import { CaseColumns } from '../columns/case-columns.ts';
import type { Dictionary } from '../columns/dictionary.ts';
import { lowerBound } from '../columns/lower-bound.ts';
import { MULTI_COLUMN_IDS, type MultiCodes, type SegmentColumns } from '../columns/segment-columns.ts';
import { CaseLineage } from '../identity/lineage.ts';
import { OriginColumn } from '../identity/origin-columns.ts';
import { ToldContradictions } from './contradict.ts';
import { EventKeys } from './event-keys.ts';
import { Groups } from './groups.ts';
import { IntegrityColumn } from './integrity-column.ts';
import { RowOrder } from './row-order.ts';
import { FileFactColumn, StarredColumn, type VirtualColumn } from './virtual-columns.ts';

const VIRTUAL_IDS: readonly string[] = VIRTUAL_COLUMNS.map((c) => c.id);
const isVirtual = (column: ValueColumnId): column is VirtualValueColumnId => VIRTUAL_IDS.includes(column);

export const isMulti = (column: ValueColumnId): column is MultiColumnId => (MULTI_COLUMN_IDS as readonly string[]).includes(column);

export class OpenCase {
  columns = new CaseColumns();
  private readonly contradictions = new ToldContradictions();
  /** How far the texts of copies were compared; null until something was told. */
  copies: CopyCheck | null = null;
  groups = new Groups(this.columns, this.contradictions);
  order = new RowOrder(this.columns, this.groups);
  keys = new EventKeys(this.columns, this.groups);
  /** Rises with every change of what queries would answer; never falls, not even by `reset`. */
  generation = 0;
  /** Rises when a file's verdict, or the file of a row, may be another. */
  verdictGeneration = 0;
  /** Who is behind the credentials, worked out when it is asked for. */
  readonly lineage = new CaseLineage(this);
  private starChanges = 0;
  private verdicts: Pick<FileVerdicts, 'state' | 'reason'> | null = null;
  private readonly stars = new Set<EventKey>();
  private readonly virtual: Record<VirtualValueColumnId, VirtualColumn> = {
    starred: new StarredColumn(this),
    file: new FileFactColumn(
      () => this.columns.files.paths,
      (entry) => this.columns.files.entry(entry).pathCode,
    ),
    agentTool: agentToolColumn(this),
    agentMark: agentMarkColumn(this),
    addressKind: addressKindColumn(this),
    integrity: new IntegrityColumn(this),
    origin: new OriginColumn(this, 'origin'),
    depth: new OriginColumn(this, 'depth'),
    originProof: new OriginColumn(this, 'originProof'),
  };
  private starred: { generation: number; rows: Uint32Array<ArrayBuffer> } | null = null;

  /** As `generation`, but not raised by stars, which no event depends on. */
  get rowsGeneration(): number {
    return this.generation - this.starChanges;
  }

  reset(): void {
    this.columns = new CaseColumns();
    this.stars.clear();
    this.verdicts = null;
    this.copies = null;
    this.contradictions.tell(new Uint32Array(0), []);
    this.verdictGeneration++;
    this.regroup();
  }

  attach(commit: AttachedCommit, segment: ArrayBuffer, remap: Remap | null): void {
    this.columns.attach(commit, segment, remap);
    this.generation++;
  }

  loadDictionaries(chunks: readonly DictionaryChunk[]): void {
    this.columns.loadDictionaries(chunks);
  }

  drop(commits: readonly CommitId[]): void {
    if (this.columns.drop(commits)) this.regroup();
  }

  tellFiles(commitId: CommitId, files: readonly FileFacts[]): void {
    const told = this.columns.tellFiles(commitId, files);
    this.verdictGeneration++;
    if (!told) return;
    if (told.renamed) {
      this.groups.touch(told.segment);
      this.order.touch(told.segment);
    }
    this.groups.withdraw(told.segment);
    this.generation++;
  }

  /** Verdicts of all files anew; none while they are being checked. */
  tellVerdicts(told: FileVerdicts): void {
    this.verdicts = { state: told.state, reason: told.reason };
    const { changed, reproved } = this.columns.files.judge(told);
    if (!changed && !reproved) return;
    for (const segment of this.columns.segments)
      if (reproved && segment.blockEntry.some((e) => reproved.has(e))) this.groups.touch(segment);
    this.verdictGeneration++;
    this.generation++;
  }

  /** What comparing the texts of copies found, all anew. */
  tellCopies({ pairs, ids, ...check }: CopyFacts): void {
    this.copies = check;
    const before = this.contradictions.ids;
    // While they are compared anew, what was found of texts still holds: texts do not change.
    if (check.state !== 'checked' || !this.contradictions.tell(pairs, ids)) return;
    this.update();
    for (const id of new Set([...before, ...ids])) {
      const row = this.keys.rowOfId(id);
      if (row >= 0) this.groups.touchRow(row);
    }
    this.generation++;
  }

  setStars(keys: readonly EventKey[], starred: boolean, replace: boolean): void {
    if (replace) this.stars.clear();
    for (const key of keys) {
      if (starred) this.stars.add(key);
      else this.stars.delete(key);
    }
    this.starChanges++;
    this.generation++;
  }

  /** Brings events up to date; everything below rests on it. */
  update(): void {
    this.groups.update();
  }

  /** Row indices of all events in the global order. */
  orderedRows(): Uint32Array {
    this.update();
    return this.order.get();
  }

  /** Shown rows of starred events, ascending. */
  starredRows(): Uint32Array<ArrayBuffer> {
    if (this.starred?.generation !== this.generation) {
      const rows = new Set<number>();
      for (const key of this.stars) {
        const row = this.keys.find(key);
        if (row >= 0) rows.add(row);
      }
      this.starred = { generation: this.generation, rows: Uint32Array.from(rows).sort() };
    }
    return this.starred.rows;
  }

  dictionary(column: ValueColumnId): Dictionary {
    return isVirtual(column) ? this.virtual[column].dictionary() : this.columns.dictionary(column);
  }

  /** A column that is read off the text of another; null for every other. */
  derived(column: ValueColumnId): DerivedColumn | null {
    const virtual = isVirtual(column) ? this.virtual[column] : null;
    return virtual instanceof DerivedColumn ? virtual : null;
  }

  /** Codes of a column with one value a row. */
  codes(segment: SegmentColumns, column: Exclude<ValueColumnId, MultiColumnId>): CodeArray {
    return isVirtual(column) ? this.virtual[column].codes(segment) : segment.dict[column as DictColumnId];
  }

  multi(segment: SegmentColumns, column: MultiColumnId): MultiCodes {
    return segment.multi[column];
  }

  /** The code that all rows of the segment have, where that is known without looking at each. */
  onlyCode(segment: SegmentColumns, column: Exclude<ValueColumnId, MultiColumnId>): number | null {
    return isVirtual(column) ? (this.virtual[column].onlyCode?.(segment) ?? null) : null;
  }

  /** The code of one row; for a column of several values the caller asks `multi`. */
  codeAt(segment: SegmentColumns, i: number, column: Exclude<ValueColumnId, MultiColumnId>): number {
    return isVirtual(column) ? this.virtual[column].codeAt(segment, i) : segment.dict[column as DictColumnId][i];
  }

  isStarred(row: number): boolean {
    const rows = this.starredRows();
    return rows[lowerBound(rows, row)] === row;
  }

  /** Span of the times of all events; null without any. */
  span(): { first: number; last: number } | null {
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (const segment of this.columns.segments) {
      const { firstTime, lastTime } = segment.blockWithdrawn.includes(1) ? heldSpan(segment) : segment;
      if (firstTime < first) first = firstTime;
      if (lastTime > last) last = lastTime;
    }
    return first <= last ? { first, last } : null;
  }

  status(): QueryStatus {
    this.update();
    const { columns, dictionaries, ids } = this.columns.bytes();
    const status: QueryStatus = {
      generation: this.generation,
      sourceRows: this.columns.rows - this.groups.withdrawn,
      events: this.groups.events,
      bytes: { columns, dictionaries, order: this.order.byteLength, ids: ids + this.groups.byteLength },
    };
    if (this.verdicts) status.integrity = this.verdicts;
    if (this.copies) status.copies = this.copies;
    if (this.columns.damaged.size > 0) status.damagedCommits = [...this.columns.damaged.keys()];
    return status;
  }

  private regroup(): void {
    this.groups = new Groups(this.columns, this.contradictions);
    this.order = new RowOrder(this.columns, this.groups);
    this.keys = new EventKeys(this.columns, this.groups);
    this.generation++;
  }
}

/** Span of the times of the rows that no person withdrew. */
function heldSpan({ rows, time, block, blockWithdrawn }: SegmentColumns): { firstTime: number; lastTime: number } {
  let firstTime = Number.POSITIVE_INFINITY;
  let lastTime = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < rows; i++) {
    if (blockWithdrawn[block[i]] === 1) continue;
    if (time[i] < firstTime) firstTime = time[i];
    if (time[i] > lastTime) lastTime = time[i];
  }
  return { firstTime, lastTime };
}
