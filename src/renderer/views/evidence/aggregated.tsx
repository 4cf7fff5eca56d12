/** Aggregated records: counts of data events in windows of five minutes. They name no caller and no time of a call. */
import { Alert, Button, Table } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { EmptyState } from '../../components/empty-state.tsx';
import { countOf, formatCount } from '../../components/numbers.ts';
import { useTime } from '../../components/use-time.ts';
import { hoverText, VisibleText } from '../../components/visible-text.tsx';
import type { AggregatedRow, Loaded } from './queries.ts';

const STEP = 200;

export function Aggregated({ loaded }: { loaded: Loaded<AggregatedRow[]> }): ReactNode {
  const time = useTime();
  const [shown, setShown] = useState(STEP);
  if (loaded.error)
    return (
      <Alert color="red" title="The aggregated records could not be read.">
        {loaded.error}
      </Alert>
    );
  if (!loaded.value) return <div className="tc-ledger-page" aria-busy="true" />;
  if (loaded.value.length === 0) {
    return (
      <EmptyState title="No aggregated records">
        CloudTrail can deliver data events summed up in windows of five minutes. None of these is in the evidence; if there were, they would
        stand here and not among the events.
      </EmptyState>
    );
  }
  const rows = [...loaded.value].sort((a, b) => (a.windowStart ?? Infinity) - (b.windowStart ?? Infinity) || (a.path < b.path ? -1 : 1));
  return (
    <div className="tc-ledger-page">
      <p className="tc-sub-lead">
        {countOf(rows.length, 'window')}. These are counts, not events: they are in no list, no timeline and no number of events.
      </p>
      <Table stickyHeader verticalSpacing={3} className="tc-card" aria-label="Aggregated windows">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Window from ({time.zone})</Table.Th>
            <Table.Th>to (not included)</Table.Th>
            <Table.Th>Account</Table.Th>
            <Table.Th>Region</Table.Th>
            <Table.Th>Service</Table.Th>
            <Table.Th>By</Table.Th>
            <Table.Th>Counts</Table.Th>
            <Table.Th>File, record</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.slice(0, shown).map((r) => (
            <Table.Tr key={`${r.path} ${r.recordNumber}`}>
              <Table.Td className="tc-ledger-nowrap">{time.time(r.windowStart)}</Table.Td>
              <Table.Td className="tc-ledger-nowrap">{time.time(r.windowEnd)}</Table.Td>
              <Table.Td>{r.accountId ?? '(absent)'}</Table.Td>
              <Table.Td className="tc-ledger-nowrap">{r.awsRegion ?? '(absent)'}</Table.Td>
              <Table.Td>{r.eventSource ?? '(absent)'}</Table.Td>
              <Table.Td>{r.dimension ?? '(absent)'}</Table.Td>
              <Table.Td>
                {r.statistics.slice(0, 6).map((s) => (
                  <div key={s.name}>
                    <VisibleText text={s.name} limit={80} /> {formatCount(s.value)}
                  </div>
                ))}
                {r.statistics.length > 6 ? <span className="tc-soft">and {r.statistics.length - 6} more</span> : null}
              </Table.Td>
              <Table.Td title={hoverText(r.path)}>
                {hoverText(r.path.split('/').at(-1) ?? r.path)}, {formatCount(r.recordNumber)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {rows.length > shown ? (
        <Button variant="subtle" onClick={() => setShown(shown + STEP * 5)}>
          Show more ({formatCount(rows.length - shown)} left)
        </Button>
      ) : null}
    </div>
  );
}
