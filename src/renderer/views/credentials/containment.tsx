/** What has to be done to end a credential and all that came of it: keys to deactivate, sessions to revoke, until when they work. */
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { EpochMs } from '../../../shared/brand.ts';
import type { Containment, CredentialKind } from '../../../shared/lineage.ts';
import { copyText } from '../../components/copy.ts';
import { countOf } from '../../components/numbers.ts';
import type { TimeWords } from '../../components/use-time.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { MiddleText } from '../../components/visible-text.tsx';
import { ValueLink } from '../subject/value-row.tsx';
import { EventLinks } from './chain.tsx';

/** The inline policy that AWS's own "Revoke active sessions" puts on a role (IAM User Guide, "Revoking IAM role temporary credentials"). */
export function revokePolicy(issuedBefore: EpochMs): string {
  const condition = { DateLessThan: { 'aws:TokenIssueTime': new Date(issuedBefore).toISOString() } };
  return JSON.stringify(
    { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: ['*'], Resource: ['*'], Condition: condition }] },
    null,
    2,
  );
}

interface Props {
  kind: CredentialKind;
  containment: Containment;
  time: TimeWords;
  openMenu: ValueMenuControl['open'];
}

export function ContainmentCard({ kind, containment, time, openMenu }: Props): ReactNode {
  const { longTermKeys, revoke, text } = containment;
  return (
    <section className="tc-card tc-sub-card" aria-label="To end it">
      <div className="tc-sub-card-head">
        <h2 className="tc-card-title">To end it, and what came of it</h2>
        <span className="tc-soft">
          {containment.allExpireBy === null ? '' : `temporary credentials end by themselves by ${time.zoned(containment.allExpireBy)}`}
        </span>
      </div>
      {text.length + longTermKeys.length + revoke.length === 0 ? (
        <p className="tc-sub-lead">
          {kind === 'service-call'
            ? 'An AWS service acts by itself, without a key or a session of this account: there is nothing to end here.'
            : 'The records show neither a long-term key nor a session of a role or user that could be ended.'}
        </p>
      ) : null}
      {text.map((sentence) => (
        <p key={sentence} className="tc-sub-lead">
          {sentence}
        </p>
      ))}
      {longTermKeys.length > 0 ? (
        <table className="tc-sub-table" aria-label="Long-term keys">
          <thead>
            <tr>
              <th>Long-term key</th>
              <th>User</th>
              <th>Account</th>
              <th>Recorded changes of the key</th>
              <th>Uses after that</th>
            </tr>
          </thead>
          <tbody>
            {longTermKeys.map((key) => (
              <tr key={key.accessKeyId}>
                <td className="fit">
                  <ValueLink column="accessKeyId" value={key.accessKeyId} openMenu={openMenu} />
                </td>
                <td>{key.user === null ? <Unknown /> : <MiddleText text={key.user} />}</td>
                <td className="fit">
                  {key.account === null ? <Unknown /> : <ValueLink column="account" value={key.account} openMenu={openMenu} />}
                </td>
                <td>
                  {key.changes.length === 0
                    ? 'none in evidence'
                    : key.changes.map((c) => (
                        <span key={c.key}>
                          {c.eventName} {time.time(c.time)} <EventLinks events={[c.key]} />{' '}
                        </span>
                      ))}
                </td>
                <td>
                  {key.usesAfter === null ? (
                    '–'
                  ) : (
                    <>
                      {key.usesAfter.uses === 0 ? 'none' : `${key.usesAfter.uses} after ${key.usesAfter.eventName} `}
                      <EventLinks events={key.usesAfter.events} />
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {revoke.length > 0 ? (
        <table className="tc-sub-table" aria-label="Sessions to revoke">
          <thead>
            <tr>
              <th>Revoke the sessions of</th>
              <th className="num">Sessions</th>
              <th className="time">Issued before ({time.zone})</th>
              <th className="time">Last use ({time.zone})</th>
              <th className="time">Last one expires ({time.zone})</th>
              <th>Policies written since ({time.zone})</th>
              <th style={{ width: 60 }}>Policy</th>
            </tr>
          </thead>
          <tbody>
            {revoke.map((r) => (
              <tr key={r.arn}>
                <td>
                  <MiddleText text={r.arn} />
                </td>
                <td className="num" title={countOf(r.sessions, 'session')}>
                  {r.sessions}
                </td>
                <td className="time">{r.means === 'policy' ? time.time(r.issuedBefore) : 'no policy ends them'}</td>
                <td className="time">{time.time(r.lastUse)}</td>
                <td className="time">{time.time(r.lastExpiry)}</td>
                <td>
                  {r.policies.length === 0
                    ? 'none in evidence'
                    : r.policies.map((c) => (
                        <span key={c.key}>
                          {c.eventName} {time.time(c.time)} <EventLinks events={[c.key]} />{' '}
                        </span>
                      ))}
                </td>
                <td>{r.means !== 'policy' || r.issuedBefore === null ? null : <CopyPolicy issuedBefore={r.issuedBefore} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </section>
  );
}

const Unknown = (): ReactNode => <span className="tc-sub-absent">not recorded</span>;

function CopyPolicy({ issuedBefore }: { issuedBefore: EpochMs }): ReactNode {
  return (
    <Tooltip label="Copy the policy that denies sessions issued before (aws:TokenIssueTime)">
      <ActionIcon
        size={18}
        aria-label="Copy the policy that denies sessions issued before"
        onClick={() => void copyText(revokePolicy(issuedBefore), 'policy')}
      >
        <IconCopy size={12} />
      </ActionIcon>
    </Tooltip>
  );
}
