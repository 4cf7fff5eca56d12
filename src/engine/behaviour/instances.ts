/**
 * Credentials of an EC2 instance (a role session named like an instance) and the addresses they were used from. Offline nobody can say
 * which public address an instance had: what can be said is that an address is another than those it used before.
 */
import type { Statement, StatementValue } from '../../shared/behaviour.ts';
import { EventRows } from './event-rows.ts';
import { citedOf, count, listed, oneOf, type Scene, statement, within } from './scene.ts';

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
  for (const instance of new Set(public_.map((place) => place.instance))) {
    const own = public_.filter((place) => place.instance === instance).sort((p, q) => p.first - q.first);
    const used = own.filter((place) => place.events > 0);
    // New in the window, beside one that the instance used before it: in the history, or earlier in a later second.
    for (const place of used) {
      const earlier = own.some((other) => other !== place && (other.before > 0 || rows.time[other.first] < rows.time[place.first]));
      if (place.before === 0 && earlier) elsewhere.push(place);
      else known.push(place);
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
  const places = new Map<string, Place>();
  for (let k = 0; k < to; k++) {
    if (isInstance[names[k]] === 0 || address[k] === 0) continue;
    const name = `${names[k]} ${address[k]} ${kinds[k]}`;
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
  const values = valuesOf(scene, places);
  const machines = new Set(places.map((place) => place.instance)).size;
  return statement({
    kind: 'instanceElsewhere',
    section: 'addresses',
    weight: 'notable',
    parts: [
      'Credentials of ',
      count(machines, 'instance', 'instances'),
      ' were used from ',
      count(values.length, 'public address', 'public addresses'),
      ' that the instance had not used until then: ',
      ...listed(values, values.length),
      alsoInside ? '. Elsewhere it called from inside a VPC. ' : '. ',
      'A new address is also given to an instance that was stopped and started; which addresses were its own these files do not say.',
    ],
    counts: { instances: machines, addresses: values.length, events: places.reduce((sum, place) => sum + place.events, 0) },
    values,
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
  const values = valuesOf(scene, all);
  return statement({
    kind: 'instanceAddresses',
    section: 'addresses',
    weight: 'plain',
    parts: [
      'Instance credentials were used from ',
      ...listed(values, values.length),
      known.length === 0
        ? ': inside a VPC only.'
        : '. For an instance with one public address there is nothing to compare with: whether it is the instance’s own cannot be known from these files.',
    ],
    counts: { addresses: all.length, public: known.length, inside: inside.length },
    values,
    cited: citedOf(
      scene.rows,
      all.map((place) => place.first),
    ),
    opens: opensOf(scene, all),
  });
}
