/** The details of the open event: the sentence, its values, its record, where it was read from, and what can be done with it. */
import { ActionIcon, Tabs } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { shapeSentence } from '../../../shared/record-shapes.ts';
import { contradictionSentence } from '../../../shared/unwrap.ts';
import { useApp } from '../../state/app.ts';
import { EmptyState } from '../empty-state.tsx';
import { formatCount } from '../numbers.ts';
import { RecordTree } from '../record-tree.tsx';
import { useTime } from '../use-time.ts';
import { VisibleText, visibleString } from '../visible-text.tsx';
import { Actions } from './actions.tsx';
import { Behind } from './behind.tsx';
import { OriginalText } from './original-text.tsx';
import { oneOf } from './sentence.ts';
import { conflictSentence, Sources } from './sources.tsx';
import { SameSecond, Sentence, Summary } from './summary.tsx';
import { type OpenEvent, useEvent } from './use-event.ts';
import './details.css';

type Tab = 'summary' | 'record' | 'text' | 'sources';

export default function DetailsPane(): ReactNode {
  const key = useApp((s) => s.openEventKey);
  const { event, missing, error } = useEvent(key);
  const [tab, setTab] = useState<Tab>('summary');
  if (key === null) {
    return <EmptyState title="No event is open">Choose an event in the table, in a list or in a note to see its details here.</EmptyState>;
  }
  return (
    <div className="tc-detail">
      {event ? <OpenDetails event={event} tab={tab} setTab={setTab} /> : null}
      {missing ? (
        <EmptyState title="This event is not in the case">
          The evidence it was read from is not part of this case, or was withdrawn. <Close />
        </EmptyState>
      ) : null}
      {error ? (
        <div className="tc-detail-conflict" role="alert">
          The event could not be read: {error.message}
        </div>
      ) : null}
    </div>
  );
}

function Close(): ReactNode {
  const openEvent = useApp((s) => s.openEvent);
  return (
    <ActionIcon size={22} variant="subtle" color="gray" aria-label="Close the details" title="Close (Esc)" onClick={() => openEvent(null)}>
      <IconX size={15} />
    </ActionIcon>
  );
}

function OpenDetails({ event, tab, setTab }: { event: OpenEvent; tab: Tab; setTab(tab: Tab): void }): ReactNode {
  const { details, record, inside, parsed } = event;
  const shape = inside ? shapeSentence(inside.shapes) : null;
  const contradiction = inside ? contradictionSentence(inside.contradicts) : null;
  const time = useTime();
  const conflicts = details.conflicts.length;
  return (
    <>
      <header className="tc-detail-head">
        <h2 title={visibleString(oneOf(details.values, 'eventName') ?? '')}>
          {visibleString(oneOf(details.values, 'eventName') ?? 'Event without a name')}
        </h2>
        <span className="tc-detail-time">{time.zoned(details.time)}</span>
        <Close />
      </header>
      <Sentence event={event} />
      <SameSecond time={details.time} />
      <Behind eventKey={details.key} />
      {shape ? <p className="tc-detail-remark">{shape}</p> : null}
      {contradiction ? (
        <p className="tc-detail-conflict" role="note">
          <VisibleText text={contradiction} limit={2000} />
        </p>
      ) : null}
      {conflicts > 0 ? (
        <p className="tc-detail-conflict" role="note">
          {conflictSentence(conflicts)}{' '}
          <button type="button" className="tc-tree-all" onClick={() => setTab('sources')}>
            Compare
          </button>
        </p>
      ) : null}
      <Actions event={event} />
      <Tabs value={tab} onChange={(value) => setTab(isTab(value) ? value : 'summary')} className="tc-detail-tabs" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="summary">Details</Tabs.Tab>
          <Tabs.Tab value="record">Record</Tabs.Tab>
          <Tabs.Tab value="text">Original text</Tabs.Tab>
          <Tabs.Tab value="sources">Sources{details.copies.length > 1 ? ` (${formatCount(details.copies.length)})` : ''}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="summary" className="tc-detail-panel">
          <Summary event={event} />
        </Tabs.Panel>
        <Tabs.Panel value="record" className="tc-detail-panel">
          {parsed.root && record ? (
            <RecordTree key={record.sha256} root={parsed.root} text={inside?.text ?? record.text} time={details.time} label="Record" />
          ) : (
            <NoRecord event={event} />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="text" className="tc-detail-panel">
          {record ? <OriginalText record={record} /> : <NoRecord event={event} />}
        </Tabs.Panel>
        <Tabs.Panel value="sources" className="tc-detail-panel">
          <Sources details={details} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function NoRecord({ event }: { event: OpenEvent }): ReactNode {
  const text = event.recordError
    ? `The record could not be read: ${event.recordError.message}`
    : (event.parsed.error ?? 'The record is not there.');
  return (
    <p className="tc-detail-conflict" role="alert">
      {text}
    </p>
  );
}

const isTab = (value: string | null): value is Tab => value === 'summary' || value === 'record' || value === 'text' || value === 'sources';
