/**
 * Query latencies on a synthetic case of 1,000,000 events with the cardinalities of real trails: opening (attach with remaps,
 * grouping, order), filter + histogram + all facets, a page of rows, bytes an event. Columns are made directly: no parsing, no store.
 *
 * Run: npx vite build --ssr test/bench/query.ts --outDir <dir> --logLevel warn && node --expose-gc <dir>/query.js [events] [seed]
 * Prints one line of JSON on stdout; `runQueryBench` is for other scripts.
 */
import { performance } from 'node:perf_hooks';
import { QueryCore } from '../../src/engine/query/query-core.ts';
import type { CommitId, EpochMs, Sha256 } from '../../src/shared/brand.ts';
import { DICT_COLUMN_IDS, type DictColumnId, FACET_COLUMNS } from '../../src/shared/columns.ts';
import type { QueryStatus, QueryToStore, StoreToQuery } from '../../src/shared/engine.ts';
import { type Ask, EMPTY_SELECTION, type Filter, type Selection } from '../../src/shared/plan.ts';
import { BufferLayout, ROW_ID_UUID, SEGMENT_VERSION, type SegmentLayout } from '../../src/shared/segment.ts';

export const SEGMENT_ROWS = 65_536;
export const START = Date.UTC(2026, 1, 1);
export const SPAN_MS = 30 * 86_400_000;

/** Distinct values of each column in a million events; `skew` 1 = uniform, higher = few values take most. */
const SHAPE: Record<DictColumnId, { distinct: number; skew: number; absent: number; value: (n: number) => string }> = {
  eventName: { distinct: 900, skew: 3, absent: 0, value: (n) => `DescribeSomething${n}` },
  eventSource: { distinct: 120, skew: 3, absent: 0, value: (n) => `service${n}.amazonaws.com` },
  principal: { distinct: 4000, skew: 2, absent: 0, value: (n) => `arn:aws:iam::${account(n)}:role/application-role-${n}` },
  userName: { distinct: 60_000, skew: 1.3, absent: 0.05, value: (n) => `i-0${(n * 7919).toString(16).padStart(16, '0')}` },
  identityType: {
    distinct: 7,
    skew: 2,
    absent: 0,
    value: (n) => ['AssumedRole', 'AWSService', 'IAMUser', 'Root', 'AWSAccount', 'SAMLUser', 'Unknown'][n],
  },
  identity: {
    distinct: 200_000,
    skew: 1.3,
    absent: 0.05,
    value: (n) => `arn:aws:sts::${account(n)}:assumed-role/application-role-${n % 4000}/session-${n}`,
  },
  accessKeyId: { distinct: 50_000, skew: 1.3, absent: 0.1, value: (n) => `ASIA${n.toString(36).toUpperCase().padStart(16, 'X')}` },
  sourceIPAddress: { distinct: 10_000, skew: 2, absent: 0, value: (n) => `10.${n % 256}.${(n >> 8) % 256}.${(n * 31) % 256}` },
  userAgent: {
    distinct: 1500,
    skew: 2.5,
    absent: 0.01,
    value: (n) => `aws-sdk-java/2.${n}.0 Linux/5.10.${n} OpenJDK_64-Bit_Server_VM/17.0.${n % 12}`,
  },
  awsRegion: { distinct: 17, skew: 3, absent: 0, value: (n) => `eu-west-${n}` },
  account: { distinct: 60, skew: 2, absent: 0, value: (n) => account(n) },
  callerAccount: { distinct: 70, skew: 2, absent: 0.05, value: (n) => account(n) },
  errorCode: { distinct: 60, skew: 3, absent: 0.93, value: (n) => `Error${n}Exception` },
  outcome: { distinct: 3, skew: 4, absent: 0, value: (n) => ['success', 'denied', 'error'][n] },
  readOnly: { distinct: 2, skew: 1.8, absent: 0.02, value: (n) => ['true', 'false'][n] },
  eventCategory: { distinct: 3, skew: 3, absent: 0, value: (n) => ['Management', 'Data', 'NetworkActivity'][n] },
  eventType: {
    distinct: 4,
    skew: 4,
    absent: 0,
    value: (n) => ['AwsApiCall', 'AwsServiceEvent', 'AwsConsoleSignIn', 'AwsConsoleAction'][n],
  },
  invokedBy: { distinct: 30, skew: 2, absent: 0.8, value: (n) => `service${n}.amazonaws.com` },
  vpcEndpointId: { distinct: 40, skew: 2, absent: 0.9, value: (n) => `vpce-0${n.toString(16).padStart(16, '0')}` },
  principalId: { distinct: 60_000, skew: 1.3, absent: 0.05, value: (n) => `AROA${n.toString(36).toUpperCase().padStart(17, 'X')}:s` },
  sessionIssuer: { distinct: 4000, skew: 2, absent: 0.2, value: (n) => `arn:aws:iam::${account(n)}:role/application-role-${n}` },
  sessionStart: { distinct: 50_000, skew: 1.3, absent: 0.2, value: (n) => new Date(START + n * 50_000).toISOString() },
  mfa: { distinct: 2, skew: 3, absent: 0.2, value: (n) => ['false', 'true'][n] },
  sourceIdentity: { distinct: 200, skew: 2, absent: 0.95, value: (n) => `person-${n}` },
  onBehalfOf: { distinct: 200, skew: 2, absent: 0.97, value: (n) => `9067642ac7-${n}` },
  federation: { distinct: 5, skew: 2, absent: 0.97, value: (n) => `arn:aws:iam::${account(n)}:saml-provider/idp-${n}` },
  issuedFor: { distinct: 500, skew: 2, absent: 0.9, value: (n) => `arn:aws:lambda:eu-west-1:${account(n)}:function:f-${n}` },
  roleDelivery: { distinct: 2, skew: 3, absent: 0.7, value: (n) => ['2.0', '1.0'][n] },
  fromConsole: { distinct: 1, skew: 1, absent: 0.97, value: () => 'true' },
  sharedEventID: { distinct: 50_000, skew: 1, absent: 0.93, value: (n) => `shared-${n}` },
  issuedKey: { distinct: 50_000, skew: 1, absent: 0.95, value: (n) => `ASIA${n.toString(36).toUpperCase().padStart(16, 'X')}` },
  issuedTo: {
    distinct: 20_000,
    skew: 1.3,
    absent: 0.95,
    value: (n) => `arn:aws:sts::${account(n)}:assumed-role/application-role-${n % 4000}/session-${n}`,
  },
  issuedExpires: { distinct: 40_000, skew: 1, absent: 0.95, value: (n) => new Date(START + n * 60_000).toUTCString() },
  switchedFrom: { distinct: 300, skew: 2, absent: 0.995, value: (n) => `arn:aws:iam::${account(n)}:user/person-${n}` },
  bytesIn: { distinct: 3000, skew: 2, absent: 0.8, value: (n) => String(n * 17) },
  bytesOut: { distinct: 20_000, skew: 2, absent: 0.8, value: (n) => String(n * 1013) },
};
const RESOURCES = { distinct: 200_000, skew: 1.3, value: (n: number) => `arn:aws:s3:::bucket-of-application-${n % 500}/objects/key-${n}` };

const account = (n: number): string => String(100_000_000_000 + (n % 60) * 1_234_567);

/** A small seeded generator: the same seed gives the same case. */
export function randomOf(seed: number): () => number {
  let s = seed >>> 0 || 1;
  return () => {
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    return (s >>> 0) / 0x100000000;
  };
}

export interface MadeSegment {
  layout: SegmentLayout;
  buffer: ArrayBuffer;
}

/** What a bench says of its rows instead of drawing it. Rows are counted over all segments; null is absent. */
export interface Told {
  values: Partial<Record<DictColumnId, (row: number) => string | null>>;
  time: (row: number) => number;
}

export function makeSegment(random: () => number, index: number, rows: number, segments: number, told?: Told): MadeSegment {
  const layout = new BufferLayout();
  const pick = (distinct: number, skew: number): number => Math.floor(random() ** skew * distinct);
  const dictionaries = {} as SegmentLayout['dictionaries'];
  const dict = {} as SegmentLayout['dict'];
  const local = (value: (n: number) => string) => {
    const codes = new Map<number, number>();
    const strings: string[] = [];
    const code = (n: number): number => {
      const known = codes.get(n) ?? strings.push(value(n));
      codes.set(n, known);
      return known;
    };
    return { strings, code };
  };
  for (const column of DICT_COLUMN_IDS) {
    const { distinct, skew, absent, value } = SHAPE[column];
    const toldValue = told?.values[column];
    if (toldValue) {
      const values = Array.from({ length: rows }, (_, i) => toldValue(index * SEGMENT_ROWS + i));
      const strings = [...new Set(values.filter((v) => v !== null))];
      const codeOf = new Map(strings.map((v, i) => [v, i + 1]));
      dictionaries[column] = layout.addDictionary(strings);
      dict[column] = layout.addCodes(
        values.map((v) => (v === null ? 0 : (codeOf.get(v) ?? 0))),
        strings.length,
      );
      continue;
    }
    const own = local(value);
    const codes = Array.from({ length: rows }, () => (random() < absent ? 0 : own.code(pick(distinct, skew))));
    dictionaries[column] = layout.addDictionary(own.strings);
    dict[column] = layout.addCodes(codes, own.strings.length);
  }
  const resources = local(RESOURCES.value);
  const start = new Uint32Array(rows + 1);
  const codes: number[] = [];
  for (let i = 0; i < rows; i++) {
    const several = random() < 0.3 ? 0 : random() < 0.8 ? 1 : 2;
    const mine = new Set(Array.from({ length: several }, () => resources.code(pick(RESOURCES.distinct, RESOURCES.skew))));
    codes.push(...mine);
    start[i + 1] = codes.length;
  }
  dictionaries.resource = layout.addDictionary(resources.strings);
  // Archives are files of some minutes each: segments follow each other in time, and overlap.
  const from = START + (SPAN_MS * index) / segments;
  const time = Float64Array.from({ length: rows }, (_, i) =>
    told ? told.time(index * SEGMENT_ROWS + i) : Math.floor((from + (random() * SPAN_MS * 1.2) / segments) / 1000) * 1000,
  );
  const u32 = (value: (i: number) => number) =>
    layout.add(
      'u32',
      Uint32Array.from({ length: rows }, (_, i) => value(i)),
    );
  const segment: SegmentLayout = {
    version: SEGMENT_VERSION,
    rows,
    byteLength: 0,
    time: layout.add('f64', time),
    idWords: layout.add(
      'u32',
      Uint32Array.from({ length: rows * 4 }, () => random() * 0x100000000),
    ),
    flags: layout.add('u8', new Uint8Array(rows).fill(ROW_ID_UUID)),
    textHash: layout.add('u32', new Uint32Array(rows * 2)),
    block: u32((i) => Math.floor(i / 500)),
    textOffset: u32((i) => (i % 500) * 1300),
    textLength: u32(() => 1200 + random() * 200),
    recordNumber: u32((i) => i % 500),
    richness: layout.add('u8', new Uint8Array(rows).fill(20)),
    dict,
    multi: { resource: { start: layout.add('u32', start), codes: layout.addCodes(codes, resources.strings.length) } },
    dictionaries,
    idTexts: layout.addDictionary([]),
  };
  const buffer = layout.finish();
  segment.byteLength = buffer.byteLength;
  return { layout: segment, buffer };
}

/** A query core with a store's end of its port. */
export class Link {
  readonly core = new QueryCore();
  private readonly channel = new MessageChannel();
  private readonly waiting: ((answer: QueryToStore) => void)[] = [];

  constructor() {
    void this.core.start({ storePort: this.channel.port2 });
    this.channel.port1.onmessage = (event: MessageEvent<QueryToStore>) => this.waiting.shift()?.(event.data);
  }
  send(message: StoreToQuery, transfer: Transferable[] = []): void {
    this.channel.port1.postMessage(message, transfer);
  }
  ask(message: StoreToQuery): Promise<QueryToStore> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.send(message);
    });
  }
  close(): void {
    this.channel.port1.close();
  }
}

export interface QueryBench {
  events: number;
  /** Attach of all segments without remaps, as during an import, until order and events are there. */
  mergeMs: number;
  consolidateMs: number;
  /** Dictionaries, then all segments with remaps, until order and events are there. */
  openMs: number;
  /** Filter + histogram + count + all facets. */
  selectionP50Ms: number;
  selectionP95Ms: number;
  selectionMaxMs: number;
  pageP50Ms: number;
  pageP95Ms: number;
  principalsP95Ms: number;
  containsP95Ms: number;
  bytesPerEvent: number;
  bytes: QueryStatus['bytes'];
}

export async function runQueryBench(events = 1_000_000, seed = 7): Promise<QueryBench> {
  const random = randomOf(seed);
  const segments = Math.ceil(events / SEGMENT_ROWS);
  const made = Array.from({ length: segments }, (_, i) =>
    makeSegment(random, i, Math.min(SEGMENT_ROWS, events - i * SEGMENT_ROWS), segments),
  );

  const importing = new Link();
  const mergeMs = await timed(async () => {
    for (const [i, segment] of made.entries()) attach(importing, segment, i, null);
    await importing.ask({ type: 'settled', request: 1 });
  });
  let consolidated: QueryToStore | null = null;
  const consolidateMs = await timed(async () => {
    consolidated = await importing.ask({ type: 'consolidate', request: 2 });
  });
  importing.close();

  const opened = new Link();
  const openMs = await timed(async () => {
    const stored = consolidated as QueryToStore | null;
    if (stored?.type !== 'consolidated') throw new Error('not consolidated');
    opened.send({ type: 'dictionaries', chunks: stored.chunks });
    for (const [i, segment] of made.entries()) attach(opened, segment, i, stored.remaps[i]);
    await opened.ask({ type: 'settled', request: 3 });
  });
  const { bytes } = await opened.core.status();

  const selections = Array.from({ length: 120 }, () => randomSelection(random));
  const overview: Ask[] = [
    { ask: 'count' },
    { ask: 'histogram', bins: 1000, stackBy: 'readOnly', stackTop: 6 },
    ...FACET_COLUMNS.map((column): Ask => ({ ask: 'facet', column, limit: 20 })),
  ];
  const selection = await latencies(selections, (s) => opened.core.run({ view: 'overview', selection: s, asks: overview }));
  // The first page of each new selection, then pages all over it, as a person scrolls.
  const pages: number[] = [];
  for (const s of selections.slice(0, 40)) {
    const page = (offset: number) =>
      opened.core.run({
        view: 'events',
        selection: { ...s, filters: [...s.filters, { op: 'in', column: 'vpcEndpointId', values: ['vpce-00000000000000000'], not: true }] },
        asks: [
          {
            ask: 'page',
            offset,
            limit: 200,
            descending: true,
            columns: [
              'eventName',
              'userName',
              'eventSource',
              'resource',
              'principal',
              'sourceIPAddress',
              'awsRegion',
              'errorCode',
              'account',
            ],
          },
        ],
      });
    for (let i = 0; i < 6; i++) pages.push(await timed(() => page(Math.floor(random() * 20_000))));
  }
  const principals = await latencies(selections.slice(0, 30), (s) =>
    opened.core.run({
      view: 'principals',
      selection: s,
      asks: [
        {
          ask: 'group',
          by: 'principal',
          sort: 'count',
          descending: true,
          offset: 0,
          limit: 200,
          distinct: ['sourceIPAddress', 'awsRegion', 'eventSource'],
        },
      ],
    }),
  );
  const contains = await latencies(
    Array.from({ length: 20 }, (_, i) => `role-${i}7`),
    (text) =>
      opened.core.run({
        view: 'find',
        selection: { ...EMPTY_SELECTION, filters: [{ op: 'contains', column: 'any', text }] },
        asks: [{ ask: 'count' }],
      }),
  );
  opened.close();
  return {
    events,
    mergeMs,
    consolidateMs,
    openMs,
    selectionP50Ms: quantile(selection, 0.5),
    selectionP95Ms: quantile(selection, 0.95),
    selectionMaxMs: quantile(selection, 1),
    pageP50Ms: quantile(pages, 0.5),
    pageP95Ms: quantile(pages, 0.95),
    principalsP95Ms: quantile(principals, 0.95),
    containsP95Ms: quantile(contains, 0.95),
    bytesPerEvent: (bytes.columns + bytes.dictionaries + bytes.order + bytes.ids) / events,
    bytes,
  };
}

export function attach(
  link: Link,
  { layout, buffer }: MadeSegment,
  i: number,
  remap: Extract<StoreToQuery, { type: 'attach' }>['remap'],
): void {
  const id = `commit-${i}` as CommitId;
  const blocks = Array.from({ length: Math.ceil(layout.rows / 500) }, (_, file) => ({
    file,
    packing: 'gzip' as const,
    offset: 0,
    length: 0,
    unpackedOffset: 0,
    unpackedLength: 0,
  }));
  const copy = buffer.slice(0);
  link.send({ type: 'attach', commit: { id, header: { segment: layout, blocks, stage: null } }, segment: copy, remap }, [copy]);
  const files = blocks.map(({ file }) => ({
    index: file,
    path: `/evidence/${i}/${file}.json.gz`,
    sha256: `${i}-${file}`.padEnd(64, '0') as Sha256,
  }));
  link.send({ type: 'files', commitId: id, files });
}

/** What a person does at a timeline: brushes, includes, excludes, switches. */
function randomSelection(random: () => number): Selection {
  const filters: Filter[] = [];
  const one = (column: DictColumnId, not: boolean): Filter => {
    const { distinct, skew, value } = SHAPE[column];
    return {
      op: 'in',
      column,
      values: Array.from({ length: 1 + Math.floor(random() * 3) }, () => value(Math.floor(random() ** skew * distinct))),
      not,
    };
  };
  const columns: DictColumnId[] = [
    'eventName',
    'eventSource',
    'principal',
    'sourceIPAddress',
    'awsRegion',
    'readOnly',
    'account',
    'identityType',
    'outcome',
  ];
  for (const column of columns) if (random() < 0.15) filters.push(one(column, random() < 0.5));
  const from = START + random() * SPAN_MS;
  const brushed = random() < 0.4;
  return {
    time: brushed ? { from: from as EpochMs, to: (from + random() * SPAN_MS) as EpochMs } : { from: null, to: null },
    filters,
    hideReadOnly: random() < 0.2,
    hideServiceCalls: random() < 0.2,
  };
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function latencies<T>(inputs: T[], work: (input: T) => Promise<unknown>): Promise<number[]> {
  for (const input of inputs.slice(0, 5)) await work(input);
  const taken: number[] = [];
  for (const input of inputs) taken.push(await timed(() => work(input)));
  return taken;
}

export function quantile(values: number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] * 10) / 10;
}

if (process.argv[1]?.endsWith('query.js')) {
  const result = await runQueryBench(Number(process.argv[2] ?? 1_000_000), Number(process.argv[3] ?? 7));
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
