/** The text of citations: links `[text](event:<key>)` in Markdown, written, found and read back. Evidence in it is escaped. */
import { type EventKey, eventKey } from '../../../shared/brand.ts';
import { visibleString } from '../../components/visible-text.tsx';

const SCHEME = 'event:';
const MAX_LABEL = 120;

/** Text from evidence as literal Markdown: nothing in it is markup, and it stays on its line. */
export function escapeMarkdown(text: string): string {
  const line = visibleString(text).replace(/\s+/g, ' ').trim();
  return line.replace(/[\\`*_[\]<>|~&$]/g, (c) => `\\${c}`).replace(/^(?=[#+-])|^(\d+)(?=[.)])/, '$1\\');
}

// encodeURIComponent leaves ( ) ' ! * and these end a link's target or mean something in Markdown.
const encodeKey = (key: string): string =>
  encodeURIComponent(key.toWellFormed()).replace(/[!'()*~_]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

export const eventHref = (key: EventKey): string => SCHEME + encodeKey(key);

/** The key of an `event:` link; null for any other target or a malformed one. */
export function keyOfHref(href: string): EventKey | null {
  if (!href.startsWith(SCHEME)) return null;
  try {
    const key = decodeURIComponent(href.slice(SCHEME.length));
    return key.startsWith('id:') || key.startsWith('src:') ? eventKey(key) : null;
  } catch {
    return null;
  }
}

/** `[label](event:…)`; the label is cut at 120 characters. */
export function citationLink(key: EventKey, label: string): string {
  const cutLabel = label.length > MAX_LABEL ? `${label.slice(0, MAX_LABEL - 1).toWellFormed()}…` : label;
  return `[${escapeMarkdown(cutLabel) || 'event'}](${eventHref(key)})`;
}

/** Keys cited in a text, each once, in order. */
export function citedKeys(markdown: string): EventKey[] {
  const keys = new Set<EventKey>();
  for (const match of markdown.matchAll(/\]\((event:[^)\s]*)\)/g)) {
    const key = keyOfHref(match[1]);
    if (key) keys.add(key);
  }
  return [...keys];
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
