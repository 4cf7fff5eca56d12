/** Enumeration: many different reading calls within a minute, or fewer within two that are mostly refused. */
import type { Statement, StatementValue } from '../../shared/behaviour.ts';
import type { EpochMs } from '../../shared/brand.ts';
import { readsByName } from './call-names.ts';
import { EventRows } from './event-rows.ts';
import { type Measure, runsOf } from './runs.ts';
import { citedOf, count, oneOf, type Scene, statement, time } from './scene.ts';

const MINUTE_MS = 60_000;
/** So many different Get, List, Describe, Head … calls within a minute are a burst. */
const BURST: Measure = { ms: MINUTE_MS, distinct: 20, refused: 0 };
/** Somebody who mostly meets refusals tries what a key may do: fewer are telling. */
const REFUSED: Measure = { ms: 2 * MINUTE_MS, distinct: 8, refused: 0.5 };
const BURSTS_SAID = 10;

interface Burst {
  /** First and last position of the events that made up the burst. */
  from: number;
  to: number;
  /** Most distinct actions within any of its minutes. */
  distinct: number;
  events: number;
  denied: number;
  console: boolean;
  measure: Measure;
}

export function bursts(scene: Scene): Statement[] {
  const { rows } = scene;
  const reads = readingRows(rows, scene.from, scene.to);
  const wide = burstsOf(scene, reads, BURST);
  const refused = burstsOf(scene, reads, REFUSED).filter((r) => !wide.some((w) => w.from <= r.to && r.from <= w.to));
  const found = [...wide, ...refused];
  const made = found
    .toSorted((a, b) => Number(a.console) - Number(b.console) || b.distinct - a.distinct || a.from - b.from)
    .slice(0, BURSTS_SAID)
    .map((burst) => statementOf(scene, burst));
  if (found.length <= BURSTS_SAID) return made;
  const rest = found.length - BURSTS_SAID;
  made.push(
    statement({
      kind: 'enumeration',
      section: 'discovery',
      weight: 'plain',
      parts: [count(rest, 'further burst', 'further bursts'), ' of reading calls, each smaller than those above.'],
      counts: { bursts: rest, threshold: BURST.distinct },
      cited: citedOf(
        rows,
        found.map((burst) => burst.from),
      ),
      opens: { time: scene.window, filters: [...scene.filters, oneOf('readOnly', ['true'])] },
    }),
  );
  return made;
}

function burstsOf(scene: Scene, reads: Uint32Array, measure: Measure): Burst[] {
  const { rows, denied } = scene;
  const { of, count: actions } = rows.actions();
  const outcome = rows.codes('outcome', scene.from, scene.to);
  const isDenied = (k: number): boolean => denied !== 0 && outcome[k] === denied;
  const runs = runsOf(rows, reads, of, actions, isDenied, measure);
  if (runs.length === 0) return [];
  const tools = rows.codes('agentTool', scene.from, scene.to);
  const console = rows.code('agentTool', 'AWS console');
  const fromConsole = rows.codes('fromConsole', scene.from, scene.to);
  return runs.map(({ from, to, distinct }) => {
    const inside = reads.subarray(from, to + 1);
    let [deniedEvents, front] = [0, 0];
    for (const k of inside) {
      if (isDenied(k)) deniedEvents++;
      if (fromConsole[k] !== 0 || (console !== 0 && tools[k] === console)) front++;
    }
    return {
      from: reads[from],
      to: reads[to],
      distinct,
      events: inside.length,
      denied: deniedEvents,
      console: front * 2 > inside.length,
      measure,
    };
  });
}

/** Positions of the calls that read, made by the subject itself. */
function readingRows(rows: EventRows, from: number, to: number): Uint32Array {
  const readOnly = rows.codes('readOnly', from, to);
  const names = rows.codes('eventName', from, to);
  const invokedBy = rows.codes('invokedBy', from, to);
  const yes = rows.code('readOnly', 'true');
  const byName = EventRows.marks(rows.dictionary('eventName'), names.subarray(from, to), readsByName);
  const out = new Uint32Array(to - from);
  let n = 0;
  for (let k = from; k < to; k++) {
    const reads = readOnly[k] === 0 ? byName[names[k]] === 1 : readOnly[k] === yes && yes !== 0;
    if (reads && invokedBy[k] === 0) out[n++] = k;
  }
  return out.subarray(0, n);
}

function statementOf(scene: Scene, burst: Burst): Statement {
  const { rows } = scene;
  const percent = Math.round((burst.denied / burst.events) * 100);
  const begin = rows.time[burst.from];
  const end = rows.time[burst.to];
  return statement({
    kind: 'enumeration',
    section: 'discovery',
    weight: burst.console ? 'plain' : 'notable',
    parts: [
      count(burst.distinct, 'different reading call', 'different reading calls'),
      burst.measure === BURST ? ' within a minute, beginning ' : ' within two minutes, beginning ',
      time(begin),
      ': ',
      count(burst.events, 'event', 'events'),
      ', ',
      { part: 'percent', percent },
      ' of them denied',
      burst.console ? '. Most came from the console, where opening a page does this too.' : '.',
      burst.measure === BURST
        ? ` From ${BURST.distinct} on it is called a burst.`
        : ` From ${REFUSED.distinct} on it is called a burst when at least half are denied.`,
    ],
    counts: { distinct: burst.distinct, events: burst.events, denied: burst.denied, threshold: burst.measure.distinct },
    values: servicesOf(scene, burst),
    cited: citedOf(rows, [burst.from, burst.to]),
    opens: { time: { from: begin as EpochMs, to: (end + 1) as EpochMs }, filters: scene.filters },
  });
}

/** The services that were read, most events first. */
function servicesOf({ rows }: Scene, burst: Burst): StatementValue[] {
  const sources = rows.codes('eventSource', burst.from, burst.to + 1);
  const counts = new Map<number, { events: number; first: number }>();
  for (let k = burst.from; k <= burst.to; k++) {
    const known = counts.get(sources[k]);
    if (known) known.events++;
    else if (sources[k] !== 0) counts.set(sources[k], { events: 1, first: k });
  }
  const dictionary = rows.dictionary('eventSource');
  return [...counts]
    .sort(([a, x], [b, y]) => y.events - x.events || dictionary.compare(a, b))
    .slice(0, 10)
    .map(([code, { events, first }]) => ({
      value: dictionary.get(code) ?? '',
      column: 'eventSource',
      events,
      first: rows.timeOf(first),
      firstKey: rows.key(first),
    }));
}
