/**
 * Calls from one account into another. The called account records the caller as another account; where the caller lives the same call is
 * recorded under the same `sharedEventID`, with the caller's identity: both are one call. A role that was assumed, or tried, in another
 * account is also seen from the caller's record alone, by the ARN of the role.
 */
import { ACCESS_ROWS, type AcrossAnswer, type AcrossRow } from '../../shared/access.ts';
import type { Tally } from '../../shared/behaviour.ts';
import type { EpochMs } from '../../shared/brand.ts';
import type { EventRows } from '../behaviour/event-rows.ts';
import { HIDDEN, type SegmentColumns } from '../columns/segment-columns.ts';
import type { Matches } from '../query/matching.ts';
import type { OpenCase } from '../query/open-case.ts';
import type { Turn } from '../query/turns.ts';
import { acrossCalls, type Call, type Calls } from './across-calls.ts';

const MADE = 20_000;
const TOP = 5;
/** Distinct actions, and resources, that a row counts. */
const COUNTED = 500;
/** Events that all rows together open, and the most and least of one. */
const OPENED = { all: 60_000, most: 1000, least: 60 };

interface Made {
  call: Call;
  calls: number;
  denied: number;
  failed: number;
  recorded: AcrossRow['recorded'];
  actions: Map<number, number>;
  resources: Map<number, number>;
  first: number;
  last: number;
  positions: number[];
}

export async function acrossOf(open: OpenCase, matches: Matches, turn: Turn): Promise<Omit<AcrossAnswer, 'generation' | 'ms'>> {
  const calls = await acrossCalls(open, matches, turn);
  const recorded = await recordedAccounts(open, turn);
  const made = new Map<string, Made>();
  const totals = { calls: 0, pairs: 0, in: 0, out: 0, between: 0, foreignAccounts: 0, twins: 0 };
  const pairs = new Set<string>();
  const foreign = new Set<number>();
  const isForeign = (account: number): boolean => !recorded.has(calls.accounts[account]);
  let leftOut = 0;
  let done = 0;
  for (const call of calls.list) {
    const { times, from, to } = call;
    totals.calls += times;
    totals[directionOf(isForeign(from), isForeign(to))] += times;
    pairs.add(`${from} ${to}`);
    for (const account of [from, to]) if (isForeign(account)) foreign.add(account);
    if (call.own.length > 0 && call.called.length > 0) totals.twins += Math.min(call.own.length, call.called.length);
    const name = `${from} ${to} ${call.how} ${call.who?.column} ${call.who?.code} ${call.what?.column} ${call.what?.code}`;
    const known = made.get(name);
    if (known) add(calls.rows, known, call);
    else if (made.size < MADE) made.set(name, begin(calls.rows, call));
    else leftOut += times;
    if (++done % 4096 === 0 && turn.over()) await turn.yield();
  }
  totals.pairs = pairs.size;
  totals.foreignAccounts = foreign.size;
  const weight = ({ call }: Made): number => Number(isForeign(call.from) || isForeign(call.to));
  const listed = [...made.values()].sort((a, b) => weight(b) - weight(a) || b.calls - a.calls || a.positions[0] - b.positions[0]);
  const shown = listed.slice(0, ACCESS_ROWS);
  const keys = Math.max(OPENED.least, Math.min(OPENED.most, Math.floor(OPENED.all / Math.max(1, shown.length))));
  return {
    totals,
    rows: shown.map((row) => rowOf(calls, row, isForeign(row.call.from), isForeign(row.call.to), keys)),
    rowsTotal: listed.length,
    leftOut,
  };
}

const directionOf = (fromForeign: boolean, toForeign: boolean): AcrossRow['direction'] =>
  fromForeign && !toForeign ? 'in' : toForeign && !fromForeign ? 'out' : 'between';

/** Accounts in which a record of this case was recorded. */
async function recordedAccounts(open: OpenCase, turn: Turn): Promise<Set<string>> {
  const dictionary = open.dictionary('account');
  const marks = new Uint8Array(dictionary.count + 1);
  for (const segment of open.columns.segments) {
    markAccounts(segment, marks);
    if (turn.over()) await turn.yield();
  }
  const found = new Set<string>();
  for (let code = 1; code < marks.length; code++) if (marks[code] === 1) found.add(dictionary.get(code) ?? '');
  return found;
}

function markAccounts({ rows, state, dict: { account } }: SegmentColumns, marks: Uint8Array): void {
  for (let i = 0; i < rows; i++) if ((state[i] & HIDDEN) === 0) marks[account[i]] = 1;
}

function begin(rows: EventRows, call: Call): Made {
  const made: Made = {
    call,
    calls: 0,
    denied: 0,
    failed: 0,
    recorded: { both: 0, onlyCaller: 0, onlyCalled: 0 },
    actions: new Map(),
    resources: new Map(),
    first: Number.NaN,
    last: Number.NaN,
    positions: [],
  };
  add(rows, made, call);
  return made;
}

function add(rows: EventRows, made: Made, call: Call): void {
  const { own, called, times } = call;
  made.calls += times;
  if (call.denied) made.denied += times;
  if (call.failed) made.failed += times;
  const both = Math.min(own.length, called.length);
  made.recorded.both += both;
  made.recorded.onlyCaller += Math.max(0, own.length - both);
  made.recorded.onlyCalled += Math.max(0, called.length - both);
  const k = called[0] ?? own[0];
  count(made.actions, rows.codes('eventName')[k], times);
  const { start, codes } = rows.resources();
  for (let c = start[k]; c < start[k + 1]; c++) count(made.resources, codes[c], times);
  for (const j of [...own, ...called]) {
    if (made.positions.length < OPENED.most) made.positions.push(j);
    const t = rows.time[j];
    if (!(t >= made.first)) made.first = Number.isNaN(t) ? made.first : t;
    if (!(t <= made.last)) made.last = Number.isNaN(t) ? made.last : t;
  }
}

function count(counts: Map<number, number>, code: number, times: number): void {
  const known = counts.get(code);
  if (known !== undefined) counts.set(code, known + times);
  else if (counts.size < COUNTED) counts.set(code, times);
}

const timeOrNull = (t: number): EpochMs | null => (Number.isNaN(t) ? null : (t as EpochMs));

function rowOf({ rows, accounts }: Calls, made: Made, fromForeign: boolean, toForeign: boolean, keys: number): AcrossRow {
  const { call } = made;
  const value = (named: Call['who']): AcrossRow['who'] =>
    named === null ? null : { column: named.column, value: rows.dictionary(named.column).get(named.code) ?? '' };
  const top = (column: 'eventName' | 'resource', counts: Map<number, number>): Tally[] =>
    [...counts]
      .sort(([a, n], [b, m]) => m - n || rows.dictionary(column).compare(a, b))
      .slice(0, TOP)
      .map(([code, events]) => ({ value: rows.dictionary(column).get(code), events }));
  return {
    from: accounts[call.from],
    to: accounts[call.to],
    fromForeign,
    toForeign,
    direction: directionOf(fromForeign, toForeign),
    who: value(call.who),
    how: call.how,
    what: value(call.what),
    calls: made.calls,
    denied: made.denied,
    failed: made.failed,
    recorded: made.recorded,
    actions: top('eventName', made.actions),
    resources: top('resource', made.resources),
    first: timeOrNull(made.first),
    last: timeOrNull(made.last),
    callerKey: call.own.length > 0 ? rows.key(call.own[0]) : null,
    calledKey: call.called.length > 0 ? rows.key(call.called[0]) : null,
    opens: {
      time: { from: null, to: null },
      filters: [{ op: 'keys', keys: made.positions.slice(0, keys).map((k) => rows.key(k)) }],
    },
  };
}
