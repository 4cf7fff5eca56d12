/**
 * Activity cut into sessions: events of one credential from one address with one agent, without a gap longer than asked. Events without
 * a time are a session of their own for each credential, address and agent.
 */
import table from '../../../assets/data-access.json' with { type: 'json' };
import type { Subject, Tally } from '../../shared/behaviour.ts';
import type { EpochMs, EventKey } from '../../shared/brand.ts';
import type { Filter, Selection } from '../../shared/plan.ts';
import type { Session, SessionOptions, SessionsAnswer } from '../../shared/sessions.ts';
import { DENIED, FAILED, outcomeMarks } from '../query/outcomes.ts';
import { callTest } from './call-names.ts';
import { type Codes, type EventRows, paired, type SingleColumnId } from './event-rows.ts';
import { subjectFilter } from './scene.ts';

const TOP = 5;
/** What a session is known by, the first that is recorded. */
const CREDENTIALS: readonly SingleColumnId[] = ['accessKeyId', 'principalId', 'identity', 'principal'];

interface Cut {
  /** Session of each event. */
  of: Codes;
  first: number[];
  last: number[];
  events: number[];
  failed: number[];
  denied: number[];
  writes: number[];
  /** Sessions with times come first, in the order of their first event. */
  timed: number;
}

/** Sessions of all events given. Linear in the events. */
export function cutSessions(rows: EventRows, gapMs: number): Cut {
  const stream = streams(rows);
  const openSession = new Map<number, number>();
  const outcome = rows.codes('outcome');
  const readOnly = rows.codes('readOnly');
  const outcomes = outcomeMarks(rows.open);
  const writeCode = rows.code('readOnly', 'false');
  const cut: Cut = { of: new Uint32Array(rows.length), first: [], last: [], events: [], failed: [], denied: [], writes: [], timed: 0 };
  for (let k = 0; k < rows.length; k++) {
    if (k === rows.timed) {
      openSession.clear();
      cut.timed = cut.first.length;
    }
    let session = openSession.get(stream[k]);
    if (session === undefined || rows.time[k] - rows.time[cut.last[session]] > gapMs) {
      session = cut.first.push(k) - 1;
      for (const counts of [cut.events, cut.failed, cut.denied, cut.writes]) counts.push(0);
      openSession.set(stream[k], session);
    }
    cut.of[k] = session;
    cut.last[session] = k;
    cut.events[session]++;
    if (outcomes[outcome[k]] & FAILED) cut.failed[session]++;
    if (outcomes[outcome[k]] & DENIED) cut.denied[session]++;
    if (writeCode !== 0 && readOnly[k] === writeCode) cut.writes[session]++;
  }
  if (rows.timed === rows.length) cut.timed = cut.first.length;
  return cut;
}

/** A number for each event: equal for equal credential, address and agent. */
function streams(rows: EventRows): Codes {
  const credential = rows.codes(CREDENTIALS[0]).slice();
  for (let k = 0; k < credential.length; k++) credential[k] *= CREDENTIALS.length;
  for (const [c, column] of CREDENTIALS.entries()) {
    if (c === 0) continue;
    const codes = rows.codes(column);
    for (let k = 0; k < credential.length; k++)
      if (credential[k] === 0 && codes[k] !== 0) credential[k] = codes[k] * CREDENTIALS.length + c;
  }
  const withAddress = paired(credential, rows.codes('sourceIPAddress'), rows.dictionary('sourceIPAddress').count).of;
  return paired(withAddress, rows.codes('userAgent'), rows.dictionary('userAgent').count).of;
}

export function sessionsPage(
  rows: EventRows,
  subject: Subject,
  selection: Selection,
  options: SessionOptions,
  gapMinutes: number,
): Omit<SessionsAnswer, 'generation' | 'ms'> {
  const cut = cutSessions(rows, gapMinutes * 60_000);
  const total = cut.first.length;
  const page: number[] = [];
  for (let i = options.offset; i < Math.min(total, options.offset + options.limit); i++)
    page.push(options.descending && i < cut.timed ? cut.timed - 1 - i : i);
  const members = membersOf(cut, page);
  return {
    total,
    events: rows.length,
    gapMinutes,
    sessions: page.map((session, i) => sessionOf(rows, cut, session, members[i], subject, selection)),
  };
}

/** Events of the sessions of a page, by one pass. */
function membersOf(cut: Cut, page: readonly number[]): Codes[] {
  const slots = new Int32Array(cut.first.length).fill(-1);
  const members = page.map((session, i) => {
    slots[session] = i;
    return new Uint32Array(cut.events[session]);
  });
  const filled = new Uint32Array(page.length);
  if (page.length > 0)
    for (let k = 0; k < cut.of.length; k++) {
      const slot = slots[cut.of[k]];
      if (slot >= 0) members[slot][filled[slot]++] = k;
    }
  return members;
}

function sessionOf(rows: EventRows, cut: Cut, session: number, members: Codes, subject: Subject, selection: Selection): Session {
  const k = cut.first[session];
  const last = cut.last[session];
  const credential = credentialOf(rows, k);
  const first = rows.timeOf(k);
  const end = rows.timeOf(last);
  const filters: Filter[] = [...selection.filters, subjectFilter(subject)];
  // A session known by a later one of these has none of the earlier.
  for (const column of CREDENTIALS) {
    filters.push({ op: 'in', column, values: [column === credential?.column ? credential.value : null] });
    if (column === credential?.column) break;
  }
  for (const column of ['sourceIPAddress', 'userAgent'] as const) filters.push({ op: 'in', column, values: [rows.text(column, k)] });
  return {
    id: rows.key(k),
    credential,
    userName: rows.text('userName', k),
    principal: rows.text('principal', k),
    sourceIPAddress: rows.text('sourceIPAddress', k),
    addressKind: rows.text('addressKind', k),
    userAgent: rows.text('userAgent', k),
    agentTool: rows.text('agentTool', k),
    agentMark: rows.text('agentMark', k),
    first,
    last: end,
    events: cut.events[session],
    failed: cut.failed[session],
    denied: cut.denied[session],
    writes: cut.writes[session],
    services: topOf(rows, 'eventSource', members),
    regions: topOf(rows, 'awsRegion', members),
    notable: notableOf(rows, members),
    firstKey: rows.key(k),
    lastKey: rows.key(last),
    opens:
      first === null
        ? { time: { from: null, to: null }, filters: [{ op: 'keys', keys: keysOf(rows, members) }] }
        : { time: { from: first, to: ((end ?? first) + 1) as EpochMs }, filters },
  };
}

const keysOf = (rows: EventRows, members: Codes): EventKey[] => Array.from(members.subarray(0, 1000), (k) => rows.key(k));

function credentialOf(rows: EventRows, k: number): Session['credential'] {
  for (const column of CREDENTIALS) {
    const value = rows.text(column, k);
    if (value !== null) return { column, value };
  }
  return null;
}

function topOf(rows: EventRows, column: SingleColumnId, members: Codes): Tally[] {
  const codes = rows.codes(column);
  const dictionary = rows.dictionary(column);
  const counts = new Map<number, number>();
  for (const k of members) counts.set(codes[k], (counts.get(codes[k]) ?? 0) + 1);
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || dictionary.compare(a, b))
    .slice(0, TOP)
    .map(([code, events]) => ({ value: dictionary.get(code), events }));
}

const SIGN_INS = /^(?:ConsoleLogin|SwitchRole|GetSigninToken|GetFederationToken|GetSessionToken|AssumeRole|AssumeRoot)/;

/** What stands out first: data handed out or shared, then changes, then sign-ins and roles taken, then what was only denied. */
function notableOf(rows: EventRows, members: Codes): Session['notable'] {
  const { of } = rows.actions();
  const outcome = rows.codes('outcome');
  const readOnly = rows.codes('readOnly');
  const success = rows.code('outcome', 'success');
  const denied = rows.code('outcome', 'denied');
  const write = rows.code('readOnly', 'false');
  const data = callTest(rows, [...table.secrets, ...table.shared]);
  const found = new Map<number, { k: number; events: number; denied: number; succeeded: number; rank: number }>();
  for (const k of members) {
    let entry = found.get(of[k]);
    if (!entry) {
      const signIn = SIGN_INS.test(rows.text('eventName', k) ?? '');
      const rank = data(k) ? 0 : signIn ? 2 : write !== 0 && readOnly[k] === write ? 1 : 4;
      entry = { k, events: 0, denied: 0, succeeded: 0, rank };
      found.set(of[k], entry);
    }
    entry.events++;
    if (denied !== 0 && outcome[k] === denied) entry.denied++;
    if (success !== 0 && outcome[k] === success) entry.succeeded++;
  }
  const rankOf = (entry: { rank: number; succeeded: number; denied: number }): number =>
    entry.rank < 4 && entry.succeeded > 0 ? entry.rank : entry.denied > 0 ? 3 : 4;
  return [...found.values()]
    .filter((entry) => rankOf(entry) < 4)
    .sort((a, b) => rankOf(a) - rankOf(b) || b.events - a.events || a.k - b.k)
    .slice(0, TOP)
    .map(({ k, events, denied: n }) => ({
      eventName: rows.text('eventName', k) ?? '',
      eventSource: rows.text('eventSource', k),
      events,
      denied: n,
      key: rows.key(k),
    }));
}
