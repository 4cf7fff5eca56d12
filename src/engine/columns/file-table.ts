/** Evidence files as the query engine needs them: the column `file`, the names of records, the order of copies, the batch sums. */
import type { CommitId, Sha256 } from '../../shared/brand.ts';
import type { FileFacts, FileVerdicts } from '../../shared/engine.ts';
import { EVENT_VERDICTS, type EventVerdict } from '../../shared/integrity.ts';
import { Dictionary } from './dictionary.ts';

export interface FileEntry {
  path: string;
  sha256: Sha256 | null;
  /** Code in `paths`. */
  pathCode: number;
  /** The ledger row that was told last; null when none was. */
  ledgerId: number | null;
  /** How much the digests prove of it: of equally rich copies the best proven is shown. */
  proof: number;
}

const PROOF: Partial<Record<EventVerdict, number>> = { matchSigned: 3, matchEvidenceKey: 2, matchUnsigned: 1 };
const PROOF_OF_CODE = Uint8Array.from([0, ...EVENT_VERDICTS.map((verdict) => PROOF[verdict] ?? 0)]);

export class FileTable {
  /** Paths as a dictionary: the values of the column `file`. */
  readonly paths = new Dictionary();
  /** Entry 0 is no file. */
  private readonly entries: FileEntry[] = [{ path: '', sha256: null, pathCode: 0, ledgerId: null, proof: 0 }];
  private readonly byName = new Map<string, number>();
  private readonly byCommit = new Map<CommitId, Map<number, number>>();
  private readonly counted = new Map<number, FileFacts>();
  /** Codes of verdicts by the number of the ledger row, which are given out one after another. */
  private verdicts = new Uint8Array(0);
  private readonly withdrawn = new Map<CommitId, Set<number>>();

  /** Takes in what is told of a commit's files. `renamed`: a record's file is now another than before; `withdrawn`: files came or went. */
  tell(commitId: CommitId, files: readonly FileFacts[]): { renamed: boolean; withdrawn: boolean } {
    let known = this.byCommit.get(commitId);
    if (!known) {
      known = new Map();
      this.byCommit.set(commitId, known);
    }
    const changed = { renamed: false, withdrawn: false };
    for (const file of files) {
      if (file.ledgerId !== undefined) this.counted.set(file.ledgerId, file);
      if (this.noteWithdrawn(commitId, file)) changed.withdrawn = true;
      // Only files that rows were read from need names.
      if (file.status === 'repeated' || (file.records === 0 && file.status !== 'withdrawn')) continue;
      const entry = this.entryOf(file.path, file.sha256);
      if (file.ledgerId !== undefined) this.entries[entry].ledgerId = file.ledgerId;
      if (known.get(file.index) !== entry) changed.renamed = true;
      known.set(file.index, entry);
    }
    return changed;
  }

  /** Entry of a commit's file; 0 while nothing was told of it. */
  find(commitId: CommitId, index: number): number {
    return this.byCommit.get(commitId)?.get(index) ?? 0;
  }

  isWithdrawn(commitId: CommitId, index: number): boolean {
    return this.withdrawn.get(commitId)?.has(index) ?? false;
  }

  entry(entry: number): FileEntry {
    return this.entries[entry];
  }

  /**
   * Takes in what the digests say of the files. While they are being checked the order of copies stays as it was. `reproved`: entries
   * that are proven more, or less, than before; null when there are none.
   */
  judge({ state, ledgerIds, verdicts }: FileVerdicts): { changed: boolean; reproved: ReadonlySet<number> | null } {
    const before = this.verdicts;
    let last = before.length - 1;
    for (let k = 0; k < ledgerIds.length; k++) if (ledgerIds[k] > last) last = ledgerIds[k];
    this.verdicts = new Uint8Array(last + 1);
    for (let k = 0; k < ledgerIds.length; k++) if (EVENT_VERDICTS[verdicts[k] - 1]) this.verdicts[ledgerIds[k]] = verdicts[k];
    const changed = this.verdicts.some((code, id) => code !== (before[id] ?? 0));
    if (state === 'checking') return { changed, reproved: null };
    const reproved = new Set<number>();
    this.entries.forEach((entry, e) => {
      const proof = PROOF_OF_CODE[this.verdictCode(e)];
      if (proof !== entry.proof) reproved.add(e);
      entry.proof = proof;
    });
    return { changed, reproved: reproved.size > 0 ? reproved : null };
  }

  /** Index in EVENT_VERDICTS, plus 1; 0 while nothing is said of the file. */
  verdictCode(entry: number): number {
    const { ledgerId } = this.entries[entry];
    return ledgerId === null ? 0 : (this.verdicts[ledgerId] ?? 0);
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

  private noteWithdrawn(commitId: CommitId, { index, status }: FileFacts): boolean {
    const known = this.withdrawn.get(commitId);
    if (status !== 'withdrawn') return known?.delete(index) ?? false;
    if (known?.has(index)) return false;
    if (known) known.add(index);
    else this.withdrawn.set(commitId, new Set([index]));
    return true;
  }

  private entryOf(path: string, sha256: Sha256 | null): number {
    const name = `${sha256 ?? ''}\n${path}`;
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    const entry = this.entries.push({ path, sha256, pathCode: this.paths.add(path), ledgerId: null, proof: 0 }) - 1;
    this.byName.set(name, entry);
    return entry;
  }
}
