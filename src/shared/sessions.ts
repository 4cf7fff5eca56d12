/** A subject's activity cut into sessions, and lanes of activity on the timeline. */
import type { Opening, Subject, Tally } from './behaviour.ts';
import type { EpochMs, EventKey } from './brand.ts';
import type { ValueColumnId } from './columns.ts';

/** Another session of the same credential, address and agent begins after so long without an event. */
export const SESSION_GAP_MINUTES = 30;

export interface SessionOptions {
  offset: number;
  /** At most 1,000. */
  limit: number;
  /** Newest first. Sessions without any time come last, either way. */
  descending: boolean;
  /** 1 to 1,440; SESSION_GAP_MINUTES when absent. */
  gapMinutes?: number;
}

/** A run of events of one credential from one address with one agent, without a gap longer than stated. */
export interface Session {
  /** Stable for the same events and gap. */
  id: EventKey;
  /** accessKeyId; without one the first of principalId, identity, principal. */
  credential: { column: ValueColumnId; value: string } | null;
  userName: string | null;
  principal: string | null;
  sourceIPAddress: string | null;
  /** 'public', 'private', … of the column addressKind. */
  addressKind: string | null;
  userAgent: string | null;
  /** Tool family of the agent (column agentTool), and why it is odd. */
  agentTool: string | null;
  agentMark: string | null;
  /** Null for the events of this credential, address and agent that have no readable time. */
  first: EpochMs | null;
  last: EpochMs | null;
  events: number;
  /** Denied or error; `denied` of them. */
  failed: number;
  denied: number;
  writes: number;
  /** At most 5, most events first. */
  services: Tally[];
  regions: Tally[];
  /** What stands out, at most 5: sign-ins, secrets read, things created, changed, deleted or shared, then denials. */
  notable: { eventName: string; eventSource: string | null; events: number; denied: number; key: EventKey }[];
  firstKey: EventKey;
  lastKey: EventKey;
  opens: Opening;
}

export interface SessionsAnswer {
  /** Sessions in all; events in all of them (= events of the subject in the selection). */
  total: number;
  events: number;
  gapMinutes: number;
  sessions: Session[];
  generation: number;
  ms: number;
}

export interface LanesOptions {
  /** At most 1,000. */
  bins: number;
}

/** One lane a subject, in the order asked, over the same bins as the histogram of the selection. */
export interface LanesAnswer {
  from: EpochMs;
  binMs: number;
  bins: number;
  lanes: {
    subject: Subject;
    events: number;
    /** Denied or error. */
    failed: number;
    /** Per bin. */
    counts: Uint32Array<ArrayBuffer>;
    failedCounts: Uint32Array<ArrayBuffer>;
    deniedCounts: Uint32Array<ArrayBuffer>;
  }[];
  generation: number;
  ms: number;
}
