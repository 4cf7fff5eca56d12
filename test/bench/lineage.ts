/**
 * Lineage of a synthetic case: 1,000,000 events, 50,000 issued credentials in chains of up to six, each used some twenty times. Prints
 * one line of JSON: how long the graph takes, then columns, lists, trees and chains on it.
 *
 * Run: node test/bench/run.mjs lineage [events]
 */
import type { EventKey } from '../../src/shared/brand.ts';
import { credentialOfKey } from '../../src/shared/lineage.ts';
import { EMPTY_SELECTION } from '../../src/shared/plan.ts';
import { attach, Link, makeSegment, quantile, randomOf, SEGMENT_ROWS, START, type Told, timed } from './query.ts';

const USES = 20;
const CHAIN = 6;
const STEP_MS = 2600;
const ACCOUNTS = 60;

const accountOf = (k: number): string => String(100_000_000_000 + (k % ACCOUNTS));
const keyOf = (k: number): string => `ASIA${k.toString(36).toUpperCase().padStart(16, '0')}`;
const userOf = (k: number): number => Math.floor(k / CHAIN) % 2000;
/** Row 20k issues credential k; the rows after it use it. The issuer is a user's key, or the credential before. */
const credentialAt = (row: number): number => Math.floor(row / USES);
const issues = (row: number): boolean => row % USES === 0;
const byUser = (row: number): boolean => issues(row) && credentialAt(row) % CHAIN === 0;
/** Credential whose key the row is made with; only where it is none of a user. */
const usedAt = (row: number): number => (issues(row) ? credentialAt(row) - 1 : credentialAt(row));
const iso = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');
const sessionOf = (k: number): string => `arn:aws:sts::${accountOf(k)}:assumed-role/application-role-${k % 4000}/session-${k % 500}`;
const timeOf = (row: number): number => START + Math.floor((row * STEP_MS) / 1000) * 1000;

const TOLD: Told = {
  time: timeOf,
  values: {
    eventName: (row) => (issues(row) ? 'AssumeRole' : `DescribeSomething${row % 900}`),
    identityType: (row) => (byUser(row) ? 'IAMUser' : 'AssumedRole'),
    identity: (row) => (byUser(row) ? `arn:aws:iam::${accountOf(row)}:user/u${userOf(credentialAt(row))}` : sessionOf(usedAt(row))),
    principalId: (row) => (byUser(row) ? `AIDA${userOf(credentialAt(row))}` : `AROA${usedAt(row) % 4000}:session-${usedAt(row) % 500}`),
    accessKeyId: (row) => (byUser(row) ? `AKIAUSER${userOf(credentialAt(row))}` : keyOf(usedAt(row))),
    sessionStart: (row) => (byUser(row) ? null : iso(timeOf(usedAt(row) * USES))),
    sessionIssuer: (row) => (byUser(row) ? null : `arn:aws:iam::${accountOf(usedAt(row))}:role/application-role-${usedAt(row) % 4000}`),
    issuedKey: (row) => (issues(row) ? keyOf(credentialAt(row)) : null),
    issuedTo: (row) => (issues(row) ? sessionOf(credentialAt(row)) : null),
    issuedExpires: (row) => (issues(row) ? iso(timeOf(row) + 12 * 3_600_000) : null),
    errorCode: () => null,
    outcome: () => 'success',
    invokedBy: () => null,
    onBehalfOf: () => null,
    sourceIdentity: () => null,
    fromConsole: () => null,
    roleDelivery: () => null,
    issuedFor: () => null,
    federation: () => null,
  },
};

export interface LineageBench {
  events: number;
  issued: number;
  credentials: number;
  maxDepth: number;
  lineageMs: number;
  /** Processor time of it: what counts on a machine that does other work too. */
  lineageCpuMs: number;
  /** Longest time without giving way while the graph was built. */
  longestTurnMs: number;
  originFacetMs: number;
  originFacetP95Ms: number;
  plainFacetP95Ms: number;
  originFilterP95Ms: number;
  listMs: number;
  listP95Ms: number;
  lineageOfP95Ms: number;
  treeP95Ms: number;
}

export async function runLineageBench(events = 1_000_000): Promise<LineageBench> {
  const random = randomOf(7);
  const segments = Math.ceil(events / SEGMENT_ROWS);
  const link = new Link();
  for (let i = 0; i < segments; i++)
    attach(link, makeSegment(random, i, Math.min(SEGMENT_ROWS, events - i * SEGMENT_ROWS), segments, TOLD), i, null);
  await link.ask({ type: 'settled', request: 1 });
  const { core } = link;
  let longest = 0;
  let beat = performance.now();
  const pulse = setInterval(() => {
    longest = Math.max(longest, performance.now() - beat);
    beat = performance.now();
  }, 1);
  const cpu = process.cpuUsage();
  const lineageMs = await timed(() => core.lineageSummary());
  clearInterval(pulse);
  const spent = process.cpuUsage(cpu);
  const summary = await core.lineageSummary();
  const issued = summary.issuedTemporary;
  const often = async (times: number, work: (i: number) => Promise<unknown>): Promise<number> => {
    const taken: number[] = [];
    for (let i = 0; i < times; i++) taken.push(await timed(() => work(i)));
    return quantile(taken, 0.95);
  };
  const region = (i: number) => ({ op: 'in' as const, column: 'awsRegion' as const, values: [`eu-west-${i % 17}`], not: i % 2 === 0 });
  const facet = (column: 'origin' | 'principal', i: number) =>
    core.run({ view: 'bench', selection: { ...EMPTY_SELECTION, filters: [region(i)] }, asks: [{ ask: 'facet', column, limit: 20 }] });
  const origin = `arn:aws:iam::${accountOf(0)}:user/u0`;
  const list = (i: number) =>
    core.credentials({
      selection: null,
      kinds: null,
      find: i % 2 === 0 ? '' : `asia000${i}`,
      sort: 'events',
      descending: true,
      offset: 0,
      limit: 100,
    });
  const result: LineageBench = {
    events,
    issued,
    credentials: summary.credentials,
    maxDepth: summary.maxDepth,
    lineageMs,
    lineageCpuMs: (spent.user + spent.system) / 1000,
    longestTurnMs: longest,
    originFacetMs: await timed(() => facet('origin', 0)),
    originFacetP95Ms: await often(60, (i) => facet('origin', i + 17)),
    plainFacetP95Ms: await often(60, (i) => facet('principal', i + 17)),
    originFilterP95Ms: await often(40, (i) =>
      core.run({
        view: 'bench',
        selection: { ...EMPTY_SELECTION, filters: [region(i), { op: 'in', column: 'origin', values: [origin] }] },
        asks: [{ ask: 'count' }],
      }),
    ),
    listMs: await timed(() => list(1)),
    listP95Ms: await often(20, list),
    lineageOfP95Ms: 0,
    treeP95Ms: 0,
  };
  const { answers } = await core.run({
    view: 'bench',
    selection: EMPTY_SELECTION,
    asks: [{ ask: 'keys', limit: 1000, descending: true }],
  });
  const keys: EventKey[] = answers[0].keys;
  result.lineageOfP95Ms = await often(100, (i) => core.lineageOf(keys[i]));
  result.treeP95Ms = await often(30, (i) => core.credentialTree(credentialOfKey(`AKIAUSER${i}`), { maxNodes: 500 }));
  link.close();
  return result;
}

export async function main(_thread: string, [events]: string[]): Promise<void> {
  process.stdout.write(`${JSON.stringify(await runLineageBench(Number(events ?? 1_000_000)))}\n`);
}
