/** The window against the subject's own history: what is new, when it acts, how it signed in, what it could do, what left. Questions 8 to 24, 32. */

import { Alert, Button } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import type { ActionUse, Behaviour, BucketReads, StatementSection } from '../../../shared/behaviour.ts';
import type { EpochMs } from '../../../shared/brand.ts';
import type { ValueColumnId } from '../../../shared/columns.ts';
import { HOUR_MS } from '../../../shared/coverage.ts';
import type { TimeRange } from '../../../shared/plan.ts';
import { roleOf } from '../../../shared/subjects.ts';
import { Loading } from '../../app/loading.tsx';
import { DENIED_HELP, FAILED_HELP } from '../../components/failures.tsx';
import { countOf, formatBytes, formatCount } from '../../components/numbers.ts';
import { type TimeWords, useTime } from '../../components/use-time.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { visibleString } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { useSelection } from '../../state/selection.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { escapeMarkdown } from '../notes/citation.ts';
import { startNote } from '../notes/cite.ts';
import { Hours } from './hours.tsx';
import { countedWords, Sentence, StatementLine, sentenceText } from './statement.tsx';
import { SECTION_WORDS } from './tab-words.ts';
import { ValueLink } from './value-row.tsx';
import './behaviour.css';

const SECTIONS: readonly { section: StatementSection; title: string }[] = [
  { section: 'new', title: 'First seen' },
  { section: 'hours', title: 'When' },
  { section: 'addresses', title: 'From where' },
  { section: 'authentication', title: 'How it authenticated' },
  { section: 'permissions', title: 'What it could do' },
  { section: 'discovery', title: 'Looking around' },
  { section: 'data', title: 'Data that left' },
];
/** Sections with a table take the whole width. */
const WIDE: readonly StatementSection[] = ['permissions', 'data'];
const ACTIONS_SHOWN = 60;

export interface SubjectTabProps {
  column: ValueColumnId;
  value: string;
  openMenu: ValueMenuControl['open'];
}

export default function BehaviourTab({ column, value, openMenu }: SubjectTabProps): ReactNode {
  const selection = useSelection((s) => s.selection);
  const time = useTime();
  const { value: behaviour, error } = useAnswer(['behaviour', column, value, selection], (engine) =>
    engine.query.behaviour({ column, value }, selection),
  );
  if (error) {
    return (
      <Alert color="red" title="The behaviour could not be computed.">
        {error.message}
      </Alert>
    );
  }
  if (!behaviour) return <Loading what="its behaviour" />;
  return <Shown behaviour={behaviour} time={time} openMenu={openMenu} />;
}

function Shown({ behaviour, time, openMenu }: { behaviour: Behaviour; time: TimeWords; openMenu: ValueMenuControl['open'] }): ReactNode {
  const { basis, totals } = behaviour;
  const sections = useMemo(
    () => SECTIONS.map((s) => ({ ...s, statements: behaviour.statements.filter((t) => t.section === s.section) })),
    [behaviour],
  );
  const role = roleOf(behaviour.subject.column);
  const titleOf = (section: StatementSection, title: string): string =>
    section === 'authentication' || section === 'permissions' ? SECTION_WORDS[section](role) : title;
  const card = ({ section, title, statements }: (typeof sections)[number]): ReactNode => {
    if (statements.length === 0 && section !== 'hours') return null;
    const notables = statements.filter((s) => s.weight === 'notable').length;
    return (
      <section key={section} className="tc-card tc-sub-card tc-sub-wide" aria-label={titleOf(section, title)}>
        <div className="tc-sub-card-head">
          <h2 className="tc-card-title">{titleOf(section, title)}</h2>
          <span className="tc-soft">{notables > 0 ? countOf(notables, 'point worth a look', 'points worth a look') : ''}</span>
        </div>
        {section === 'hours' ? <Hours hours={behaviour.hours} /> : null}
        <ul className="tc-beh-list">
          {statements.map((statement, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a kind may be stated twice
            <StatementLine key={`${statement.kind} ${i}`} statement={statement} time={time} openMenu={openMenu} />
          ))}
        </ul>
        {section === 'permissions' ? <Actions behaviour={behaviour} time={time} openMenu={openMenu} /> : null}
        {section === 'data' ? <Buckets behaviour={behaviour} time={time} openMenu={openMenu} /> : null}
      </section>
    );
  };
  return (
    <>
      <div className="tc-beh-basis">
        <p>
          {countOf(totals.events, 'event')} in the window, {formatCount(totals.before)} before it, {formatCount(totals.after)} after it:{' '}
          <Sentence parts={basis.sentence} time={time} openMenu={openMenu} />.
          {basis.history === 'thin' ? ' That is little history: what is called new may only be rare.' : ''}
          {isLonger(behaviour) ? ' The window is longer than the evidence: nothing can lie before it.' : ''}
          {basis.history === 'none' ? ' Without history nothing can be called new: choose a time range that begins later.' : ''}
        </p>
        <Windows window={behaviour.window} last={totals.last} />
        <Button variant="default" size="compact-xs" onClick={() => startNote(behaviourNote(behaviour, time), notable(behaviour))}>
          Note from this page
        </Button>
      </div>
      <div className="tc-beh-cards">{sections.filter((s) => !WIDE.includes(s.section)).map(card)}</div>
      {sections.filter((s) => WIDE.includes(s.section)).map(card)}
    </>
  );
}

const WINDOWS = [
  { label: '1 h', ms: HOUR_MS },
  { label: '24 h', ms: 24 * HOUR_MS },
  { label: '7 d', ms: 168 * HOUR_MS },
];

const isLonger = ({ window, basis }: Behaviour): boolean =>
  window.from !== null && basis.evidenceFrom !== null && window.from <= basis.evidenceFrom;

/** Without a beginning the window has no history: these choose one, back from the last event. They stay, so that another can be chosen. */
export function Windows({ window, last }: { window: TimeRange; last: EpochMs | null }): ReactNode {
  const setTime = useSelection((s) => s.setTime);
  const { to } = window;
  if (last === null && window.from === null) return null;
  const fromOf = (ms: number): EpochMs | null => (last === null ? null : ((Math.floor((last - ms) / 1000) * 1000) as EpochMs));
  const isChosen = (ms: number): boolean => window.from !== null && window.from === fromOf(ms);
  return (
    <span className="tc-beh-windows">
      Its last{' '}
      {WINDOWS.map(({ label, ms }) => (
        <Button
          key={label}
          variant={isChosen(ms) ? 'light' : 'default'}
          size="compact-xs"
          disabled={last === null}
          aria-pressed={isChosen(ms)}
          onClick={() => setTime({ from: fromOf(ms), to })}
        >
          {label}
        </Button>
      ))}
      {window.from === null ? null : (
        <Button variant="default" size="compact-xs" onClick={() => setTime({ from: null, to })}>
          From the beginning
        </Button>
      )}
    </span>
  );
}

const notable = (b: Behaviour) =>
  [...new Set(b.statements.filter((s) => s.weight === 'notable').flatMap((s) => s.cited.slice(0, 2)))].slice(0, 20);

function behaviourNote(b: Behaviour, time: TimeWords): string {
  const lines = [`# ${escapeMarkdown(b.subject.value)}: against its own history`, ''];
  lines.push(
    `${countOf(b.totals.events, 'event')} in ${escapeMarkdown(time.range(b.window))}; ${escapeMarkdown(sentenceText(b.basis.sentence, time))}`,
    '',
  );
  for (const { section, title } of SECTIONS) {
    const statements = b.statements.filter((s) => s.section === section);
    if (statements.length === 0) continue;
    lines.push(`## ${title}`, '');
    for (const { weight, parts, values } of statements) {
      lines.push(`- ${weight === 'notable' ? '▲ ' : ''}${escapeMarkdown(sentenceText(parts, time))}`);
      for (const v of values.slice(0, 5)) lines.push(`  - ${escapeMarkdown(v.value)} (${countedWords(v)})`);
    }
    lines.push('');
  }
  return `${lines.join('\n')}\n`;
}

interface TableProps {
  behaviour: Behaviour;
  time: TimeWords;
  openMenu: ValueMenuControl['open'];
}

function Actions({ behaviour, time, openMenu }: TableProps): ReactNode {
  const shown = behaviour.actions.slice(0, ACTIONS_SHOWN);
  if (shown.length === 0) return null;
  const left = behaviour.actionsTotal - shown.length;
  return (
    <>
      <table className="tc-sub-table" aria-label="Actions and their outcome">
        <thead>
          <tr>
            <th>Action</th>
            <th>Service</th>
            <th className="num" title="In the window, and before it">
              Succeeded
            </th>
            <th className="num" title={FAILED_HELP}>
              Failed
            </th>
            <th className="num" title={DENIED_HELP}>
              of which denied
            </th>
            <th>Denied, then worked ({time.zone})</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((action) => (
            <ActionRow key={`${action.eventSource} ${action.eventName}`} action={action} time={time} openMenu={openMenu} />
          ))}
        </tbody>
      </table>
      {left > 0 ? <p className="tc-sub-none">and {countOf(left, 'further action')}: see Activity.</p> : null}
    </>
  );
}

function ActionRow({ action, time, openMenu }: { action: ActionUse; time: TimeWords; openMenu: ValueMenuControl['open'] }): ReactNode {
  const openEvent = useApp((s) => s.openEvent);
  const turn = action.deniedThenSucceeded;
  const before = (n: number): string | undefined => (n > 0 ? `and ${formatCount(n)} before the window` : undefined);
  return (
    <tr>
      <td>
        <ValueLink column="eventName" value={action.eventName} openMenu={openMenu} />
      </td>
      <td>
        <ValueLink column="eventSource" value={action.eventSource} openMenu={openMenu} />
      </td>
      <td className="num" title={before(action.succeededBefore)}>
        {formatCount(action.succeeded)}
        {action.unsaid > 0 ? <span className="tc-soft"> ({formatCount(action.unsaid)} without outcome)</span> : null}
      </td>
      <td className="num">
        {action.failed > 0 ? <span className="tc-failed">{formatCount(action.failed)}</span> : <span className="tc-soft">0</span>}
      </td>
      <td className="num" title={before(action.deniedBefore)}>
        {action.denied > 0 ? (
          <span className="tc-sub-outcome denied">⊘ {formatCount(action.denied)}</span>
        ) : (
          <span className="tc-soft">0</span>
        )}
      </td>
      <td>
        {turn ? (
          <>
            <button type="button" className="tc-link" onClick={() => openEvent(turn.denied)} title={time.zoned(turn.deniedAt)}>
              denied{turn.deniedInWindow ? '' : ` ${time.time(turn.deniedAt)}, before the window`}
            </button>{' '}
            →{' '}
            <button type="button" className="tc-link" onClick={() => openEvent(turn.succeeded)}>
              {time.time(turn.succeededAt)}
            </button>
            {resourceWords(turn)}
          </>
        ) : null}
      </td>
    </tr>
  );
}

function resourceWords({ sameResource, shared }: NonNullable<ActionUse['deniedThenSucceeded']>): string {
  if (sameResource === 'yes') return ' (same resource)';
  if (sameResource === 'no') return ' (another resource)';
  return sameResource === 'partly' ? ` (only ${shared.map((name) => visibleString(name)).join(', ')} in both)` : ' (resource not known)';
}

function Buckets({ behaviour, time, openMenu }: TableProps): ReactNode {
  if (behaviour.buckets.length === 0) return null;
  const left = behaviour.bucketsTotal - behaviour.buckets.length;
  return (
    <>
      <table className="tc-sub-table" aria-label="Reading by bucket">
        <thead>
          <tr>
            <th>Bucket</th>
            <th className="num">Reads</th>
            <th className="num">Objects</th>
            <th className="num">Denied</th>
            <th className="num">Bytes out</th>
            <th className="time">First ({time.zone})</th>
            <th className="time">Last ({time.zone})</th>
          </tr>
        </thead>
        <tbody>
          {behaviour.buckets.map((bucket) => (
            <BucketRow key={bucket.bucket ?? ''} bucket={bucket} time={time} openMenu={openMenu} />
          ))}
        </tbody>
      </table>
      {left > 0 ? <p className="tc-sub-none">and {countOf(left, 'further bucket')}.</p> : null}
    </>
  );
}

function BucketRow({ bucket, time, openMenu }: { bucket: BucketReads; time: TimeWords; openMenu: ValueMenuControl['open'] }): ReactNode {
  const openEvent = useApp((s) => s.openEvent);
  const unsaid = bucket.reads - bucket.readsWithBytes;
  return (
    <tr>
      <td>
        <ValueLink column="resource" value={bucket.bucket} openMenu={openMenu} />
      </td>
      <td className="num">{formatCount(bucket.reads)}</td>
      <td className="num">{formatCount(bucket.objects)}</td>
      <td className="num">{formatCount(bucket.denied)}</td>
      <td className="num" title={unsaid > 0 ? `${countOf(unsaid, 'read')} did not record its bytes: the sum is a lower bound` : undefined}>
        {unsaid > 0 && bucket.readsWithBytes > 0 ? '≥ ' : ''}
        {bucket.readsWithBytes === 0 ? 'not recorded' : formatBytes(bucket.bytesOut)}
      </td>
      <td className="time">
        <button type="button" className="tc-link" onClick={() => openEvent(bucket.firstKey)}>
          {time.time(bucket.first)}
        </button>
      </td>
      <td className="time">{time.time(bucket.last)}</td>
    </tr>
  );
}
