/** The events of the selection: toolbar over the table. */
import { Button, Group } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconArrowsSort, IconLayoutSidebar, IconNotebook, IconQuote, IconStar, IconX } from '@tabler/icons-react';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { EventKey } from '../../../shared/brand.ts';
import { CoverageNote } from '../../components/coverage-note.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { countOf, formatCount } from '../../components/numbers.ts';
import { useTime } from '../../components/use-time.ts';
import { useApp } from '../../state/app.ts';
import { useEngine, usePlan } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';
import { tell, tellFailure } from '../../state/messages.ts';
import { toggleFacets } from '../../state/preferences.ts';
import { isEverything, useSelection } from '../../state/selection.ts';
import { escapeMarkdown } from '../notes/citation.ts';
import { startNote } from '../notes/cite.ts';
import { describeSelection } from '../notes/describe.ts';
import { useCite } from '../notes/use-cite.ts';
import { binsFor } from '../overview/queries.ts';
import { besideAsks, readBeside, useBesideChoices } from './beside.ts';
import { FacetRail, TimelineStrip } from './beside-parts.tsx';
import { ColumnChoice } from './column-choice.tsx';
import { ExportMenu } from './export-menu.tsx';
import { StarredFacet } from './starred-facet.tsx';
import { EventsTable } from './table.tsx';
import { useTableSettings } from './use-table-settings.ts';
import './events.css';

/** Rows that a range may select at once. */
const MAX_SELECTED = 5000;

export default function EventsView(): ReactNode {
  const caseId = useApp((s) => s.opened?.info.id);
  return <EventsOfCase key={caseId ?? ''} />;
}

function EventsOfCase(): ReactNode {
  const engine = useEngine();
  const selection = useSelection((s) => s.selection);
  const readOnly = useApp((s) => s.opened?.access === 'read');
  const [settings, change] = useTableSettings();
  const [total, setTotal] = useState<number | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<EventKey>>(new Set());
  const time = useTime();
  const cite = useCite();
  const facets = useApp((s) => s.preferences.facets);
  const { ref, width } = useElementSize();
  const choices = useBesideChoices(engine);
  const bins = binsFor(width);
  const asks = useMemo(() => (facets && width > 0 ? besideAsks(bins, choices.asked) : null), [facets, width, bins, choices.asked]);
  const { result, error } = usePlan('events/beside', selection, asks);
  const beside = useMemo(() => readBeside(result), [result]);
  // In an empty case there is nothing to narrow down.
  const narrows = facets && !(total === 0 && isEverything(selection));

  const star = useCallback(
    (keys: EventKey[], starred: boolean) => {
      const done = idle.begin();
      engine.store
        .setStars(keys, starred)
        .catch((thrown: unknown) => tellFailure('The star could not be kept.', thrown))
        .finally(done);
    },
    [engine],
  );

  if (!settings) return <div className="tc-ev" ref={ref} aria-busy="true" />;

  const selectRange = (a: number, b: number): void => {
    const from = Math.min(a, b);
    const limit = Math.min(Math.abs(a - b) + 1, MAX_SELECTED);
    const done = idle.begin();
    engine.query
      .refs(selection, settings.descending, from, limit)
      .then(({ keys }) => {
        setSelected(new Set(keys));
        if (Math.abs(a - b) + 1 > MAX_SELECTED) tell(`Only the first ${formatCount(MAX_SELECTED)} rows of the range were selected.`);
      })
      .catch((thrown: unknown) => tellFailure('The rows could not be selected.', thrown))
      .finally(done);
  };

  const noteFromSelection = (): void => {
    const lines = describeSelection(selection, time.zoned).map((line) => `- ${escapeMarkdown(line)}`);
    const size = total === null ? '' : ` (${countOf(total, 'event')})`;
    startNote([`# Selection${size}`, '', ...(lines.length > 0 ? lines : ['- All events of the case']), '', ''].join('\n'));
  };

  return (
    <div className="tc-ev" ref={ref}>
      <h1 className="tc-hidden">Events</h1>
      <div className="tc-ev-toolbar" role="toolbar" aria-label="Events">
        <span className="tc-ev-count" role="status">
          {total === null ? ' ' : countOf(total, 'event')}
        </span>
        {selected.size > 0 ? (
          <Group gap={6} role="group" aria-label="Chosen rows">
            <span>{formatCount(selected.size)} chosen</span>
            <Button
              size="compact-sm"
              variant="light"
              disabled={readOnly}
              leftSection={<IconStar size={14} />}
              onClick={() => star([...selected], true)}
            >
              Star
            </Button>
            <Button
              size="compact-sm"
              variant="light"
              disabled={readOnly}
              leftSection={<IconQuote size={14} />}
              onClick={() => void cite([...selected])}
            >
              Cite in note
            </Button>
            <Button
              size="compact-sm"
              variant="light"
              disabled={readOnly}
              leftSection={<IconNotebook size={14} />}
              onClick={() => startNote('# Chosen events\n\n', [...selected])}
            >
              New note
            </Button>
            <Button size="compact-sm" variant="subtle" leftSection={<IconX size={14} />} onClick={() => setSelected(new Set())}>
              Clear
            </Button>
          </Group>
        ) : (
          <>
            <Button
              size="compact-sm"
              variant={facets ? 'light' : 'default'}
              aria-pressed={facets}
              leftSection={<IconLayoutSidebar size={14} />}
              onClick={toggleFacets}
              title="Timeline and facets beside the rows (b)"
            >
              Facets
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconArrowsSort size={14} />}
              onClick={() => change({ ...settings, descending: !settings.descending })}
              title="Events in the same second keep one order, but it says nothing about which came first"
            >
              {settings.descending ? 'Newest first' : 'Oldest first'}
            </Button>
            <StarredFacet selection={selection} />
          </>
        )}
        <span style={{ flex: 1 }} />
        <span className="tc-ev-legend" aria-hidden="true">
          <span className="tc-ev-kind write">◆ write</span>
          <span className="tc-ev-kind read">○ read</span>
          <span className="tc-ev-outcome denied">⊘ denied</span>
          <span className="tc-ev-outcome error">✕ error</span>
        </span>
        {selected.size > 0 ? null : (
          <Button
            size="compact-sm"
            variant="default"
            disabled={readOnly}
            leftSection={<IconNotebook size={14} />}
            onClick={noteFromSelection}
            title="A new note that begins with this selection in words"
          >
            Note
          </Button>
        )}
        <ColumnChoice settings={settings} change={change} />
        <ExportMenu selection={selection} settings={settings} total={total} />
      </div>
      {facets && error ? (
        <div className="tc-ev-error" role="alert">
          The facets could not be computed: {error.message}
        </div>
      ) : null}
      {narrows ? <TimelineStrip answer={beside} width={width} /> : null}
      <div className="tc-ev-main">
        <div className="tc-ev-rows">
          <EventsTable
            selection={selection}
            settings={settings}
            change={change}
            selected={selected}
            select={setSelected}
            selectRange={selectRange}
            star={star}
            counted={setTotal}
            empty={<NoEvents everything={isEverything(selection)} />}
          />
        </div>
        {narrows ? <FacetRail answer={beside} choices={choices} /> : null}
      </div>
    </div>
  );
}

function NoEvents({ everything }: { everything: boolean }): ReactNode {
  const clear = useSelection((s) => s.clear);
  const back = useSelection((s) => s.back);
  if (everything) {
    return (
      <EmptyState title="No events in this case yet">
        Drop files or folders with CloudTrail records on the window. If you did, the evidence list says what became of each file.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No event matches the selection"
      actions={
        <Group>
          <Button variant="default" onClick={back}>
            Back to the selection before
          </Button>
          <Button onClick={clear}>Show all events</Button>
        </Group>
      }
    >
      The time range and the filters above leave nothing over.
      <CoverageNote />
    </EmptyState>
  );
}
