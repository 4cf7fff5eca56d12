/** The loader of the table's rows as a hook: asks the query worker, restarts when the selection or the data change. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ColumnId } from '../../../shared/columns.ts';
import type { Selection } from '../../../shared/plan.ts';
import { useApp } from '../../state/app.ts';
import { useEngine } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';
import { type Anchor, type Move, RowLoader, type RowQueries } from './row-loader.ts';

const VIEW = 'events/rows';

export interface RowsOptions {
  selection: Selection;
  descending: boolean;
  /** Columns whose values are asked for. */
  columns: ColumnId[];
  /** The row to keep in its place on the screen. `focus`: only a row that the person chose. */
  anchor(what: 'focus' | 'any'): Anchor | null;
  moved(move: Move): void;
}

/** The loader; the component renders anew whenever rows arrive. */
export function useRows(options: RowsOptions): RowLoader {
  const engine = useEngine();
  const generation = useCalmGeneration();
  const caseId = useApp((s) => s.opened?.info.id ?? null);
  const [, setVersion] = useState(0);
  const latest = useRef(options);
  latest.current = options;
  const loader = useMemo(
    () =>
      new RowLoader((move) => {
        if (move) latest.current.moved(move);
        setVersion((v) => v + 1);
      }),
    [],
  );
  const { selection, descending, columns } = options;
  const question = JSON.stringify([selection, descending]);
  const asked = JSON.stringify(columns);
  const before = useRef<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `question` and `asked` stand for selection, order and columns by value
  useEffect(() => {
    const run = async <T>(work: () => Promise<T>): Promise<T> => {
      const done = idle.begin();
      try {
        return await work();
      } finally {
        done();
      }
    };
    const queries: RowQueries = {
      page: (offset, limit) =>
        run(async () => {
          const { answers } = await engine.query.run({
            view: VIEW,
            selection,
            asks: [{ ask: 'page', offset, limit, descending, columns }],
          });
          return { rows: answers[0].rows, total: answers[0].total };
        }),
      position: (key) =>
        run(async () => {
          const { answers } = await engine.query.run({ view: VIEW, selection, asks: [{ ask: 'position', key, descending }] });
          return answers[0].position;
        }),
    };
    const same = before.current === question;
    before.current = question;
    loader.restart(queries, latest.current.anchor(same ? 'any' : 'focus'), same);
  }, [engine, loader, question, asked, generation, caseId]);
  return loader;
}

/** While an import adds events many times a second, rows are read anew at most this often. */
const CALM_MS = 700;

function useCalmGeneration(): number {
  const generation = useApp((s) => s.queryStatus?.generation ?? 0);
  const importing = useApp((s) => s.importing !== null);
  const [calm, setCalm] = useState(generation);
  const newest = useRef(generation);
  newest.current = generation;
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => {
    if (generation === calm || timer.current !== null) return;
    const take = (): void => {
      timer.current = null;
      setCalm(newest.current);
    };
    if (importing) timer.current = setTimeout(take, CALM_MS);
    else take();
  }, [generation, calm, importing]);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  return calm;
}
