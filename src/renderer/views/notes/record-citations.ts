/** Stores what a citation rests on and gives the Markdown that cites the events. */
import type { Engine } from '../../../engine/client/index.ts';
import type { EpochMs, EventKey } from '../../../shared/brand.ts';
import type { Citation } from '../../../shared/case.ts';
import type { EventDetails } from '../../../shared/engine.ts';
import { oneOf } from '../../components/details/sentence.ts';
import { citationLink } from './citation.ts';

/** Events cited at once; more belongs into a selection in words. */
export const MAX_CITED = 200;

export interface RecordedCitations {
  /** A list item per event, in the order given; empty when none could be cited. */
  markdown: string;
  cited: number;
  /** Keys that the case does not hold. */
  missing: EventKey[];
  /** Keys over MAX_CITED, not cited. */
  left: number;
}

/** Text of a citation: time with its zone, event name and who. */
export function citationLabel(event: EventDetails, time: (at: EpochMs | null) => string): string {
  const name = oneOf(event.values, 'eventName') ?? 'event without a name';
  const who = oneOf(event.values, 'userName') ?? oneOf(event.values, 'identity');
  return `${time(event.time)} ${name}${who ? ` by ${who}` : ''}`;
}

/**
 * Reads each event and its record, stores the citation (SHA-256 of the record's exact bytes, file, record number), and gives
 * the text to put into a note. Rejects with the store's AppErrorShape.
 */
export async function recordCitations(
  engine: Engine,
  keys: readonly EventKey[],
  time: (at: EpochMs | null) => string,
): Promise<RecordedCitations> {
  const taken = [...new Set(keys)];
  const result: RecordedCitations = { markdown: '', cited: 0, missing: [], left: Math.max(0, taken.length - MAX_CITED) };
  const lines: string[] = [];
  for (const key of taken.slice(0, MAX_CITED)) {
    const event = await engine.query.event(key);
    const copy = event?.copies.find((c) => c.shown) ?? event?.copies[0];
    if (!event || !copy) {
      result.missing.push(key);
      continue;
    }
    const [record] = await engine.store.readRecords([copy.ref]);
    const citation: Citation = {
      key,
      eventID: event.eventID,
      recordSha256: record.sha256,
      path: copy.file.path,
      recordNumber: copy.recordNumber,
      citedAt: Date.now() as EpochMs,
    };
    await engine.store.putCitation(citation);
    lines.push(`- ${citationLink(key, citationLabel(event, time))}`);
  }
  return { ...result, markdown: lines.join('\n'), cited: lines.length };
}

/** What to tell the person of events that were not cited; null when all were. */
export function notCitedSentence(result: RecordedCitations): string | null {
  const parts: string[] = [];
  if (result.missing.length > 0) {
    parts.push(
      result.missing.length === 1
        ? '1 event is not in this case any more.'
        : `${result.missing.length} events are not in this case any more.`,
    );
  }
  if (result.left > 0) parts.push(`At most ${MAX_CITED} events are cited at once: ${result.left} were left out.`);
  return parts.length > 0 ? parts.join(' ') : null;
}
