/**
 * One credential in use from two addresses at once: A, then B, then A again, each within some minutes of the one before, or both in one
 * second. Within a second no order is inferred. Calls that AWS makes for someone (a service, the console's own front ends) are not
 * compared: their addresses are not the caller's.
 */
import { isIPv4, networkOf } from '../../shared/addresses.ts';
import type { Statement, StatementValue } from '../../shared/behaviour.ts';
import { EventRows } from './event-rows.ts';
import { citedOf, count, exactly, listed, type Scene, statement, VALUES_LISTED, within } from './scene.ts';

export const OVERLAP_MINUTES = 10;
/** Addresses of one credential that are compared with each other; pairs kept. */
const COMPARED = 16;
const PAIRS = 10_000;

const FRONT_ENDS = new Set(['AWS console', 'AWS service', 'AWS Internal']);
const COMPARED_KINDS = new Set(['public', 'private', 'VPC endpoint']);

/** Last time, and event, at which the credential changed from one address to another. */
interface Change {
  time: number;
  k: number;
}

interface Pair {
  key: number;
  a: number;
  b: number;
  overlaps: number;
  /** Events that show the first overlap. */
  shown: number[];
}

type Relation = 'apart' | 'inside' | 'workload' | 'network' | 'dualStack' | 'mixed';

export function twoAddresses(scene: Scene, minutes = OVERLAP_MINUTES): Statement[] {
  const { rows, from, to } = scene;
  const { compared, left } = comparedRows(scene);
  const made: Statement[] = [];
  if (compared.some((held) => held === 1)) {
    const pairs = overlaps(rows, from, to, compared, minutes * 60_000);
    for (const relation of Object.keys(WORDS) as Relation[]) {
      const of = pairs.filter((pair) => relationOf(rows, pair) === relation);
      if (of.length > 0) made.push(statementOf(scene, relation, of, minutes));
    }
  }
  if (left > 0 && from < to) {
    made.push(
      statement({
        kind: 'addressesNotCompared',
        section: 'addresses',
        weight: 'plain',
        parts: [
          count(left, 'event was', 'events were'),
          ' made by AWS for it (a service, or the console’s front ends): the address of such a call is not the caller’s and was not compared.',
        ],
        counts: { events: left },
        opens: within(
          scene,
          { op: 'in', column: 'sourceIPAddress', values: [null], not: true },
          {
            op: 'or',
            filters: [
              { op: 'in', column: 'agentTool', values: [...FRONT_ENDS] },
              { op: 'in', column: 'addressKind', values: [...COMPARED_KINDS, null], not: true },
              { op: 'in', column: 'invokedBy', values: [null], not: true },
            ],
          },
        ),
      }),
    );
  }
  return made;
}

/** Marks events whose address is the caller's own; `left` counts the others that have an address. */
function comparedRows({ rows, from, to }: Scene): { compared: Uint8Array; left: number } {
  const address = rows.codes('sourceIPAddress', from, to);
  const kinds = rows.codes('addressKind', from, to);
  const tools = rows.codes('agentTool', from, to);
  const invokedBy = rows.codes('invokedBy', from, to);
  const good = EventRows.marks(rows.dictionary('addressKind'), kinds.subarray(from, to), (text) => COMPARED_KINDS.has(text));
  const front = EventRows.marks(rows.dictionary('agentTool'), tools.subarray(from, to), (text) => FRONT_ENDS.has(text));
  const compared = new Uint8Array(rows.length);
  let left = 0;
  for (let k = from; k < to; k++) {
    if (address[k] === 0) continue;
    if (good[kinds[k]] === 1 && front[tools[k]] === 0 && invokedBy[k] === 0) compared[k] = 1;
    else left++;
  }
  return { compared, left };
}

/** What is known of one credential while its events pass by in time. */
interface Use {
  /** Addresses of the last second with events, with an event of each. */
  time: number;
  last: Map<number, number>;
  changes: Map<string, Change>;
}

function overlaps(rows: EventRows, from: number, to: number, compared: Uint8Array, gap: number): Pair[] {
  const keys = rows.codes('accessKeyId', from, to);
  const address = rows.codes('sourceIPAddress', from, to);
  const uses = new Map<number, Use>();
  const pairs = new Map<string, Pair>();
  const note = (key: number, x: number, y: number, shown: number[]): void => {
    const [a, b] = x < y ? [x, y] : [y, x];
    const name = `${key} ${a} ${b}`;
    const known = pairs.get(name);
    if (known) known.overlaps++;
    else if (pairs.size < PAIRS) pairs.set(name, { key, a, b, overlaps: 1, shown });
  };
  for (let k = from; k < to; k++) {
    if (compared[k] === 0 || keys[k] === 0) continue;
    let use = uses.get(keys[k]);
    if (!use) {
      use = { time: Number.NaN, last: new Map<number, number>(), changes: new Map<string, Change>() };
      uses.set(keys[k], use);
    }
    const at = address[k];
    if (rows.time[k] === use.time) {
      if (use.last.has(at) || use.last.size >= COMPARED) continue;
      for (const [other, j] of use.last) note(keys[k], other, at, [j, k]);
      use.last.set(at, k);
      continue;
    }
    if (rows.time[k] - use.time <= gap) changed(use, at, k, rows.time[k], gap, (other, shown) => note(keys[k], other, at, shown));
    use.time = rows.time[k];
    if (use.last.size > 1 || !use.last.has(at)) use.last.clear();
    use.last.set(at, k);
  }
  const found = [...pairs.values()];
  // Codes depend on what was imported first.
  const addresses = rows.dictionary('sourceIPAddress');
  for (const pair of found) if (addresses.compare(pair.a, pair.b) > 0) [pair.a, pair.b] = [pair.b, pair.a];
  return found;
}

/** The credential is used at `at` after other addresses a moment ago: an overlap when it had come from `at` to one of them just before. */
function changed(use: Use, at: number, k: number, t: number, gap: number, overlap: (other: number, shown: number[]) => void): void {
  if (use.last.has(at)) return;
  for (const [other, j] of use.last) {
    const back = use.changes.get(`${at} ${other}`);
    if (back && t - back.time <= gap) overlap(other, [back.k, j, k]);
    use.changes.set(`${other} ${at}`, { time: t, k: j });
  }
  if (use.changes.size > COMPARED * COMPARED) use.changes.clear();
}

function relationOf(rows: EventRows, { a, b, shown }: Pair): Relation {
  const dictionary = rows.dictionary('sourceIPAddress');
  const [x, y] = [dictionary.get(a) ?? '', dictionary.get(b) ?? ''];
  if (shown.some((k) => rows.text('issuedFor', k) !== null || (rows.text('userAgent', k) ?? '').includes('exec-env/AWS_Lambda')))
    return 'workload';
  const kinds = shown.map((k) => rows.text('addressKind', k));
  const open = kinds.filter((kind) => kind === 'public').length;
  if (open === 0) return 'inside';
  if (open < kinds.length) return 'mixed';
  if (networkOf(x) === networkOf(y)) return 'network';
  return isIPv4(x) !== isIPv4(y) ? 'dualStack' : 'apart';
}

const WORDS: Record<Relation, string> = {
  apart: 'used from two public addresses at once',
  inside: 'used from two addresses inside a network at once (private, or through a VPC endpoint): two hosts, or one with two ways out',
  mixed:
    'used from a public and a private address at once: a host in a VPC calls some services through an endpoint and others over the internet',
  dualStack: 'used from an IPv4 and an IPv6 address at once: one host may have both',
  network: 'used from two addresses of one network at once (one /24, or one /64): several hosts behind one provider or proxy',
  workload: 'used from two addresses at once by a workload that AWS runs (issued to a function or task): it runs in several places',
};

function statementOf(scene: Scene, relation: Relation, pairs: Pair[], minutes: number): Statement {
  const { rows } = scene;
  const addresses = rows.dictionary('sourceIPAddress');
  const keys = rows.dictionary('accessKeyId');
  pairs.sort((p, q) => q.overlaps - p.overlaps || addresses.compare(p.a, q.a) || addresses.compare(p.b, q.b) || keys.compare(p.key, q.key));
  const values = pairs.slice(0, VALUES_LISTED).map(
    (pair): StatementValue => ({
      value: addresses.get(pair.a) ?? '',
      column: 'sourceIPAddress',
      events: pair.overlaps,
      first: rows.timeOf(pair.shown[0]),
      firstKey: rows.key(pair.shown[0]),
      note: `and ${addresses.get(pair.b)}, with ${keys.get(pair.key)}`,
    }),
  );
  const credentials = new Set(pairs.map((pair) => pair.key)).size;
  const shown = pairs.flatMap((pair) => pair.shown);
  return statement({
    kind: 'twoAddresses',
    section: 'addresses',
    weight: relation === 'apart' ? 'notable' : 'plain',
    parts: [
      count(credentials, 'access key', 'access keys'),
      ` ${WORDS[relation]} (one, the other and back, each within ${minutes} minutes): `,
      ...listed(values, pairs.length, 1),
      pairs.length === 1 ? ` ${values[0].note}.` : '.',
    ],
    counts: { credentials, pairs: pairs.length, overlaps: pairs.reduce((sum, pair) => sum + pair.overlaps, 0), minutes },
    values,
    total: pairs.length,
    cited: citedOf(rows, shown),
    opens: exactly(shown.slice(0, 1000).map((k) => rows.key(k))),
  });
}
