/** Swimlanes below the timeline: a strip of activity each for chosen principals (or addresses, keys, tools), over the same bins. */
import { Checkbox, NativeSelect } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import type { Subject } from '../../../shared/behaviour.ts';
import { countOf, formatCount } from '../../components/numbers.ts';
import { useTime } from '../../components/use-time.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { labelInText } from '../../components/value-words.ts';
import { usePlan } from '../../state/engine.tsx';
import { chosenLanes, LANE_COLUMNS, lanesShown, MOST_LANES, useLanes } from '../../state/lanes.ts';
import { useSelection } from '../../state/selection.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { Lane } from './lane.tsx';
import { LaneAdder } from './lane-adder.tsx';
import { halfOf, laneScale } from './lane-path.ts';
import { binWords } from './timeline-model.ts';
import '../subject/subject.css';

const TOP = 8;

interface Props {
  bins: number;
  /** Where the chart above has its plot, so that both stand one below the other. Pixels. */
  left: number;
  width: number;
  openMenu: ValueMenuControl['open'];
}

export function Lanes({ bins, left, width, openMenu }: Props): ReactNode {
  const selection = useSelection((s) => s.selection);
  const time = useTime();
  const choice = useLanes();
  const { by, busiest } = choice;
  const chosen = chosenLanes(choice);
  const [cursor, setCursor] = useState<number | null>(null);
  const { result } = usePlan(
    'overview/lanes',
    selection,
    by === null ? null : [{ ask: 'facet', column: by, limit: TOP + 1, strict: true }],
  );
  const facet = result?.answers[0];
  const subjects = useMemo((): Subject[] => {
    if (by === null || facet?.column !== by) return [];
    const top = facet.values.flatMap((v) => (v.value === null ? [] : [v.value])).slice(0, TOP);
    return lanesShown(choice, top).map((value) => ({ column: by, value }));
  }, [by, facet, choice]);
  const { value: lanes, error } = useAnswer(subjects.length === 0 ? null : ['lanes', subjects, selection, bins], (engine) =>
    engine.query.lanes(subjects, selection, { bins }),
  );
  const shown = subjects.length > 0 && lanes && lanes.lanes[0]?.subject.column === by ? lanes : null;
  const max = useMemo(() => (shown ? laneScale(shown.lanes) : 0), [shown]);
  return (
    <section className="tc-card tc-lanes" aria-label="Lanes">
      <div className="tc-lanes-head">
        <h2 className="tc-card-title">Lanes</h2>
        <NativeSelect
          aria-label="A lane for each"
          value={by ?? ''}
          onChange={(e) => useLanes.setState({ by: LANE_COLUMNS.find((c) => c === e.currentTarget.value) ?? null })}
          data={[{ value: '', label: 'none' }, ...LANE_COLUMNS.map((c) => ({ value: c, label: `by ${labelInText(c)}` }))]}
        />
        {by === null ? (
          <span className="tc-soft">What several principals, keys or addresses did side by side, over the time above.</span>
        ) : (
          <>
            <LaneAdder key={by} by={by} chosen={chosen} />
            <Checkbox
              size="xs"
              label={`and the ${TOP} most active`}
              checked={busiest}
              onChange={(e) => useLanes.setState({ busiest: e.currentTarget.checked })}
            />
            {shown && max > 0 ? <Scale max={max} binMs={shown.binMs} /> : null}
          </>
        )}
        {error ? <span role="alert">{error.message}</span> : null}
      </div>
      {by !== null && subjects.length === 0 && facet ? (
        <p className="tc-lanes-none">
          {busiest ? 'No event of the selection has a value here: add one that you look for.' : 'Add the values that you want to compare.'}
        </p>
      ) : null}
      {shown ? (
        <ul className="tc-lanes-list">
          {shown.lanes.map((lane, i) => {
            const at = chosen.indexOf(lane.subject.value);
            return (
              <Lane
                key={`${lane.subject.column} ${lane.subject.value}`}
                answer={shown}
                index={i}
                max={max}
                left={left}
                width={width}
                time={time}
                openMenu={openMenu}
                place={at < 0 ? null : { at, of: chosen.length }}
                cursor={cursor}
                setCursor={setCursor}
              />
            );
          })}
        </ul>
      ) : null}
      {chosen.length >= MOST_LANES ? (
        <p className="tc-lanes-none">At most {MOST_LANES} lanes are shown: remove one to add another.</p>
      ) : null}
    </section>
  );
}

/** What a bar's height and colours mean: the same for all lanes. */
function Scale({ max, binMs }: { max: number; binMs: number }): ReactNode {
  return (
    <span className="tc-lanes-scale">
      one scale: full height = {countOf(max, 'event')} in {binWords(binMs)}, half = {formatCount(halfOf(max))}
      <span>
        <span className="tc-swatch tc-lane-swatch-all" /> all
      </span>
      <span>
        <span className="tc-swatch tc-lane-swatch-failed" /> ✕ share that failed
      </span>
      <span>
        <span className="tc-swatch tc-lane-swatch-denied" /> ⊘ of which denied
      </span>
    </span>
  );
}
