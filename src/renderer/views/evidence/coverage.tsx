/** What the evidence covers, in sentences and by account and region; of the whole case, whatever the selection. */
import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import { coverageSentences } from '../../../engine/client/report.ts';
import type { ValueColumnId } from '../../../shared/columns.ts';
import type { GroupRow } from '../../../shared/plan.ts';
import { formatCount } from '../../components/numbers.ts';
import { useTime } from '../../components/use-time.ts';
import { useValueMenu, type ValueMenuControl } from '../../components/value-menu.tsx';
import { VisibleText } from '../../components/visible-text.tsx';
import { shortTime } from '../subject/short-time.ts';
import { ValueActions, ValueLink } from '../subject/value-row.tsx';
import { useCoverage } from './queries.ts';

export function Coverage(): ReactNode {
  const { value: facts, error } = useCoverage();
  const { utc } = useTime();
  const { open, menu } = useValueMenu();
  if (error)
    return (
      <Alert color="red" title="The coverage could not be computed.">
        {error}
      </Alert>
    );
  if (!facts) return <div className="tc-ledger-page" aria-busy="true" />;
  return (
    <div className="tc-ledger-page">
      <ul className="tc-ledger-sentences" aria-label="What the evidence covers">
        {coverageSentences(facts, utc).map((s) => (
          <li key={s.text} data-kind={s.kind}>
            <span aria-hidden="true">{s.kind === 'gap' ? '▲' : '●'}</span>
            <span>
              {s.kind === 'gap' ? <strong>Not shown: </strong> : null}
              <VisibleText text={s.text} limit={3000} />
            </span>
          </li>
        ))}
      </ul>
      <div className="tc-sub-cards">
        <CoverageCard column="account" title="Accounts" other="Regions" list={facts.accounts} openMenu={open} />
        <CoverageCard column="awsRegion" title="Regions" other="Accounts" list={facts.regions} openMenu={open} />
      </div>
      {menu}
    </div>
  );
}

interface CardProps {
  column: ValueColumnId;
  title: string;
  other: string;
  list: { rows: GroupRow[]; total: number };
  openMenu: ValueMenuControl['open'];
}

function CoverageCard({ column, title, other, list, openMenu }: CardProps): ReactNode {
  const time = useTime();
  const named = list.rows.filter((r) => r.value !== null).length;
  return (
    <section className="tc-card tc-sub-card" aria-label={title}>
      <div className="tc-sub-card-head">
        <h2 className="tc-card-title">{title}</h2>
        <span className="tc-soft">
          {named < list.total ? `the ${formatCount(named)} largest of ` : ''}
          {formatCount(list.total)}
        </span>
      </div>
      <table className="tc-sub-table">
        <thead>
          <tr>
            <th>{title.slice(0, -1)}</th>
            <th className="num">Events</th>
            <th className="num">{other}</th>
            <th className="time">First ({time.zone})</th>
            <th className="time">Last ({time.zone})</th>
          </tr>
        </thead>
        <tbody>
          {list.rows.map((r) => (
            <tr key={r.value ?? ''}>
              <td className="value">
                <ValueLink column={column} value={r.value} openMenu={openMenu} />
                <ValueActions column={column} value={r.value} openMenu={openMenu} />
              </td>
              <td className="num">{formatCount(r.count)}</td>
              <td className="num">{formatCount(r.distinct[0] ?? 0)}</td>
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
    </section>
  );
}
