/** The timeline of a subject: its events by outcome; a drag sets the time range of the whole investigation. */
import { Button } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import type { EpochMs } from '../../../shared/brand.ts';
import type { HistogramAnswer, TimeRange } from '../../../shared/plan.ts';
import { countOf, formatCount } from '../../components/numbers.ts';
import { scaleRange, shiftRange } from '../../components/time.ts';
import { useTime } from '../../components/use-time.ts';
import { useSelection } from '../../state/selection.ts';
import { CHART_HEIGHT, TimelineChart } from '../overview/timeline-chart.tsx';
import { binWords, buildTimeline, timelineEnd } from '../overview/timeline-model.ts';

interface Props {
  answer: HistogramAnswer | null;
  /** Its first and last event in the selection. */
  first: EpochMs | null;
  last: EpochMs | null;
  width: number;
}

export function SubjectTimeline({ answer, first, last, width }: Props): ReactNode {
  const time = useTime();
  const setTime = useSelection((s) => s.setTime);
  const chosen = useSelection((s) => s.selection.time);
  const timeline = useMemo(() => (answer ? buildTimeline(answer, 'outcome') : null), [answer]);
  const events = timeline ? timeline.layers.reduce((sum, l) => sum + l.total, 0) : 0;
  const shown: TimeRange = timeline
    ? { from: chosen.from ?? (timeline.from as EpochMs), to: chosen.to ?? (timelineEnd(timeline) as EpochMs) }
    : chosen;
  const onKey = (key: 'left' | 'right' | 'in' | 'out' | 'all'): void => {
    const next = key === 'left' ? shiftRange(shown, -1) : key === 'right' ? shiftRange(shown, 1) : null;
    if (key === 'all') setTime({ from: null, to: null });
    else if (next) setTime(next);
    else if (shown.from !== null && shown.to !== null) setTime(scaleRange(shown.from, shown.to, key === 'in' ? 0.5 : 2));
  };
  return (
    <section className="tc-card tc-sub-timeline" aria-label="Timeline">
      <div className="tc-sub-card-head">
        <h2 className="tc-card-title">Timeline</h2>
        <ul className="tc-sub-legend" aria-label="Legend: outcome">
          {timeline?.layers.map((layer) => (
            <li key={layer.id}>
              <span className="tc-swatch" data-striped={layer.striped || undefined} style={{ background: layer.color }} /> {layer.label}{' '}
              {formatCount(layer.total)}
            </li>
          ))}
        </ul>
        <span className="tc-soft">{timeline && events > 0 ? `1 bar = ${binWords(timeline.binMs)} · drag to zoom` : ''}</span>
        {first !== null && last !== null ? (
          <Button
            variant="default"
            size="compact-xs"
            title="Sets the time range from its first event to its last"
            onClick={() => setTime({ from: first, to: (last + 1) as EpochMs })}
          >
            First to last
          </Button>
        ) : null}
      </div>
      {timeline && events > 0 && width > 0 ? (
        <TimelineChart
          timeline={timeline}
          width={width}
          summary={`${countOf(events, 'event')} by outcome, ${time.range(shown)} ${time.zone}, a bar for every ${binWords(timeline.binMs)}.`}
          onBrush={setTime}
          onReset={() => setTime({ from: null, to: null })}
          onKey={onKey}
        />
      ) : (
        <div style={{ height: CHART_HEIGHT }}>
          {timeline ? <p className="tc-sub-none">None of these events has a readable time.</p> : null}
        </div>
      )}
    </section>
  );
}
