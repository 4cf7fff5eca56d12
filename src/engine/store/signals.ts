/** Tells listeners in this window, and the other windows, that something of a topic changed; at most some times a second. */
import type { CaseId } from '../../shared/brand.ts';
import type { StoreTopic } from '../../shared/engine.ts';
import type { StoreEnvironment } from './environment.ts';

const INTERVAL_MS = 250;

/** What windows tell each other. */
export interface WindowMessage {
  topic: StoreTopic;
  caseId: CaseId | null;
  /** A case that was deleted: whoever has it open closes it. */
  deleted?: CaseId;
}

export class Signals {
  private readonly listeners = new Map<StoreTopic, Set<() => void>>();
  private readonly due = new Map<StoreTopic, number>();

  /** `onForeign` hears what other windows changed, before the listeners do. */
  constructor(
    private readonly env: Pick<StoreEnvironment, 'channel' | 'now' | 'wait'>,
    private readonly onForeign: (message: WindowMessage) => void,
  ) {
    env.channel.onmessage = (event: MessageEvent<WindowMessage>) => {
      this.onForeign(event.data);
      this.tell(event.data.topic);
    };
  }

  subscribe(topic: StoreTopic, listener: () => void): void {
    const set = this.listeners.get(topic) ?? new Set();
    this.listeners.set(topic, set.add(listener));
  }

  changed(topic: StoreTopic, caseId: CaseId | null, deleted?: CaseId): void {
    this.tell(
      topic,
      () => this.env.channel.postMessage({ topic, caseId, ...(deleted === undefined ? {} : { deleted }) }),
      deleted !== undefined,
    );
  }

  /** The first change of a quiet topic is told at once, further ones together after the interval. */
  private tell(topic: StoreTopic, abroad: () => void = () => undefined, now = false): void {
    const tellAll = (): void => {
      abroad();
      for (const listener of this.listeners.get(topic) ?? []) listener();
    };
    const last = this.due.get(topic) ?? Number.NEGATIVE_INFINITY;
    const time = this.env.now();
    if (now || time >= last + INTERVAL_MS) {
      this.due.set(topic, time);
      tellAll();
    } else if (last <= time) {
      const at = last + INTERVAL_MS;
      this.due.set(topic, at);
      void this.env.wait(at - time).then(tellAll);
    }
    // Else a telling is on its way.
  }
}
