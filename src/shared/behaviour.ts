/**
 * What a principal (or any value: an access key, an address, a role, a session) did in a window, against its own history before the
 * window. Every statement is data: parts of a sentence, numbers, and what opens the events it rests on. Behind it: `engine/behaviour`.
 */
import type { EpochMs, EventKey } from './brand.ts';
import type { ValueColumnId } from './columns.ts';
import type { Filter, TimeRange } from './plan.ts';

/** Whom it is about: all events that hold this value in this column. */
export interface Subject {
  column: ValueColumnId;
  value: string;
}

/** Times in the answers are UTC; the page says them in the zone it shows. Values are verbatim from evidence: text, never markup. */
export type SentencePart =
  | string
  | { part: 'value'; value: string; column: ValueColumnId | null }
  | { part: 'count'; count: number; one: string; many: string }
  | { part: 'time'; time: EpochMs }
  | { part: 'day'; day: EpochMs }
  | { part: 'bytes'; bytes: number }
  | { part: 'percent'; percent: number };

/** What opens the events behind a statement: a selection's time and filters (the subject's own filter is among them). */
export interface Opening {
  time: TimeRange;
  filters: Filter[];
}

/** How much history a statement rests on. */
export interface Basis {
  /** First and last time of all events of the case; null when none has a readable time. */
  evidenceFrom: EpochMs | null;
  evidenceTo: EpochMs | null;
  /** The subject's events before the window: how many, since when, on how many UTC days. */
  historyEvents: number;
  historyFrom: EpochMs | null;
  historyDays: number;
  /** 'none': nothing before the window, so nothing can be called new. 'thin': fewer than 20 events or fewer than 3 days with events. */
  history: 'none' | 'thin' | 'enough';
  /** "first in these files, which begin 2026-03-01": ready to stand behind a statement. */
  sentence: SentencePart[];
}

/**
 * notable: worth a look before others. plain: a fact. limit: what cannot be known from these files, and why.
 */
export type StatementWeight = 'notable' | 'plain' | 'limit';

export type StatementSection = 'new' | 'hours' | 'addresses' | 'authentication' | 'permissions' | 'discovery' | 'data';

export type StatementKind =
  | 'noHistory'
  | 'newAddress'
  | 'newAgent'
  | 'newRegion'
  | 'newService'
  | 'newAction'
  | 'newRole'
  | 'newHours'
  | 'newVolume'
  | 'oddAgent'
  | 'twoAddresses'
  | 'addressesNotCompared'
  | 'instanceElsewhere'
  | 'instanceAddresses'
  | 'identityTypes'
  | 'root'
  | 'signIn'
  | 'signInUnsaid'
  | 'signInFailed'
  | 'withoutMfa'
  | 'mfa'
  | 'imdsV1'
  | 'imdsV2'
  | 'federation'
  | 'fromConsole'
  | 'deniedThenSucceeded'
  | 'denied'
  | 'enumeration'
  | 'roleGuessing'
  | 'objectsRead'
  | 'noDataEvents'
  | 'sharedOut'
  | 'secretsRead'
  | 'withoutTime'
  | 'twins'
  | 'quarantine';

/** A value that a statement lists, with how often and since when it occurs in the window. */
export interface StatementValue {
  value: string;
  column: ValueColumnId | null;
  events: number;
  /** What `events` are, in the singular and the plural, where they are not all events of the value in the window: "denial", "denials". */
  counted?: [one: string, many: string];
  first: EpochMs | null;
  firstKey: EventKey;
  /** What `first` is, where it is not simply the first: "first denied". */
  firstIs?: string;
  /** For what is new to the subject: nobody in these files had it before either. */
  newToEvidence?: boolean;
  /** A word or two beside the value: the kind of an address, the tool and mark of an agent, both ends of an overlap. */
  note?: string;
}

export interface Statement {
  kind: StatementKind;
  section: StatementSection;
  weight: StatementWeight;
  parts: SentencePart[];
  /** The numbers of the sentence by name, for scripts and tests. */
  counts: Record<string, number>;
  /** At most 50, most telling first; `more` are not listed. */
  values: StatementValue[];
  more: number;
  /** The events that show it best, at most 20, in order. */
  cited: EventKey[];
  /** Opens all of its events; null for a statement about what is not there. */
  opens: Opening | null;
  /** Whether the sentence compares with the history (`Behaviour.basis` belongs behind it). */
  compares: boolean;
}

/** What one action (service and name) came to in the window. */
export interface ActionUse {
  eventSource: string | null;
  eventName: string | null;
  succeeded: number;
  /** Denied or error; `denied` of them. */
  failed: number;
  denied: number;
  /** Calls whose records do not say whether they succeeded. */
  unsaid: number;
  /** Before the window. */
  succeededBefore: number;
  deniedBefore: number;
  first: EpochMs | null;
  last: EpochMs | null;
  /**
   * A denial, then a success in a later second; the success lies in the window. Whether on one resource: 'yes' when all that the denied
   * call named is named again, 'partly' when only `shared` is (at most 5), 'unknown' when one of them names nothing.
   */
  deniedThenSucceeded: {
    denied: EventKey;
    deniedAt: EpochMs;
    succeeded: EventKey;
    succeededAt: EpochMs;
    sameResource: 'yes' | 'partly' | 'no' | 'unknown';
    shared: string[];
    /** Whether that denial lies in the window (and is in `denied`) or before it (and is in `deniedBefore`). */
    deniedInWindow: boolean;
  } | null;
}

/** Reading of one bucket in the window, from S3 data events. */
export interface BucketReads {
  /** Null: the records name no bucket. */
  bucket: string | null;
  /** Successful GetObject and the like; distinct objects among them as far as they are named. */
  reads: number;
  objects: number;
  denied: number;
  /** Sum of bytesTransferredOut of the successful reads, and how many of them say it. */
  bytesOut: number;
  readsWithBytes: number;
  first: EpochMs | null;
  last: EpochMs | null;
  firstKey: EventKey;
}

export interface Tally {
  /** Null: not recorded. */
  value: string | null;
  events: number;
}

export interface Authentication {
  identityTypes: Tally[];
  /** true, false, null = not recorded. */
  mfa: Tally[];
  /** '1.0' = IMDSv1, '2.0' = IMDSv2; without the null of all that is no instance. */
  imds: Tally[];
  federation: Tally[];
  /** Events whose credentials came from a console session. */
  fromConsole: number;
  /** `unsaid`: the records do not say whether they succeeded. */
  signIns: { succeeded: number; failed: number; unsaid: number; withoutMfa: number };
}

export interface Behaviour {
  subject: Subject;
  window: TimeRange;
  /** Of a selection only the time range counts: search, filters and what is kept out of it do not. */
  scope: 'time';
  basis: Basis;
  totals: {
    /**
     * Events of the subject in the window; without a bounded window, those without a readable time too. Second records of a call (by the
     * account that was called) are left out where the caller's own is among them; the statement 'twins' says how many.
     */
    events: number;
    /** Denied or error; `denied` of them. */
    failed: number;
    denied: number;
    writes: number;
    first: EpochMs | null;
    last: EpochMs | null;
    before: number;
    after: number;
    withoutTime: number;
  };
  /** In the order of the sections; within one, notable before plain before limit. */
  statements: Statement[];
  /** Events by hour of the week, UTC: index = (day, Monday is 0) × 24 + hour. 168 each. */
  hours: {
    window: Uint32Array<ArrayBuffer>;
    before: Uint32Array<ArrayBuffer>;
    /** 1 at hours with events in the window and none in the history, as compared by `newBy`. */
    newHours: Uint8Array<ArrayBuffer>;
    /**
     * hour of day: the same hour of any day, for a history shorter than two weeks; hour of week: the same hour of that weekday;
     * null: too little history to call an hour new, and no hour is.
     */
    newBy: 'hour of day' | 'hour of week' | null;
  };
  /** UTC days with events, ascending, the last 1,000 of them; `inWindow` of `events` lie in the window. */
  days: { day: EpochMs; events: number; inWindow: number; failed: number }[];
  authentication: Authentication;
  /** Actions in the window: denied-then-succeeded first, then by denials, then by count; at most 500 of `actionsTotal`. */
  actions: ActionUse[];
  actionsTotal: number;
  /** By bytes, then reads; at most 100 of `bucketsTotal`. */
  buckets: BucketReads[];
  bucketsTotal: number;
  generation: number;
  ms: number;
}

export type RevertKind = 'created' | 'changed' | 'deleted' | 'shared' | 'enabled' | 'disabled';

/**
 * stands: no later successful call in these files undoes it. undone: one does, or the call itself only took back what its own principal
 * had done in the window (`later` is then that earlier deed). undoing: it only took back what another principal had done (`later`), as
 * on the page of a thing that several acted on. failed: no call of it succeeded. unknown: which call
 * would undo it is not known, or one followed whose target the columns do not name, or in the same second. gone: what it belongs to was
 * deleted. unsaid: its records (of Event history as CSV, say) do not tell whether a call of it succeeded.
 */
export type RevertStatus = 'stands' | 'undone' | 'gone' | 'undoing' | 'failed' | 'unknown' | 'unsaid';

export interface RevertEvent {
  key: EventKey;
  time: EpochMs | null;
  eventName: string;
  principal: string | null;
}

/** One thing that was created, changed, deleted or shared: calls of one name on one resource, together. */
export interface RevertEntry {
  kind: RevertKind;
  status: RevertStatus;
  /** Why the status is what it is, in a sentence for a person. */
  reason: SentencePart[];
  eventName: string;
  eventSource: string | null;
  account: string | null;
  region: string | null;
  /** The thing itself, as recorded (ARN where there is one); null when the columns name none. */
  resource: string | null;
  /** What the entry is about, each thing once, by the last part of its name and as one of `resources` has it. */
  about: { name: string; resource: string }[];
  /** Everything the first call names, an issued access key included; at most 64. */
  resources: string[];
  issuedKey: string | null;
  /** Successful calls, and those that failed. */
  calls: number;
  failures: number;
  /** Calls whose records do not say whether they succeeded. */
  unsaid: number;
  first: RevertEvent;
  last: RevertEvent;
  /** The undoing call, or the one that leaves it unknown. */
  later: RevertEvent | null;
  /** With whom this call shared the thing, or stopped to share it: an account, an organisation or 'all'; null where the record does not say. */
  sharedWith: string | null;
  /**
   * API calls that put the thing back, the usual one first; never one that deletes what holds it. The entry's own name: the same call
   * again, with what was set before. Empty when none is known, and when nothing is left to undo: it failed, or only took back another deed.
   */
  undoneBy: string[];
  /** The usual one gives rights: to be made only if they were wanted. Never for whom the subject itself is or made. */
  givesRights: boolean;
  opens: Opening;
}

export interface RevertOptions {
  offset: number;
  /** At most 1,000. */
  limit: number;
  status?: RevertStatus;
  kind?: RevertKind;
  /** Only entries whose resource or call contains it, ignoring case. */
  find?: string;
}

export interface RevertAnswer {
  /** Of a selection only the time range counts. */
  scope: 'time';
  /** Entries that fit the options. */
  total: number;
  /** Over all entries, whatever the options. */
  byStatus: Record<RevertStatus, number>;
  byKind: Record<RevertKind, number>;
  /** Standing first, then unknown, undone, failed; each by time of the first call. */
  entries: RevertEntry[];
  /** Up to when later calls could be seen. */
  evidenceTo: EpochMs | null;
  /** Calls beyond the limit of 200,000 that were not looked at. */
  leftOut: number;
  /** Calls that AWS itself made in the name of the subject (invoked by `AWS Internal`): no deeds of it, and not among the entries. */
  byAws: number;
  generation: number;
  ms: number;
}
