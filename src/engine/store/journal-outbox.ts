/**
 * Sends changes to the case's journal. What is to be sent is stored in the same transaction as the change itself and taken away
 * once the host has it on disk: entries may reach the journal twice, never not at all.
 */
import type { CaseId, EpochMs } from '../../shared/brand.ts';
import type { JournalEntry } from '../../shared/case.ts';
import type { LedgerRow } from '../../shared/engine.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import { JOURNAL_VERSION } from '../case/journal.ts';
import type { CaseDatabase } from './databases.ts';
import type { HostCalls } from './host-calls.ts';
import type { LedgerBook } from './ledger-book.ts';
import type { StoredOutbox } from './shapes.ts';

/** Entries of one append. */
const BATCH = 4000;

export const fileEntryId = (row: Pick<LedgerRow, 'path' | 'sha256'>): string => `${row.sha256 ?? ''} ${row.path}`;

export class JournalOutbox {
  private flushing: Promise<void> = Promise.resolve();

  constructor(
    private readonly caseId: CaseId,
    private readonly db: CaseDatabase,
    private readonly host: HostCalls,
    private readonly book: () => LedgerBook,
    private readonly appVersion: string,
    private readonly now: () => number,
  ) {}

  entry(kind: JournalEntry['kind'], id: string, data: unknown): JournalEntry {
    return { version: JOURNAL_VERSION, at: this.now() as EpochMs, appVersion: this.appVersion, kind, id, data };
  }

  /** Appends everything that waits. Rejects with 'storage' when the host could not write; it stays for the next time. */
  flush(): Promise<void> {
    const next = this.flushing.then(
      () => this.send(),
      () => this.send(),
    );
    this.flushing = next;
    return next;
  }

  private async send(): Promise<void> {
    // Only what waits now: while an import adds to it, a loop until nothing waits would send each commit by itself.
    const upTo = (await this.db.outbox.orderBy(':id').last())?.id ?? 0;
    for (;;) {
      const waiting = await this.db.outbox.where(':id').belowOrEqual(upTo).limit(200).toArray();
      if (waiting.length === 0) return;
      const sent: number[] = [];
      let entries: JournalEntry[] = [];
      const append = async (): Promise<void> => {
        try {
          if (entries.length > 0) await this.host.appendJournal(this.caseId, entries);
        } catch (thrown) {
          throw new AppError(
            'storage',
            `The case holds the change, but its journal outside the browser’s storage could not be written: ${toAppError(thrown).message} It is tried again with the next change.`,
          );
        }
        await this.db.outbox.bulkDelete(sent.splice(0));
        entries = [];
      };
      for (const item of waiting) {
        entries.push(...this.entriesOf(item));
        if (item.id !== undefined) sent.push(item.id);
        if (entries.length >= BATCH) await append();
      }
      await append();
    }
  }

  private entriesOf(item: StoredOutbox): JournalEntry[] {
    if (item.ledgerSeq === null) return item.entries;
    const rows = this.book().rowsOf(item.ledgerSeq);
    return [...item.entries, ...rows.map((row) => this.entry('file', fileEntryId(row), evidenceOf(row)))];
  }
}

/** A ledger row without its place in the database, which a recovered case would not have. */
export function evidenceOf(row: LedgerRow): unknown {
  const { id: _id, commitId: _commitId, fileInCommit: _index, commits: _commits, ...evidence } = row;
  return evidence;
}
