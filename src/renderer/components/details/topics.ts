/** "Something of this topic changed" from the store, for any number of components over one subscription. */
import { useEffect } from 'react';
import type { Engine } from '../../../engine/client/index.ts';
import type { StoreTopic } from '../../../shared/engine.ts';
import { useEngine } from '../../state/engine.tsx';
import { tellFailure } from '../../state/messages.ts';

// The contract has no way to end a subscription: one per topic serves as long as the engine lives.
const listeners = new WeakMap<Engine, Map<StoreTopic, Set<() => void>>>();

function listenersOf(engine: Engine, topic: StoreTopic): Set<() => void> {
  const topics = listeners.get(engine) ?? new Map<StoreTopic, Set<() => void>>();
  listeners.set(engine, topics);
  const known = topics.get(topic);
  if (known) return known;
  const set = new Set<() => void>();
  topics.set(topic, set);
  engine.store
    .subscribe(topic, () => {
      for (const listener of set) listener();
    })
    .catch((thrown: unknown) => tellFailure('Changes made elsewhere will not show until the window is opened again.', thrown));
  return set;
}

/** Calls `listener` whenever something of the topic changed; the newest listener given is the one called. */
export function useTopic(topic: StoreTopic, listener: () => void): void {
  const engine = useEngine();
  useEffect(() => {
    const set = listenersOf(engine, topic);
    set.add(listener);
    return () => {
      set.delete(listener);
    };
  }, [engine, topic, listener]);
}
