/** What a record's request says, as short lines: the rule of a security group, a policy with whom it trusts, tags. */
import { cut, visibleString } from '../../components/visible-text.tsx';

export interface RequestLine {
  /** `ipPermissions.0.fromPort`; the lists of EC2 (`items`) are left out of it. */
  name: string;
  value: string;
}

export interface RequestLines {
  lines: RequestLine[];
  /** How many are not shown. */
  more: number;
}

export const LINES_SHOWN = 40;
const LINES_COUNTED = 2000;
const VALUE_CHARS = 600;
const MAX_DEPTH = 12;

/** Of a record's text; null when it is no record, or has no request. Never throws. */
export function requestLines(text: string): RequestLines | null {
  try {
    const record: unknown = JSON.parse(text);
    if (typeof record !== 'object' || record === null) return null;
    const raw = (record as Record<string, unknown>).requestParameters;
    const request = typeof raw === 'string' ? parsed(raw) : raw;
    if (request === null || request === undefined) return null;
    const found: RequestLine[] = [];
    let count = 0;
    walk(request, '', 0, (name, value) => {
      if (++count <= LINES_SHOWN) found.push({ name: visibleString(cut(name, 200)), value: visibleString(cut(value, VALUE_CHARS)) });
      return count < LINES_COUNTED;
    });
    return { lines: found, more: count - found.length };
  } catch {
    return null;
  }
}

/** Policies stand in requests as JSON in text: what they say is shown, not how it is escaped. */
function parsed(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function walk(value: unknown, name: string, depth: number, say: (name: string, value: string) => boolean): boolean {
  const inner = typeof value === 'string' ? parsed(value) : value;
  if (typeof inner !== 'object' || inner === null) return say(name || 'requestParameters', String(inner));
  if (depth >= MAX_DEPTH) return say(name, JSON.stringify(inner));
  const entries = Object.entries(inner as Record<string, unknown>);
  if (entries.length === 0) return say(name || 'requestParameters', Array.isArray(inner) ? '[]' : '{}');
  if (Array.isArray(inner) && inner.every((item) => typeof item !== 'object' || item === null))
    return say(name, inner.map(String).join(', '));
  for (const [key, item] of entries) {
    const skipped = key === 'items' || (Array.isArray(inner) && entries.length === 1);
    const path = skipped ? name : name === '' ? key : `${name}.${key}`;
    if (!walk(item, path, depth + 1, say)) return false;
  }
  return true;
}
