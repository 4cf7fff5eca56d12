/**
 * One credential: who is behind it and how that is known, what came of it (its descendants), and what has to be done to end it.
 * Questions 5 to 9 and 14.
 */
import { Alert, Button } from '@mantine/core';
import { IconArrowBackUp, IconFilter, IconList, IconNotebook } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { CredentialDetails, CredentialTree } from '../../../shared/lineage.ts';
import { Loading } from '../../app/loading.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { countOf, formatCount } from '../../components/numbers.ts';
import { type TimeWords, useTime } from '../../components/use-time.ts';
import { useValueMenu, type ValueMenuControl } from '../../components/value-menu.tsx';
import { useApp } from '../../state/app.ts';
import { useSelection } from '../../state/selection.ts';
import { startNote } from '../notes/cite.ts';
import { PageHead } from '../subject/page-head.tsx';
import { ValueLink } from '../subject/value-row.tsx';
import { Chain } from './chain.tsx';
import { ContainmentCard } from './containment.tsx';
import { credentialNote } from './note.ts';
import { useCredential } from './queries.ts';
import { Tree } from './tree.tsx';
import { credentialName, kindHelp, kindLabel, usedByFilter } from './words.ts';
import '../overview/overview.css';
import '../subject/subject.css';
import './credentials.css';

export default function CredentialView(): ReactNode {
  const route = useApp((s) => s.route);
  if (route.view !== 'credential') return null;
  return <CredentialPage key={route.id} id={route.id} />;
}

function CredentialPage({ id }: { id: CredentialDetails['id'] }): ReactNode {
  const { value, loading, error } = useCredential(id);
  if (error) {
    return (
      <Alert color="red" title="This credential could not be computed." m="xs">
        {error.message}
      </Alert>
    );
  }
  if (!value) return loading ? <Loading what="the credential" /> : null;
  if (!value.page) {
    return (
      <>
        <h1 className="tc-hidden">Credential</h1>
        <EmptyState title="The case knows no such credential">
          No event uses or issues it. Evidence that did may have been withdrawn, or it was spelled otherwise: try the find box.
        </EmptyState>
      </>
    );
  }
  return <Page details={value.page.details} tree={value.page.tree} />;
}

function Page({ details, tree }: { details: CredentialDetails; tree: CredentialTree | null }): ReactNode {
  const time = useTime();
  const { open: openMenu, menu } = useValueMenu();
  const navigate = useApp((s) => s.navigate);
  const who = details.identity ?? details.issuedTo;
  const showEvents = (): void => {
    const filter = usedByFilter([details]);
    if (!filter) return;
    useSelection.getState().addFilter(filter);
    navigate({ view: 'events' });
  };
  return (
    <div className="tc-sub">
      <PageHead
        kind={kindLabel(details.kind)}
        value={credentialName(details)}
        what="credential"
        lead={`${kindHelp(details.kind)}${who === null ? '' : ` It acts as ${who}.`}`}
        tools={
          <>
            <Button variant="default" leftSection={<IconList size={14} />} onClick={showEvents} disabled={details.events === 0}>
              Its events
            </Button>
            {details.accessKeyId === null ? null : (
              <Button
                variant="default"
                leftSection={<IconFilter size={14} />}
                onClick={() => navigate({ view: 'subject', column: 'accessKeyId', value: details.accessKeyId })}
              >
                Its activity
              </Button>
            )}
            {details.depth === 0 && details.origin !== null ? (
              <Button
                variant="default"
                leftSection={<IconArrowBackUp size={14} />}
                onClick={() => navigate({ view: 'subject', column: 'origin', value: details.origin, tab: 'revert' })}
              >
                What all of it left behind
              </Button>
            ) : null}
            <Button
              variant="default"
              leftSection={<IconNotebook size={14} />}
              onClick={() => startNote(credentialNote(details, tree, time))}
            >
              Note from this page
            </Button>
          </>
        }
      />
      <Facts details={details} time={time} />
      <Named details={details} openMenu={openMenu} />
      <Chain details={details} time={time} openMenu={openMenu} />
      {tree ? <Tree tree={tree} time={time} openMenu={openMenu} /> : null}
      <ContainmentCard kind={details.kind} containment={details.containment} time={time} openMenu={openMenu} />
      {menu}
    </div>
  );
}

/** Whom its records name beside who it acts as. */
function Named({ details, openMenu }: { details: CredentialDetails; openMenu: ValueMenuControl['open'] }): ReactNode {
  const named = [
    ['sourceIdentity', details.sourceIdentity, 'Source identity (set when the first role of a chain is assumed, and kept)'],
    ['onBehalfOf', details.onBehalfOf, 'On behalf of the Identity Center user'],
    ['issuedFor', details.issuedFor, 'Issued for'],
  ] as const;
  return named.map(([column, value, label]) =>
    value === null || value === '' ? null : (
      <p key={column} className="tc-sub-lead">
        {label}: <ValueLink column={column} value={value} openMenu={openMenu} />
      </p>
    ),
  );
}

function Facts({ details, time }: { details: CredentialDetails; time: TimeWords }): ReactNode {
  const at = (ms: CredentialDetails['firstUse']): string => (ms === null ? '–' : time.time(ms));
  const facts: [string, string, string?][] = [
    ['Events', formatCount(details.events), details.denied > 0 ? `⊘ ${countOf(details.denied, 'denied', 'denied')}` : undefined],
    ['Issued from it', formatCount(details.descendants), details.descendants > details.children ? 'all levels' : undefined],
    ['MFA', details.mfa === 'true' ? 'yes' : details.mfa === 'false' ? 'no' : 'not recorded'],
    [`Issued (${time.zone})`, at(details.issuedAt)],
    [`First use (${time.zone})`, at(details.firstUse)],
    [`Last use (${time.zone})`, at(details.lastUse)],
    [`Expires (${time.zone})`, at(details.expires)],
  ];
  if (details.roleDelivery !== null)
    facts.splice(3, 0, ['IMDS', details.roleDelivery === '1.0' ? 'v1' : details.roleDelivery === '2.0' ? 'v2' : details.roleDelivery]);
  const odd = [
    details.usesBeforeIssue > 0 ? `${countOf(details.usesBeforeIssue, 'use')} before it was issued: clocks, or another key of this ID` : '',
    ...details.containment.longTermKeys
      .filter((key) => key.accessKeyId === details.accessKeyId && key.usesAfter !== null && key.usesAfter.uses > 0)
      .map((key) => `${countOf(key.usesAfter?.uses ?? 0, 'use')} after ${key.usesAfter?.eventName}, see "To end it"`),
    details.usesAfterExpiry > 0 ? `${countOf(details.usesAfterExpiry, 'use')} after it expired` : '',
  ].filter(Boolean);
  return (
    <>
      <dl className="tc-sub-facts tc-cred-facts" aria-label="Key numbers">
        {facts.map(([name, value, note]) => (
          <div key={name} className={`tc-card tc-sub-fact${name.includes(time.zone) ? ' time' : ''}`}>
            <dt>{name}</dt>
            <dd>
              {value}
              {note ? <span className={`tc-sub-fact-note${note.startsWith('⊘') ? '' : ' tc-soft'}`}>{note}</span> : null}
            </dd>
          </div>
        ))}
      </dl>
      {details.alsoRecordedIn.length > 0 ? (
        <p className="tc-sub-lead">
          Also recorded in{' '}
          {details.alsoRecordedIn.map(({ account, events }) => `account ${account} (${countOf(events, 'event')})`).join(', ')}: second
          records of the same calls, not counted here.
        </p>
      ) : null}
      {odd.length > 0 ? <p className="tc-sub-limited">{odd.join('; ')}.</p> : null}
    </>
  );
}
