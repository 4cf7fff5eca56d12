/**
 * Stores commits, one transaction each, and keeps what the open case needs to know of them. A stage of a large file is stored
 * as it comes and counts once its last stage is in; what does not count is taken out again by `sweep`.
 */
import type { CommitId, ImportId } from '../../shared/brand.ts';
import { COMMIT_VERSION, type CommitHeader, type CommitStage } from '../../shared/commit.ts';
import type { LedgerRow } from '../../shared/engine.ts';
import { AppError } from '../../shared/errors.ts';
import { SEGMENT_VERSION } from '../../shared/segment.ts';
import type { CaseDatabase } from './databases.ts';
import { fileEntryId, type JournalOutbox } from './journal-outbox.ts';
import type { LedgerBook } from './ledger-book.ts';
import type { CommitSeq, StoredCommit } from './shapes.ts';

/** What is kept in memory of a stored commit. */
export interface CommitPlace {
  seq: CommitSeq;
  id: CommitId;
  importId: ImportId;
  stage: CommitStage | null;
  /** Stored bytes. */
  bytes: number;
}

export interface PutResult {
  /** Rows new in the ledger by this commit. */
  added: LedgerRow[];
  removed: LedgerRow[];
  /** Files that were withdrawn, came again, and stay withdrawn. */
  stayWithdrawn: LedgerRow[];
  /** False when nothing was to store: only files that the case knows at the same path. */
  stored: boolean;
  bytes: number;
}

const stagesKey = (importId: ImportId, stageKey: string): string => `${importId} ${stageKey}`;

export class CommitWriter {
  private readonly places = new Map<CommitId, CommitPlace>();
  /** Stages of files that are not finished, by index. */
  private readonly pending = new Map<string, Map<number, CommitPlace>>();
  private nextSeq = 1;

  constructor(
    private readonly db: CaseDatabase,
    private readonly book: () => LedgerBook,
    private readonly outbox: JournalOutbox,
    stored: readonly CommitPlace[],
  ) {
    const finished = new Set<string>();
    for (const place of stored) {
      this.note(place);
      if (place.stage?.last) finished.add(stagesKey(place.importId, place.stage.stageKey));
    }
    for (const key of finished) this.pending.delete(key);
  }

  place(id: CommitId): CommitPlace | null {
    return this.places.get(id) ?? null;
  }

  /** Everything that counts, in the order it was stored. */
  counted(): CommitPlace[] {
    const provisional = new Set(this.provisional());
    return [...this.places.values()].filter((p) => !provisional.has(p)).sort((a, b) => a.seq - b.seq);
  }

  /** Stages whose file was never finished. */
  provisional(): CommitPlace[] {
    return [...this.pending.values()].flatMap((stages) => [...stages.values()]);
  }

  /** Stores a commit with its buffers, which stay usable here. Rejects with 'storage' or 'too-new'; then nothing of it is in. */
  async put(header: CommitHeader, segment: ArrayBuffer, vault: ArrayBuffer, importId: ImportId): Promise<PutResult> {
    mustBeKnown(header);
    if (this.places.has(header.id)) throw new AppError('bad-input', 'The host sent the same commit twice.');
    const commits = header.stage ? this.stagesOf(header, importId) : [header.id];
    const seq = this.nextSeq++;
    const { added, removed, stayWithdrawn, changed } = this.book().take(seq, header.id, commits, header.files);
    const bytes = segment.byteLength + vault.byteLength;
    const empty = header.segment === null && vault.byteLength === 0 && added.length === 0 && changed.length === 0;
    if (empty && header.stage === null && header.problems.length === 0) return { added, removed, stayWithdrawn, stored: false, bytes: 0 };

    const record: StoredCommit = {
      seq,
      id: header.id,
      version: header.version,
      importId,
      stage: header.stage,
      blocks: header.blocks,
      originals: header.originals,
      segment: header.segment,
      segmentBytes: segment.byteLength,
      vaultBytes: vault.byteLength,
    };
    const { db } = this;
    const tables = [db.commits, db.segments, db.vault, db.ledger, db.problems, db.aggregated, db.outbox];
    const place: CommitPlace = { seq, id: header.id, importId, stage: header.stage, bytes };
    // Noted before it is stored, so that the next commit, on its way at the same time, sees it; a failure ends the import.
    this.note(place);
    if (header.stage?.last) this.pending.delete(stagesKey(importId, header.stage.stageKey));
    await db.transaction('rw', tables, () => {
      const writes: PromiseLike<unknown>[] = [db.commits.add(record)];
      if (header.segment) writes.push(db.segments.add({ seq, buffer: segment }));
      if (vault.byteLength > 0) writes.push(db.vault.add({ seq, bytes: vault }));
      if (added.length > 0) writes.push(db.ledger.put({ seq, rows: added }));
      if (changed.length > 0) writes.push(db.ledger.bulkPut(changed));
      if (header.problems.length > 0) writes.push(db.problems.add({ seq, problems: header.problems }));
      if (header.aggregated.length > 0) writes.push(db.aggregated.add({ seq, aggregated: header.aggregated }));
      if (added.length + removed.length > 0) {
        const gone = removed.map((row) => this.outbox.entry('file', fileEntryId(row), null));
        writes.push(db.outbox.add({ entries: gone, ledgerSeq: seq }));
      }
      return Promise.all(writes);
    });
    return { added, removed, stayWithdrawn, stored: true, bytes };
  }

  /** Takes out the stages of unfinished files (of one import, or all, when none is running). Gives the ids of what is gone. */
  async sweep(importId: ImportId | null): Promise<CommitId[]> {
    if (importId === null) await this.settleRepeated();
    const swept = this.provisional().filter((p) => importId === null || p.importId === importId);
    if (swept.length === 0) return [];
    const { db } = this;
    const seqs = swept.map((p) => p.seq);
    const tables = [db.commits, db.segments, db.vault, db.problems, db.aggregated, db.remaps];
    await db.transaction('rw', tables, () => Promise.all(tables.map((table) => table.bulkDelete(seqs))));
    for (const place of swept) {
      this.places.delete(place.id);
      if (place.stage) this.pending.delete(stagesKey(place.importId, place.stage.stageKey));
    }
    return swept.map((p) => p.id);
  }

  /** Brings repeated files in line with what is in (see LedgerBook). Gives the rows that changed. */
  async settleRepeated(): Promise<LedgerRow[]> {
    const { changed, rows } = this.book().settleRepeated();
    const { db } = this;
    if (changed.length > 0) {
      await db.transaction('rw', [db.ledger, db.outbox], () =>
        Promise.all([db.ledger.bulkPut(changed), db.outbox.bulkAdd(changed.map(({ seq }) => ({ entries: [], ledgerSeq: seq })))]),
      );
    }
    return rows;
  }

  private note(place: CommitPlace): void {
    this.places.set(place.id, place);
    this.nextSeq = Math.max(this.nextSeq, place.seq + 1);
    if (!place.stage) return;
    const key = stagesKey(place.importId, place.stage.stageKey);
    const stages = this.pending.get(key) ?? new Map<number, CommitPlace>();
    this.pending.set(key, stages.set(place.stage.index, place));
  }

  /** All commits of the file that a last stage finishes; for an earlier stage only itself. */
  private stagesOf(header: CommitHeader, importId: ImportId): CommitId[] {
    const stage = header.stage;
    if (!stage?.last) return [header.id];
    const before = this.pending.get(stagesKey(importId, stage.stageKey));
    const ids: CommitId[] = [];
    for (let i = 0; i < stage.index; i++) {
      const place = before?.get(i);
      if (!place) throw new AppError('internal', `Stage ${i} of a large file is missing; the file was not taken in.`);
      ids.push(place.id);
    }
    return [...ids, header.id];
  }
}

function mustBeKnown(header: CommitHeader): void {
  if (header.version > COMMIT_VERSION || (header.segment && header.segment.version > SEGMENT_VERSION)) {
    throw new AppError('too-new', 'The evidence was prepared by a newer version of Trailcase than this window runs. Restart the app.');
  }
}
