/**
 * What CloudTrail's digest files say about the evidence: a verdict with a reason for every digest and every log file, and what the
 * chains cover. A verdict never says more than was computed.
 */
import type { EpochMs } from './brand.ts';

export const DIGEST_VERDICTS = ['signed', 'hashLinked', 'unverified', 'invalid', 'missing'] as const;
export type DigestVerdict = (typeof DIGEST_VERDICTS)[number];

export const LOG_VERDICTS = ['matchSigned', 'matchUnsigned', 'mismatch', 'missing', 'extra', 'undigested'] as const;
export type LogVerdict = (typeof LOG_VERDICTS)[number];

/**
 * What is said of an event: the verdict of the evidence file that its shown record was read from, told apart where the kind of
 * proof or of mismatch matters. Best proven first; of files with the same bytes the first that applies counts.
 */
export const EVENT_VERDICTS = [
  'matchSigned',
  'matchEvidenceKey', // signed by a key that came with the evidence
  'matchUnsigned',
  'matchInvalid', // only an invalid digest names its hash, which proves nothing; counted as matchUnsigned
  'reformatted',
  'mismatch',
  'appended',
  'extra',
  'undigested',
] as const;
export type EventVerdict = (typeof EVENT_VERDICTS)[number];

/** Whether the verdicts of the events' files are known: they are worked out behind everything else. */
export type VerdictState = 'checking' | 'checked' | 'failed';

/** Why a verdict is what it is, where that is of use beyond the sentence. */
export type IntegrityDetail =
  | 'appended'
  | 'reformatted'
  | 'damaged'
  | 'moved'
  | 'renamed'
  | 'conflict'
  | 'invalidDigest' // of a match: the digest that names the hash is itself invalid
  | 'withdrawn'; // of what is missing: it is in the ledger, and a person withdrew it

/** What is shown of a file: its verdict, told apart where one verdict has two meanings. */
export type ShownVerdict = DigestVerdict | LogVerdict | 'matchInvalid' | 'withdrawn';

/** Where public keys came from: given by the person, or found among the evidence (which proves much less). */
export type KeySource = 'given' | 'evidence';

interface RowBase {
  /** The evidence file's path; of a missing file `s3://bucket/key`, or a sentence in brackets where no name is known. */
  path: string;
  /** Null for a missing file. */
  ledgerId: number | null;
  /** A sentence for the person. */
  reason: string;
  detail: IntegrityDetail | null;
  /** Whose key the verdict rests on; null when it rests on none. */
  key: KeySource | null;
  /** Index into `chains`; null when it belongs to none. */
  chain: number | null;
}
export interface DigestRow extends RowBase {
  kind: 'digest';
  verdict: DigestVerdict;
}
export interface LogRow extends RowBase {
  kind: 'log';
  verdict: LogVerdict;
}
export type IntegrityRow = DigestRow | LogRow;

/** A sentence; `gap` says what is not proven, `alarm` what contradicts the digests. */
export interface IntegritySentence {
  kind: 'fact' | 'gap' | 'alarm';
  text: string;
}

/** All digests of one account, region and trail; backfill digests are a chain of their own. */
export interface DigestChain {
  account: string;
  region: string;
  trail: string | null;
  homeRegion: string | null;
  backfill: boolean;
  /** Digests read, without missing ones; copies count once. */
  digests: number;
  signed: number;
  /** Signed digests that list no log: nothing was delivered in their time. */
  signedEmpty: number;
  /** Delivery time of the first digest's beginning and the last one's end. */
  from: EpochMs;
  to: EpochMs;
}

/** The time that one digest speaks for, and how many logs it lists by the hour of delivery in their names (from 1970). Without invalid ones. */
export interface DigestedSpan {
  /** Index into `chains`. */
  chain: number;
  verdict: Exclude<DigestVerdict, 'invalid' | 'missing'>;
  from: EpochMs;
  to: EpochMs;
  listedHours: number[];
  listedLogs: number[];
}

export interface IntegrityGap {
  chain: number;
  /** 'restart': the later digest begins a new chain. 'missing': digests between are named and absent. */
  kind: 'restart' | 'missing';
  from: EpochMs | null;
  to: EpochMs;
  /** Log files of the evidence with a delivery time inside the gap. */
  logsHeld: number;
  /** What it does and does not prove. */
  text: string;
}

export interface IntegrityKey {
  /** Hex MD5 of the key's DER bytes. */
  fingerprint: string;
  source: KeySource;
  /** The file it came from, or the name it was given with. */
  from: string;
  validFrom: EpochMs | null;
  validTo: EpochMs | null;
  /** Digests whose signature it verified. */
  verified: number;
}

export interface IntegrityReport {
  digests: Record<DigestVerdict, number>;
  logs: Record<LogVerdict, number>;
  /** Of the keys that verified a signature; null when none did. */
  keysFrom: KeySource | 'both' | null;
  keys: IntegrityKey[];
  chains: DigestChain[];
  gaps: IntegrityGap[];
  digested: DigestedSpan[];
  sentences: IntegritySentence[];
  /** Digests first, each group by path. Counts are of these rows: copies of a file are files. */
  rows: IntegrityRow[];
}

/** Numbers of files that the digests speak against, and of digests that are no use. Withdrawn files are in none. */
export interface IntegritySums {
  /** Without those that were only reformatted. */
  mismatch: number;
  reformatted: number;
  missing: number;
  extra: number;
  matchInvalid: number;
  digestsInvalid: number;
  digestsMissing: number;
}

/** Public keys given to a case (JSON of `aws cloudtrail list-public-keys`), as kept. */
export interface GivenKeys {
  id: string;
  label: string;
  addedAt: EpochMs;
  keys: PublicKey[];
  /** What in the file could not be used, a sentence each. */
  refused: string[];
}

export interface PublicKey {
  fingerprint: string;
  /** Base64 of the DER bytes, PKCS#1 or SPKI. */
  value: string;
  validFrom: EpochMs | null;
  validTo: EpochMs | null;
}
