/**
 * Credentials of an EC2 instance (a role session named like an instance) and the addresses they were used from. Offline nobody can say
 * which public address an instance had: what can be said is that an address is another than those it used before.
 */
import type { Statement, StatementValue } from '../../shared/behaviour.ts';
import { EventRows, paired } from './event-rows.ts';
import { citedOf, count, listed, oneOf, type Scene, statement, VALUES_LISTED, within } from './scene.ts';

/** Instances, and uses of one address by one, that are told apart. */
const PLACES = 5000;
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
}

export function instances(scene: Scene): Statement[] {
  const { rows } = scene;
  const names = rows.codes('userName');
  const isInstance = EventRows.marks(rows.dictionary('userName'), names, (text) => INSTANCE.test(text));
  if (!isInstance.includes(1)) return [];
  const places = placesOf(scene, isInstance);
  const public_ = places.filter((place) => place.kind === 'public');
  const elsewhere: Place[] = [];
  const known: Place[] = [];
  const byInstance = new Map<number, Place[]>();
  for (const place of public_) {
    const own = byInstance.get(place.instance);
    if (own) own.push(place);
    else byInstance.set(place.instance, [place]);
  }
  for (const own of byInstance.values()) {
    const usedBefore = own.some((place) => place.before > 0);
    const earliest = Math.min(...own.map((place) => rows.time[place.first]));
    for (const place of own) {
      if (place.events === 0) continue;
      // New in the window, beside one that the instance used before it: in the history, or in an earlier second.
      const elsewhereFirst = place.before === 0 && (usedBefore || earliest < rows.time[place.first]);
      (elsewhereFirst ? elsewhere : known).push(place);
    }
  }
  const inside = places.filter((place) => place.events > 0 && (place.kind === 'private' || place.kind === 'VPC endpoint'));
  const made: Statement[] = [];
  if (elsewhere.length > 0) made.push(elsewhereStatement(scene, elsewhere, inside.length > 0));
  if (known.length + inside.length > 0) made.push(addressesStatement(scene, known, inside));
  return made;
}

/** Uses by instance and address, those made by services left out. */
function placesOf({ rows, from, to }: Scene, isInstance: Uint8Array): Place[] {
  const names = rows.codes('userName');
  const address = rows.codes('sourceIPAddress');
  const kinds = rows.codes('addressKind');
  const marks = rows.codes('agentMark');
  const pairs = paired(names, address, rows.dictionary('sourceIPAddress').count);
  const kindCount = rows.dictionary('addressKind').count + 1;
  const places = new Map<number, Place>();
  for (let k = 0; k < to; k++) {
    if (isInstance[names[k]] === 0 || address[k] === 0) continue;
    const name = pairs.of[k] * kindCount + kinds[k];
    let place = places.get(name);
    if (!place) {
      if (places.size >= PLACES) continue;
      const kind = rows.dictionary('addressKind').get(kinds[k]);
      place = { instance: names[k], address: address[k], kind, events: 0, first: k, last: k, before: 0, marked: false };
      places.set(name, place);
    }
    if (k < from) place.before++;
    else {
      if (place.events === 0 && place.before === 0) place.first = k;
      place.events++;
      place.last = k;
      if (marks[k] !== 0) place.marked = true;
    }
  }
  return [...places.values()].filter((place) => place.kind !== 'AWS service' && place.kind !== 'AWS Internal');
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

function elsewhereStatement(scene: Scene, places: Place[], alsoInside: boolean): Statement {
  places.sort((p, q) => q.events - p.events || p.first - q.first);
  const values = valuesOf(scene, places.slice(0, VALUES_LISTED));
  const machines = new Set(places.map((place) => place.instance)).size;
  return statement({
    kind: 'instanceElsewhere',
    section: 'addresses',
    weight: 'notable',
    parts: [
      'Credentials of ',
      count(machines, 'instance', 'instances'),
      ' were used from ',
      count(places.length, 'public address', 'public addresses'),
      ' that the instance had not used until then: ',
      ...listed(values, places.length),
      alsoInside ? '. Elsewhere it called from inside a VPC. ' : '. ',
      'A new address is also given to an instance that was stopped and started; which addresses were its own these files do not say.',
    ],
    counts: { instances: machines, addresses: places.length, events: places.reduce((sum, place) => sum + place.events, 0) },
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

function addressesStatement(scene: Scene, known: Place[], inside: Place[]): Statement {
  const all = [...known, ...inside];
  const values = valuesOf(scene, all.slice(0, VALUES_LISTED));
  return statement({
    kind: 'instanceAddresses',
    section: 'addresses',
    weight: 'plain',
    parts: [
      'Instance credentials were used from ',
      ...listed(values, all.length),
      known.length === 0
        ? ': inside a VPC only.'
        : '. For an instance with one public address there is nothing to compare with: whether it is the instance’s own cannot be known from these files.',
    ],
    counts: { addresses: all.length, public: known.length, inside: inside.length },
    values,
    total: all.length,
    cited: citedOf(
      scene.rows,
      all.map((place) => place.first),
    ),
    opens: opensOf(scene, all),
  });
}
