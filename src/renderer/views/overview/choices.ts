/** How the person likes the overview: what the timeline is stacked by, which facets are folded. Kept; what is typed or unfolded is not. */
import { useCallback, useEffect } from 'react';
import { create } from 'zustand';
import type { Engine } from '../../../engine/client/index.ts';
import { FACET_COLUMNS, type SingleColumnId, STACK_COLUMNS, type ValueColumnId } from '../../../shared/columns.ts';
import { tellFailure } from '../../state/messages.ts';
import { type FacetChoice, type FacetChoices, PLAIN_CHOICE } from './queries.ts';

const KEY = 'overview';
/** Folded at first: what is rarely the question. */
const FOLDED: readonly ValueColumnId[] = ['agentMark', 'sourceIdentity', 'mfa', 'origin', 'depth', 'originProof'];

interface Choices {
  loaded: boolean;
  stackBy: SingleColumnId | null;
  facets: FacetChoices;
}

const useStore = create<Choices>()(() => ({
  loaded: false,
  stackBy: 'readOnly',
  facets: Object.fromEntries(FOLDED.map((c) => [c, { ...PLAIN_CHOICE, collapsed: true }])),
}));

/** Only what is known to this version is taken from what was stored. */
export function readChoices(stored: unknown): Pick<Choices, 'stackBy' | 'facets'> | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { stackBy, collapsed } = stored as { stackBy?: unknown; collapsed?: unknown };
  const facets: FacetChoices = {};
  if (Array.isArray(collapsed)) {
    for (const column of FACET_COLUMNS) if (collapsed.includes(column)) facets[column] = { ...PLAIN_CHOICE, collapsed: true };
  }
  return { stackBy: stackBy === null ? null : (STACK_COLUMNS.find((c) => c === stackBy) ?? 'readOnly'), facets };
}

export function useOverviewChoices(engine: Engine): {
  stackBy: SingleColumnId | null;
  facets: FacetChoices;
  setStackBy: (column: SingleColumnId | null) => void;
  changeFacet: (column: ValueColumnId, patch: Partial<FacetChoice>) => void;
} {
  const { stackBy, facets } = useStore();
  useEffect(() => {
    if (useStore.getState().loaded) return;
    useStore.setState({ loaded: true });
    engine.store
      .getSetting(KEY)
      .then((stored) => {
        const read = readChoices(stored);
        if (read) useStore.setState(read);
      })
      .catch((thrown: unknown) => tellFailure('The choices of the overview could not be read.', thrown));
  }, [engine]);

  const keep = useCallback(() => {
    const now = useStore.getState();
    const collapsed = FACET_COLUMNS.filter((c) => now.facets[c]?.collapsed);
    engine.store
      .putSetting(KEY, { stackBy: now.stackBy, collapsed })
      .catch((thrown: unknown) => tellFailure('Your choice could not be kept.', thrown));
  }, [engine]);

  const setStackBy = useCallback(
    (column: SingleColumnId | null) => {
      useStore.setState({ stackBy: column });
      keep();
    },
    [keep],
  );
  const changeFacet = useCallback(
    (column: ValueColumnId, patch: Partial<FacetChoice>) => {
      useStore.setState((s) => ({ facets: { ...s.facets, [column]: { ...(s.facets[column] ?? PLAIN_CHOICE), ...patch } } }));
      if (patch.collapsed !== undefined) keep();
    },
    [keep],
  );
  return { stackBy, facets, setStackBy, changeFacet };
}
