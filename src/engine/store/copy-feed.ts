/**
 * Compares, field by field, whole records of one eventID whose texts are not the same, and tells the query worker which contradict each
 * other. Behind everything else, after a case was opened or its evidence changed. Bounded; what is left out is counted.
 */
import { type CopyVerdict, compareCopies } from '../../shared/copy-diff.ts';
import type { CopyFacts, DifferingCopies } from '../../shared/engine.ts';
import { toAppError } from '../../shared/errors.ts';
import { DIFF_LIMITS } from '../../shared/record-diff.ts';
import { recordInside } from '../../shared/unwrap.ts';
import type { CaseSession } from './case-session.ts';
import type { StoreEnvironment } from './environment.ts';
import type { QueryLink, Settled } from './query-link.ts';

/** EventIDs that are compared, bytes of their records in all, and what of it is read at a time. */
export const COPY_LIMITS = { eventIDs: 5000, bytes: 256 * 1024 * 1024, batch: 8 * 1024 * 1024, batchIDs: 100 } as const;
const BEGIN_MS = 100;
const REMEMBERED = 200_000;

const NOTHING: CopyFacts = { state: 'checking', reason: null, differing: 0, compared: 0, pairs: new Uint32Array(0), ids: [] };

export class CopyFeed {
  private run = 0;
  private saidNothing = false;
  /** By eventID and hashes: texts do not change. */
  private readonly known = new Map<string, CopyVerdict>();

  constructor(
    private readonly env: Pick<StoreEnvironment, 'wait'>,
    private readonly query: Pick<QueryLink, 'copies' | 'contradictions' | 'settle'>,
  ) {}

  /** Evidence changed: it is not known yet what else contradicts. */
  forget(): void {
    this.run++;
    if (!this.saidNothing) this.query.contradictions(NOTHING);
    this.saidNothing = true;
  }

  /** The case is closed. */
  end(): void {
    this.run++;
    this.known.clear();
    this.saidNothing = false;
  }

  /** Compares once `first` is over. Gives the events that there are now, null when nothing became other. Never rejects. */
  async begin(session: CaseSession, first: Promise<unknown>): Promise<Settled | null> {
    this.forget();
    const { run } = this;
    const over = (): boolean => run !== this.run;
    let told: CopyFacts;
    try {
      await first;
      let found = null;
      while (!found) {
        if (over()) return null;
        await this.env.wait(BEGIN_MS);
        if (over()) return null;
        found = await this.query.copies(COPY_LIMITS.eventIDs);
      }
      const compared = await this.compareAll(session, found.copies, over);
      if (!compared) return null;
      told = { ...NOTHING, ...compared, state: 'checked', differing: found.total };
    } catch (thrown) {
      told = { ...NOTHING, state: 'failed', reason: toAppError(thrown).message };
    }
    if (over()) return null;
    this.saidNothing = false;
    this.query.contradictions(told);
    // Whoever waits for this asks the query worker next, by another way.
    const settled = await this.query.settle();
    return told.ids.length > 0 ? settled : null;
  }

  private async compareAll(
    session: CaseSession,
    all: readonly DifferingCopies[],
    over: () => boolean,
  ): Promise<Pick<CopyFacts, 'pairs' | 'ids' | 'compared'> | null> {
    const pairs: number[] = [];
    const ids: string[] = [];
    let compared = 0;
    for (const batch of batchesOf(all)) {
      if (over()) return null;
      for (const { copies, texts } of await readAll(session, batch)) {
        let complete = copies.complete;
        let contradicts = false;
        for (let a = 0; a < copies.texts.length; a++) {
          for (let b = a + 1; b < copies.texts.length; b++) {
            const verdict = this.verdict(copies, texts, a, b);
            if (verdict === 'unknown') complete = false;
            if (verdict !== 'contradict') continue;
            contradicts = true;
            pairs.push(copies.texts[a].hash, copies.texts[b].hash);
          }
        }
        if (contradicts) ids.push(copies.eventID);
        if (complete) compared++;
      }
      await this.env.wait(0);
    }
    return { pairs: Uint32Array.from(pairs), ids, compared };
  }

  private verdict({ eventID, texts: of }: DifferingCopies, texts: readonly string[] | null, a: number, b: number): CopyVerdict {
    if (!texts) return 'unknown';
    const name = `${eventID} ${of[a].hash} ${of[b].hash}`;
    const known = this.known.get(name);
    if (known) return known;
    const verdict = compareCopies(texts[a], texts[b]);
    if (this.known.size >= REMEMBERED) this.known.clear();
    this.known.set(name, verdict);
    return verdict;
  }
}

function* batchesOf(all: readonly DifferingCopies[]): Generator<DifferingCopies[]> {
  let total = 0;
  let batch: DifferingCopies[] = [];
  let bytes = 0;
  for (const copies of all) {
    const size = copies.texts.reduce((sum, { ref }) => sum + ref.textLength, 0);
    if (total + size > COPY_LIMITS.bytes || copies.texts.some(({ ref }) => ref.textLength > DIFF_LIMITS.characters)) continue;
    total += size;
    if (batch.length > 0 && (bytes + size > COPY_LIMITS.batch || batch.length === COPY_LIMITS.batchIDs)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(copies);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

type Read = { copies: DifferingCopies; texts: string[] | null };

/** Records that cannot be read again leave the others to be compared. */
async function readAll(session: CaseSession, batch: readonly DifferingCopies[]): Promise<Read[]> {
  const refs = batch.flatMap((copies) => copies.texts.map(({ ref }) => ref));
  try {
    const records = await session.vault.records(refs);
    const read = records.values();
    const next = (): string => {
      const { value } = read.next();
      return value ? recordInside(value).text : '';
    };
    return batch.map((copies) => ({ copies, texts: copies.texts.map(next) }));
  } catch {
    if (batch.length === 1) return [{ copies: batch[0], texts: null }];
    const each: Read[] = [];
    for (const copies of batch) each.push(...(await readAll(session, [copies])));
    return each;
  }
}
