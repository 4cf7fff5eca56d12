/** The originals as they lie on disk now, hashed by the host, compared with the ledger: by path, else by hash. */
import type { CaseId, GrantId, Sha256 } from '../../shared/brand.ts';
import type { CommitHeader, ImportFrame } from '../../shared/commit.ts';
import type { VerifyProgress } from '../../shared/custody.ts';
import type { LedgerRow } from '../../shared/engine.ts';
import { AppError } from '../../shared/errors.ts';
import { decodeFrames } from '../../shared/frame.ts';
import type { LostRoot } from '../../shared/host.ts';
import type { EvidenceFile } from '../../shared/ledger.ts';
import type { HostCalls } from './host-calls.ts';
import type { Verdict } from './verifier.ts';

type Seen = Pick<EvidenceFile, 'path' | 'size' | 'modified' | 'sha256' | 'reason'>;

/** What was seen on the disk. */
export interface SeenOriginals {
  byPath: Map<string, Seen>;
  lost: LostRoot[];
}

const NO_PATH =
  'Dropped on a browser window or pasted: such a file has no path, so its original cannot be found again. Choose the files or their folder again to check them.';

export class OriginalsCheck {
  constructor(
    private readonly caseId: CaseId,
    private readonly host: HostCalls,
    private readonly signal: AbortSignal,
    private readonly tell: (progress: VerifyProgress) => void,
  ) {}

  /** Reads what the grants lead to, or without them what the case was imported from. `paths`: only these. */
  async read(grants: { id: GrantId }[] | null, paths: string[] | null, known: Sha256[]): Promise<SeenOriginals> {
    const seen: SeenOriginals = { byPath: new Map(), lost: [] };
    let given = grants?.map((grant) => grant.id) ?? [];
    if (grants === null) {
      const originals = await this.host.originals(this.caseId);
      given = originals.grants;
      seen.lost = originals.lost;
    }
    if (given.length === 0) return seen;
    const stream = await this.host.startVerify({ caseId: this.caseId, grants: given, known, paths }, this.signal);
    let ended = false;
    for await (const { header } of decodeFrames(stream)) {
      const message = header as Exclude<ImportFrame, { type: 'commit' }> | { type: 'commit'; header: CommitHeader };
      if (message.type === 'commit')
        for (const { path, size, modified, sha256, reason } of message.header.files)
          seen.byPath.set(path, { path, size, modified, sha256, reason });
      else {
        const { filesDone, filesFound, walking, bytesDone, reading } = message.progress;
        this.tell({ place: 'disk', filesDone, files: walking ? null : filesFound, bytesDone, reading });
        ended = message.type === 'done' && !message.cancelled;
      }
      if (this.signal.aborted) break;
    }
    if (this.signal.aborted) throw new AppError('cancelled', 'Cancelled.');
    if (!ended) throw new AppError('internal', 'The verification ended early: the host stopped sending. Verify again.');
    return seen;
  }

  /** A verdict for each of `rows`. Gives the number of files seen that none of `all` names. */
  judge(
    rows: readonly LedgerRow[],
    all: readonly LedgerRow[],
    seen: SeenOriginals,
    give: (row: LedgerRow, verdict: Verdict) => void,
  ): number {
    const named = new Set(all.map((row) => row.path));
    const others = [...seen.byPath.values()].filter((file) => !named.has(file.path));
    const byHash = new Map<Sha256, Seen[]>();
    for (const file of others) {
      if (file.sha256 === null) continue;
      const list = byHash.get(file.sha256);
      if (list) list.push(file);
      else byHash.set(file.sha256, [file]);
    }
    let moved = 0;
    for (const row of rows) {
      const file = seen.byPath.get(row.path);
      const elsewhere = file || row.sha256 === null ? undefined : byHash.get(row.sha256)?.pop();
      if (elsewhere) moved++;
      give(row, file ? judged(row, file) : elsewhere ? { outcome: 'unchanged', elsewhere: true } : absent(row, seen));
    }
    return others.length - moved;
  }
}

function judged(row: LedgerRow, file: Seen): Verdict {
  const found = { sha256: file.sha256, size: file.size, modified: file.modified };
  if (row.sha256 === null) {
    return file.sha256 === null
      ? { outcome: 'notVerifiable', reason: 'The ledger has no hash of it: it could not be read when it was imported, and cannot be now.' }
      : { outcome: 'notVerifiable', reason: 'The ledger has no hash of it: it could not be read when it was imported. Import it again.' };
  }
  if (file.sha256 === null) return { outcome: 'unreadable', found, reason: file.reason ?? 'It could not be read.' };
  if (file.sha256 === row.sha256) return { outcome: 'unchanged' };
  const size = file.size === row.size ? 'The size is the same, the bytes are not.' : `It had ${row.size} bytes and has ${file.size} now.`;
  return { outcome: 'changed', found, reason: `Its SHA-256 is not that of the ledger. ${size}` };
}

function absent(row: LedgerRow, { lost }: SeenOriginals): Verdict {
  const top = row.path.split(/[/!]/, 1)[0];
  const root = lost.find(
    ({ importId, label, path }) =>
      importId === row.importId && (path === null ? label === top || label === row.path : row.path === path || row.path.startsWith(path)),
  );
  if (root && root.path === null) return { outcome: 'notVerifiable', reason: NO_PATH };
  const reason = root ? `${root.path}, from which it was imported, is not there.` : 'There is no such file where it was imported from.';
  return { outcome: 'missing', found: null, reason };
}
