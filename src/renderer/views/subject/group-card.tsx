/** A group of values on a subject's page, each with its successes, failures, first and last time. */
import { Button } from '@mantine/core';
import { memo, type ReactNode } from 'react';
import { columnSpec, type ValueColumnId } from '../../../shared/columns.ts';
import type { GroupAnswer } from '../../../shared/plan.ts';
import { FAILED_HELP, Failures } from '../../components/failures.tsx';
import { formatCount } from '../../components/numbers.ts';
import type { TimeWords } from '../../components/use-time.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { distinctOf, FEW, MANY } from './queries.ts';
import { shortTime } from './short-time.ts';
import { ValueActions, ValueLink } from './value-row.tsx';

interface Props {
  column: ValueColumnId;
  title: string;
  answer: GroupAnswer | undefined;
  all: boolean;
  toggleAll: (column: ValueColumnId) => void;
  time: TimeWords;
  openMenu: ValueMenuControl['open'];
}

export const GroupCard = memo(function GroupCard({ column, title, answer, all, toggleAll, time, openMenu }: Props): ReactNode {
  const rows = answer?.rows ?? [];
  const max = Math.max(1, ...rows.map((r) => r.count));
  const groups = answer?.groups ?? 0;
  const onlyAbsent = rows.length === 1 && rows[0].value === null;
  const shown = all ? 'Show fewer' : `Show ${formatCount(Math.min(groups, MANY))}`;
  return (
    <section className="tc-card tc-sub-card" aria-label={title} data-all={all || undefined}>
      <div className="tc-sub-card-head">
        <h2 className="tc-card-title" title={columnSpec(column).help}>
          {title}
        </h2>
        <span className="tc-soft">{answer ? formatCount(distinctOf(answer)) : ''}</span>
      </div>
      <table className="tc-sub-table">
        <thead>
          <tr>
            <th>{columnSpec(column).label}</th>
            {column === 'errorCode' ? (
              <th className="num" title="Events with this error code">
                Events
              </th>
            ) : (
              <>
                <th className="num" title="Events whose outcome is success">
                  Succeeded
                </th>
                <th className="num" title={FAILED_HELP}>
                  Failed
                </th>
              </>
            )}
            <th className="time">First ({time.zone})</th>
            <th className="time">Last ({time.zone})</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr key={r.value === null ? 'absent' : `v${r.value}`}>
              <td className={column === 'accessKeyId' ? 'value whole' : 'value'}>
                <span className="tc-sub-bar" style={{ width: `${(r.count / max) * 100}%` }} />
                <ValueLink column={column} value={r.value} openMenu={openMenu} />
                <ValueActions column={column} value={r.value} openMenu={openMenu} />
              </td>
              <td className="num">{formatCount(column === 'errorCode' ? r.count : r.succeeded)}</td>
              {column === 'errorCode' ? null : (
                <td className="num">
                  <Failures failed={r.failed} denied={r.denied} />
                </td>
              )}
              <td className="time" title={time.zoned(r.first)}>
                {shortTime(time.time(r.first))}
              </td>
              <td className="time" title={time.zoned(r.last)}>
                {shortTime(time.time(r.last))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {answer && rows.length === 0 ? <p className="tc-sub-none">No event in this selection.</p> : null}
      {onlyAbsent ? <p className="tc-sub-none">None of these events names one.</p> : null}
      {groups > FEW ? (
        <div className="tc-sub-card-foot">
          <Button variant="subtle" size="compact-xs" onClick={() => toggleAll(column)} aria-label={`${shown}: ${title}`}>
            {shown}
          </Button>
          {all && groups > MANY ? (
            <span className="tc-soft">
              The {formatCount(MANY)} most frequent of {formatCount(groups)}; narrow the selection to see the others.
            </span>
          ) : null}
        </div>
      ) : null}
    </section>
  );
});
