/** Chains of digests: which belong together, what time they cover, which are missing, and where a chain begins again. */
import type { EpochMs } from '../../shared/brand.ts';
import type { DigestChain, DigestRow, IntegrityGap } from '../../shared/integrity.ts';
import type { JudgedDigest } from './digests.ts';
import { type IntegrityFile, type IntegrityInput, Pacer } from './evidence.ts';
import { MAX_IMPLIED } from './limits.ts';
import { digestName, logName, plainName } from './names.ts';

export interface Chains {
  chains: DigestChain[];
  gaps: IntegrityGap[];
  missing: DigestRow[];
  chainOf: Map<JudgedDigest, number>;
  /** Times covered by signed digests, by account and region. */
  signedSpans: Map<string, [from: number, to: number][]>;
}

const HOUR = 3_600_000;
export const spanKey = (account: string, region: string): string => `${account} ${region}`;
/** As times stand everywhere on the screen: `2026-03-05 08:52:03 UTC`. */
export const utcTime = (ms: number): string =>
  new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/(?:\.000)?Z$/, ' UTC');

interface Group {
  chain: DigestChain;
  /** Without invalid ones, oldest first. */
  good: JudgedDigest[];
  all: JudgedDigest[];
}

/** `unreadable`: files in the place of digests that cannot be read as such; they are there, so they are not missing. */
export async function formChains(
  digests: readonly JudgedDigest[],
  input: Pick<IntegrityInput, 'files' | 'pause'>,
  unreadable: readonly IntegrityFile[],
): Promise<Chains> {
  const groups = new Map<string, Group>();
  for (const d of [...digests].sort((a, b) => a.digest.start - b.digest.start || a.digest.end - b.digest.end)) {
    const { key, chain } = identity(d);
    const group = groups.get(key) ?? { chain, good: [], all: [] };
    group.all.push(d);
    if (d.verdict !== 'invalid') group.good.push(d);
    groups.set(key, group);
  }
  const result: Chains = { chains: [], gaps: [], missing: [], chainOf: new Map(), signedSpans: new Map() };
  const deliveries = digests.length === 0 ? new Map() : await deliveryTimes(input);
  const damaged = new Set(unreadable.map((file) => plainName(file.path)));
  for (const group of groups.values()) {
    const index = result.chains.length;
    for (const d of group.all) result.chainOf.set(d, index);
    result.chains.push(described(group));
    gapsOf(group, index, { deliveries, damaged }, result);
    if (!group.chain.backfill) {
      const key = spanKey(group.chain.account, group.chain.region);
      const spans = result.signedSpans.get(key) ?? [];
      for (const d of group.good) if (d.verdict === 'signed') spans.push([d.digest.start, d.digest.end]);
      result.signedSpans.set(key, spans);
    }
  }
  return result;
}

/** Of the name: account, region, trail, home region, and whether it is a backfill. */
export const chainKey = (d: Pick<JudgedDigest, 'digest'>): string => identity(d).key;

function identity(d: Pick<JudgedDigest, 'digest'>): { key: string; chain: DigestChain } {
  const name = digestName(d.digest.object);
  const account = name?.account ?? d.digest.account ?? 'unknown';
  const region = name?.region ?? 'unknown';
  const trail = name?.trail ?? null;
  const homeRegion = name?.homeRegion ?? null;
  const backfill = name?.backfill ?? false;
  const { start, end } = d.digest;
  return {
    key: JSON.stringify([account, region, trail, homeRegion, backfill]),
    chain: {
      account,
      region,
      trail,
      homeRegion,
      backfill,
      digests: 0,
      signed: 0,
      signedEmpty: 0,
      from: start as EpochMs,
      to: end as EpochMs,
    },
  };
}

function described({ chain, all }: Group): DigestChain {
  const signed = all.filter((d) => d.verdict === 'signed');
  return {
    ...chain,
    digests: distinct(all),
    signed: distinct(signed),
    signedEmpty: distinct(signed.filter((d) => d.digest.logs.length === 0)),
    from: minmax(all.map((d) => d.digest.start))[0] as EpochMs,
    to: minmax(all.map((d) => d.digest.end))[1] as EpochMs,
  };
}

/** A reformatted copy is no second digest. */
const distinct = (list: readonly JudgedDigest[]): number => new Set(list.map((d) => d.minifiedHash ?? d.hash)).size;

/** Smallest and largest, without spreading a long array over a call. */
function minmax(values: readonly number[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** By account and region, ascending. */
async function deliveryTimes(input: Pick<IntegrityInput, 'files' | 'pause'>): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>();
  const pacer = new Pacer(input);
  for (const file of input.files) {
    await pacer.breathe();
    const name = logName(file.path);
    if (!name) continue;
    const key = spanKey(name.account, name.region);
    const list = times.get(key);
    if (list) list.push(name.delivered);
    else times.set(key, [name.delivered]);
  }
  for (const list of times.values()) list.sort((a, b) => a - b);
  return times;
}

/** How many of the ascending times lie before `end`. */
function countBefore(times: readonly number[], end: number): number {
  let from = 0;
  let to = times.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (times[middle] < end) from = middle + 1;
    else to = middle;
  }
  return from;
}

interface Here {
  deliveries: Map<string, number[]>;
  /** Names of digests that are there and cannot be read. */
  damaged: ReadonlySet<string>;
}

function gapsOf(group: Group, index: number, { deliveries, damaged }: Here, result: Chains): void {
  const { chain } = group;
  const here = new Set(group.all.map((d) => `${d.digest.bucket}/${d.digest.object}`));
  const times = deliveries.get(spanKey(chain.account, chain.region)) ?? [];
  const held = (from: number, to: number): number => countBefore(times, to) - countBefore(times, from);
  const named = new Set<string>();
  /** Where what was seen so far ends; digests of other versions of the same hour add nothing. */
  let reach: number | null = null;
  for (const d of group.good) {
    const { start, end, previous } = d.digest;
    if (previous && !here.has(`${previous.bucket}/${previous.object}`)) {
      const place = `${previous.bucket}/${previous.object}`;
      if (!named.has(place) && !damaged.has(plainName(previous.object))) {
        named.add(place);
        missingBefore(d, reach, index, chain, held, result);
      }
    } else if (!previous && reach !== null) {
      result.gaps.push(restart(index, reach, start, held(reach, start)));
    }
    reach = Math.max(reach ?? end, end);
  }
}

function restart(chain: number, from: number, to: number, logsHeld: number): IntegrityGap {
  return {
    chain,
    kind: 'restart',
    from: from as EpochMs,
    to: to as EpochMs,
    logsHeld,
    text:
      `Between ${utcTime(from)} and ${utcTime(to)} there is no digest, and the digest after it begins a new chain. ` +
      'Validation or logging was off in this time, or was begun anew; it does not prove that no log was delivered. ' +
      (logsHeld > 0
        ? `${logsHeld} log file${logsHeld === 1 ? '' : 's'} of the evidence fall${logsHeld === 1 ? 's' : ''} into it, and no digest vouches for ${logsHeld === 1 ? 'it' : 'them'}.`
        : 'No log file of the evidence falls into it.'),
  };
}

function missingBefore(
  d: JudgedDigest,
  reach: number | null,
  index: number,
  chain: DigestChain,
  held: (from: number, to: number) => number,
  result: Chains,
): void {
  const { start, previous } = d.digest;
  if (!previous) return;
  const oldest = reach === null;
  const path = `s3://${previous.bucket}/${previous.object}`;
  const basis = { ledgerId: null, kind: 'digest', verdict: 'missing', detail: null, key: null, chain: index } as const;
  result.missing.push({
    ...basis,
    path,
    reason: oldest
      ? `The oldest digest here names it as the one before. It is not among the evidence: it may have been taken away, or lie before what was collected.`
      : `The digest that begins at ${utcTime(start)} names it as the one before, and it is not among the evidence. What it listed cannot be checked.`,
  });
  if (oldest) {
    result.gaps.push({
      chain: index,
      kind: 'missing',
      from: null,
      to: start as EpochMs,
      logsHeld: held(Number.NEGATIVE_INFINITY, start),
      text: `The chain goes on before ${utcTime(start)}, outside the evidence: nothing is said about what was delivered before.`,
    });
    return;
  }
  const proven = d.verdict === 'signed' && d.key === 'given';
  // CloudTrail makes a digest an hour: a longer gap hides more than the one that is named.
  const implied = chain.backfill ? 0 : Math.min(MAX_IMPLIED, Math.max(0, Math.round((start - reach) / HOUR) - 1));
  for (let i = 0; i < implied; i++) {
    const from = reach + i * HOUR;
    result.missing.push({
      ...basis,
      path: `(digest of ${utcTime(from)} to ${utcTime(from + HOUR)}, name not known)`,
      reason:
        'No digest here covers this hour, between two digests of one chain. CloudTrail makes one an hour: it was taken away, or logging was off for that long.',
    });
  }
  const logsHeld = held(reach, start);
  result.gaps.push({
    chain: index,
    kind: 'missing',
    from: reach as EpochMs,
    to: start as EpochMs,
    logsHeld,
    text:
      `Between ${utcTime(reach)} and ${utcTime(start)} ${implied > 0 ? 'digests are' : 'a digest is'} missing: the next one${proven ? '' : ', which is not proven itself,'} names ${implied > 0 ? 'the last of them' : 'it'}${proven ? ', so at least that one was made' : ''}. ` +
      `Whether logs were delivered then cannot be told${logsHeld > 0 ? `; ${logsHeld} log file${logsHeld === 1 ? '' : 's'} of the evidence fall${logsHeld === 1 ? 's' : ''} into it, without a digest` : ''}.`,
  });
}
