/** What the selection can show at all, where it shows nothing or only part of its time is covered. */
import { UnstyledButton } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { coveredPart, selectionSentences } from '../../engine/client/coverage.ts';
import type { Filter } from '../../shared/plan.ts';
import { useApp } from '../state/app.ts';
import { useSelection } from '../state/selection.ts';
import { useCoverageMap } from './use-coverage.ts';
import { useTime } from './use-time.ts';
import { VisibleText } from './visible-text.tsx';
import './coverage-note.css';

/** For an empty answer: every sentence that bears on the selection (and on a page's own `filter`); nothing when there is none. */
export function CoverageNote({ filter }: { filter?: Filter }): ReactNode {
  const own = useSelection((s) => s.selection);
  const name = JSON.stringify(filter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `name` stands for the filter by value
  const selection = useMemo(() => (filter ? { ...own, filters: [...own.filters, filter] } : own), [own, name]);
  const { value } = useCoverageMap();
  const { utc } = useTime();
  const sentences = useMemo(() => (value ? selectionSentences(value, selection, utc) : []), [value, selection, utc]);
  if (sentences.length === 0) return null;
  return (
    <div className="tc-coverage-note" role="note" aria-label="What the evidence covers">
      <VisibleText text={sentences.join(' ')} limit={3000} /> <ToCoverage />
    </div>
  );
}

/** One line while the selection has a time range that the evidence covers only in part. */
export function PartlyCovered(): ReactNode {
  const selection = useSelection((s) => s.selection);
  const ranged = selection.time.from !== null || selection.time.to !== null;
  const { value } = useCoverageMap(ranged);
  const { utc } = useTime();
  const text = useMemo(() => {
    const part = value && ranged ? coveredPart(value, selection) : null;
    if (!value || !part || part.covered === part.hours) return null;
    return selectionSentences(value, { ...selection, filters: [] }, utc)[0] ?? null;
  }, [value, ranged, selection, utc]);
  if (text === null) return null;
  return (
    <div className="tc-coverage-note line" role="note" aria-label="What the evidence covers">
      <VisibleText text={text} limit={600} /> <ToCoverage />
    </div>
  );
}

function ToCoverage(): ReactNode {
  const navigate = useApp((s) => s.navigate);
  return (
    <UnstyledButton className="tc-coverage-link" onClick={() => navigate({ view: 'evidence', part: 'coverage' })}>
      See the coverage
    </UnstyledButton>
  );
}
