/** Swimlanes below the timeline: a strip of activity each for chosen principals (or addresses, keys, tools), over the same bins. */
import { ActionIcon, NativeSelect, Tooltip } from '@mantine/core';
import { IconPin, IconPinFilled } from '@tabler/icons-react';
import { type MouseEvent, type ReactNode, useMemo, useState } from 'react';
import type { Subject } from '../../../shared/behaviour.ts';
import type { EpochMs } from '../../../shared/brand.ts';
import type { ValueColumnId } from '../../../shared/columns.ts';
import type { LanesAnswer } from '../../../shared/sessions.ts';
import { failureWords } from '../../components/failures.tsx';
import { countOf, formatCount } from '../../components/numbers.ts';
import { type TimeWords, useTime } from '../../components/use-time.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { columnLabel } from '../../components/value-words.ts';
import { usePlan } from '../../state/engine.tsx';
import { useSelection } from '../../state/selection.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { ValueLink } from '../subject/value-row.tsx';
import { lanePath } from './lane-path.ts';
import '../subject/subject.css';

const BY: readonly ValueColumnId[] = ['principal', 'accessKeyId', 'sourceIPAddress', 'userName', 'agentTool', 'origin'];
const TOP = 8;
const MOST = 20;
const HEIGHT = 14;

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
  const [by, setBy] = useState<ValueColumnId | ''>('');
  const [pinned, setPinned] = useState<readonly string[]>([]);
  const { result } = usePlan('overview/lanes', selection, by === '' ? null : [{ ask: 'facet', column: by, limit: TOP, strict: true }]);
  const facet = result?.answers[0];
  const subjects = useMemo((): Subject[] => {
    if (by === '' || facet?.column !== by) return [];
    const top = facet.values.flatMap((v) => (v.value === null || pinned.includes(v.value) ? [] : [v.value]));
    return [...pinned, ...top].slice(0, MOST).map((value) => ({ column: by, value }));
  }, [by, facet, pinned]);
  const { value: lanes, error } = useAnswer(subjects.length === 0 ? null : ['lanes', subjects, selection, bins], (engine) =>
    engine.query.lanes(subjects, selection, { bins }),
  );
  const shown = by !== '' && lanes && lanes.lanes[0]?.subject.column === by ? lanes : null;
  return (
    <section className="tc-card tc-lanes" aria-label="Lanes">
      <div className="tc-lanes-head">
        <h2 className="tc-card-title">Lanes</h2>
        <NativeSelect
          aria-label="A lane for each"
          value={by}
          onChange={(e) => {
            setBy(BY.find((c) => c === e.currentTarget.value) ?? '');
            setPinned([]);
          }}
          data={[{ value: '', label: 'none' }, ...BY.map((c) => ({ value: c, label: `by ${columnLabel(c).toLowerCase()}` }))]}
        />
        <span className="tc-soft">
          {by === ''
            ? 'What several principals, keys or addresses did side by side, over the time above.'
            : (error?.message ??
              'The most active of the selection; pin a lane to keep it while the selection changes. A click on a strip narrows to its time.')}
        </span>
      </div>
      {shown ? (
        <ul className="tc-lanes-list">
          {shown.lanes.map((lane, i) => (
            <Lane
              key={`${lane.subject.column} ${lane.subject.value}`}
              answer={shown}
              index={i}
              left={left}
              width={width}
              time={time}
              openMenu={openMenu}
              pinned={pinned.includes(lane.subject.value)}
              pin={() =>
                setPinned((now) =>
                  now.includes(lane.subject.value) ? now.filter((v) => v !== lane.subject.value) : [...now, lane.subject.value],
                )
              }
            />
          ))}
        </ul>
      ) : null}
    </section>
  );
}

interface LaneProps {
  answer: LanesAnswer;
  index: number;
  left: number;
  width: number;
  time: TimeWords;
  openMenu: ValueMenuControl['open'];
  pinned: boolean;
  pin: () => void;
}

function Lane({ answer, index, left, width, time, openMenu, pinned, pin }: LaneProps): ReactNode {
  const { from, binMs, bins } = answer;
  const lane = answer.lanes[index];
  const { subject } = lane;
  const [hover, setHover] = useState<number | null>(null);
  const all = useMemo(() => lanePath(lane.counts, width, HEIGHT), [lane, width]);
  const failed = useMemo(() => lanePath(lane.failedCounts, width, HEIGHT / 2), [lane, width]);
  const binOf = (e: MouseEvent): number => {
    const box = e.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(bins - 1, Math.floor(((e.clientX - box.left) / Math.max(1, box.width)) * bins)));
  };
  const start = (bin: number): EpochMs => (from + bin * binMs) as EpochMs;
  return (
    <li>
      <div className="tc-lane-head" style={{ paddingLeft: left }}>
        <Tooltip label={pinned ? 'Let the lane go' : 'Keep this lane'}>
          <ActionIcon size={16} aria-label={`Keep the lane of ${subject.value}`} aria-pressed={pinned} onClick={pin}>
            {pinned ? <IconPinFilled size={11} /> : <IconPin size={11} />}
          </ActionIcon>
        </Tooltip>
        <ValueLink column={subject.column} value={subject.value} openMenu={openMenu} />
        <span className="tc-soft">
          {hover === null || lane.counts[hover] === undefined
            ? `${countOf(lane.events, 'event')}${lane.failed > 0 ? `, ${formatCount(lane.failed)} failed` : ''}`
            : `${time.zoned(start(hover))}: ${countOf(lane.counts[hover], 'event')}${lane.failedCounts[hover] > 0 ? `, ${failureWords(lane.failedCounts[hover], lane.deniedCounts[hover])}` : ''}`}
        </span>
      </div>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: by keyboard the lane's value is filtered for, and the timeline above is zoomed */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the same */}
      <div
        className="tc-lane-strip"
        style={{ marginLeft: left, width, height: HEIGHT }}
        onMouseMove={(e) => setHover(binOf(e))}
        onMouseLeave={() => setHover(null)}
        onClick={(e) => {
          const bin = binOf(e);
          useSelection.getState().setTime({ from: start(bin), to: start(bin + 1) });
        }}
      >
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={`${subject.value}: ${countOf(lane.events, 'event')}, ${formatCount(lane.failed)} failed`}
        >
          <path d={all} className="tc-lane-all" />
          <path d={failed} className="tc-lane-errors" transform={`translate(0 ${HEIGHT / 2})`} />
        </svg>
      </div>
    </li>
  );
}
