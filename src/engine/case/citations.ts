/** Citations in notes: Markdown links whose target names an event. */
import { type EventKey, eventKey } from '../../shared/brand.ts';

const SCHEME = 'event:';

/** `[text](event:…)`; brackets and line breaks in the text would end the link early and are replaced. */
export function formatCitation(text: string, key: EventKey): string {
  const label = text
    .replace(/[[\]\\]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return `[${label === '' ? 'event' : label}](${citationHref(key)})`;
}

/** Target of a citation. Parentheses would end a Markdown link, so they are encoded too. */
export function citationHref(key: EventKey): string {
  return SCHEME + encodeURIComponent(key.toWellFormed()).replace(/[()']/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The event a link's target names; null when it is no citation. */
export function parseCitationHref(href: string): EventKey | null {
  if (!href.startsWith(SCHEME)) return null;
  try {
    const key = decodeURIComponent(href.slice(SCHEME.length));
    return key.startsWith('id:') || key.startsWith('src:') ? eventKey(key) : null;
  } catch {
    return null;
  }
}

/** Distinct events cited in a Markdown text, in the order of their first mention. */
export function citedKeys(markdown: string): EventKey[] {
  const keys = new Set<EventKey>();
  for (const [, href] of markdown.matchAll(/\]\((event:[^\s()]*)\)/g)) {
    const key = parseCitationHref(href);
    if (key !== null) keys.add(key);
  }
  return [...keys];
}
