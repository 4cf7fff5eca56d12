/** What the overview asks: everything in one plan, so that it is one pass over the columns and one answer. */
import { FACET_COLUMNS, type SingleColumnId, type ValueColumnId } from '../../../shared/columns.ts';
import type { Ask, CountAnswer, FacetAnswer, HistogramAnswer, PlanResult } from '../../../shared/plan.ts';

export const FACET_ROWS = 8;
export const FACET_ROWS_MORE = 100;
const STACK_TOP = 8;
export const MAX_BINS = 1000;
const PIXELS_PER_BIN = 4;

export interface FacetChoice {
  collapsed: boolean;
  more: boolean;
  find: string;
}
export const PLAIN_CHOICE: FacetChoice = { collapsed: false, more: false, find: '' };
export type FacetChoices = Partial<Record<ValueColumnId, FacetChoice>>;

/** Bins that a chart of that width can show apart, in steps, so that a small change of the width asks nothing new. */
export const binsFor = (width: number): number => Math.max(50, Math.min(MAX_BINS, Math.floor(width / PIXELS_PER_BIN / 50) * 50));

/** Distinct values whose numbers stand at the top. */
const KEY_COLUMNS = ['principal', 'sourceIPAddress'] as const;

export function overviewAsks(bins: number, stackBy: SingleColumnId | null, choices: FacetChoices): Ask[] {
  const asks: Ask[] = [{ ask: 'count' }, { ask: 'histogram', bins, stackBy, stackTop: STACK_TOP }];
  for (const column of KEY_COLUMNS) asks.push({ ask: 'facet', column, limit: 1, strict: true });
  for (const column of FACET_COLUMNS) {
    const choice = choices[column] ?? PLAIN_CHOICE;
    if (choice.collapsed) continue;
    const find = choice.find.trim();
    asks.push({ ask: 'facet', column, limit: choice.more ? FACET_ROWS_MORE : FACET_ROWS, ...(find === '' ? {} : { find }) });
  }
  return asks;
}

export interface OverviewAnswer {
  count: CountAnswer;
  histogram: HistogramAnswer;
  distinct: Record<(typeof KEY_COLUMNS)[number], number>;
  facets: Map<ValueColumnId, FacetAnswer>;
}

/** Distinct values without the absent one. */
export const distinctValues = (facet: FacetAnswer): number => facet.distinct - (facet.absent ? 1 : 0);

/** Null when the answer is not one to these asks. */
export function readOverview(result: PlanResult | null): OverviewAnswer | null {
  if (!result) return null;
  const [count, histogram, principal, address, ...facets] = result.answers;
  if (count?.ask !== 'count' || histogram?.ask !== 'histogram' || principal?.ask !== 'facet' || address?.ask !== 'facet') return null;
  return {
    count,
    histogram,
    distinct: { principal: distinctValues(principal), sourceIPAddress: distinctValues(address) },
    facets: new Map(facets.flatMap((f): [ValueColumnId, FacetAnswer][] => (f.ask === 'facet' ? [[f.column, f]] : []))),
  };
}
