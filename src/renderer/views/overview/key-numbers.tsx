/** The numbers that say at a glance what the selection is. */
import { UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatCount, formatPercent } from '../../components/numbers.ts';
import { useTime } from '../../components/use-time.ts';
import { useApp } from '../../state/app.ts';
import type { OverviewAnswer } from './queries.ts';

export function KeyNumbers({ answer }: { answer: OverviewAnswer | null }): ReactNode {
  const words = useTime();
  const navigate = useApp((s) => s.navigate);
  const count = answer?.count;
  const of = count && count.total !== count.events ? `of ${formatCount(count.total)}` : count ? 'all' : '';
  return (
    <dl className="tc-key-numbers" aria-label="Key numbers of the selection">
      <Fact
        name="Events"
        value={count ? formatCount(count.events) : ''}
        note={of}
        onClick={() => navigate({ view: 'events' })}
        hint="Open the events of this selection"
      />
      <Fact
        name="Failed"
        value={count ? formatCount(count.failed) : ''}
        note={
          count && count.events > 0
            ? `${formatPercent(count.failed, count.events)}${count.denied > 0 ? `, ⊘ ${formatCount(count.denied)} of these denied` : ''}`
            : ''
        }
      />
      <Fact
        name="Principals"
        value={answer ? formatCount(answer.distinct.principal) : ''}
        note=""
        onClick={() => navigate({ view: 'principals' })}
        hint="Open the principals of this selection."
      />
      <Fact name="Source IPs" value={answer ? formatCount(answer.distinct.sourceIPAddress) : ''} note="" />
      <Fact time name={`First (${words.zone})`} value={count ? (count.first === null ? '–' : words.time(count.first)) : ''} note="" />
      <Fact time name={`Last (${words.zone})`} value={count ? (count.last === null ? '–' : words.time(count.last)) : ''} note="" />
    </dl>
  );
}

function Fact({
  time = false,
  name,
  value,
  note,
  onClick,
  hint,
}: {
  time?: boolean;
  name: string;
  value: string;
  note: string;
  onClick?: () => void;
  hint?: string;
}): ReactNode {
  return (
    <div className={`tc-fact tc-card${time ? ' tc-fact-time' : ''}`}>
      <dt>{name}</dt>
      <dd>
        {onClick ? (
          <UnstyledButton className="tc-fact-value" title={hint} aria-label={`${name}: ${value}. ${hint ?? ''}`} onClick={onClick}>
            {value}
          </UnstyledButton>
        ) : (
          <span className="tc-fact-value">{value}</span>
        )}
        <span className="tc-fact-note">{note}</span>
      </dd>
    </div>
  );
}
