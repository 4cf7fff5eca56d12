/**
 * What the page of a busy principal costs in a synthetic case of 1,000,000 events (that of `query.ts`): behaviour, the revert list and
 * sessions of the busiest principals, an account and an address as subjects, for windows of a day to all. Goal: a principal page
 * p95 ≤ 150 ms.
 *
 * Run: node test/bench/run.mjs principal [events] [seed]; prints one line of JSON.
 */
import type { Subject } from '../../src/shared/behaviour.ts';
import type { EpochMs } from '../../src/shared/brand.ts';
import { EMPTY_SELECTION, type Selection } from '../../src/shared/plan.ts';
import { attach, Link, makeSegment, quantile, randomOf, SEGMENT_ROWS, SPAN_MS, START, timed } from './query.ts';

interface Cost {
  events: number;
  p50Ms: number;
  p95Ms: number;
  maxMs: number;
  /** Of all threads of the process: what a machine with other work shows of it. */
  cpuP50Ms: number;
  cpuP95Ms: number;
}

export interface PrincipalBench {
  events: number;
  behaviour: Cost;
  revertList: Cost;
  sessions: Cost;
  lanes: Cost;
  /** The dearest subject there is: the account with the most events. */
  busiest: { subject: Subject; behaviour: Cost; revertList: Cost; sessions: Cost };
}

export async function main(_thread: string, [events = '1000000', seed = '7']: string[]): Promise<void> {
  process.stdout.write(`${JSON.stringify(await runPrincipalBench(Number(events), Number(seed)))}\n`);
}

export async function runPrincipalBench(events = 1_000_000, seed = 7): Promise<PrincipalBench> {
  const random = randomOf(seed);
  const segments = Math.ceil(events / SEGMENT_ROWS);
  const link = new Link();
  for (let i = 0; i < segments; i++)
    attach(link, makeSegment(random, i, Math.min(SEGMENT_ROWS, events - i * SEGMENT_ROWS), segments), i, null);
  await link.ask({ type: 'settled', request: 1 });
  const { core } = link;
  const { answers } = await core.run({
    view: 'bench',
    selection: EMPTY_SELECTION,
    asks: [
      { ask: 'facet', column: 'principal', limit: 10 },
      { ask: 'facet', column: 'account', limit: 1 },
      { ask: 'facet', column: 'sourceIPAddress', limit: 3 },
    ],
  });
  const subjects = answers.flatMap(({ column, values }, i) =>
    i === 1 ? [] : values.map((v): Subject => ({ column, value: v.value ?? '' })),
  );
  const busiest: Subject = { column: 'account', value: answers[1].values[0].value ?? '' };
  const windows = [1, 7, 15].map((days): Selection => {
    const from = (START + SPAN_MS - days * 86_400_000) as EpochMs;
    return { ...EMPTY_SELECTION, time: { from, to: null } };
  });
  windows.push(EMPTY_SELECTION);

  const page = { offset: 0, limit: 50, descending: true };
  const cost = async (of: readonly Subject[], work: (subject: Subject, selection: Selection) => Promise<unknown>): Promise<Cost> => {
    const taken: number[] = [];
    const busy: number[] = [];
    let largest = 0;
    for (const subject of of) {
      const [counted] = (await core.run({ view: 'bench', selection: only(subject), asks: [{ ask: 'count' }] })).answers;
      largest = Math.max(largest, counted.events);
      for (const window of windows) {
        // Another subject in between, so that nothing is kept from the last time.
        await core.behaviour({ column: 'eventName', value: 'nothing' }, window);
        await core.revertList({ column: 'eventName', value: 'nothing' }, window, { offset: 0, limit: 1 });
        await core.sessions({ column: 'eventName', value: 'nothing' }, window, page);
        const before = process.cpuUsage();
        taken.push(await timed(() => work(subject, window)));
        const { user, system } = process.cpuUsage(before);
        busy.push((user + system) / 1000);
      }
    }
    return {
      events: largest,
      p50Ms: quantile(taken, 0.5),
      p95Ms: quantile(taken, 0.95),
      maxMs: quantile(taken, 1),
      cpuP50Ms: quantile(busy, 0.5),
      cpuP95Ms: quantile(busy, 0.95),
    };
  };
  const behaviour = (s: Subject, w: Selection) => core.behaviour(s, w);
  const revertList = (s: Subject, w: Selection) => core.revertList(s, w, { offset: 0, limit: 50 });
  const sessions = (s: Subject, w: Selection) => core.sessions(s, w, page);
  await cost(subjects.slice(0, 3), behaviour);
  const result: PrincipalBench = {
    events,
    behaviour: await cost(subjects, behaviour),
    revertList: await cost(subjects, revertList),
    sessions: await cost(subjects, sessions),
    lanes: await cost(subjects.slice(0, 1), (_, w) => core.lanes(subjects.slice(0, 8), w, { bins: 600 })),
    busiest: {
      subject: busiest,
      behaviour: await cost([busiest], behaviour),
      revertList: await cost([busiest], revertList),
      sessions: await cost([busiest], sessions),
    },
  };
  link.close();
  return result;
}

const only = (subject: Subject): Selection => ({
  ...EMPTY_SELECTION,
  filters: [{ op: 'in', column: subject.column, values: [subject.value] }],
});
