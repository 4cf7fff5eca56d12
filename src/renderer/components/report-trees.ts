/** The credential trees that are in the report, for the places that show, add and remove them. */
import { useCallback, useEffect, useState } from 'react';
import type { ReportTree } from '../../shared/case.ts';
import { toAppError } from '../../shared/errors.ts';
import { useApp } from '../state/app.ts';
import { useEngine } from '../state/engine.tsx';
import { idle } from '../state/idle.ts';
import { tellFailure } from '../state/messages.ts';
import { useTopic } from './details/topics.ts';

export interface ReportTreesState {
  /** Null until read. */
  trees: readonly ReportTree[] | null;
  error: string | null;
  add(tree: Pick<ReportTree, 'credential' | 'scope' | 'name'>): void;
  remove(id: string): void;
}

export function useReportTrees(): ReportTreesState {
  const engine = useEngine();
  const caseId = useApp((s) => s.opened?.info.id ?? null);
  const [trees, setTrees] = useState<readonly ReportTree[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another case has others
  const load = useCallback(async () => {
    const done = idle.begin();
    try {
      setTrees(await engine.store.listReportTrees());
      setError(null);
    } catch (thrown) {
      setError(toAppError(thrown).message);
    } finally {
      done();
    }
  }, [engine, caseId]);
  const reload = useCallback(() => void load(), [load]);
  useEffect(reload, [reload]);
  useTopic('report', reload);
  const change = (what: string, act: () => Promise<unknown>): void => {
    const done = idle.begin();
    act()
      .then(load)
      .catch((thrown: unknown) => tellFailure(what, thrown))
      .finally(done);
  };
  return {
    trees,
    error,
    add: (tree) => change('The tree could not be put into the report.', () => engine.store.addReportTree(tree)),
    remove: (id) => change('The tree could not be taken out of the report.', () => engine.store.removeReportTree(id)),
  };
}
