/** The chain of credentials behind an event, asked for once the event is shown. */
import { useEffect, useRef, useState } from 'react';
import type { EventKey } from '../../../shared/brand.ts';
import { toAppError } from '../../../shared/errors.ts';
import type { Lineage } from '../../../shared/lineage.ts';
import { useApp } from '../../state/app.ts';
import { useEngine } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';

const QUIET_MS = 2500;

interface LineageState {
  /** Of another event while the new one is asked for. */
  lineage: Lineage | null;
  error: string | null;
}

export function useLineage(key: EventKey): LineageState {
  const { query } = useEngine();
  const generation = useApp((s) => s.queryStatus?.generation ?? 0);
  const [state, setState] = useState<LineageState>({ lineage: null, error: null });
  const asked = useRef<EventKey | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other data, another chain
  useEffect(() => {
    const ask = (): void => {
      const done = idle.begin();
      asked.current = key;
      query
        .lineageOf(key)
        .then(
          (lineage) => {
            if (asked.current === key) setState({ lineage, error: null });
          },
          (thrown: unknown) => {
            if (asked.current === key) setState({ lineage: null, error: toAppError(thrown).message });
          },
        )
        .finally(done);
    };
    // Every change of the evidence makes the chains anew, which an import should not pay for: they are asked for once it is quiet.
    const wait = asked.current === key ? setTimeout(ask, QUIET_MS) : null;
    if (wait === null) ask();
    return () => {
      if (wait !== null) clearTimeout(wait);
    };
  }, [query, key, generation]);
  return state.lineage !== null && state.lineage.key !== key ? { lineage: null, error: null } : state;
}
