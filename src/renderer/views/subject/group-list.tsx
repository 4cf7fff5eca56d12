// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid cannot be a <table>; the roles say what the elements are
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names the active row (aria-activedescendant)
/** The list of principals or resources: sorted, searched, virtual, following the selection; a row opens the page of its value. */
import { Alert, Button, CloseButton, TextInput, Tooltip, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp, IconDots, IconSearch } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { EpochMs } from '../../../shared/brand.ts';
import { columnSpec, type ValueColumnId } from '../../../shared/columns.ts';
import type { GroupRow, GroupSort } from '../../../shared/plan.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { countOf, formatCount } from '../../components/numbers.ts';
import { type TimeWords, useTime } from '../../components/use-time.ts';
import { useValueMenu } from '../../components/value-menu.tsx';
import { valueWords } from '../../components/value-words.ts';
import { MiddleText } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { isEverything, useSelection } from '../../state/selection.ts';
import { shortTime } from './short-time.ts';
import { useGroups } from './use-groups.ts';
import '../overview/overview.css';
import './group-list.css';

export interface GroupListProps {
  by: ValueColumnId;
  /** Word for one and for several. */
  one: string;
  many: string;
  /** Columns whose distinct values are counted, with their heads. */
  distinct: readonly { column: ValueColumnId; label: string; help: string }[];
  /** What the list is, in a sentence or two. */
  children: ReactNode;
  /** Why the list may be empty though there are events. */
  none: string;
}

const ROW = 28;
const TYPING_MS = 180;
/** Taller elements are cut off by the browser. */
const MAX_ROWS = 1_000_000;

export function GroupList({ by, one, many, distinct, children, none }: GroupListProps): ReactNode {
  const selection = useSelection((s) => s.selection);
  const clear = useSelection((s) => s.clear);
  const navigate = useApp((s) => s.navigate);
  const time = useTime();
  const { open: openMenu, menu } = useValueMenu();
  const [sort, setSort] = useState<{ by: GroupSort; descending: boolean }>({ by: 'count', descending: true });
  const [typed, setTyped] = useState('');
  const [find] = useDebouncedValue(typed, TYPING_MS);
  const [active, setActive] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ first: 0, last: 40 });
  const question = { by, sort: sort.by, descending: sort.descending, distinct: distinct.map((d) => d.column), find };
  const groups = useGroups(`${by}-list`, selection, question, seen.first, seen.last);
  const total = Math.min(groups.total ?? 0, MAX_ROWS);
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 40;
  useEffect(() => setSeen({ first, last }), [first, last]);
  const place = `${find} ${sort.by} ${sort.descending}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another order or search begins at the top
  useEffect(() => {
    setActive(0);
    scroller.current?.scrollTo({ top: 0 });
  }, [place]);

  const open = (value: string | null): void => navigate({ view: 'subject', column: by, value });
  const goTo = (index: number): void => {
    const next = Math.max(0, Math.min(total - 1, index));
    setActive(next);
    virtual.scrollToIndex(next);
  };
  const onKeyDown = (e: KeyboardEvent): void => {
    if (e.target !== scroller.current || e.altKey || e.ctrlKey || e.metaKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / ROW) - 2);
    const row = groups.row(active);
    if (e.key === 'ArrowDown') goTo(active + 1);
    else if (e.key === 'ArrowUp') goTo(active - 1);
    else if (e.key === 'PageDown') goTo(active + page);
    else if (e.key === 'PageUp') goTo(active - page);
    else if (e.key === 'Home') goTo(0);
    else if (e.key === 'End') goTo(total - 1);
    else if (e.key === 'Enter' && row) open(row.value);
    else if (e.key === 'f' && row) useSelection.getState().toggleValue(by, row.value);
    else if (e.key === 'x' && row) useSelection.getState().toggleValue(by, row.value, true);
    else if ((e.key === 'ContextMenu' || (e.key === 'F10' && e.shiftKey)) && row) {
      openMenu(document.getElementById(`tc-gl-${active}`) ?? e.currentTarget, { column: by, values: [row.value] });
    } else return;
    e.preventDefault();
    e.stopPropagation();
  };

  const numbers: { id: GroupSort | string; label: string; help: string; sortable: boolean }[] = [
    { id: 'count', label: 'Events', help: 'Events in the selection', sortable: true },
    { id: 'errors', label: 'Errors', help: 'Events with an error code', sortable: true },
    { id: 'denied', label: 'Denied', help: 'Authorization failures', sortable: false },
    { id: 'writes', label: 'Writes', help: 'Events with readOnly false', sortable: false },
    ...distinct.map((d) => ({ id: d.column, label: d.label, help: d.help, sortable: false })),
  ];
  const template = `minmax(280px, 1fr) 76px ${numbers
    .slice(1)
    .map(() => '70px')
    .join(' ')} 130px 130px 30px`;
  const onSort = (id: GroupSort): void =>
    setSort((s) => (s.by === id ? { by: id, descending: !s.descending } : { by: id, descending: id !== 'value' && id !== 'first' }));
  const empty = groups.total === 0;

  return (
    <div className="tc-gl">
      <div className="tc-gl-bar">
        <h1 className="tc-gl-title" role="status">
          {groups.total === null ? many : `${countOf(groups.total - (groups.absent ? 1 : 0), one, many)}${find.trim() ? ' found' : ''}`}
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
          actions={isEverything(selection) ? null : <Button onClick={clear}>Reset the selection</Button>}
        >
          {find.trim()
            ? 'Search is by any part of the value, in the selection above.'
            : groups.count?.total === 0
              ? 'The case holds no events yet: drop CloudTrail files on the window.'
              : none}
        </EmptyState>
      ) : (
        <div
          ref={scroller}
          className="tc-gl-scroller"
          role="grid"
          tabIndex={0}
          aria-label={many}
          aria-rowcount={total + 1}
          aria-busy={groups.stale || groups.total === null}
          aria-activedescendant={total > 0 ? `tc-gl-${active}` : undefined}
          onKeyDown={onKeyDown}
        >
          <div className="tc-gl-row head" role="row" style={{ gridTemplateColumns: template }}>
            <Head id="value" label={columnSpec(by).label} help={columnSpec(by).help} sort={sort} onSort={onSort} />
            {numbers.map((n) =>
              n.sortable ? (
                <Head key={n.id} id={n.id as GroupSort} label={n.label} help={n.help} number sort={sort} onSort={onSort} />
              ) : (
                <span key={n.id} role="columnheader" className="num" title={n.help}>
                  {n.label}
                </span>
              ),
            )}
            <Head id="first" label={`First (${time.zone})`} help="Its first event in the selection" sort={sort} onSort={onSort} />
            <Head id="last" label={`Last (${time.zone})`} help="Its last event in the selection" sort={sort} onSort={onSort} />
            <span role="columnheader" aria-label="More" />
          </div>
          <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
            {items.map((item) => {
              const row = groups.row(item.index);
              return (
                <Row
                  key={item.index}
                  index={item.index}
                  top={item.start}
                  template={template}
                  row={row}
                  by={by}
                  active={item.index === active}
                  first={row ? row.first : null}
                  last={row ? row.last : null}
                  time={time}
                  open={() => {
                    setActive(item.index);
                    if (row) open(row.value);
                  }}
                  menu={(at) => {
                    setActive(item.index);
                    if (row) openMenu(at, { column: by, values: [row.value] });
                  }}
                />
              );
            })}
          </div>
        </div>
      )}
      {menu}
    </div>
  );
}

interface HeadProps {
  id: GroupSort;
  label: string;
  help: string;
  number?: boolean;
  sort: { by: GroupSort; descending: boolean };
  onSort: (id: GroupSort) => void;
}

function Head({ id, label, help, number = false, sort, onSort }: HeadProps): ReactNode {
  const on = sort.by === id;
  return (
    <span
      role="columnheader"
      className={number ? 'num' : undefined}
      aria-sort={on ? (sort.descending ? 'descending' : 'ascending') : 'none'}
    >
      <Tooltip label={help} multiline maw={320}>
        <UnstyledButton className="tc-gl-sort" onClick={() => onSort(id)} aria-label={`Sort by ${label}`}>
          {label}
          {on ? sort.descending ? <IconArrowDown size={12} /> : <IconArrowUp size={12} /> : null}
        </UnstyledButton>
      </Tooltip>
    </span>
  );
}

interface RowProps {
  index: number;
  top: number;
  template: string;
  row: GroupRow | undefined;
  by: ValueColumnId;
  active: boolean;
  first: EpochMs | null;
  last: EpochMs | null;
  time: TimeWords;
  open: () => void;
  menu: (at: { x: number; y: number } | Element) => void;
}

function Row({ index, top, template, row, by, active, first, last, time, open, menu }: RowProps): ReactNode {
  const style = {
    gridTemplateColumns: template,
    transform: `translateY(${top}px)`,
    position: 'absolute',
    left: 0,
    right: 0,
    top: 0,
  } as const;
  if (!row) return <div role="row" aria-busy="true" className="tc-gl-row" style={style} id={`tc-gl-${index}`} />;
  const words = valueWords(by, row.value);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it takes the keys, Enter among them
    <div
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      className={`tc-gl-row${active ? ' active' : ''}${index % 2 === 1 ? ' odd' : ''}`}
      style={style}
      id={`tc-gl-${index}`}
      onClick={() => {
        if (document.getSelection()?.isCollapsed !== false) open();
      }}
      onContextMenu={(e) => {
        e.preventDefault();
        menu({ x: e.clientX, y: e.clientY });
      }}
    >
      <span role="gridcell" className="tc-gl-value">
        {row.value === null || words !== row.value ? (
          <span className={row.value === null ? 'tc-absent' : undefined}>{words}</span>
        ) : (
          <MiddleText text={row.value} />
        )}
      </span>
      <NumberCell n={row.count} />
      <NumberCell n={row.errors} tone="error" mark="✕" />
      <NumberCell n={row.denied} tone="denied" mark="⊘" />
      <NumberCell n={row.writes} tone="write" mark="◆" />
      {row.distinct.map((n, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the counts have no identity but their column
        <NumberCell key={i} n={n} />
      ))}
      <span role="gridcell" title={time.zoned(first)}>
        {shortTime(time.time(first))}
      </span>
      <span role="gridcell" title={time.zoned(last)}>
        {shortTime(time.time(last))}
      </span>
      <span role="gridcell">
        <UnstyledButton
          className="tc-gl-more"
          aria-label={`More for ${words}`}
          aria-haspopup="menu"
          tabIndex={-1}
          onClick={(e) => {
            e.stopPropagation();
            menu(e.currentTarget);
          }}
        >
          <IconDots size={13} />
        </UnstyledButton>
      </span>
    </div>
  );
}

function NumberCell({ n, tone, mark }: { n: number; tone?: 'error' | 'denied' | 'write'; mark?: string }): ReactNode {
  return (
    <span role="gridcell" className={`num${n === 0 ? ' zero' : tone ? ` ${tone}` : ''}`}>
      {n > 0 && mark ? <span aria-hidden="true">{mark} </span> : null}
      {formatCount(n)}
    </span>
  );
}
