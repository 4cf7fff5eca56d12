/** Calls through VPC endpoints, and those that an endpoint's policy denied (errorCode VpceAccessDenied: User Guide, "Network activity events"). */
import type { AccessPoint } from '../../shared/access.ts';
import type { EpochMs } from '../../shared/brand.ts';
import type { Selection } from '../../shared/plan.ts';
import type { EventRows } from '../behaviour/event-rows.ts';
import { count, listed, OPENED, oneOf, value } from '../behaviour/scene.ts';
import type { Matches, SegmentMatch } from '../query/matching.ts';
import type { OpenCase } from '../query/open-case.ts';
import type { Turn } from '../query/turns.ts';
import { any, marksOf, pickSelected } from './pick.ts';
import { point, principal, theseEvents, valuesAt } from './points.ts';

const CODE = 'VpceAccessDenied';
const ENDPOINTS = 40;

export async function vpcEndpoints(open: OpenCase, matches: Matches, turn: Turn, selection: Selection): Promise<AccessPoint[]> {
  const errors = marksOf(open, 'errorCode', [CODE]);
  const rows = await pickSelected(
    open,
    matches,
    ({ dict: { errorCode } }) => (any(errors) ? (i) => errors[errorCode[i]] === 1 : null),
    turn,
  );
  return [
    ...deniedBy(
      rows,
      Array.from(rows.rows, (_, k) => k),
    ),
    ...(await through(open, matches, turn, selection, errors)),
  ];
}

function deniedBy(rows: EventRows, denied: readonly number[]): AccessPoint[] {
  const byWho = new Map<number, number[]>();
  for (const k of denied) {
    const who = rows.codes('principal')[k];
    const own = byWho.get(who);
    if (own) own.push(k);
    else byWho.set(who, [k]);
  }
  return [...byWho.values()]
    .sort((a, b) => b.length - a.length)
    .map((at) => {
      const who = rows.text('principal', at[0]);
      const endpoints = valuesAt(rows, 'vpcEndpointId', at);
      const from = valuesAt(rows, 'sourceIPAddress', at);
      return point({
        kind: 'vpcDenied',
        weight: 'notable',
        subject: who === null ? null : principal(who),
        parts: [
          count(at.length, 'call', 'calls'),
          ' of ',
          ...(who === null ? ['an identity that is not named'] : [value(who, 'principal')]),
          ' denied by the policy of a VPC endpoint',
          ...(endpoints.length > 0 ? [': ', ...listed(endpoints, endpoints.length)] : [' (which one is not recorded)']),
          ', from ',
          ...listed(from, from.length),
          '.',
        ],
        counts: { calls: at.length, endpoints: endpoints.length, addresses: from.length },
        values: valuesAt(rows, 'eventName', at),
        cited: at.slice(0, 20).map((k) => rows.key(k)),
        opens: theseEvents(rows, at),
      });
    });
}

/** Calls by endpoint: counted over all, then what used the busiest ones. */
async function through(
  open: OpenCase,
  matches: Matches,
  turn: Turn,
  { time, filters }: Selection,
  errors: Uint8Array,
): Promise<AccessPoint[]> {
  const dictionary = open.dictionary('vpcEndpointId');
  const counts = { events: new Uint32Array(dictionary.count + 1), denied: new Uint32Array(dictionary.count + 1) };
  if (dictionary.count === 0) return [];
  for (const match of matches.segments) {
    countEndpoints(match, counts, errors);
    if (turn.over()) await turn.yield();
  }
  const all: number[] = [];
  for (let code = 1; code <= dictionary.count; code++) if (counts.events[code] > 0) all.push(code);
  if (all.length === 0) return [];
  all.sort((a, b) => counts.denied[b] - counts.denied[a] || counts.events[b] - counts.events[a] || dictionary.compare(a, b));
  const uses = all.slice(0, ENDPOINTS).map((code) => new EndpointUse(open, code));
  const slots = new Uint8Array(dictionary.count + 1);
  for (const [i, { code }] of uses.entries()) slots[code] = i + 1;
  for (const match of matches.segments) {
    noteUses(match, slots, uses);
    if (turn.over()) await turn.yield();
  }
  const events = all.reduce((sum, code) => sum + counts.events[code], 0);
  const values = uses.map((use) => ({
    value: dictionary.get(use.code) ?? '',
    column: 'vpcEndpointId' as const,
    events: counts.events[use.code],
    first: Number.isNaN(use.time) ? null : (use.time as EpochMs),
    firstKey: open.keys.keyOf(use.row),
    note: [
      `${named(use.principals, 'principal', 'principals')} from ${named(use.addresses, 'address', 'addresses')}`,
      ...(counts.denied[use.code] > 0 ? [`${counts.denied[use.code]} denied by its policy`] : []),
    ].join(', '),
  }));
  return [
    point({
      kind: 'vpcEndpoint',
      weight: 'plain',
      parts: [
        count(events, 'call', 'calls'),
        ' came through ',
        count(all.length, 'VPC endpoint', 'VPC endpoints'),
        ': ',
        ...listed(values, all.length),
        '.',
      ],
      counts: { events, endpoints: all.length },
      values,
      total: all.length,
      cited: values.map((v) => v.firstKey),
      opens: {
        time,
        filters: [
          ...filters,
          all.length > OPENED
            ? { op: 'in', column: 'vpcEndpointId', values: [null], not: true }
            : oneOf(
                'vpcEndpointId',
                all.map((code) => dictionary.get(code)),
              ),
        ],
      },
    }),
  ];
}

function named(marks: Uint8Array, one: string, many: string): string {
  let n = 0;
  for (let code = 1; code < marks.length; code++) n += marks[code];
  return `${n} ${n === 1 ? one : many}`;
}

class EndpointUse {
  /** 1 at those that used it. */
  readonly principals: Uint8Array;
  readonly addresses: Uint8Array;
  /** The first event in the global order. */
  row = -1;
  time = Number.NaN;

  constructor(
    private readonly open: OpenCase,
    readonly code: number,
  ) {
    this.principals = new Uint8Array(open.dictionary('principal').count + 1);
    this.addresses = new Uint8Array(open.dictionary('sourceIPAddress').count + 1);
  }

  note(row: number, time: number, principal: number, address: number): void {
    if (principal !== 0) this.principals[principal] = 1;
    if (address !== 0) this.addresses[address] = 1;
    const isFirst = this.row < 0 || time < this.time || (Number.isNaN(this.time) && !Number.isNaN(time));
    const isTie = time === this.time || (Number.isNaN(this.time) && Number.isNaN(time));
    if (!isFirst && !(isTie && this.open.order.compare(this.row, row) > 0)) return;
    this.row = row;
    this.time = time;
  }
}

function countEndpoints(
  { segment: { dict }, selected }: SegmentMatch,
  { events, denied }: Record<'events' | 'denied', Uint32Array>,
  errors: Uint8Array,
): void {
  const { vpcEndpointId, errorCode } = dict;
  for (let k = 0; k < selected.length; k++) {
    const endpoint = vpcEndpointId[selected[k]];
    if (endpoint === 0) continue;
    events[endpoint]++;
    denied[endpoint] += errors[errorCode[selected[k]]];
  }
}

function noteUses({ segment, selected }: SegmentMatch, slots: Uint8Array, uses: readonly EndpointUse[]): void {
  const { base, time, dict } = segment;
  const { vpcEndpointId, principal, sourceIPAddress } = dict;
  for (let k = 0; k < selected.length; k++) {
    const i = selected[k];
    const slot = slots[vpcEndpointId[i]];
    if (slot > 0) uses[slot - 1].note(base + i, time[i], principal[i], sourceIPAddress[i]);
  }
}
