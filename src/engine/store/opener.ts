/** Reads an opened case and streams it to the query worker. Evidence bytes and broken records stay on disk. */
import type { DictionaryChunk, Remap } from '../../shared/engine.ts';
import { AppError } from '../../shared/errors.ts';
import type { CommitPlace } from './commit-writer.ts';
import type { CaseDatabase } from './databases.ts';
import type { LedgerBook } from './ledger-book.ts';
import type { QueryLink } from './query-link.ts';
import type { CommitSeq, StoredCommit } from './shapes.ts';

/** Segments are read in one request up to about this many bytes, and so many requests are under way at once. */
const READ_BYTES = 8 * 1024 * 1024;
const READS_AHEAD = 3;

/** What is known of every stored commit before anything large is read. */
export async function readPlaces(db: CaseDatabase): Promise<{ places: CommitPlace[]; commits: Map<CommitSeq, StoredCommit> }> {
  const stored = await db.commits.toArray();
  return {
    places: stored.map((c) => ({ seq: c.seq, id: c.id, importId: c.importId, stage: c.stage, bytes: c.segmentBytes + c.vaultBytes })),
    commits: new Map(stored.map((c) => [c.seq, c])),
  };
}

export interface StreamedCase {
  /** True when the stored dictionaries do not join up: they were left out and must be stored anew. */
  dictionariesBroken: boolean;
  /** How far the stored dictionaries reach: the next global code of each column. */
  reach: DictionaryReach;
  remapped: Set<CommitSeq>;
}

/** Sends dictionaries, commits with their remaps, files and stars. Returns when all is sent. */
export async function streamCase(
  db: CaseDatabase,
  counted: readonly CommitPlace[],
  commits: ReadonlyMap<CommitSeq, StoredCommit>,
  book: LedgerBook,
  query: QueryLink,
): Promise<StreamedCase> {
  const withRows = counted.flatMap((place) => {
    const commit = commits.get(place.seq);
    return commit?.segment ? [commit] : [];
  });
  const batches = inBatches(withRows);
  const read = (batch: StoredCommit[]) => db.segments.bulkGet(batch.map((c) => c.seq));
  const ahead = batches.slice(0, READS_AHEAD).map(read);
  const [dictionaries, storedRemaps, stars] = await Promise.all([
    db.dictionaries.orderBy(':id').toArray(),
    db.remaps.toArray(),
    db.stars.toArray(),
  ]);

  const chunks = dictionaries.flatMap((d) => d.chunks);
  const reach = new DictionaryReach();
  const dictionariesBroken = !reach.extend(chunks);
  const remaps = new Map<CommitSeq, Remap>(dictionariesBroken ? [] : storedRemaps.map((r) => [r.seq, r.remap]));
  if (chunks.length > 0 && !dictionariesBroken) query.dictionaries(chunks);
  query.files(book.rows());
  for (let i = 0; i < batches.length; i++) {
    const segments = await ahead.shift();
    if (i + READS_AHEAD < batches.length) ahead.push(read(batches[i + READS_AHEAD]));
    batches[i].forEach((commit, j) => {
      const buffer = segments?.[j]?.buffer;
      if (!buffer) throw new AppError('storage', 'This case is damaged: columns of its events are missing. Recover it from its journal.');
      query.attach(commit, buffer, remaps.get(commit.seq) ?? null);
    });
  }
  query.stars(
    stars.map((s) => s.key),
    true,
    true,
  );
  return { dictionariesBroken, reach: dictionariesBroken ? new DictionaryReach() : reach, remapped: new Set(remaps.keys()) };
}

/** The next free global code of each dictionary, to see that stored growth joins up. */
export class DictionaryReach {
  private readonly next = new Map<DictionaryChunk['column'], number>();

  copy(): DictionaryReach {
    const copy = new DictionaryReach();
    for (const [column, code] of this.next) copy.next.set(column, code);
    return copy;
  }

  /** False when a chunk does not begin where the one before ended; then nothing is changed. */
  extend(chunks: readonly DictionaryChunk[]): boolean {
    const next = new Map(this.next);
    for (const { column, from, lengths } of chunks) {
      if (from !== (next.get(column) ?? 1)) return false;
      next.set(column, from + lengths.length);
    }
    for (const [column, code] of next) this.next.set(column, code);
    return true;
  }
}

function inBatches(commits: readonly StoredCommit[]): StoredCommit[][] {
  const batches: StoredCommit[][] = [];
  let bytes = READ_BYTES;
  for (const commit of commits) {
    if (bytes >= READ_BYTES) {
      batches.push([]);
      bytes = 0;
    }
    batches[batches.length - 1].push(commit);
    bytes += commit.segmentBytes;
  }
  return batches;
}
