/** Chain of custody in words: what was stated for an import, what was withdrawn, and what checking the evidence again found. */
import {
  CUSTODY_FIELDS,
  CUSTODY_LABEL,
  type Custody,
  type CustodyBook,
  custodyOf,
  type Verification,
  type VerifyFinding,
  type VerifyOutcome,
} from '../../shared/custody.ts';
import type { EvidenceFile } from '../../shared/ledger.ts';
import { countOf, number, stamp } from './text.ts';

export const OUTCOME_WORD: Record<VerifyOutcome, string> = {
  unchanged: 'unchanged',
  changed: 'changed',
  missing: 'missing',
  unreadable: 'unreadable',
  notVerifiable: 'not verifiable',
};

/** Fields that were stated, with their labels. */
export const statedFields = (custody: Custody): [label: string, value: string][] =>
  CUSTODY_FIELDS.flatMap((field): [string, string][] => (custody[field] === '' ? [] : [[CUSTODY_LABEL[field], custody[field]]]));

export const custodyLines = (book: CustodyBook, importId: EvidenceFile['importId']): string[] =>
  statedFields(custodyOf(book, importId)).map(([label, value]) => `${label}: ${value}`);

const countsSentence = (counts: Record<VerifyOutcome, number>): string => {
  const said = (Object.keys(OUTCOME_WORD) as VerifyOutcome[]).filter((outcome) => counts[outcome] > 0);
  return said.length === 0 ? 'none looked at' : said.map((outcome) => `${number(counts[outcome])} ${OUTCOME_WORD[outcome]}`).join(', ');
};

/** Whether everything that could be checked was as the ledger says. */
export const isClean = ({ disk, case: kept, cancelled }: Verification): boolean =>
  !cancelled && [disk, kept].every((c) => c.changed + c.missing + c.unreadable === 0);

/** What a verification found, a sentence each. */
export function verificationSentences(v: Verification): string[] {
  const out = [`Originals on disk: ${countsSentence(v.disk)}.`, `Bytes in the case: ${countsSentence(v.case)}.`];
  if (v.cancelled) out.unshift('It was cancelled: what had not been reached is in no count.');
  if (v.elsewhere > 0)
    out.push(`${countOf(v.elsewhere, 'unchanged original')} ${v.elsewhere === 1 ? 'was' : 'were'} found under another path, by hash.`);
  if (v.notInLedger > 0)
    out.push(`${countOf(v.notInLedger, 'file')} beside the originals ${v.notInLedger === 1 ? 'is' : 'are'} not in the ledger.`);
  for (const { place, reason, files } of v.notVerifiable)
    out.push(`Not verifiable ${place === 'disk' ? 'on disk' : 'in the case'}, ${countOf(files, 'file')}: ${reason}`);
  return out;
}

export function findingText(f: VerifyFinding, utc: boolean): string {
  const size = f.found && f.found.size !== f.size ? ` Size ${number(f.size)}, now ${number(f.found.size)} bytes.` : '';
  const modified =
    f.place === 'disk' && f.found && f.found.modified !== f.modified
      ? ` Changed on disk: ${stamp(f.modified, utc)}, now ${stamp(f.found.modified, utc)}.`
      : '';
  const hashes =
    f.found?.sha256 && f.found.sha256 !== f.sha256 ? ` SHA-256 in the ledger ${f.sha256 ?? 'not known'}, now ${f.found.sha256}.` : '';
  return `${OUTCOME_WORD[f.outcome]} ${f.place === 'disk' ? 'on disk' : 'in the case'}: ${f.reason}${size}${modified}${hashes}`;
}

export const withdrawnText = (file: EvidenceFile, utc: boolean): string | null =>
  file.withdrawal ? `Withdrawn ${stamp(file.withdrawal.at, utc)}: ${file.withdrawal.reason}` : null;
