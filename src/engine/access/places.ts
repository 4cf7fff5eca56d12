/**
 * Whether an identity signed in from where it had been before: compared with its own earlier events of all files, whatever is filtered,
 * that have an address of the caller. Failed sign-ins make no place known, and within one second nothing is earlier.
 */

import type { SignInPlace } from '../../shared/access.ts';
import { networkOf } from '../../shared/addresses.ts';
import type { EpochMs } from '../../shared/brand.ts';
import { EventRows } from '../behaviour/event-rows.ts';
import { DAY_MS, THIN_EVENTS } from '../behaviour/scene.ts';
import { lowerBound } from '../columns/lower-bound.ts';
import type { OpenCase } from '../query/open-case.ts';
import { FAILED, outcomeMarks, SUCCEEDED } from '../query/outcomes.ts';
import type { Turn } from '../query/turns.ts';
import { marksOf, pickAll } from './pick.ts';
import { SIGN_IN_NAMES, type SignIns, STEP_NAMES } from './sign-ins.ts';

const THIN_DAYS = 3;
const OWN_KINDS = new Set(['public', 'private', 'VPC endpoint']);
const NAMES = 2 ** 26;

const dayOf = (time: number): number => Math.floor(time / DAY_MS);

interface History {
  times: number[];
  /** UTC days with events up to and with each. */
  days: number[];
  /** Earliest event by address code, and by network. */
  addresses: Map<number, number>;
  networks: Map<string, number>;
}

/** Of each row of sign-ins. */
export async function placesOf(open: OpenCase, found: SignIns, members: readonly number[][], turn: Turn): Promise<SignInPlace[]> {
  const { rows, identity, outcome } = found;
  const principals = rows.codes('principal');
  const users = rows.codes('userName');
  const addresses = rows.codes('sourceIPAddress');
  const kinds = rows.codes('addressKind');
  const own = EventRows.marks(rows.dictionary('addressKind'), kinds, (kind) => OWN_KINDS.has(kind));
  const wanted = new Map<number, number>();
  const byPrincipal = new Uint8Array(open.dictionary('principal').count + 1);
  const byUser = new Uint8Array(open.dictionary('userName').count + 1);
  for (let k = 0; k < rows.length; k++) {
    if (principals[k] === 0 || found.hidden[k] === 1) continue;
    byPrincipal[principals[k]] = 1;
    byUser[users[k]] = 1;
    wanted.set(principals[k] * NAMES + users[k], identity[k]);
  }
  const histories = await historiesOf(open, wanted, { byPrincipal, byUser }, turn);
  return members.map((at): SignInPlace => {
    const k = at.find((j) => (outcome[j] & SUCCEEDED) !== 0) ?? at[0];
    const nothing = { events: 0, from: null, days: 0, thin: true };
    if (own[kinds[k]] !== 1 || principals[k] === 0 || found.hidden[k] === 1 || k >= rows.timed) return { state: 'notCompared', ...nothing };
    const history = histories.get(identity[k]);
    const t = rows.time[k];
    const events = history ? lowerBound(history.times, t) : 0;
    if (!history || events === 0) return { state: 'none', ...nothing };
    const days = history.days[events - 1];
    const measured = { events, from: history.times[0] as EpochMs, days, thin: events < THIN_EVENTS || days < THIN_DAYS };
    if ((history.addresses.get(addresses[k]) ?? t) < t) return { state: 'known', ...measured };
    const network = networkOf(rows.text('sourceIPAddress', k) ?? '');
    return { state: network !== null && (history.networks.get(network) ?? t) < t ? 'network' : 'new', ...measured };
  });
}

async function historiesOf(
  open: OpenCase,
  wanted: ReadonlyMap<number, number>,
  { byPrincipal, byUser }: Record<'byPrincipal' | 'byUser', Uint8Array>,
  turn: Turn,
): Promise<Map<number, History>> {
  const histories = new Map<number, History>();
  if (wanted.size === 0) return histories;
  const signIns = marksOf(open, 'eventName', [...SIGN_IN_NAMES, ...STEP_NAMES]);
  const outcomes = outcomeMarks(open);
  const kindNames = open.dictionary('addressKind');
  const ownKind = Uint8Array.from({ length: kindNames.count + 1 }, (_, c) => (OWN_KINDS.has(kindNames.get(c) ?? '') ? 1 : 0));
  const rows = await pickAll(
    open,
    (segment) => {
      const { principal, userName, eventName, outcome } = segment.dict;
      const kinds = open.codes(segment, 'addressKind');
      return (i) =>
        byPrincipal[principal[i]] === 1 &&
        byUser[userName[i]] === 1 &&
        ownKind[kinds[i]] === 1 &&
        !(signIns[eventName[i]] === 1 && (outcomes[outcome[i]] & FAILED) !== 0);
    },
    turn,
  );
  const principals = rows.codes('principal');
  const users = rows.codes('userName');
  const addresses = rows.codes('sourceIPAddress');
  const networks = new Map<number, string | null>();
  const dictionary = rows.dictionary('sourceIPAddress');
  for (let k = 0; k < rows.timed; k++) {
    const id = wanted.get(principals[k] * NAMES + users[k]);
    if (id === undefined) continue;
    let history = histories.get(id);
    if (!history) {
      history = { times: [], days: [], addresses: new Map(), networks: new Map() };
      histories.set(id, history);
    }
    const last = history.times.length - 1;
    const sameDay = last >= 0 && dayOf(history.times[last]) === dayOf(rows.time[k]);
    history.days.push(last < 0 ? 1 : history.days[last] + (sameDay ? 0 : 1));
    history.times.push(rows.time[k]);
    const address = addresses[k];
    if (history.addresses.has(address)) continue;
    history.addresses.set(address, rows.time[k]);
    let network = networks.get(address);
    if (network === undefined) {
      network = networkOf(dictionary.get(address) ?? '');
      networks.set(address, network);
    }
    if (network !== null && !history.networks.has(network)) history.networks.set(network, rows.time[k]);
  }
  if (turn.over()) await turn.yield();
  return histories;
}
