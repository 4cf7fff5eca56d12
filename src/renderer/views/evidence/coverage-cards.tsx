/** Beside the coverage map: accounts that only call, and the events by which logging was changed. */
import { UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Coverage } from '../../../shared/coverage.ts';
import { formatCount } from '../../components/numbers.ts';
import { useTime } from '../../components/use-time.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { MiddleText, VisibleText } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { shortTime } from '../subject/short-time.ts';
import { ValueActions, ValueLink } from '../subject/value-row.tsx';

const SHOWN = 200;

interface Props {
  coverage: Coverage;
  openMenu: ValueMenuControl['open'];
}

const Heading = ({ title, shown, total, none }: { title: string; shown: number; total: number; none: string }): ReactNode => (
  <div className="tc-sub-card-head">
    <h2 className="tc-card-title">{title}</h2>
    <span className="tc-soft">{total === 0 ? none : `${shown < total ? `${formatCount(shown)} of ` : ''}${formatCount(total)}`}</span>
  </div>
);

export function ForeignAccounts({ coverage: { events }, openMenu }: Props): ReactNode {
  const time = useTime();
  const rows = events.foreign.slice(0, SHOWN);
  return (
    <section className="tc-card tc-sub-card" aria-label="Foreign accounts">
      <Heading
        title="Foreign accounts"
        shown={rows.length}
        total={events.foreign.length + events.foreignLeftOut}
        none="every account that calls has records of its own"
      />
      {rows.length === 0 ? null : (
        <>
          <p className="tc-soft tc-sub-lead">They call, and the evidence holds no record of their own.</p>
          <table className="tc-sub-table">
            <thead>
              <tr>
                <th>Caller account</th>
                <th className="num">Events</th>
                <th>Called in</th>
                <th className="time">First ({time.zone})</th>
                <th className="time">Last ({time.zone})</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((f) => (
                <tr key={f.account}>
                  <td className="value">
                    <ValueLink column="callerAccount" value={f.account} openMenu={openMenu} />
                    <ValueActions column="callerAccount" value={f.account} openMenu={openMenu} />
                  </td>
                  <td className="num">{formatCount(f.events)}</td>
                  <td className="value">
                    <VisibleText text={f.calledIn.map((a) => a ?? 'not recorded').join(', ')} limit={200} />
                  </td>
                  <td className="time" title={time.zoned(f.firstTime)}>
                    {shortTime(time.time(f.firstTime))}
                  </td>
                  <td className="time" title={time.zoned(f.lastTime)}>
                    {shortTime(time.time(f.lastTime))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

export function LoggingChanges({ coverage: { events, trails }, openMenu }: Props): ReactNode {
  const time = useTime();
  const openEvent = useApp((s) => s.openEvent);
  const rows = events.points.slice(0, SHOWN);
  return (
    <section className="tc-card tc-sub-card tc-cov-wide" aria-label="Changes of logging">
      <Heading
        title="Changes of logging"
        shown={rows.length}
        total={events.points.length + events.pointsLeftOut}
        none="no such event is in the evidence"
      />
      {rows.length === 0 ? null : (
        <table className="tc-sub-table tc-cov-changes">
          <thead>
            <tr>
              <th className="time">Time ({time.zone})</th>
              <th className="fit">Call</th>
              <th className="trail">Trail or name</th>
              <th className="fit">Account</th>
              <th className="fit">Region</th>
              <th>By</th>
              <th className="fit">Error</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((p) => (
              <tr key={p.key}>
                <td className="time" title={time.zoned(p.time)}>
                  {shortTime(time.time(p.time))}
                </td>
                <td className="fit">
                  <UnstyledButton className="tc-sub-value" aria-label={`Open the event ${p.name}`} onClick={() => openEvent(p.key)}>
                    <VisibleText text={p.name} limit={100} />
                  </UnstyledButton>
                </td>
                <td className="value">
                  <span className="tc-sub-value">
                    <MiddleText text={trails.named[p.key] ?? 'not recorded'} />
                  </span>
                </td>
                <td className="fit">
                  <ValueLink column="account" value={p.account} openMenu={openMenu} />
                </td>
                <td className="fit">
                  <ValueLink column="awsRegion" value={p.region} openMenu={openMenu} />
                </td>
                <td className="value">
                  <ValueLink column="principal" value={p.principal} openMenu={openMenu} />
                </td>
                <td className="fit">
                  {p.errorCode === null ? '' : <ValueLink column="errorCode" value={p.errorCode} openMenu={openMenu} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
