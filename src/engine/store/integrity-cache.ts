/** The integrity report of the open case: computed when it is asked for, kept until evidence or keys change. */
import type { LedgerRow } from '../../shared/engine.ts';
import type { IntegrityReport } from '../../shared/integrity.ts';
import { checkIntegrity, type IntegrityFile } from '../integrity/index.ts';
import type { CaseSession } from './case-session.ts';

export class IntegrityCache {
  private kept: { session: CaseSession; report: Promise<IntegrityReport> } | null = null;

  forget(): void {
    this.kept = null;
  }

  /** `holderOf`: the row whose bytes the case holds, for a repeated file that of its first copy. */
  report(session: CaseSession, holderOf: (row: LedgerRow) => LedgerRow): Promise<IntegrityReport> {
    if (this.kept?.session === session) return this.kept.report;
    const report = compute(session, holderOf);
    const kept = { session, report };
    this.kept = kept;
    // A failure is told to whoever asked, and tried again by whoever asks next.
    report.catch(() => {
      if (this.kept === kept) this.kept = null;
    });
    return report;
  }
}

async function compute(session: CaseSession, holderOf: (row: LedgerRow) => LedgerRow): Promise<IntegrityReport> {
  const rows = session.book.rows().filter((row) => row.status !== 'withdrawn');
  const holders = new Map(rows.map((row) => [row.id, holderOf(row)]));
  const files = rows.map((row): IntegrityFile => {
    const { id, path, status, sha256, reason } = row;
    const { kind, sha256Unpacked, unpackedSize, records, gzip } = holders.get(id) ?? row;
    return { id, path, kind, status, sha256, sha256Unpacked, unpackedSize, records, reason, ...(gzip ? { gzip } : {}) };
  });
  return checkIntegrity({
    files,
    read: async (file) => {
      const holder = holders.get(file.id);
      return holder ? session.vault.unpackedFile(holder) : null;
    },
    givenKeys: await session.givenKeys(),
  });
}
