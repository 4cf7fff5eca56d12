/** What the evidence view asks: ledger, coverage, windows, imports and storage, followed as they change. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Engine } from '../../../engine/client/index.ts';
import { type CoverageFacts, collectCoverage } from '../../../engine/client/report.ts';
import type { ImportRun } from '../../../shared/case.ts';
import type { CustodyBook, Verification } from '../../../shared/custody.ts';
import type { LedgerRow, LedgerTotals, StorageState, StoreApi, StoreTopic } from '../../../shared/engine.ts';
import { toAppError } from '../../../shared/errors.ts';
import type { IntegrityReport } from '../../../shared/integrity.ts';
import { useTopic } from '../../components/details/topics.ts';
import { useApp } from '../../state/app.ts';
import { useEngine } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';

export interface Loaded<T> {
  value: T | null;
  error: string | null;
}

/** While an import changes the ledger all the time, most of the time is its own: 300,000 rows take a second to load. Ends with the import. */
async function rest(took: number): Promise<void> {
  const until = performance.now() + Math.min(took * 4, 10_000);
  while (useApp.getState().importing !== null && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 100));
}

/**
 * Loads at first and whenever `topic` changes or `again` is another value; one load at a time, the last change is never missed.
 * `load` must be a function of the module, or it is loaded again at every render.
 */
function useLoaded<T>(load: (engine: Engine) => Promise<T>, topic: StoreTopic, again: unknown = null): Loaded<T> {
  const engine = useEngine();
  const caseId = useApp((s) => s.opened?.info.id ?? null);
  const [state, setState] = useState<Loaded<T>>({ value: null, error: null });
  const running = useRef(false);
  const wanted = useRef(false);
  const live = useRef(true);
  const run = useCallback(() => {
    wanted.current = true;
    if (running.current) return;
    running.current = true;
    const done = idle.begin();
    void (async () => {
      while (wanted.current && live.current) {
        wanted.current = false;
        const began = performance.now();
        try {
          const value = await load(engine);
          if (live.current) setState({ value, error: null });
        } catch (thrown) {
          const error = toAppError(thrown);
          if (live.current && error.kind !== 'superseded') setState((s) => ({ ...s, error: error.message }));
        }
        await rest(performance.now() - began);
      }
      running.current = false;
      done();
    })();
  }, [engine, load]);
  useTopic(topic, run);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another case, or other data, is another answer
  useEffect(() => {
    live.current = true;
    run();
    return () => {
      live.current = false;
    };
  }, [run, caseId, again]);
  return state;
}

export interface LedgerData {
  totals: LedgerTotals;
  rows: LedgerRow[];
}
const loadLedger = async (engine: Engine): Promise<LedgerData> => {
  const [totals, rows] = await Promise.all([engine.store.ledgerTotals(), engine.store.ledger()]);
  return { totals, rows };
};
export const useLedger = (): Loaded<LedgerData> => useLoaded(loadLedger, 'ledger');

const loadCoverage = (engine: Engine): Promise<CoverageFacts> => collectCoverage(engine, 'evidence-coverage');
export function useCoverage(): Loaded<CoverageFacts> {
  const generation = useApp((s) => s.queryStatus?.generation ?? 0);
  return useLoaded(loadCoverage, 'imports', generation);
}

/** Null while an import runs: the check is of what is wholly in. */
const loadIntegrity = async (engine: Engine): Promise<IntegrityReport | null> =>
  useApp.getState().importing ? null : engine.store.integrity();
export function useIntegrity(): Loaded<IntegrityReport | null> {
  const importing = useApp((s) => s.importing !== null);
  return useLoaded(loadIntegrity, 'ledger', importing);
}

export type AggregatedRow = Awaited<ReturnType<StoreApi['aggregated']>>[number];
const loadAggregated = (engine: Engine): Promise<AggregatedRow[]> => engine.store.aggregated();
export const useAggregated = (): Loaded<AggregatedRow[]> => useLoaded(loadAggregated, 'ledger');

export interface CustodyData {
  book: CustodyBook;
  runs: ImportRun[];
  verifications: Verification[];
}
const loadCustody = async (engine: Engine): Promise<CustodyData> => {
  const { store } = engine;
  const [book, runs, verifications] = await Promise.all([store.custody(), store.listImports(), store.listVerifications()]);
  return { book, runs, verifications };
};
export const useCustody = (): Loaded<CustodyData> => useLoaded(loadCustody, 'imports');

export interface ImportsData {
  runs: ImportRun[];
  storage: StorageState;
}
const loadImports = async (engine: Engine): Promise<ImportsData> => {
  const [runs, storage] = await Promise.all([engine.store.listImports(), engine.store.storage()]);
  return { runs: [...runs].sort((a, b) => b.startedAt - a.startedAt), storage };
};
export const useImports = (): Loaded<ImportsData> => useLoaded(loadImports, 'imports');
