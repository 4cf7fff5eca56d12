// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid cannot be a <table>; the roles say what the elements are
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names the active row (aria-activedescendant)
/** Long lists of rows with columns, of which only those on screen exist: RowGrid for rows with a page, ChoiceGrid for rows with details beside. */
import { Tooltip, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { formatCount } from './numbers.ts';
import './row-grid.css';

const ROW = 28;
const DOUBLE_CLICK_MS = 500;
/** Taller elements are cut off by the browser. */
const MAX_ROWS = 1_000_000;

interface FrameProps {
  label: string;
  total: number;
  busy?: boolean;
  /** grid-template-columns of head and rows, and what they need at least. */
  template: string;
  minWidth?: number;
  head: ReactNode;
  /** Cells of a row; undefined while it is not loaded. */
  cells(index: number): ReactNode | undefined;
}

interface Frame extends FrameProps {
  /** The row that the keyboard is on; -1 for none. */
  active: number;
  /** The row that is open beside the list; undefined where rows open elsewhere. */
  open?: number | null;
  press(event: KeyboardEvent, page: number): boolean;
  click(index: number): void;
  menu?(index: number, at: { x: number; y: number }): void;
  scroller: RefObject<HTMLDivElement | null>;
  virtual: Virtualizer<HTMLDivElement, Element>;
  id: string;
}

/** The second press of a double click falls on the page that the first one opened, where it would select all text. */
function ignoreSecondPress(): void {
  const ignore = (event: MouseEvent): void => {
    if (event.detail > 1) event.preventDefault();
  };
  window.addEventListener('mousedown', ignore, { capture: true });
  setTimeout(() => window.removeEventListener('mousedown', ignore, { capture: true }), DOUBLE_CLICK_MS);
}

const rowId = (id: string, index: number): string => `${id}-${index}`;

function useRows(total: number): Pick<Frame, 'scroller' | 'virtual' | 'id'> {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: total, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 12 });
  return { id, scroller, virtual };
}

/** Where a key leads from a row; undefined for another key. */
function targetOf(key: string, at: number, page: number, total: number): number | undefined {
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: total - 1 }[key];
  return to === undefined || total === 0 ? undefined : Math.max(0, Math.min(total - 1, to));
}

function GridFrame(props: Frame): ReactNode {
  const { label, total, busy, template, minWidth, head, cells, active, open, press, click, menu, scroller, virtual, id } = props;
  const columns = { gridTemplateColumns: template, minWidth };
  const onKeyDown = (e: KeyboardEvent): void => {
    if (e.target !== scroller.current || e.altKey || e.ctrlKey || e.metaKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / ROW) - 2);
    if (!press(e, page)) return;
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
      aria-activedescendant={active >= 0 && active < total ? rowId(id, active) : undefined}
      onKeyDown={onKeyDown}
    >
      <div className="tc-gl-row head" role="row" style={columns}>
        {head}
      </div>
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const content = cells(index);
          const state = `${open === index ? ' open' : index === active ? ' active' : ''}${index % 2 === 1 ? ' odd' : ''}`;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it takes the keys
            <div
              key={index}
              id={rowId(id, index)}
              role="row"
              tabIndex={-1}
              aria-rowindex={index + 2}
              aria-selected={open === undefined ? undefined : open === index}
              aria-busy={content === undefined || undefined}
              className={`tc-gl-row${state}`}
              style={{ ...columns, transform: `translateY(${start}px)`, position: 'absolute', left: 0, right: 0, top: 0 }}
              onClick={() => {
                if (content === undefined || document.getSelection()?.isCollapsed === false) return;
                ignoreSecondPress();
                click(index);
              }}
              onContextMenu={(e) => {
                if (content === undefined || !menu) return;
                e.preventDefault();
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

export interface RowGridProps extends FrameProps {
  open(index: number): void;
  menu(index: number, at: { x: number; y: number } | Element): void;
  /** Further keys on the active row; true when the key was taken. */
  press?(index: number, key: string): boolean;
  /** Rows on screen, told when they change. */
  onSeen(first: number, last: number): void;
  /** Another value begins at the top again. */
  place: string;
}

/** Rows that open a page of their own: arrows move, Enter opens, the menu key opens a row's menu. */
export function RowGrid({ open, menu, press, onSeen, place, ...frame }: RowGridProps): ReactNode {
  const total = Math.min(frame.total, MAX_ROWS);
  const [active, setActive] = useState(0);
  const rows = useRows(total);
  const { scroller, virtual } = rows;
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

  const onPress = (e: KeyboardEvent, page: number): boolean => {
    const to = targetOf(e.key, active, page, total);
    if (to !== undefined) {
      setActive(to);
      virtual.scrollToIndex(to);
      return true;
    }
    if (total === 0 || frame.cells(active) === undefined) return false;
    if (e.key === 'Enter') open(active);
    else if (e.key === 'ContextMenu' || (e.key === 'F10' && e.shiftKey))
      menu(active, document.getElementById(rowId(rows.id, active)) ?? e.currentTarget);
    else return press?.(active, e.key) ?? false;
    return true;
  };
  const at = <A extends unknown[]>(then: (index: number, ...more: A) => void) => {
    return (index: number, ...more: A): void => {
      setActive(index);
      then(index, ...more);
    };
  };
  return <GridFrame {...frame} {...rows} total={total} active={active} press={onPress} click={at(open)} menu={at(menu)} />;
}

export interface ChoiceGridProps extends FrameProps {
  /** The row whose details stand beside the list. */
  open: number | null;
  onOpen(index: number | null): void;
}

/** Rows with details beside the list: arrows choose, Escape closes, a row opened from elsewhere is brought into sight. */
export function ChoiceGrid({ open, onOpen, ...frame }: ChoiceGridProps): ReactNode {
  const rows = useRows(frame.total);
  const { virtual } = rows;
  useEffect(() => {
    if (open !== null) virtual.scrollToIndex(open, { align: 'auto' });
  }, [open, virtual]);
  const onPress = (e: KeyboardEvent, page: number): boolean => {
    if (e.key === 'Escape') {
      if (open !== null) onOpen(null);
      return open !== null;
    }
    const to = targetOf(e.key, open ?? -1, page, frame.total);
    if (to !== undefined) onOpen(to);
    return to !== undefined;
  };
  return (
    <GridFrame
      {...frame}
      {...rows}
      active={open ?? -1}
      open={open}
      press={onPress}
      click={(index) => onOpen(index === open ? null : index)}
    />
  );
}

export interface SortHeadProps<S extends string> {
  id: S;
  label: string;
  help?: string;
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
      <Tooltip label={help} disabled={help === undefined} multiline maw={320}>
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
