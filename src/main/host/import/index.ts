/**
 * One import: walks what was dropped, lets the ingest threads read it, and streams commits and progress as frames (frame.ts).
 * Every file that is seen gets a ledger row, whatever becomes of it.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { cancelledRow } from '../../../engine/ingest/ingest-core.ts';
import { ledgerRow } from '../../../engine/ingest/ledger-row.ts';
import type { CommitMessage, FileJob } from '../../../engine/ingest/thread-types.ts';
import type { CommitId } from '../../../shared/brand.ts';
import { COMMIT_VERSION, type ImportProgress, NO_PROGRESS } from '../../../shared/commit.ts';
import type { EvidenceFile, FileKind } from '../../../shared/ledger.ts';
import type { ImportJob, RunningImport } from '../platform.ts';
import { FrameQueue } from './frame-queue.ts';
import { Pool } from './pool.ts';
import { type StartThread, startWorker } from './thread.ts';
import { type FoundFile, walk } from './walk.ts';
import { zipMembers } from './zip.ts';

export interface ImportOptions extends ImportJob {
  /** The built thread, `ingest-thread.js`. */
  threadFile: string;
  threads: number;
  appVersion: string;
  /** Files found and not yet sent to a thread: beyond this the walk waits. 100,000 unless told. */
  maxWaiting?: number;
  /** Instead of a worker made from `threadFile`. */
  startThread?: StartThread;
}

const PROGRESS_MS = 200;
const MAX_WAITING = 100_000;
const ROWS_A_COMMIT = 4096;

export function createImport(options: ImportOptions): RunningImport {
  const run = new ImportRun(options);
  const stream = new ReadableStream<Uint8Array>(
    {
      start: () => run.start(),
      async pull(controller) {
        const chunk = await run.frames.take();
        if (run.failure !== null) controller.error(run.failure);
        else if (chunk === null) controller.close();
        else controller.enqueue(chunk);
      },
      cancel: () => run.abort(),
    },
    { highWaterMark: 0 },
  );
  return { stream, cancel: () => run.cancel() };
}

class ImportRun {
  readonly frames = new FrameQueue();
  failure: unknown = null;
  private readonly pool: Pool;
  private readonly shown: string[] = [];
  private rows: EvidenceFile[] = [];
  private rowCommits = 0;
  /** Containers and hashes under way. */
  private readonly tasks = new Set<Promise<void>>();
  private cancelled = false;
  private aborted = false;
  /** Whoever waits for a change: the walk, and each zip being listed. */
  private waiters: (() => void)[] = [];
  private timer: NodeJS.Timeout | null = null;
  private readonly progress: ImportProgress = { ...NO_PROGRESS };

  constructor(private readonly options: ImportOptions) {
    this.pool = new Pool(
      {
        importId: options.importId,
        appVersion: options.appVersion,
        threads: Math.max(1, options.threads),
        known: options.known,
        startThread: options.startThread ?? startWorker(options.threadFile),
      },
      {
        commit: (message, passed) => this.commit(message, passed),
        container: (job) => this.task(this.openZip(job)),
        deadly: (job, cause) => this.task(this.giveUp(job, cause)),
        changed: () => this.wake(),
      },
    );
  }

  start(): void {
    this.timer = setInterval(() => this.tell(), PROGRESS_MS);
    void this.work()
      .catch((thrown: unknown) => {
        this.failure = thrown;
      })
      .then(() => this.abort())
      .catch((thrown: unknown) => {
        this.failure ??= thrown;
        this.frames.end();
      });
  }

  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    for (const job of this.pool.cancel()) this.row(cancelledRow(job, this.options));
    this.wake();
  }

  /** Ends everything at once; what was pushed before can still be read. */
  async abort(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    this.aborted = true;
    this.cancelled = true;
    this.wake();
    await this.pool.stop();
    this.frames.end();
  }

  private async work(): Promise<void> {
    for await (const file of walk(this.options.sources)) {
      if (this.cancelled) break;
      this.found(file);
      while (this.crowded && !this.cancelled) await this.change();
    }
    this.progress.walking = false;
    do {
      while (!this.aborted && (this.tasks.size > 0 || !this.pool.idle)) await this.change();
      if (this.aborted) return;
      await this.pool.flush();
    } while (this.tasks.size > 0 || !this.pool.settled);
    this.giveRows();
    const progress = this.counted();
    this.frames.push({ type: 'done', cancelled: this.cancelled, progress: { ...progress, reading: null } });
  }

  private get crowded(): boolean {
    return this.pool.waiting > (this.options.maxWaiting ?? MAX_WAITING);
  }

  private found(file: FoundFile): void {
    this.progress.filesFound++;
    this.progress.bytesFound += file.size;
    if (file.refused === null) {
      this.pool.add(this.job(file.shown, file.path, file.size, file.modified, null));
      return;
    }
    const { size, modified } = file;
    const basis = { path: file.shown, container: 'plain' as const, size, modified, sha256: null, sha256Unpacked: null, unpackedSize: null };
    this.row(ledgerRow(basis, { kind: 'unreadable', status: 'rejected', reason: file.refused }, this.options));
  }

  private job(shown: string, path: string, size: number, modified: number | null, member: FileJob['member']): FileJob {
    this.shown.push(shown);
    return { seq: this.shown.length - 1, attempt: 0, shown, path, size, modified, member };
  }

  /** A zip gives way to its members; a row of its own only tells what went wrong with it. */
  private async openZip(container: FileJob): Promise<void> {
    this.progress.filesFound--;
    this.progress.bytesFound -= container.size;
    let members = 0;
    try {
      for await (const { name, size, modified, member, refused } of zipMembers(container.path)) {
        if (this.cancelled) {
          this.progress.filesFound++;
          this.progress.bytesFound += container.size;
          this.row({
            ...cancelledRow(container, this.options),
            kind: 'zip',
            reason: 'The import was cancelled before this zip was read to its end.',
          });
          return;
        }
        members++;
        const shown = `${container.shown}!${name}`;
        this.progress.filesFound++;
        this.progress.bytesFound += size;
        if (member !== null) this.pool.add(this.job(shown, container.path, size, modified, member));
        else {
          const basis = { path: shown, container: 'zip' as const, size, modified, sha256: null, sha256Unpacked: null, unpackedSize: null };
          this.row(ledgerRow(basis, { kind: 'binary', status: 'rejected', reason: refused }, this.options));
        }
        while (this.crowded && !this.cancelled) await this.change();
      }
      if (members === 0) await this.ownRow(container, 'zip', 'withoutEvents', 'The zip holds no files.');
    } catch (thrown) {
      const sentence = (thrown as Error).message;
      await this.ownRow(container, 'zip', 'rejected', members === 0 ? sentence : `${sentence} ${members} members before that were read.`);
    }
  }

  private giveUp(job: FileJob, cause: Error): Promise<void> {
    const memory = (cause as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
    const what = memory ? 'used up the memory that reading one file may take' : `made its reader fail (${cause.message})`;
    return this.ownRow(job, 'unreadable', 'rejected', `The file ${what}: it was given up after two attempts. Everything else was read.`);
  }

  /** The row of a file that no thread reads. */
  private async ownRow(job: FileJob, kind: FileKind, status: 'rejected' | 'withoutEvents', reason: string): Promise<void> {
    if (kind === 'zip') {
      this.progress.filesFound++;
      this.progress.bytesFound += job.size;
    }
    const sha256 = job.member === null ? await hashFile(job.path) : null;
    const container = job.member === null ? ('plain' as const) : ('zip' as const);
    const basis = { path: job.shown, container, size: job.size, modified: job.modified, sha256, sha256Unpacked: null, unpackedSize: null };
    this.row(ledgerRow(basis, { kind, status, reason }, this.options));
  }

  private task(work: Promise<void>): void {
    const tracked = work
      .catch((thrown: unknown) => {
        this.failure = thrown;
        this.aborted = true;
      })
      .finally(() => {
        this.tasks.delete(tracked);
        this.wake();
      });
    this.tasks.add(tracked);
  }

  private commit(message: CommitMessage, passed: () => void): void {
    const { header } = message;
    for (const { file, of } of message.repeats) {
      header.files[file].reason =
        of === null ? 'The case already holds a file with the same bytes.' : `The same bytes as ${this.shown[of]}, which this import read.`;
    }
    for (const row of header.files) this.count(row);
    this.frames.push({ type: 'commit', header, buffers: [message.segment, message.vault] }, passed);
  }

  private row(row: EvidenceFile): void {
    this.rows.push(row);
    this.count(row);
    if (this.rows.length >= ROWS_A_COMMIT) this.giveRows();
  }

  private giveRows(): void {
    if (this.rows.length === 0) return;
    const header = {
      version: COMMIT_VERSION,
      id: `${this.options.importId}.rows.${this.rowCommits++}` as CommitId,
      stage: null,
      files: this.rows,
      blocks: [],
      originals: [],
      problems: [],
      aggregated: [],
      segment: null,
    };
    this.rows = [];
    this.frames.push({ type: 'commit', header, buffers: [new ArrayBuffer(0), new ArrayBuffer(0)] });
  }

  private count(row: EvidenceFile): void {
    const progress = this.progress;
    progress.filesDone++;
    progress.bytesDone += row.size;
    progress.records += row.records;
    if (row.status === 'rejected') progress.filesRejected++;
    if (row.status === 'repeated') progress.filesRepeated++;
  }

  /** Counts with what the threads hold and have not handed over. */
  private counted(): ImportProgress {
    const progress = { ...this.progress, reading: this.pool.reading };
    for (const pending of this.pool.pending()) {
      progress.filesDone += pending.files;
      progress.filesRejected += pending.rejected;
      progress.filesRepeated += pending.repeated;
      progress.records += pending.records;
      progress.bytesDone += pending.bytes;
    }
    return progress;
  }

  private tell(): void {
    this.giveRows();
    // A reader that does not read gets no heap of old news.
    if (this.frames.waiting < 1024 * 1024) this.frames.push({ type: 'progress', progress: this.counted() });
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.waiters.push(resolve));
  }

  private wake(): void {
    for (const resolve of this.waiters.splice(0)) resolve();
  }
}

async function hashFile(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch {
    return null;
  }
}
