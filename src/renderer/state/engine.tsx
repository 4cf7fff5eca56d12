/** The engine for components, and the hook by which every view asks its plan. */
import { createContext, useContext, useEffect, useRef, useState } from 'react';
import type { Engine } from '../../engine/client/index.ts';
import { type AppErrorShape, toAppError } from '../../shared/errors.ts';
import type { Ask, PlanResult, Selection } from '../../shared/plan.ts';
import { useApp } from './app.ts';
import { idle } from './idle.ts';

const EngineContext = createContext<Engine | null>(null);
export const EngineProvider = EngineContext.Provider;

export function useEngine(): Engine {
  const engine = useContext(EngineContext);
  if (!engine) throw new Error('no engine above this component');
  return engine;
}

export interface PlanState<A extends readonly Ask[]> {
  /** The last answer; kept while a newer one is computed, so that nothing jumps. */
  result: PlanResult<A> | null;
  loading: boolean;
  error: AppErrorShape | null;
}

/** Runs the plan whenever selection, asks or data change. `asks` may be null to ask nothing. */
export function usePlan<const A extends readonly Ask[]>(view: string, selection: Selection, asks: A | null): PlanState<A> {
  const engine = useEngine();
  const generation = useApp((s) => s.queryStatus?.generation ?? 0);
  const caseId = useApp((s) => s.opened?.info.id ?? null);
  const [state, setState] = useState<PlanState<A>>({ result: null, loading: asks !== null, error: null });
  const key = asks === null ? null : JSON.stringify([selection, asks]);
  const latest = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for selection and asks by value
  useEffect(() => {
    if (key === null || asks === null) return;
    const mine = ++latest.current;
    const done = idle.begin();
    setState((s) => ({ ...s, loading: true }));
    engine.query
      .run({ view, selection, asks })
      .then(
        (result) => {
          if (mine === latest.current) setState({ result, loading: false, error: null });
        },
        (thrown) => {
          const error = toAppError(thrown).toShape();
          if (mine === latest.current && error.kind !== 'superseded') setState((s) => ({ ...s, loading: false, error }));
        },
      )
      .finally(done);
    return () => {
      latest.current++;
    };
  }, [engine, view, key, generation, caseId]);
  return state;
}
