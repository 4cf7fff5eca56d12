/** What a JSON document without trail records is, by its keys: said in the ledger in one plain sentence. */
import type { FileKind, FileStatus } from '../../shared/ledger.ts';
import { rewritten } from '../../shared/unwrap.ts';
import { awsDocument } from './aws-logs.ts';
import { isObject, type JsonObject } from './record.ts';

export interface Verdict {
  kind: FileKind;
  status: FileStatus;
  reason: string;
}

/** A document, or the first element of a list, that is no record. */
export function classify(value: JsonObject): Verdict {
  const has = (...keys: string[]): boolean => keys.every((key) => Object.hasOwn(value, key));
  if (has('digestStartTime', 'digestEndTime') || has('digestS3Object', 'digestS3Bucket')) {
    return { kind: 'digest', status: 'withoutEvents', reason: 'CloudTrail digest file: recorded, not an event file.' };
  }
  const sidecar = sidecarName(value);
  if (sidecar !== null) return { kind: 'log-sidecar', status: 'withoutEvents', reason: `${sidecar}: recorded, not an event file.` };
  const otherForm = rewritten(value);
  if (otherForm !== null) return { kind: 'derived', status: 'rejected', reason: otherForm };
  if (hasKey(value.fields, 'eventName', 'message') || has('eventname', 'eventsource')) {
    return {
      kind: 'derived',
      status: 'rejected',
      reason: 'Fields of an event as a query answered them: not the original record, and not read.',
    };
  }
  if (has('QueryResultRows') || isObject(value.ResultSet)) {
    const command = has('QueryResultRows') ? 'cloudtrail get-query-results' : 'athena get-query-results';
    return { kind: 'derived', status: 'rejected', reason: `Output of ${command}: not read. Import the CSV files that the query wrote.` };
  }
  const document = guardDuty(value) ?? awsDocument((key) => Object.hasOwn(value, key));
  if (document !== null) return { kind: 'aws-other', status: 'rejected', reason: `${document}: not CloudTrail evidence.` };
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

/** By the ARN, which each finding has (GuardDuty API reference, "Finding"); keys begin large in the answer of GetFindings, small in an export. */
function guardDuty(value: JsonObject): string | null {
  const isFinding = (of: JsonObject): boolean => GUARDDUTY_ARN.test(String(of.arn ?? of.Arn));
  if (isFinding(value)) return 'A GuardDuty finding';
  const list = value.Findings ?? value.findings;
  return Array.isArray(list) && isObject(list[0]) && isFinding(list[0]) ? 'A list of GuardDuty findings' : null;
}
const GUARDDUTY_ARN = /^arn:aws[a-z-]{0,16}:guardduty:/;

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

/** A document too large to be parsed whole, by its first bytes. */
export function classifyHead(head: string): Verdict {
  const document = awsDocument((key) => head.includes(`"${key}"`));
  if (document !== null) return { kind: 'aws-other', status: 'rejected', reason: `${document}: not CloudTrail evidence.` };
  return {
    kind: 'other-json',
    status: 'rejected',
    reason: 'One JSON document of more than 16 MB that does not begin as a list of records.',
  };
}
