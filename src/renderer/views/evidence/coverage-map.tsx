/** The coverage map: rows of account and Region, columns of hours. Drawn on a canvas of the size in sight; what is said of a cell is text. */
import { useComputedColorScheme } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { type CoverageModel, type CoverageRow, cellSentence, type HourRange } from '../../../engine/client/coverage.ts';
import { COVERAGE_CATEGORIES, HOUR_MS } from '../../../shared/coverage.ts';
import { formatCount, formatShort } from '../../components/numbers.ts';
import { formatDate, formatTime } from '../../components/time.ts';
import { useTime } from '../../components/use-time.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { VisibleText, visibleString } from '../../components/visible-text.tsx';
import { type CategoryChoice, draw, paletteOf } from './coverage-draw.ts';
import { type ColumnChoice, columnRange, type Grid, gridOf, HEAD_HEIGHT, ROW_HEIGHT, ticksOf } from './coverage-grid.ts';

const NAME_WIDTH = 116;
const REGION_WIDTH = 108;
const NUMBER_WIDTH = 66;
const FEW_NUMBERS_BELOW = 1000;

const NUMBERS = [
  { id: 'hoursWithEvents', label: 'With events', help: 'Hours with at least one event' },
  { id: 'silent', label: 'Silent', help: 'Hours without an event; silence alone does not show that logging was off' },
  { id: 'delivered', label: 'Delivered', help: 'Delivery hours of log files that are in the evidence' },
  { id: 'signedEmpty', label: 'None, signed', help: 'Hours for which a signed digest lists no log: none was delivered' },
  { id: 'undigested', label: 'Unknown', help: 'Hours without a log file and without a digest: nothing is known of their delivery' },
  { id: 'stopped', label: 'Stopped', help: 'Hours that lie in a stop of a trail, from StopLogging to StartLogging' },
] as const;

const OVER_OWN = 'Counted from the first event or delivery of the account and Region to its last';
const OVER_SELECTED = 'Counted in the selected time range';

export interface MapProps {
  model: CoverageModel;
  /** What is drawn, and the part of it that is marked as selected; null: none. */
  range: HourRange;
  selected: HourRange | null;
  /** The selected hours, of which the numbers are; null: each row's own span. */
  counted: HourRange | null;
  columns: ColumnChoice;
  category: CategoryChoice;
  /** A cell was chosen. */
  choose: (row: CoverageRow, range: HourRange) => void;
  openMenu: ValueMenuControl['open'];
}

interface Cell {
  row: number;
  column: number;
}

export function CoverageMap({ model, range, selected, counted, columns, category, choose, openMenu }: MapProps): ReactNode {
  const { ref: sized, width, height } = useElementSize<HTMLDivElement>();
  const scroller = useRef<HTMLDivElement>(null);
  const ref = useMergedRef(sized, scroller);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [place, setPlace] = useState({ left: 0, top: 0 });
  const [active, setActive] = useState<Cell | null>(null);
  const scheme = useComputedColorScheme('light');
  const { utc } = useTime();
  const { rows } = model;
  const numbers = width < FEW_NUMBERS_BELOW ? NUMBERS.filter((n) => n.id === 'hoursWithEvents' || n.id === 'silent') : NUMBERS;
  const labels = NAME_WIDTH + REGION_WIDTH + numbers.length * NUMBER_WIDTH + 8;
  const room = Math.max(80, width - labels - 2);
  const grid = useMemo(() => gridOf(range, columns, room, model.binMs / HOUR_MS), [range, columns, room, model]);
  const most = useMemo(() => largestCell(model, grid, category), [model, grid, category]);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || width === 0) return;
    const scale = window.devicePixelRatio || 1;
    element.width = Math.round(width * scale);
    element.height = Math.round(height * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    element.dataset.scheme = scheme;
    const scene = { model, grid, rows, category, most, selected, active, ...place, width, height, labels };
    draw(context, scene, paletteOf(element.parentElement ?? element));
  }, [model, grid, rows, category, most, selected, active, place, width, height, labels, scheme]);

  const goTo = (cell: Cell): void => {
    const row = Math.max(0, Math.min(rows.length - 1, cell.row));
    const column = Math.max(0, Math.min(grid.columns - 1, cell.column));
    setActive({ row, column });
    const box = scroller.current;
    if (!box) return;
    const [x, y] = [column * grid.width, row * ROW_HEIGHT];
    if (x < box.scrollLeft) box.scrollLeft = x;
    if (x + grid.width > box.scrollLeft + room) box.scrollLeft = x + grid.width - room;
    if (y < box.scrollTop) box.scrollTop = y;
    if (y + ROW_HEIGHT > box.scrollTop + height - HEAD_HEIGHT) box.scrollTop = y + ROW_HEIGHT - height + HEAD_HEIGHT;
  };
  const onKeyDown = (e: KeyboardEvent): void => {
    if (e.target !== scroller.current || e.altKey || e.ctrlKey || e.metaKey) return;
    const at = active ?? { row: 0, column: 0 };
    const page = Math.max(1, Math.floor((height - HEAD_HEIGHT) / ROW_HEIGHT) - 1);
    if (e.key === 'ArrowRight') goTo(active ? { ...at, column: at.column + 1 } : at);
    else if (e.key === 'ArrowLeft') goTo({ ...at, column: at.column - 1 });
    else if (e.key === 'ArrowDown') goTo(active ? { ...at, row: at.row + 1 } : at);
    else if (e.key === 'ArrowUp') goTo({ ...at, row: at.row - 1 });
    else if (e.key === 'PageDown') goTo({ ...at, row: at.row + page });
    else if (e.key === 'PageUp') goTo({ ...at, row: at.row - page });
    else if (e.key === 'Home') goTo({ ...at, column: 0 });
    else if (e.key === 'End') goTo({ ...at, column: grid.columns - 1 });
    else if (e.key === 'Enter' && active) choose(rows[active.row], columnRange(grid, active.column));
    else return;
    e.preventDefault();
    e.stopPropagation();
  };
  const cellAt = (e: MouseEvent): Cell | null => {
    const box = scroller.current?.getBoundingClientRect();
    if (!box) return null;
    const [x, y] = [e.clientX - box.left, e.clientY - box.top];
    if (x < labels || y < HEAD_HEIGHT) return null;
    const cell = {
      row: Math.floor((y - HEAD_HEIGHT + place.top) / ROW_HEIGHT),
      column: Math.floor((x - labels + place.left) / grid.width),
    };
    return cell.row < rows.length && cell.column < grid.columns ? cell : null;
  };

  const firstRow = Math.floor(place.top / ROW_HEIGHT);
  const shown = rows.slice(firstRow, firstRow + Math.ceil(height / ROW_HEIGHT) + 1);
  const firstColumn = Math.floor(place.left / grid.width);
  const ticks = width === 0 ? [] : ticksOf(grid, firstColumn, firstColumn + Math.ceil(room / grid.width));
  const at = active && rows[active.row] && active.column < grid.columns ? active : null;
  return (
    <>
      <div
        ref={ref}
        className="tc-cov-map"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the map is moved in by keyboard
        tabIndex={0}
        aria-label="Coverage map: arrow keys move, Enter shows the events of a cell"
        aria-describedby="tc-cov-cell"
        data-columns={grid.columns}
        data-column-hours={grid.hours}
        style={{ height: `min(${HEAD_HEIGHT + rows.length * ROW_HEIGHT + 14}px, 52vh)` }}
        onScroll={(e) => setPlace({ left: e.currentTarget.scrollLeft, top: e.currentTarget.scrollTop })}
        onKeyDown={onKeyDown}
        onMouseMove={(e) => {
          const cell = cellAt(e);
          if (cell && (cell.row !== active?.row || cell.column !== active.column)) setActive(cell);
        }}
        onClick={(e) => {
          const cell = cellAt(e);
          if (cell) choose(rows[cell.row], columnRange(grid, cell.column));
        }}
      >
        <div style={{ width: labels + grid.columns * grid.width, height: HEAD_HEIGHT + rows.length * ROW_HEIGHT, minHeight: '100%' }}>
          <div className="tc-cov-sight" style={{ width, height }}>
            <canvas ref={canvas} />
            <Head
              numbers={numbers}
              over={counted ? OVER_SELECTED : OVER_OWN}
              labels={labels}
              ticks={ticks}
              grid={grid}
              left={place.left}
              utc={utc}
            />
            <div className="tc-cov-rows" style={{ top: HEAD_HEIGHT, width: labels }}>
              {shown.map((row, i) => (
                <RowLabel
                  key={`${row.account} ${row.region}`}
                  top={(firstRow + i) * ROW_HEIGHT - place.top}
                  row={row}
                  model={model}
                  counted={counted}
                  numbers={numbers}
                  openMenu={openMenu}
                />
              ))}
            </div>
          </div>
        </div>
      </div>
      <p id="tc-cov-cell" className="tc-cov-cell" role="status">
        {at ? (
          <VisibleText text={cellSentence(model, rows[at.row], columnRange(grid, at.column), utc)} limit={2000} />
        ) : (
          <span className="tc-soft">
            Point at a cell to read what is known of it; a click shows its events. Columns of {columnWords(grid.hours)}, in UTC
            {grid.wider ? ': the range is too long for narrower ones' : ''}. {counted ? OVER_SELECTED : OVER_OWN}.
          </span>
        )}
      </p>
    </>
  );
}

function columnWords(hours: number): string {
  if (hours === 1) return 'an hour';
  return hours % 24 === 0 ? (hours === 24 ? 'a day' : `${formatCount(hours / 24)} days`) : `${hours} hours`;
}

interface HeadProps {
  numbers: readonly (typeof NUMBERS)[number][];
  /** Over which hours the numbers count. */
  over: string;
  labels: number;
  ticks: ReturnType<typeof ticksOf>;
  grid: Grid;
  left: number;
  utc: boolean;
}

function Head({ numbers, over, labels, ticks, grid, left, utc }: HeadProps): ReactNode {
  return (
    <div className="tc-cov-head" style={{ height: HEAD_HEIGHT }}>
      <span style={{ width: NAME_WIDTH }}>Account</span>
      <span style={{ width: REGION_WIDTH }}>Region</span>
      {numbers.map((n) => (
        <span key={n.id} className="num" style={{ width: NUMBER_WIDTH }} title={`${n.help}. ${over}`}>
          {n.label}
        </span>
      ))}
      <div className="tc-cov-ticks" style={{ left: labels }}>
        {ticks.map((tick) => (
          <span key={tick.at} style={{ left: tick.column * grid.width - left }}>
            {tick.day ? <b>{formatDate(tick.at, utc)}</b> : null}
            {grid.hours < 24 ? formatTime(tick.at, utc).slice(11, 16) : null}
          </span>
        ))}
      </div>
    </div>
  );
}

interface LabelProps {
  top: number;
  row: CoverageRow;
  model: CoverageModel;
  counted: HourRange | null;
  numbers: readonly (typeof NUMBERS)[number][];
  openMenu: ValueMenuControl['open'];
}

function RowLabel({ top, row, model, counted, numbers, openMenu }: LabelProps): ReactNode {
  const facts = model.countedFacts(row, counted);
  const silent = !facts || facts.hoursWithEvents === null ? null : facts.hours - facts.hoursWithEvents;
  const missing = facts && facts.missing > 0 ? `; ${formatCount(facts.missing)} with missing logs` : '';
  const weak = facts ? facts.linkedEmpty + facts.unsignedEmpty : 0;
  const unproven = weak > 0 ? `; ${formatCount(weak)} more with a digest that is not proven` : '';
  const over = counted ? 'Of the selected' : 'Of its own';
  return (
    <div
      className="tc-cov-label"
      style={{ top, height: ROW_HEIGHT }}
      title={facts ? `${over} ${formatCount(facts.hours)} hours${missing}${unproven}` : 'No hour is known'}
    >
      <Value column="account" value={row.account} width={NAME_WIDTH} openMenu={openMenu} />
      <Value column="awsRegion" value={row.region} width={REGION_WIDTH} openMenu={openMenu} />
      {numbers.map((n) => {
        const value = n.id === 'silent' ? silent : facts ? facts[n.id] : null;
        return (
          <span key={n.id} className="num" style={{ width: NUMBER_WIDTH }} data-zero={value === 0 || undefined}>
            {value === null ? '–' : value < 1e7 ? formatCount(value) : formatShort(value)}
          </span>
        );
      })}
    </div>
  );
}

function Value(props: {
  column: 'account' | 'awsRegion';
  value: string | null;
  width: number;
  openMenu: ValueMenuControl['open'];
}): ReactNode {
  const { column, value, width, openMenu } = props;
  const text = value === null ? 'not recorded' : visibleString(value);
  return (
    <button
      type="button"
      className="tc-cov-value"
      tabIndex={-1}
      style={{ width }}
      title={text}
      onClick={(e) => {
        e.stopPropagation();
        openMenu(e.currentTarget, { column, values: [value] });
      }}
    >
      {text}
    </button>
  );
}

/** Largest number of events in a cell, so that the bars are comparable over the whole map. */
function largestCell(model: CoverageModel, grid: Grid, category: CategoryChoice): number {
  const { start, bin, counts, binMs, rows } = model.coverage.events;
  const scale = binMs / HOUR_MS;
  const size = COVERAGE_CATEGORIES.length;
  let most = 0;
  for (let r = 0; r < rows.length; r++) {
    let [column, sum] = [Number.NaN, 0];
    for (let i = start[r]; i < start[r + 1]; i++) {
      const own = Math.floor((bin[i] * scale - grid.from) / grid.hours);
      if (own !== column) [column, sum] = [own, 0];
      if (own < 0 || own >= grid.columns) continue;
      if (category === 'all') for (let c = 0; c < size; c++) sum += counts[i * size + c];
      else sum += counts[i * size + category];
      if (sum > most) most = sum;
    }
  }
  return most;
}
