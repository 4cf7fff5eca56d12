/** Evidence files as the query engine needs them: the column `file`, the names of records, the order of copies, the batch sums. */
import type { CommitId, Sha256 } from '../../shared/brand.ts';
import type { FileFacts } from '../../shared/engine.ts';
import { Dictionary } from './dictionary.ts';

export interface FileEntry {
  path: string;
  sha256: Sha256 | null;
  /** Code in `paths`. */
  pathCode: number;
}

export class FileTable {
  /** Paths as a dictionary: the values of the column `file`. */
  readonly paths = new Dictionary();
  /** Entry 0 is no file. */
  private readonly entries: FileEntry[] = [{ path: '', sha256: null, pathCode: 0 }];
  private readonly byName = new Map<string, number>();
  private readonly byCommit = new Map<CommitId, Map<number, number>>();
  private readonly counted = new Map<number, FileFacts>();

  /** Takes in what is told of a commit's files; true when a record's file is now another than before. */
  tell(commitId: CommitId, files: readonly FileFacts[]): boolean {
    let known = this.byCommit.get(commitId);
    if (!known) {
      known = new Map();
      this.byCommit.set(commitId, known);
    }
    let changed = false;
    for (const file of files) {
      if (file.ledgerId !== undefined) this.counted.set(file.ledgerId, file);
      // Only files that rows were read from need names.
      if (file.status === 'repeated' || file.records === 0) continue;
      const entry = this.entryOf(file.path, file.sha256);
      if (known.get(file.index) !== entry) changed = true;
      known.set(file.index, entry);
    }
    return changed;
  }

  /** Entry of a commit's file; 0 while nothing was told of it. */
  find(commitId: CommitId, index: number): number {
    return this.byCommit.get(commitId)?.get(index) ?? 0;
  }

  entry(entry: number): FileEntry {
    return this.entries[entry];
  }

  /** Order of two entries by (SHA-256, path); files without a hash come last. */
  compare(a: number, b: number): number {
    if (a === b) return 0;
    const x = this.entries[a];
    const y = this.entries[b];
    const hashX = x.sha256 ?? '~';
    const hashY = y.sha256 ?? '~';
    if (hashX !== hashY) return hashX < hashY ? -1 : 1;
    return x.path < y.path ? -1 : x.path > y.path ? 1 : 0;
  }

  /** Sums over the ledger rows that were told with their counts. */
  sums(): { repeatedRecords: number; aggregated: number; unreadable: number } {
    const sums = { repeatedRecords: 0, aggregated: 0, unreadable: 0 };
    for (const file of this.counted.values()) {
      if (file.status === 'repeated') sums.repeatedRecords += file.records ?? 0;
      else {
        sums.aggregated += file.aggregatedRecords ?? 0;
        sums.unreadable += file.unreadableRecords ?? 0;
      }
    }
    return sums;
  }

  private entryOf(path: string, sha256: Sha256 | null): number {
    const name = `${sha256 ?? ''}\n${path}`;
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    const entry = this.entries.push({ path, sha256, pathCode: this.paths.add(path) }) - 1;
    this.byName.set(name, entry);
    return entry;
  }
}
