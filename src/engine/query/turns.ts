/** Turn-taking of plans in the one thread: a run gives way every few milliseconds, so that a newer plan of its view can end it. */
import { AppError } from '../../shared/errors.ts';

/** How long a run keeps the thread, in ms, and how it gives it up. */
export interface TurnRules {
  turnMs: number;
  pause: () => Promise<void>;
}

/** Resolves in a later task, after messages that are already waiting. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

export const TURN_RULES: TurnRules = { turnMs: 8, pause: nextTask };

/** The data changed while a run had given way: it begins again. */
export class DataChanged extends Error {}

export class Turn {
  private began = performance.now();

  /** `check` runs after each pause and throws to end the run; without rules the run never gives way. */
  constructor(
    private readonly check: () => void,
    private readonly rules: TurnRules | null,
  ) {}

  over(): boolean {
    return this.rules !== null && performance.now() - this.began >= this.rules.turnMs;
  }

  async yield(): Promise<void> {
    await this.rules?.pause();
    this.check();
    this.began = performance.now();
  }
}

/** The newest run of each view. */
export class Views {
  private readonly newest = new Map<string, number>();
  private next = 1;

  begin(view: string): number {
    const run = this.next++;
    this.newest.set(view, run);
    return run;
  }

  check(view: string, run: number): void {
    if (this.newest.get(view) !== run) throw new AppError('superseded', 'A newer question of the same view took over.');
  }

  end(view: string, run: number): void {
    if (this.newest.get(view) === run) this.newest.delete(view);
  }
}
