/** The timeline with its tools: stacking, legend that filters, step, zoom, and the same numbers as a table. */
import { ActionIcon, Button, Group, NativeSelect, Table, Tooltip, UnstyledButton } from '@mantine/core';
import { IconArrowAutofitWidth, IconChevronLeft, IconChevronRight, IconTable, IconZoomIn, IconZoomOut } from '@tabler/icons-react';
import { type MouseEvent, type ReactNode, useState } from 'react';
import type { EpochMs } from '../../../shared/brand.ts';
import { type SingleColumnId, STACK_COLUMNS } from '../../../shared/columns.ts';
import type { TimeRange } from '../../../shared/plan.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { countOf, formatCount } from '../../components/numbers.ts';
import { scaleRange, shiftRange } from '../../components/time.ts';
import { useTime } from '../../components/use-time.ts';
import { columnLabel, labelInText } from '../../components/value-words.ts';
import { MiddleText } from '../../components/visible-text.tsx';
import { useSelection } from '../../state/selection.ts';
import { CHART_HEIGHT, TimelineChart } from './timeline-chart.tsx';
import { binStart, binWords, legendNames, type Timeline, type TimelineLayer, timelineEnd } from './timeline-model.ts';

const EVERYTHING: TimeRange = { from: null, to: null };
const TABLE_ROWS = 500;

interface Props {
  timeline: Timeline | null;
  /** Events with a time in the selection. */
  events: number;
  /** First and last of these. */
  first: EpochMs | null;
  last: EpochMs | null;
  /** In the selection, but without a place on the chart. */
  withoutTime: number;
  /** An import has begun and given no event yet. */
  waiting: boolean;
  width: number;
  stackBy: SingleColumnId | null;
  setStackBy: (column: SingleColumnId | null) => void;
}

export function TimelinePanel({ timeline, events, first, last, withoutTime, waiting, width, stackBy, setStackBy }: Props): ReactNode {
  const words = useTime();
  const time = useSelection((s) => s.selection.time);
  const setTime = useSelection((s) => s.setTime);
  const clear = useSelection((s) => s.clear);
  const [asTable, setAsTable] = useState(false);
  const shown: TimeRange = timeline
    ? { from: time.from ?? (timeline.from as TimeRange['from']), to: time.to ?? (timelineEnd(timeline) as TimeRange['to']) }
    : time;
  const limited = time.from !== null || time.to !== null;

  const step = (direction: -1 | 1): void => {
    const moved = shiftRange(shown, direction);
    if (moved) setTime(moved);
  };
  const zoom = (factor: number): void => {
    if (shown.from !== null && shown.to !== null) setTime(scaleRange(shown.from, shown.to, factor));
  };
  const key = (k: 'left' | 'right' | 'in' | 'out' | 'all'): void => {
    if (k === 'left') step(-1);
    else if (k === 'right') step(1);
    else if (k === 'in') zoom(0.5);
    else if (k === 'out') zoom(2);
    else setTime(EVERYTHING);
  };
  const empty = !timeline || timeline.bins === 0 || events === 0;

  return (
    <section className="tc-timeline tc-card" aria-label="Timeline">
      <Group gap="sm" className="tc-timeline-tools" wrap="nowrap">
        <h2 className="tc-card-title">Timeline</h2>
        <NativeSelect
          aria-label="Stack the timeline by"
          value={stackBy ?? ''}
          onChange={(e) => setStackBy(STACK_COLUMNS.find((c) => c === e.currentTarget.value) ?? null)}
          data={[
            { value: '', label: 'not stacked' },
            ...STACK_COLUMNS.map((c) => ({ value: c, label: c === 'readOnly' ? 'by read / write' : `by ${labelInText(c)}` })),
          ]}
        />
        <Legend timeline={timeline} stackBy={stackBy} />
        <Group gap={2} wrap="nowrap" ml="auto">
          <span className="tc-soft tc-bin-words">
            {empty || !timeline ? '' : `1 bar = ${binWords(timeline.binMs)}`}
            {withoutTime > 0 ? ` · ${formatCount(withoutTime)} without time not shown` : ''}
          </span>
          <Tool label="Step back by the shown span" disabled={empty && !limited} onClick={() => step(-1)}>
            <IconChevronLeft size={15} />
          </Tool>
          <Tool label="Step forward by the shown span" disabled={empty && !limited} onClick={() => step(1)}>
            <IconChevronRight size={15} />
          </Tool>
          <Tool
            label="Zoom to the first and last event of the selection"
            disabled={first === null || last === null}
            onClick={() => {
              if (first !== null && last !== null) setTime({ from: first, to: (last + 1) as EpochMs });
            }}
          >
            <IconArrowAutofitWidth size={15} />
          </Tool>
          <Tool label="Zoom in" disabled={empty} onClick={() => zoom(0.5)}>
            <IconZoomIn size={15} />
          </Tool>
          <Tool label="Zoom out" disabled={!limited} onClick={() => zoom(2)}>
            <IconZoomOut size={15} />
          </Tool>
          <Tool
            label={asTable ? 'Show the timeline as a chart' : 'Show the timeline as a table'}
            pressed={asTable}
            onClick={() => setAsTable(!asTable)}
          >
            <IconTable size={15} />
          </Tool>
          <Button
            variant="default"
            size="compact-xs"
            disabled={!limited}
            onClick={() => setTime(EVERYTHING)}
            aria-label="All times: reset the time range"
          >
            All times
          </Button>
        </Group>
      </Group>
      {!timeline ? (
        <div style={{ height: CHART_HEIGHT }} />
      ) : waiting ? (
        <div style={{ height: CHART_HEIGHT }}>
          <EmptyState title="Reading the first files">Events appear here as they are read.</EmptyState>
        </div>
      ) : empty ? (
        <div style={{ height: CHART_HEIGHT }}>
          <EmptyState
            title={limited ? 'No event in this time range and selection' : 'No event with a time in this selection'}
            actions={
              <>
                {limited ? (
                  <Button variant="default" onClick={() => setTime(EVERYTHING)}>
                    All times
                  </Button>
                ) : null}
                <Button variant="default" onClick={clear}>
                  Reset the selection
                </Button>
              </>
            }
          >
            {limited ? 'Step, zoom out or show all times; or remove a filter above.' : 'Remove a filter above, or reset the selection.'}
          </EmptyState>
        </div>
      ) : asTable ? (
        <TimelineTable timeline={timeline} />
      ) : (
        <TimelineChart
          timeline={timeline}
          width={width}
          summary={`${countOf(events, 'event')}, ${words.range(shown)} ${words.zone}, a bar for every ${binWords(timeline.binMs)}.`}
          onBrush={setTime}
          onReset={() => setTime(EVERYTHING)}
          onKey={key}
        />
      )}
    </section>
  );
}

function Tool(props: { label: string; disabled?: boolean; pressed?: boolean; onClick: () => void; children: ReactNode }): ReactNode {
  return (
    <Tooltip label={props.label}>
      <ActionIcon
        aria-label={props.label}
        disabled={props.disabled ?? false}
        {...(props.pressed === undefined ? {} : { 'aria-pressed': props.pressed })}
        onClick={props.onClick}
      >
        {props.children}
      </ActionIcon>
    </Tooltip>
  );
}

function Legend({ timeline, stackBy }: { timeline: Timeline | null; stackBy: SingleColumnId | null }): ReactNode {
  const toggleValue = useSelection((s) => s.toggleValue);
  if (!timeline || stackBy === null || timeline.layers.length === 0) return <div className="tc-legend" />;
  const names = legendNames(timeline.layers.map((l) => l.label));
  const click = (layer: TimelineLayer, e: MouseEvent): void => {
    if (!layer.other) toggleValue(stackBy, layer.value, e.altKey || e.ctrlKey || e.metaKey);
  };
  return (
    <ul className="tc-legend" aria-label={`Legend: ${columnLabel(stackBy)}`}>
      {timeline.layers.map((layer, i) => (
        <li key={layer.id}>
          <UnstyledButton
            className="tc-legend-item"
            disabled={layer.other}
            title={
              layer.other
                ? `All other values: ${formatCount(layer.total)} events`
                : `${layer.label}: ${formatCount(layer.total)} events. Click to filter, Alt or Ctrl + click to exclude.`
            }
            onClick={(e) => click(layer, e)}
          >
            <span className="tc-swatch" data-striped={layer.striped || undefined} style={{ background: layer.color }} />
            <span className="tc-legend-label">
              <MiddleText text={names[i]} />
            </span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}

function TimelineTable({ timeline }: { timeline: Timeline }): ReactNode {
  const words = useTime();
  const filled = Array.from({ length: timeline.bins }, (_, bin) => bin).filter((bin) => timeline.totals[bin] > 0);
  const rows = filled.slice(0, TABLE_ROWS);
  return (
    <div className="tc-timeline-table" style={{ height: CHART_HEIGHT }}>
      <Table stickyHeader verticalSpacing={2} aria-label="Timeline as a table">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>From ({words.zone})</Table.Th>
            <Table.Th ta="right">Events</Table.Th>
            {timeline.layers.length > 1
              ? timeline.layers.map((layer) => (
                  <Table.Th key={layer.id} ta="right">
                    {layer.label}
                  </Table.Th>
                ))
              : null}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((bin) => (
            <Table.Tr key={bin}>
              <Table.Td>{words.time(binStart(timeline, bin))}</Table.Td>
              <Table.Td ta="right">{formatCount(timeline.totals[bin])}</Table.Td>
              {timeline.layers.length > 1
                ? timeline.layers.map((layer) => (
                    <Table.Td key={layer.id} ta="right">
                      {formatCount(layer.counts[bin])}
                    </Table.Td>
                  ))
                : null}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {filled.length > rows.length ? (
        <p className="tc-soft">{formatCount(filled.length - rows.length)} more bars: zoom in to see them.</p>
      ) : null}
    </div>
  );
}
