/** The chain of credentials behind an event, asked for once the event is shown. */
import { useEffect, useState } from 'react';
import type { EventKey } from '../../../shared/brand.ts';
import { toAppError } from '../../../shared/errors.ts';
import type { Lineage } from '../../../shared/lineage.ts';
import { useApp } from '../../state/app.ts';
import { useEngine } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';

interface LineageState {
  /** Of another event while the new one is asked for. */
  lineage: Lineage | null;
  error: string | null;
}

export function useLineage(key: EventKey): LineageState {
  const { query } = useEngine();
  const generation = useApp((s) => s.queryStatus?.generation ?? 0);
  const [state, setState] = useState<LineageState>({ lineage: null, error: null });
  // biome-ignore lint/correctness/useExhaustiveDependencies: other data, another chain
  useEffect(() => {
    let gone = false;
    const done = idle.begin();
    query
      .lineageOf(key)
      .then(
        (lineage) => {
          if (!gone) setState({ lineage, error: null });
        },
        (thrown: unknown) => {
          if (!gone) setState({ lineage: null, error: toAppError(thrown).message });
        },
      )
      .finally(done);
    return () => {
      gone = true;
    };
  }, [query, key, generation]);
  return state.lineage !== null && state.lineage.key !== key ? { lineage: null, error: null } : state;
}
