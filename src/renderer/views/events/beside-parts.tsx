/** The timeline strip above the rows and the facets beside them: brush, filter and read in one place. */
import { type ReactNode, useMemo } from 'react';
import { FACET_COLUMNS } from '../../../shared/columns.ts';
import type { TimeRange } from '../../../shared/plan.ts';
import { countOf } from '../../components/numbers.ts';
import { scaleRange, shiftRange } from '../../components/time.ts';
import { useTime } from '../../components/use-time.ts';
import { useValueMenu } from '../../components/value-menu.tsx';
import { useSelection } from '../../state/selection.ts';
import { Facet } from '../overview/facet.tsx';
import '../overview/overview.css';
import { TimelineChart } from '../overview/timeline-chart.tsx';
import { binWords, buildTimeline, timelineEnd } from '../overview/timeline-model.ts';
import { type BesideAnswer, type BesideChoices, choiceOf, STRIP_STACK } from './beside.ts';

const STRIP_HEIGHT = 92;
const EVERYTHING: TimeRange = { from: null, to: null };

export function FacetRail({ answer, choices }: { answer: BesideAnswer | null; choices: BesideChoices }): ReactNode {
  const { open, menu } = useValueMenu();
  return (
    <aside className="tc-ev-rail" aria-label="Facets">
      {FACET_COLUMNS.map((column) => (
        <Facet
          key={column}
          column={column}
          answer={answer?.facets.get(column)}
          choice={choiceOf(choices.facets, column)}
          change={choices.change}
          openMenu={open}
        />
      ))}
      {menu}
    </aside>
  );
}

export function TimelineStrip({ answer, width }: { answer: BesideAnswer | null; width: number }): ReactNode {
  const words = useTime();
  const time = useSelection((s) => s.selection.time);
  const setTime = useSelection((s) => s.setTime);
  const timeline = useMemo(() => (answer ? buildTimeline(answer.histogram, STRIP_STACK) : null), [answer]);
  const events = answer ? answer.count.events - answer.count.withoutTime : 0;
  if (!timeline || timeline.bins === 0 || events === 0 || width <= 0)
    return <div className="tc-ev-strip" style={{ height: STRIP_HEIGHT }} />;
  const shown: TimeRange = {
    from: time.from ?? (timeline.from as TimeRange['from']),
    to: time.to ?? (timelineEnd(timeline) as TimeRange['to']),
  };
  const key = (k: 'left' | 'right' | 'in' | 'out' | 'all'): void => {
    if (k === 'all') setTime(EVERYTHING);
    else if (k === 'left' || k === 'right') {
      const moved = shiftRange(shown, k === 'left' ? -1 : 1);
      if (moved) setTime(moved);
    } else if (shown.from !== null && shown.to !== null) setTime(scaleRange(shown.from, shown.to, k === 'in' ? 0.5 : 2));
  };
  return (
    <section className="tc-ev-strip" aria-label="Timeline" style={{ height: STRIP_HEIGHT }}>
      <TimelineChart
        timeline={timeline}
        width={width}
        height={STRIP_HEIGHT}
        summary={`${countOf(events, 'event')} by outcome, ${words.range(shown)} ${words.zone}, a bar for every ${binWords(timeline.binMs)}.`}
        onBrush={setTime}
        onReset={() => setTime(EVERYTHING)}
        onKey={key}
      />
    </section>
  );
}
