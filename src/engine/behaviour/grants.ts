/**
 * With whom a call shares a snapshot, an image or a document, or no longer does: the ingest names the accounts among the resources, and
 * marks those that lost access (`engine/ingest/grantees.ts`).
 */
import { REMOVED } from '../ingest/grantees.ts';
import { lastPart } from './last-parts.ts';

export interface Grant {
  /** As recorded: an account, the ARN of an organisation, or 'all'. */
  who: string;
  removed: boolean;
}

/** Null for a resource that is no account, organisation or 'all'. */
export function grantOf(resource: string): Grant | null {
  const removed = resource.startsWith(REMOVED);
  const who = removed ? resource.slice(REMOVED.length) : resource;
  return /^(?:\d{12}|all)$/i.test(who) || /^arn:[^:]{1,32}:organizations:/.test(who) ? { who, removed } : null;
}

/** How the opposite of a grant stands among the compared names of a call. */
export const oppositeName = ({ who, removed }: Grant): string => (removed ? lastPart(who) : REMOVED + who);
