/** Both layers asked for, and the records of what changed logging read and understood. */
import type { EventKey } from '../../shared/brand.ts';
import type { Coverage, EventCoverage } from '../../shared/coverage.ts';
import type { QueryApi, StoreApi } from '../../shared/engine.ts';
import { recordInside } from '../../shared/unwrap.ts';
import { trailFacts } from './trails.ts';

interface CoverageEngine {
  store: Pick<StoreApi, 'delivery' | 'readRecords'>;
  query: Pick<QueryApi, 'coverage'>;
}

const BATCH = 200;

export async function collectCoverageMap(engine: CoverageEngine): Promise<Coverage> {
  const [events, delivery] = await Promise.all([engine.query.coverage(), engine.store.delivery()]);
  const records = await recordsOf(engine, events.points);
  return { events, delivery, trails: trailFacts(events.points, (key) => records.get(key) ?? null, delivery.chains) };
}

/** What could not be read again is absent: its point stays, with nothing known of its trail. */
async function recordsOf(engine: CoverageEngine, points: EventCoverage['points']): Promise<Map<EventKey, string>> {
  const texts = new Map<EventKey, string>();
  for (let at = 0; at < points.length; at += BATCH) {
    const part = points.slice(at, at + BATCH);
    try {
      const read = await engine.store.readRecords(part.map((p) => p.ref));
      for (const [i, point] of part.entries()) if (read[i]) texts.set(point.key, recordInside(read[i]).text);
    } catch {
      for (const point of part) {
        const one = await engine.store.readRecords([point.ref]).catch(() => []);
        if (one[0]) texts.set(point.key, recordInside(one[0]).text);
      }
    }
  }
  return texts;
}
