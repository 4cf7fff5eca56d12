// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid cannot be a <table>; the roles say what the elements are
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names the active cell (aria-activedescendant)
/** The virtual table: scrolling, focus, keys and clicks. What is shown comes from the row loader. */
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { EventKey } from '../../../shared/brand.ts';
import type { Selection } from '../../../shared/plan.ts';
import { copyText } from '../../components/copy.ts';
import { useTime } from '../../components/use-time.ts';
import { isValueColumn, useValueMenu } from '../../components/value-menu.tsx';
import { columnLabel } from '../../components/value-words.ts';
import { useApp } from '../../state/app.ts';
import { usePlaceNote } from '../../state/place.ts';
import { useSelection } from '../../state/selection.ts';
import { askedColumns, cellValues } from './cells.ts';
import { gridCommand } from './grid-keys.ts';
import { TableHeader } from './header.tsx';
import { EventRow } from './row.tsx';
import { sameSecond } from './row-cache.ts';
import type { Anchor, Move, RowLoader } from './row-loader.ts';
import { elementHeight, reveal, type ScrollGeometry, START, scrolled, scrollTo, settled, visibleRows } from './scroll.ts';
import { type TableSettings, widthOf } from './table-settings.ts';
import { useRows } from './use-rows.ts';

const ROW_HEIGHT = 28;
const HEAD_HEIGHT = 30;
const MARKS_WIDTH = 84;
const OVERSCAN = 8;

export interface TableProps {
  selection: Selection;
  settings: TableSettings;
  change(settings: TableSettings): void;
  selected: ReadonlySet<EventKey>;
  select(keys: ReadonlySet<EventKey>): void;
  /** Adds all rows between two places to what is selected. */
  selectRange(from: number, to: number): void;
  star(keys: EventKey[], starred: boolean): void;
  /** Rows of the selection, once known. */
  counted(total: number): void;
  /** Shown in place of rows when there are none. */
  empty: ReactNode;
}

interface Focus {
  row: number;
  cell: number;
}

/** Where the table stood when it was left. */
interface Left {
  question: string;
  /** A row that was on the screen. */
  anchor: Anchor;
  focus: Focus;
  chosen: boolean;
  /** Virtual pixels. */
  top: number;
}

export function EventsTable(props: TableProps): ReactNode {
  const { selection, settings, selected, select } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const scroll = useRef(START);
  const moving = useRef(false);
  const [viewport, setViewport] = useState(600);
  const [, redraw] = useState(0);
  const [focus, setFocus] = useState<Focus>({ row: 0, cell: 0 });
  const focused = useRef<{ focus: Focus; chosen: boolean }>({ focus, chosen: false });
  const rangeStart = useRef(0);
  const follow = useRef(false);
  const shownSettings = useRef(settings);
  shownSettings.current = settings;
  const time = useTime();
  const openKey = useApp((s) => s.openEventKey);
  const openEvent = useApp((s) => s.openEvent);
  const grid = useCallback(() => scroller.current?.focus({ preventScroll: true }), []);
  const valueMenu = useValueMenu(grid);

  const asked = useMemo(() => askedColumns(settings), [settings]);
  const loaderRef = useRef<RowLoader | null>(null);
  const geometry = (rows: number): ScrollGeometry => ({ rows, rowHeight: ROW_HEIGHT, viewport });
  const totalOf = (loader: RowLoader | null): number => loader?.cache.total ?? 0;

  const goTo = (virtualTop: number, rows = totalOf(loaderRef.current)): void => {
    scroll.current = scrollTo(geometry(rows), virtualTop);
    moving.current = true;
  };

  const question = JSON.stringify([selection, settings.descending]);
  const note = usePlaceNote<Left>('events');
  // Until the first rows are there: where the table stood when it was left for another view.
  const left = useRef<Left | null | undefined>(undefined);
  if (left.current === undefined) {
    const was = note.read();
    left.current = was?.question === question ? was : null;
  }

  const loader = useRows({
    selection,
    descending: settings.descending,
    columns: asked,
    anchor: (what) => {
      if (left.current) return left.current.anchor;
      const { focus: at, chosen } = focused.current;
      const { first, last } = visibleRows(geometry(totalOf(loaderRef.current)), scroll.current.virtualTop, 0);
      const row = loaderRef.current?.cache.row(at.row);
      if (chosen && row && at.row >= first && at.row <= last) return { key: row.key, index: at.row };
      const top = what === 'any' && scroll.current.virtualTop > 0 ? loaderRef.current?.cache.row(first) : undefined;
      return top ? { key: top.key, index: first } : null;
    },
    moved: (move: Move) => {
      const rows = totalOf(loaderRef.current);
      const was = left.current;
      left.current = null;
      if (was && move !== 'top') {
        goTo(was.top + move.rows * ROW_HEIGHT, rows);
        const next = { row: Math.min(Math.max(0, was.focus.row + move.rows), Math.max(0, rows - 1)), cell: was.focus.cell };
        focused.current = { focus: next, chosen: was.chosen };
        setFocus(next);
        return;
      }
      const at =
        move === 'top'
          ? { row: 0, cell: focused.current.focus.cell }
          : { ...focused.current.focus, row: Math.max(0, focused.current.focus.row + move.rows) };
      goTo(move === 'top' ? 0 : scroll.current.virtualTop + move.rows * ROW_HEIGHT, rows);
      const next = { ...at, row: Math.min(at.row, Math.max(0, rows - 1)) };
      focused.current = { focus: next, chosen: move === 'top' ? false : focused.current.chosen };
      setFocus(next);
    },
  });
  loaderRef.current = loader;

  const total = totalOf(loader);
  const g = geometry(total);
  const { first, last } = visibleRows(g, scroll.current.virtualTop, OVERSCAN);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let width = element.clientWidth;
    const observer = new ResizeObserver(() => {
      setViewport(Math.max(ROW_HEIGHT, element.clientHeight - HEAD_HEIGHT));
      // The details or the facets came beside the table: the cell being read stays in sight.
      if (element.clientWidth < width && focused.current.chosen) {
        revealCell(element, shownSettings.current, focused.current.focus.cell);
      }
      width = element.clientWidth;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (left.current || loader.stale) return;
    const { chosen, focus: at } = focused.current;
    const seen = visibleRows(geometry(total), scroll.current.virtualTop, 0);
    const index = chosen && at.row >= seen.first && at.row <= seen.last ? at.row : seen.first;
    const row = loader.cache.row(index);
    if (row) note.write({ question, anchor: { key: row.key, index }, focus: at, chosen, top: scroll.current.virtualTop });
  });

  // Who came by keyboard reads on by keyboard.
  useEffect(() => {
    const at = document.activeElement;
    if (at === null || at === document.body || at.closest('nav')) grid();
  }, [grid]);

  useLayoutEffect(() => {
    if (!moving.current || !scroller.current) return;
    moving.current = false;
    scroller.current.scrollTop = scroll.current.physicalTop;
    // The browser rounds and clamps: what it took is what the next step is measured from.
    scroll.current = { ...scroll.current, physicalTop: scroller.current.scrollTop };
  });

  useEffect(() => {
    loader.show(first, Math.max(last, first + Math.ceil(viewport / ROW_HEIGHT) + OVERSCAN));
  }, [loader, first, last, viewport]);

  const { counted } = props;
  const known = loader.stale ? null : loader.cache.total;
  useEffect(() => {
    if (known !== null) counted(known);
  }, [counted, known]);

  useEffect(() => {
    if (!follow.current) return;
    const row = loader.cache.row(focus.row);
    if (row) {
      follow.current = false;
      openEvent(row.key);
    }
  });

  const onScroll = (): void => {
    const element = scroller.current;
    if (!element || element.scrollTop === scroll.current.physicalTop) return;
    scroll.current = scrolled(g, scroll.current, element.scrollTop);
    redraw((n) => n + 1);
  };
  const onScrollEnd = (): void => {
    const now = settled(g, scroll.current);
    if (Math.abs(now.physicalTop - scroll.current.physicalTop) < 1) return;
    scroll.current = now;
    moving.current = true;
    redraw((n) => n + 1);
  };

  const focusOn = (row: number, cell = focus.cell, extend = false): void => {
    if (total === 0) return;
    const next = { row: Math.min(Math.max(row, 0), total - 1), cell: Math.min(Math.max(cell, 0), settings.columns.length - 1) };
    focused.current = { focus: next, chosen: true };
    setFocus(next);
    const top = reveal(g, scroll.current.virtualTop, next.row);
    if (top !== scroll.current.virtualTop) goTo(top);
    if (extend) props.selectRange(rangeStart.current, next.row);
    else rangeStart.current = next.row;
    if (next.row !== focus.row && useApp.getState().openEventKey !== null) follow.current = true;
    revealCell(scroller.current, settings, next.cell);
    redraw((n) => n + 1);
  };

  const toggleSelected = (keys: EventKey[]): void => {
    const next = new Set(selected);
    for (const key of keys) if (!next.delete(key)) next.add(key);
    select(next);
  };

  const starAt = (index: number): void => {
    const row = loader.cache.row(index);
    if (!row) return;
    const keys = selected.has(row.key) ? [...selected] : [row.key];
    loader.cache.star(new Set<string>(keys), !row.starred);
    redraw((n) => n + 1);
    props.star(keys, !row.starred);
  };

  const openMenu = (index: number, cell: number, at: { x: number; y: number } | Element): void => {
    const row = loader.cache.row(index);
    const column = settings.columns[cell];
    if (row && column) valueMenu.open(at, { column, values: cellValues(row, column, asked), time: row.time, keys: true });
  };
  const cellElement = (index: number, cell: number): Element | null => document.getElementById(`tc-ev-${index}-${cell}`);

  const filterCell = (exclude: boolean): void => {
    const row = loader.cache.row(focus.row);
    const column = settings.columns[focus.cell];
    if (!row || !column) return;
    const values = cellValues(row, column, asked);
    if (column === 'eventID' && row.eventID !== null) {
      useSelection.getState().addFilter({ op: 'eventID', ids: [row.eventID], ...(exclude ? { not: true } : {}) });
    } else if (isValueColumn(column) && values.length === 1) useSelection.getState().toggleValue(column, values[0], exclude);
    else {
      const element = cellElement(focus.row, focus.cell);
      if (element) openMenu(focus.row, focus.cell, element);
    }
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== scroller.current) return;
    const command = gridCommand(event);
    if (!command) return;
    const row = loader.cache.row(focus.row);
    const column = settings.columns[focus.cell];
    switch (command.do) {
      case 'row':
        focusOn(focus.row + command.by, focus.cell, command.extend);
        break;
      case 'page':
        focusOn(focus.row + command.by * Math.max(1, Math.floor(viewport / ROW_HEIGHT) - 1), focus.cell, command.extend);
        break;
      case 'end':
        focusOn(command.to === 'first' ? 0 : total - 1, focus.cell, command.extend);
        break;
      case 'cell':
        focusOn(focus.row, focus.cell + command.by);
        break;
      case 'open':
        if (row) openEvent(row.key === openKey ? null : row.key);
        break;
      case 'close':
        if (selected.size > 0) select(new Set());
        else if (openKey !== null) openEvent(null);
        else return;
        break;
      case 'star':
        starAt(focus.row);
        break;
      case 'copy': {
        // A selection of text made with the mouse is copied as always.
        if (document.getSelection()?.isCollapsed === false) return;
        const values = row && column ? cellValues(row, column, asked).filter((v) => v !== null) : [];
        if (column && values.length > 0) void copyText(values.join('\n'), columnLabel(column).toLowerCase());
        break;
      }
      case 'include':
        filterCell(false);
        break;
      case 'exclude':
        filterCell(true);
        break;
      case 'menu': {
        const element = cellElement(focus.row, focus.cell);
        if (element) openMenu(focus.row, focus.cell, element);
        break;
      }
      case 'select':
        if (row) toggleSelected([row.key]);
        break;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const onClick = (event: MouseEvent): void => {
    const place = placeOf(event);
    if (!place) return;
    const row = loader.cache.row(place.row);
    if (!row) return;
    const cell = place.cell ?? focus.cell;
    if (place.star) {
      starAt(place.row);
      return;
    }
    if (document.getSelection()?.isCollapsed === false && !event.shiftKey) return;
    if (event.shiftKey) {
      document.getSelection()?.removeAllRanges();
      focusOn(place.row, cell, true);
      return;
    }
    if (event.ctrlKey || event.metaKey) {
      toggleSelected([row.key]);
      focusOn(place.row, cell);
      return;
    }
    focusOn(place.row, cell);
    openEvent(row.key);
    follow.current = false;
  };

  const onContextMenu = (event: MouseEvent): void => {
    const place = placeOf(event);
    if (!place || place.cell === null) return;
    event.preventDefault();
    focusOn(place.row, place.cell);
    follow.current = false;
    openMenu(place.row, place.cell, { x: event.clientX, y: event.clientY });
  };

  const template = `${MARKS_WIDTH}px ${settings.columns.map((c) => `${widthOf(settings, c)}px`).join(' ')}`;
  const width = MARKS_WIDTH + settings.columns.reduce((sum, c) => sum + widthOf(settings, c), 0);
  const offset = scroll.current.physicalTop - scroll.current.virtualTop;
  const rows: ReactNode[] = [];
  for (let i = first; i <= last; i++) {
    const row = loader.cache.row(i);
    const above = sameSecond(row, loader.cache.row(i - 1));
    const below = sameSecond(row, loader.cache.row(i + 1));
    rows.push(
      <EventRow
        key={i}
        row={row}
        index={i}
        columns={settings.columns}
        asked={asked}
        top={i * ROW_HEIGHT + offset}
        height={ROW_HEIGHT}
        template={template}
        selected={row !== undefined && selected.has(row.key)}
        focused={i === focus.row}
        focusedCell={i === focus.row ? focus.cell : -1}
        open={row !== undefined && row.key === openKey}
        tie={above ? (below ? 'middle' : 'end') : below ? 'start' : null}
        time={time}
      />,
    );
  }

  return (
    <>
      <div
        ref={scroller}
        className={`tc-ev-scroller ${loader.stale ? 'stale' : ''}`}
        role="grid"
        aria-label="Events"
        aria-rowcount={total + 1}
        aria-colcount={settings.columns.length + 1}
        aria-multiselectable="true"
        aria-busy={loader.stale}
        aria-activedescendant={total > 0 ? `tc-ev-${focus.row}-${focus.cell}` : undefined}
        tabIndex={0}
        onScroll={onScroll}
        onScrollEnd={onScrollEnd}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onContextMenu={onContextMenu}
      >
        <TableHeader
          settings={settings}
          change={props.change}
          template={template}
          width={width}
          marksWidth={MARKS_WIDTH}
          zone={time.zone}
        />
        <div className="tc-ev-body" role="presentation" style={{ height: elementHeight(g), width, minWidth: '100%' }}>
          {rows}
        </div>
        {total === 0 && !loader.stale && !loader.error ? <div className="tc-ev-empty">{props.empty}</div> : null}
      </div>
      {loader.error ? (
        <div className="tc-ev-error" role="alert">
          The events could not be read: {loader.error.message}
        </div>
      ) : null}
      {valueMenu.menu}
    </>
  );
}

function placeOf(event: MouseEvent): { row: number; cell: number | null; star: boolean } | null {
  if (!(event.target instanceof Element)) return null;
  const row = event.target.closest<HTMLElement>('[data-row]');
  if (!row) return null;
  const cell = event.target.closest<HTMLElement>('[data-cell]');
  return {
    row: Number(row.dataset.row),
    cell: cell ? Number(cell.dataset.cell) : null,
    star: event.target.closest('[data-star]') !== null,
  };
}

function revealCell(scroller: HTMLElement | null, settings: TableSettings, cell: number): void {
  if (!scroller) return;
  const left = MARKS_WIDTH + settings.columns.slice(0, cell).reduce((sum, c) => sum + widthOf(settings, c), 0);
  const right = left + widthOf(settings, settings.columns[cell]);
  if (left < scroller.scrollLeft) scroller.scrollLeft = cell === 0 ? 0 : left;
  else if (right > scroller.scrollLeft + scroller.clientWidth) scroller.scrollLeft = right - scroller.clientWidth;
}
