/** Enumeration: many different reading calls within a minute. */
import type { Statement, StatementValue } from '../../shared/behaviour.ts';
import type { EpochMs } from '../../shared/brand.ts';
import { readsByName } from './call-names.ts';
import { EventRows } from './event-rows.ts';
import { citedOf, count, oneOf, type Scene, statement, subjectFilter, time } from './scene.ts';

const MINUTE_MS = 60_000;
/** So many different Get, List, Describe, Head … calls within a minute are a burst. */
export const BURST_ACTIONS = 20;
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
}

export function bursts(scene: Scene, threshold = BURST_ACTIONS): Statement[] {
  const found = burstsOf(scene, threshold);
  const { rows } = scene;
  const made = found
    .toSorted((a, b) => Number(a.console) - Number(b.console) || b.distinct - a.distinct || a.from - b.from)
    .slice(0, BURSTS_SAID)
    .map((burst) => statementOf(scene, burst, threshold));
  if (found.length <= BURSTS_SAID) return made;
  const rest = found.length - BURSTS_SAID;
  made.push(
    statement({
      kind: 'enumeration',
      section: 'discovery',
      weight: 'plain',
      parts: [count(rest, 'further burst', 'further bursts'), ' of reading calls, each smaller than those above.'],
      counts: { bursts: rest, threshold },
      cited: citedOf(
        rows,
        found.map((burst) => burst.from),
      ),
      opens: { time: scene.window, filters: [subjectFilter(scene.subject), oneOf('readOnly', ['true'])] },
    }),
  );
  return made;
}

/** Runs of minutes, sliding by event, in each of which at least `threshold` different actions were read. */
function burstsOf({ rows, from, to, denied }: Scene, threshold: number): Burst[] {
  const reads = readingRows(rows, from, to);
  const { of, count: actions } = rows.actions();
  const outcome = rows.codes('outcome');
  const inMinute = new Uint32Array(actions);
  let distinct = 0;
  const found: Burst[] = [];
  let left = 0;
  let current: { from: number; to: number; distinct: number } | null = null;
  const close = (): void => {
    if (!current) return;
    let deniedEvents = 0;
    let front = 0;
    const tools = rows.codes('agentTool');
    const console = rows.code('agentTool', 'AWS console');
    const fromConsole = rows.codes('fromConsole');
    for (let r = current.from; r <= current.to; r++) {
      if (outcome[reads[r]] === denied && denied !== 0) deniedEvents++;
      if (fromConsole[reads[r]] !== 0 || (console !== 0 && tools[reads[r]] === console)) front++;
    }
    const events = current.to - current.from + 1;
    found.push({
      from: reads[current.from],
      to: reads[current.to],
      distinct: current.distinct,
      events,
      denied: deniedEvents,
      console: front * 2 > events,
    });
    current = null;
  };
  for (let right = 0; right < reads.length; right++) {
    const k = reads[right];
    while (rows.time[reads[left]] <= rows.time[k] - MINUTE_MS) {
      if (--inMinute[of[reads[left]]] === 0) distinct--;
      left++;
    }
    if (inMinute[of[k]]++ === 0) distinct++;
    // A second is taken whole: what matters is the last event of each.
    const lastOfSecond = right + 1 === reads.length || rows.time[reads[right + 1]] !== rows.time[k];
    if (!lastOfSecond) continue;
    if (distinct < threshold) {
      if (current && left > current.to) close();
      continue;
    }
    if (current && left <= current.to) {
      current.to = right;
      current.distinct = Math.max(current.distinct, distinct);
    } else {
      close();
      current = { from: left, to: right, distinct };
    }
  }
  close();
  return found;
}

/** Positions of the calls that read, made by the subject itself. */
function readingRows(rows: EventRows, from: number, to: number): Uint32Array {
  const readOnly = rows.codes('readOnly');
  const names = rows.codes('eventName');
  const invokedBy = rows.codes('invokedBy');
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

function statementOf(scene: Scene, burst: Burst, threshold: number): Statement {
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
      ' within a minute, beginning ',
      time(begin),
      ': ',
      count(burst.events, 'event', 'events'),
      ', ',
      { part: 'percent', percent },
      ' of them denied',
      burst.console ? '. Most came from the console, where opening a page does this too.' : '.',
    ],
    counts: { distinct: burst.distinct, events: burst.events, denied: burst.denied, threshold },
    values: servicesOf(scene, burst),
    cited: citedOf(rows, [burst.from, burst.to]),
    opens: { time: { from: begin as EpochMs, to: (end + 1) as EpochMs }, filters: [subjectFilter(scene.subject)] },
  });
}

/** The services that were read, most events first. */
function servicesOf({ rows }: Scene, burst: Burst): StatementValue[] {
  const sources = rows.codes('eventSource');
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
