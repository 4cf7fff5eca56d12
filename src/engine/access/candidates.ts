/**
 * Of whom an analysis may have something to say, by necessary conditions that do not hang on the order of events: one look at the columns
 * each. The most telling come first.
 */
import { isIPv4, networkOf } from '../../shared/addresses.ts';
import type { TimeRange } from '../../shared/plan.ts';
import { HIDDEN, type SegmentColumns } from '../columns/segment-columns.ts';
import type { OpenCase } from '../query/open-case.ts';
import { DENIED, outcomeMarks, SUCCEEDED } from '../query/outcomes.ts';
import type { Turn } from '../query/turns.ts';

const INSTANCE = /^i-[0-9a-f]{8}(?:[0-9a-f]{9})?$/;
const OWN_KINDS = new Set(['public', 'private', 'VPC endpoint']);
const FRONT_ENDS = new Set(['AWS console', 'AWS service', 'AWS Internal']);
/** Addresses of one key that are compared. */
const ADDRESSES = 16;

async function pass(open: OpenCase, turn: Turn, time: TimeRange, begin: (segment: SegmentColumns) => (i: number) => void): Promise<void> {
  const from = time.from ?? Number.NEGATIVE_INFINITY;
  const to = time.to ?? Number.POSITIVE_INFINITY;
  const ranged = time.from !== null || time.to !== null;
  for (const segment of open.columns.segments) {
    if (ranged) lookWithin(segment, begin(segment), from, to);
    else lookAt(segment, begin(segment));
    if (turn.over()) await turn.yield();
  }
}

function lookAt({ rows, state }: SegmentColumns, look: (i: number) => void): void {
  for (let i = 0; i < rows; i++) if ((state[i] & HIDDEN) === 0) look(i);
}

function lookWithin({ rows, state, time }: SegmentColumns, look: (i: number) => void, from: number, to: number): void {
  for (let i = 0; i < rows; i++) if ((state[i] & HIDDEN) === 0 && time[i] >= from && time[i] < to) look(i);
}

function marksOfTexts(open: OpenCase, column: 'addressKind' | 'agentTool', wanted: ReadonlySet<string>): Uint8Array {
  const dictionary = open.dictionary(column);
  return Uint8Array.from({ length: dictionary.count + 1 }, (_, code) => (wanted.has(dictionary.get(code) ?? '') ? 1 : 0));
}

/** Session names of instances with several addresses: codes of userName. */
export async function instanceCandidates(open: OpenCase, time: TimeRange, turn: Turn): Promise<number[]> {
  const names = open.dictionary('userName');
  const isInstance = new Uint8Array(names.count + 1);
  for (let code = 1; code <= names.count; code++)
    if (names.startsWith(code, 'i-') && INSTANCE.test((names.get(code) ?? '').slice(0, 40))) isInstance[code] = 1;
  if (!isInstance.includes(1)) return [];
  const kindMarks = marksOfTexts(open, 'addressKind', OWN_KINDS);
  const address = new Uint32Array(names.count + 1);
  const events = new Uint32Array(names.count + 1);
  const several = new Uint8Array(names.count + 1);
  // The other addresses may lie before the time range.
  await pass(open, turn, { from: null, to: time.to }, (segment) => {
    const { userName, sourceIPAddress } = segment.dict;
    const kinds = open.codes(segment, 'addressKind');
    return (i) => {
      const name = userName[i];
      if (isInstance[name] === 0 || kindMarks[kinds[i]] === 0 || sourceIPAddress[i] === 0) return;
      events[name]++;
      if (address[name] === 0) address[name] = sourceIPAddress[i];
      else if (address[name] !== sourceIPAddress[i]) several[name] = 1;
    };
  });
  const found: number[] = [];
  for (let code = 1; code <= names.count; code++) if (several[code] === 1) found.push(code);
  return found.sort((a, b) => events[b] - events[a] || names.compare(a, b));
}

/** Access keys with two addresses whose spans of use overlap, addresses far apart first: codes of accessKeyId. */
export async function keyCandidates(open: OpenCase, time: TimeRange, turn: Turn): Promise<number[]> {
  const keys = open.dictionary('accessKeyId');
  const kindMarks = marksOfTexts(open, 'addressKind', OWN_KINDS);
  const front = marksOfTexts(open, 'agentTool', FRONT_ENDS);
  const uses = new Uses(keys.count);
  await pass(open, turn, time, (segment) => {
    const { accessKeyId, sourceIPAddress, invokedBy } = segment.dict;
    const kinds = open.codes(segment, 'addressKind');
    const tools = open.codes(segment, 'agentTool');
    const { time: times } = segment;
    return (i) => {
      if (accessKeyId[i] === 0 || sourceIPAddress[i] === 0 || invokedBy[i] !== 0) return;
      if (kindMarks[kinds[i]] === 1 && front[tools[i]] === 0 && !Number.isNaN(times[i]))
        uses.note(accessKeyId[i], sourceIPAddress[i], times[i]);
    };
  });
  const addresses = open.dictionary('sourceIPAddress');
  const networks = new Map<number, string | null>();
  const network = (code: number): string | null => {
    let known = networks.get(code);
    if (known === undefined) {
      known = networkOf(addresses.get(code) ?? '');
      networks.set(code, known);
    }
    return known;
  };
  const kindOf = open.derived('addressKind');
  const publicCode = open.dictionary('addressKind').find('public');
  const isPublic = (code: number): boolean => {
    const out = new Uint32Array(1);
    kindOf?.codesOf(Uint32Array.of(code), null, out, 0, 1);
    return out[0] === publicCode;
  };
  const isApart = (a: number, b: number): boolean =>
    network(a) !== network(b) && isPublic(a) && isPublic(b) && isIPv4(addresses.get(a) ?? '') === isIPv4(addresses.get(b) ?? '');
  const apart: number[] = [];
  const near: number[] = [];
  let done = 0;
  for (let key = 1; key <= keys.count; key++) {
    const found = uses.overlap(key, isApart);
    if (found === 'apart') apart.push(key);
    else if (found === 'near') near.push(key);
    if (++done % 1024 === 0 && turn.over()) await turn.yield();
  }
  const byEvents = (a: number, b: number): number => uses.events[b] - uses.events[a] || keys.compare(a, b);
  return [...apart.sort(byEvents), ...near.sort(byEvents)];
}

/** First and last time of each address of each key. */
class Uses {
  readonly events: Uint32Array;
  private readonly head: Int32Array;
  private readonly latest: Int32Array;
  private readonly held: Uint8Array;
  private readonly address: number[] = [];
  private readonly first: number[] = [];
  private readonly last: number[] = [];
  private readonly next: number[] = [];

  constructor(keys: number) {
    this.events = new Uint32Array(keys + 1);
    this.head = new Int32Array(keys + 1).fill(-1);
    this.latest = new Int32Array(keys + 1).fill(-1);
    this.held = new Uint8Array(keys + 1);
  }

  note(key: number, address: number, time: number): void {
    this.events[key]++;
    let slot = this.latest[key];
    if (slot < 0 || this.address[slot] !== address) {
      slot = this.head[key];
      while (slot >= 0 && this.address[slot] !== address) slot = this.next[slot];
      if (slot < 0) {
        // A key with more addresses is looked at by those that came first.
        if (this.held[key] === ADDRESSES) return;
        this.held[key]++;
        slot = this.address.push(address) - 1;
        this.first.push(time);
        this.last.push(time);
        this.next.push(this.head[key]);
        this.head[key] = slot;
      }
      this.latest[key] = slot;
    }
    if (time < this.first[slot]) this.first[slot] = time;
    if (time > this.last[slot]) this.last[slot] = time;
  }

  overlap(key: number, isApart: (a: number, b: number) => boolean): 'apart' | 'near' | null {
    let found: 'near' | null = null;
    for (let a = this.head[key]; a >= 0; a = this.next[a])
      for (let b = this.next[a]; b >= 0; b = this.next[b]) {
        if (this.first[a] > this.last[b] || this.first[b] > this.last[a]) continue;
        if (isApart(this.address[a], this.address[b])) return 'apart';
        found = 'near';
      }
    return found;
  }
}

interface Turned {
  denied: number;
  succeeded: number;
  write: boolean;
}

/** Principals for whom an action first succeeded after a denial, writing ones first: codes of principal. */
export async function deniedCandidates(open: OpenCase, time: TimeRange, turn: Turn): Promise<number[]> {
  const outcomes = outcomeMarks(open);
  const principals = open.dictionary('principal').count + 1;
  const names = open.dictionary('eventName').count + 1;
  const sources = open.dictionary('eventSource').count + 1;
  const byPrincipal = new Uint8Array(principals);
  const byName = new Uint8Array(names);
  const turned = new Map<number, Turned>();
  const until: TimeRange = { from: null, to: time.to };
  await pass(open, turn, until, (segment) => {
    const { outcome, principal, eventName, eventSource } = segment.dict;
    const { time: times } = segment;
    return (i) => {
      if ((outcomes[outcome[i]] & DENIED) === 0 || principal[i] === 0) return;
      byPrincipal[principal[i]] = 1;
      byName[eventName[i]] = 1;
      const pair = (principal[i] * names + eventName[i]) * sources + eventSource[i];
      const known = turned.get(pair);
      if (!known)
        turned.set(pair, {
          denied: Number.isNaN(times[i]) ? Number.POSITIVE_INFINITY : times[i],
          succeeded: Number.POSITIVE_INFINITY,
          write: false,
        });
      else if (times[i] < known.denied) known.denied = times[i];
    };
  });
  const read = open.dictionary('readOnly').find('true');
  if (turned.size === 0) return [];
  await pass(open, turn, until, (segment) => {
    const { outcome, principal, eventName, eventSource, readOnly } = segment.dict;
    const { time: times } = segment;
    return (i) => {
      if (byPrincipal[principal[i]] === 0 || byName[eventName[i]] === 0 || (outcomes[outcome[i]] & SUCCEEDED) === 0) return;
      const known = turned.get((principal[i] * names + eventName[i]) * sources + eventSource[i]);
      if (!known || !(times[i] < known.succeeded)) return;
      known.succeeded = times[i];
      known.write = read === 0 || readOnly[i] !== read;
    };
  });
  const from = time.from ?? Number.NEGATIVE_INFINITY;
  const weights = new Map<number, number>();
  for (const [pair, { denied, succeeded, write }] of turned) {
    if (!(denied < succeeded) || succeeded === Number.POSITIVE_INFINITY || succeeded < from) continue;
    const principal = Math.floor(pair / (names * sources));
    weights.set(principal, (weights.get(principal) ?? 0) + (write ? 1000 : 1));
  }
  return [...weights].sort(([a, v], [b, w]) => w - v || open.dictionary('principal').compare(a, b)).map(([code]) => code);
}
