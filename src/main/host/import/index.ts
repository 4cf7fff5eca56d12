/**
 * One import: walks what was dropped, lets the ingest threads read it, and streams commits and progress as frames (frame.ts).
 * Every file that is seen gets a ledger row, whatever becomes of it.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pathOnDisk } from '../../../engine/ingest/evidence-source.ts';
import { cancelledRow } from '../../../engine/ingest/ingest-core.ts';
import { ledgerRow } from '../../../engine/ingest/ledger-row.ts';
import type { CommitMessage, ContainerKind, FileJob } from '../../../engine/ingest/thread-types.ts';
import type { CommitId } from '../../../shared/brand.ts';
import { COMMIT_VERSION, type ImportProgress, NO_PROGRESS } from '../../../shared/commit.ts';
import type { EvidenceFile, FileKind } from '../../../shared/ledger.ts';
import type { ImportJob, RunningImport } from '../platform.ts';
import { Budget, type OpenedMember, openContainer } from './containers.ts';
import { FrameQueue } from './frame-queue.ts';
import { MemberSpool, type SpooledFile } from './member-spool.ts';
import { Pool } from './pool.ts';
import { Repeats } from './repeats.ts';
import { type StartThread, startWorker } from './thread.ts';
import { Turns } from './turns.ts';
import { type FoundFile, walk } from './walk.ts';

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
/** Members of containers that wait in memory, and in temporary files: beyond these their container waits. Bytes. */
const MAX_CARRIED = 64 * 1024 * 1024;
const MAX_SPOOLED = 4 * 1024 ** 3;

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
  return { stream, cancel: () => run.cancel(), pause: (reason) => run.pause(reason) };
}

class ImportRun {
  readonly frames = new FrameQueue();
  failure: unknown = null;
  private readonly pool: Pool;
  private readonly shown: string[] = [];
  private rows: EvidenceFile[] = [];
  private rowCommits = 0;
  private readonly repeats = new Repeats((seq) => this.shown[seq]);
  private readonly spool: MemberSpool;
  private readonly turns = new Turns();
  /** By seq: the temporary file that the file lies in, and what the containers around it may still unpack to. */
  private readonly spooled = new Map<number, SpooledFile>();
  private readonly budgets = new Map<number, Budget>();
  /** Why the import is paused; null while it runs. */
  private held: string | null = null;
  /** Containers and hashes under way. */
  private readonly tasks = new Set<Promise<void>>();
  private cancelled = false;
  private aborted = false;
  /** Whoever waits for a change: the walk, and each zip being listed. */
  private waiters: (() => void)[] = [];
  private timer: NodeJS.Timeout | null = null;
  private readonly progress: ImportProgress = { ...NO_PROGRESS };

  constructor(private readonly options: ImportOptions) {
    this.spool = new MemberSpool(options.spoolDir);
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
        container: (job, kind) => this.task(this.open(job, kind)),
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
    for (const job of this.pool.cancel()) this.row(cancelledRow(job, this.options), job.seq);
    this.pause(null);
  }

  /** Stops reading, with a sentence that says why; null: goes on. */
  pause(reason: string | null): void {
    this.held = this.cancelled ? null : reason;
    this.pool.pause(this.held !== null);
    this.tell();
    this.wake();
  }

  /** Ends everything at once; what was pushed before can still be read. */
  async abort(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    this.aborted = true;
    this.cancelled = true;
    this.wake();
    await this.pool.stop();
    await this.spool.clear().catch(() => undefined);
    this.frames.end();
  }

  private async work(): Promise<void> {
    for await (const file of walk(this.options.sources)) {
      if (this.cancelled) break;
      this.found(file);
      while ((this.crowded || this.held !== null) && !this.cancelled) await this.change();
    }
    this.progress.walking = false;
    do {
      while (!this.aborted && (this.tasks.size > 0 || !this.pool.idle)) await this.change();
      if (this.aborted) return;
      await this.pool.flush();
    } while (this.tasks.size > 0 || !this.pool.settled);
    for (const row of this.repeats.rest()) this.row(row);
    this.giveRows();
    const progress = this.counted();
    this.frames.push({ type: 'done', cancelled: this.cancelled, progress: { ...progress, reading: null } });
  }

  private get crowded(): boolean {
    return this.pool.waiting > (this.options.maxWaiting ?? MAX_WAITING);
  }

  /** Too much of what containers held lies in memory or on the disk. */
  private full(depth: number): boolean {
    return this.pool.carried + this.turns.below(depth) > MAX_CARRIED || this.spool.bytes > MAX_SPOOLED;
  }

  private found(file: FoundFile): void {
    this.progress.filesFound++;
    this.progress.bytesFound += file.size;
    if (file.refused === null) {
      const { shown, path, size, modified } = file;
      this.pool.add(this.job({ shown, path, size, modified, inside: null, depth: 0, member: null, bytes: null, damage: null }));
      return;
    }
    const { size, modified } = file;
    const basis = { path: file.shown, container: 'plain' as const, size, modified, sha256: null, sha256Unpacked: null, unpackedSize: null };
    this.row(ledgerRow(basis, { kind: 'unreadable', status: 'rejected', reason: file.refused }, this.options));
  }

  private job(of: Omit<FileJob, 'seq' | 'attempt'>): FileJob {
    this.shown.push(of.shown);
    return { seq: this.shown.length - 1, attempt: 0, ...of };
  }

  /** A container gives way to its members; a row of its own only tells what went wrong with it. */
  private async open(container: FileJob, kind: ContainerKind): Promise<void> {
    const through = await this.turns.take(container);
    this.progress.filesFound--;
    this.progress.bytesFound -= container.size;
    const word = kind === 'zip' ? 'zip' : 'tar';
    const budget = this.budgets.get(container.seq) ?? new Budget(container.size);
    this.budgets.delete(container.seq);
    let members = 0;
    try {
      for await (const found of openContainer(container, kind, this.spool, budget)) {
        if (this.cancelled) {
          this.progress.filesFound++;
          this.progress.bytesFound += container.size;
          const reason = `The import was cancelled before this ${word} was read to its end.`;
          this.row({ ...cancelledRow(container, this.options), kind: word, reason });
          return;
        }
        members++;
        await this.member(container, found, budget);
      }
      if (members === 0) await this.ownRow(container, word, 'withoutEvents', `The ${word} holds no files.`);
    } catch (thrown) {
      const sentence = (thrown as Error).message;
      const before = members === 1 ? 'One member before that was read.' : `${members} members before that were read.`;
      await this.ownRow(container, word, 'rejected', members === 0 ? sentence : `${sentence} ${before}`);
    } finally {
      this.letGo(container.seq);
      through();
      this.wake();
    }
  }

  private async member(container: FileJob, found: OpenedMember, budget: Budget): Promise<void> {
    const shown = `${container.shown}!${found.name}`;
    const { size, modified, inside, damage, refused } = found;
    this.progress.filesFound++;
    this.progress.bytesFound += size;
    const job = this.job({ shown, size, modified, ...found.place, inside, depth: container.depth + 1, damage });
    if (found.spooled !== null) this.spooled.set(job.seq, found.spooled);
    // A member that lies in the container's own temporary file needs that file as well.
    else if (found.place.member !== null) this.share(container.seq, job.seq);
    if (refused === null) {
      this.budgets.set(job.seq, budget);
      this.pool.add(job);
    } else {
      const basis = { path: shown, container: inside, size, modified, sha256: null, sha256Unpacked: null, unpackedSize: null };
      this.row(ledgerRow(basis, { kind: 'binary', status: 'rejected', reason: refused }, this.options), job.seq);
    }
    while (!this.cancelled && (this.held !== null || this.crowded || this.full(container.depth))) {
      if (this.held !== null || !this.pool.idle || this.turns.busyBelow(container.depth)) await this.change();
      // Threads keep what they have gathered until told, and with it the temporary files.
      else if (!this.pool.settled) await this.pool.flush();
      else break;
    }
  }

  private share(owner: number, seq: number): void {
    const file = this.spooled.get(owner);
    if (file === undefined) return;
    file.hold();
    this.spooled.set(seq, file);
  }

  /** The file is through, or given up: its temporary file has one holder fewer. */
  private letGo(seq: number): void {
    const file = this.spooled.get(seq);
    this.spooled.delete(seq);
    this.budgets.delete(seq);
    if (file !== undefined) void file.release().then(() => this.wake());
  }

  private giveUp(job: FileJob, cause: Error): Promise<void> {
    const memory = (cause as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
    const what = memory ? 'used up the memory that reading one file may take' : `made its reader fail (${cause.message})`;
    return this.ownRow(job, 'unreadable', 'rejected', `The file ${what}: it was given up after two attempts. Everything else was read.`);
  }

  /** The row of a file that no thread reads. */
  private async ownRow(job: FileJob, kind: FileKind, status: 'rejected' | 'withoutEvents', reason: string): Promise<void> {
    if (kind === 'zip' || kind === 'tar') {
      this.progress.filesFound++;
      this.progress.bytesFound += job.size;
    }
    const sha256 = await hashFile(job);
    const container = job.inside ?? ('plain' as const);
    const basis = { path: job.shown, container, size: job.size, modified: job.modified, sha256, sha256Unpacked: null, unpackedSize: null };
    this.row(ledgerRow(basis, { kind, status, reason }, this.options), job.seq);
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
    for (const row of header.files) this.count(row);
    this.frames.push({ type: 'commit', header, buffers: [message.segment, message.vault] }, passed);
    for (let i = 0; i < message.seqs.length; i++) this.through(message.seqs[i], header.files[i]);
    for (const { row, seq, of } of message.repeats) {
      this.letGo(seq);
      const told = this.repeats.take(row, of);
      if (told !== null) this.row(told);
    }
  }

  private through(seq: number, row: EvidenceFile): void {
    this.letGo(seq);
    for (const copy of this.repeats.settle(seq, row)) this.row(copy);
  }

  /** The row of a file that no thread reads; `seq`: its job's. */
  private row(row: EvidenceFile, seq?: number): void {
    this.rows.push(row);
    this.count(row);
    if (seq !== undefined) this.through(seq, row);
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

  /** What a cancel left unread is found, and not done. */
  private count(row: EvidenceFile): void {
    if (row.status === 'cancelled') return;
    const progress = this.progress;
    progress.filesDone++;
    progress.bytesDone += row.size;
    progress.records += row.records;
    if (row.status === 'rejected') progress.filesRejected++;
    if (row.status === 'repeated') progress.filesRepeated++;
  }

  /** Counts with what the threads hold and have not handed over. */
  private counted(): ImportProgress {
    const progress = { ...this.progress, reading: this.pool.reading, paused: this.held };
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

async function hashFile(job: FileJob): Promise<string | null> {
  if (job.inside !== null) return null;
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(pathOnDisk(job.path))) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch {
    return null;
  }
}
