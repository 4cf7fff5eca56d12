/**
 * Other values that name the same thing. Only a bucket's ARN and its name in S3 events are the same for certain: the name of a bucket
 * is unique within a partition, and `bucketName` of an S3 event is that name (Amazon S3 User Guide, "Bucket naming rules" and "Amazon
 * Resource Names"). What else ends alike may be another thing: it is linked, not counted.
 */
import type { Engine } from '../../../engine/client/index.ts';
import { EMPTY_SELECTION, type Filter } from '../../../shared/plan.ts';

/** Partitions of AWS (General Reference, "Amazon Resource Names"); a bucket of the same name may exist in each. */
const PARTITIONS = ['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b'];
const S3 = ['s3.amazonaws.com', 's3.amazonaws.com.cn'];
const BUCKET_ARN = /^arn:(aws[a-z-]{0,20}):s3:::([^/*?:]{1,255})$/;
/** Buckets of before 2018 may be longer, and have capitals and underscores. */
const BUCKET_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/;
const SHORTEST = 3;
const LOOKED_AT = 40;
const LISTED = 8;

export interface Form {
  value: string;
  /** Events of the case with this value; for the name of a bucket whose page is of the ARN: S3 events only. */
  events: number;
}

/** The same bucket, named in both ways. */
export interface BucketForms {
  arn: Form;
  name: Form;
  /** Events of either, each once. */
  filter: Filter;
}

const named = (...values: string[]): Filter => ({ op: 'in', column: 'resource', values });
const inS3: Filter = { op: 'in', column: 'eventSource', values: S3 };

/** The ARNs and the name that a value may have as a bucket; null for what cannot be one. */
export function bucketOf(value: string): { name: string; arns: string[]; isArn: boolean } | null {
  const arn = BUCKET_ARN.exec(value);
  if (arn)
    return { name: arn[2], arns: [value, ...PARTITIONS.map((p) => `arn:${p}:s3:::${arn[2]}`).filter((a) => a !== value)], isArn: true };
  return BUCKET_NAME.test(value) ? { name: value, arns: PARTITIONS.map((p) => `arn:${p}:s3:::${value}`), isArn: false } : null;
}

async function countOf(engine: Engine, view: string, filters: Filter[]): Promise<number> {
  const { answers } = await engine.query.run({ view, selection: { ...EMPTY_SELECTION, filters }, asks: [{ ask: 'count' }] });
  return answers[0].events;
}

/** Null where the two are not certainly the same: no S3 event names it, or the name is that of buckets in two partitions. */
export async function bucketForms(engine: Engine, value: string): Promise<BucketForms | null> {
  const bucket = bucketOf(value);
  if (!bucket) return null;
  const { name, arns, isArn } = bucket;
  const [inName, ...ofArns] = await Promise.all([
    countOf(engine, 'subject/forms/name', [named(name), inS3]),
    ...arns.map((arn, i) => countOf(engine, `subject/forms/${i}`, [named(arn)])),
  ]);
  const present = arns.flatMap((arn, i) => (ofArns[i] > 0 ? [{ value: arn, events: ofArns[i] }] : []));
  const [arn] = present;
  if (inName === 0 || present.length !== 1 || (isArn && arn.value !== value)) return null;
  const nameAlone: Filter = { op: 'and', filters: [named(name), inS3] };
  return isArn
    ? { arn, name: { value: name, events: inName }, filter: { op: 'or', filters: [named(arn.value), nameAlone] } }
    : { arn, name: { value: name, events: await countOf(engine, 'subject/forms/name', [named(name)]) }, filter: named(name, arn.value) };
}

/** What stands behind the last `/` or `:`; the whole value where there is neither. */
export const lastPart = (value: string): string => value.slice(Math.max(value.lastIndexOf('/'), value.lastIndexOf(':')) + 1);

export interface AlikeForms {
  /** Most events first. */
  values: Form[];
  /** Whether there may be more than were looked at. */
  more: boolean;
}

/** Resources of the case that end alike: the short name, and whatever has it behind its last `/` or `:`. */
export async function alikeForms(engine: Engine, value: string): Promise<AlikeForms> {
  const last = lastPart(value);
  if (last.length < SHORTEST) return { values: [], more: false };
  const find = (text: string) => ({ ask: 'facet', column: 'resource', limit: LOOKED_AT, strict: true, find: text }) as const;
  const [{ answers }, short] = await Promise.all([
    engine.query.run({ view: 'subject/alike', selection: EMPTY_SELECTION, asks: [find(`/${last}`), find(`:${last}`)] }),
    countOf(engine, 'subject/alike/short', [named(last)]),
  ]);
  const found = new Map<string, number>(short > 0 ? [[last, short]] : []);
  for (const { values } of answers)
    for (const { value: other, count } of values) if (other !== null && lastPart(other) === last) found.set(other, count);
  found.delete(value);
  const all = [...found]
    .map(([v, events]): Form => ({ value: v, events }))
    .sort((a, b) => b.events - a.events || (a.value < b.value ? -1 : 1));
  return { values: all.slice(0, LISTED), more: all.length > LISTED || answers.some((a) => a.distinct > a.values.length) };
}
