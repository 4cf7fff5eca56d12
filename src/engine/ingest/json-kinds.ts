/** What a JSON document without trail records is, by its keys: said in the ledger in one plain sentence. */
import type { FileKind, FileStatus } from '../../shared/ledger.ts';
import { isObject, type JsonObject } from './record.ts';

export interface Verdict {
  kind: FileKind;
  status: FileStatus;
  reason: string;
}

const notRead = (kind: FileKind, what: string): Verdict => ({ kind, status: 'rejected', reason: `${what}: not read by this version.` });

/** An object that has none of these is no CloudTrail record. */
const RECORD_FIELDS = ['eventName', 'eventSource', 'eventTime', 'userIdentity'] as const;

/** True for events, insights and aggregated records; notifications that only look like them name their source `aws:…`. */
export function looksLikeRecord(value: JsonObject): boolean {
  if (typeof value.eventSource === 'string' && value.eventSource.startsWith('aws:')) return false;
  if (value.eventCategory === 'Aggregated' || value.eventType === 'AwsAggregatedEvent' || 'insightDetails' in value) return true;
  return RECORD_FIELDS.some((field) => Object.hasOwn(value, field));
}

/** A document, or the first element of a list, that is no record. */
export function classify(value: JsonObject): Verdict {
  const has = (...keys: string[]): boolean => keys.every((key) => Object.hasOwn(value, key));
  if (has('digestStartTime', 'digestEndTime') || has('digestS3Object', 'digestS3Bucket')) {
    return { kind: 'digest', status: 'withoutEvents', reason: 'CloudTrail digest file: recorded, not an event file.' };
  }
  if (
    has('CloudTrailEvent') ||
    (Array.isArray(value.Events) && (value.Events.length === 0 || hasKey(value.Events[0], 'EventId', 'CloudTrailEvent')))
  ) {
    return notRead('lookup-events', 'Output of the lookup-events command');
  }
  if (has('messageType', 'logEvents') || has('logGroup', 'logEvents'))
    return notRead('cloudwatch-subscription', 'A CloudWatch Logs subscription message');
  if (has('events') && (has('searchedLogStreams') || (Array.isArray(value.events) && hasKey(value.events[0], 'message')))) {
    return notRead('cloudwatch-filter', 'Output of the CloudWatch Logs filter-log-events command');
  }
  if (has('detail-type', 'detail')) {
    return isObject(value.detail) && looksLikeRecord(value.detail)
      ? notRead('eventbridge', 'An EventBridge message that carries a CloudTrail record')
      : { kind: 'eventbridge', status: 'rejected', reason: 'An EventBridge message without a CloudTrail record.' };
  }
  if (has('Type', 'MessageId', 'TopicArn') || has('Sns') || (has('Message') && has('TopicArn'))) return notRead('sns', 'An SNS message');
  if (has('_index', '_source') || (isObject(value.hits) && Array.isArray(value.hits.hits)))
    return notRead('elasticsearch', 'An Elasticsearch or OpenSearch export');
  const sidecar = sidecarName(value);
  if (sidecar !== null) return { kind: 'log-sidecar', status: 'withoutEvents', reason: `${sidecar}: recorded, not an event file.` };
  if (has('@timestamp', '@message')) return notRead('cloudwatch-export', 'A CloudWatch Logs Insights result');
  if (typeof value.eventSource === 'string' && value.eventSource.startsWith('aws:')) {
    return {
      kind: 'other-json',
      status: 'rejected',
      reason: `A notification of ${value.eventSource.slice(4, 40)}, not a CloudTrail record.`,
    };
  }
  if (has('Records'))
    return { kind: 'other-json', status: 'rejected', reason: 'JSON whose “Records” is not a list of CloudTrail records.' };
  return {
    kind: 'other-json',
    status: 'rejected',
    reason: 'JSON, but no CloudTrail record: none of eventName, eventSource, eventTime and userIdentity is in it.',
  };
}

function sidecarName(value: JsonObject): string | null {
  if (isList(value.PublicKeyList) || isList(value.publicKeyList)) return 'Public keys for digest validation';
  if (Object.hasOwn(value, 'hashSignature') && Array.isArray(value.files)) return 'Signature of a CloudTrail Lake query result';
  if (hasSignature(value)) return 'Object metadata of a digest file';
  const values = Object.values(value);
  if (values.length > 0 && values.length <= 100_000 && values.every((inner) => isObject(inner) && hasSignature(inner)))
    return 'Object metadata of digest files';
  return null;
}

function hasSignature(value: JsonObject): boolean {
  const metadata = value.Metadata ?? value.metadata;
  const holder = isObject(metadata) ? metadata : value;
  return Object.keys(holder).some((key) => /^(x-amz-meta-)?signature(-algorithm)?$/i.test(key));
}

const isList = (value: unknown): boolean => Array.isArray(value);
const hasKey = (value: unknown, ...keys: string[]): boolean => isObject(value) && keys.some((key) => Object.hasOwn(value, key));

const HEADS: readonly (readonly [RegExp, FileKind, string])[] = [
  [/^\s*\{\s*"(?:Events|NextToken)"\s*:/, 'lookup-events', 'Output of the lookup-events command'],
  [/^\s*\{\s*"(?:events|searchedLogStreams)"\s*:/, 'cloudwatch-filter', 'Output of the CloudWatch Logs filter-log-events command'],
  [/^\s*\{[^{]*"logEvents"\s*:/, 'cloudwatch-subscription', 'A CloudWatch Logs subscription message'],
  [/^\s*\{\s*"(?:took|hits|_index)"\s*:/, 'elasticsearch', 'An Elasticsearch or OpenSearch export'],
];

/** A document too large to be parsed whole, by its first bytes. */
export function classifyHead(head: string): Verdict {
  for (const [pattern, kind, what] of HEADS) if (pattern.test(head)) return notRead(kind, what);
  return {
    kind: 'other-json',
    status: 'rejected',
    reason: 'One JSON document of more than 16 MB that does not begin as a list of records.',
  };
}
