/** The integrity report of the open case: computed when it is asked for, kept until evidence or keys change. */
import type { LedgerRow } from '../../shared/engine.ts';
import { AppError } from '../../shared/errors.ts';
import type { IntegrityReport, IntegritySums } from '../../shared/integrity.ts';
import { checkIntegrity, type IntegrityFile, integritySums } from '../integrity/index.ts';
import type { CaseSession } from './case-session.ts';
import type { StoreEnvironment } from './environment.ts';

interface Kept {
  session: CaseSession;
  report: Promise<IntegrityReport>;
  /** Somebody waits for it, or wants to see it. */
  asked: boolean;
  forgotten: boolean;
}

export class IntegrityCache {
  private kept: Kept | null = null;
  /** Of the last report that still holds; stays when the report is let go of. */
  sums: IntegritySums | null = null;

  constructor(private readonly env: Pick<StoreEnvironment, 'wait'>) {}

  forget(): void {
    if (this.kept) this.kept.forgotten = true;
    this.kept = null;
    this.sums = null;
  }

  /** Forgets a report that was only made in the background. */
  letGo(): void {
    if (this.kept && !this.kept.asked) this.kept = null;
  }

  /**
   * `holderOf`: the row whose bytes the case holds, for a repeated file that of its first copy. In the background it is given up,
   * with 'superseded', when it was forgotten and nobody else waits for it.
   */
  report(session: CaseSession, holderOf: (row: LedgerRow) => LedgerRow, how: 'asked' | 'background' = 'asked'): Promise<IntegrityReport> {
    const known = this.kept;
    if (known?.session === session) {
      if (how === 'asked') known.asked = true;
      return known.report;
    }
    const pause = async (): Promise<void> => {
      await this.env.wait(0);
      if (kept.forgotten && !kept.asked) throw new AppError('superseded', 'The evidence or the keys changed.');
    };
    const report = Promise.resolve().then(() => compute(session, holderOf, pause));
    const kept: Kept = { session, report, asked: how === 'asked', forgotten: false };
    this.kept = kept;
    // A failure is told to whoever asked, and tried again by whoever asks next.
    report.then(
      (done) => {
        if (!kept.forgotten) this.sums = integritySums(done);
      },
      () => {
        if (this.kept === kept) this.kept = null;
      },
    );
    return report;
  }
}

async function compute(
  session: CaseSession,
  holderOf: (row: LedgerRow) => LedgerRow,
  pause: () => Promise<void>,
): Promise<IntegrityReport> {
  const all = session.book.rows();
  const gone = all.filter((row) => row.status === 'withdrawn');
  const withdrawn = gone.filter((row) => row.withdrawal !== undefined).length;
  const rows = all.filter((row) => row.status !== 'withdrawn');
  const holders = new Map(rows.map((row) => [row.id, holderOf(row)]));
  const files = rows.map((row): IntegrityFile => {
    const { id, path, status, sha256, reason } = row;
    const { kind, sha256Unpacked, unpackedSize, records, gzip } = holders.get(id) ?? row;
    return { id, path, kind, status, sha256, sha256Unpacked, unpackedSize, records, reason, ...(gzip ? { gzip } : {}) };
  });
  const report = await checkIntegrity({
    files,
    read: async (file) => {
      const holder = holders.get(file.id);
      return holder ? session.vault.unpackedFile(holder) : null;
    },
    givenKeys: await session.givenKeys(),
    withdrawn: gone.map(({ id, path, sha256Unpacked, reason }) => ({ id, path, sha256Unpacked, reason })),
    pause,
  });
  if (withdrawn === 0) return report;
  const text = `${withdrawn === 1 ? '1 file was' : `${withdrawn} files were`} withdrawn and ${withdrawn === 1 ? 'is' : 'are'} no evidence: nothing is checked in ${withdrawn === 1 ? 'it' : 'them'}.`;
  return { ...report, sentences: [...report.sentences, { kind: 'gap' as const, text }] };
}
