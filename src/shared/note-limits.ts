/** When a note is shown as plain text instead of formatted Markdown: people paste evidence into notes, and that can be anything. */

/** The longest note that the editor takes: beyond it, laying out one long line holds up the window. A longer one is only read. */
export const MAX_NOTE_CHARS = 200_000;

/** The parser takes quadratic time over marks that may open something. */
const MAX_MARKS = 10_000;
const MAX_CHARS = 1_000_000;

/** True when reading the Markdown could take the page's time or stack. */
export function isPlainNote(text: string): boolean {
  if (text.length > MAX_CHARS) return true;
  if (/^[ \t]*(?:[>*+-][ \t]*){100}/m.test(text)) return true;
  let marks = 0;
  for (const _ of text.matchAll(/[*_~`[\]<&]/g)) if (++marks > MAX_MARKS) return true;
  return false;
}
