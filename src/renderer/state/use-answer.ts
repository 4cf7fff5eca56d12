/** An answer of the query worker that is no plan: asked when the question or the data change, the last one kept meanwhile. */
import { useEffect, useRef, useState } from 'react';
import type { Engine } from '../../engine/client/index.ts';
import { type AppErrorShape, toAppError } from '../../shared/errors.ts';
import { useApp } from './app.ts';
import { useEngine } from './engine.tsx';
import { idle } from './idle.ts';

export interface AnswerState<T> {
  /** Null until there is one; of the question before while a newer one is asked. */
  value: T | null;
  loading: boolean;
  error: AppErrorShape | null;
}

/** `question` stands for what `ask` asks: it is asked again when that is another by value, or the case's events are. Null asks nothing. */
export function useAnswer<T>(question: unknown, ask: (engine: Engine) => Promise<T>): AnswerState<T> {
  const engine = useEngine();
  const generation = useApp((s) => s.queryStatus?.generation ?? 0);
  const caseId = useApp((s) => s.opened?.info.id ?? null);
  const [state, setState] = useState<AnswerState<T>>({ value: null, loading: question !== null, error: null });
  const key = question === null ? null : JSON.stringify(question);
  const latest = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the question by value
  useEffect(() => {
    if (key === null) return;
    const mine = ++latest.current;
    const done = idle.begin();
    setState((s) => ({ ...s, loading: true }));
    ask(engine)
      .then(
        (value) => {
          if (mine === latest.current) setState({ value, loading: false, error: null });
        },
        (thrown: unknown) => {
          const error = toAppError(thrown).toShape();
          if (mine === latest.current && error.kind !== 'superseded') setState((s) => ({ ...s, loading: false, error }));
        },
      )
      .finally(done);
    return () => {
      latest.current++;
    };
  }, [engine, key, generation, caseId]);
  return state;
}
