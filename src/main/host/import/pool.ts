/**
 * The ingest threads of one import: feeds them runs of files, passes on their commits, and replaces a thread that a file killed.
 * A file that killed a thread is tried once more by itself; then it gets a ledger row, and everything else goes on.
 */
import { ClaimTable, claimBytes, claimCapacity, KNOWN } from '../../../engine/ingest/claims.ts';
import { COMMIT_EVENTS, FIRST_COMMIT_EVENTS } from '../../../engine/ingest/limits.ts';
import {
  CONTROL_CANCEL,
  CONTROL_FIELDS,
  CONTROL_PAUSE,
  CONTROL_READING,
  type CommitMessage,
  type ContainerKind,
  type FileJob,
  type FromThread,
  type PendingCounts,
} from '../../../engine/ingest/thread-types.ts';
import type { ImportId, Sha256 } from '../../../shared/brand.ts';
import type { StartThread, Thread } from './thread.ts';

export interface PoolEvents {
  /** Call `passed` when the reader has it: then the thread may go on. */
  commit(message: CommitMessage, passed: () => void): void;
  container(job: FileJob, kind: ContainerKind): void;
  /** The file cannot be read without ending a thread. */
  deadly(job: FileJob, cause: Error): void;
  /** A run was taken, or a thread has nothing to do: there may be room for more. */
  changed(): void;
}

export interface PoolSettings {
  importId: ImportId;
  appVersion: string;
  threads: number;
  known: readonly Sha256[];
  startThread: StartThread;
}

/** Runs a thread holds at once: one being read and one waiting, so that it never idles. */
const RUNS_AHEAD = 2;
const RUN_FILES = 64;
const RUN_BYTES = 4 * 1024 * 1024;

interface Slot {
  thread: Thread;
  control: Int32Array;
  /** Sent and in no commit yet. */
  open: Map<number, FileJob>;
  /** Bytes carried by the jobs of each run under way, the oldest first. */
  runs: number[];
  pending: PendingCounts | null;
  /** Whoever asked for a flush, in order. */
  flushed: (() => void)[];
}

export class Pool {
  reading: string | null = null;
  /** Bytes of members that wait in memory, or are being read. */
  carried = 0;
  private readonly slots: Slot[] = [];
  private readonly claims: SharedArrayBuffer;
  private readonly queue: FileJob[] = [];
  private readonly again: FileJob[] = [];
  private threadIds = 0;
  private commits = 0;
  private cancelled = false;
  private paused = false;
  private stopped = false;

  constructor(
    private readonly settings: PoolSettings,
    private readonly events: PoolEvents,
  ) {
    this.claims = new SharedArrayBuffer(claimBytes(claimCapacity(settings.known.length)));
    const table = new ClaimTable(this.claims);
    for (const sha256 of settings.known) table.claim(Buffer.from(sha256, 'hex'), KNOWN);
    for (let i = 0; i < settings.threads; i++) this.slots.push(this.start());
  }

  /** Files waiting to be sent. */
  get waiting(): number {
    return this.queue.length + this.again.length;
  }

  get idle(): boolean {
    return this.waiting === 0 && this.slots.every((slot) => slot.runs.length === 0);
  }

  /** Idle, and everything that was sent is in a commit. */
  get settled(): boolean {
    return this.idle && this.slots.every((slot) => slot.open.size === 0);
  }

  /** What threads have read and not handed over. */
  pending(): PendingCounts[] {
    return this.slots.flatMap((slot) => (slot.pending ? [slot.pending] : []));
  }

  add(job: FileJob): void {
    this.queue.push(job);
    this.carried += job.bytes?.byteLength ?? 0;
    this.feed();
  }

  /** Threads stop before the next file, and inside a large one; what they have gathered is handed over. */
  pause(paused: boolean): void {
    this.paused = paused;
    for (const slot of this.slots) {
      Atomics.store(slot.control, CONTROL_PAUSE, paused ? 1 : 0);
      slot.thread.send({ type: 'wake' });
    }
    this.feed();
  }

  /** Asks for everything gathered; resolves when all of it was handed to `events.commit`. */
  async flush(): Promise<void> {
    await Promise.all(
      this.slots.map(
        (slot) =>
          new Promise<void>((resolve) => {
            slot.flushed.push(resolve);
            slot.thread.send({ type: 'flush' });
          }),
      ),
    );
  }

  /** Threads drop what they are in the middle of. Returns the files that were not sent yet. */
  cancel(): FileJob[] {
    this.cancelled = true;
    for (const slot of this.slots) {
      Atomics.store(slot.control, CONTROL_CANCEL, 1);
      slot.thread.send({ type: 'wake' });
    }
    return [...this.again.splice(0), ...this.queue.splice(0)];
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const slot of this.slots) for (const resolve of slot.flushed.splice(0)) resolve();
    await Promise.all(this.slots.map((slot) => slot.thread.stop()));
  }

  private start(): Slot {
    const control = new SharedArrayBuffer(CONTROL_FIELDS * 4);
    const { importId, appVersion, startThread } = this.settings;
    const slot = { control: new Int32Array(control), open: new Map(), runs: [], pending: null, flushed: [] } as unknown as Slot;
    if (this.cancelled) Atomics.store(slot.control, CONTROL_CANCEL, 1);
    if (this.paused) Atomics.store(slot.control, CONTROL_PAUSE, 1);
    slot.thread = startThread(
      { importId, appVersion, threadId: this.threadIds++, claims: this.claims, control },
      { message: (message) => this.receive(slot, message), died: (cause) => this.bury(slot, cause) },
    );
    return slot;
  }

  private feed(): void {
    if (this.paused) return;
    for (let ahead = 0; ahead < RUNS_AHEAD; ahead++) {
      for (const slot of this.slots) {
        if (slot.runs.length > ahead) continue;
        const jobs = this.nextRun();
        if (jobs.length === 0) return;
        slot.runs.push(jobs.reduce((bytes, job) => bytes + (job.bytes?.byteLength ?? 0), 0));
        for (const job of jobs) slot.open.set(job.seq, job);
        slot.thread.send({ type: 'run', jobs, commitEvents: Math.min(COMMIT_EVENTS, FIRST_COMMIT_EVENTS * 2 ** this.commits) });
      }
    }
  }

  /** Files that killed a thread, one by one; else as many as make a run. */
  private nextRun(): FileJob[] {
    const again = this.again.shift();
    if (again) return [again];
    let bytes = 0;
    let files = 0;
    while (files < this.queue.length && files < RUN_FILES && bytes < RUN_BYTES) bytes += this.queue[files++].size;
    return this.queue.splice(0, files);
  }

  private receive(slot: Slot, message: FromThread): void {
    switch (message.type) {
      case 'commit': {
        this.commits++;
        for (const seq of message.seqs) slot.open.delete(seq);
        for (const { seq } of message.repeats) slot.open.delete(seq);
        if (message.header.stage === null) slot.pending = null;
        const bytes = message.segment.byteLength + message.vault.byteLength;
        this.events.commit(message, () => {
          if (!this.stopped) slot.thread.send({ type: 'ack', bytes });
        });
        break;
      }
      case 'container': {
        const job = slot.open.get(message.seq);
        slot.open.delete(message.seq);
        if (job) this.events.container(job, message.kind);
        break;
      }
      case 'progress':
        slot.pending = message.pending;
        this.reading = message.reading;
        break;
      case 'ran':
        this.carried -= slot.runs.shift() ?? 0;
        this.feed();
        this.events.changed();
        break;
      case 'flushed':
        slot.flushed.shift()?.();
        break;
    }
  }

  /** The thread's uncommitted files are read again, by its successor and the others; the one it died of alone, once. */
  private bury(slot: Slot, cause: Error): void {
    if (this.stopped) return;
    const culprit = Atomics.load(slot.control, CONTROL_READING);
    const lost = [...slot.open.values()];
    const flushed = slot.flushed.splice(0);
    for (const bytes of slot.runs) this.carried -= bytes;
    this.slots[this.slots.indexOf(slot)] = this.start();
    for (const job of lost.reverse()) {
      // A death outside any file must not repeat forever: then every lost file is tried alone.
      if (job.seq === culprit || culprit < 0) this.retryAlone(job, cause);
      else {
        this.queue.unshift(job);
        this.carried += job.bytes?.byteLength ?? 0;
      }
    }
    this.feed();
    for (const resolve of flushed) resolve();
    this.events.changed();
  }

  private retryAlone(job: FileJob, cause: Error): void {
    if (job.attempt > 0) this.events.deadly(job, cause);
    else {
      this.again.push({ ...job, attempt: 1 });
      this.carried += job.bytes?.byteLength ?? 0;
    }
  }
}
