/** What a subject created, changed, deleted and shared, and what of that still stands. Questions 27 to 31 and 37. */
import { ActionIcon, Alert, Button, Chip, CloseButton, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconCopy, IconNotebook, IconSearch } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { RevertAnswer, RevertEntry, RevertKind, RevertStatus } from '../../../shared/behaviour.ts';
import { roleOf } from '../../../shared/subjects.ts';
import { Loading } from '../../app/loading.tsx';
import { copyText } from '../../components/copy.ts';
import { countOf, formatCount } from '../../components/numbers.ts';
import { type TimeWords, useTime } from '../../components/use-time.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { visibleString } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { useSelection } from '../../state/selection.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { useSettled } from '../../state/use-settled.ts';
import { escapeMarkdown } from '../notes/citation.ts';
import { startNote } from '../notes/cite.ts';
import type { SubjectTabProps } from './behaviour.tsx';
import { RevertDetails } from './revert-details.tsx';
import { type Apart, apartOf, beside } from './revert-rows.ts';
import { openEvents, Sentence, sentenceText } from './statement.tsx';
import { REVERT_WORDS } from './tab-words.ts';
import { ValueLink } from './value-row.tsx';
import './behaviour.css';

const STATUS: Record<RevertStatus, { sign: string; label: string }> = {
  stands: { sign: '■', label: 'Stands' },
  unknown: { sign: '?', label: 'Unknown' },
  unsaid: { sign: '?', label: 'Outcome not recorded' },
  undoing: { sign: '↶', label: 'Undid another' },
  undone: { sign: '↩', label: 'Undone' },
  gone: { sign: '∅', label: 'Gone' },
  failed: { sign: '✕', label: 'Failed' },
};
/** Not shown where there is none. */
const RARE: readonly RevertStatus[] = ['unsaid', 'undoing', 'gone'];
const KINDS: Record<RevertKind, string> = {
  created: 'Created',
  changed: 'Changed',
  deleted: 'Deleted',
  shared: 'Shared',
  enabled: 'Enabled',
  disabled: 'Disabled',
};
const STEP = 100;
const MAX = 1000;
const TYPING_MS = 180;
const CITED = 30;

export default function RevertTab({ column, value, openMenu }: SubjectTabProps): ReactNode {
  const selection = useSelection((s) => s.selection);
  const time = useTime();
  const [status, setStatus] = useState<RevertStatus | null>(null);
  const [kind, setKind] = useState<RevertKind | null>(null);
  const [typed, setTyped] = useState('');
  const find = useSettled(typed, TYPING_MS);
  const words = REVERT_WORDS[roleOf(column)];
  const [limit, setLimit] = useState(STEP);
  const options = {
    offset: 0,
    limit,
    ...(status ? { status } : {}),
    ...(kind ? { kind } : {}),
    ...(find.trim() ? { find: find.trim() } : {}),
  };
  const { value: answer, error } = useAnswer(['revert', column, value, selection, options], (engine) =>
    engine.query.revertList({ column, value }, selection, options),
  );
  const apart = useMemo(() => answer && apartOf(answer.entries), [answer]);
  if (error) {
    return (
      <Alert color="red" title="The list could not be computed.">
        {error.message}
      </Alert>
    );
  }
  if (!answer) return <Loading what={words.loading} />;
  return (
    <section className="tc-card tc-sub-card" aria-label={words.title}>
      <div className="tc-sub-card-head">
        <h2 className="tc-card-title">Created, changed, deleted, shared</h2>
        <span className="tc-soft">
          {countOf(answer.byStatus.stands, 'thing stands', 'things stand')} at the end of the evidence
          {answer.evidenceTo === null ? '' : `, ${time.zoned(answer.evidenceTo)}`}
        </span>
        <span className="tc-rev-bar">
          <Button
            variant="default"
            size="compact-xs"
            leftSection={<IconCopy size={12} />}
            disabled={answer.entries.length === 0}
            onClick={() => void copyText(resourcesText(answer.entries), 'resources')}
          >
            Copy the resources
          </Button>
          <Button
            variant="default"
            size="compact-xs"
            leftSection={<IconNotebook size={12} />}
            disabled={answer.entries.length === 0}
            onClick={() =>
              startNote(
                revertNote(words.noted(escapeMarkdown(value)), answer, time),
                answer.entries.slice(0, CITED).map((e) => e.first.key),
              )
            }
          >
            Note from this list
          </Button>
        </span>
      </div>
      <p className="tc-sub-lead">
        What later calls in these files do not undo is said to stand. What was undone outside of them, or after them, cannot be seen here.
        {answer.byAws > 0
          ? ` ${countOf(answer.byAws, 'call')} that AWS itself made in this name (invoked by AWS Internal) ${answer.byAws === 1 ? 'is' : 'are'} no deed of it and not listed.`
          : ''}
        {answer.leftOut > 0 ? ` ${countOf(answer.leftOut, 'call')} beyond the limit of this list were not looked at.` : ''}
      </p>
      <div className="tc-rev-bar" style={{ padding: '0 10px 6px' }}>
        <TextInput
          className="tc-gl-find"
          aria-label="Find in the list"
          placeholder="Find a resource or call…"
          maxLength={500}
          value={typed}
          onChange={(e) => setTyped(e.currentTarget.value)}
          leftSection={<IconSearch size={13} />}
          rightSection={typed ? <CloseButton size="xs" aria-label="Clear" onClick={() => setTyped('')} /> : null}
        />
        {(Object.keys(STATUS) as RevertStatus[]).map((s) =>
          RARE.includes(s) && answer.byStatus[s] === 0 && status !== s ? null : (
            <Chip key={s} size="xs" checked={status === s} onChange={(on) => setStatus(on ? s : null)}>
              {STATUS[s].label} {formatCount(answer.byStatus[s])}
            </Chip>
          ),
        )}
        {(Object.keys(KINDS) as RevertKind[]).map((k) =>
          answer.byKind[k] === 0 ? null : (
            <Chip key={k} size="xs" variant="light" checked={kind === k} onChange={(on) => setKind(on ? k : null)}>
              {KINDS[k]} {formatCount(answer.byKind[k])}
            </Chip>
          ),
        )}
      </div>
      {answer.entries.length === 0 ? (
        <p className="tc-sub-none">
          {answer.total === 0 && status === null && kind === null && find.trim() === ''
            ? `${words.none} in this selection that a recorded call shows.`
            : 'Nothing fits.'}
        </p>
      ) : (
        <table className="tc-sub-table">
          <thead>
            <tr>
              <th className="fit">Status</th>
              <th style={{ width: '16%' }}>Call</th>
              <th style={{ width: '17%' }}>Resource</th>
              <th className="num">Calls</th>
              <th className="fit">First ({time.zone})</th>
              <th>Why</th>
              <th style={{ width: '14%' }}>To undo</th>
            </tr>
          </thead>
          <tbody>
            {answer.entries.map((entry) => (
              <Row
                key={`${entry.first.key} ${entry.eventName} ${entry.resource} ${entry.sharedWith}`}
                entry={entry}
                apart={apart?.get(entry)}
                time={time}
                openMenu={openMenu}
              />
            ))}
          </tbody>
        </table>
      )}
      {answer.total > answer.entries.length ? (
        <div className="tc-sub-card-foot">
          {limit < MAX ? (
            <Button variant="subtle" size="compact-xs" onClick={() => setLimit(Math.min(MAX, limit + STEP * 3))}>
              Show more of {formatCount(answer.total)}
            </Button>
          ) : (
            <span className="tc-soft">
              The first {formatCount(MAX)} of {formatCount(answer.total)}: find or narrow to see the others.
            </span>
          )}
        </div>
      ) : null}
    </section>
  );
}

interface RowProps {
  entry: RevertEntry;
  apart: Apart | undefined;
  time: TimeWords;
  openMenu: ValueMenuControl['open'];
}

function Row({ entry, apart, time, openMenu }: RowProps): ReactNode {
  const openEvent = useApp((s) => s.openEvent);
  const [open, setOpen] = useState(false);
  return (
    <>
      <tr>
        <td className="fit">
          <ActionIcon
            variant="subtle"
            size="xs"
            color="gray"
            aria-expanded={open}
            aria-label={`${open ? 'Hide' : 'Show'} what was asked for by ${visibleString(entry.eventName)}`}
            onClick={() => setOpen(!open)}
          >
            {open ? <IconChevronDown size={12} /> : <IconChevronRight size={12} />}
          </ActionIcon>
          <span className="tc-rev-status" data-status={entry.status}>
            {STATUS[entry.status].sign} {STATUS[entry.status].label}
          </span>
        </td>
        <td title={KINDS[entry.kind]}>
          <ValueLink column="eventName" value={entry.eventName} openMenu={openMenu} />
        </td>
        <td className={entry.issuedKey === null ? undefined : 'whole'} title={entry.resources.slice(0, 12).join('\n')}>
          {entry.issuedKey !== null ? (
            <ValueLink column="accessKeyId" value={entry.issuedKey} openMenu={openMenu} />
          ) : (
            <ValueLink column="resource" value={entry.resource} openMenu={openMenu} />
          )}
          {entry.sharedWith === null ? null : <span className="tc-soft">with {visibleString(entry.sharedWith)}</span>}
          {(apart?.names ?? beside(entry)).map((name) => (
            <ValueLink key={name} column="resource" value={name} openMenu={openMenu} />
          ))}
          {apart && (apart.region ?? apart.account) !== null ? (
            <span className="tc-soft">
              {[apart.region, apart.account]
                .filter((part) => part !== null)
                .map((part) => visibleString(part))
                .join(', ')}
            </span>
          ) : null}
        </td>
        <td className="num">
          <button type="button" className="tc-link" onClick={() => openEvents(entry.opens)} title="Show its calls">
            {callsText(entry)}
          </button>
        </td>
        <td className="fit">
          <button type="button" className="tc-link" onClick={() => openEvent(entry.first.key)} title="Open the record">
            {time.time(entry.first.time)}
          </button>
        </td>
        <td className="tc-rev-why">
          <Sentence parts={entry.reason} time={time} openMenu={openMenu} />{' '}
          {entry.later ? (
            <button type="button" className="tc-link" onClick={() => openEvent(entry.later?.key ?? entry.first.key)}>
              {entry.later.eventName}
            </button>
          ) : null}
        </td>
        <td className="tc-rev-why">{toUndo(entry)}</td>
      </tr>
      {open ? (
        <tr>
          <td colSpan={7}>
            <RevertDetails entry={entry} openMenu={openMenu} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

/** Calls that succeeded, as the sentence counts them, and those that failed apart. */
function callsText({ calls, failures, unsaid }: RevertEntry): string {
  const parts = [
    ...(calls > 0 ? [formatCount(calls)] : []),
    ...(failures > 0 ? [`${formatCount(failures)} failed`] : []),
    ...(unsaid > 0 ? [`${formatCount(unsaid)} without outcome`] : []),
  ];
  return parts.join(', ') || '0';
}

function toUndo({ status, undoneBy, eventName, givesRights, sharedWith, kind }: RevertEntry): ReactNode {
  if (status === 'failed') return <span className="tc-soft">nothing was changed</span>;
  if (status === 'undone' || status === 'undoing' || status === 'gone') return <span className="tc-soft">nothing is left to undo</span>;
  const plain = eventName.replace(/20\d{6}(?:v\d)?$/, '');
  const again =
    sharedWith === null
      ? `${plain} with the earlier settings`
      : `${plain} that ${kind === 'shared' ? 'takes it from' : 'gives it to'} ${visibleString(sharedWith)}`;
  const calls = undoneBy
    .slice(0, 3)
    .map((call) => (call === plain ? again : call))
    .join(', ');
  return givesRights ? `${calls}, only if these rights were wanted` : calls;
}

/** One resource a line, each once. */
const resourcesText = (entries: readonly RevertEntry[]): string =>
  [...new Set(entries.flatMap((e) => e.issuedKey ?? e.resource ?? []))].join('\n');

function revertNote(title: string, answer: RevertAnswer, time: TimeWords): string {
  const lines = [`# ${title}`, ''];
  for (const status of Object.keys(STATUS) as RevertStatus[]) {
    const entries = answer.entries.filter((e) => e.status === status);
    if (entries.length === 0) continue;
    lines.push(`## ${STATUS[status].label} (${formatCount(answer.byStatus[status])})`, '');
    for (const e of entries) {
      const what = e.issuedKey ?? e.resource;
      lines.push(
        `- ${escapeMarkdown(e.eventName)} ${what === null ? '(no resource named)' : escapeMarkdown(what)}, ${time.zoned(e.first.time)}: ${escapeMarkdown(sentenceText(e.reason, time))}`,
      );
    }
    lines.push('');
  }
  return `${lines.join('\n')}\n`;
}
