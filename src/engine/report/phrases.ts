/** Sentences that the HTML and the Markdown report have in common. */
import type { FacetValue } from '../../shared/plan.ts';
import { eventVerdictWord } from '../integrity/words.ts';
import type { ReportData } from './model.ts';
import type { Numbering } from './notes.ts';
import { countOf, number, stamp } from './text.ts';

export const footerText = (data: ReportData): string =>
  `${data.case.name} · Trailcase ${data.app.version} · ${stamp(data.generatedAt, data.utc)}`;

export function versionsText({ app }: ReportData): string {
  const parts = Object.entries(app.versions).map(([name, version]) => `${name} ${version}`);
  return `Trailcase ${app.version}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
}

export function scopeSentence({ scope, utc }: ReportData): string {
  if (scope.events === 0) return `No event of the ${countOf(scope.total, 'event')} of the case is in the selection.`;
  const span = scope.first === null ? 'none of them with a readable time' : `from ${stamp(scope.first, utc)} to ${stamp(scope.last, utc)}`;
  const without = scope.withoutTime > 0 ? ` ${countOf(scope.withoutTime, 'event')} of them without a readable time.` : '';
  return `${number(scope.events)} of the ${countOf(scope.total, 'event')} of the case are in the selection, ${span}; ${number(scope.failed)} failed, ${number(scope.denied)} of these denied.${without}`;
}

/** Null when nothing was left out. */
export const cutSentence = (shown: number, total: number, what: string): string | null =>
  shown < total ? `The list ends here: ${number(shown)} of ${number(total)} ${what} are shown.` : null;

/** Where an event stands among the cited records. */
export function numberingOf({ citations }: Pick<ReportData, 'citations'>): Numbering {
  const numbers = new Map(citations.rows.map((c) => [c.key, c.number]));
  return (key) => numbers.get(key) ?? null;
}

/** What stands before the cited records. */
export function recordsLead({ recordsShown, textsLeftOut }: Pick<ReportData, 'recordsShown' | 'textsLeftOut'>): string {
  if (!recordsShown) return 'The original texts were left out of this report. The SHA-256 is of the record’s exact bytes.';
  const left =
    textsLeftOut === 0
      ? ''
      : ` Of ${countOf(textsLeftOut, 'record')} that only credential trees cite the text was left out; each stands in a line: time, who, from where, Region, event ID, file, number of the record in it (counted from 0), SHA-256.`;
  return `The text is the exact original of the record; characters that would not be seen are shown by name, as ⟨RLO⟩. The SHA-256 is of the record’s exact bytes.${left}`;
}

export const VERIFY = [
  'Compare the files: sha256sum FILE gives the value “found” of the evidence list; gzip -dc FILE | sha256sum gives “unpacked”.',
  'Find a cited record: unpack its source file and take the record with the stated number, counted from 0 in the order of the file.',
  'Compare the record: the SHA-256 is of its exact bytes in the unpacked file, from its first { to the matching }, with nothing before or after.',
  'Read it again: import the same files into Trailcase; the same evidence gives the same events, counts and hashes, in whatever order it is imported.',
] as const;

/** Events by the verdict of their file, in one sentence. */
export function eventsSentence(events: readonly FacetValue[] | null): string {
  if (events === null) return 'How many events each verdict holds for was not known when the report was made.';
  if (events.length === 0) return 'There are no events.';
  const parts = events.map(
    ({ value, count }) => `${number(count)} ${value === null ? 'without a verdict' : (eventVerdictWord(value) ?? value)}`,
  );
  return `Events by the verdict of the file that they are shown from: ${parts.join('; ')}.`;
}
