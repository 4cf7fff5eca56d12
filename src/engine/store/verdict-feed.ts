/**
 * Tells the query worker what the digests say of the files of events. Checked behind everything else, after a case was opened, an
 * import has ended or keys changed; until then nothing is said.
 */
import type { FileVerdicts, LedgerRow } from '../../shared/engine.ts';
import { toAppError } from '../../shared/errors.ts';
import { verdictsOfFiles } from '../integrity/index.ts';
import type { CaseSession } from './case-session.ts';
import type { StoreEnvironment } from './environment.ts';
import type { IntegrityCache } from './integrity-cache.ts';
import type { QueryLink } from './query-link.ts';

/** The first questions of the views go first. */
const BEGIN_MS = 250;
/** Of more files than this the whole report is let go of again, unless somebody asked for it. */
const KEPT_FILES = 50_000;

const NOTHING: FileVerdicts = { state: 'checking', reason: null, ledgerIds: new Uint32Array(0), verdicts: new Uint8Array(0) };

export class VerdictFeed {
  private run = 0;
  private saidNothing = false;

  constructor(
    private readonly env: Pick<StoreEnvironment, 'wait'>,
    private readonly query: Pick<QueryLink, 'verdicts'>,
    private readonly cache: IntegrityCache,
  ) {}

  /** Evidence or keys changed: what was said no longer holds. */
  forget(): void {
    this.run++;
    this.cache.forget();
    if (!this.saidNothing) this.query.verdicts(NOTHING);
    this.saidNothing = true;
  }

  /** The case is closed: nobody waits for an answer. */
  end(): void {
    this.run++;
    this.cache.forget();
    this.saidNothing = false;
  }

  /** Checks anew in the background. Never rejects. */
  async begin(session: CaseSession, holderOf: (row: LedgerRow) => LedgerRow): Promise<void> {
    this.forget();
    const { run } = this;
    await this.env.wait(BEGIN_MS);
    if (run !== this.run) return;
    let told: FileVerdicts;
    try {
      await session.refresh();
      const { rows } = await this.cache.report(session, holderOf, 'background');
      const files = session.book.rows();
      told = { state: 'checked', reason: null, ...verdictsOfFiles(files, rows) };
      if (files.length > KEPT_FILES) this.cache.letGo();
    } catch (thrown) {
      told = { ...NOTHING, state: 'failed', reason: toAppError(thrown).message };
    }
    if (run !== this.run) return;
    this.saidNothing = false;
    this.query.verdicts(told);
  }
}
