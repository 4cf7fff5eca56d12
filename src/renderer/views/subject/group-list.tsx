// biome-ignore-all lint/a11y/useSemanticElements: cells of a virtual grid, which cannot be a <table>
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus
/** The list of principals, resources and other values: sorted, searched, following the selection; a row opens the page of its value. */
import { Alert, Button, CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type ReactNode, useCallback, useState } from 'react';
import { parseAgent } from '../../../shared/agents.ts';
import { columnSpec, type ValueColumnId } from '../../../shared/columns.ts';
import type { GroupRow, GroupSort } from '../../../shared/plan.ts';
import { CoverageNote } from '../../components/coverage-note.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { DENIED_HELP, FAILED_HELP } from '../../components/failures.tsx';
import { countOf } from '../../components/numbers.ts';
import { NumberCell, RowGrid, SortHead } from '../../components/row-grid.tsx';
import { type TimeWords, useTime } from '../../components/use-time.ts';
import { openEventsOf } from '../../components/value-menu.tsx';
import { valueWords } from '../../components/value-words.ts';
import { MiddleText } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { usePlace } from '../../state/place.ts';
import { isEverything, useSelection } from '../../state/selection.ts';
import { useSettled } from '../../state/use-settled.ts';
import { shortTime } from './short-time.ts';
import { useGroups } from './use-groups.ts';
import '../overview/overview.css';

export interface GroupListProps {
  by: ValueColumnId;
  /** Word for one and for several. */
  one: string;
  many: string;
  /** Columns whose distinct values are counted, with their heads; `mark` stands before a number that is worth a look. */
  distinct: readonly { column: ValueColumnId; label: string; help: string; mark?: string }[];
  /** What the list is, in a sentence or two. */
  children: ReactNode;
  /** Why the list may be empty though there are events. */
  none: string;
  /** Beside the search. */
  tools?: ReactNode;
  /** Before it is known how many there are, where the plural does not say it. */
  title?: string;
}

const TYPING_MS = 180;
/** Pixels that a value has at least, that a time with its minutes needs, and the button behind them. */
const VALUE_WIDTH = 220;
const TIME_WIDTH = 128;
const MENU_WIDTH = 30;

export function GroupList({ by, one, many, distinct, children, none, tools, title }: GroupListProps): ReactNode {
  const selection = useSelection((s) => s.selection);
  const clear = useSelection((s) => s.clear);
  const navigate = useApp((s) => s.navigate);
  const time = useTime();
  const [sort, setSort] = usePlace<{ by: GroupSort; descending: boolean }>(`${by} sort`, { by: 'count', descending: true });
  const [typed, setTyped] = usePlace(`${by} find`, '');
  const find = useSettled(typed, TYPING_MS);
  const [seen, setSeen] = useState({ first: 0, last: 40 });
  const onSeen = useCallback((first: number, last: number) => setSeen({ first, last }), []);
  const question = { by, sort: sort.by, descending: sort.descending, distinct: distinct.map((d) => d.column), find };
  const groups = useGroups(`${by}-list`, selection, question, seen.first, seen.last);
  const total = groups.total ?? 0;
  const open = (value: string | null): void => navigate({ view: 'subject', column: by, value });
  const valueAt = (index: number): string | null => groups.row(index)?.value ?? null;

  const numbers: { id: GroupSort; label: string; help: string }[] = [
    { id: 'count', label: 'Events', help: 'Events in the selection' },
    { id: 'failed', label: 'Failed', help: FAILED_HELP },
    { id: 'denied', label: 'of which denied', help: DENIED_HELP },
    { id: 'writes', label: 'Writes', help: 'Events with readOnly false' },
    ...distinct.map((d): { id: GroupSort; label: string; help: string } => ({ id: `distinct:${d.column}`, label: d.label, help: d.help })),
  ];
  // The arrow of the order stands beside the label.
  const room = (n: (typeof numbers)[number]): number => (n.id === sort.by ? 28 : 14) + 7 * n.label.length;
  const widths = numbers.map((n) => (n.id === 'count' ? 76 : n.id === 'failed' ? 66 : Math.max(54, room(n))));
  const template = `minmax(${VALUE_WIDTH}px, 1fr) ${widths.map((px) => `${px}px`).join(' ')} ${TIME_WIDTH}px ${TIME_WIDTH}px`;
  const minWidth = VALUE_WIDTH + widths.reduce((sum, px) => sum + px, 0) + 2 * TIME_WIDTH + MENU_WIDTH;
  const onSort = (id: GroupSort): void =>
    setSort((s) => (s.by === id ? { by: id, descending: !s.descending } : { by: id, descending: id !== 'value' && id !== 'first' }));
  const values = groups.total === null ? null : groups.total - (groups.absent ? 1 : 0);
  // Events without a value are a row beside the values; alone they are no list.
  const empty = values === 0;

  return (
    <div className="tc-gl">
      <div className="tc-gl-bar">
        <h1 className="tc-gl-title">
          <span role="status">{values === null ? (title ?? many) : `${countOf(values, one, many)}${find.trim() ? ' found' : ''}`}</span>
        </h1>
        <TextInput
          className="tc-gl-find"
          aria-label={`Find ${many}`}
          placeholder={`Find ${many}…`}
          maxLength={500}
          value={typed}
          onChange={(e) => setTyped(e.currentTarget.value)}
          leftSection={<IconSearch size={13} />}
          rightSection={typed ? <CloseButton size="xs" aria-label="Clear" onClick={() => setTyped('')} /> : null}
        />
        {tools}
        <div className="tc-gl-help">{children}</div>
      </div>
      {groups.error ? (
        <Alert color="red" title={`The ${many} could not be computed.`} m="xs">
          {groups.error.message}
        </Alert>
      ) : null}
      {empty ? (
        <EmptyState
          title={find.trim() ? `No ${one} contains this text` : `No ${one} in this selection`}
          actions={
            <>
              {groups.absent ? (
                <Button variant="default" onClick={() => openEventsOf(by, null)}>
                  The events without one
                </Button>
              ) : null}
              {isEverything(selection) ? null : <Button onClick={clear}>Reset the selection</Button>}
            </>
          }
        >
          {find.trim()
            ? 'Search is by any part of the value, in the selection above.'
            : groups.count?.total === 0
              ? 'The case holds no events yet: drop CloudTrail files on the window.'
              : none}
          {find.trim() ? null : <CoverageNote />}
        </EmptyState>
      ) : (
        <RowGrid
          label={many}
          total={total}
          busy={groups.stale || groups.total === null}
          template={template}
          minWidth={minWidth}
          place={`${find} ${sort.by} ${sort.descending}`}
          onSeen={onSeen}
          open={(index) => open(valueAt(index))}
          targets={(index) => [{ column: by, values: [valueAt(index)], cell: 0 }]}
          head={
            <>
              <SortHead id="value" label={columnSpec(by).label} help={columnSpec(by).help} sort={sort} onSort={onSort} />
              {numbers.map((n) => (
                <SortHead key={n.id} id={n.id} label={n.label} help={n.help} number sort={sort} onSort={onSort} />
              ))}
              <SortHead id="first" label={`First (${time.zone})`} help="Its first event in the selection" sort={sort} onSort={onSort} />
              <SortHead id="last" label={`Last (${time.zone})`} help="Its last event in the selection" sort={sort} onSort={onSort} />
            </>
          }
          cells={(index) => {
            const row = groups.row(index);
            return row ? <Cells row={row} by={by} time={time} distinct={distinct} /> : undefined;
          }}
        />
      )}
    </div>
  );
}

/** What is odd about a user agent, beside it. */
function Marks({ agent }: { agent: string }): ReactNode {
  const { marks } = parseAgent(agent);
  if (marks.length === 0) return null;
  return (
    <span className="tc-gl-odd" title={marks.map((m) => `${m.mark}: ${m.why}`).join('\n')}>
      ▲ {marks.map((m) => m.mark).join(', ')}
    </span>
  );
}

interface CellsProps {
  row: GroupRow;
  by: ValueColumnId;
  time: TimeWords;
  distinct: GroupListProps['distinct'];
}

function Cells({ row, by, time, distinct }: CellsProps): ReactNode {
  const words = valueWords(by, row.value);
  return (
    <>
      <span role="gridcell" className="tc-gl-value">
        {row.value === null || words !== row.value ? (
          <span className={row.value === null ? 'tc-absent' : undefined}>{words}</span>
        ) : (
          <MiddleText text={row.value} />
        )}
        {by === 'userAgent' && row.value !== null ? <Marks agent={row.value} /> : null}
      </span>
      <NumberCell n={row.count} />
      <NumberCell n={row.failed} tone="error" />
      <NumberCell n={row.denied} tone="denied" mark="⊘" />
      <NumberCell n={row.writes} tone="write" mark="◆" />
      {row.distinct.map((n, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the counts have no identity but their column
        <NumberCell key={i} n={n} mark={distinct[i]?.mark} />
      ))}
      <span role="gridcell" title={time.zoned(row.first)}>
        {shortTime(time.time(row.first))}
      </span>
      <span role="gridcell" title={time.zoned(row.last)}>
        {shortTime(time.time(row.last))}
      </span>
    </>
  );
}
