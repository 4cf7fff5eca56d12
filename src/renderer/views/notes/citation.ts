/** The text of notes: citations as links `[text](event:<key>)`, blocks put in, titles. Evidence in it is escaped. */
import { citationHref } from '../../../engine/client/index.ts';
import type { EventKey } from '../../../shared/brand.ts';
import { visibleString } from '../../components/visible-text.tsx';

const MAX_LABEL = 120;

/** Text from evidence as literal Markdown: nothing in it is markup, and it stays on its line. */
export function escapeMarkdown(text: string): string {
  const line = visibleString(text).replace(/\s+/g, ' ').trim();
  return line.replace(/[\\`*_[\]<>|~&$]/g, (c) => `\\${c}`).replace(/^(?=[#+-])|^(\d+)(?=[.)])/, '$1\\');
}

/** `[label](event:…)`; the label is cut at 120 characters. */
export function citationLink(key: EventKey, label: string): string {
  const cutLabel = label.length > MAX_LABEL ? `${label.slice(0, MAX_LABEL - 1).toWellFormed()}…` : label;
  return `[${escapeMarkdown(cutLabel) || 'event'}](${citationHref(key)})`;
}

/** The text with a block put in at `position` on lines of its own, and where the block ends then. */
export function insertBlock(text: string, position: number, block: string): { text: string; end: number } {
  const at = Math.min(Math.max(position, 0), text.length);
  const before = text.slice(0, at);
  const after = text.slice(at);
  const lead = before === '' || before.endsWith('\n') ? '' : '\n';
  const inserted = `${lead}${block}\n`;
  return { text: before + inserted + after.replace(/^\n/, ''), end: before.length + inserted.length };
}

/** Title for lists: the first line with something on it, without the marks of a heading. */
export function titleOf(markdown: string): string {
  for (const line of markdown.split('\n', 200)) {
    const title = line
      .replace(/^\s*#{1,6}\s+/, '')
      .replace(/\[((?:\\.|[^\]\\])*)\]\([^)]*\)/g, '$1')
      .replace(/\\([\\`*_[\]<>|~&$#+\-.)])/g, '$1')
      .trim();
    if (title !== '') return title.length > 120 ? `${title.slice(0, 119).toWellFormed()}…` : title;
  }
  return 'Untitled note';
}

/** The text with its first titled line replaced: renaming a note edits the note. */
export function withTitle(markdown: string, title: string): string {
  const clean = title.replace(/\s+/g, ' ').trim();
  if (clean === '') return markdown;
  const lines = markdown.split('\n');
  const index = lines.findIndex((line) => line.replace(/^\s*#{1,6}\s*/, '').trim() !== '');
  if (index < 0) return `# ${clean}\n${markdown}`;
  // A first line that cites is no mere title: the title goes above it.
  if (lines[index].includes('](event:')) return `# ${clean}\n\n${markdown}`;
  lines[index] = `# ${clean}`;
  return lines.join('\n');
}
