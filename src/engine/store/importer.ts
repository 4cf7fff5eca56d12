/**
 * One import: fetches the host's stream, stores its commits with the next frame already being read, and passes the columns on
 * to the query worker. Whatever ends it, what is in stays in and every file is wholly in or wholly out.
 */
import type { EpochMs, ImportId } from '../../shared/brand.ts';
import type { ImportRun } from '../../shared/case.ts';
import { type CommitHeader, type ImportFrame, type ImportProgress, NO_PROGRESS } from '../../shared/commit.ts';
import type { ImportOutcome, StorageState } from '../../shared/engine.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import { decodeFrames } from '../../shared/frame.ts';
import type { Grant } from '../../shared/host.ts';
import type { CaseSession } from './case-session.ts';
import type { StoreEnvironment } from './environment.ts';
import type { HostCalls } from './host-calls.ts';
import type { QueryLink } from './query-link.ts';
import { expectedNeed, mustFit, pauseReason, ratioKnown, storageState } from './space.ts';

/** Transactions under way at a time: one is written while the next is being prepared. */
const IN_FLIGHT = 2;
const CONSOLIDATE_EVERY = 10;
const PROGRESS_MS = 200;
const JOURNAL_MS = 1000;
/** Room is looked at again after so many stored bytes, and while paused after so long. */
const LOOK_AGAIN_BYTES = 128 * 1024 * 1024;
const PAUSE_MS = 2000;
const PAUSED = 'Paused: nothing is read until you resume. What is in can be used, and more may be dropped.';

export interface ImportParts {
  env: StoreEnvironment;
  host: HostCalls;
  query: QueryLink;
  /** Something was stored. */
  onStored(): void;
}

export class Importer {
  private readonly abort = new AbortController();
  private readonly inFlight = new Set<Promise<void>>();
  private failure: unknown = null;
  private cancelAsked = false;
  private pausedByPerson = false;
  private pausedForRoom: string | null = null;
  private streaming = false;
  private progress: ImportProgress = NO_PROGRESS;
  private lastProgress = Number.NEGATIVE_INFINITY;
  private lastJournal = Number.NEGATIVE_INFINITY;
  private journalling: Promise<void> = Promise.resolve();
  private consolidating: Promise<void> = Promise.resolve();
  private commits = 0;
  private readonly stayWithdrawn = new Set<number>();
  private storedBytes = 0;
  private lookedAt = 0;
  private fitLooks = 0;
  private readonly importId: ImportId;

  constructor(
    private readonly session: CaseSession,
    private readonly parts: ImportParts,
    private readonly grants: readonly Pick<Grant, 'id' | 'label'>[],
    private readonly onProgress: (progress: ImportProgress) => void,
  ) {
    this.importId = parts.env.newId() as ImportId;
  }

  /** Rejects only when nothing could begin; afterwards the run's status and reason say how it ended. */
  async run(): Promise<ImportOutcome> {
    const { env, host } = this.parts;
    const space = await storageState(env, host);
    const full = pauseReason(space);
    if (full)
      throw new AppError(
        'storage',
        full.replace(/^Paused: (.*?)\. Free .*$/, 'The import was not begun: $1. Free some disk space, then import again.'),
      );
    let run: ImportRun = {
      id: this.importId,
      startedAt: env.now() as EpochMs,
      endedAt: null,
      roots: this.grants.map((g) => g.label),
      status: 'running',
      files: 0,
      records: 0,
      reason: null,
    };
    await this.session.putImport(run);
    this.parts.onStored();
    let cancelled = false;
    let failure: AppError | null = null;
    try {
      cancelled = await this.stream();
    } catch (thrown) {
      failure = toAppError(this.failure ?? thrown);
      cancelled = this.cancelAsked;
    }
    await this.finish(failure !== null).catch((thrown) => {
      failure ??= toAppError(thrown);
    });
    run = {
      ...run,
      endedAt: env.now() as EpochMs,
      status: cancelled ? 'cancelled' : failure ? 'failed' : 'done',
      files: this.progress.filesDone,
      records: this.progress.records,
      reason: cancelled ? null : (failure?.message ?? null),
    };
    await this.session.putImport(run);
    await this.session.outbox.flush().catch((thrown) => {
      run = { ...run, reason: run.reason ?? toAppError(thrown).message };
    });
    this.progress = { ...this.progress, reading: null, walking: false, paused: null };
    this.onProgress(this.progress);
    this.parts.onStored();
    const stay = this.stayWithdrawn.size;
    return { run, progress: this.progress, cancelled, ...(stay > 0 ? { stayWithdrawn: stay } : {}) };
  }

  /** The host ends the stream after what is finished; a stream that waits for room is cut off. */
  async cancel(): Promise<void> {
    this.cancelAsked = true;
    this.pausedByPerson = false;
    if (this.pausedForRoom !== null) {
      this.abort.abort();
      return;
    }
    await this.parts.host.cancelImport(this.importId);
  }

  /** A person's wish; a pause for room is beside it, and outlasts it. */
  async pause(paused: boolean): Promise<void> {
    if (this.cancelAsked || this.pausedByPerson === paused) return;
    this.pausedByPerson = paused;
    await this.tellPause();
  }

  /** Host and person are told the same: whether the import is paused, and why. */
  private async tellPause(): Promise<void> {
    this.progress = this.withPause(this.progress);
    this.onProgress(this.progress);
    if (this.streaming) await this.parts.host.pauseImport(this.importId, this.progress.paused ?? null);
  }

  private withPause(progress: ImportProgress): ImportProgress {
    const paused = this.pausedForRoom ?? (this.pausedByPerson ? PAUSED : null);
    return { ...progress, paused, resumable: this.pausedForRoom === null };
  }

  /** True when the host says that it was cancelled. */
  private async stream(): Promise<boolean> {
    const { host } = this.parts;
    const stream = await host.startImport(
      { importId: this.importId, caseId: this.session.id, grants: this.grants.map((g) => g.id), known: this.session.book.known() },
      this.abort.signal,
    );
    this.streaming = true;
    if (this.pausedByPerson) await this.tellPause();
    let ended: Extract<ImportFrame, { type: 'done' }> | null = null;
    try {
      for await (const frame of decodeFrames(stream)) {
        const message = frame.header as Exclude<ImportFrame, { type: 'commit' }> | { type: 'commit'; header: CommitHeader };
        if (message.type === 'commit') await this.commit(message.header, frame.buffers);
        else {
          await this.note(message.progress);
          if (message.type === 'done') ended = message;
        }
        if (this.failure) throw this.failure;
      }
    } catch (thrown) {
      this.abort.abort();
      throw thrown;
    }
    await Promise.all(this.inFlight);
    if (this.failure) throw this.failure;
    if (!ended)
      throw new AppError('internal', 'The import ended early: the host stopped sending. Import the same files again to continue.');
    return ended.cancelled;
  }

  private async commit(header: CommitHeader, buffers: ArrayBuffer[]): Promise<void> {
    const [segment, vault] = buffers;
    if (!segment || !vault) throw new AppError('internal', 'The host sent a commit without its bytes.');
    // The last stage may only be stored after all others are.
    if (header.stage?.last) await Promise.all(this.inFlight);
    if (this.failure) throw this.failure;
    const stored = this.store(header, segment, vault).catch((thrown) => {
      this.failure ??= thrown;
    });
    this.inFlight.add(stored);
    void stored.then(() => this.inFlight.delete(stored));
    while (this.inFlight.size >= IN_FLIGHT) await Promise.race(this.inFlight);
    if (this.storedBytes - this.lookedAt >= LOOK_AGAIN_BYTES) await this.waitForRoom();
  }

  private async store(header: CommitHeader, segment: ArrayBuffer, vault: ArrayBuffer): Promise<void> {
    const { query } = this.parts;
    const { added, stored, bytes, stayWithdrawn } = await this.session.writer.put(header, segment, vault, this.importId);
    for (const row of stayWithdrawn) this.stayWithdrawn.add(row.id);
    if (!stored) return;
    this.storedBytes += bytes;
    if (header.segment) query.attach({ id: header.id, segment: header.segment, blocks: header.blocks, stage: header.stage }, segment, null);
    query.files(added);
    this.parts.onStored();
    this.commits++;
    if (this.commits % CONSOLIDATE_EVERY === 0) {
      this.consolidating = this.consolidating.then(() => this.session.consolidate()).catch(() => undefined); // tried again at the end
    }
    this.journal();
  }

  private journal(): void {
    const now = this.parts.env.now();
    if (now - this.lastJournal < JOURNAL_MS) return;
    this.lastJournal = now;
    this.journalling = this.journalling.then(() => this.session.outbox.flush()).catch(() => undefined); // what waits is sent at the end
  }

  private async note(progress: ImportProgress): Promise<void> {
    this.progress = this.withPause(progress);
    const now = this.parts.env.now();
    if (now - this.lastProgress >= PROGRESS_MS) {
      this.lastProgress = now;
      this.onProgress(this.progress);
    }
    if (progress.walking) return;
    // Once at the end of the walk, so that what cannot fit is not begun, and once when the import has shown what it takes.
    const looks = ratioKnown(progress.bytesDone) ? 2 : 1;
    if (this.fitLooks >= looks) return;
    this.fitLooks = looks;
    const need = expectedNeed(progress.bytesFound - progress.bytesDone, progress.bytesDone, this.storedBytes);
    mustFit(need, await this.space());
  }

  private async waitForRoom(): Promise<void> {
    this.lookedAt = this.storedBytes;
    for (;;) {
      const paused = pauseReason(await this.space());
      if (paused !== this.pausedForRoom) {
        this.pausedForRoom = paused;
        await this.tellPause();
      }
      if (paused === null) return;
      if (this.cancelAsked) throw new AppError('cancelled', 'Cancelled.');
      await this.parts.env.wait(PAUSE_MS);
    }
  }

  private space(): Promise<StorageState> {
    return storageState(this.parts.env, this.parts.host);
  }

  /** Brings database, memory and query worker to the same state, whatever happened. */
  private async finish(failed: boolean): Promise<void> {
    const { session } = this;
    const { query } = this.parts;
    await Promise.all(this.inFlight);
    await this.consolidating;
    await this.journalling;
    const provisional = session.writer.provisional().filter((place) => place.importId === this.importId);
    // After a failed transaction memory may be ahead of the database.
    if (failed) await session.reload();
    const swept = await session.writer.sweep(this.importId);
    query.drop([...new Set([...provisional.map((place) => place.id), ...swept])]);
    query.files(await session.writer.settleRepeated());
    await session.consolidate();
  }
}
