// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid cannot be a <table>; the roles say what the elements are
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names the active cell (aria-activedescendant)
/** Heads of the columns: drag to reorder, drag the edge to resize, and both by keyboard from the menu or with Alt and arrows. */
import { Menu } from '@mantine/core';
import { IconArrowNarrowDown, IconArrowNarrowUp } from '@tabler/icons-react';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { type ColumnId, columnSpec } from '../../../shared/columns.ts';
import { dropIndex, NUMBER_COLUMNS, type TableSettings, widthOf, withMoved, withToggled, withWidth } from './table-settings.ts';

export interface HeaderProps {
  settings: TableSettings;
  change(settings: TableSettings): void;
  template: string;
  width: number;
  /** Pixels of the column of marks, before the first column. */
  marksWidth: number;
  zone: string;
}

const KEY_STEP = 16;
/** Pixels a head must be dragged before it moves: less is a click. */
const DRAG_START = 5;

export function TableHeader(props: HeaderProps): ReactNode {
  const { settings } = props;
  const [drag, setDrag] = useState<{ column: ColumnId; index: number } | null>(null);
  const left = (index: number): number => {
    const others = settings.columns.filter((c) => c !== drag?.column).slice(0, index);
    const moving = drag ? settings.columns.indexOf(drag.column) : 0;
    const sum = others.reduce((total, c) => total + widthOf(settings, c), 0);
    return props.marksWidth + sum + (drag && index > moving ? widthOf(settings, drag.column) : 0);
  };
  return (
    <div role="row" aria-rowindex={1} className="tc-ev-head" style={{ gridTemplateColumns: props.template, width: props.width }}>
      <span role="columnheader" className="tc-ev-headcell" title="Star, read or write, outcome, copies">
        <span className="tc-ev-hidden">Marks</span>
      </span>
      {settings.columns.map((column, index) => (
        <HeaderCell key={column} {...props} column={column} index={index} dragging={drag?.column === column} setDrag={setDrag} />
      ))}
      {drag ? <span className="tc-ev-drop" style={{ left: left(drag.index) }} /> : null}
    </div>
  );
}

interface CellProps extends HeaderProps {
  column: ColumnId;
  index: number;
  dragging: boolean;
  setDrag(drag: { column: ColumnId; index: number } | null): void;
}

function HeaderCell(props: CellProps): ReactNode {
  const { settings, change, column, index } = props;
  const spec = columnSpec(column);
  const [menu, setMenu] = useState(false);
  const moved = useRef(false);
  const width = widthOf(settings, column);
  const isTime = column === 'eventTime';

  const startDrag = (event: PointerEvent<HTMLButtonElement>): void => {
    if (event.button !== 0) return;
    const button = event.currentTarget;
    const head = button.closest('.tc-ev-head');
    if (!head) return;
    const startX = event.clientX;
    let target = -1;
    moved.current = false;
    const move = (e: globalThis.PointerEvent): void => {
      if (!moved.current && Math.abs(e.clientX - startX) < DRAG_START) return;
      moved.current = true;
      target = dropIndex(settings, column, e.clientX - head.getBoundingClientRect().left - props.marksWidth);
      props.setDrag({ column, index: target });
    };
    const end = (e: globalThis.PointerEvent): void => {
      button.removeEventListener('pointermove', move);
      button.removeEventListener('pointerup', end);
      button.removeEventListener('pointercancel', end);
      props.setDrag(null);
      if (e.type === 'pointerup' && moved.current && target >= 0) change(withMoved(settings, column, target));
    };
    button.setPointerCapture(event.pointerId);
    button.addEventListener('pointermove', move);
    button.addEventListener('pointerup', end);
    button.addEventListener('pointercancel', end);
  };

  const keys = (event: KeyboardEvent): void => {
    if (!event.altKey || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return;
    event.preventDefault();
    event.stopPropagation();
    const step = event.key === 'ArrowRight' ? 1 : -1;
    change(event.shiftKey ? withWidth(settings, column, width + step * KEY_STEP) : withMoved(settings, column, index + step));
  };

  return (
    <span
      role="columnheader"
      aria-sort={isTime ? (settings.descending ? 'descending' : 'ascending') : undefined}
      className={`tc-ev-headcell ${NUMBER_COLUMNS.has(column) ? 'num' : ''} ${props.dragging ? 'dragging' : ''}`}
    >
      <Menu opened={menu} onChange={setMenu} position="bottom-start" withinPortal shadow="md" width={230}>
        <Menu.Target>
          <button
            type="button"
            className="tc-ev-headbutton"
            title={`${spec.help} Drag to reorder; Alt+←/→ moves, Alt+Shift+←/→ resizes.`}
            onPointerDown={startDrag}
            onKeyDown={keys}
            onClickCapture={(event) => {
              if (moved.current) event.stopPropagation();
              moved.current = false;
            }}
          >
            {isTime ? `${spec.label} (${props.zone})` : spec.label}
            {isTime ? settings.descending ? <IconArrowNarrowDown size={14} /> : <IconArrowNarrowUp size={14} /> : null}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {isTime ? (
            <Menu.Item onClick={() => change({ ...settings, descending: !settings.descending })}>
              {settings.descending ? 'Oldest first' : 'Newest first'}
            </Menu.Item>
          ) : null}
          <Menu.Item disabled={index === 0} rightSection={<kbd>Alt ←</kbd>} onClick={() => change(withMoved(settings, column, index - 1))}>
            Move left
          </Menu.Item>
          <Menu.Item
            disabled={index === settings.columns.length - 1}
            rightSection={<kbd>Alt →</kbd>}
            onClick={() => change(withMoved(settings, column, index + 1))}
          >
            Move right
          </Menu.Item>
          <Menu.Item closeMenuOnClick={false} onClick={() => change(withWidth(settings, column, width + 4 * KEY_STEP))}>
            Wider
          </Menu.Item>
          <Menu.Item closeMenuOnClick={false} onClick={() => change(withWidth(settings, column, width - 4 * KEY_STEP))}>
            Narrower
          </Menu.Item>
          <Menu.Item disabled={settings.columns.length === 1} onClick={() => change(withToggled(settings, column))}>
            Hide this column
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ResizeHandle {...props} width={width} />
    </span>
  );
}

function ResizeHandle({ settings, change, column, width }: CellProps & { width: number }): ReactNode {
  const start = (event: PointerEvent<HTMLSpanElement>): void => {
    event.preventDefault();
    event.stopPropagation();
    const handle = event.currentTarget;
    const startX = event.clientX;
    const move = (e: globalThis.PointerEvent): void => change(withWidth(settings, column, width + e.clientX - startX));
    const end = (): void => {
      handle.removeEventListener('pointermove', move);
      handle.removeEventListener('pointerup', end);
      handle.removeEventListener('pointercancel', end);
    };
    handle.setPointerCapture(event.pointerId);
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', end);
    handle.addEventListener('pointercancel', end);
  };
  const reset = (): void => {
    const { [column]: _, ...widths } = settings.widths;
    change({ ...settings, widths });
  };
  return (
    <span
      className="tc-ev-resize"
      onPointerDown={start}
      onDoubleClick={reset}
      title="Drag to resize, double-click to reset"
      aria-hidden="true"
    />
  );
}
