/**
 * Checks the evidence again against the hashes of the ledger: the originals on disk, read by the host as an import reads them (so
 * that members of containers are found in the same way), and the bytes that the case keeps. Changes nothing.
 */
import type { EpochMs } from '../../shared/brand.ts';
import {
  MAX_FINDINGS,
  VERIFY_OUTCOMES,
  type Verification,
  type VerifyFinding,
  type VerifyOutcome,
  type VerifyPlace,
  type VerifyProgress,
} from '../../shared/custody.ts';
import type { LedgerRow, StoreApi } from '../../shared/engine.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import type { CaseSession } from './case-session.ts';
import type { StoreEnvironment } from './environment.ts';
import type { HostCalls } from './host-calls.ts';
import { OriginalsCheck } from './verify-originals.ts';
import { verifyStored } from './verify-stored.ts';

const PROGRESS_MS = 200;
/** More files than this are looked for among everything that was imported. */
const MAX_PATHS = 500;

const noCounts = (): Record<VerifyOutcome, number> =>
  Object.fromEntries(VERIFY_OUTCOMES.map((outcome) => [outcome, 0])) as Record<VerifyOutcome, number>;

/** What came of one file at one place. */
export type Verdict =
  | { outcome: 'unchanged'; elsewhere?: boolean }
  | { outcome: 'notVerifiable'; reason: string }
  | { outcome: VerifyFinding['outcome']; found: VerifyFinding['found']; reason: string };

export interface VerifyParts {
  env: StoreEnvironment;
  host: HostCalls;
  appVersion: string;
}

export class Verifier {
  private readonly abort = new AbortController();
  private readonly counts = { disk: noCounts(), case: noCounts() };
  private readonly reasons = new Map<string, Verification['notVerifiable'][number]>();
  private readonly findings: VerifyFinding[] = [];
  private elsewhere = 0;
  private told = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly session: CaseSession,
    private readonly parts: VerifyParts,
    private readonly options: Parameters<StoreApi['verify']>[0],
    private readonly onProgress: (progress: VerifyProgress) => void,
  ) {}

  cancel(): void {
    this.abort.abort();
  }

  /** Rejects when the host fails; a person's cancel gives a record of what was reached. */
  async run(): Promise<Verification> {
    const { env, appVersion } = this.parts;
    const startedAt = env.now() as EpochMs;
    const { ledgerIds, grants } = this.options;
    const all = this.session.book.rows().sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.id - b.id));
    const wanted = ledgerIds === null ? null : new Set(ledgerIds);
    const rows = wanted === null ? all : all.filter((row) => wanted.has(row.id));
    if (wanted !== null && rows.length === 0) throw new AppError('not-found', 'The ledger has no such file.');
    let notInLedger = 0;
    let cancelled = false;
    try {
      const originals = new OriginalsCheck(this.session.id, this.parts.host, this.abort.signal, (p) => this.tell(p));
      const known = await originals.read(
        grants,
        rows.length > MAX_PATHS || wanted === null ? null : rows.map((row) => row.path),
        this.session.book.hashes(),
      );
      notInLedger = originals.judge(rows, all, known, (row, verdict) => this.note('disk', row, verdict));
      await verifyStored(
        this.session,
        rows,
        this.abort.signal,
        (p) => this.tell(p),
        (row, verdict) => this.note('case', row, verdict),
      );
    } catch (thrown) {
      if (toAppError(thrown).kind !== 'cancelled' && !this.abort.signal.aborted) throw thrown;
      cancelled = true;
    }
    return {
      id: env.newId(),
      startedAt,
      endedAt: env.now() as EpochMs,
      appVersion,
      cancelled,
      only: wanted === null ? null : rows.length === 1 ? rows[0].path : `${rows.length} files`,
      chosen: grants?.map((grant) => grant.label) ?? [],
      disk: this.counts.disk,
      case: this.counts.case,
      elsewhere: this.elsewhere,
      notInLedger: wanted === null ? notInLedger : 0,
      notVerifiable: [...this.reasons.values()],
      findings: this.findings.slice(0, MAX_FINDINGS),
      findingsLeftOut: Math.max(0, this.findings.length - MAX_FINDINGS),
    };
  }

  private note(place: VerifyPlace, row: LedgerRow, verdict: Verdict): void {
    this.counts[place][verdict.outcome]++;
    if (verdict.outcome === 'unchanged') {
      if (verdict.elsewhere) this.elsewhere++;
      return;
    }
    const { reason } = verdict;
    if (verdict.outcome === 'notVerifiable') {
      const key = `${place} ${reason}`;
      const known = this.reasons.get(key);
      if (known) known.files++;
      else this.reasons.set(key, { place, reason, files: 1 });
      return;
    }
    const { id: ledgerId, path, sha256, size, modified } = row;
    this.findings.push({ place, outcome: verdict.outcome, ledgerId, path, sha256, size, modified, found: verdict.found, reason });
  }

  private tell(progress: VerifyProgress): void {
    const now = this.parts.env.now();
    if (now - this.told < PROGRESS_MS) return;
    this.told = now;
    this.onProgress(progress);
  }
}
