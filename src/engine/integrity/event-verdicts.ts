/** From verdicts of files to verdicts of the events that were read from them. */
import { EVENT_VERDICTS, type EventVerdict, type IntegrityRow } from '../../shared/integrity.ts';
import type { IntegrityFile } from './evidence.ts';

/** Null for a digest, and for a log that is missing: no event came from either. */
export function eventVerdict({ kind, verdict, detail, key }: IntegrityRow): EventVerdict | null {
  if (kind === 'digest' || verdict === 'missing') return null;
  if (verdict === 'matchSigned') return key === 'evidence' ? 'matchEvidenceKey' : verdict;
  if (verdict === 'matchUnsigned') return detail === 'invalidDigest' ? 'matchInvalid' : verdict;
  if (verdict === 'mismatch') return detail === 'appended' || detail === 'reformatted' ? detail : verdict;
  return verdict;
}

/** `verdicts[i]` is the index in EVENT_VERDICTS, plus 1, of the file `ledgerIds[i]`; 0 where nothing is said of it. */
interface Judged {
  ledgerIds: Uint32Array<ArrayBuffer>;
  verdicts: Uint8Array<ArrayBuffer>;
}

/**
 * A verdict for each file that events were read from. Files with the same bytes share the best proven one: which of them is read,
 * and which only counted as repeated, is a matter of the order of import.
 */
export function verdictsOfFiles(
  files: readonly Pick<IntegrityFile, 'id' | 'sha256' | 'records' | 'status'>[],
  rows: readonly IntegrityRow[],
): Judged {
  const byId = new Map<number, number>();
  for (const row of rows) {
    const verdict = eventVerdict(row);
    if (verdict && row.ledgerId !== null) byId.set(row.ledgerId, EVENT_VERDICTS.indexOf(verdict) + 1);
  }
  const shared = new Map<string, number>();
  for (const file of files) {
    if (file.status !== 'repeated' || file.sha256 === null) continue;
    const best = bestOf(shared.get(file.sha256), byId.get(file.id));
    if (best > 0) shared.set(file.sha256, best);
  }
  const held = files.filter((file) => file.status !== 'repeated' && file.records > 0);
  const of = (file: (typeof held)[number]): number => bestOf(byId.get(file.id), file.sha256 === null ? 0 : shared.get(file.sha256));
  return { ledgerIds: Uint32Array.from(held, (file) => file.id), verdicts: Uint8Array.from(held, of) };
}

/** Of two codes the one that comes first in EVENT_VERDICTS; 0 is none. */
const bestOf = (a = 0, b = 0): number => (a === 0 ? b : b === 0 ? a : Math.min(a, b));
