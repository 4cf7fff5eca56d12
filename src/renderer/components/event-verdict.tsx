/** The verdict of an event's file: a shape and words, the colour only besides; and what is said while there is none. */
import type { ReactNode } from 'react';
import { eventVerdictWord } from '../../engine/client/index.ts';
import type { QueryStatus } from '../../shared/engine.ts';
import type { EventVerdict } from '../../shared/integrity.ts';
import { useApp } from '../state/app.ts';
import { valueWords } from './value-words.ts';
import { VisibleText } from './visible-text.tsx';
import './event-verdict.css';

const MARK: Record<EventVerdict, string> = {
  matchSigned: '✓',
  matchEvidenceKey: '✓',
  matchUnsigned: '◐',
  matchInvalid: '✕',
  reformatted: '≈',
  mismatch: '✕',
  appended: '✕',
  extra: '+',
  undigested: '○',
};

/** Those that speak against the file, with what they mean: worth a mark beside the event. */
const WARNING: Partial<Record<EventVerdict, string>> = {
  matchInvalid: 'The file of this event matches only an invalid digest, which proves nothing',
  mismatch: 'The file of this event differs from what the digests list',
  appended: 'Data was appended to the file of this event',
  extra: 'The file of this event is in no digest, though a signed one covers its time',
};

const known = (value: string | null): EventVerdict | null =>
  value !== null && eventVerdictWord(value) !== null ? (value as EventVerdict) : null;

/** A sentence when the verdict speaks against the file; null otherwise. */
export function verdictWarning(value: string | null): string | null {
  const verdict = known(value);
  return verdict === null ? null : (WARNING[verdict] ?? null);
}

export function EventVerdictBadge({ value, title }: { value: string; title?: string }): ReactNode {
  const verdict = known(value);
  return (
    <span className="tc-verdict" data-event-verdict={verdict ?? undefined} title={title}>
      <span aria-hidden="true">{verdict ? MARK[verdict] : '·'}</span> {valueWords('integrity', value)}
    </span>
  );
}

/** Why there is no verdict yet, in a sentence; null once all files were checked. */
export function pendingWords(integrity: QueryStatus['integrity'], importing: boolean): string | null {
  if (!integrity || integrity.state === 'checked') return null;
  if (integrity.state === 'failed') return `The digests could not be checked: ${integrity.reason ?? 'the reason is not known.'}`;
  return importing ? 'The digests are checked when the import has ended.' : 'The digests are being checked.';
}

export function VerdictsPending(): ReactNode {
  const integrity = useApp((s) => s.queryStatus?.integrity);
  const importing = useApp((s) => s.importing !== null);
  const words = pendingWords(integrity, importing);
  return words === null ? null : (
    <p className="tc-verdict-note" role="status">
      <VisibleText text={words} limit={500} />
    </p>
  );
}
