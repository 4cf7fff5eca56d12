/**
 * What an ingest thread does: takes runs of files, reads one after another, and hands over commits. A pure core: it is given a way
 * to post messages, so that it runs in a test as well as in a thread.
 */
import { setImmediate } from 'node:timers/promises';
import type { CommitStage } from '../../shared/commit.ts';
import type { EvidenceFile } from '../../shared/ledger.ts';
import { ClaimTable, KNOWN } from './claims.ts';
import { CommitBuilder } from './commit-builder.ts';
import { EvidenceSource, Unreadable } from './evidence-source.ts';
import { readLarge } from './large-file.ts';
import { ledgerRow } from './ledger-row.ts';
import { COMMIT_EVENTS, COMMIT_VAULT_BYTES, MAX_CONTAINERS, SMALL_FILE_BYTES } from './limits.ts';
import { readSmall, type SmallResult } from './small-file.ts';
import {
  CONTROL_CANCEL,
  CONTROL_PAUSE,
  CONTROL_READING,
  type CommitMessage,
  type FileJob,
  type FromThread,
  type PendingCounts,
  type ThreadSetup,
  type ToThread,
} from './thread-types.ts';
import { TooLarge } from './unpack.ts';

export type Post = (message: FromThread, transfer: ArrayBuffer[]) => void;

/** zlib handles are freed between turns only: in Electron, thousands of them in one turn hang the thread. */
const FILES_PER_TURN = 64;
const PROGRESS_MS = 100;
/** Gathered rows wait no longer than this for company. */
const COMMIT_MS = 2000;

export class IngestCore {
  private readonly claims: ClaimTable;
  private readonly control: Int32Array;
  private builder = new CommitBuilder();
  private commits = 0;
  private commitEvents = COMMIT_EVENTS;
  private lastCommit = Date.now();
  private lastProgress = 0;
  private pending: PendingCounts = noCounts();
  private unacknowledged = 0;
  /** Called when there may be room, or `control` has changed. */
  private onNews: (() => void) | null = null;
  private readonly queue: ToThread[] = [];
  private busy = false;

  constructor(
    private readonly setup: ThreadSetup,
    private readonly post: Post,
  ) {
    this.claims = new ClaimTable(setup.claims);
    this.control = new Int32Array(setup.control);
    Atomics.store(this.control, CONTROL_READING, -1);
  }

  /** Messages are worked off in order; `ack` at once. Rejects only for a bug in here. */
  async take(message: ToThread): Promise<void> {
    if (message.type === 'ack' || message.type === 'wake') {
      if (message.type === 'ack') this.unacknowledged -= message.bytes;
      this.onNews?.();
      return;
    }
    this.queue.push(message);
    if (this.busy) return;
    this.busy = true;
    for (let next = this.queue.shift(); next; next = this.queue.shift()) {
      if (next.type === 'run') await this.run(next.jobs, next.commitEvents);
      else if (next.type === 'flush') {
        await this.commit();
        this.post({ type: 'flushed' }, []);
      }
    }
    this.busy = false;
  }

  private get cancelled(): boolean {
    return Atomics.load(this.control, CONTROL_CANCEL) !== 0;
  }

  /** Returns once the import is not paused. */
  private async paused(): Promise<void> {
    while (this.holding) await this.news();
  }

  private get holding(): boolean {
    return Atomics.load(this.control, CONTROL_PAUSE) !== 0 && !this.cancelled;
  }

  private async news(): Promise<void> {
    await new Promise<void>((resolve) => (this.onNews = resolve));
    this.onNews = null;
  }

  private async run(jobs: readonly FileJob[], commitEvents: number): Promise<void> {
    this.commitEvents = commitEvents;
    for (let i = 0; i < jobs.length; i++) {
      const job = jobs[i];
      // What was read before is handed over, so that the wait holds nothing back.
      if (this.holding) await this.commit();
      await this.paused();
      Atomics.store(this.control, CONTROL_READING, job.seq);
      if (this.cancelled) this.note(cancelledRow(job, this.setup), job.seq);
      else await this.read(job);
      Atomics.store(this.control, CONTROL_READING, -1);
      if (this.builder.full(this.commitEvents) || (this.builder.segment.rows > 0 && Date.now() - this.lastCommit > COMMIT_MS))
        await this.commit();
      this.progress(job.shown);
      if (i % FILES_PER_TURN === FILES_PER_TURN - 1) await setImmediate();
    }
    await setImmediate();
    this.post({ type: 'ran' }, []);
  }

  private async read(job: FileJob): Promise<void> {
    let source: EvidenceSource | null = null;
    const path = job.shown;
    try {
      source = new EvidenceSource(job);
      const claim = (sha256: Buffer): number | null | undefined => {
        const owner = this.claims.claim(sha256, job.seq);
        return owner === job.seq ? undefined : owner === KNOWN ? null : owner;
      };
      if (source.size <= SMALL_FILE_BYTES) {
        try {
          const result = readSmall(source, path, job.depth < MAX_CONTAINERS, claim, this.builder);
          if ('container' in result) this.post({ type: 'container', seq: job.seq, kind: result.container }, []);
          else this.finishFile(result, job.seq, source);
          return;
        } catch (thrown) {
          if (!(thrown instanceof TooLarge)) throw thrown;
        }
      }
      await this.readLarge(source, job, claim);
    } catch (thrown) {
      if (!(thrown instanceof Unreadable)) throw thrown;
      const basis = {
        path,
        container: job.inside ?? ('plain' as const),
        size: source?.size ?? job.size,
        modified: job.modified,
        sha256: null,
        sha256Unpacked: null,
        unpackedSize: null,
      };
      this.note(
        ledgerRow(basis, { kind: thrown.broken ? 'binary' : 'unreadable', status: 'rejected', reason: thrown.message }, this.setup),
        job.seq,
      );
    } finally {
      source?.close();
    }
  }

  private async readLarge(source: EvidenceSource, job: FileJob, claim: (sha256: Buffer) => number | null | undefined): Promise<void> {
    const before = { ...this.pending };
    const result = await readLarge(source, {
      path: job.shown,
      mayOpen: job.depth < MAX_CONTAINERS,
      paused: () => this.paused(),
      claim,
      cancelled: () => this.cancelled,
      stageKey: `${job.seq}.${job.attempt}.${this.setup.threadId}`,
      stage: (builder, stage) => this.hand(builder, stage),
      tick: (bytes, records) => {
        this.pending.bytes = before.bytes + bytes;
        this.pending.records = before.records + records;
        this.progress(job.shown);
      },
    });
    this.pending.bytes = before.bytes;
    this.pending.records = before.records;
    if ('container' in result) this.post({ type: 'container', seq: job.seq, kind: result.container }, []);
    else if (result.last === null) this.finishFile(result, job.seq, source);
    else {
      result.last.builder.addFile(ledgerRow(result.basis, withHoles(result.facts, source), this.setup), job.seq);
      await this.hand(result.last.builder, result.last.stage);
    }
    // The host counts the file by its row now: what was told of it underway must not stand beside that.
    this.progress(job.shown, true);
  }

  private finishFile(result: SmallResult, seq: number, source: EvidenceSource): void {
    const facts = withHoles(source.inside === null && source.changed ? changed(result.facts) : result.facts, source);
    this.note(ledgerRow(result.basis, facts, this.setup), seq, result.repeatOf);
  }

  private note(row: EvidenceFile, seq: number, repeatOf?: number | null): void {
    this.builder.addFile(row, seq, repeatOf);
    if (row.status === 'cancelled') return;
    this.pending.files++;
    this.pending.bytes += row.size;
    this.pending.records += row.records;
    if (row.status === 'rejected') this.pending.rejected++;
    if (row.status === 'repeated') this.pending.repeated++;
  }

  private async commit(): Promise<void> {
    this.lastCommit = Date.now();
    if (this.builder.empty) return;
    const builder = this.builder;
    this.builder = new CommitBuilder();
    this.pending = noCounts();
    await this.hand(builder, null);
  }

  /** Waits until the host has room: what was handed over and not passed on stays bounded. */
  private async hand(builder: CommitBuilder, stage: CommitStage | null): Promise<void> {
    await builder.packed();
    const message: CommitMessage = builder.finish(`${this.setup.importId}.${this.setup.threadId}.${this.commits++}`, stage);
    while (this.unacknowledged > COMMIT_VAULT_BYTES && !this.cancelled) await this.news();
    this.unacknowledged += message.segment.byteLength + message.vault.byteLength;
    this.post(message, [message.segment, message.vault]);
  }

  private progress(reading: string, atOnce = false): void {
    const now = Date.now();
    if (!atOnce && now - this.lastProgress < PROGRESS_MS) return;
    this.lastProgress = now;
    this.post({ type: 'progress', pending: { ...this.pending }, reading }, []);
  }
}

const noCounts = (): PendingCounts => ({ files: 0, rejected: 0, repeated: 0, records: 0, bytes: 0 });

/** Its rows are of what was there when it was read, and the hash is of that. */
function changed<F extends SmallResult['facts']>(facts: F): F {
  const reason = [facts.reason, 'The file was written to while it was read: import it again.'].filter((part) => part !== null).join(' ');
  return { ...facts, status: facts.status === 'imported' ? 'partial' : facts.status, reason };
}

/** Holes explain what could not be read; a file that was read has none to speak of. */
function withHoles<F extends SmallResult['facts']>(facts: F, { holes }: EvidenceSource): F {
  const unread = facts.status === 'rejected' || facts.status === 'partial';
  return holes === null || !unread ? facts : { ...facts, reason: [facts.reason, holes].filter((part) => part !== null).join(' ') };
}

/** A file that was found and not read because the import was cancelled. */
export function cancelledRow(
  job: Pick<FileJob, 'shown' | 'size' | 'modified' | 'inside'>,
  run: Pick<ThreadSetup, 'importId' | 'appVersion'>,
): EvidenceFile {
  return ledgerRow(
    {
      path: job.shown,
      container: job.inside ?? 'plain',
      size: job.size,
      modified: job.modified,
      sha256: null,
      sha256Unpacked: null,
      unpackedSize: null,
    },
    { kind: 'records', status: 'cancelled', reason: 'The import was cancelled before this file was read.' },
    run,
  );
}
