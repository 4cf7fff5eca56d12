/**
 * The delivery layer of the coverage: hours in which log files were delivered, by their names and by the digests that list them, and
 * hours that digests cover wholly. Times are times of delivery, which follow the events by minutes. Pure.
 */
import { COVERAGE_LIMITS, type DeliveryCoverage, type DeliveryRow, DIGEST_LEVELS, HOUR_MS } from '../../shared/coverage.ts';
import type { IntegrityReport } from '../../shared/integrity.ts';
import type { FileKind, FileStatus } from '../../shared/ledger.ts';
import { integritySums } from '../integrity/sums.ts';
import { deliveredLog } from './log-name.ts';
import { joined, type LevelSpan, levelled, type Span } from './spans.ts';

/** A ledger row, as far as it matters here. */
export interface DeliveredFile {
  path: string;
  kind: FileKind;
  status: FileStatus;
  sha256: string | null;
  records: number;
}

interface Place {
  account: string;
  region: string;
  /** Hour → [log files held, log files that a digest lists, log files listed and not held]. */
  hours: Map<number, [held: number, listed: number, missing: number]>;
  files: number;
  unread: number;
  digests: number;
  trails: Set<string>;
  /** Of each trail's chain, the time its digests cover, by level of proof. */
  chains: Map<number, Span[][]>;
}

const LEVEL = { signed: 3, hashLinked: 2, unverified: 1 } as const;

/** `report` is that of the same files. Copies of a file with the same bytes are one delivery. */
export function deliveryLayer(
  files: readonly DeliveredFile[],
  report: Pick<IntegrityReport, 'chains' | 'digested' | 'rows'>,
  limit: number = COVERAGE_LIMITS.rows,
): DeliveryCoverage {
  const places = new Places();
  const unnamed = places.takeFiles(files);
  places.takeDigests(report);
  const sorted = places.sorted();
  const chains = report.chains.map(({ account, region, trail, homeRegion }) => ({ account, region, trail, homeRegion }));
  return {
    ...packed(sorted.slice(0, limit)),
    chains,
    unnamed,
    leftOut: Math.max(0, sorted.length - limit),
    against: integritySums(report),
  };
}

class Places {
  private readonly byName = new Map<string, Place>();

  of(account: string, region: string): Place {
    const name = `${account} ${region}`;
    let place = this.byName.get(name);
    if (!place) {
      place = { account, region, hours: new Map(), files: 0, unread: 0, digests: 0, trails: new Set(), chains: new Map() };
      this.byName.set(name, place);
    }
    return place;
  }

  /** Gives the number of files with records whose name tells nothing. */
  takeFiles(files: readonly DeliveredFile[]): number {
    const seen = new Set<string>();
    const repeated = new Set<string | null>();
    for (const { status, sha256 } of files) if (status === 'repeated') repeated.add(sha256);
    let unnamed = 0;
    for (const { path, kind, status, sha256, records } of files) {
      if (status === 'withdrawn' || kind === 'digest') continue;
      const log = deliveredLog(path);
      if (!log) {
        if (records > 0 && status !== 'repeated') unnamed++;
        continue;
      }
      if (sha256 !== null && repeated.has(sha256)) {
        const copy = `${sha256} ${log.account} ${log.region} ${log.hour}`;
        if (seen.has(copy)) continue;
        seen.add(copy);
      }
      const place = this.of(log.account, log.region);
      place.files++;
      if (status === 'rejected' || status === 'cancelled') place.unread++;
      hourOf(place, log.hour)[0]++;
    }
    return unnamed;
  }

  takeDigests({ chains, digested, rows }: Pick<IntegrityReport, 'chains' | 'digested' | 'rows'>): void {
    for (const span of digested) {
      const chain = chains[span.chain];
      const place = this.of(chain.account, chain.region);
      place.digests++;
      if (chain.trail !== null) place.trails.add(chain.trail);
      span.listedHours.forEach((hour, i) => {
        hourOf(place, hour)[1] += span.listedLogs[i];
      });
      // A backfill digest lists what the others could not; it says nothing of an hour as a whole.
      if (chain.backfill) continue;
      const levels = place.chains.get(span.chain) ?? [[], [], []];
      place.chains.set(span.chain, levels);
      for (let level = 1; level <= LEVEL[span.verdict]; level++) levels[level - 1].push({ from: span.from, to: span.to });
    }
    for (const row of rows) {
      if (row.kind !== 'log' || row.verdict !== 'missing') continue;
      const log = deliveredLog(row.path);
      if (log) hourOf(this.of(log.account, log.region), log.hour)[2]++;
    }
  }

  sorted(): Place[] {
    const list = [...this.byName.values()];
    return list.sort((a, b) => order(a.account, b.account) || order(a.region, b.region));
  }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function hourOf({ hours }: Place, hour: number): [number, number, number] {
  const known = hours.get(hour);
  if (known) return known;
  const fresh: [number, number, number] = [0, 0, 0];
  hours.set(hour, fresh);
  return fresh;
}

/** Hours that the digests of one chain cover from their first to their last millisecond. */
function wholeHours(spans: readonly Span[]): Span[] {
  return joined(spans).map(({ from, to }) => ({ from: Math.ceil(from / HOUR_MS), to: Math.floor(to / HOUR_MS) }));
}

function spansOf(place: Place): LevelSpan[] {
  const byLevel: Span[][] = [[], [], []];
  for (const levels of place.chains.values()) {
    for (const [i, spans] of levels.entries()) for (const span of wholeHours(spans)) byLevel[i].push(span);
  }
  return levelled(byLevel.map(joined));
}

function packed(places: readonly Place[]): Omit<DeliveryCoverage, 'chains' | 'unnamed' | 'leftOut' | 'against'> {
  const rows: DeliveryRow[] = [];
  const [start, hour, files, missing] = [[0], [] as number[], [] as number[], [] as number[]];
  const spanStart = [0];
  const spans: LevelSpan[] = [];
  for (const place of places) {
    const first = hour.length;
    for (const [at, [held, listed, gone]] of [...place.hours].sort((a, b) => a[0] - b[0])) {
      // A log that a digest lists and that is not missing is held, whatever its name is now.
      const here = Math.max(held, listed - gone);
      if (here <= 0 && gone === 0) continue;
      hour.push(at);
      files.push(Math.max(0, here));
      missing.push(gone);
    }
    start.push(hour.length);
    const { account, region, digests, unread } = place;
    rows.push({
      account,
      region,
      files: place.files,
      unread,
      firstHour: hour.length > first ? hour[first] : null,
      lastHour: hour.length > first ? hour[hour.length - 1] : null,
      digests,
      trails: [...place.trails].sort(),
    });
    spans.push(...spansOf(place));
    spanStart.push(spans.length);
  }
  return {
    rows,
    start: Uint32Array.from(start),
    hour: Float64Array.from(hour),
    files: Uint32Array.from(files),
    missing: Uint32Array.from(missing),
    spanStart: Uint32Array.from(spanStart),
    spanFrom: Float64Array.from(spans, (s) => s.from),
    spanTo: Float64Array.from(spans, (s) => s.to),
    spanLevel: Uint8Array.from(spans, (s) => Math.min(s.level, DIGEST_LEVELS.length - 1)),
  };
}
