/** The latest events of a subject; a click opens the details. */
import { Button, UnstyledButton } from '@mantine/core';
import { memo, type ReactNode } from 'react';
import type { EventKey } from '../../../shared/brand.ts';
import type { PageAnswer, PageRow } from '../../../shared/plan.ts';
import { formatCount } from '../../components/numbers.ts';
import type { TimeWords } from '../../components/use-time.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { visibleString } from '../../components/visible-text.tsx';
import { LATEST_COLUMNS } from './queries.ts';
import { ValueLink } from './value-row.tsx';

interface Props {
  answer: PageAnswer | undefined;
  time: TimeWords;
  openMenu: ValueMenuControl['open'];
  openKey: EventKey | null;
  openEvent: (key: EventKey) => void;
  showAll: () => void;
}

/** Columns that narrow windows leave out, and those that are as wide as their values. */
const CELL = { eventSource: 'tc-sub-side', principal: undefined, sourceIPAddress: 'fit', awsRegion: 'fit tc-sub-side' } as const;

function columnValue(row: PageRow, column: (typeof LATEST_COLUMNS)[number]): string | null {
  const value = row.values[LATEST_COLUMNS.indexOf(column)] ?? null;
  return Array.isArray(value) ? (value[0] ?? null) : value;
}

export const LatestEvents = memo(function LatestEvents({ answer, time, openMenu, openKey, openEvent, showAll }: Props): ReactNode {
  const rows = answer?.rows ?? [];
  return (
    <section className="tc-card tc-sub-card tc-sub-wide" aria-label="Latest events">
      <div className="tc-sub-card-head">
        <h2 className="tc-card-title">Latest events</h2>
        <Button variant="subtle" size="compact-xs" onClick={showAll}>
          {answer ? `All ${formatCount(answer.total)} events` : 'All events'}
        </Button>
      </div>
      <table className="tc-sub-table">
        <thead>
          <tr>
            <th className="fit">Time ({time.zone})</th>
            <th style={{ width: '26%' }}>Event</th>
            <th className="tc-sub-side" style={{ width: '16%' }}>
              Service
            </th>
            <th>Principal</th>
            <th className="fit">From</th>
            <th className="fit tc-sub-side">Region</th>
            <th className="fit">Outcome</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const outcome = columnValue(row, 'outcome');
            const code = columnValue(row, 'errorCode');
            return (
              <tr key={row.key} className={row.key === openKey ? 'open' : undefined}>
                <td className="fit">
                  <UnstyledButton className="tc-sub-link" onClick={() => openEvent(row.key)}>
                    {time.time(row.time)}
                  </UnstyledButton>
                </td>
                <td>
                  <UnstyledButton className="tc-sub-link strong" onClick={() => openEvent(row.key)}>
                    {columnValue(row, 'readOnly') === 'false' ? <span title="write">◆ </span> : null}
                    <span className="tc-sub-name">{visibleString(columnValue(row, 'eventName') ?? '(absent)')}</span>
                  </UnstyledButton>
                </td>
                {(['eventSource', 'principal', 'sourceIPAddress', 'awsRegion'] as const).map((column) => (
                  <td key={column} className={CELL[column]}>
                    <ValueLink column={column} value={columnValue(row, column)} openMenu={openMenu} />
                  </td>
                ))}
                <td className="fit" title={code ?? undefined}>
                  <span className={`tc-sub-outcome ${outcome ?? ''}`}>
                    {outcome === 'denied' ? `⊘ ${code ?? 'denied'}` : outcome === 'error' ? `✕ ${code ?? 'error'}` : 'no error'}
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
});
