/**
 * Who got in, across which accounts, and what is worth a look whoever did it: asked of the whole selection, not of one principal.
 * Sign-ins and calls across accounts are the events of the selection. A point about one principal, key or instance rests on all of its
 * events in the time range, as on its own page; the filters choose whom it is about. Behind it: `engine/access`.
 */
import type { Opening, SentencePart, Statement, StatementValue, Subject, Tally } from './behaviour.ts';
import type { EpochMs, EventKey } from './brand.ts';
import type { ValueColumnId } from './columns.ts';

/** Rows and points that an answer lists; what is more is counted. */
export const ACCESS_ROWS = 1000;
export const ACCESS_POINTS = 200;

/** What AWS writes in place of the user name of a sign-in when it is no user's (CloudTrail User Guide, "Console sign-in events"). */
export const HIDDEN_USER = 'HIDDEN_DUE_TO_SECURITY_REASONS';

export type AccessPointKind =
  | 'spraying'
  | 'bruteForce'
  | 'hiddenNames'
  | 'successAfterFailures'
  | 'withoutMfa'
  | 'newPlace'
  | 'root'
  | 'assumeRoot'
  | 'quarantine'
  | 'quarantineRemoved'
  | 'instanceElsewhere'
  | 'twoAddresses'
  | 'deniedThenSucceeded'
  | 'vpcDenied'
  | 'vpcEndpoint';

/** A sentence with its events; `subject` has a page of its own. */
export interface AccessPoint extends Pick<Statement, 'weight' | 'parts' | 'counts' | 'values' | 'more' | 'cited' | 'opens'> {
  kind: AccessPointKind;
  subject: Subject | null;
  /** How much it rests on, where it compares with what was before or after. */
  basis: SentencePart[] | null;
}

/**
 * Of a sign-in that succeeded. provider: a federated or Identity Center sign-in, whose MFA, if any, is asked for elsewhere: the record
 * says nothing of it. A failed sign-in is not counted: MFA may not have been asked for yet.
 */
export type MfaUse = 'yes' | 'no' | 'notRecorded' | 'provider';

/**
 * Whether the identity had been at this address before, by its own earlier events that did not fail as sign-ins, in all files.
 * network: not at the address, but in its /24 or /64. none: no earlier event says from where. notCompared: no address of the caller.
 */
export interface SignInPlace {
  state: 'known' | 'network' | 'new' | 'none' | 'notCompared';
  /** Earlier events of the identity with an address of its own, since when, on how many UTC days. */
  events: number;
  from: EpochMs | null;
  days: number;
  /** Fewer than 20 events or 3 days: what is called new may only be rare. */
  thin: boolean;
}

/** Sign-ins of one identity from one address. */
export interface SignInRow {
  principal: string | null;
  /** Of a role: the session name. */
  userName: string | null;
  identityType: string | null;
  /** AWS hid the name: what was typed is no user. Several such may be several names. */
  hidden: boolean;
  account: string | null;
  sourceIPAddress: string | null;
  addressKind: string | null;
  succeeded: number;
  failed: number;
  /** Of a summary such as Event history's CSV, which does not say how it ended. */
  unclear: number;
  mfa: Record<MfaUse, number>;
  /** Most failures of this identity, from any address, since its last success and in earlier seconds than a success of this row. */
  failuresBefore: number;
  first: EpochMs | null;
  last: EpochMs | null;
  firstKey: EventKey;
  lastKey: EventKey;
  place: SignInPlace;
  opens: Opening;
}

export interface SignInsAnswer {
  totals: {
    signIns: number;
    succeeded: number;
    failed: number;
    unclear: number;
    identities: number;
    addresses: number;
    mfa: Record<MfaUse, number>;
    /** Among the failed. */
    hidden: number;
  };
  points: AccessPoint[];
  /** Points beyond ACCESS_POINTS. */
  morePoints: number;
  /** Latest first; at most ACCESS_ROWS of `rowsTotal`, those with failures, without MFA or from a new place before others. */
  rows: SignInRow[];
  rowsTotal: number;
  evidenceFrom: EpochMs | null;
  generation: number;
  ms: number;
}

/** in: from an account whose logs are not here. out: to one. between: both have logs here. */
export type AcrossDirection = 'in' | 'out' | 'between';

/** Calls of one identity of an account into another account: of one role, or of one service. */
export interface AcrossRow {
  /** Account of the caller, and account that was called. `fromForeign`: no record in this case was recorded in it. */
  from: string;
  to: string;
  fromForeign: boolean;
  toForeign: boolean;
  direction: AcrossDirection;
  /** As the caller's own record names it; where only the other account recorded the call, the unique ID. Null when neither is there. */
  who: { column: ValueColumnId; value: string } | null;
  /** A role was assumed (or switched to, or a root session taken); else another call. */
  how: 'assumed' | 'called';
  /** The role, or the service that was called; null when the record does not name it. */
  what: { column: ValueColumnId; value: string } | null;
  /** Each call once, however many accounts recorded it. */
  calls: number;
  denied: number;
  /** Denied or error. */
  failed: number;
  /** Which side's records there are. */
  recorded: { both: number; onlyCaller: number; onlyCalled: number };
  /** At most 5, most calls first. */
  actions: Tally[];
  resources: Tally[];
  first: EpochMs | null;
  last: EpochMs | null;
  /** The records of the first call: the caller's own, and that of the account that was called. */
  callerKey: EventKey | null;
  calledKey: EventKey | null;
  /** Its events, at most 1,000. */
  opens: Opening;
}

export interface AcrossAnswer {
  totals: { calls: number; pairs: number; in: number; out: number; between: number; foreignAccounts: number; twins: number };
  /** Foreign first, then by calls; at most ACCESS_ROWS of `rowsTotal`. */
  rows: AcrossRow[];
  rowsTotal: number;
  /** Calls that belong to none of the rows that were made, of which there are at most 20,000. */
  leftOut: number;
  generation: number;
  ms: number;
}

/** Whom an analysis looked at. */
export interface Looked {
  kind: 'instanceElsewhere' | 'twoAddresses' | 'deniedThenSucceeded';
  /** Subjects that the analysis could say something of, and how many of them it was run on. */
  candidates: number;
  looked: number;
}

export interface AccessPointsAnswer {
  /** In the order of the kinds; within one, notable before plain. */
  points: AccessPoint[];
  /** By kind: how many points there are, whether listed or not. */
  totals: Partial<Record<AccessPointKind, number>>;
  looked: Looked[];
  evidenceFrom: EpochMs | null;
  evidenceTo: EpochMs | null;
  generation: number;
  ms: number;
}

export type { StatementValue };
