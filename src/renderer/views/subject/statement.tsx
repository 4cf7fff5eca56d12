/** Sentences of the behaviour engine on screen: values with their menu, times in the chosen zone, and what opens the events. */
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Opening, SentencePart, Statement, StatementValue } from '../../../shared/behaviour.ts';
import { countOf, formatBytes, formatCount } from '../../components/numbers.ts';
import type { TimeWords } from '../../components/use-time.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { MiddleText, visibleString } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { useSelection } from '../../state/selection.ts';
import { ValueLink } from './value-row.tsx';

const VALUES_FIRST = 6;

interface Shown {
  time: TimeWords;
  openMenu: ValueMenuControl['open'];
}

/** The selection that shows the events of a statement, and the events view. */
export function openEvents({ time, filters }: Opening): void {
  const { selection, replace } = useSelection.getState();
  replace({ ...selection, time, filters, hideReadOnly: false, hideServiceCalls: false });
  useApp.getState().navigate({ view: 'events' });
}

export function Sentence({ parts, time, openMenu }: { parts: readonly SentencePart[] } & Shown): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
  return parts.map((part, i) => <Part key={i} part={part} time={time} openMenu={openMenu} />);
}

function Part({ part, time, openMenu }: { part: SentencePart } & Shown): ReactNode {
  if (typeof part === 'string' || part.part !== 'value') return partText(part, time);
  if (part.column === null) return <bdi dir="ltr">{visibleString(part.value)}</bdi>;
  return (
    <span className="tc-beh-inline">
      <ValueLink column={part.column} value={part.value} openMenu={openMenu} />
    </span>
  );
}

function partText(part: SentencePart, time: Pick<TimeWords, 'zoned'>): string {
  if (typeof part === 'string') return part;
  switch (part.part) {
    case 'value':
      return part.value;
    case 'count':
      return countOf(part.count, part.one, part.many);
    case 'time':
      return time.zoned(part.time);
    case 'day':
      return new Date(part.day).toISOString().slice(0, 10);
    case 'bytes':
      return formatBytes(part.bytes);
    default:
      return `${Math.round(part.percent)} %`;
  }
}

/** The same sentence as plain text, for notes. */
export const sentenceText = (parts: readonly SentencePart[], time: Pick<TimeWords, 'zoned'>): string =>
  parts.map((part) => partText(part, time)).join('');

const MARK: Record<Statement['weight'], { sign: string; word: string }> = {
  notable: { sign: '▲', word: 'Worth a look' },
  plain: { sign: '·', word: 'Fact' },
  limit: { sign: '○', word: 'Cannot be known here' },
};

interface LineProps extends Shown {
  statement: Pick<Statement, 'weight' | 'parts' | 'values' | 'more' | 'opens' | 'cited'>;
  /** Before and behind the sentence. */
  before?: ReactNode;
  after?: ReactNode;
}

export function StatementLine({ statement, time, openMenu, before, after }: LineProps): ReactNode {
  const [all, setAll] = useState(false);
  const openEvent = useApp((s) => s.openEvent);
  const { weight, parts, values, more, opens, cited } = statement;
  const shown = all ? values : values.slice(0, VALUES_FIRST);
  return (
    <li className="tc-beh-line" data-weight={weight}>
      <span className="tc-beh-mark" role="img" title={MARK[weight].word} aria-label={MARK[weight].word}>
        {MARK[weight].sign}
      </span>
      <div>
        <p>
          {before}
          <Sentence parts={parts} time={time} openMenu={openMenu} /> {after}{' '}
          {opens ? (
            <button type="button" className="tc-link" onClick={() => openEvents(opens)}>
              Show the events
            </button>
          ) : null}{' '}
          {cited.slice(0, 3).map((key, i) => (
            <button key={key} type="button" className="tc-link" onClick={() => openEvent(key)} title="Open the record">
              {cited.length === 1 ? 'record' : `record ${i + 1}`}
            </button>
          ))}
        </p>
        {shown.length > 0 ? (
          <ul className="tc-beh-values">
            {shown.map((value) => (
              <ValueItem key={`${value.column} ${value.value} ${value.firstKey}`} value={value} time={time} openMenu={openMenu} />
            ))}
          </ul>
        ) : null}
        {values.length > VALUES_FIRST || more > 0 ? (
          <div className="tc-beh-more">
            {values.length > VALUES_FIRST ? (
              <Button variant="subtle" size="compact-xs" onClick={() => setAll(!all)}>
                {all ? 'Show fewer' : `Show ${formatCount(values.length)}`}
              </Button>
            ) : null}
            {more > 0 && all ? <span className="tc-soft">and {formatCount(more)} more that are not listed</span> : null}
          </div>
        ) : null}
      </div>
    </li>
  );
}

export const countedWords = ({ events, counted: [one, many] = ['event', 'events'] }: StatementValue): string => countOf(events, one, many);

function ValueItem({ value, time, openMenu }: { value: StatementValue } & Shown): ReactNode {
  const openEvent = useApp((s) => s.openEvent);
  return (
    <li>
      <span className="tc-beh-value">
        {value.column === null ? (
          <MiddleText text={value.value} />
        ) : (
          <ValueLink column={value.column} value={value.value} openMenu={openMenu} />
        )}
      </span>
      {value.note ? (
        <span className="tc-soft tc-beh-note" title={visibleString(value.note)}>
          {visibleString(value.note)}
        </span>
      ) : null}
      <span className="tc-soft">{countedWords(value)}</span>
      {value.newToEvidence ? <span className="tc-beh-new">nobody else had it before</span> : null}
      {value.first === null ? null : (
        <button type="button" className="tc-link" onClick={() => openEvent(value.firstKey)}>
          {value.firstIs ?? 'first'} {time.time(value.first)}
        </button>
      )}
    </li>
  );
}
