/**
 * What the records of changes to logging say: which trail, whether it is of several Regions, when it did not log, and what it was
 * told to record. Field names: CloudTrail API reference (StopLogging, CreateTrail, UpdateTrail, PutEventSelectors). Pure.
 */
import type { EventKey } from '../../shared/brand.ts';
import type { EventCoverage, LoggingPoint, StoppedSpan, TrailFacts, TrailSelectors } from '../../shared/coverage.ts';
import type { DigestChain } from '../../shared/integrity.ts';

type Json = Record<string, unknown>;

/** What one record says of its trail. */
interface Told {
  point: LoggingPoint;
  /** Name without the ARN around it; null where the record does not say. */
  trail: string | null;
  owner: string | null;
  homeRegion: string | null;
  multiRegion: boolean | null;
  organisation: boolean | null;
  selectors: Pick<TrailSelectors, 'management' | 'dataTypes'> | null;
}

const ARN = /^arn:[^:]{1,40}:cloudtrail:([^:]{1,40}):(\d{12}):trail\/(.{1,200})$/;
const MAX_TYPES = 100;

const object = (value: unknown): Json | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' && value.length <= 500 ? value : null);
const flag = (value: unknown): boolean | null =>
  value === true || value === 'true' ? true : value === false || value === 'false' ? false : null;
const list = (value: unknown): Json[] =>
  Array.isArray(value) ? value.slice(0, 1000).flatMap((v): Json[] => [object(v)].filter((o) => o !== null)) : [];
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.slice(0, 1000).flatMap((v) => text(v) ?? []) : []);

/** `recordOf` gives the original text of a point's record; null where it could not be read. `chains`: those of the digests here. */
export function trailFacts(
  points: EventCoverage['points'],
  recordOf: (key: EventKey) => string | null,
  chains: readonly Pick<DigestChain, 'account' | 'region' | 'trail' | 'homeRegion'>[],
): TrailFacts {
  const told = points.map((point) => tell(point, recordOf(point.key)));
  const named: TrailFacts['named'] = {};
  for (const { point, trail } of told) if (trail !== null) named[point.key] = trail;
  return { stopped: stoppedSpans(told, chains), selectors: told.flatMap(selectorsOf), named };
}

function tell(point: LoggingPoint, record: string | null): Told {
  const told: Told = { point, trail: null, owner: null, homeRegion: null, multiRegion: null, organisation: null, selectors: null };
  let parsed: Json | null = null;
  try {
    parsed = record === null ? null : object(JSON.parse(record));
  } catch {
    return told;
  }
  const request = object(parsed?.requestParameters) ?? {};
  const response = object(parsed?.responseElements) ?? {};
  if (point.source !== 'cloudtrail.amazonaws.com') {
    told.trail =
      ['configurationRecorderName', 'deliveryChannelName', 'detectorId'].map((key) => text(request[key])).find((v) => v !== null) ?? null;
    return told;
  }
  const names = [response.trailARN, request.name, request.trailName, response.name, request.eventDataStore]
    .map(text)
    .filter((v) => v !== null);
  const arn = names.map((name) => ARN.exec(name)).find((match) => match !== null);
  if (arn) [told.homeRegion, told.owner, told.trail] = [arn[1], arn[2], arn[3]];
  else told.trail = names[0] ?? null;
  told.multiRegion = flag(response.isMultiRegionTrail) ?? flag(request.isMultiRegionTrail);
  told.organisation = flag(response.isOrganizationTrail) ?? flag(request.isOrganizationTrail);
  if (point.name === 'PutEventSelectors')
    told.selectors = parseSelectors(object(parsed?.responseElements) ? { ...request, ...response } : request);
  return told;
}

/** Basic selectors (dataResources) and advanced ones (fieldSelectors); null where neither is there. */
export function parseSelectors(from: Json): Told['selectors'] {
  const basic = list(from.eventSelectors);
  const advanced = list(from.advancedEventSelectors);
  if (basic.length === 0 && advanced.length === 0) return null;
  const types = new Set<string>();
  let [read, write] = [false, false];
  for (const selector of basic) {
    for (const resource of list(selector.dataResources)) {
      const type = text(resource.type);
      if (type !== null) types.add(type);
    }
    if (flag(selector.includeManagementEvents) === false) continue;
    if (selector.readWriteType !== 'WriteOnly') read = true;
    if (selector.readWriteType !== 'ReadOnly') write = true;
  }
  for (const selector of advanced) {
    const fields = new Map(list(selector.fieldSelectors).map((f) => [text(f.field) ?? '', f]));
    const category = texts(fields.get('eventCategory')?.equals);
    if (category.includes('Data')) for (const type of texts(fields.get('resources.type')?.equals)) types.add(type);
    if (!category.includes('Management')) continue;
    const only = texts(fields.get('readOnly')?.equals);
    if (!only.includes('false')) read = true;
    if (!only.includes('true')) write = true;
  }
  const management = read && write ? 'all' : read ? 'read' : write ? 'write' : 'none';
  return { management, dataTypes: [...types].sort().slice(0, MAX_TYPES) };
}

function selectorsOf({ point, trail, owner, selectors }: Told): TrailSelectors[] {
  if (!selectors || point.errorCode !== null) return [];
  return [{ trail: trail ?? 'not named', account: owner ?? point.account, at: point.time, key: point.key, ...selectors }];
}

/** From each StopLogging or DeleteTrail that succeeded to the next StartLogging of the trail. */
function stoppedSpans(
  all: readonly Told[],
  chains: readonly Pick<DigestChain, 'account' | 'region' | 'trail' | 'homeRegion'>[],
): StoppedSpan[] {
  const byTrail = new Map<string, Told[]>();
  for (const told of all) {
    if (told.point.source !== 'cloudtrail.amazonaws.com' || told.trail === null || told.point.errorCode !== null) continue;
    const account = told.owner ?? told.point.account;
    if (account === null || told.point.time === null) continue;
    const name = JSON.stringify([account, told.trail]);
    const known = byTrail.get(name);
    if (known) known.push(told);
    else byTrail.set(name, [told]);
  }
  const spans: StoppedSpan[] = [];
  for (const [name, list] of byTrail) {
    const [account, trail] = JSON.parse(name) as [string, string];
    const scope = scopeOf(account, trail, list, chains);
    let open: StoppedSpan | null = null;
    for (const { point } of list) {
      if (point.time === null) continue;
      if ((point.name === 'StopLogging' || point.name === 'DeleteTrail') && !open) {
        open = { trail, account, from: point.time, to: null, by: point.name, ...scope, stop: point.key, start: null };
        spans.push(open);
      } else if (point.name === 'StartLogging' && open) {
        open.to = point.time;
        open.start = point.key;
        open = null;
      }
    }
  }
  return spans.sort((a, b) => a.from - b.from || (a.account < b.account ? -1 : a.account > b.account ? 1 : a.trail < b.trail ? -1 : 1));
}

/** Where nothing says whether a trail is of several Regions, all Regions are assumed: trails made in the console are of all. */
function scopeOf(
  account: string,
  trail: string,
  list: readonly Told[],
  chains: readonly Pick<DigestChain, 'account' | 'region' | 'trail' | 'homeRegion'>[],
): Pick<StoppedSpan, 'homeRegion' | 'region' | 'assumed' | 'organisation'> {
  const mine = chains.filter((c) => c.trail === trail && c.account === account);
  // Changes of a trail are called in its home Region.
  const homeRegion =
    list.find((t) => t.homeRegion !== null)?.homeRegion ??
    mine.find((c) => c.homeRegion !== null)?.homeRegion ??
    list[0]?.point.region ??
    null;
  const saidMulti = list.findLast((t) => t.multiRegion !== null)?.multiRegion ?? null;
  const multiRegion = saidMulti ?? (mine.some((c) => c.region !== homeRegion) ? true : null);
  const organisation = list.some((t) => t.organisation === true);
  return { homeRegion, region: multiRegion === false ? homeRegion : null, assumed: multiRegion === null, organisation };
}
