// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid cannot be a <table>; the roles say what the elements are
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names the active row (aria-activedescendant)
/** Digests and logs with verdict and reason, virtual: an archive has tens of thousands. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import type { IntegrityRow } from '../../../shared/integrity.ts';
import { hoverText, MiddleText } from '../../components/visible-text.tsx';
import { VerdictBadge } from './integrity-badge.tsx';

const ROW = 28;
const TEMPLATE = '280px 56px minmax(240px, 1fr) minmax(260px, 1.2fr)';

interface Props {
  rows: readonly IntegrityRow[];
  open: number | null;
  onOpen: (index: number | null) => void;
}

export function IntegrityTable({ rows, open, onOpen }: Props): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 12 });
  // A row opened from elsewhere is brought into sight.
  const first = useRef(open);
  useEffect(() => {
    if (first.current !== null) virtual.scrollToIndex(first.current, { align: 'center' });
  }, [virtual]);
  const onKeyDown = (e: KeyboardEvent): void => {
    if (e.target !== scroller.current) return;
    const at = open ?? -1;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 10, PageUp: at - 10, Home: 0, End: rows.length - 1 }[e.key];
    if (e.key === 'Escape' && open !== null) onOpen(null);
    else if (to !== undefined && rows.length > 0) {
      const next = Math.max(0, Math.min(rows.length - 1, to));
      onOpen(next);
      virtual.scrollToIndex(next);
    } else return;
    e.preventDefault();
    e.stopPropagation();
  };
  return (
    <div
      ref={scroller}
      className="tc-gl-scroller"
      role="grid"
      tabIndex={0}
      aria-label="Digests and logs"
      aria-rowcount={rows.length + 1}
      aria-activedescendant={open === null ? undefined : `tc-verdict-${open}`}
      onKeyDown={onKeyDown}
    >
      <div className="tc-gl-row tc-integrity-row head" role="row" style={{ gridTemplateColumns: TEMPLATE }}>
        <span role="columnheader">Verdict</span>
        <span role="columnheader">Kind</span>
        <span role="columnheader">File</span>
        <span role="columnheader">Reason</span>
      </div>
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it takes the keys
            <div
              key={item.index}
              role="row"
              tabIndex={-1}
              id={`tc-verdict-${item.index}`}
              aria-rowindex={item.index + 2}
              aria-selected={item.index === open}
              className={`tc-gl-row tc-integrity-row${item.index === open ? ' open' : ''}${item.index % 2 === 1 ? ' odd' : ''}`}
              style={{
                gridTemplateColumns: TEMPLATE,
                transform: `translateY(${item.start}px)`,
                position: 'absolute',
                left: 0,
                right: 0,
                top: 0,
              }}
              onClick={() => onOpen(item.index === open ? null : item.index)}
            >
              <span role="gridcell">
                <VerdictBadge row={row} />
              </span>
              <span role="gridcell" className="tc-gl-kind">
                {row.kind}
              </span>
              <span role="gridcell">
                <MiddleText text={row.path} />
              </span>
              <span role="gridcell" className="tc-gl-kind" title={hoverText(row.reason)}>
                {hoverText(row.reason)}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
