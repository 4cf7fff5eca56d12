/** A subject's activity cut into sessions: one credential, one address, one agent, without a long gap. */
import { Alert, Button, SegmentedControl } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { SESSION_GAP_MINUTES, type Session } from '../../../shared/sessions.ts';
import { Loading } from '../../app/loading.tsx';
import { Failures } from '../../components/failures.tsx';
import { countOf, formatCount } from '../../components/numbers.ts';
import { type TimeWords, useTime } from '../../components/use-time.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { visibleString } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { useSelection } from '../../state/selection.ts';
import { useAnswer } from '../../state/use-answer.ts';
import type { SubjectTabProps } from './behaviour.tsx';
import { openEvents } from './statement.tsx';
import { ValueLink } from './value-row.tsx';
import './behaviour.css';

const PAGE = 50;
const GAPS = ['5', '30', '120', '720'];

export default function SessionsTab({ column, value, openMenu }: SubjectTabProps): ReactNode {
  const selection = useSelection((s) => s.selection);
  const time = useTime();
  const [gap, setGap] = useState(String(SESSION_GAP_MINUTES));
  const [offset, setOffset] = useState(0);
  const options = { offset, limit: PAGE, descending: true, gapMinutes: Number(gap) };
  const { value: answer, error } = useAnswer(['sessions', column, value, selection, options], (engine) =>
    engine.query.sessions({ column, value }, selection, options),
  );
  if (error) {
    return (
      <Alert color="red" title="The sessions could not be computed.">
        {error.message}
      </Alert>
    );
  }
  if (!answer) return <Loading what="its sessions" />;
  const to = Math.min(answer.total, offset + answer.sessions.length);
  return (
    <section className="tc-card tc-sub-card" aria-label="Sessions">
      <div className="tc-sub-card-head">
        <h2 className="tc-card-title">{countOf(answer.total, 'session')}</h2>
        <span className="tc-soft">
          {countOf(answer.events, 'event')}; another begins with another credential, address or agent, or after a gap of
        </span>
        <SegmentedControl
          size="xs"
          aria-label="Gap that begins another session"
          value={gap}
          onChange={(next) => {
            setGap(next);
            setOffset(0);
          }}
          data={GAPS.map((g) => ({ value: g, label: Number(g) < 60 ? `${g} min` : `${Number(g) / 60} h` }))}
        />
      </div>
      <table className="tc-sub-table tc-ses-table">
        <thead>
          <tr>
            <th className="fit">When ({time.zone})</th>
            <th className="fit">Credential and session</th>
            <th className="fit">From</th>
            <th>With</th>
            <th className="num">Events</th>
            <th>What stands out</th>
          </tr>
        </thead>
        <tbody>
          {answer.sessions.map((session) => (
            <Row key={session.id} session={session} time={time} openMenu={openMenu} />
          ))}
        </tbody>
      </table>
      {answer.total > PAGE ? (
        <div className="tc-sub-card-foot">
          <Button variant="subtle" size="compact-xs" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - PAGE))}>
            Newer
          </Button>
          <span className="tc-soft">
            {formatCount(offset + 1)} to {formatCount(to)} of {formatCount(answer.total)}, newest first
          </span>
          <Button variant="subtle" size="compact-xs" disabled={to >= answer.total} onClick={() => setOffset(offset + PAGE)}>
            Older
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function Row({ session, time, openMenu }: { session: Session; time: TimeWords; openMenu: ValueMenuControl['open'] }): ReactNode {
  const openEvent = useApp((s) => s.openEvent);
  const { credential } = session;
  return (
    <tr>
      <td className="fit">
        <button type="button" className="tc-link" onClick={() => openEvents(session.opens)} title="Show its events">
          {session.first === null ? 'no time' : time.time(session.first)}
        </button>
        <span className="tc-ses-line tc-soft">
          {session.first === null || session.last === null ? '' : lasting(session.last - session.first)}
        </span>
      </td>
      <td className="fit">
        {credential ? (
          <ValueLink column={credential.column} value={credential.value} openMenu={openMenu} />
        ) : (
          <span className="tc-sub-absent">none recorded</span>
        )}
        {session.userName === null ? null : <ValueLink column="userName" value={session.userName} openMenu={openMenu} />}
      </td>
      <td className="fit">
        <ValueLink column="sourceIPAddress" value={session.sourceIPAddress} openMenu={openMenu} />
        {session.addressKind === null ? null : (
          <span className="tc-soft">
            <ValueLink column="addressKind" value={session.addressKind} openMenu={openMenu} />
          </span>
        )}
      </td>
      <td>
        {session.agentTool === null ? null : <ValueLink column="agentTool" value={session.agentTool} openMenu={openMenu} />}
        <span className="tc-ses-agent tc-soft">
          {session.agentMark === null ? null : (
            <>
              ▲ <ValueLink column="agentMark" value={session.agentMark} openMenu={openMenu} />
            </>
          )}
          {session.userAgent === null ? null : <ValueLink column="userAgent" value={session.userAgent} openMenu={openMenu} />}
        </span>
      </td>
      <td className="num">
        {formatCount(session.events)}
        <span className="tc-ses-line">{session.failed > 0 ? <Failures failed={session.failed} denied={session.denied} /> : null}</span>
      </td>
      <td>
        <span className="tc-ses-line">
          {session.writes > 0 ? `◆ ${countOf(session.writes, 'write')}; ` : ''}
          {session.services
            .map((s) => `${visibleString(s.value ?? '(absent)').replace('.amazonaws.com', '')} ${formatCount(s.events)}`)
            .join(', ')}
        </span>
        <span className="tc-ses-links">
          {session.notable.map((n) => (
            <button key={n.key} type="button" className="tc-link" onClick={() => openEvent(n.key)}>
              {visibleString(n.eventName)}
              {n.events > 1 ? ` × ${formatCount(n.events)}` : ''}
              {n.denied > 0 ? ' ⊘' : ''}{' '}
            </button>
          ))}
        </span>
      </td>
    </tr>
  );
}

function lasting(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (ms < 1000) return 'an instant';
  if (minutes < 1) return `${Math.round(ms / 1000)} s`;
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
