// biome-ignore-all lint/a11y/useSemanticElements: cells of a virtual grid, which cannot be a <table>
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus
/** EventIDs that several events share which say something else: the list, and the records of the chosen one side by side. */
import { Alert, Button, CloseButton } from '@mantine/core';
import { IconEqual } from '@tabler/icons-react';
import { type ReactNode, useCallback, useState } from 'react';
import { columnSpec } from '../../../shared/columns.ts';
import { copyWords } from '../../../shared/copy-diff.ts';
import type { Conflict, ConflictEvent } from '../../../shared/engine.ts';
import { EMPTY_SELECTION } from '../../../shared/plan.ts';
import { Comparison } from '../../components/details/comparison.tsx';
import '../../components/details/details.css';
import { EmptyState } from '../../components/empty-state.tsx';
import { EventVerdictBadge } from '../../components/event-verdict.tsx';
import { countOf, formatCount } from '../../components/numbers.ts';
import { RowGrid } from '../../components/row-grid.tsx';
import { type TimeWords, useTime } from '../../components/use-time.ts';
import { MiddleText, VisibleText } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { useSelection } from '../../state/selection.ts';
import { useConflict, useConflicts } from './use-conflicts.ts';

const TEMPLATE = 'minmax(230px, 1fr) 60px minmax(140px, 0.8fr) 160px minmax(140px, 0.8fr) minmax(180px, 1.2fr)';

/** `eventID`: the one to open at first. */
export function Contradictions({ eventID }: { eventID?: string }): ReactNode {
  const time = useTime();
  const [seen, setSeen] = useState({ first: 0, last: 40 });
  const onSeen = useCallback((first: number, last: number) => setSeen({ first, last }), []);
  const [chosen, setChosen] = useState<string | null>(eventID ?? null);
  const { value, loading, error } = useConflicts(seen.first, seen.last);
  const conflict = useConflict(chosen);
  const copies = useApp((s) => s.queryStatus?.copies);
  if (error) {
    return (
      <Alert color="red" title="The contradictions could not be found.">
        {error.message}
      </Alert>
    );
  }
  if (!value) return <div className="tc-ledger-page" aria-busy="true" />;
  const { ids: total, events } = value;
  const rowAt = (index: number): Conflict | undefined => value.rows[index - value.offset];
  if (total === 0) {
    return (
      <EmptyState
        icon={<IconEqual size={40} stroke={1.3} />}
        title={copies?.state === 'checked' ? 'No contradictions' : 'No contradictions so far'}
      >
        {copyWords(copies, 0)} Copies of one event that only differ in fields that one of them lacks are no contradiction; the details of an
        event show them under Sources.
      </EmptyState>
    );
  }
  return (
    <>
      <p className="tc-sub-lead tc-conflict-lead" role="status">
        {countOf(total, 'event ID')} {total === 1 ? 'is' : 'are'} shared by events that contradict each other, {formatCount(events)} in all.
        An event ID names one event: either a record was changed, or a tool wrote IDs of its own. They are counted as events of their own.{' '}
        {copyWords(copies, total)}
      </p>
      <div className="tc-ledger-body">
        <RowGrid
          label="Contradictions"
          total={total}
          busy={loading}
          template={TEMPLATE}
          place=""
          onSeen={onSeen}
          open={(index) => setChosen(rowAt(index)?.eventID ?? null)}
          targets={(index) => [{ column: 'eventID', values: [rowAt(index)?.eventID ?? null], cell: 0 }]}
          head={
            <>
              <span role="columnheader">Event ID</span>
              <span role="columnheader" className="num">
                Events
              </span>
              <span role="columnheader">What differs</span>
              <span role="columnheader">First ({time.zone})</span>
              <span role="columnheader">Event name</span>
              <span role="columnheader">Files</span>
            </>
          }
          cells={(index) => {
            const row = rowAt(index);
            return row ? <Cells row={row} time={time} /> : undefined;
          }}
        />
        {conflict ? <Chosen key={conflict.eventID} conflict={conflict} onClose={() => setChosen(null)} /> : null}
      </div>
    </>
  );
}

const distinct = (values: (string | null)[]): string => [...new Set(values.map((v) => v ?? '(absent)'))].join(', ');
const baseName = (path: string | null): string | null => path?.split(/[\\/]/).at(-1) ?? path;
const differsWords = ({ differs }: Conflict): string =>
  differs.length === 0 ? 'see the records' : differs.map((column) => columnSpec(column).label).join(', ');

function Cells({ row, time }: { row: Conflict; time: TimeWords }): ReactNode {
  const { events } = row;
  return (
    <>
      <span role="gridcell" className="tc-gl-value">
        <MiddleText text={row.eventID} />
      </span>
      <span role="gridcell" className="num">
        {formatCount(row.total)}
      </span>
      <span role="gridcell">
        <MiddleText text={differsWords(row)} />
      </span>
      <span role="gridcell" title={time.zoned(firstTime(events))}>
        {time.time(firstTime(events))}
      </span>
      <span role="gridcell">
        <MiddleText text={distinct(events.map((e) => e.eventName))} />
      </span>
      <span role="gridcell">
        <MiddleText text={distinct(events.map((e) => baseName(e.file)))} />
      </span>
    </>
  );
}

function firstTime(events: readonly ConflictEvent[]): ConflictEvent['time'] {
  return events.reduce<ConflictEvent['time']>(
    (first, { time }) => (time !== null && (first === null || time < first) ? time : first),
    null,
  );
}

function Chosen({ conflict, onClose }: { conflict: Conflict; onClose: () => void }): ReactNode {
  const time = useTime();
  const navigate = useApp((s) => s.navigate);
  const openEvent = useApp((s) => s.openEvent);
  const { eventID, events, total } = conflict;
  const showEvents = (): void => {
    useSelection.getState().replace({ ...EMPTY_SELECTION, filters: [{ op: 'eventID', ids: [eventID] }] });
    navigate({ view: 'events' });
  };
  return (
    <aside className="tc-ledger-details tc-conflict-details" aria-label="Contradiction">
      <div className="tc-ledger-details-head">
        <h2 className="tc-ledger-path">
          <VisibleText text={eventID} limit={500} />
        </h2>
        <CloseButton size="sm" ml="auto" aria-label="Close the contradiction" onClick={onClose} />
      </div>
      <p>
        {countOf(total, 'event')} with this ID. What differs: {differsWords(conflict)}.{' '}
        <Button size="compact-xs" variant="default" onClick={showEvents}>
          Show them among the events
        </Button>
      </p>
      <ol className="tc-conflict-events">
        {events.map((event, i) => (
          <li key={event.key}>
            <button type="button" className="tc-detail-text" onClick={() => openEvent(event.key)} title="Open this event">
              Event {i + 1}: <VisibleText text={event.eventName ?? 'without a name'} limit={120} />, {time.zoned(event.time)}
            </button>
            <div className="tc-detail-file">
              <button
                type="button"
                className="tc-detail-text"
                title="Open this file in the evidence list"
                onClick={() => (event.file === null ? undefined : navigate({ view: 'evidence', file: event.file }))}
              >
                <VisibleText text={event.file ?? 'file not known'} limit={500} />
              </button>
              <span>
                {event.integrity === null ? null : <EventVerdictBadge value={event.integrity} />}
                {event.copies > 1 ? ` · ${countOf(event.copies, 'copy', 'copies')}` : ''}
              </span>
            </div>
          </li>
        ))}
      </ol>
      {total > events.length ? <p className="tc-soft">The first {formatCount(events.length)} are listed.</p> : null}
      <Comparison title="Field by field" sources={events.map(({ key }, i) => ({ label: `Event ${i + 1}`, key }))} />
    </aside>
  );
}
