/** Verdicts in words, the same on the screen and in the report. */
import type { DigestVerdict, IntegrityRow, LogVerdict } from '../../shared/integrity.ts';

const WORDS: Record<DigestVerdict | LogVerdict, string> = {
  signed: 'signed',
  hashLinked: 'hash-linked',
  unverified: 'unverified',
  invalid: 'invalid',
  missing: 'missing',
  matchSigned: 'matches, signed',
  matchUnsigned: 'matches, unsigned',
  mismatch: 'mismatch',
  extra: 'extra',
  undigested: 'undigested',
};

export const verdictWord = (verdict: DigestVerdict | LogVerdict): string => WORDS[verdict];

/** The verdict of one file: also whose key it rests on, and what kind of mismatch it is. */
export function rowVerdict(row: IntegrityRow): string {
  const word = WORDS[row.verdict];
  if (row.key === 'evidence' && (row.verdict === 'signed' || row.verdict === 'matchSigned')) return `${word} (key from evidence)`;
  if (row.detail === 'appended') return `${word}: appended data`;
  if (row.detail === 'reformatted' || row.detail === 'moved' || row.detail === 'damaged') return `${word}: ${row.detail}`;
  return word;
}
