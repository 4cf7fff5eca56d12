/**
 * Validation by CloudTrail's digest files, offline. Pure: it is given the ledger and a way to read bytes, and needs nothing but
 * WebCrypto. Format and algorithm: CloudTrail user guide, "Custom implementations of CloudTrail log file integrity validation".
 */
import {
  DIGEST_VERDICTS,
  type DigestRow,
  type IntegrityReport,
  type IntegrityRow,
  LOG_VERDICTS,
  type LogRow,
} from '../../shared/integrity.ts';
import { type Chains, formChains } from './chains.ts';
import { type JudgedDigest, judgeDigests } from './digests.ts';
import { type FoundTexts, type IntegrityFile, type IntegrityInput, movedReason, readTexts, type WithdrawnFile } from './evidence.ts';
import { KeyRing } from './key-ring.ts';
import { sentence } from './log-reasons.ts';
import { judgeLogs } from './logs.ts';
import { looksLikeDigest, plainName } from './names.ts';
import { integritySentences } from './sentences.ts';
import { digestedSpans } from './spans.ts';

export { verdictsOfFiles } from './event-verdicts.ts';
export type { IntegrityFile, IntegrityInput, WithdrawnFile } from './evidence.ts';
export { type KeyList, parseKeyText } from './keys.ts';
export { chainName } from './sentences.ts';
export { integritySums } from './sums.ts';

export async function checkIntegrity(input: IntegrityInput): Promise<IntegrityReport> {
  const texts = await readTexts(input);
  const keys = await KeyRing.of(input.givenKeys, texts.keyFiles);
  const digests = await judgeDigests(texts, keys);
  const chains = await formChains(
    digests,
    input,
    texts.unreadable.map((u) => u.file),
  );
  const logs = await judgeLogs(input, { digests, chainOf: chains.chainOf, signedSpans: chains.signedSpans });
  const rows: IntegrityRow[] = [
    ...digestRows(digests, texts, { ...chains, missing: withdrawnDigests(chains.missing, input.withdrawn ?? []) }),
    ...logs.sort(byPath),
  ];
  const sources = new Set(keys.shown().flatMap((key) => (key.verified > 0 ? [key.source] : [])));
  const report = {
    digests: tally(rows, 'digest', DIGEST_VERDICTS),
    logs: tally(rows, 'log', LOG_VERDICTS),
    keysFrom: sources.size === 2 ? ('both' as const) : ([...sources][0] ?? null),
    keys: keys.shown(),
    chains: chains.chains,
    gaps: chains.gaps,
    digested: digestedSpans(digests, chains),
    rows,
  };
  return { ...report, sentences: integritySentences(report, keys.refused) };
}

function digestRows(digests: readonly JudgedDigest[], texts: FoundTexts, { missing, chainOf }: Chains): DigestRow[] {
  const row = (file: IntegrityFile, rest: Omit<DigestRow, 'kind' | 'path' | 'ledgerId'>): DigestRow => ({
    kind: 'digest',
    path: file.path,
    ledgerId: file.id,
    ...rest,
  });
  const judged = digests.flatMap((d) => {
    const { verdict, reason, detail, key } = d;
    const chain = chainOf.get(d) ?? null;
    return d.files.map((file) => {
      const moved = verdict === 'invalid' ? null : movedReason(file, d.digest);
      if (moved !== null) return row(file, { verdict: 'invalid', reason: moved, detail: 'moved', key: null, chain });
      return row(file, { verdict, reason, detail, key, chain });
    });
  });
  const unreadable = texts.unreadable.map(({ file, reason }) =>
    row(file, { verdict: 'invalid', reason, detail: 'damaged', key: null, chain: null }),
  );
  return [...judged, ...unreadable, ...missing].sort(byPath);
}

/** A digest that is named and withdrawn is told as that. */
function withdrawnDigests(missing: readonly DigestRow[], withdrawn: readonly WithdrawnFile[]): DigestRow[] {
  if (missing.length === 0 || withdrawn.length === 0) return [...missing];
  const byPlace = new Map(withdrawn.flatMap((file) => (looksLikeDigest(file.path) ? [[plainName(file.path), file] as const] : [])));
  return missing.map((row) => {
    const file = byPlace.get(plainName(row.path));
    if (!file) return row;
    const why = file.reason === null ? '' : ` ${sentence(file.reason)}`;
    const reason = `The digest after it names it. It is in the ledger and is no evidence any more, so nothing is checked by it.${why}`;
    return { ...row, path: file.path, ledgerId: file.id, detail: 'withdrawn', reason };
  });
}

function tally<V extends string>(rows: readonly IntegrityRow[], kind: IntegrityRow['kind'], verdicts: readonly V[]): Record<V, number> {
  const counts = Object.fromEntries(verdicts.map((verdict) => [verdict, 0])) as Record<V, number>;
  for (const row of rows) if (row.kind === kind) counts[row.verdict as V]++;
  return counts;
}

const byPath = (a: DigestRow | LogRow, b: DigestRow | LogRow): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
