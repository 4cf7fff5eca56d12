/** One lane: whose it is, what can be done with it, and its strip of bars, which the keyboard can walk. */
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPin, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, type MouseEvent, type ReactNode, useMemo } from 'react';
import type { EpochMs } from '../../../shared/brand.ts';
import type { LanesAnswer } from '../../../shared/sessions.ts';
import { failureWords } from '../../components/failures.tsx';
import { countOf } from '../../components/numbers.ts';
import type { TimeWords } from '../../components/use-time.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { visibleString } from '../../components/visible-text.tsx';
import { addLane, moveLane, removeLane } from '../../state/lanes.ts';
import { useSelection } from '../../state/selection.ts';
import { ValueLink } from '../subject/value-row.tsx';
import { binAfter, lanePath } from './lane-path.ts';

const HEIGHT = 22;

interface Props {
  answer: LanesAnswer;
  index: number;
  /** Events that a bar of full height stands for. */
  max: number;
  left: number;
  width: number;
  time: TimeWords;
  openMenu: ValueMenuControl['open'];
  /** Place among the chosen ones, and how many these are; null for one that is here by its activity. */
  place: { at: number; of: number } | null;
  /** The bin that pointer or keyboard is on; the same in all lanes. */
  cursor: number | null;
  setCursor: (bin: number | null) => void;
}

export function Lane({ answer, index, max, left, width, time, openMenu, place, cursor, setCursor }: Props): ReactNode {
  const { from, binMs, bins } = answer;
  const lane = answer.lanes[index];
  const { subject } = lane;
  const name = visibleString(subject.value);
  const paths = useMemo(
    () => [lane.counts, lane.failedCounts, lane.deniedCounts].map((part) => lanePath(lane.counts, max, width, HEIGHT, part)),
    [lane, max, width],
  );
  const start = (bin: number): EpochMs => (from + bin * binMs) as EpochMs;
  const narrow = (bin: number): void => useSelection.getState().setTime({ from: start(bin), to: start(bin + 1) });
  const binOf = (e: MouseEvent): number => {
    const box = e.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(bins - 1, Math.floor(((e.clientX - box.left) / Math.max(1, box.width)) * bins)));
  };
  const words = (events: number, failed: number, denied: number): string =>
    [countOf(events, 'event'), failureWords(failed, denied)].filter(Boolean).join(', ');
  const all = words(
    lane.events,
    lane.failed,
    lane.deniedCounts.reduce((sum, n) => sum + n, 0),
  );
  const at = cursor === null || cursor >= bins ? null : cursor;
  const here = at === null ? all : `${time.zoned(start(at))}: ${words(lane.counts[at], lane.failedCounts[at], lane.deniedCounts[at])}`;
  const key = (e: KeyboardEvent<HTMLElement>): void => {
    if (e.altKey || e.ctrlKey || e.metaKey) return;
    const to = binAfter(e.key, e.shiftKey, at ?? 0, bins);
    if (to !== undefined) setCursor(to);
    else if (e.key === 'Enter') narrow(at ?? 0);
    else if (e.key === 'ArrowUp' || e.key === 'ArrowDown') neighbour(e.currentTarget, e.key === 'ArrowDown')?.focus();
    else return;
    e.preventDefault();
    e.stopPropagation();
  };
  return (
    <li>
      <div className="tc-lane-head" style={{ paddingLeft: left }}>
        {place === null ? (
          <Tool label={`Keep the lane of ${name}`} onClick={() => addLane(subject.value)}>
            <IconPin size={11} />
          </Tool>
        ) : (
          <>
            <Tool label={`Remove the lane of ${name}`} onClick={() => removeLane(subject.value)}>
              <IconX size={11} />
            </Tool>
            <Tool label={`Move the lane of ${name} up`} disabled={place.at === 0} onClick={() => moveLane(subject.value, -1)}>
              <IconArrowUp size={11} />
            </Tool>
            <Tool label={`Move the lane of ${name} down`} disabled={place.at === place.of - 1} onClick={() => moveLane(subject.value, 1)}>
              <IconArrowDown size={11} />
            </Tool>
          </>
        )}
        <ValueLink column={subject.column} value={subject.value} openMenu={openMenu} />
        <span className="tc-soft">{here}</span>
      </div>
      <div
        className="tc-lane-strip"
        role="slider"
        tabIndex={0}
        aria-label={`Activity of ${name}: ${all}`}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, bins - 1)}
        aria-valuenow={at ?? 0}
        aria-valuetext={here}
        style={{ marginLeft: left, width, height: HEIGHT }}
        onMouseMove={(e) => setCursor(binOf(e))}
        onMouseLeave={() => setCursor(null)}
        onClick={(e) => narrow(binOf(e))}
        onFocus={(e) => {
          if (at === null && e.currentTarget.matches(':focus-visible'))
            setCursor(
              Math.max(
                0,
                lane.counts.findIndex((n) => n > 0),
              ),
            );
        }}
        onBlur={() => setCursor(null)}
        onKeyDown={key}
      >
        <svg width={width} height={HEIGHT} aria-hidden="true">
          <path d={paths[0]} className="tc-lane-all" />
          <path d={paths[1]} className="tc-lane-failed" />
          <path d={paths[2]} className="tc-lane-denied" />
          {at === null ? null : (
            <rect className="tc-lane-cursor" x={(at * width) / bins} y={0} width={Math.max(2, width / bins)} height={HEIGHT} />
          )}
        </svg>
      </div>
    </li>
  );
}

/** The strip of the lane above or below. */
function neighbour(strip: HTMLElement, below: boolean): HTMLElement | null {
  const item = strip.closest('li');
  const next = below ? item?.nextElementSibling : item?.previousElementSibling;
  return next?.querySelector<HTMLElement>('.tc-lane-strip') ?? null;
}

function Tool(props: { label: string; disabled?: boolean; onClick: () => void; children: ReactNode }): ReactNode {
  return (
    <Tooltip label={props.label}>
      <ActionIcon
        size={16}
        aria-label={props.label}
        disabled={props.disabled ?? false}
        onClick={(e) => {
          props.onClick();
          // A line that moves takes the focus with it.
          const button = e.currentTarget;
          requestAnimationFrame(() => {
            if (button.isConnected && document.activeElement !== button) button.focus({ preventScroll: true });
          });
        }}
      >
        {props.children}
      </ActionIcon>
    </Tooltip>
  );
}
