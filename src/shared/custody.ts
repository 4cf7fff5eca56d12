/**
 * What a person states about how evidence came here, what was withdrawn from it and why, and what checking it again found. The app
 * computes hashes, sizes and times itself (ledger.ts); what stands here as text is as typed in.
 */
import type { EpochMs, ImportId, Sha256 } from './brand.ts';
import type { EvidenceFile } from './ledger.ts';

/** Of a file that a person took out of the evidence. */
export interface Withdrawal {
  /** As typed in. */
  reason: string;
  at: EpochMs;
  /** What the ledger said before, for bringing it back: the counts of a withdrawn row are 0, for they are of what is in the case. */
  was: Pick<EvidenceFile, 'status' | 'reason' | 'records' | 'aggregatedRecords' | 'unreadableRecords' | 'firstTime' | 'lastTime'>;
}
export const MAX_WITHDRAWAL_REASON = 2000;

/** As typed in; empty text where nothing was stated. */
export interface Custody {
  collectedBy: string;
  /** When it was collected, in the words of whoever knows: a date, a span, a time zone. */
  collectedAt: string;
  /** How: tool, command, export, image. */
  method: string;
  /** Where it was taken from: bucket, account, host, medium. */
  source: string;
  /** Number of a seal, an evidence bag or a receipt. */
  seal: string;
  remarks: string;
}
export const CUSTODY_FIELDS = [
  'collectedBy',
  'collectedAt',
  'method',
  'source',
  'seal',
  'remarks',
] as const satisfies readonly (keyof Custody)[];
export const CUSTODY_LABEL: Record<keyof Custody, string> = {
  collectedBy: 'Collected by',
  collectedAt: 'Collected at',
  method: 'How',
  source: 'Source',
  seal: 'Seal or receipt',
  remarks: 'Remarks',
};
export const NO_CUSTODY: Readonly<Custody> = { collectedBy: '', collectedAt: '', method: '', source: '', seal: '', remarks: '' };
export const MAX_CUSTODY_TEXT = 4000;

/** What is stated for the case holds for every import that states nothing in the same field. */
export interface CustodyBook {
  ofCase: Custody | null;
  imports: Record<ImportId, Custody>;
}

export const CASE_CUSTODY = 'case';

/** What holds for an import, field by field. */
export function custodyOf(book: CustodyBook, importId: ImportId): Custody {
  const own = book.imports[importId] ?? NO_CUSTODY;
  const base = book.ofCase ?? NO_CUSTODY;
  const custody = { ...NO_CUSTODY };
  for (const field of CUSTODY_FIELDS) custody[field] = own[field] || base[field];
  return custody;
}

/** `disk`: the originals, where they were imported from. `case`: the bytes that the case keeps. */
export type VerifyPlace = 'disk' | 'case';
export const VERIFY_OUTCOMES = ['unchanged', 'changed', 'missing', 'unreadable', 'notVerifiable'] as const;
export type VerifyOutcome = (typeof VERIFY_OUTCOMES)[number];

export interface VerifyFinding {
  place: VerifyPlace;
  outcome: Exclude<VerifyOutcome, 'unchanged' | 'notVerifiable'>;
  ledgerId: number;
  path: string;
  /** Of the ledger. */
  sha256: Sha256 | null;
  size: number;
  modified: EpochMs | null;
  /** As found now; null when there was nothing to hash. */
  found: { sha256: Sha256 | null; size: number; modified: EpochMs | null } | null;
  /** A sentence. */
  reason: string;
}

/** A dated check of files against the hashes of the ledger. */
export interface Verification {
  id: string;
  startedAt: EpochMs;
  endedAt: EpochMs;
  appVersion: string;
  /** It was ended by a person: what had not been reached is in no count. */
  cancelled: boolean;
  /** The path of the one file that was checked; null for the whole ledger. */
  only: string | null;
  /** Originals that a person chose again, by label; empty when they were looked for where they had been imported from. */
  chosen: string[];
  /** Files of each outcome. */
  disk: Record<VerifyOutcome, number>;
  case: Record<VerifyOutcome, number>;
  /** Unchanged originals that were found under another path, by their hash. */
  elsewhere: number;
  /** Files seen beside the originals that the ledger does not name. */
  notInLedger: number;
  /** Why files could not be checked, with how many. */
  notVerifiable: { place: VerifyPlace; reason: string; files: number }[];
  /** Everything that is not in order, in the order of the ledger's paths; at most MAX_FINDINGS. */
  findings: VerifyFinding[];
  /** Findings over that. */
  findingsLeftOut: number;
}
export const MAX_FINDINGS = 5000;

export interface VerifyProgress {
  place: VerifyPlace;
  filesDone: number;
  /** Null while it is not known. */
  files: number | null;
  bytesDone: number;
  reading: string | null;
}
