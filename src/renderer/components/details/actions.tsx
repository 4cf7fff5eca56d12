/** What can be done with the open event. */
import { Button, Menu } from '@mantine/core';
import { IconBucket, IconClock, IconCopy, IconNotebook, IconQuote, IconStar, IconStarFilled, IconUser } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { columnSpec, type ValueColumnId } from '../../../shared/columns.ts';
import { EMPTY_SELECTION } from '../../../shared/plan.ts';
import { useApp } from '../../state/app.ts';
import { useEngine } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';
import { tellFailure } from '../../state/messages.ts';
import { around, useSelection } from '../../state/selection.ts';
import { escapeMarkdown } from '../../views/notes/citation.ts';
import { startNote } from '../../views/notes/cite.ts';
import { useCite } from '../../views/notes/use-cite.ts';
import { copyText } from '../copy.ts';
import { useTime } from '../use-time.ts';
import { cut, visibleString } from '../visible-text.tsx';
import { oneOf, sentenceOf, sentenceText } from './sentence.ts';
import type { OpenEvent } from './use-event.ts';

const AROUND: readonly ValueColumnId[] = ['principal', 'userName', 'accessKeyId', 'sourceIPAddress'];
const MINUTES = 5;
const LISTED_RESOURCES = 10;

export function Actions({ event }: { event: OpenEvent }): ReactNode {
  const readOnly = useApp((s) => s.opened?.access === 'read');
  const navigate = useApp((s) => s.navigate);
  const cite = useCite();
  const { zoned } = useTime();
  const { details } = event;
  const principal = oneOf(details.values, 'principal');

  const note = (): void => {
    const name = oneOf(details.values, 'eventName') ?? 'Event';
    const sentence = sentenceText(sentenceOf(event.parsed.root, details.values));
    const text = `# ${escapeMarkdown(cut(name, 120))} at ${zoned(details.time)}\n\n${escapeMarkdown(cut(sentence, 1500))}\n\n`;
    startNote(text, [details.key]);
  };

  return (
    <div className="tc-detail-actions" role="toolbar" aria-label="Event">
      <StarButton event={event} readOnly={readOnly} />
      <Button
        size="compact-xs"
        variant="default"
        disabled={readOnly}
        leftSection={<IconQuote size={13} />}
        onClick={() => void cite([details.key])}
      >
        Cite
      </Button>
      <Button size="compact-xs" variant="default" disabled={readOnly} leftSection={<IconNotebook size={13} />} onClick={note}>
        New note
      </Button>
      <AroundMenu event={event} />
      <Button
        size="compact-xs"
        variant="default"
        disabled={principal === null}
        leftSection={<IconUser size={13} />}
        onClick={() => navigate({ view: 'subject', column: 'principal', value: principal })}
      >
        Principal
      </Button>
      <ResourceButton resources={details.values.resource ?? null} />
      <Menu withinPortal shadow="md" position="bottom-start">
        <Menu.Target>
          <Button size="compact-xs" variant="default" leftSection={<IconCopy size={13} />}>
            Copy
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={details.eventID === null} onClick={() => void copyText(details.eventID ?? '', 'event ID')}>
            Event ID
          </Menu.Item>
          <Menu.Item disabled={event.record === null} onClick={() => void copyText(event.inside?.text ?? '', 'record as JSON')}>
            Record as JSON (original text)
          </Menu.Item>
          <Menu.Item
            onClick={() =>
              void copyText(`${zoned(details.time)}: ${sentenceText(sentenceOf(event.parsed.root, details.values))}`, 'sentence')
            }
          >
            Sentence with time
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function StarButton({ event, readOnly }: { event: OpenEvent; readOnly: boolean }): ReactNode {
  const { store } = useEngine();
  const [starred, setStarred] = useState(event.details.starred);
  useEffect(() => setStarred(event.details.starred), [event]);
  const toggle = (): void => {
    const next = !starred;
    setStarred(next);
    const done = idle.begin();
    store
      .setStars([event.details.key], next)
      .catch((thrown: unknown) => {
        setStarred(!next);
        tellFailure('The star could not be kept.', thrown);
      })
      .finally(done);
  };
  return (
    <Button
      size="compact-xs"
      variant={starred ? 'light' : 'default'}
      aria-pressed={starred}
      disabled={readOnly}
      leftSection={starred ? <IconStarFilled size={13} /> : <IconStar size={13} />}
      onClick={toggle}
    >
      {starred ? 'Starred' : 'Star'}
    </Button>
  );
}

function AroundMenu({ event }: { event: OpenEvent }): ReactNode {
  const replace = useSelection((s) => s.replace);
  const navigate = useApp((s) => s.navigate);
  const { time, values } = event.details;
  if (time === null) return null;
  const go = (column: ValueColumnId | null, value: string | null): void => {
    replace({ ...EMPTY_SELECTION, time: around(time, MINUTES), filters: column === null ? [] : [{ op: 'in', column, values: [value] }] });
    navigate({ view: 'events' });
  };
  const resources = Array.isArray(values.resource) ? values.resource : [];
  return (
    <Menu withinPortal shadow="md" position="bottom-start" width={320}>
      <Menu.Target>
        <Button size="compact-xs" variant="default" leftSection={<IconClock size={13} />}>
          ± {MINUTES} min
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Events {MINUTES} minutes before and after; replaces the selection</Menu.Label>
        {AROUND.map((column) => {
          const value = oneOf(values, column);
          return value === null ? null : (
            <Menu.Item key={column} onClick={() => go(column, value)}>
              Same {columnSpec(column).label.toLowerCase()}
              <span className="tc-detail-menuvalue">{visibleString(cut(value, 120))}</span>
            </Menu.Item>
          );
        })}
        {resources.slice(0, LISTED_RESOURCES).map((value) => (
          <Menu.Item key={value} onClick={() => go('resource', value)}>
            Same resource
            <span className="tc-detail-menuvalue">{visibleString(cut(value, 120))}</span>
          </Menu.Item>
        ))}
        <Menu.Item onClick={() => go(null, null)}>All events</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function ResourceButton({ resources }: { resources: string | string[] | null }): ReactNode {
  const navigate = useApp((s) => s.navigate);
  const list = Array.isArray(resources) ? resources : resources === null ? [] : [resources];
  const open = (value: string): void => navigate({ view: 'subject', column: 'resource', value });
  const button = (
    <Button
      size="compact-xs"
      variant="default"
      disabled={list.length === 0}
      leftSection={<IconBucket size={13} />}
      onClick={list.length === 1 ? () => open(list[0]) : undefined}
    >
      {list.length > 1 ? `Resources (${list.length})` : 'Resource'}
    </Button>
  );
  if (list.length < 2) return button;
  return (
    <Menu withinPortal shadow="md" position="bottom-start" width={340}>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        {list.slice(0, LISTED_RESOURCES).map((value) => (
          <Menu.Item key={value} onClick={() => open(value)}>
            <span className="tc-detail-menuvalue">{visibleString(cut(value, 160))}</span>
          </Menu.Item>
        ))}
        {list.length > LISTED_RESOURCES ? <Menu.Label>and {list.length - LISTED_RESOURCES} more in the details below</Menu.Label> : null}
      </Menu.Dropdown>
    </Menu>
  );
}
