/** The overview: key numbers, timeline, and the facets beside it, all of one selection and one plan. */
import { Alert, Button } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconFileOff } from '@tabler/icons-react';
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { FACET_COLUMNS, type SingleColumnId, type ValueColumnId } from '../../../shared/columns.ts';
import { openEvidence } from '../../app/commands.ts';
import { useLedgerTotals } from '../../app/status-bar.tsx';
import { CoverageNote, PartlyCovered } from '../../components/coverage-note.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { countOf } from '../../components/numbers.ts';
import { useValueMenu } from '../../components/value-menu.tsx';
import { useApp } from '../../state/app.ts';
import { useEngine, usePlan } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';
import { useSelection } from '../../state/selection.ts';
import { useSettled } from '../../state/use-settled.ts';
import { useOverviewChoices } from './choices.ts';
import { Facet } from './facet.tsx';
import { KeyNumbers } from './key-numbers.tsx';
import { Lanes } from './lanes.tsx';
import './overview.css';
import { binsFor, type FacetChoice, overviewAsks, PLAIN_CHOICE, readOverview } from './queries.ts';
import { TimelinePanel } from './timeline.tsx';
import { plotInsets } from './timeline-chart.tsx';
import { buildTimeline } from './timeline-model.ts';

const TYPING_MS = 180;
const insets = plotInsets();

export default function Overview(): ReactNode {
  const engine = useEngine();
  const selection = useSelection((s) => s.selection);
  const importing = useApp((s) => s.importing !== null);
  const navigate = useApp((s) => s.navigate);
  const { ref, width } = useElementSize();
  const { stackBy, facets, setStackBy, changeFacet } = useOverviewChoices(engine);
  const asked = useSettled(facets, TYPING_MS);
  // Folding and unfolding must not wait for the pause that typing needs.
  const choices = useMemo(() => ({ ...facets, ...mapFind(facets, asked) }), [facets, asked]);
  // Nothing is asked before the width is known.
  useEffect(() => (width === 0 ? idle.begin() : undefined), [width]);
  const bins = binsFor(width);
  const asks = useMemo(() => (width === 0 ? null : overviewAsks(bins, stackBy, choices)), [width, bins, stackBy, choices]);
  const { result, error } = usePlan('overview', selection, asks);
  const answer = useMemo(() => readOverview(result), [result]);
  const [stackOfAnswer, setStackOfAnswer] = useState<{ answer: typeof answer; stackBy: SingleColumnId | null }>({ answer: null, stackBy });
  if (stackOfAnswer.answer !== answer) setStackOfAnswer({ answer, stackBy });
  const timeline = useMemo(() => (answer ? buildTimeline(answer.histogram, stackOfAnswer.stackBy) : null), [answer, stackOfAnswer.stackBy]);
  const { open: openMenu, menu } = useValueMenu();
  const change = useCallback((column: ValueColumnId, patch: Partial<FacetChoice>) => changeFacet(column, patch), [changeFacet]);

  const seen = useLedgerTotals()?.files ?? 0;

  const nothing = answer !== null && answer.count.total === 0;
  return (
    <div className="tc-overview">
      <div ref={ref} className="tc-measure">
        <h1 className="tc-hidden">Overview</h1>
      </div>
      {error ? (
        <Alert color="red" title="The overview could not be computed.">
          {error.message}
        </Alert>
      ) : null}
      {nothing && !importing ? (
        <EmptyState
          icon={<IconFileOff size={40} stroke={1.3} />}
          title={
            seen > 0
              ? `${seen === 1 ? 'The one file' : `None of the ${countOf(seen, 'file')}`} gave ${seen === 1 ? 'no' : 'an'} event`
              : 'This case holds no events yet'
          }
          actions={
            <>
              {seen > 0 ? <Button onClick={() => navigate({ view: 'evidence' })}>See why, file by file</Button> : null}
              <Button variant={seen > 0 ? 'default' : 'filled'} onClick={() => openEvidence(engine, 'folder')}>
                Open folder…
              </Button>
              <Button variant="default" onClick={() => openEvidence(engine, 'files')}>
                Open files…
              </Button>
            </>
          }
        >
          {seen > 0
            ? 'They were rejected or hold no records. The evidence list has a row for each, with the reason in a sentence.'
            : 'Drop CloudTrail files or folders on the window.'}
        </EmptyState>
      ) : (
        <>
          <KeyNumbers answer={answer} />
          {answer?.count.events === 0 && !nothing ? <CoverageNote /> : <PartlyCovered />}
          <TimelinePanel
            timeline={timeline}
            waiting={nothing}
            first={answer?.count.first ?? null}
            last={answer?.count.last ?? null}
            withoutTime={answer?.count.withoutTime ?? 0}
            events={answer ? answer.count.events - answer.count.withoutTime : 0}
            width={Math.max(0, width - 2)}
            stackBy={stackBy}
            setStackBy={setStackBy}
          />
          {nothing ? null : (
            <Lanes bins={bins} left={insets.left} width={Math.max(1, width - 2 - insets.left - insets.right)} openMenu={openMenu} />
          )}
          <div className="tc-facets">
            {FACET_COLUMNS.map((column) => (
              <Facet
                key={column}
                column={column}
                answer={answer?.facets.get(column)}
                choice={facets[column] ?? PLAIN_CHOICE}
                change={change}
                openMenu={openMenu}
              />
            ))}
          </div>
        </>
      )}
      {menu}
    </div>
  );
}

type Choices = ReturnType<typeof useOverviewChoices>['facets'];

/** The choices now, with the texts as they were when typing last paused. */
function mapFind(now: Choices, paused: Choices): Choices {
  const merged: Choices = {};
  for (const column of FACET_COLUMNS) {
    const choice = now[column];
    if (choice) merged[column] = { ...choice, find: paused[column]?.find ?? '' };
  }
  return merged;
}
