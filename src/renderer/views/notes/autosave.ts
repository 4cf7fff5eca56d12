/** Keeps a note soon after it was changed and says how that stands. One note at a time, writes one after another. */
import type { Note } from '../../../shared/case.ts';
import { toAppError } from '../../../shared/errors.ts';

export type SaveState = { state: 'saved' } | { state: 'waiting' } | { state: 'saving' } | { state: 'failed'; message: string };

/** Milliseconds of rest after which a change is kept. */
export const SAVE_AFTER_MS = 600;

export class Autosave {
  private waiting: Note | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private running: Promise<void> | null = null;
  private writing: Note | null = null;

  constructor(
    private readonly put: (note: Note) => Promise<void>,
    private readonly changed: (state: SaveState) => void,
    private readonly delay = SAVE_AFTER_MS,
  ) {}

  /** The note as it is now; kept once nothing changed for a moment. A change of another note keeps the first one at once. */
  schedule(note: Note): void {
    if (this.waiting && this.waiting.id !== note.id) void this.flush();
    this.waiting = note;
    this.changed({ state: 'waiting' });
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), this.delay);
  }

  /** True while a change is not kept yet. */
  isPending(id: string): boolean {
    return this.waiting?.id === id || this.writing?.id === id;
  }

  /** Drops a change that waits: the note was deleted. */
  forget(id: string): void {
    if (this.waiting?.id === id) this.waiting = null;
  }

  /** Keeps what waits; resolves when it is kept or has failed (it then waits for the next try). */
  async flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    await this.running;
    const note = this.waiting;
    if (!note) return;
    this.waiting = null;
    this.running = this.write(note);
    await this.running;
    this.running = null;
  }

  private async write(note: Note): Promise<void> {
    this.writing = note;
    this.changed({ state: 'saving' });
    try {
      await this.put(note);
      if (!this.waiting) this.changed({ state: 'saved' });
    } catch (thrown) {
      this.waiting ??= note;
      this.changed({ state: 'failed', message: toAppError(thrown).message });
    } finally {
      this.writing = null;
    }
  }
}
