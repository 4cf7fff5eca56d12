// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid cannot be a <table>; the roles say what the elements are
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names the active row (aria-activedescendant)
/** A long list of rows with columns: only the rows on screen exist; arrows move, Enter opens, the menu key opens a row's menu. */
import { Tooltip, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { formatCount } from './numbers.ts';
import './row-grid.css';

const ROW = 28;
/** Taller elements are cut off by the browser. */
const MAX_ROWS = 1_000_000;

export interface RowGridProps {
  label: string;
  total: number;
  busy: boolean;
  /** grid-template-columns of head and rows. */
  template: string;
  head: ReactNode;
  /** Cells of a row; undefined while it is not loaded. */
  cells(index: number): ReactNode | undefined;
  open(index: number): void;
  menu(index: number, at: { x: number; y: number } | Element): void;
  /** Further keys on the active row; true when the key was taken. */
  press?(index: number, key: string): boolean;
  /** Rows on screen, told when they change. */
  onSeen(first: number, last: number): void;
  /** Another value begins at the top again. */
  place: string;
}

export function RowGrid(props: RowGridProps): ReactNode {
  const { label, busy, template, head, cells, open, menu, press, onSeen, place } = props;
  const total = Math.min(props.total, MAX_ROWS);
  const id = useId();
  const [active, setActive] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 40;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is seen is told once for each change of it
  useEffect(() => onSeen(first, last), [first, last]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another order or search begins at the top
  useEffect(() => {
    setActive(0);
    scroller.current?.scrollTo({ top: 0 });
  }, [place]);

  const goTo = (index: number): void => {
    const next = Math.max(0, Math.min(total - 1, index));
    setActive(next);
    virtual.scrollToIndex(next);
  };
  const onKeyDown = (e: KeyboardEvent): void => {
    if (e.target !== scroller.current || e.altKey || e.ctrlKey || e.metaKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / ROW) - 2);
    const loaded = total > 0 && cells(active) !== undefined;
    if (e.key === 'ArrowDown') goTo(active + 1);
    else if (e.key === 'ArrowUp') goTo(active - 1);
    else if (e.key === 'PageDown') goTo(active + page);
    else if (e.key === 'PageUp') goTo(active - page);
    else if (e.key === 'Home') goTo(0);
    else if (e.key === 'End') goTo(total - 1);
    else if (e.key === 'Enter' && loaded) open(active);
    else if ((e.key === 'ContextMenu' || (e.key === 'F10' && e.shiftKey)) && loaded)
      menu(active, document.getElementById(`${id}-${active}`) ?? e.currentTarget);
    else if (!loaded || !press?.(active, e.key)) return;
    e.preventDefault();
    e.stopPropagation();
  };

  return (
    <div
      ref={scroller}
      className="tc-gl-scroller"
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={total + 1}
      aria-busy={busy}
      aria-activedescendant={total > 0 ? `${id}-${active}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div className="tc-gl-row head" role="row" style={{ gridTemplateColumns: template }}>
        {head}
      </div>
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start }) => {
          const content = cells(index);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it takes the keys, Enter among them
            <div
              key={index}
              id={`${id}-${index}`}
              role="row"
              tabIndex={-1}
              aria-rowindex={index + 2}
              aria-busy={content === undefined || undefined}
              className={`tc-gl-row${index === active ? ' active' : ''}${index % 2 === 1 ? ' odd' : ''}`}
              style={{
                gridTemplateColumns: template,
                transform: `translateY(${start}px)`,
                position: 'absolute',
                left: 0,
                right: 0,
                top: 0,
              }}
              onClick={() => {
                if (content === undefined || document.getSelection()?.isCollapsed === false) return;
                setActive(index);
                open(index);
              }}
              onContextMenu={(e) => {
                if (content === undefined) return;
                e.preventDefault();
                setActive(index);
                menu(index, { x: e.clientX, y: e.clientY });
              }}
            >
              {content}
            </div>
          );
        })}
      </div>
    </div>
  );
}

export interface SortHeadProps<S extends string> {
  id: S;
  label: string;
  help: string;
  number?: boolean;
  sort: { by: S; descending: boolean };
  onSort: (id: S) => void;
}

export function SortHead<S extends string>({ id, label, help, number = false, sort, onSort }: SortHeadProps<S>): ReactNode {
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

export function NumberCell({ n, tone, mark }: { n: number; tone?: 'error' | 'denied' | 'write'; mark?: string }): ReactNode {
  return (
    <span role="gridcell" className={`num${n === 0 ? ' zero' : tone ? ` ${tone}` : ''}`}>
      {n > 0 && mark ? <span aria-hidden="true">{mark} </span> : null}
      {formatCount(n)}
    </span>
  );
}
