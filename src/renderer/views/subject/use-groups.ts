/** Groups of a column by windows: of a hundred thousand resources only those near what is on screen are asked for. */
import { useEffect, useRef, useState } from 'react';
import type { ValueColumnId } from '../../../shared/columns.ts';
import { type AppErrorShape, toAppError } from '../../../shared/errors.ts';
import type { CountAnswer, GroupRow, GroupSort, Selection } from '../../../shared/plan.ts';
import { useApp } from '../../state/app.ts';
import { useEngine } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';

export interface GroupQuestion {
  by: ValueColumnId;
  sort: GroupSort;
  descending: boolean;
  distinct: ValueColumnId[];
  /** Only values that contain it; empty = all. */
  find: string;
}

export interface Groups {
  /** Groups that match; null until the first answer. */
  total: number | null;
  /** One of the groups is of events without a value: it is a row, but no further principal or resource. */
  absent: boolean;
  count: CountAnswer | null;
  /** Row at a place; undefined while it is not there yet. */
  row(index: number): GroupRow | undefined;
  /** The rows are of an earlier question. */
  stale: boolean;
  error: AppErrorShape | null;
}

const STEP = 100;

/** The window to ask for when these rows are on screen: whole steps, so that a small scroll asks nothing new. */
export function windowFor(first: number, last: number): { offset: number; limit: number } {
  const from = Math.max(0, Math.floor(first / STEP) - 1) * STEP;
  const to = (Math.floor(last / STEP) + 2) * STEP;
  return { offset: from, limit: to - from };
}

interface Loaded {
  key: string;
  absent: boolean;
  offset: number;
  rows: GroupRow[];
  total: number;
  count: CountAnswer;
}

export function useGroups(view: string, selection: Selection, question: GroupQuestion, first: number, last: number): Groups {
  const engine = useEngine();
  const generation = useApp((s) => s.queryStatus?.generation ?? 0);
  const caseId = useApp((s) => s.opened?.info.id ?? null);
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [error, setError] = useState<AppErrorShape | null>(null);
  const { offset, limit } = windowFor(first, last);
  const key = JSON.stringify([selection, question, generation, caseId]);
  const latest = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for selection and question by value
  useEffect(() => {
    const mine = ++latest.current;
    const done = idle.begin();
    const { find, ...group } = question;
    engine.query
      .run({
        view,
        selection,
        asks: [{ ask: 'count' }, { ask: 'group', ...group, offset, limit, ...(find.trim() === '' ? {} : { find: find.trim() }) }],
      })
      .then(
        ({ answers: [count, groups] }) => {
          if (mine !== latest.current) return;
          setLoaded({
            key,
            absent: groups.absent,
            offset,
            rows: groups.rows,
            total: groups.groups,
            count,
          });
          setError(null);
        },
        (thrown: unknown) => {
          const shape = toAppError(thrown).toShape();
          if (mine === latest.current && shape.kind !== 'superseded') setError(shape);
        },
      )
      .finally(done);
    return () => {
      latest.current++;
    };
  }, [engine, view, key, offset, limit]);
  return {
    total: loaded?.total ?? null,
    absent: loaded?.absent ?? false,
    count: loaded?.count ?? null,
    row: (index) => (loaded ? loaded.rows[index - loaded.offset] : undefined),
    stale: loaded !== null && loaded.key !== key,
    error,
  };
}
