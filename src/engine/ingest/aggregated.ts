/** Aggregated records (data events counted in windows of five minutes): kept in a list of their own, never events. */
import type { EpochMs } from '../../shared/brand.ts';
import type { AggregatedRecord } from '../../shared/ledger.ts';
import { parseTime } from './event-time.ts';
import { isObject, type JsonObject, words } from './record.ts';

const MAX_STATISTICS = 1000;

/** eventId has a small d, and the primary dimension stands in `summary` (CloudTrail User Guide, aggregated events). */
export function aggregatedRecord(
  record: JsonObject,
  place: Pick<AggregatedRecord, 'file' | 'recordNumber' | 'block' | 'textOffset' | 'textLength'>,
): AggregatedRecord {
  const window = isObject(record.timeWindow) ? record.timeWindow : {};
  const summary = isObject(record.summary) ? record.summary : {};
  const primary = isObject(summary.primaryDimension) ? summary.primaryDimension : {};
  return {
    ...place,
    eventId: words(record.eventId) ?? words(record.eventID),
    accountId: words(record.accountId) ?? words(record.recipientAccountId),
    awsRegion: words(record.awsRegion),
    eventSource: words(record.eventSource),
    windowStart: timeOf(window.windowStart),
    windowEnd: timeOf(window.windowEnd),
    dimension: words(primary.dimension),
    statistics: statisticsOf(primary.statistics),
  };
}

function timeOf(value: unknown): EpochMs | null {
  const time = typeof value === 'string' ? parseTime(value) : Number.NaN;
  return Number.isNaN(time) ? null : (time as EpochMs);
}

function statisticsOf(value: unknown): { name: string; value: number }[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MAX_STATISTICS).flatMap((entry: unknown) => {
    if (!isObject(entry)) return [];
    const count = Number(entry.value);
    return Number.isFinite(count) ? [{ name: String(entry.name ?? ''), value: count }] : [];
  });
}
