/**
 * Who is behind a credential: the contract of the lineage that the query worker works out of the columns (src/engine/identity).
 * A credential is an access key, or a session without a key ID; who acts without either (an AWS service, a person of an identity
 * provider, a principal of another account) is a credential of kind `service-call` or `external`, so that every chain is one list.
 */
import type { Brand, EpochMs, EventKey } from './brand.ts';
import type { Selection } from './plan.ts';

/**
 * `key:<access key ID>`, or `session:<when it began>|<principal ID, else identity>` for what has no key ID; people of Identity Center
 * whose records name no principal ID are told apart by their user ID: `session:<when it began>|onBehalfOf:<user ID>`. A principal ID
 * that was made unreadable is none. Where records give one key ID to several principals: `key:<access key ID>|<principal ID, else
 * identity>`. Failed sign-ins under one name: `attempt:<account>|<principal ID, else identity, or onBehalfOf:<user ID>>`.
 */
export type CredentialId = Brand<string, 'CredentialId'>;
export const credentialId = (value: string): CredentialId => value as CredentialId;
export const credentialOfKey = (accessKeyId: string): CredentialId => credentialId(`key:${accessKeyId}`);

export const CREDENTIAL_KINDS = [
  { id: 'long-term', label: 'Long-term key', help: 'An access key of an IAM user or of root; valid until it is deactivated or deleted.' },
  {
    id: 'assumed-role',
    label: 'Assumed role',
    help: 'A role session; the chain below says how it was issued, as far as that is recorded.',
  },
  { id: 'saml', label: 'SAML', help: 'A role session for a person of a SAML identity provider.' },
  { id: 'web-identity', label: 'Web identity', help: 'A role session for a token of an OIDC provider.' },
  {
    id: 'session-token',
    label: 'GetSessionToken',
    help: 'Temporary credentials of an IAM user, issued by a recorded GetSessionToken call.',
  },
  {
    id: 'session',
    label: 'User session',
    help: 'Temporary credentials of an IAM user or root; how they were issued is not recorded (GetSessionToken or the console).',
  },
  {
    id: 'service-forwarded',
    label: 'Forwarded by AWS',
    help: 'Temporary credentials with which only AWS services called: they forwarded the call for the user.',
  },
  { id: 'federation-token', label: 'GetFederationToken', help: 'Temporary credentials that an IAM user made for somebody.' },
  {
    id: 'console',
    label: 'Console',
    help: 'A console session. No recorded call issues its keys, so that what it came from is always inferred.',
  },
  { id: 'assume-root', label: 'AssumeRoot', help: 'A privileged session on a member account.' },
  { id: 'identity-center', label: 'Identity Center', help: 'A session of an Identity Center user.' },
  { id: 'ec2', label: 'EC2 instance', help: 'Role credentials that AWS issued to an instance.' },
  { id: 'lambda', label: 'Lambda', help: 'Role credentials that AWS issued to a function.' },
  { id: 'ecs', label: 'ECS', help: 'Role credentials that AWS issued to a task.' },
  { id: 'eks', label: 'EKS', help: 'Role credentials that AWS issued to a pod.' },
  { id: 'ssm', label: 'Systems Manager', help: 'Role credentials that AWS issued to a managed node or an automation.' },
  { id: 'service', label: 'Service-issued', help: 'Role credentials that AWS issued to one of its services.' },
  { id: 'service-linked', label: 'Service-linked role', help: 'A session of a role that belongs to an AWS service.' },
  {
    id: 'attempt',
    label: 'Sign-in attempt',
    help: 'A sign-in that did not succeed, or a request to reset a password. Who made it is not known; the name is what was typed or sent.',
  },
  { id: 'root', label: 'Root', help: 'The root user of an account.' },
  { id: 'service-call', label: 'AWS service', help: 'An AWS service that acts by itself.' },
  {
    id: 'external',
    label: 'From outside',
    help: 'A person of an identity provider, or a principal of another account, as the record names it.',
  },
  { id: 'unknown', label: 'Unknown', help: 'The records do not tell.' },
] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number]['id'];

/** How a credential came from its parent. */
export type LinkKind =
  | 'issued' // the call that the parent made answered with this key ID
  | 'issued-unused' // so did it, and no event in evidence uses the key ID
  | 'created-key' // CreateAccessKey
  | 'signed-in' // console sign-in → console session
  | 'signin-token' // GetSigninToken → console session
  | 'switched-role' // SwitchRole in the console
  | 'same-session' // same principal ID and beginning, other or no key ID
  | 'for-service' // an AWS service called with a key of its own for this principal
  | 'session-name' // same role, session name and time as an issuing call whose key ID is not this one
  | 'launched' // RunInstances → the instance's session
  | 'same-principal' // the caller as the other account recorded it → what that principal used then
  | 'federated' // Identity Center sign-in → role session
  | 'on-behalf-of' // the session names the Identity Center user that it acts for
  | 'source-identity'; // the session names the person that it was issued to

export type Proof = 'exact' | 'inferred';

export interface CredentialLink {
  proof: Proof;
  how: LinkKind;
  parent: CredentialId;
  /** A sentence that says how it is known. */
  reason: string;
  /** Events that show it, the issuing one first; at most 10. Never empty. */
  events: EventKey[];
  /** Time of the first of them. */
  time: EpochMs | null;
}

export const STOP_CODES = [
  'before-evidence', // issued before the evidence begins
  'account-not-in-evidence', // the account that recorded the issue gave no events
  'region-not-in-evidence', // IAM and the global STS endpoint record in us-east-1, which gave no events
  'issue-not-in-evidence', // the evidence spans the time, and no event issues it
  'issued-for-instance', // by AWS, for an instance
  'issued-for-service', // by AWS, for another service
  'service', // an AWS service acts by itself
  'identity-provider', // who signed in there is known to the provider only
  'signed-in', // a person signed in
  'console', // console session whose sign-in is not in evidence
  'forwarded', // an AWS service forwarded the call of the user whom the record names
  'root', // nobody issues what root is
  'ambiguous', // several events issue this key ID
  'contested', // several principals use this key ID
  'attempt', // nobody signed in
  'cycle', // the credentials issue each other
  'no-identity', // the record says nobody
] as const;
export type StopCode = (typeof STOP_CODES)[number];

/** Why a chain goes no further back. */
export interface ChainStop {
  code: StopCode;
  /** A sentence for a person. */
  text: string;
  /** Events that bear on it, for example those that all issue the key ID; at most 10. */
  events: EventKey[];
}

/** What every place shows of a credential. Counts and times are of all events of the case. */
export interface CredentialRow {
  id: CredentialId;
  accessKeyId: string | null;
  /** What its records have in the place of a key ID that was made unreadable; null for all others. */
  maskedKey: string | null;
  kind: CredentialKind;
  /** ARN, as in the column `identity`; before its first use what it was issued to. */
  identity: string | null;
  /** As in the column `principal`; null before its first use. */
  principal: string | null;
  account: string | null;
  /** The call that issued it, when in evidence and not ambiguous. */
  issuedBy: EventKey | null;
  issuedAt: EpochMs | null;
  issuedTo: string | null;
  /** ARN of the role whose session it is: of its events, else of what it was issued to; null for what is no role's. */
  role: string | null;
  /** As recorded by STS; null for what does not expire or says nothing. */
  expires: EpochMs | null;
  firstUse: EpochMs | null;
  lastUse: EpochMs | null;
  events: number;
  denied: number;
  parent: CredentialId | null;
  /** Of the link to the parent; null without one. */
  proof: Proof | null;
  /** The identity at the chain's end; its own at depth 0. Null when no record names anybody, or only a failed sign-in does. */
  origin: string | null;
  originId: CredentialId;
  /** Hops to the origin. */
  depth: number;
  /** `proven` when every hop is exact; without a hop, because the records themselves name the origin. */
  originProof: OriginProof;
  /** The chain leads through the launch of an instance: its origin launched it, and need not be who uses it. */
  launched: boolean;
  /** Why the chain ends where it does. */
  stop: ChainStop;
  children: number;
}

export type OriginProof = 'proven' | 'inferred';

/** One credential of a chain with its link to the next, older one; the last of a chain has none. */
export interface LineageHop {
  credential: CredentialRow;
  link: CredentialLink | null;
}

export interface Lineage {
  key: EventKey;
  /** Nearest first; empty when the record says nobody. `hops.length - 1` is the depth, unless `cut`. */
  hops: LineageHop[];
  /** The chain is longer than is listed (64 hops). */
  cut: boolean;
  origin: string | null;
  depth: number;
  originProof: OriginProof;
  stop: ChainStop;
  /** What does not fit: used before it was issued, after it expired. Sentences. */
  remarks: string[];
  /** The same call as another account recorded it. */
  twins: EventKey[];
}

export type RevokeMeans = 'policy' | 'assume-root' | 'root' | 'identity-center' | 'service-linked' | 'federation';

/** What is to be done to end what a credential can do. Sentences are for a person, the fields for a command. */
export interface Containment {
  /** Long-term keys of the credential itself and of its descendants. */
  longTermKeys: {
    accessKeyId: string;
    user: string | null;
    account: string | null;
    /** UpdateAccessKey or DeleteAccessKey calls that name the key, oldest first, at most 10. */
    changes: { key: EventKey; eventName: string; time: EpochMs | null }[];
    /** The earliest DeleteAccessKey of it. Deleted keys need nothing more. */
    deleted: { key: EventKey; time: EpochMs | null } | null;
    /** Uses after the key was deleted, else after the last call that changed it; null where no call with a time changes it. */
    usesAfter: { change: EventKey; eventName: string; time: EpochMs; uses: number; events: EventKey[] } | null;
  }[];
  /**
   * Per role or user whose sessions belong to the credential (itself or descendants): where `means` is `policy`, one that denies what
   * has aws:TokenIssueTime before `issuedBefore` cuts all of these sessions; the sentences say what works for the others.
   */
  revoke: {
    arn: string;
    /** What can end them: for all but `policy` the policy with aws:TokenIssueTime cannot be given, and `issuedBefore` is null. */
    means: RevokeMeans;
    sessions: number;
    issuedBefore: EpochMs | null;
    lastExpiry: EpochMs | null;
    lastUse: EpochMs | null;
    /**
     * Successful calls that write a policy into this role or user at or after the first of these sessions, oldest first, the latest
     * 10. Whether one denies older sessions (AWSRevokeOlderSessions, aws:TokenIssueTime) stands in its record.
     */
    policies: { key: EventKey; eventName: string; time: EpochMs | null }[];
  }[];
  /** The latest `issuedBefore`; null without sessions whose issue time is known. */
  revokeIssuedBefore: EpochMs | null;
  /** After this all temporary credentials of it that are in evidence have expired; null when one does not tell. */
  allExpireBy: EpochMs | null;
  text: string[];
}

export interface CredentialDetails extends CredentialRow {
  /** Itself first, then older ones. */
  chain: LineageHop[];
  cut: boolean;
  descendants: number;
  /** Direct children, oldest issue first, at most 1,000. */
  childRows: CredentialRow[];
  usesBeforeIssue: number;
  usesAfterExpiry: number;
  /** Calls of it that other accounts recorded too; those records are not counted in `events`. */
  alsoRecordedIn: { account: string; events: number }[];
  mfa: string | null;
  sourceIdentity: string | null;
  onBehalfOf: string | null;
  /** 1.0 or 2.0 where the records tell how an instance got its credentials. */
  roleDelivery: string | null;
  issuedFor: string | null;
  sessionStart: string | null;
  sessionIssuer: string | null;
  containment: Containment;
}

/** Distinct values and the most frequent of them. */
export interface TopValues {
  distinct: number;
  top: { value: string; count: number }[];
}

export interface CredentialTreeNode extends CredentialRow {
  /** Where it is from the credential that was asked for: -1 its parent, 0 itself, 1 a child. */
  level: number;
  /** Link to its parent; null for the oldest. */
  link: CredentialLink | null;
  /** Descendants, all levels. */
  descendants: number;
  /** Of it and all its descendants, those too that the tree does not list. */
  totals: { events: number; denied: number };
  /** A policy that denies its role or user what has aws:TokenIssueTime before this ends it; null for what none can end, or tells no time. */
  revokeBefore: EpochMs | null;
  ips: TopValues;
  agents: TopValues;
  regions: TopValues;
  actions: TopValues;
  deniedActions: TopValues;
  resources: TopValues;
}

export interface CredentialTree {
  root: CredentialId;
  asked: CredentialId;
  /** Oldest ancestor first, then itself, then descendants, each after its parent, siblings by first sign of life. */
  nodes: CredentialTreeNode[];
  /** Descendants that are not listed: the branches with the fewest events. */
  left: number;
  /** Events of the asked credential and of all its descendants. */
  events: number;
}

export type CredentialSort = 'events' | 'denied' | 'first' | 'last' | 'issued' | 'expires' | 'depth' | 'children' | 'id';

export interface CredentialQuery {
  /** Only credentials with an event in it, whose counts and times are then of the selection; null: all, those never used too. */
  selection: Selection | null;
  kinds: CredentialKind[] | null;
  /** In the ID, the identity, the origin or what it was issued to, ignoring case. */
  find: string;
  /** Only what acts as this principal (column `principal`). */
  principal?: string;
  sort: CredentialSort;
  descending: boolean;
  offset: number;
  /** At most 1,000. */
  limit: number;
}

export interface CredentialList {
  total: number;
  rows: CredentialRow[];
  /** Of what `find`, `principal` and the selection leave, whatever the kinds. */
  byKind: { kind: CredentialKind; count: number }[];
}

export interface LineageSummary {
  generation: number;
  credentials: number;
  byKind: { kind: CredentialKind; count: number }[];
  /** Distinct key IDs that events of the case issue. */
  issuedTemporary: number;
  issuedLongTerm: number;
  /** Of these, with a use at or after issue. */
  usedLater: number;
  exactLinks: number;
  inferredLinks: number;
  maxDepth: number;
  byStop: { code: StopCode; count: number }[];
  /** Credentials with uses before their issue. */
  usedBeforeIssue: number;
  ms: number;
}
