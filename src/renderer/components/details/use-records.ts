/** The records of several events, or of several copies of one, read and compared. */
import type { Engine } from '../../../engine/client/index.ts';
import type { EpochMs, EventKey } from '../../../shared/brand.ts';
import type { RecordRef, RecordText } from '../../../shared/engine.ts';
import { type Comparison, compareRecords, DIFF_LIMITS } from '../../../shared/record-diff.ts';
import { recordInside } from '../../../shared/unwrap.ts';
import { type AnswerState, useAnswer } from '../../state/use-answer.ts';

/** An event by its key, or one copy by its place. */
export type Source = { label: string; key: EventKey } | { label: string; ref: RecordRef; time: EpochMs | null };

export interface ReadSource {
  label: string;
  /** Null for a copy. */
  key: EventKey | null;
  time: EpochMs | null;
  record: RecordText;
}

export interface ComparedRecords {
  sources: ReadSource[];
  comparison: Comparison;
}

/** Null until they were read; the first DIFF_LIMITS.records are. An event that is not there any more is left out. */
export function useComparedRecords(sources: readonly Source[]): AnswerState<ComparedRecords> {
  return useAnswer(sources, async (engine) => {
    const read: ReadSource[] = [];
    for (const source of sources.slice(0, DIFF_LIMITS.records)) read.push(...(await readSource(engine, source)));
    return { sources: read, comparison: compareRecords(read.map(({ record }) => recordInside(record).text)) };
  });
}

async function readSource({ query, store }: Engine, source: Source): Promise<ReadSource[]> {
  let place: { ref: RecordRef; time: EpochMs | null } | null = null;
  if ('ref' in source) place = source;
  else {
    const event = await query.event(source.key);
    const shown = event?.copies.find((copy) => copy.shown) ?? event?.copies[0];
    place = event && shown ? { ref: shown.ref, time: event.time } : null;
  }
  if (!place) return [];
  const [record] = await store.readRecords([place.ref]);
  return [{ label: source.label, key: 'key' in source ? source.key : null, time: place.time, record }];
}
