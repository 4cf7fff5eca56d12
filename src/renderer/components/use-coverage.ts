/** The coverage of the open case for any view: asked for when a component wants it, shared, and asked for anew when evidence changes. */
import { useCallback, useEffect, useState } from 'react';
import { collectCoverageMap } from '../../engine/client/coverage.ts';
import type { Engine } from '../../engine/client/index.ts';
import type { Coverage } from '../../shared/coverage.ts';
import { toAppError } from '../../shared/errors.ts';
import { useApp } from '../state/app.ts';
import { useEngine } from '../state/engine.tsx';
import { idle } from '../state/idle.ts';
import { useTopic } from './details/topics.ts';

interface Kept {
  engine: Engine;
  name: string;
  coverage: Promise<Coverage>;
}
let kept: Kept | null = null;

/** One computation for all who ask of the same data. */
function shared(engine: Engine, name: string): Promise<Coverage> {
  if (kept?.engine === engine && kept.name === name) return kept.coverage;
  const entry: Kept = { engine, name, coverage: collectCoverageMap(engine) };
  kept = entry;
  entry.coverage.catch(() => {
    if (kept === entry) kept = null;
  });
  return entry.coverage;
}

export interface CoverageState {
  value: Coverage | null;
  error: string | null;
}

/** Nothing is asked while `wanted` is false or an import runs; the last answer stays until there is a newer one of the same case. */
export function useCoverageMap(wanted = true): CoverageState {
  const engine = useEngine();
  const caseId = useApp((s) => s.opened?.info.id ?? null);
  const generation = useApp((s) => s.queryStatus?.generation ?? 0);
  const importing = useApp((s) => s.importing !== null);
  const [changes, setChanges] = useState(0);
  const [state, setState] = useState<CoverageState & { caseId: string | null }>({ value: null, error: null, caseId: null });
  // Digests and keys change what is known of delivery without changing an event.
  const changed = useCallback(() => {
    kept = null;
    setChanges((n) => n + 1);
  }, []);
  useTopic('ledger', changed);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `changes` asks again
  useEffect(() => {
    if (!wanted || importing || caseId === null) return;
    let live = true;
    const done = idle.begin();
    shared(engine, `${caseId} ${generation}`)
      .then(
        (value) => {
          if (live) setState({ value, error: null, caseId });
        },
        (thrown: unknown) => {
          if (live) setState({ value: null, error: toAppError(thrown).message, caseId });
        },
      )
      .finally(done);
    return () => {
      live = false;
    };
  }, [engine, wanted, importing, caseId, generation, changes]);
  return state.caseId === caseId ? state : { value: null, error: null };
}
