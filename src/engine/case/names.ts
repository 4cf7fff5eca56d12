/** Names of cases and titles of notes. */
import { AppError } from '../../shared/errors.ts';

export const MAX_CASE_NAME = 120;
const MAX_TITLE = 200;

/** The name as it is kept: trimmed, one line. Throws 'bad-input' with a sentence. */
export function caseName(typed: string): string {
  const name = typed
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (name === '') throw new AppError('bad-input', 'Give the case a name.');
  if (name.length > MAX_CASE_NAME) throw new AppError('bad-input', `A case’s name has at most ${MAX_CASE_NAME} characters.`);
  return name;
}

/** A note's title: the first line that says something, without Markdown marks. */
export function noteTitle(text: string): string {
  for (const line of text.split(/\r?\n/, 200)) {
    const plain = line
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/^[\s#>*+-]+/, '')
      .replace(/[*_`~]/g, '')
      .trim();
    if (plain !== '') return plain.length > MAX_TITLE ? `${plain.slice(0, MAX_TITLE - 1)}…` : plain;
  }
  return 'Untitled note';
}
