/** What left, or can have left: objects read from S3, snapshots, images and policies opened to others, secrets and parameters read. */
import table from '../../../assets/data-access.json' with { type: 'json' };
import type { BucketReads, SentencePart, Statement, StatementValue } from '../../shared/behaviour.ts';
import { HIDDEN } from '../columns/segment-columns.ts';
import type { OpenCase } from '../query/open-case.ts';
import { callTest, type ServiceCalls } from './call-names.ts';
import { EventRows } from './event-rows.ts';
import { grantOf } from './grants.ts';
import { citedOf, count, exactly, listed, OPENED, oneOf, type Scene, statement, VALUES_LISTED, value, within } from './scene.ts';

const S3 = 's3.amazonaws.com';
const BUCKETS_LISTED = 100;

export interface DataOut {
  buckets: BucketReads[];
  total: number;
  statements: Statement[];
}

export function dataOut(scene: Scene): DataOut {
  const buckets = bucketsOf(scene);
  const statements = [
    ...objectsRead(scene, buckets),
    ...calls(
      scene,
      table.shared,
      'sharedOut',
      [' that can open data to others succeeded: '],
      ' With whom it was shared is beside the call where it is an account or an organisation; else it stands in the event.',
    ),
    ...calls(scene, table.secrets, 'secretsRead', [' for secrets, passwords or parameters succeeded: '], ''),
  ];
  return { buckets: buckets.slice(0, BUCKETS_LISTED).map((reads) => listedBucket(scene.rows, reads)), total: buckets.length, statements };
}

interface Reads extends Omit<BucketReads, 'firstKey'> {
  firstAt: number;
  seen: Set<number>;
  /** Successful reads whose records name no object. */
  withoutObject: number;
}

function listedBucket(rows: EventRows, { firstAt, seen, withoutObject: _, ...reads }: Reads): BucketReads {
  return { ...reads, objects: seen.size, firstKey: rows.key(firstAt) };
}

function bucketsOf({ rows, from, to, success, denied }: Scene): Reads[] {
  const names = rows.codes('eventName', from, to);
  const sources = rows.codes('eventSource', from, to);
  const s3 = rows.code('eventSource', S3);
  const reading = EventRows.marks(rows.dictionary('eventName'), names.subarray(from, to), (text) => table.objectReads.includes(text));
  if (s3 === 0 || !reading.includes(1)) return [];
  const outcome = rows.codes('outcome', from, to);
  const bytes = rows.codes('bytesOut', from, to);
  const { start, codes } = rows.resources();
  const split = new ObjectNames(rows);
  const byBucket = new Map<string | null, Reads>();
  for (let k = from; k < to; k++) {
    const succeeded = success !== 0 && outcome[k] === success;
    if (sources[k] !== s3 || reading[names[k]] === 0 || !(succeeded || (denied !== 0 && outcome[k] === denied))) continue;
    const { bucket, object } = split.of(codes, start[k], start[k + 1]);
    let reads = byBucket.get(bucket);
    if (!reads) {
      const none = { reads: 0, objects: 0, denied: 0, bytesOut: 0, readsWithBytes: 0 };
      reads = { bucket, ...none, first: rows.timeOf(k), last: null, firstAt: k, seen: new Set(), withoutObject: 0 };
      byBucket.set(bucket, reads);
    }
    reads.last = rows.timeOf(k);
    if (!succeeded) {
      reads.denied++;
      continue;
    }
    reads.reads++;
    if (object === 0) reads.withoutObject++;
    else reads.seen.add(object);
    const size = split.size(bytes[k]);
    if (size !== null) {
      reads.bytesOut += size;
      reads.readsWithBytes++;
    }
  }
  return [...byBucket.values()].sort((a, b) => b.bytesOut - a.bytesOut || b.reads - a.reads || compare(a.bucket ?? '', b.bucket ?? ''));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Buckets and objects by the codes of resources, and sizes by the codes of bytesOut: each text is looked at once. */
class ObjectNames {
  private readonly buckets = new Map<number, string | null>();
  private readonly objects = new Map<number, boolean>();
  private readonly sizes = new Map<number, number | null>();

  constructor(private readonly rows: EventRows) {}

  /** The bucket by the first ARN that names one, else by the first plain name; the object's code, 0 when none is named. */
  of(codes: Uint32Array, from: number, to: number): { bucket: string | null; object: number } {
    let bucket: string | null = null;
    let object = 0;
    for (let c = from; c < to; c++) {
      bucket ??= this.bucketOf(codes[c]);
      if (object === 0 && this.isObject(codes[c])) object = codes[c];
    }
    return { bucket, object };
  }

  size(code: number): number | null {
    let size = this.sizes.get(code);
    if (size === undefined) {
      const text = this.rows.dictionary('bytesOut').get(code) ?? '';
      size = /^\d{1,15}(?:\.0)?$/.test(text) ? Number(text) : null;
      this.sizes.set(code, size);
    }
    return size;
  }

  private bucketOf(code: number): string | null {
    let bucket = this.buckets.get(code);
    if (bucket === undefined) {
      const text = this.rows.dictionary('resource').get(code) ?? '';
      const arn = /^arn:[^:]{1,32}:s3:::([^/]{1,255})/.exec(text);
      bucket = arn ? arn[1] : /^[A-Za-z0-9._-]{1,255}$/.test(text) ? text : null;
      this.buckets.set(code, bucket);
    }
    return bucket;
  }

  private isObject(code: number): boolean {
    let is = this.objects.get(code);
    if (is === undefined) {
      is = /^arn:[^:]{1,32}:s3:::[^/]{1,255}\/./.test(this.rows.dictionary('resource').get(code) ?? '');
      this.objects.set(code, is);
    }
    return is;
  }
}

function objectsRead(scene: Scene, buckets: readonly Reads[]): Statement[] {
  const made: Statement[] = [];
  if (scene.from === scene.to) return made;
  const reads = buckets.reduce((sum, b) => sum + b.reads, 0);
  const denied = buckets.reduce((sum, b) => sum + b.denied, 0);
  if (reads + denied > 0) {
    const bytes = buckets.reduce((sum, b) => sum + b.bytesOut, 0);
    const withBytes = buckets.reduce((sum, b) => sum + b.readsWithBytes, 0);
    const objects = buckets.reduce((sum, b) => sum + b.seen.size, 0);
    made.push(
      statement({
        kind: 'objectsRead',
        section: 'data',
        weight: reads > 0 ? 'notable' : 'plain',
        parts: [
          count(reads, 'read', 'reads'),
          ...readWhat(buckets, objects),
          ', ',
          { part: 'bytes', bytes },
          withBytes < reads ? ` as far as the size is recorded (${withBytes} of ${reads} reads)` : '',
          denied > 0 ? '; ' : '.',
          ...(denied > 0 ? [count(denied, 'read was', 'reads were'), ' denied.'] : []),
          ...unnamed(buckets, reads),
        ],
        counts: { reads, objects, buckets: buckets.length, bytes, readsWithBytes: withBytes, denied },
        total: buckets.length,
        values: buckets.slice(0, VALUES_LISTED).map((b): StatementValue => {
          const name = b.bucket ?? '(no bucket named)';
          return {
            value: name,
            column: b.bucket === null ? null : 'resource',
            events: b.reads + b.denied,
            first: b.first,
            firstKey: scene.rows.key(b.firstAt),
          };
        }),
        cited: citedOf(
          scene.rows,
          buckets.map((b) => b.firstAt),
        ),
        opens: within(scene, oneOf('eventSource', [S3]), oneOf('eventName', table.objectReads)),
      }),
    );
  }
  made.push(...unrecorded(scene));
  return made;
}

/** Accounts of the window in which nobody's S3 data events are in these files: there reading leaves no record. */
function unrecorded(scene: Scene): Statement[] {
  const { rows, from, to } = scene;
  const recorded = dataEventAccounts(scene.open);
  const codes = rows.codes('account', from, to);
  const events = new Map<number, { events: number; first: number }>();
  for (let k = from; k < to; k++) {
    const known = events.get(codes[k]);
    if (known) known.events++;
    else events.set(codes[k], { events: 1, first: k });
  }
  const without = [...events].filter(([account]) => recorded[account] === 0);
  if (without.length === 0) return [];
  const dictionary = rows.dictionary('account');
  const values = without
    .sort(([a, x], [b, y]) => y.events - x.events || dictionary.compare(a, b))
    .filter(([account]) => account !== 0)
    .map(([account, { events: n, first }]): StatementValue => {
      const at = { first: rows.timeOf(first), firstKey: rows.key(first) };
      return { value: dictionary.get(account) ?? '', column: 'account', events: n, ...at };
    });
  const everywhere = !recorded.includes(1);
  return [
    statement({
      kind: 'noDataEvents',
      section: 'data',
      weight: 'limit',
      parts: [
        ...(everywhere || values.length === 0
          ? ['These files hold no S3 data events of anybody']
          : ['Of ', ...listed(values, values.length), ' these files hold no S3 data events of anybody']),
        ': reading objects was probably not recorded, and no ',
        value('GetObject', 'eventName'),
        ` ${everywhere || values.length === 0 ? 'here' : 'there'} does not mean that nothing was read.`,
      ],
      ...(everywhere ? {} : { values, counts: { accounts: values.length } }),
      opens: null,
    }),
  ];
}

/** Looked up once for each state of the evidence: it is the same for every subject. */
const recordedIn = new WeakMap<OpenCase, { generation: number; accounts: Uint8Array<ArrayBuffer> }>();

/** By the code of the account, 1 where any event of it is an S3 data event, by its category or its name. */
function dataEventAccounts(open: OpenCase): Uint8Array<ArrayBuffer> {
  const known = recordedIn.get(open);
  if (known?.generation === open.rowsGeneration) return known.accounts;
  const accounts = readDataEventAccounts(open);
  recordedIn.set(open, { generation: open.rowsGeneration, accounts });
  return accounts;
}

function readDataEventAccounts(open: OpenCase): Uint8Array<ArrayBuffer> {
  const accounts = new Uint8Array(open.dictionary('account').count + 1);
  const s3 = open.dictionary('eventSource').find(S3);
  if (s3 === 0) return accounts;
  const data = open.dictionary('eventCategory').find('Data');
  const names = new Uint8Array(open.dictionary('eventName').count + 1);
  for (const name of ['GetObject', 'PutObject', 'HeadObject', 'DeleteObject', 'ListObjects', 'ListObjectsV2', 'CopyObject']) {
    const code = open.dictionary('eventName').find(name);
    if (code !== 0) names[code] = 1;
  }
  for (const { rows, dict, state } of open.columns.segments) {
    const { eventSource, eventName, eventCategory, account } = dict;
    for (let i = 0; i < rows; i++) {
      if (eventSource[i] !== s3 || state[i] & HIDDEN) continue;
      if (names[eventName[i]] === 1 || (data !== 0 && eventCategory[i] === data)) accounts[account[i]] = 1;
    }
  }
  return accounts;
}

/** What was read, as far as the records name it: nothing is counted that no record names. */
function readWhat(buckets: readonly Reads[], objects: number): SentencePart[] {
  const named = buckets.filter((b) => b.bucket !== null).length;
  return [
    ...(objects > 0 ? [' of ', count(objects, 'object', 'objects')] : [' of objects']),
    ...(named > 0 ? [' in ', count(named, 'bucket', 'buckets')] : []),
  ];
}

/** Reads whose records name no bucket, and those that name a bucket and no object. */
function unnamed(buckets: readonly Reads[], reads: number): SentencePart[] {
  const nowhere = buckets.find((b) => b.bucket === null);
  const noBucket = nowhere?.reads ?? 0;
  const noObject = buckets.reduce((sum, b) => sum + (b === nowhere ? 0 : b.withoutObject), 0);
  const of = (n: number): string =>
    n === reads
      ? n === 1
        ? 'Its record names'
        : 'Their records name'
      : n === 1
        ? 'The record of 1 of them names'
        : `The records of ${n} of them name`;
  return [...(noBucket > 0 ? [` ${of(noBucket)} no bucket.`] : []), ...(noObject > 0 ? [` ${of(noObject)} no object.`] : [])];
}

function noteOf(things: ReadonlySet<string>, who: ReadonlySet<string>): string {
  const named = [...things].filter((thing) => !who.has(thing) && grantOf(thing) === null).slice(0, 3);
  return [...named, ...(who.size > 0 ? [`shared with ${[...who].slice(0, 5).join(', ')}`] : [])].join(', ');
}

/** Successful calls of a table, by the resources they name. */
function calls(scene: Scene, of: readonly ServiceCalls[], kind: 'sharedOut' | 'secretsRead', words: string[], after: string): Statement[] {
  const { rows, from, to, success } = scene;
  const is = callTest(rows, of);
  const outcome = rows.codes('outcome', from, to);
  const names = rows.codes('eventName', from, to);
  const byName = new Map<number, { events: number; first: number; things: Set<string>; with: Set<string> }>();
  const shown: number[] = [];
  let events = 0;
  for (let k = from; k < to; k++) {
    if (success === 0 || outcome[k] !== success || !is(k)) continue;
    const named = rows.resourcesOf(k);
    const grants = named.map(grantOf).filter((grant) => grant !== null);
    // A call that only stops to share opens nothing.
    if (kind === 'sharedOut' && grants.length > 0 && grants.every((grant) => grant.removed)) continue;
    events++;
    if (shown.length < OPENED) shown.push(k);
    const known = byName.get(names[k]) ?? { events: 0, first: k, things: new Set<string>(), with: new Set<string>() };
    known.events++;
    if (known.things.size < 20) for (const thing of named.slice(0, 4)) known.things.add(thing);
    if (kind === 'sharedOut' && known.with.size < 20) for (const { who, removed } of grants) if (!removed) known.with.add(who);
    byName.set(names[k], known);
  }
  if (events === 0) return [];
  const dictionary = rows.dictionary('eventName');
  const values = [...byName]
    .sort(([a, x], [b, y]) => y.events - x.events || dictionary.compare(a, b))
    .map(
      ([code, { events: n, first, things, with: who }]): StatementValue => ({
        value: dictionary.get(code) ?? '',
        column: 'eventName',
        events: n,
        first: rows.timeOf(first),
        firstKey: rows.key(first),
        ...(things.size > 0 ? { note: noteOf(things, who) } : {}),
      }),
    );
  return [
    statement({
      kind,
      section: 'data',
      weight: 'notable',
      parts: [count(events, 'call', 'calls'), ...words, ...listed(values, values.length), `.${after}`],
      counts: { events, names: values.length },
      values,
      cited: citedOf(rows, shown),
      opens:
        events <= OPENED
          ? exactly(shown.map((k) => rows.key(k)))
          : within(
              scene,
              oneOf(
                'eventName',
                values.map((v) => v.value),
              ),
              oneOf('outcome', ['success']),
            ),
    }),
  ];
}
