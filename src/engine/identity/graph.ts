/**
 * The credential graph: a structure of arrays, one entry a credential (0 is nobody), built from the columns once per state of the
 * case. Codes are those of the open case's dictionaries; what is a sentence or a key is made when somebody asks.
 */
import { CREDENTIAL_KINDS, type CredentialKind, type LinkKind, STOP_CODES, type StopCode } from '../../shared/lineage.ts';

export const KINDS: readonly CredentialKind[] = CREDENTIAL_KINDS.map((k) => k.id);
export const kindCode = (kind: CredentialKind): number => KINDS.indexOf(kind);
export const stopCode = (code: StopCode): number => STOP_CODES.indexOf(code);

/** Columns of which a credential keeps the value of its earliest event. */
export const FIRST_COLUMNS = [
  'identity',
  'principal',
  'identityType',
  'callerAccount',
  'principalId',
  'sessionStart',
  'sessionIssuer',
  'userName',
  'federation',
  'userAgent',
  'invokedBy',
] as const;
/** Columns of which it keeps the earliest value that any of its events has. */
export const ANY_COLUMNS = ['accessKeyId', 'sourceIdentity', 'onBehalfOf', 'roleDelivery', 'issuedFor', 'fromConsole', 'mfa'] as const;
export type KeptColumn = (typeof FIRST_COLUMNS)[number] | (typeof ANY_COLUMNS)[number];

export interface Link {
  how: LinkKind;
  exact: boolean;
  /** The event that shows it, and a second one where two are needed; -1 is none. */
  row: number;
  second: number;
}

export class CredentialGraph {
  /** Credentials 1 … count. */
  count = 0;
  /** Codes in the columns accessKeyId and issuedKey; 0 without. */
  readonly key: Uint32Array;
  readonly issuedKey: Uint32Array;
  /** Codes by column. */
  readonly kept: Record<KeptColumn, Uint32Array>;
  /** The earliest event, -1 for a credential that was never used. */
  readonly firstRow: Int32Array;
  /** NaN without a timed use. */
  readonly first: Float64Array;
  readonly last: Float64Array;
  readonly events: Uint32Array;
  readonly denied: Uint32Array;
  /** The event that issued it (-1: none, or several) and how many do. */
  readonly issueRow: Int32Array;
  readonly issues: Uint32Array;
  /** Seconds: from its issue to its expiry; NaN where that is not known. */
  readonly issuedSecond: Float64Array;
  readonly expirySecond: Float64Array;
  readonly usesBefore: Uint32Array;
  readonly usesAfter: Uint32Array;
  readonly usesWithin: Uint32Array;
  readonly kind: Uint8Array;
  /** 1 for sign-ins that failed: who made them is not known. */
  readonly attempt: Uint8Array;
  readonly parent: Uint32Array;
  readonly depth: Uint32Array;
  readonly origin: Uint32Array;
  /** 1 when a hop to the origin is the launch of an instance: who launched it need not be who uses it. */
  readonly launched: Uint8Array;
  /** 1 when every hop to the origin is exact, and who the origin is does not rest on a key ID of several or on a failed sign-in. */
  readonly proven: Uint8Array;
  /** Of a credential without a parent: index into STOP_CODES. */
  readonly stop: Uint8Array;
  readonly links = new Map<number, Link>();
  /** All issuing events of a key that several issue, at most 10. */
  readonly issuers = new Map<number, number[]>();
  /** Second records of calls, made in another account: of the caller's credential, and not counted again. */
  readonly twins = new Set<number>();
  /** Names of those who are named by others but have no event of their own. */
  readonly named = new Map<number, string>();
  /** Of a credential whose key ID several principals use: the credentials of them all. */
  readonly owners = new Map<number, readonly number[]>();
  /** Credentials that were issued to another than who uses them. */
  readonly misfits = new Set<number>();
  ms = 0;

  constructor(
    readonly generation: number,
    /** Credential of a row: 0 for a row that is not shown or names nobody. Index: row. */
    readonly ofRow: Uint32Array,
    capacity: number,
  ) {
    const u32 = (): Uint32Array => new Uint32Array(capacity);
    const f64 = (): Float64Array => new Float64Array(capacity).fill(Number.NaN);
    this.key = u32();
    this.issuedKey = u32();
    this.kept = Object.fromEntries([...FIRST_COLUMNS, ...ANY_COLUMNS].map((c) => [c, u32()])) as Record<KeptColumn, Uint32Array>;
    this.firstRow = new Int32Array(capacity).fill(-1);
    this.first = f64();
    this.last = f64();
    this.events = u32();
    this.denied = u32();
    this.issueRow = new Int32Array(capacity).fill(-1);
    this.issues = u32();
    this.issuedSecond = f64();
    this.expirySecond = f64();
    this.usesBefore = u32();
    this.usesAfter = u32();
    this.usesWithin = u32();
    this.kind = new Uint8Array(capacity);
    this.attempt = new Uint8Array(capacity);
    this.launched = new Uint8Array(capacity);
    this.parent = u32();
    this.depth = u32();
    this.origin = u32();
    this.proven = new Uint8Array(capacity);
    this.stop = new Uint8Array(capacity);
  }

  /** Whether a use at this second lies in the lifetime of the credential. A credential without a known issue has no limits. */
  within(credential: number, second: number): boolean {
    const issued = this.issuedSecond[credential];
    if (this.issueRow[credential] < 0) return true;
    if (Number.isNaN(second) || Number.isNaN(issued)) return false;
    return second >= issued && !(second > this.expirySecond[credential]);
  }
}
