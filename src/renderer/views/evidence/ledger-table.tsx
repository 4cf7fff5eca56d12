// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid cannot be a <table>; the roles say what the elements are
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names the active row (aria-activedescendant)
/** The files of the ledger, virtual: an archive has tens of thousands. */
import { UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef } from 'react';
import type { LedgerRow } from '../../../shared/engine.ts';
import { formatBytes, formatCount } from '../../components/numbers.ts';
import { useTime } from '../../components/use-time.ts';
import { hoverText, MiddleText } from '../../components/visible-text.tsx';
import { shortTime } from '../subject/short-time.ts';
import { kindWords, type LedgerChoice, type LedgerSort } from './ledger-model.ts';
import { StatusBadge } from './status-badge.tsx';

const ROW = 28;
/** The reason gets its room only where some file has one. */
const layout = (reasons: boolean): { gridTemplateColumns: string; minWidth: number } => ({
  gridTemplateColumns: `128px minmax(220px, 2fr) 136px 72px 88px 64px 130px 130px 92px ${reasons ? 'minmax(210px, 3fr)' : '70px'}`,
  minWidth: reasons ? 1286 : 1146,
});

interface Props {
  rows: readonly LedgerRow[];
  choice: LedgerChoice;
  sortBy: (sort: LedgerSort) => void;
  open: number | null;
  onOpen: (id: number | null) => void;
}

export function LedgerTable({ rows, choice, sortBy, open, onOpen }: Props): ReactNode {
  const time = useTime();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 12 });
  const columns = layout(useMemo(() => rows.some((r) => r.reason !== null), [rows]));
  const at = rows.findIndex((r) => r.id === open);
  // Opened from elsewhere, the row may lie far down; an arrow key has brought it into sight already.
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
  }, [at, virtual]);
  const onKeyDown = (e: KeyboardEvent): void => {
    if (e.target !== scroller.current) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / ROW) - 2);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: rows.length - 1 }[e.key];
    if (e.key === 'Escape' && open !== null) onOpen(null);
    else if (to !== undefined && rows.length > 0) {
      const next = Math.max(0, Math.min(rows.length - 1, to));
      onOpen(rows[next].id);
      virtual.scrollToIndex(next);
    } else return;
    e.preventDefault();
    e.stopPropagation();
  };
  const head = (id: LedgerSort, label: string, number = false): ReactNode => (
    <span
      role="columnheader"
      className={number ? 'num' : undefined}
      aria-sort={choice.sort === id ? (choice.descending ? 'descending' : 'ascending') : 'none'}
    >
      <UnstyledButton className="tc-gl-sort" onClick={() => sortBy(id)} aria-label={`Sort by ${label}`}>
        {label}
        {choice.sort === id ? choice.descending ? <IconArrowDown size={12} /> : <IconArrowUp size={12} /> : null}
      </UnstyledButton>
    </span>
  );
  return (
    <div
      ref={scroller}
      className="tc-gl-scroller"
      role="grid"
      tabIndex={0}
      aria-label="Files of the evidence"
      aria-rowcount={rows.length + 1}
      aria-activedescendant={at >= 0 ? `tc-file-${rows[at].id}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div className="tc-gl-row tc-ledger-row head" role="row" style={columns}>
        {head('status', 'Status')}
        {head('path', 'File')}
        {head('kind', 'Kind')}
        {head('records', 'Records', true)}
        {head('unreadableRecords', 'Unreadable', true)}
        {head('size', 'Size', true)}
        {head('firstTime', `First (${time.zone})`)}
        {head('lastTime', `Last (${time.zone})`)}
        <span role="columnheader" title="Of the bytes as found">
          SHA-256
        </span>
        <span role="columnheader">Reason</span>
      </div>
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map((item) => {
          const f = rows[item.index];
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it takes the keys
            <div
              key={f.id}
              role="row"
              tabIndex={-1}
              aria-rowindex={item.index + 2}
              aria-selected={f.id === open}
              className={`tc-gl-row tc-ledger-row${f.id === open ? ' open' : ''}${item.index % 2 === 1 ? ' odd' : ''}`}
              style={{
                ...columns,
                transform: `translateY(${item.start}px)`,
                position: 'absolute',
                left: 0,
                right: 0,
                top: 0,
              }}
              id={`tc-file-${f.id}`}
              onClick={() => onOpen(f.id === open ? null : f.id)}
            >
              <span role="gridcell">
                <StatusBadge status={f.status} />
              </span>
              <span role="gridcell">
                <MiddleText text={f.path} />
              </span>
              <span role="gridcell" className="tc-gl-kind">
                {kindWords(f.kind)}
              </span>
              <span role="gridcell" className={`num${f.records === 0 ? ' zero' : ''}`}>
                {formatCount(f.records)}
              </span>
              <span role="gridcell" className={`num${f.unreadableRecords === 0 ? ' zero' : ' error'}`}>
                {f.unreadableRecords > 0 ? '✕ ' : ''}
                {formatCount(f.unreadableRecords)}
              </span>
              <span role="gridcell" className="num">
                {formatBytes(f.size)}
              </span>
              <span role="gridcell" title={time.zoned(f.firstTime)}>
                {f.firstTime === null ? '–' : shortTime(time.time(f.firstTime))}
              </span>
              <span role="gridcell" title={time.zoned(f.lastTime)}>
                {f.lastTime === null ? '–' : shortTime(time.time(f.lastTime))}
              </span>
              <span role="gridcell" title={f.sha256 ?? 'not known'}>
                {f.sha256 === null ? <span className="tc-absent">not known</span> : <code>{f.sha256.slice(0, 10)}…</code>}
              </span>
              <span role="gridcell" title={f.reason === null ? undefined : hoverText(f.reason)} className="tc-gl-kind">
                {f.reason === null ? '' : hoverText(f.reason)}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
