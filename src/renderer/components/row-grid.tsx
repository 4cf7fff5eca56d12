// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid cannot be a <table>; the roles say what the elements are
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names the active row (aria-activedescendant)
/** Long lists of rows with columns, of which only those on screen exist: RowGrid for rows with a page, ChoiceGrid for rows with details beside. */
import { Tooltip, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconDots } from '@tabler/icons-react';
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { usePlaceNote } from '../state/place.ts';
import { useSelection } from '../state/selection.ts';
import { copyText } from './copy.ts';
import { formatCount } from './numbers.ts';
import { openEventsOf, toggleTarget, useValueMenu, type ValueTarget } from './value-menu.tsx';
import { labelInText, valueWords } from './value-words.ts';
import './row-grid.css';

const ROW = 28;
/** The head stays in sight and pushes the rows down by as much. */
const HEAD = 30;
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
  /** `cell`: place of the cell among those of the row. */
  menu?(index: number, at: { x: number; y: number }, cell: number): void;
  /** Which cell of the active row its keys are about; undefined where that is never a question. */
  activeCell?: number;
  onScroll?(top: number): void;
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
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    scrollPaddingEnd: HEAD,
  });
  return { id, scroller, virtual };
}

/** Where a key leads from a row; undefined for another key. */
function targetOf(key: string, at: number, page: number, total: number): number | undefined {
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: total - 1 }[key];
  return to === undefined || total === 0 ? undefined : Math.max(0, Math.min(total - 1, to));
}

/** Place of the cell that an element lies in; -1 outside of all. */
function cellOf(target: EventTarget): number {
  const cell = target instanceof Element ? target.closest('[role="gridcell"]') : null;
  return cell?.parentElement ? Array.from(cell.parentElement.children).indexOf(cell) : -1;
}

function GridFrame(props: Frame): ReactNode {
  const {
    label,
    total,
    busy,
    template,
    minWidth,
    head,
    cells,
    active,
    activeCell,
    open,
    press,
    click,
    menu,
    onScroll,
    scroller,
    virtual,
    id,
  } = props;
  const columns = { gridTemplateColumns: template, minWidth };
  const onKeyDown = (e: KeyboardEvent): void => {
    const copies = (e.ctrlKey || e.metaKey) && e.key === 'c';
    if (e.target !== scroller.current || e.altKey || ((e.ctrlKey || e.metaKey) && !copies)) return;
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
      onScroll={onScroll ? (e) => onScroll(e.currentTarget.scrollTop) : undefined}
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
              data-cell={index === active ? activeCell : undefined}
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
                menu(index, { x: e.clientX, y: e.clientY }, cellOf(e.target));
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

/** A value of a row, and the cell that shows it. */
export interface RowTarget extends ValueTarget {
  cell: number;
}

export interface RowGridProps extends FrameProps {
  open(index: number): void;
  /** The values of a row that can be filtered by, copied and cited; the first is what the row is about. */
  targets(index: number): readonly RowTarget[];
  /** Rows on screen, told when they change. */
  onSeen(first: number, last: number): void;
  /** Another value begins at the top again. */
  place: string;
}

interface Left {
  place: string;
  selection: string;
  active: number;
  top: number;
}

const MORE = '30px';

/**
 * Rows that open a page of their own, with the same keys in every list: arrows move (left and right between the values of a row that
 * has several), Enter opens, f and x filter, c copies, e opens the events, m and the menu key open the menu. Who comes back finds the
 * row where it was.
 */
export function RowGrid({ open, targets, onSeen, place, ...frame }: RowGridProps): ReactNode {
  const total = Math.min(frame.total, MAX_ROWS);
  const [active, setActive] = useState(0);
  const [target, setTarget] = useState(0);
  const rows = useRows(total);
  const { scroller, virtual } = rows;
  const focus = useCallback(() => scroller.current?.focus({ preventScroll: true }), [scroller]);
  const { open: openMenu, menu } = useValueMenu(focus);
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 40;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is seen is told once for each change of it
  useEffect(() => onSeen(first, last), [first, last]);

  const note = usePlaceNote<Left>(`rows of ${frame.label}`);
  const left = useRef<Left | null | undefined>(undefined);
  if (left.current === undefined) {
    const was = note.read();
    left.current = was && was.place === place && was.selection === selectionText() ? was : null;
  }
  const shown = useRef(place);
  useEffect(() => {
    if (shown.current === place) return;
    shown.current = place;
    left.current = null;
    setActive(0);
    scroller.current?.scrollTo({ top: 0 });
  }, [place, scroller]);
  // Only once there are rows is there something to scroll.
  useLayoutEffect(() => {
    const was = left.current;
    if (!was || total === 0) return;
    left.current = null;
    setActive(Math.min(was.active, total - 1));
    if (scroller.current) scroller.current.scrollTop = was.top;
  }, [total, scroller]);
  const keep = (at: number): void => {
    if (!left.current) note.write({ place, selection: selectionText(), active: at, top: scroller.current?.scrollTop ?? 0 });
  };
  // Who came by keyboard, or back from a page, reads on by keyboard.
  useEffect(() => {
    const at = document.activeElement;
    if (at === null || at === document.body || at.closest('nav')) focus();
  }, [focus]);

  const choose = (index: number): void => {
    setActive(index);
    keep(index);
  };
  const has = frame.cells(active) === undefined ? [] : targets(active);
  const chosen = has[Math.min(target, has.length - 1)];
  const onPress = (e: KeyboardEvent, page: number): boolean => {
    const to = targetOf(e.key, active, page, total);
    if (to !== undefined) {
      choose(to);
      virtual.scrollToIndex(to);
      return true;
    }
    if (total === 0 || chosen === undefined) return false;
    const { column } = chosen;
    const value = chosen.values[0] ?? null;
    switch (e.key) {
      case 'Enter':
        keep(active);
        open(active);
        return true;
      case 'ArrowRight':
      case 'ArrowLeft':
        setTarget(Math.max(0, Math.min(has.length - 1, Math.min(target, has.length - 1) + (e.key === 'ArrowRight' ? 1 : -1))));
        return has.length > 1;
      case 'ContextMenu':
      case 'm':
        break;
      case 'F10':
        if (!e.shiftKey) return false;
        break;
      case 'c':
        // A selection of text made with the mouse is copied as always.
        if (value === null || document.getSelection()?.isCollapsed === false) return false;
        void copyText(value, column === null ? 'value' : labelInText(column));
        return true;
      case 'f':
      case 'x':
        return toggleTarget(column, value, e.key === 'x');
      case 'e':
        keep(active);
        return openEventsOf(column, value);
      default:
        return false;
    }
    const row = document.getElementById(rowId(rows.id, active));
    openMenu(row?.children[chosen.cell] ?? row ?? e.currentTarget, { ...chosen, keys: true });
    return true;
  };
  const menuAt = (index: number, at: { x: number; y: number } | Element, cell: number): void => {
    choose(index);
    const all = targets(index);
    const place = Math.max(
      0,
      all.findIndex((t) => t.cell === cell),
    );
    setTarget(place);
    if (all[place]) openMenu(at, { ...all[place], keys: true });
  };
  const cells = (index: number): ReactNode | undefined => {
    const content = frame.cells(index);
    if (content === undefined) return undefined;
    return (
      <>
        {content}
        <span role="gridcell">
          <More target={targets(index)[0]} menu={(at) => menuAt(index, at, 0)} />
        </span>
      </>
    );
  };
  return (
    <>
      <GridFrame
        {...frame}
        {...rows}
        template={`${frame.template} ${MORE}`}
        head={
          <>
            {frame.head}
            <span role="columnheader">
              <span className="tc-hidden">More</span>
            </span>
          </>
        }
        cells={cells}
        total={total}
        active={active}
        activeCell={has.length > 1 ? chosen?.cell : undefined}
        press={onPress}
        click={(index) => {
          choose(index);
          open(index);
        }}
        menu={menuAt}
        onScroll={() => keep(active)}
      />
      {menu}
    </>
  );
}

const selectionText = (): string => JSON.stringify(useSelection.getState().selection);

function More({ target, menu }: { target: ValueTarget | undefined; menu: (at: Element) => void }): ReactNode {
  if (target === undefined) return null;
  const value = target.values[0] ?? null;
  return (
    <UnstyledButton
      className="tc-gl-more"
      aria-label={`More for ${target.column === null ? value : valueWords(target.column, value)}`}
      aria-haspopup="menu"
      tabIndex={-1}
      onClick={(e) => {
        e.stopPropagation();
        menu(e.currentTarget);
      }}
    >
      <IconDots size={13} />
    </UnstyledButton>
  );
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
