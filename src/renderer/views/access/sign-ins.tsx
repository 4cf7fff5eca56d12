/** Sign-ins: what stands out, then a row for each identity and address. Questions 11 and 12. */
import { Button, SegmentedControl } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { SignInRow, SignInsAnswer } from '../../../shared/access.ts';
import { Loading } from '../../app/loading.tsx';
import { CoverageNote } from '../../components/coverage-note.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { countOf, formatCount } from '../../components/numbers.ts';
import { type TimeWords, useTime } from '../../components/use-time.ts';
import { useApp } from '../../state/app.ts';
import { isEverything, useSelection } from '../../state/selection.ts';
import { startNote } from '../notes/cite.ts';
import { openEvents } from '../subject/statement.tsx';
import { ValueLink } from '../subject/value-row.tsx';
import { citedIn, Denied, Failed, PAGE, Pages, Points, pointLines, type TabProps } from './parts.tsx';
import { useSignIns } from './queries.ts';
import { hiddenHelp, mfaWords, placeHelp, placeWords, signInsSentence } from './words.ts';

type Which = 'all' | 'failed' | 'noMfa' | 'new';

const WHICH: readonly { which: Which; label: string; test: (row: SignInRow) => boolean }[] = [
  { which: 'all', label: 'All', test: () => true },
  { which: 'failed', label: 'Failed', test: (row) => row.failed > 0 },
  { which: 'noMfa', label: 'Without MFA', test: (row) => row.mfa.no > 0 },
  { which: 'new', label: 'From a new place', test: (row) => row.place.state === 'new' },
];

export function SignInsTab({ openMenu }: TabProps): ReactNode {
  const { value: answer, error } = useSignIns();
  const selection = useSelection((s) => s.selection);
  const clear = useSelection((s) => s.clear);
  const time = useTime();
  if (error) return <Failed message={error.message} />;
  if (!answer) return <Loading what="the sign-ins" />;
  if (answer.totals.signIns === 0) {
    return (
      <EmptyState
        title="No sign-in in this selection"
        actions={isEverything(selection) ? null : <Button onClick={clear}>Reset the selection</Button>}
      >
        No ConsoleLogin, and no sign-in to IAM Identity Center, is among these events. Sign-ins are recorded in the Region of the sign-in
        page, those of root and many others in us-east-1 only.
        <CoverageNote filter={{ op: 'in', column: 'eventName', values: ['ConsoleLogin'] }} />
      </EmptyState>
    );
  }
  return (
    <>
      <section className="tc-card tc-sub-card" aria-label="What stands out among the sign-ins">
        <div className="tc-sub-card-head">
          <h2 className="tc-card-title">{countOf(answer.totals.signIns, 'sign-in')}</h2>
          <span className="tc-soft">{signInsSentence(answer)}</span>
          <Button variant="default" size="compact-xs" onClick={() => startNote(noteOf(answer, time), citedIn(answer.points))}>
            Note from this page
          </Button>
        </div>
        {answer.points.length > 0 ? (
          <Points points={answer.points} time={time} openMenu={openMenu} />
        ) : (
          <p className="tc-sub-none">No guessing of passwords, no user or root without MFA, no new place among them.</p>
        )}
        {answer.morePoints > 0 ? (
          <p className="tc-sub-none">and {countOf(answer.morePoints, 'further point')} that are not listed.</p>
        ) : null}
      </section>
      <Rows answer={answer} time={time} openMenu={openMenu} />
    </>
  );
}

const noteOf = (answer: SignInsAnswer, time: TimeWords): string =>
  `# Sign-ins\n\n${countOf(answer.totals.signIns, 'sign-in')}: ${signInsSentence(answer)}\n\n${pointLines(answer.points, time).join('\n')}\n\n`;

function Rows({ answer, time, openMenu }: { answer: SignInsAnswer; time: TimeWords } & TabProps): ReactNode {
  const [which, setWhich] = useState<Which>('all');
  const [from, setFrom] = useState(0);
  const test = WHICH.find((w) => w.which === which)?.test ?? (() => true);
  const rows = answer.rows.filter(test);
  const start = Math.min(from, Math.max(0, rows.length - 1));
  return (
    <section className="tc-card tc-sub-card" aria-label="Sign-ins by identity and address">
      <div className="tc-sub-card-head">
        <h2 className="tc-card-title">{countOf(answer.rowsTotal, 'identity and address', 'identities and addresses')}</h2>
        <span className="tc-soft">latest first</span>
        <SegmentedControl
          size="xs"
          aria-label="Which sign-ins"
          value={which}
          onChange={(next) => {
            setWhich(next as Which);
            setFrom(0);
          }}
          data={WHICH.map((w) => ({ value: w.which, label: `${w.label} (${formatCount(answer.rows.filter(w.test).length)})` }))}
        />
      </div>
      {rows.length === 0 ? <p className="tc-sub-none">None of them.</p> : null}
      <div className="tc-acc-scroll">
        <table className="tc-sub-table tc-acc-table" aria-label="Sign-ins">
          <thead>
            <tr>
              <th className="who">Who</th>
              <th className="fit">From</th>
              <th className="num">Succeeded</th>
              <th className="num">Failed</th>
              <th className="num" title="Failures of this identity, from any address, since its last success, before a success of this row">
                before a success
              </th>
              <th className="tc-acc-words" title="Of the sign-ins that succeeded, as recorded">
                MFA
              </th>
              <th className="tc-acc-words" title="Compared with earlier events of the same identity in all files">
                Place
              </th>
              <th className="time">First ({time.zone})</th>
              <th className="time">Last ({time.zone})</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(start, start + PAGE).map((row) => (
              <Row key={row.firstKey} row={row} time={time} openMenu={openMenu} />
            ))}
          </tbody>
        </table>
      </div>
      <Pages from={start} total={rows.length} all={rows.length + (answer.rowsTotal - answer.rows.length)} what="row" onFrom={setFrom} />
    </section>
  );
}

function Row({ row, time, openMenu }: { row: SignInRow; time: TimeWords } & TabProps): ReactNode {
  const openEvent = useApp((s) => s.openEvent);
  return (
    <tr>
      <td>
        <ValueLink column="principal" value={row.principal} openMenu={openMenu} />
        <span className="tc-soft">
          {row.hidden ? <span title={hiddenHelp}>name hidden by AWS </span> : null}
          {row.userName !== null && row.identityType === 'AssumedRole' ? (
            <ValueLink column="userName" value={row.userName} openMenu={openMenu} />
          ) : null}
          {row.account !== null && !row.principal?.startsWith(row.account) ? (
            <ValueLink column="account" value={row.account} openMenu={openMenu} />
          ) : null}
        </span>
      </td>
      <td className="fit">
        <ValueLink column="sourceIPAddress" value={row.sourceIPAddress} openMenu={openMenu} />
        {row.addressKind === null || row.addressKind === 'public' ? null : <span className="tc-soft">{row.addressKind}</span>}
      </td>
      <td className="num">
        {formatCount(row.succeeded)}
        {row.unclear > 0 ? (
          <span className="tc-soft" title="A summary such as the CSV of Event history does not say how they ended">
            {' '}
            + {formatCount(row.unclear)} not recorded
          </span>
        ) : null}
      </td>
      <td className="num">
        <Denied n={row.failed} />
      </td>
      <td className="num">{row.failuresBefore > 0 ? formatCount(row.failuresBefore) : <span className="tc-soft">0</span>}</td>
      <td className="tc-acc-words">
        <span
          className={row.mfa.no > 0 ? 'tc-acc-mark' : row.succeeded === 0 ? 'tc-soft' : undefined}
          title={row.succeeded === 0 ? 'None succeeded: MFA may not have been asked for yet' : undefined}
        >
          {mfaWords(row)}
        </span>
      </td>
      <td className="tc-acc-words" title={placeHelp(row.place, time)}>
        <span className={row.place.state === 'new' ? 'tc-acc-mark' : 'tc-soft'}>{placeWords(row.place)}</span>
      </td>
      <td className="time">
        <button type="button" className="tc-link" onClick={() => openEvent(row.firstKey)} title="Open the record">
          {row.first === null ? 'no time' : time.time(row.first)}
        </button>
      </td>
      <td className="time">
        <button type="button" className="tc-link" onClick={() => openEvents(row.opens)} title="Show its sign-ins">
          {row.last === null ? 'all' : time.time(row.last)}
        </button>
      </td>
    </tr>
  );
}
