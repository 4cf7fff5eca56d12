/** The one selection of the investigation: time range and filters. Every view renders from it; no view has its own. */
import { create } from 'zustand';
import type { EpochMs } from '../../shared/brand.ts';
import type { ValueColumnId } from '../../shared/columns.ts';
import { EMPTY_SELECTION, type Filter, type Selection, type TimeRange } from '../../shared/plan.ts';

interface SelectionState {
  selection: Selection;
  /** For back and forward: earlier and undone selections. */
  past: Selection[];
  future: Selection[];
  replace(selection: Selection): void;
  setTime(time: TimeRange): void;
  /** Adds the value to the column's include filter, or takes it out again when it is there. */
  toggleValue(column: ValueColumnId, value: string | null, exclude?: boolean): void;
  /** Shows only this value of the column (replaces other includes of the column). */
  onlyValue(column: ValueColumnId, value: string | null): void;
  addFilter(filter: Filter): void;
  removeFilter(index: number): void;
  setHideReadOnly(on: boolean): void;
  setHideServiceCalls(on: boolean): void;
  clear(): void;
  back(): void;
  forward(): void;
}

const HISTORY = 100;

export const useSelection = create<SelectionState>()((set, get) => {
  const go = (next: Selection): void => {
    const { selection, past } = get();
    set({ selection: next, past: [...past.slice(-HISTORY + 1), selection], future: [] });
  };
  const withFilters = (filters: Filter[]): void => go({ ...get().selection, filters });
  return {
    selection: EMPTY_SELECTION,
    past: [],
    future: [],
    replace: go,
    setTime: (time) => go({ ...get().selection, time }),
    toggleValue: (column, value, exclude = false) => withFilters(toggleInFilters(get().selection.filters, column, value, exclude)),
    onlyValue: (column, value) =>
      withFilters([...get().selection.filters.filter((f) => !isValueFilter(f, column)), { op: 'in', column, values: [value] }]),
    addFilter: (filter) => withFilters([...get().selection.filters, filter]),
    removeFilter: (index) => withFilters(get().selection.filters.filter((_, i) => i !== index)),
    setHideReadOnly: (hideReadOnly) => go({ ...get().selection, hideReadOnly }),
    setHideServiceCalls: (hideServiceCalls) => go({ ...get().selection, hideServiceCalls }),
    clear: () => go(EMPTY_SELECTION),
    back: () => {
      const { past, selection, future } = get();
      const previous = past.at(-1);
      if (previous) set({ selection: previous, past: past.slice(0, -1), future: [selection, ...future] });
    },
    forward: () => {
      const { past, selection, future } = get();
      const [next, ...rest] = future;
      if (next) set({ selection: next, past: [...past, selection], future: rest });
    },
  };
});

function isValueFilter(filter: Filter, column: ValueColumnId): boolean {
  return filter.op === 'in' && filter.column === column;
}

/** One include and one exclude filter a column at most; a value is in at most one of the two. */
export function toggleInFilters(filters: readonly Filter[], column: ValueColumnId, value: string | null, exclude: boolean): Filter[] {
  const valuesOf = (not: boolean): (string | null)[] =>
    filters.flatMap((f) => (f.op === 'in' && f.column === column && (f.not ?? false) === not ? f.values : []));
  const target = valuesOf(exclude);
  const other = valuesOf(!exclude).filter((v) => v !== value);
  const changed = target.includes(value) ? target.filter((v) => v !== value) : [...target, value];
  const rebuilt: Filter[] = [];
  for (const [values, not] of exclude
    ? ([
        [other, false],
        [changed, true],
      ] as const)
    : ([
        [changed, false],
        [other, true],
      ] as const)) {
    if (values.length > 0) rebuilt.push(not ? { op: 'in', column, values, not: true } : { op: 'in', column, values });
  }
  return [...filters.filter((f) => !isValueFilter(f, column)), ...rebuilt];
}

/** True when nothing is narrowed. */
export function isEverything(selection: Selection): boolean {
  return (
    selection.time.from === null &&
    selection.time.to === null &&
    selection.filters.length === 0 &&
    !selection.hideReadOnly &&
    !selection.hideServiceCalls
  );
}

/** The selection with one more condition; for the pages of a principal or resource, which show that subject within the selection. */
export function narrowed(selection: Selection, ...filters: Filter[]): Selection {
  return { ...selection, filters: [...selection.filters, ...filters] };
}

export const around = (time: EpochMs, minutes: number): TimeRange => ({
  from: (time - minutes * 60_000) as EpochMs,
  to: (time + minutes * 60_000 + 1) as EpochMs,
});
