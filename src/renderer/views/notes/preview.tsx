/**
 * A note as it reads: Markdown without HTML, without anything fetched. Links are shown whole and lead nowhere; a link to an event
 * is a chip that opens it.
 */
import { Tooltip } from '@mantine/core';
import { IconFileSearch } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { parseCitationHref } from '../../../engine/client/index.ts';
import type { EventKey } from '../../../shared/brand.ts';
import type { EventDetails } from '../../../shared/engine.ts';
import { isPlainNote } from '../../../shared/note-limits.ts';
import { oneOf } from '../../components/details/sentence.ts';
import { formatCount } from '../../components/numbers.ts';
import { useTime } from '../../components/use-time.ts';
import { visibleString } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { useEngine } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';

/** Only targets of citations pass; everything else is shown as text and needs no target. */
const components: Components = {
  // Below the headings of the page.
  h1: 'h3',
  h2: 'h4',
  h3: 'h5',
  h4: 'h6',
  h5: 'h6',
  a: ({ href, children }) => {
    const key = href === undefined ? null : parseCitationHref(href);
    if (key) return <EventChip eventKey={key}>{children}</EventChip>;
    return (
      <span className="tc-note-link" title="Links are not followed: this window never leaves your computer">
        {children}
        {href ? <span className="tc-note-url"> ({visibleString(href)})</span> : null}
      </span>
    );
  },
  img: ({ alt, src }) => (
    <span className="tc-note-link" title="Images are not loaded">
      [image: {visibleString([alt, typeof src === 'string' ? src : ''].filter(Boolean).join(', '))}]
    </span>
  ),
};

/** Characters of a plain note that are laid out. */
const PLAIN_CHARS = 200_000;

export function NotePreview({ text }: { text: string }): ReactNode {
  if (isPlainNote(text)) {
    return (
      <div className="tc-note-preview">
        <p>
          <em>
            Too long or too deep to be formatted: shown as plain text
            {text.length > PLAIN_CHARS ? `, the first ${formatCount(PLAIN_CHARS)} of ${formatCount(text.length)} characters` : ''}.
          </em>
        </p>
        <pre>{text.slice(0, PLAIN_CHARS).split('\n').map(visibleString).join('\n')}</pre>
      </div>
    );
  }
  return (
    <div className="tc-note-preview">
      <Markdown remarkPlugins={[remarkGfm]} components={components} urlTransform={(url) => url} skipHtml={false}>
        {text}
      </Markdown>
    </div>
  );
}

/** Time and name of a cited event; a click opens it in the details. */
export function EventChip({ eventKey, children }: { eventKey: EventKey; children?: ReactNode }): ReactNode {
  const engine = useEngine();
  const generation = useApp((s) => s.queryStatus?.generation ?? 0);
  const openEvent = useApp((s) => s.openEvent);
  const open = useApp((s) => s.openEventKey === eventKey);
  const { zoned } = useTime();
  const [event, setEvent] = useState<EventDetails | 'missing' | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new generation may hold the event now
  useEffect(() => {
    let gone = false;
    const done = idle.begin();
    engine.query
      .event(eventKey)
      .then(
        (found) => gone || setEvent(found ?? 'missing'),
        () => gone || setEvent(null),
      )
      .finally(done);
    return () => {
      gone = true;
    };
  }, [engine, eventKey, generation]);

  if (event === 'missing') {
    return (
      <Tooltip
        label="This case does not hold the event (any more): its file may have been withdrawn. The report still shows what the citation rests on."
        withArrow
      >
        <span className="tc-note-chip missing">
          {children} <em>not in this case</em>
        </span>
      </Tooltip>
    );
  }
  const who = event ? (oneOf(event.values, 'userName') ?? oneOf(event.values, 'identity')) : null;
  return (
    <button type="button" className={`tc-note-chip ${open ? 'open' : ''}`} onClick={() => openEvent(eventKey)} title="Open the event">
      <IconFileSearch size={13} />
      {event ? (
        <>
          <span className="tc-note-chip-time">{zoned(event.time)}</span>{' '}
          <b>{visibleString(oneOf(event.values, 'eventName') ?? 'event without a name')}</b>
          {who ? <span> by {visibleString(who)}</span> : null}
        </>
      ) : (
        children
      )}
    </button>
  );
}
