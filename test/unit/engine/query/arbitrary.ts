/** Random small cases and plans that collide often: few ids, few times, few values. */
import fc from 'fast-check';
import type { EventKey } from '../../../../src/shared/brand.ts';
import type { DictColumnId, ValueColumnId } from '../../../../src/shared/columns.ts';
import type { Filter, Selection } from '../../../../src/shared/plan.ts';
import { DAY_ONE, ms, type Row, shaOf, uuid } from './support.ts';

const oneOf = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const VALUES: Partial<Record<DictColumnId, string[]>> = {
  eventName: ['GetObject', 'PutObject', 'getobject', 'Ä', '\u{1F600}', '\uFFFD'],
  eventSource: ['s3.amazonaws.com', 'iam.amazonaws.com'],
  identity: ['arn:aws:iam::1:user/a', 'arn:aws:iam::1:user/b', 'AWSService:x'],
  identityType: ['IAMUser', 'AWSService'],
  sourceIPAddress: ['1.2.3.4', 'AWS Internal'],
  errorCode: ['AccessDenied', 'Other'],
  outcome: ['success', 'denied', 'error'],
  readOnly: ['true', 'false'],
  invokedBy: ['x.amazonaws.com'],
  awsRegion: ['us-east-1', 'eu-west-1'],
};
const COLUMNS = Object.keys(VALUES) as DictColumnId[];
const FILTERED: ValueColumnId[] = [...COLUMNS, 'resource', 'file', 'starred'];
const IDS = [uuid(1), uuid(2), uuid(0xffffffff), 'EXAMPLE-1', 'Ö-2', uuid(1).toUpperCase()];
const FILES = ['a', 'b', 'c'];

export const rowArb: fc.Arbitrary<Row> = fc.record({
  time: fc.option(
    oneOf(0, 1, 2, 3600, 86_400, -86_400 * 20_600).map((s) => DAY_ONE + s * 1000),
    { freq: 8 },
  ),
  id: fc.option(oneOf(...IDS), { freq: 4 }),
  richness: oneOf(1, 2),
  file: oneOf(...FILES),
  record: fc.constant(0),
  insight: fc.boolean(),
  values: fc.record(Object.fromEntries(COLUMNS.map((c) => [c, oneOf(...(VALUES[c] as string[]))])), { requiredKeys: [] }),
  resources: fc.uniqueArray(oneOf('arn:aws:s3:::x', 'i-1', 'i-2'), { maxLength: 3 }),
});

/** Rows with their record numbers, in segments. */
export const caseArb: fc.Arbitrary<Row[][]> = fc
  .array(fc.array(rowArb, { minLength: 1, maxLength: 12 }), { maxLength: 4 })
  .map((segments) => {
    const next = new Map<string, number>();
    return segments.map((rows) =>
      rows.map((row) => {
        const record = next.get(row.file) ?? 0;
        next.set(row.file, record + 1);
        return { ...row, record };
      }),
    );
  });

const keyArb = fc.oneof(
  oneOf(...IDS).map((id) => `id:${id}`),
  fc.tuple(oneOf(...FILES), fc.nat(6)).map(([file, record]) => `src:${shaOf(file)}:${record}`),
);
export const starsArb = fc.array(keyArb, { maxLength: 4 });
export const columnArb = oneOf(...FILTERED);

const inArb: fc.Arbitrary<Filter> = columnArb.chain((column) =>
  fc.record({
    op: fc.constant('in' as const),
    column: fc.constant(column),
    values: fc.array(oneOf<string | null>(null, 'nowhere', 'true', 'i-1', '/evidence/a.json', ...(VALUES[column as DictColumnId] ?? [])), {
      maxLength: 3,
    }),
    not: fc.boolean(),
  }),
);
const containsArb: fc.Arbitrary<Filter> = fc.record({
  op: fc.constant('contains' as const),
  column: fc.oneof(columnArb, oneOf('any' as const, 'eventID' as const)),
  text: oneOf('', 'object', 'ä', '1', '-0000-', 'example', 'zzz', 'AMAZON', '\u{1F600}'),
  not: fc.boolean(),
});
const idsArb: fc.Arbitrary<Filter> = fc.record({
  op: fc.constant('eventID' as const),
  ids: fc.array(oneOf(...IDS, 'nowhere'), { maxLength: 3 }),
  not: fc.boolean(),
});
const { filter: filterArb } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 2 },
    inArb,
    containsArb,
    idsArb,
    fc.record({
      op: oneOf('and' as const, 'or' as const),
      filters: fc.array(tie('filter'), { maxLength: 2 }),
      not: fc.boolean(),
    }) as fc.Arbitrary<Filter>,
  ),
}));

export const selectionArb: fc.Arbitrary<Selection> = fc.record({
  time: fc.record({
    from: fc.option(
      oneOf(0, 1, 3600).map((s) => ms(DAY_ONE + s * 1000)),
      { freq: 2 },
    ),
    to: fc.option(
      oneOf(1, 2, 86_400, 86_401).map((s) => ms(DAY_ONE + s * 1000)),
      { freq: 2 },
    ),
  }),
  filters: fc.array(fc.oneof({ weight: 2, arbitrary: inArb }, { weight: 1, arbitrary: filterArb }), { maxLength: 3 }),
  hideReadOnly: fc.boolean(),
  hideServiceCalls: fc.boolean(),
});

export const asKeys = (keys: readonly string[]): EventKey[] => keys as unknown as EventKey[];
