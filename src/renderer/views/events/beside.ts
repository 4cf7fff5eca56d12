/** What stands beside the rows: the timeline strip and the facets, asked in one plan. Which facets are unfolded is kept. */
import { useCallback, useEffect, useMemo } from 'react';
import { create } from 'zustand';
import type { Engine } from '../../../engine/client/index.ts';
import { type DictColumnId, FACET_COLUMNS, type ValueColumnId } from '../../../shared/columns.ts';
import type { Ask, CountAnswer, FacetAnswer, HistogramAnswer, PlanResult } from '../../../shared/plan.ts';
import { tellFailure } from '../../state/messages.ts';
import { useSettled } from '../../state/use-settled.ts';
import { FACET_ROWS_MORE, type FacetChoice, type FacetChoices } from '../overview/queries.ts';

const KEY = 'eventsFacets';
const RAIL_ROWS = 6;
const STACK_TOP = 8;
const TYPING_MS = 180;
/** Outcome has three values with fixed colours: what was denied, and when, is seen without a choice. */
export const STRIP_STACK: DictColumnId = 'outcome';
/** Unfolded at first: the facets that most questions begin with. */
const FIRST: readonly ValueColumnId[] = ['eventName', 'principal', 'sourceIPAddress', 'errorCode'];
const FOLDED: FacetChoice = { collapsed: true, more: false, find: '' };

const withUnfolded = (columns: readonly ValueColumnId[]): FacetChoices =>
  Object.fromEntries(columns.map((c) => [c, { ...FOLDED, collapsed: false }]));

const useStore = create<{ loaded: boolean; facets: FacetChoices }>()(() => ({ loaded: false, facets: withUnfolded(FIRST) }));

/** Facets unfolded as stored; null when nothing usable was. */
export function readUnfolded(stored: unknown): ValueColumnId[] | null {
  return Array.isArray(stored) ? FACET_COLUMNS.filter((c) => stored.includes(c)) : null;
}

export const choiceOf = (facets: FacetChoices, column: ValueColumnId): FacetChoice => facets[column] ?? FOLDED;

export function besideAsks(bins: number, facets: FacetChoices): Ask[] {
  const asks: Ask[] = [{ ask: 'count' }, { ask: 'histogram', bins, stackBy: STRIP_STACK, stackTop: STACK_TOP }];
  for (const column of FACET_COLUMNS) {
    const choice = choiceOf(facets, column);
    if (choice.collapsed) continue;
    const find = choice.find.trim();
    asks.push({ ask: 'facet', column, limit: choice.more ? FACET_ROWS_MORE : RAIL_ROWS, ...(find === '' ? {} : { find }) });
  }
  return asks;
}

export interface BesideAnswer {
  count: CountAnswer;
  histogram: HistogramAnswer;
  facets: Map<ValueColumnId, FacetAnswer>;
}

/** Null when the answer is not one to these asks. */
export function readBeside(result: PlanResult | null): BesideAnswer | null {
  if (!result) return null;
  const [count, histogram, ...facets] = result.answers;
  if (count?.ask !== 'count' || histogram?.ask !== 'histogram') return null;
  return {
    count,
    histogram,
    facets: new Map(facets.flatMap((f): [ValueColumnId, FacetAnswer][] => (f.ask === 'facet' ? [[f.column, f]] : []))),
  };
}

export interface BesideChoices {
  facets: FacetChoices;
  /** The same, with what is typed as it was when typing last paused. */
  asked: FacetChoices;
  change: (column: ValueColumnId, patch: Partial<FacetChoice>) => void;
}

export function useBesideChoices(engine: Engine): BesideChoices {
  const facets = useStore((s) => s.facets);
  const settled = useSettled(facets, TYPING_MS);
  const asked = useMemo(
    () => Object.fromEntries(FACET_COLUMNS.map((c) => [c, { ...choiceOf(facets, c), find: choiceOf(settled, c).find }])) as FacetChoices,
    [facets, settled],
  );
  useEffect(() => {
    if (useStore.getState().loaded) return;
    useStore.setState({ loaded: true });
    engine.store
      .getSetting(KEY)
      .then((stored) => {
        const unfolded = readUnfolded(stored);
        if (unfolded) useStore.setState({ facets: withUnfolded(unfolded) });
      })
      .catch((thrown: unknown) => tellFailure('The choice of facets could not be read.', thrown));
  }, [engine]);
  const change = useCallback(
    (column: ValueColumnId, patch: Partial<FacetChoice>) => {
      useStore.setState((s) => ({ facets: { ...s.facets, [column]: { ...choiceOf(s.facets, column), ...patch } } }));
      if (patch.collapsed === undefined) return;
      const now = useStore.getState().facets;
      engine.store
        .putSetting(
          KEY,
          FACET_COLUMNS.filter((c) => !choiceOf(now, c).collapsed),
        )
        .catch((thrown: unknown) => tellFailure('Your choice could not be kept.', thrown));
    },
    [engine],
  );
  return { facets, asked, change };
}
