/** Verdicts in words, the same on the screen and in the report. */
import type { DigestVerdict, EventVerdict, IntegrityRow, LogVerdict, ShownVerdict } from '../../shared/integrity.ts';

const WORDS: Record<ShownVerdict, string> = {
  signed: 'signed',
  hashLinked: 'hash-linked',
  unverified: 'unverified',
  invalid: 'invalid',
  missing: 'missing',
  matchSigned: 'matches, signed',
  matchUnsigned: 'matches, unsigned',
  matchInvalid: 'matches an invalid digest',
  mismatch: 'mismatch',
  extra: 'extra',
  undigested: 'undigested',
  withdrawn: 'withdrawn',
};

export const verdictWord = (verdict: ShownVerdict): string => WORDS[verdict];

/** A match of an invalid digest is not shown as one of a digest that is only not proven, nor what was withdrawn as missing. */
export function shownVerdict({ verdict, detail }: { verdict: DigestVerdict | LogVerdict; detail: IntegrityRow['detail'] }): ShownVerdict {
  if (verdict === 'matchUnsigned' && detail === 'invalidDigest') return 'matchInvalid';
  return verdict === 'missing' && detail === 'withdrawn' ? 'withdrawn' : verdict;
}

/** The verdict of one file: also whose key it rests on, and what kind of mismatch it is. */
export function rowVerdict(row: IntegrityRow): string {
  const word = WORDS[shownVerdict(row)];
  if (row.key === 'evidence' && (row.verdict === 'signed' || row.verdict === 'matchSigned')) return `${word} (key from evidence)`;
  if (row.detail === 'appended') return `${word}: appended data`;
  if (row.detail === 'reformatted' || row.detail === 'moved' || row.detail === 'damaged') return `${word}: ${row.detail}`;
  return word;
}

const EVENT_WORDS: Record<EventVerdict, string> = {
  matchSigned: WORDS.matchSigned,
  matchEvidenceKey: `${WORDS.matchSigned} (key from evidence)`,
  matchUnsigned: WORDS.matchUnsigned,
  matchInvalid: WORDS.matchInvalid,
  reformatted: `${WORDS.mismatch}: reformatted`,
  mismatch: WORDS.mismatch,
  appended: `${WORDS.mismatch}: appended data`,
  extra: WORDS.extra,
  undigested: WORDS.undigested,
};

/** A value of the column `integrity` in words; null for one that this version does not know. */
export const eventVerdictWord = (value: string): string | null =>
  Object.hasOwn(EVENT_WORDS, value) ? EVENT_WORDS[value as EventVerdict] : null;
