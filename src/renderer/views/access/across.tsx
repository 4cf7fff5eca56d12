/** Who assumed in, who assumed out: calls by pair of accounts, identity, and role or service. Question 15. */
import { Button, SegmentedControl } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { AcrossAnswer, AcrossRow } from '../../../shared/access.ts';
import { Loading } from '../../app/loading.tsx';
import { CoverageNote } from '../../components/coverage-note.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { countOf, formatCount } from '../../components/numbers.ts';
import { type TimeWords, useTime } from '../../components/use-time.ts';
import { VisibleText, visibleString } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { isEverything, useSelection } from '../../state/selection.ts';
import { escapeMarkdown } from '../notes/citation.ts';
import { startNote } from '../notes/cite.ts';
import { openEvents } from '../subject/statement.tsx';
import { ValueLink } from '../subject/value-row.tsx';
import { Denied, Failed, PAGE, Pages, type TabProps } from './parts.tsx';
import { useAcross } from './queries.ts';
import { directionWords, recordedWords } from './words.ts';

type Which = 'all' | AcrossRow['direction'];
const NOTED = 30;

export function AcrossTab({ openMenu }: TabProps): ReactNode {
  const { value: answer, error } = useAcross();
  const selection = useSelection((s) => s.selection);
  const clear = useSelection((s) => s.clear);
  const time = useTime();
  if (error) return <Failed message={error.message} />;
  if (!answer) return <Loading what="the calls across accounts" />;
  if (answer.totals.calls === 0) {
    return (
      <EmptyState
        title="No call across accounts in this selection"
        actions={isEverything(selection) ? null : <Button onClick={clear}>Reset the selection</Button>}
      >
        No record here names a caller of another account, a role of another account, or a call that another account recorded too. Calls that
        AWS services make between accounts bear no account of a caller and are not among them.
        <CoverageNote />
      </EmptyState>
    );
  }
  return <Rows answer={answer} time={time} openMenu={openMenu} />;
}

function Rows({ answer, time, openMenu }: { answer: AcrossAnswer; time: TimeWords } & TabProps): ReactNode {
  const { totals } = answer;
  const [which, setWhich] = useState<Which>('all');
  const [from, setFrom] = useState(0);
  const rows = answer.rows.filter((row) => which === 'all' || row.direction === which);
  const start = Math.min(from, Math.max(0, rows.length - 1));
  const choices: [Which, string, number][] = [
    ['all', 'All', totals.calls],
    ['in', 'In from foreign', totals.in],
    ['out', 'Out to foreign', totals.out],
    ['between', 'Between', totals.between],
  ];
  return (
    <section className="tc-card tc-sub-card" aria-label="Calls across accounts">
      <div className="tc-sub-card-head">
        <h2 className="tc-card-title">{countOf(totals.calls, 'call')}</h2>
        <span className="tc-soft">
          {countOf(totals.pairs, 'pair')} of accounts; {countOf(totals.foreignAccounts, 'foreign account')}; {countOf(totals.twins, 'call')}{' '}
          recorded by both sides, counted once
        </span>
        <SegmentedControl
          size="xs"
          aria-label="Which direction"
          value={which}
          onChange={(next) => {
            setWhich(next as Which);
            setFrom(0);
          }}
          data={choices.map(([value, label, n]) => ({ value, label: `${label} (${formatCount(n)})` }))}
        />
        <Button variant="default" size="compact-xs" onClick={() => startNote(noteOf(answer, time), citedOf(answer))}>
          Note from this page
        </Button>
      </div>
      {rows.length === 0 ? <p className="tc-sub-none">None of them.</p> : null}
      <div className="tc-acc-scroll">
        <table className="tc-sub-table tc-acc-table" aria-label="Calls across accounts">
          <thead>
            <tr>
              <th className="fit">From account</th>
              <th className="fit">To account</th>
              <th className="who">Who</th>
              <th className="what">Role assumed, or service used</th>
              <th className="num">Calls</th>
              <th className="num">Denied</th>
              <th className="fit">Recorded by</th>
              <th className="time">First and last ({time.zone})</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(start, start + PAGE).map((row) => (
              <Row key={`${row.callerKey} ${row.calledKey}`} row={row} time={time} openMenu={openMenu} />
            ))}
          </tbody>
        </table>
      </div>
      <Pages from={start} total={rows.length} all={rows.length + (answer.rowsTotal - answer.rows.length)} what="row" onFrom={setFrom} />
      {answer.leftOut > 0 ? <p className="tc-sub-none">{countOf(answer.leftOut, 'further call')} are counted but in no row.</p> : null}
    </section>
  );
}

interface AccountProps extends TabProps {
  account: string;
  foreign: boolean;
  /** Null: no event holds the account in a column of its own, only in an ARN. */
  column: 'account' | 'callerAccount' | null;
  children?: ReactNode;
}

function Account({ account, foreign, openMenu, column, children }: AccountProps): ReactNode {
  return (
    <td className="fit">
      {column === null ? <VisibleText text={account} /> : <ValueLink column={column} value={account} openMenu={openMenu} />}
      {foreign ? (
        <span className="tc-acc-mark" title="Nothing in this case was recorded in this account">
          ▲ foreign
        </span>
      ) : null}
      {children}
    </td>
  );
}

function Row({ row, time, openMenu }: { row: AcrossRow; time: TimeWords } & TabProps): ReactNode {
  const openEvent = useApp((s) => s.openEvent);
  const direction = directionWords[row.direction];
  const record = (label: string, key: AcrossRow['callerKey']): ReactNode =>
    key === null ? null : (
      <button type="button" className="tc-link" onClick={() => openEvent(key)}>
        {label}
      </button>
    );
  return (
    <tr>
      <Account column="callerAccount" account={row.from} foreign={row.fromForeign} openMenu={openMenu} />
      <Account column={row.toForeign ? null : 'account'} account={row.to} foreign={row.toForeign} openMenu={openMenu}>
        <span className="tc-soft" title={direction.help}>
          {direction.sign} {direction.word}
        </span>
      </Account>
      <td>
        {row.who ? (
          <ValueLink column={row.who.column} value={row.who.value} openMenu={openMenu} />
        ) : (
          <span className="tc-sub-absent">not recorded</span>
        )}
        {row.who?.column === 'principalId' ? (
          <span className="tc-soft" title="Only the called account recorded it, which knows the caller by its unique ID">
            known by its ID only
          </span>
        ) : null}
      </td>
      <td>
        {row.what ? (
          <ValueLink column={row.what.column} value={row.what.value} openMenu={openMenu} />
        ) : (
          <span className="tc-sub-absent">not recorded</span>
        )}
        <span className="tc-soft tc-acc-used">
          {row.actions.map((a) => `${visibleString(a.value ?? '(absent)')} ${formatCount(a.events)}`).join(', ')}
        </span>
        {row.how === 'called'
          ? row.resources.slice(0, 3).map((r) => <ValueLink key={r.value} column="resource" value={r.value} openMenu={openMenu} />)
          : null}
      </td>
      <td className="num">{formatCount(row.calls)}</td>
      <td className="num" title={row.failed > row.denied ? `${formatCount(row.failed)} failed` : undefined}>
        <Denied n={row.denied} />
      </td>
      <td className="fit">
        <span className="tc-soft">{recordedWords(row.recorded)}</span>
        <span className="tc-acc-links">
          {record('caller’s record', row.callerKey)} {record('called one’s record', row.calledKey)}
        </span>
      </td>
      <td className="time">
        <button type="button" className="tc-link" onClick={() => openEvents(row.opens)} title="Show its records">
          {row.first === null ? 'no time' : time.time(row.first)}
        </button>
        {row.last !== null && row.last !== row.first ? <span className="tc-soft">{time.time(row.last)}</span> : null}
      </td>
    </tr>
  );
}

const citedOf = ({ rows }: AcrossAnswer): NonNullable<AcrossRow['callerKey']>[] =>
  rows
    .slice(0, 20)
    .flatMap((row) => [row.callerKey, row.calledKey])
    .filter((key) => key !== null)
    .slice(0, 20);

function noteOf({ totals, rows, rowsTotal }: AcrossAnswer, time: TimeWords): string {
  const account = (id: string, foreign: boolean): string => `${escapeMarkdown(id)}${foreign ? ' (foreign)' : ''}`;
  const lines = rows.slice(0, NOTED).map((row) => {
    const what = row.what ? escapeMarkdown(row.what.value) : 'not recorded';
    const denied = row.denied > 0 ? `, ${formatCount(row.denied)} denied` : '';
    return `- ${account(row.from, row.fromForeign)} → ${account(row.to, row.toForeign)}: ${escapeMarkdown(row.who?.value ?? 'not recorded')} ${row.how === 'assumed' ? 'assumed' : 'called'} ${what}, ${countOf(row.calls, 'call')}${denied}, first ${time.zoned(row.first)}`;
  });
  const more = rowsTotal > NOTED ? [`- and ${formatCount(rowsTotal - NOTED)} more`] : [];
  return `# Across accounts\n\n${countOf(totals.calls, 'call')}: ${formatCount(totals.in)} in, ${formatCount(totals.out)} out, ${formatCount(totals.between)} between accounts with records here.\n\n${[...lines, ...more].join('\n')}\n\n`;
}
