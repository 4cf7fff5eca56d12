/** What the cases view asks: the list of cases and those whose database was lost, followed as they change. */
import { useEffect, useState } from 'react';
import type { CaseInfo } from '../../../shared/case.ts';
import type { StorageState, StoreApi } from '../../../shared/engine.ts';
import { toAppError } from '../../../shared/errors.ts';
import { useEngine } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';

export type LostCase = Awaited<ReturnType<StoreApi['listLostCases']>>[number];

/** `cases` is null until they were first listed; the last opened stands first. */
export function useCases(): { cases: CaseInfo[] | null; lost: LostCase[]; error: string | null } {
  const engine = useEngine();
  const [cases, setCases] = useState<CaseInfo[] | null>(null);
  const [lost, setLost] = useState<LostCase[]>([]);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    let live = true;
    const fail = (thrown: unknown): void => {
      if (live) setError(toAppError(thrown).message);
    };
    const load = (): void => {
      const done = idle.begin();
      Promise.all([engine.store.listCases(), engine.store.listLostCases()])
        .then(([all, gone]) => {
          if (!live) return;
          setCases(newestFirst(all));
          setLost(gone);
          setError(null);
        }, fail)
        .finally(done);
    };
    load();
    engine.store
      .subscribe('cases', () => {
        if (live) load();
      })
      .catch(fail);
    return () => {
      live = false;
    };
  }, [engine]);
  return { cases, lost, error };
}

export const newestFirst = (cases: readonly CaseInfo[]): CaseInfo[] =>
  [...cases].sort((a, b) => b.openedAt - a.openedAt || a.name.localeCompare(b.name));

/** Space taken and left; null until known, or when it cannot be known. */
export function useStorage(): StorageState | null {
  const engine = useEngine();
  const [storage, setStorage] = useState<StorageState | null>(null);
  useEffect(() => {
    let live = true;
    const done = idle.begin();
    engine.store
      .storage()
      .then(
        (s) => {
          if (live) setStorage(s);
        },
        () => undefined,
      )
      .finally(done);
    return () => {
      live = false;
    };
  }, [engine]);
  return storage;
}
