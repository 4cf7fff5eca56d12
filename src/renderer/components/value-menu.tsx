/** The menu of a value on screen: filter by it, copy it, open its page, look around its time. The same everywhere. */
import { Menu } from '@mantine/core';
import {
  IconClock,
  IconCopy,
  IconExternalLink,
  IconFilter,
  IconFilterMinus,
  IconFilterOff,
  IconFocus2,
  IconKey,
  IconList,
  IconQuote,
  IconTextScan2,
} from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useCallback, useRef, useState } from 'react';
import type { EpochMs } from '../../shared/brand.ts';
import { type ColumnId, columnSpec, type ValueColumnId } from '../../shared/columns.ts';
import { isKeyId } from '../../shared/key-id.ts';
import { credentialOfKey } from '../../shared/lineage.ts';
import type { Filter } from '../../shared/plan.ts';
import { useApp } from '../state/app.ts';
import { around, useSelection } from '../state/selection.ts';
import { useCiteValue } from '../views/notes/cite-value.ts';
import { copyText } from './copy.ts';
import { labelInText } from './value-words.ts';
import { cut, visibleString } from './visible-text.tsx';
import './value-menu.css';

export interface ValueTarget {
  /** Null for a value of the record that no column holds. */
  column: ColumnId | null;
  /** One value; several for a cell that holds several. `null` is "absent". */
  values: (string | null)[];
  /** Time of the event the value was seen on, for "around". */
  time?: EpochMs | null;
  /** Where the value stands in the record, and its JSON. */
  record?: { path: string; json: string };
  /** True where the keys f and x do the same as the menu's first items, so that it may say so. */
  keys?: boolean;
}

/** The events of the selection that have the value, in the events table; false for what cannot be filtered by. */
export function openEventsOf(column: ColumnId | null, value: string | null): boolean {
  if (column === null || column === 'eventTime' || (column === 'eventID' && value === null)) return false;
  const { onlyValue, addFilter } = useSelection.getState();
  if (column !== 'eventID') onlyValue(column, value);
  else addFilter({ op: 'eventID', ids: [value as string] });
  useApp.getState().navigate({ view: 'events' });
  return true;
}

/** Includes or excludes the value, or takes that back; false for what cannot be filtered by. */
export function toggleTarget(column: ColumnId | null, value: string | null, exclude: boolean): boolean {
  if (column === null || column === 'eventTime' || (column === 'eventID' && value === null)) return false;
  const { toggleValue, addFilter } = useSelection.getState();
  if (column !== 'eventID') toggleValue(column, value, exclude);
  else addFilter({ op: 'eventID', ids: [value as string], ...(exclude ? { not: true } : {}) });
  return true;
}

export const isValueColumn = (column: ColumnId): column is ValueColumnId => column !== 'eventTime' && column !== 'eventID';

/** Columns whose values have a page that is worth opening by name. */
const PAGE_LABEL: Partial<Record<ColumnId, string>> = {
  principal: 'Open the principal',
  resource: 'Open the resource',
  sourceIPAddress: 'Open the address',
  accessKeyId: 'Open the access key',
  account: 'Open the account',
};

const AROUND_MINUTES = [1, 5, 15, 60] as const;

export interface ValueMenuControl {
  /** Opens the menu at a point of the window, or below an element. */
  open(at: { x: number; y: number } | Element, target: ValueTarget): void;
  menu: ReactNode;
  isOpen: boolean;
}

/** State and element of one menu; `onClosed` gets the focus back to where the person was. */
export function useValueMenu(onClosed?: () => void): ValueMenuControl {
  const [state, setState] = useState<{ x: number; y: number; target: ValueTarget } | null>(null);
  const before = useRef<Element | null>(null);
  const open = useCallback((at: { x: number; y: number } | Element, target: ValueTarget) => {
    before.current = document.activeElement;
    const point = at instanceof Element ? { x: at.getBoundingClientRect().left, y: at.getBoundingClientRect().bottom } : at;
    setState({ x: point.x, y: point.y, target });
  }, []);
  const close = useCallback(() => {
    setState(null);
    if (onClosed) onClosed();
    else if (before.current instanceof HTMLElement) before.current.focus({ preventScroll: true });
  }, [onClosed]);
  const menu = state ? <ValueMenu key={`${state.x} ${state.y}`} x={state.x} y={state.y} target={state.target} onClose={close} /> : null;
  return { open, menu, isOpen: state !== null };
}

function ValueMenu({ x, y, target, onClose }: { x: number; y: number; target: ValueTarget; onClose: () => void }): ReactNode {
  const [index, setIndex] = useState(0);
  const value = target.values[index] ?? null;
  const { column, record } = target;
  // Handled here and not by the window, where Escape would close the details pane as well.
  const closeOnEscape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    onClose();
  };
  const label = column === null ? (record?.path ?? 'value') : columnSpec(column).label;
  return (
    <Menu
      opened
      onClose={onClose}
      position="bottom-start"
      withinPortal
      shadow="md"
      width={300}
      offset={2}
      returnFocus={false}
      closeOnEscape={false}
    >
      <Menu.Target>
        <span className="tc-menu-anchor" style={{ left: x, top: y }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={`Value of ${visibleString(cut(label, 120))}`} onKeyDown={closeOnEscape}>
        <Menu.Label className="tc-menu-value">
          <bdi dir="ltr">{visibleString(cut(label, 120))}</bdi>
          <bdi dir="ltr" className="tc-menu-shown">
            {value === null ? 'absent' : visibleString(cut(value, 160))}
          </bdi>
        </Menu.Label>
        {target.values.length > 1 ? <ValueChoice values={target.values} index={index} choose={setIndex} /> : null}
        {column !== null && isValueColumn(column) ? <FilterItems column={column} value={value} keys={target.keys ?? false} /> : null}
        {column === 'eventID' && value !== null ? <EventIdItems value={value} /> : null}
        {column !== 'eventTime' && column !== 'eventID' && value !== null && value !== '' ? <ContainsItem value={value} /> : null}
        {value !== null && column !== 'eventTime' ? (
          <Menu.Item
            leftSection={<IconCopy size={14} />}
            rightSection={target.keys ? <kbd>c</kbd> : null}
            onClick={() => void copyText(value, column === null ? 'value' : labelInText(column))}
          >
            Copy value
          </Menu.Item>
        ) : null}
        {record ? (
          <>
            <Menu.Item leftSection={<IconCopy size={14} />} onClick={() => void copyText(record.path, 'JSON path')}>
              Copy JSON path
            </Menu.Item>
            <Menu.Item leftSection={<IconCopy size={14} />} onClick={() => void copyText(record.json, 'JSON')}>
              Copy as JSON
            </Menu.Item>
          </>
        ) : null}
        {target.time === null || target.time === undefined ? null : <AroundItems time={target.time} column={column} value={value} />}
      </Menu.Dropdown>
    </Menu>
  );
}

const MAX_CHOICES = 12;

function ValueChoice(props: { values: (string | null)[]; index: number; choose: (index: number) => void }): ReactNode {
  return (
    <>
      {props.values.slice(0, MAX_CHOICES).map((value, i) => (
        <Menu.Item
          // biome-ignore lint/suspicious/noArrayIndexKey: a value may occur twice in a cell
          key={i}
          closeMenuOnClick={false}
          role="menuitemradio"
          aria-checked={i === props.index}
          className={i === props.index ? 'tc-menu-chosen' : undefined}
          onClick={() => props.choose(i)}
        >
          <bdi dir="ltr">{value === null ? 'absent' : visibleString(cut(value, 80))}</bdi>
        </Menu.Item>
      ))}
      {props.values.length > MAX_CHOICES ? <Menu.Label>and {props.values.length - MAX_CHOICES} more: see the details</Menu.Label> : null}
      <Menu.Divider />
    </>
  );
}

/** A key that was issued or changed stands among the resources; what it did is in another column. */
const ACCESS_KEY = /^A(?:KIA|SIA)[A-Z0-9]{8,124}$/;

/** Columns whose values may be access keys. */
const KEY_COLUMNS: readonly ColumnId[] = ['accessKeyId', 'issuedKey', 'resource'];

const holds = (filters: readonly Filter[], column: ValueColumnId, value: string | null, not: boolean): boolean =>
  filters.some((f) => f.op === 'in' && f.column === column && (f.not ?? false) === not && f.values.includes(value));

function FilterItems({ column, value, keys }: { column: ValueColumnId; value: string | null; keys: boolean }): ReactNode {
  const { selection, toggleValue, onlyValue } = useSelection.getState();
  const navigate = useApp((s) => s.navigate);
  const included = holds(selection.filters, column, value, false);
  const excluded = holds(selection.filters, column, value, true);
  return (
    <>
      <Menu.Item
        leftSection={included ? <IconFilterOff size={14} /> : <IconFilter size={14} />}
        rightSection={keys ? <kbd>f</kbd> : null}
        onClick={() => toggleValue(column, value)}
      >
        {included ? 'Remove from the filter' : 'Include'}
      </Menu.Item>
      <Menu.Item
        leftSection={excluded ? <IconFilterOff size={14} /> : <IconFilterMinus size={14} />}
        rightSection={keys ? <kbd>x</kbd> : null}
        onClick={() => toggleValue(column, value, true)}
      >
        {excluded ? 'No longer exclude' : 'Exclude'}
      </Menu.Item>
      <Menu.Item leftSection={<IconFocus2 size={14} />} onClick={() => onlyValue(column, value)}>
        Only this
      </Menu.Item>
      <Menu.Item leftSection={<IconExternalLink size={14} />} onClick={() => navigate({ view: 'subject', column, value })}>
        {PAGE_LABEL[column] ?? `Open the page of this value (${labelInText(column)})`}
      </Menu.Item>
      <Menu.Item leftSection={<IconList size={14} />} rightSection={keys ? <kbd>e</kbd> : null} onClick={() => openEventsOf(column, value)}>
        Its events
      </Menu.Item>
      <CiteItem column={column} value={value} />
      {value !== null && KEY_COLUMNS.includes(column) && ACCESS_KEY.test(value) && isKeyId(value) ? (
        <Menu.Item leftSection={<IconKey size={14} />} onClick={() => navigate({ view: 'credential', id: credentialOfKey(value) })}>
          Who is behind this key
        </Menu.Item>
      ) : null}
      {column !== 'accessKeyId' && value !== null && KEY_COLUMNS.includes(column) && ACCESS_KEY.test(value) && isKeyId(value) ? (
        <Menu.Item leftSection={<IconExternalLink size={14} />} onClick={() => navigate({ view: 'subject', column: 'accessKeyId', value })}>
          What was done with this key
        </Menu.Item>
      ) : null}
    </>
  );
}

/** Cites the value with its counts and its first and last event; a case that is only read has no notes to write. */
function CiteItem({ column, value }: { column: ValueColumnId; value: string | null }): ReactNode {
  const citeValue = useCiteValue();
  const readOnly = useApp((s) => s.opened?.access === 'read');
  return (
    <Menu.Item
      leftSection={<IconQuote size={14} />}
      disabled={readOnly}
      title="Adds a line to the note at hand: how many events of the selection have this value, and the first and the last of them"
      onClick={() => void citeValue(column, value)}
    >
      Cite in note, with its count
    </Menu.Item>
  );
}

function ContainsItem({ value }: { value: string }): ReactNode {
  const addFilter = useSelection((s) => s.addFilter);
  return (
    <Menu.Item
      leftSection={<IconTextScan2 size={14} />}
      title="Events with a column that contains this text. Fields of the record that are no column are not searched."
      onClick={() => addFilter({ op: 'contains', column: 'any', text: value })}
    >
      Any column contains it
    </Menu.Item>
  );
}

function EventIdItems({ value }: { value: string }): ReactNode {
  const addFilter = useSelection((s) => s.addFilter);
  return (
    <>
      <Menu.Item leftSection={<IconFilter size={14} />} onClick={() => addFilter({ op: 'eventID', ids: [value] })}>
        Include
      </Menu.Item>
      <Menu.Item leftSection={<IconFilterMinus size={14} />} onClick={() => addFilter({ op: 'eventID', ids: [value], not: true })}>
        Exclude
      </Menu.Item>
    </>
  );
}

function AroundItems(props: { time: EpochMs; column: ColumnId | null; value: string | null }): ReactNode {
  const { time, column, value } = props;
  const { selection, setTime, replace } = useSelection.getState();
  const withValue = column !== null && isValueColumn(column) && column !== 'starred';
  return (
    <>
      <Menu.Divider />
      <Menu.Label>Around this event’s time</Menu.Label>
      {column === 'eventTime' ? (
        <>
          {AROUND_MINUTES.map((minutes) => (
            <Menu.Item key={minutes} leftSection={<IconClock size={14} />} onClick={() => setTime(around(time, minutes))}>
              ± {minutes === 60 ? '1 hour' : `${minutes} minute${minutes === 1 ? '' : 's'}`}, filters kept
            </Menu.Item>
          ))}
          <Menu.Item leftSection={<IconClock size={14} />} onClick={() => setTime({ from: time, to: selection.time.to })}>
            From here on
          </Menu.Item>
          <Menu.Item
            leftSection={<IconClock size={14} />}
            onClick={() => setTime({ from: selection.time.from, to: (Math.floor(time / 1000) * 1000 + 1000) as EpochMs })}
          >
            Up to here
          </Menu.Item>
        </>
      ) : (
        <Menu.Item leftSection={<IconClock size={14} />} onClick={() => setTime(around(time, 5))}>
          ± 5 minutes, filters kept
        </Menu.Item>
      )}
      {withValue ? (
        <Menu.Item
          leftSection={<IconClock size={14} />}
          onClick={() => replace({ ...selection, time: around(time, 5), filters: [{ op: 'in', column, values: [value] }] })}
        >
          ± 5 minutes of this value, other filters dropped
        </Menu.Item>
      ) : (
        <Menu.Item leftSection={<IconClock size={14} />} onClick={() => replace({ ...selection, time: around(time, 5), filters: [] })}>
          ± 5 minutes, filters dropped
        </Menu.Item>
      )}
    </>
  );
}
