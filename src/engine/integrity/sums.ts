/** What the digests say against the evidence, in numbers: for the places that do not show the files themselves. */
import type { IntegrityReport, IntegritySums } from '../../shared/integrity.ts';
import { shownVerdict } from './words.ts';

/** Null when there is no digest, so that nothing could be said against anything. */
export function integritySums({ rows }: Pick<IntegrityReport, 'rows'>): IntegritySums | null {
  const sums: IntegritySums = { mismatch: 0, reformatted: 0, missing: 0, extra: 0, matchInvalid: 0, digestsInvalid: 0, digestsMissing: 0 };
  let digests = 0;
  for (const row of rows) {
    const verdict = shownVerdict(row);
    if (row.kind === 'digest') {
      if (row.ledgerId !== null) digests++;
      if (verdict === 'invalid') sums.digestsInvalid++;
      if (verdict === 'missing') sums.digestsMissing++;
    } else if (verdict === 'mismatch') sums[row.detail === 'reformatted' ? 'reformatted' : 'mismatch']++;
    else if (verdict === 'missing' || verdict === 'extra' || verdict === 'matchInvalid') sums[verdict]++;
  }
  return digests > 0 ? sums : null;
}

/** One sentence; null when the digests say nothing against the evidence. */
export function againstWords(sums: IntegritySums | null | undefined): string | null {
  if (!sums) return null;
  const parts = (
    [
      [sums.mismatch, 'log file differs from what the digests list', 'log files differ from what the digests list'],
      [sums.reformatted, 'log file was reformatted', 'log files were reformatted'],
      [sums.missing, 'log file that they list is missing', 'log files that they list are missing'],
      [sums.extra, 'log file is extra', 'log files are extra'],
      [sums.matchInvalid, 'log file matches only an invalid digest', 'log files match only an invalid digest'],
      [sums.digestsInvalid, 'digest is invalid', 'digests are invalid'],
      [sums.digestsMissing, 'digest is missing', 'digests are missing'],
    ] as const
  ).flatMap(([count, one, many]) => (count > 0 ? [`${count.toLocaleString('en-US')} ${count === 1 ? one : many}`] : []));
  return parts.length > 0 ? `Checked by the digests: ${parts.join(', ')}. See Evidence, Integrity.` : null;
}
