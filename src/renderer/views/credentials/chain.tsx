/** Who is behind a credential: its chain, nearest first, each step with how it is known and the events that show it. */
import { UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { EventKey } from '../../../shared/brand.ts';
import type { CredentialDetails, CredentialLink, LineageHop } from '../../../shared/lineage.ts';
import { countOf } from '../../components/numbers.ts';
import type { TimeWords } from '../../components/use-time.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { useApp } from '../../state/app.ts';
import { ValueLink } from '../subject/value-row.tsx';
import { credentialName, kindLabel } from './words.ts';

interface Props {
  details: Pick<CredentialDetails, 'chain' | 'cut' | 'stop' | 'id'>;
  time: TimeWords;
  openMenu: ValueMenuControl['open'];
}

export function Chain({ details, time, openMenu }: Props): ReactNode {
  const { chain, cut, stop } = details;
  return (
    <section className="tc-card tc-sub-card" aria-label="Who is behind it">
      <div className="tc-sub-card-head">
        <h2 className="tc-card-title">{chain[0]?.credential.launched ? 'Who launched its instance' : 'Who is behind it'}</h2>
        <span className="tc-soft">{chain.length <= 1 ? 'no step back is recorded' : `${countOf(chain.length - 1, 'step')} back`}</span>
      </div>
      <ol className="tc-cred-chain">
        {chain.map((hop, i) => (
          <Hop key={hop.credential.id} hop={hop} here={i === 0} time={time} openMenu={openMenu} />
        ))}
        <li className="tc-cred-stop">
          <span className="tc-cred-mark" aria-hidden="true">
            ■
          </span>
          <span>
            {cut ? 'The chain is longer than is listed here. ' : ''}
            {stop.text} <EventLinks events={stop.events} />
          </span>
        </li>
      </ol>
    </section>
  );
}

function Hop({
  hop,
  here,
  time,
  openMenu,
}: {
  hop: LineageHop;
  here: boolean;
  time: TimeWords;
  openMenu: ValueMenuControl['open'];
}): ReactNode {
  const { credential, link } = hop;
  const navigate = useApp((s) => s.navigate);
  return (
    <li>
      <span className="tc-cred-mark" aria-hidden="true">
        ●
      </span>
      <div className="tc-cred-hop">
        <div className="tc-cred-hop-head">
          {here ? (
            <strong>{credentialName(credential)}</strong>
          ) : (
            <UnstyledButton className="tc-sub-link strong" onClick={() => navigate({ view: 'credential', id: credential.id })}>
              {credentialName(credential)}
            </UnstyledButton>
          )}
          <span className="tc-soft">{kindLabel(credential.kind)}</span>
          {credential.principal === null ? null : <ValueLink column="principal" value={credential.principal} openMenu={openMenu} />}
          <span className="tc-soft">
            {countOf(credential.events, 'event')}
            {credential.firstUse === null ? '' : `, ${time.zoned(credential.firstUse)} to ${time.zoned(credential.lastUse)}`}
          </span>
        </div>
        {link ? <LinkLine link={link} /> : null}
      </div>
    </li>
  );
}

export function LinkLine({ link }: { link: CredentialLink }): ReactNode {
  const exact = link.proof === 'exact';
  return (
    <p className="tc-cred-link">
      <span className="tc-cred-badge" data-proof={link.proof}>
        {exact ? '= exact' : '≈ inferred'}
      </span>{' '}
      {link.reason} <EventLinks events={link.events} />
    </p>
  );
}

/** The events that show it: a click opens the record. */
export function EventLinks({ events }: { events: readonly EventKey[] }): ReactNode {
  const openEvent = useApp((s) => s.openEvent);
  return events.map((key, i) => (
    <button key={key} type="button" className="tc-link" onClick={() => openEvent(key)} title="Open the record">
      {events.length === 1 ? 'its event' : `event ${i + 1}`}
      {i < events.length - 1 ? ' ' : ''}
    </button>
  ));
}
