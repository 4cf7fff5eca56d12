/** Keeps notes soon after they were changed and says how that stands. Writes one after another, of each note the newest text. */
import type { Note } from '../../../shared/case.ts';
import { toAppError } from '../../../shared/errors.ts';

export type SaveState = { state: 'saved' } | { state: 'waiting' } | { state: 'saving' } | { state: 'failed'; message: string };

/** Milliseconds of rest after which a change is kept. */
export const SAVE_AFTER_MS = 600;

export class Autosave {
  private readonly waiting = new Map<string, Note>();
  private writing: Note | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly put: (note: Note) => Promise<void>,
    private readonly changed: (state: SaveState) => void,
    private readonly delay = SAVE_AFTER_MS,
  ) {}

  /** The note as it is now; kept once nothing changed for a moment. */
  schedule(note: Note): void {
    this.waiting.set(note.id, note);
    this.changed({ state: 'waiting' });
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), this.delay);
  }

  /** True while a change of the note is not kept yet. */
  isPending(id: string): boolean {
    return this.waiting.has(id) || this.writing?.id === id;
  }

  /** Drops a change that waits, and resolves when none is being written: the note is to be deleted. */
  async forget(id: string): Promise<void> {
    this.waiting.delete(id);
    await this.running;
    this.waiting.delete(id);
  }

  /** Keeps all that waits; resolves when it is kept or has failed (it then waits for the next try). */
  flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.running = this.running.then(() => this.writeAll());
    return this.running;
  }

  private async writeAll(): Promise<void> {
    for (let note = this.next(); note; note = this.next()) {
      this.waiting.delete(note.id);
      this.writing = note;
      this.changed({ state: 'saving' });
      try {
        await this.put(note);
      } catch (thrown) {
        if (!this.waiting.has(note.id)) this.waiting.set(note.id, note);
        this.changed({ state: 'failed', message: toAppError(thrown).message });
        return;
      } finally {
        this.writing = null;
      }
      if (this.waiting.size === 0) this.changed({ state: 'saved' });
    }
  }

  private next(): Note | undefined {
    return this.waiting.values().next().value;
  }
}
