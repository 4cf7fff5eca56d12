/** Who, what, where, when and outcome: the sentence, then every column's value. */
import { type ReactNode, useMemo } from 'react';
import type { EpochMs } from '../../../shared/brand.ts';
import { type ColumnId, columnSpec } from '../../../shared/columns.ts';
import { EMPTY_SELECTION } from '../../../shared/plan.ts';
import { useApp } from '../../state/app.ts';
import { usePlan } from '../../state/engine.tsx';
import { useSelection } from '../../state/selection.ts';
import { countOf } from '../numbers.ts';
import { useTime } from '../use-time.ts';
import { useValueMenu } from '../value-menu.tsx';
import { valueWords } from '../value-words.ts';
import { cut, VisibleText } from '../visible-text.tsx';
import { FACT_GROUPS, type Fact } from './facts.ts';
import { sentenceOf } from './sentence.ts';
import type { OpenEvent } from './use-event.ts';
import { type CopyVerdicts, useVerdicts } from './use-verdicts.ts';
import { DetailValue } from './value.tsx';
import { VerdictReason } from './verdict.tsx';

const PHRASE_LIMIT = 220;

export function Sentence({ event }: { event: OpenEvent }): ReactNode {
  const menu = useValueMenu();
  const phrases = useMemo(() => sentenceOf(event.parsed.root, event.details.values), [event]);
  return (
    <p className="tc-detail-sentence">
      {phrases.map((phrase, i) => {
        const { column, value } = phrase;
        const text = (
          <VisibleText text={cut(phrase.text, PHRASE_LIMIT)} limit={phrase.text.length > PHRASE_LIMIT ? PHRASE_LIMIT - 1 : undefined} />
        );
        const tone = phrase.tone ? `tc-tone-${phrase.tone}` : '';
        if (!column || value === undefined) {
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: phrases have no identity but their place
            <span key={i} className={tone}>
              {text}
            </span>
          );
        }
        return (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: phrases have no identity but their place
            key={i}
            type="button"
            className={`tc-detail-phrase ${tone}`}
            title={`${columnSpec(column).label}: ${cut(value, 300)}`}
            onClick={(e) => menu.open(e.currentTarget, { column, values: [value], time: event.details.time })}
          >
            {text}
          </button>
        );
      })}
      {menu.menu}
    </p>
  );
}

/** How many other events share the second; nothing when none do. */
export function SameSecond({ time }: { time: EpochMs | null }): ReactNode {
  const { result } = usePlan('details/second', ofSecond(time), time === null ? null : [{ ask: 'count' }]);
  const replace = useSelection((s) => s.replace);
  const navigate = useApp((s) => s.navigate);
  const others = time === null ? 0 : (result?.answers[0].events ?? 1) - 1;
  if (others <= 0) return null;
  return (
    <p className="tc-detail-remark">
      {countOf(others, 'other event')} in the same second, order unknown.{' '}
      <button
        type="button"
        className="tc-tree-all"
        onClick={() => {
          replace(ofSecond(time));
          navigate({ view: 'events' });
        }}
      >
        Show them
      </button>
    </p>
  );
}

function ofSecond(time: EpochMs | null): typeof EMPTY_SELECTION {
  if (time === null) return EMPTY_SELECTION;
  const from = (Math.floor(time / 1000) * 1000) as EpochMs;
  return { ...EMPTY_SELECTION, time: { from, to: (from + 1000) as EpochMs } };
}

export function Summary({ event }: { event: OpenEvent }): ReactNode {
  const { root } = event.parsed;
  const verdicts = useVerdicts(event.details);
  return (
    <div className="tc-detail-summary">
      {FACT_GROUPS.map((group) => (
        <section key={group.title}>
          <h3>{group.title}</h3>
          <dl>
            {group.columns.map((column) => (
              <ColumnFact key={column} event={event} column={column} verdicts={verdicts} />
            ))}
            {root
              ? group.facts(root).map((fact, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a hostile record may name a field twice
                  <RecordFact key={i} fact={fact} />
                ))
              : null}
          </dl>
        </section>
      ))}
    </div>
  );
}

function ColumnFact({ event, column, verdicts }: { event: OpenEvent; column: ColumnId; verdicts: CopyVerdicts }): ReactNode {
  const { details } = event;
  const time = useTime();
  const spec = columnSpec(column);
  const stored = column === 'eventID' ? details.eventID : details.values[column];
  const values = Array.isArray(stored) ? stored : [stored ?? null];
  const shownCopy = details.copies.find((c) => c.shown);
  return (
    <>
      <dt title={spec.help}>{spec.label}</dt>
      <dd>
        {column === 'eventTime' ? (
          <DetailValue
            column={column}
            value={details.time === null ? null : new Date(details.time).toISOString()}
            shown={time.zoned(details.time)}
            time={details.time}
          />
        ) : column === 'integrity' ? (
          <>
            <DetailValue column={column} value={values[0]} shown={valueWords(column, values[0])} time={details.time} />
            <VerdictReason details={details} verdicts={verdicts} />
          </>
        ) : column === 'file' ? (
          <DetailValue column={column} value={values[0] ?? shownCopy?.file.path ?? null} time={details.time} />
        ) : (
          (values.length > 0 ? values : [null]).map((value, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a value may occur twice
            <DetailValue key={i} column={column} value={value} time={details.time} />
          ))
        )}
      </dd>
    </>
  );
}

function RecordFact({ fact }: { fact: Fact }): ReactNode {
  return (
    <>
      <dt>{fact.label}</dt>
      <dd className={fact.remark ? 'tc-detail-remark' : undefined}>
        <VisibleText text={fact.text} limit={2000} />
      </dd>
    </>
  );
}
