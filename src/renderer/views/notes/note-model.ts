/** Notes as values: new, changed, and which one is at hand. */
import type { EpochMs } from '../../../shared/brand.ts';
import type { Note } from '../../../shared/case.ts';
import { insertBlock, titleOf } from './citation.ts';

export function newNote(text: string, id: string, now: EpochMs): Note {
  return { id, title: titleOf(text), text, createdAt: now, changedAt: now };
}

export function changedNote(note: Note, text: string, now: EpochMs): Note {
  return { ...note, text, title: titleOf(text), changedAt: now };
}

/** Changed last first; of equal times the newer note. */
export const byChange = (notes: readonly Note[]): Note[] =>
  [...notes].sort((a, b) => b.changedAt - a.changedAt || b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1));

/** The note with a block added at its end, a blank line before it unless it continues a list. */
export function appended(text: string, block: string): string {
  const body = text.replace(/\s+$/, '');
  if (body === '') return `${block}\n`;
  const lastLine = body.slice(body.lastIndexOf('\n') + 1);
  const continues = lastLine.startsWith('- ') && block.startsWith('- ');
  return insertBlock(`${body}\n${continues ? '' : '\n'}`, Number.MAX_SAFE_INTEGER, block).text;
}

/** The list with the note put in or replaced. */
export const withNote = (notes: readonly Note[], note: Note): Note[] => byChange([...notes.filter((n) => n.id !== note.id), note]);
