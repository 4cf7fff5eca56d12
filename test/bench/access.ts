/**
 * What the Access view costs in a synthetic case of 1,000,000 events: sign-ins, calls across accounts, and what is worth a look. Keys stay
 * at an address or two, most callers in their account, some roles are assumed across accounts under shared IDs; the case of `query.ts`,
 * where every column is drawn by itself, is the worst there can be. Goal: each ≤ 200 ms, warm.
 *
 * Run: node test/bench/run.mjs access [events] [seed]; prints one line of JSON.
 */
import type { DictColumnId } from '../../src/shared/columns.ts';
import { EMPTY_SELECTION, type Filter, type Selection } from '../../src/shared/plan.ts';
import { attach, Link, makeSegment, quantile, randomOf, SEGMENT_ROWS, SPAN_MS, START, type Told, timed } from './query.ts';

interface Cost {
  coldMs: number;
  p50Ms: number;
  maxMs: number;
  /** Of all threads of the process: what a machine with other work shows of it. */
  cpuP50Ms: number;
}

/** `scanMs`: a filter, a count and a facet that are not kept, of the same rows in the same run: what a pass costs on this machine. */
type Costs = Record<'signIns' | 'acrossAccounts' | 'accessPoints', Cost & { ratio: number }> & { scanCpuMs: number };

export async function main(_thread: string, [events = '1000000', seed = '7']: string[]): Promise<void> {
  const shaped = await measure(Number(events), Number(seed), shapedTrail(Number(events), Number(seed)));
  const drawn = await measure(Number(events), Number(seed), undefined);
  process.stdout.write(`${JSON.stringify({ events: Number(events), shaped, drawn })}\n`);
}

async function measure(events: number, seed: number, told: Told | undefined): Promise<Costs> {
  const random = randomOf(seed);
  const segments = Math.ceil(events / SEGMENT_ROWS);
  const link = new Link();
  for (let i = 0; i < segments; i++)
    attach(link, makeSegment(random, i, Math.min(SEGMENT_ROWS, events - i * SEGMENT_ROWS), segments, told), i, null);
  await link.ask({ type: 'settled', request: 1 });
  const { core } = link;
  const cost = async (name: string, ask: (selection: Selection) => Promise<{ ms: number }>): Promise<Cost> => {
    const coldMs = await timed(() => ask(EMPTY_SELECTION));
    const taken: number[] = [];
    const busy: number[] = [];
    for (let run = 0; run < 7; run++) {
      const before = process.cpuUsage();
      taken.push(await timed(() => ask(EMPTY_SELECTION)));
      const { user, system } = process.cpuUsage(before);
      busy.push((user + system) / 1000);
    }
    process.stderr.write(
      `${told ? 'shaped' : 'drawn'} ${name}: ${Math.round(quantile(taken, 0.5))} ms, cpu ${Math.round(quantile(busy, 0.5))} ms\n`,
    );
    return { coldMs, p50Ms: quantile(taken, 0.5), maxMs: quantile(taken, 1), cpuP50Ms: quantile(busy, 0.5) };
  };
  let n = 0;
  const scan = await cost('scan', async () => {
    const began = performance.now();
    const filter: Filter = { op: 'in', column: 'awsRegion', values: [`nowhere-${n++}`], not: true };
    await core.run({
      view: 'bench',
      selection: { ...EMPTY_SELECTION, filters: [filter] },
      asks: [
        { ask: 'count' },
        { ask: 'facet', column: 'principal', limit: 10 },
        { ask: 'histogram', bins: 300, stackBy: null, stackTop: 1 },
      ],
    });
    return { ms: performance.now() - began };
  });
  const compared = (taken: Cost): Cost & { ratio: number } => ({ ...taken, ratio: taken.cpuP50Ms / scan.cpuP50Ms });
  const costs: Costs = {
    scanCpuMs: scan.cpuP50Ms,
    signIns: compared(await cost('signIns', (s) => core.signIns(s))),
    acrossAccounts: compared(await cost('acrossAccounts', (s) => core.acrossAccounts(s))),
    accessPoints: compared(await cost('accessPoints', (s) => core.accessPoints(s))),
  };
  link.close();
  return costs;
}

const account = (n: number): string => String(100_000_000_000 + (n % 60) * 1_234_567);

/** One row in 200 is a sign-in, one in 50 assumes a role of another account, each with its twin. */
function shapedTrail(events: number, seed: number): Told {
  const random = randomOf(seed + 1);
  const draw = Float32Array.from({ length: events }, () => random());
  const near = (row: number): number => Math.floor(draw[row] * 1e6);
  const key = (row: number): number => Math.floor(row / 400) * 8 + (near(row) % 8);
  const principal = (row: number): number => (key(row) * 7) % 4000;
  const kind = (row: number): 'signIn' | 'own' | 'called' | 'other' => {
    const place = row % 200;
    return place === 0 ? 'signIn' : place % 50 === 1 ? 'own' : place % 50 === 2 ? 'called' : 'other';
  };
  const values: Partial<Record<DictColumnId, (row: number) => string | null>> = {
    eventName: (row) => {
      const what = kind(row);
      return what === 'signIn' ? 'ConsoleLogin' : what === 'other' ? `DescribeSomething${near(row) % 900}` : 'AssumeRole';
    },
    eventSource: (row) => `service${near(row) % 120}.amazonaws.com`,
    principal: (row) =>
      kind(row) === 'called' ? `account/${account(principal(row - 1))}` : `${account(principal(row))}/role/role-${principal(row)}`,
    userName: (row) => (key(row) % 10 === 0 ? `i-0${key(row).toString(16).padStart(16, '0')}` : `session-${key(row)}`),
    accessKeyId: (row) => (kind(row) === 'called' ? null : `ASIA${key(row).toString(36).toUpperCase().padStart(16, 'X')}`),
    sourceIPAddress: (row) => {
      const n = key(row) * 3 + (near(row) % 100 === 0 ? 1 : 0);
      return `${n % 3 === 0 ? 10 : 54}.${n % 256}.${(n >> 8) % 256}.${(n * 31) % 256}`;
    },
    account: (row) => account(kind(row) === 'called' ? principal(row - 1) + 1 : principal(row)),
    callerAccount: (row) => account(principal(kind(row) === 'called' ? row - 1 : row)),
    sharedEventID: (row) => (kind(row) === 'own' ? `shared-${row}` : kind(row) === 'called' ? `shared-${row - 1}` : null),
    identityType: (row) =>
      kind(row) === 'called' ? 'AWSAccount' : key(row) % 30 === 0 ? 'IAMUser' : key(row) % 5000 === 1 ? 'Root' : 'AssumedRole',
    outcome: (row) => (near(row) % 25 === 0 ? 'denied' : 'success'),
  };
  return { values, time: (row) => Math.floor((START + (row / events) * SPAN_MS) / 1000) * 1000 };
}
