/** Calls through VPC endpoints, and those that an endpoint's policy denied (errorCode VpceAccessDenied: User Guide, "Network activity events"). */
import type { AccessPoint } from '../../shared/access.ts';
import type { Selection } from '../../shared/plan.ts';
import type { EventRows } from '../behaviour/event-rows.ts';
import { count, listed, oneOf, value } from '../behaviour/scene.ts';
import type { Matches } from '../query/matching.ts';
import type { OpenCase } from '../query/open-case.ts';
import type { Turn } from '../query/turns.ts';
import { marksOf, pickSelected } from './pick.ts';
import { point, principal, theseEvents, valuesAt } from './points.ts';

const CODE = 'VpceAccessDenied';
const ENDPOINTS = 40;

export async function vpcEndpoints(open: OpenCase, matches: Matches, turn: Turn, selection: Selection): Promise<AccessPoint[]> {
  const errors = marksOf(open, 'errorCode', [CODE]);
  const rows = await pickSelected(
    open,
    matches,
    ({ dict: { errorCode, vpcEndpointId } }) =>
      (i) =>
        vpcEndpointId[i] !== 0 || errors[errorCode[i]] === 1,
    turn,
  );
  if (rows.length === 0) return [];
  const error = rows.codes('errorCode');
  const denied: number[] = [];
  for (let k = 0; k < rows.length; k++) if (errors[error[k]] === 1) denied.push(k);
  return [...deniedBy(rows, denied), ...through(rows, errors, selection)];
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

function through(rows: EventRows, errors: Uint8Array, { time, filters }: Selection): AccessPoint[] {
  const endpoints = rows.codes('vpcEndpointId');
  const counts = new Map<number, { events: number; denied: number; first: number; who: Set<number>; from: Set<number> }>();
  const [who, from, error] = [rows.codes('principal'), rows.codes('sourceIPAddress'), rows.codes('errorCode')];
  for (let k = 0; k < rows.length; k++) {
    if (endpoints[k] === 0) continue;
    let own = counts.get(endpoints[k]);
    if (!own) {
      own = { events: 0, denied: 0, first: k, who: new Set(), from: new Set() };
      counts.set(endpoints[k], own);
    }
    own.events++;
    own.denied += errors[error[k]];
    own.who.add(who[k]);
    own.from.add(from[k]);
  }
  if (counts.size === 0) return [];
  const all = [...counts].sort(([a, p], [b, q]) => q.denied - p.denied || q.events - p.events || a - b);
  const events = all.reduce((sum, [, own]) => sum + own.events, 0);
  const values = all.slice(0, ENDPOINTS).map(([code, own]) => ({
    value: rows.dictionary('vpcEndpointId').get(code) ?? '',
    column: 'vpcEndpointId' as const,
    events: own.events,
    first: rows.timeOf(own.first),
    firstKey: rows.key(own.first),
    note: `${own.who.size} principals from ${own.from.size} addresses${own.denied > 0 ? `, ${own.denied} denied by its policy` : ''}`,
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
          oneOf(
            'vpcEndpointId',
            all.slice(0, 1000).map(([code]) => rows.dictionary('vpcEndpointId').get(code)),
          ),
        ],
      },
    }),
  ];
}
