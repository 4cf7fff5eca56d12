/**
 * Credentials of an EC2 instance and the addresses they were used from. Role sessions are told apart by the instance that they are named
 * after; where nothing shows that AWS issued them to one, that is said, since whoever assumes a role can choose such a name. Offline nobody can say
 * which public address an instance had: what can be said is that an address is another than those it used before.
 */
import type { Statement, StatementValue } from '../../shared/behaviour.ts';
import { HIDDEN } from '../columns/segment-columns.ts';
import { EventRows, paired } from './event-rows.ts';
import { citedOf, count, listed, oneOf, type Scene, statement, VALUES_LISTED, value, within } from './scene.ts';

/** Instances, and uses of one address by one, that are told apart. */
const PLACES = 5000;
const INSTANCES_SAID = 10;
/** Keys of one instance at one address that are remembered. */
const KEYS = 64;
/** A public address with more of an instance's calls than this is taken for its own when it otherwise calls from inside a VPC. */
const FOREIGN_SHARE = 0.1;
const INSTANCE = /^i-[0-9a-f]{8}(?:[0-9a-f]{9})?$/;

interface Place {
  instance: number;
  address: number;
  kind: string | null;
  events: number;
  first: number;
  last: number;
  before: number;
  marked: boolean;
  /** Access keys it was used with, the first of them. */
  keys: Set<number>;
}

export function instances(scene: Scene): Statement[] {
  const { rows } = scene;
  const names = rows.codes('userName', 0, scene.to);
  const isInstance = EventRows.marks(rows.dictionary('userName'), names.subarray(0, scene.to), (text) => INSTANCE.test(text));
  if (!isInstance.includes(1)) return [];
  const byInstance = new Map<number, Place[]>();
  for (const place of placesOf(scene, isInstance)) {
    const own = byInstance.get(place.instance);
    if (own) own.push(place);
    else byInstance.set(place.instance, [place]);
  }
  const shown = shownInstances(scene, isInstance);
  const elsewhere: Elsewhere[] = [];
  const usual: Place[] = [];
  for (const own of byInstance.values()) {
    const isForeign = foreignTo(scene, own);
    const places = own.filter(isForeign);
    const rest = own.filter((place) => !isForeign(place));
    if (places.length > 0) elsewhere.push({ places, rest, shown: shown.has(own[0].instance) });
    usual.push(...rest.filter((place) => place.events > 0));
  }
  elsewhere.sort((a, b) => eventsOf(b.places) - eventsOf(a.places) || a.places[0].first - b.places[0].first);
  const made = elsewhere.slice(0, INSTANCES_SAID).map((one) => elsewhereStatement(scene, one));
  if (elsewhere.length > INSTANCES_SAID) made.push(furtherStatement(scene, elsewhere.slice(INSTANCES_SAID)));
  const ofInstances = usual.filter((place) => shown.has(place.instance));
  const named = usual.filter((place) => !shown.has(place.instance));
  if (ofInstances.length > 0) made.push(addressesStatement(scene, ofInstances, true));
  if (named.length > 0) made.push(addressesStatement(scene, named, false));
  return made;
}

/** Names (codes of userName) whose sessions AWS issued to an instance: as they say themselves, or as the EC2 service's AssumeRole does. */
function shownInstances({ open, rows, to }: Scene, isInstance: Uint8Array): ReadonlySet<number> {
  const names = rows.codes('userName', 0, to);
  const identities = rows.codes('identity', 0, to);
  const deliveries = rows.codes('roleDelivery', 0, to);
  const targets = rows.codes('issuedFor', 0, to);
  const isTarget = EventRows.marks(rows.dictionary('issuedFor'), targets.subarray(0, to), (text) => text.includes(':ec2:'));
  const shown = new Set<number>();
  const byIdentity = new Map<number, number>();
  for (let k = 0; k < to; k++) {
    if (isInstance[names[k]] === 0) continue;
    if (deliveries[k] !== 0 || isTarget[targets[k]] === 1) shown.add(names[k]);
    else if (identities[k] !== 0 && byIdentity.size < PLACES) byIdentity.set(identities[k], names[k]);
  }
  const issuedTo = open.columns.dictionary('issuedTo');
  const service = open.columns.dictionary('identityType').find('AWSService');
  const issued = new Map<number, number>();
  for (const [identity, name] of byIdentity) {
    const arn = shown.has(name) || service <= 0 ? null : rows.dictionary('identity').get(identity);
    if (arn === null) continue;
    if (issued.size === 0) issuedTo.index();
    const code = issuedTo.find(arn);
    if (code > 0) issued.set(code, name);
  }
  if (issued.size === 0) return shown;
  for (const { rows: count, dict, state } of open.columns.segments)
    for (let i = 0; i < count; i++) {
      if (dict.issuedTo[i] === 0 || dict.identityType[i] !== service || state[i] & HIDDEN) continue;
      const name = issued.get(dict.issuedTo[i]);
      if (name !== undefined) shown.add(name);
    }
  return shown;
}

const NOT_SHOWN = 'No record shows that AWS issued them to an instance: whoever assumes a role can choose such a name. ';

interface Elsewhere {
  places: Place[];
  /** The instance's other addresses, of the history too. */
  rest: Place[];
  /** AWS issued its credentials, as the records show. */
  shown: boolean;
}

const eventsOf = (places: readonly Place[]): number => places.reduce((sum, place) => sum + place.events, 0);
const isInside = ({ kind }: Place): boolean => kind === 'private' || kind === 'VPC endpoint';

/**
 * Which addresses are not seen as the instance's own. Private ones: an instance keeps its private address, so that another one is, and
 * so is one that came without a VPC endpoint after public ones with more calls. Public ones: new in the window, and later than another public one (in the history, or in
 * an earlier second), or than calls from inside a VPC that make up nearly all. Many instances use an endpoint for some services and a
 * public address for the rest: that one is used from the beginning, and often.
 */
function foreignTo({ rows }: Scene, own: readonly Place[]): (place: Place) => boolean {
  const total = own.reduce((sum, place) => sum + place.events + place.before, 0);
  const firstOf = (places: readonly Place[]): number => Math.min(...places.map((p) => rows.time[p.first]));
  const open = own.filter(({ kind }) => kind === 'public');
  const usedBefore = open.some((place) => place.before > 0);
  const earliest = firstOf(open);
  const inside = firstOf(own.filter(isInside));
  const earlierThan = (place: Place): ((other: Place) => boolean) => {
    return (other) => other.address !== place.address && (other.before > 0 || rows.time[other.first] < rows.time[place.first]);
  };
  const openTotal = open.reduce((sum, place) => sum + place.events + place.before, 0);
  return (place) => {
    if (place.before > 0 || place.events === 0) return false;
    if (isInside(place)) {
      if (own.filter(isInside).some(earlierThan(place))) return true;
      return place.kind === 'private' && place.events < openTotal && open.some(earlierThan(place));
    }
    if (place.kind !== 'public') return false;
    const began = rows.time[place.first];
    return usedBefore || earliest < began || (inside < began && place.events <= FOREIGN_SHARE * total);
  };
}

/** Uses by instance and address, those made by services left out. */
function placesOf({ rows, from, to }: Scene, isInstance: Uint8Array): Place[] {
  const names = rows.codes('userName', 0, to);
  const address = rows.codes('sourceIPAddress', 0, to);
  const kinds = rows.codes('addressKind', 0, to);
  const marks = rows.codes('agentMark', from, to);
  const keys = rows.codes('accessKeyId', 0, to);
  const pairs = paired(names.subarray(0, to), address.subarray(0, to), rows.dictionary('sourceIPAddress').count);
  const kindCount = rows.dictionary('addressKind').count + 1;
  const places: Place[] = [];
  // By pair and kind: the place + 1.
  const known = new Uint16Array(pairs.count * kindCount);
  for (let k = 0; k < to; k++) {
    if (isInstance[names[k]] === 0 || address[k] === 0) continue;
    const name = pairs.of[k] * kindCount + kinds[k];
    if (known[name] === 0) {
      if (places.length >= PLACES) continue;
      const kind = rows.dictionary('addressKind').get(kinds[k]);
      const none = { events: 0, first: k, last: k, before: 0, marked: false, keys: new Set<number>() };
      known[name] = places.push({ instance: names[k], address: address[k], kind, ...none });
    }
    const place = places[known[name] - 1];
    if (keys[k] !== 0 && place.keys.size < KEYS) place.keys.add(keys[k]);
    if (k < from) place.before++;
    else {
      if (place.events === 0 && place.before === 0) place.first = k;
      place.events++;
      place.last = k;
      if (marks[k] !== 0) place.marked = true;
    }
  }
  return places.filter((place) => place.kind !== 'AWS service' && place.kind !== 'AWS Internal');
}

function valuesOf({ rows }: Scene, places: readonly Place[]): StatementValue[] {
  return places.map((place) => ({
    value: rows.dictionary('sourceIPAddress').get(place.address) ?? '',
    column: 'sourceIPAddress',
    events: place.events,
    first: rows.timeOf(place.first),
    firstKey: rows.key(place.first),
    note: [rows.dictionary('userName').get(place.instance), place.kind, place.marked ? 'odd agent' : null]
      .filter((w) => w !== null)
      .join(', '),
  }));
}

function opensOf(scene: Scene, places: readonly Place[]): Statement['opens'] {
  const { rows } = scene;
  const names = new Set(places.map((place) => rows.dictionary('userName').get(place.instance)));
  const addresses = new Set(places.map((place) => rows.dictionary('sourceIPAddress').get(place.address)));
  return within(scene, oneOf('userName', names), oneOf('sourceIPAddress', addresses));
}

function elsewhereStatement(scene: Scene, { places, rest, shown }: Elsewhere): Statement {
  places.sort((p, q) => q.events - p.events || p.first - q.first);
  const events = eventsOf(places);
  const others = rest.reduce((sum, place) => sum + place.events + place.before, 0);
  const values = valuesOf(scene, places.slice(0, VALUES_LISTED));
  const instance = scene.rows.text('userName', places[0].first) ?? '';
  const usual = rest.toSorted((p, q) => q.events + q.before - p.events - p.before);
  return statement({
    kind: 'instanceElsewhere',
    section: 'addresses',
    weight: 'notable',
    parts: [
      count(events, 'event', 'events'),
      shown ? ' with credentials of ' : ' of sessions named ',
      value(instance, 'userName'),
      ' from ',
      ...listed(values, places.length),
      ', where ',
      ...(others === 1 ? ['the other came from '] : ['all ', count(others, 'other', 'others'), ' came from ']),
      ...listed(valuesOf(scene, usual.slice(0, 3)), usual.length),
      usual.every(({ kind }) => kind === 'VPC endpoint') ? ' through a VPC endpoint. ' : usual.every(isInside) ? ' inside a VPC. ' : '. ',
      shown ? '' : NOT_SHOWN,
      anotherKey(places, rest) ? 'The key was used from nowhere else. ' : '',
      places.some(isInside)
        ? 'An instance keeps its private address, but one with several network interfaces has several, and addresses of this kind are the same in every network: look at the events before it is called stolen.'
        : 'A new public address is also given to an instance that was stopped and started; which addresses were its own these files do not say.',
    ],
    counts: { instances: 1, addresses: places.length, events, others },
    values,
    total: places.length,
    cited: citedOf(scene.rows, citedPlaces(scene, places)),
    opens: opensOf(scene, places),
    compares: true,
  });
}

function anotherKey(places: readonly Place[], rest: readonly Place[]): boolean {
  return places.every(
    ({ keys }) => keys.size > 0 && keys.size < KEYS && rest.every((other) => [...keys].every((key) => !other.keys.has(key))),
  );
}

/** Events of these places of one instance, in order. */
function citedPlaces({ rows, from, to }: Scene, places: readonly Place[]): number[] {
  const names = rows.codes('userName', from, to);
  const address = rows.codes('sourceIPAddress', from, to);
  const wanted = new Set(places.map((place) => place.address));
  const found: number[] = [];
  for (let k = from; k < to && found.length < VALUES_LISTED; k++)
    if (names[k] === places[0].instance && wanted.has(address[k])) found.push(k);
  return found;
}

function furtherStatement(scene: Scene, further: readonly Elsewhere[]): Statement {
  const places = further.flatMap((one) => one.places);
  const values = valuesOf(scene, places.slice(0, VALUES_LISTED));
  return statement({
    kind: 'instanceElsewhere',
    section: 'addresses',
    weight: 'notable',
    parts: [
      further.every((one) => one.shown) ? 'Credentials of ' : 'Sessions named like ',
      count(further.length, 'further instance', 'further instances'),
      ' came from addresses not seen as their own: ',
      ...listed(values, places.length),
      '.',
    ],
    counts: { instances: further.length, addresses: places.length },
    values,
    total: places.length,
    cited: citedOf(
      scene.rows,
      places.map((place) => place.first),
    ),
    opens: opensOf(scene, places),
    compares: true,
  });
}

function addressesStatement(scene: Scene, all: Place[], shown: boolean): Statement {
  const values = valuesOf(scene, all.slice(0, VALUES_LISTED));
  const inside = all.filter(isInside).length;
  return statement({
    kind: 'instanceAddresses',
    section: 'addresses',
    weight: 'plain',
    parts: [
      shown ? 'Instance credentials were used from ' : 'Sessions named like an instance were used from ',
      ...listed(values, all.length),
      all.length === inside
        ? ': inside a VPC only.'
        : '. For an instance with one public address there is nothing to compare with: whether it is the instance’s own cannot be known from these files.',
      shown ? '' : ` ${NOT_SHOWN.trimEnd()}`,
    ],
    counts: { addresses: all.length, public: all.length - inside, inside },
    values,
    total: all.length,
    cited: citedOf(
      scene.rows,
      all.map((place) => place.first),
    ),
    opens: opensOf(scene, all),
  });
}
