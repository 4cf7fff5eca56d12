/**
 * The CloudTrail record inside what a file holds in the place of one: an entry of lookup-events output, a log message, an
 * EventBridge event, an SNS or SQS message, a search hit, a line of CSV or of a log export, or several of these inside one another.
 * Import and reading back use the same steps, so that what is shown is what was counted. Pure; never throws for any text.
 * Shapes: AWS documentation of the commands and services named in `record-shapes.ts`.
 */
import { type CsvHeader, csvHeader, csvRecord } from './csv-record.ts';
import { isObject, type JsonObject, memberText, parseObject } from './json-text.ts';
import type { FileKind } from './ledger.ts';
import { type RecordShape, shapeFacts } from './record-shapes.ts';

export interface Unwrapped {
  is: 'record';
  record: JsonObject;
  /** Outermost first; empty when the record stands by itself. */
  shapes: RecordShape[];
  /** Only some fields of the event are there: never shown before a whole record of the same event. */
  summary: boolean;
  /** The record's JSON as it stands inside (decoded where it stood as text), or as made of the fields that are there; null when not asked for. */
  text: string | null;
  /** Where an entry of lookup-events says something else than the record in it. */
  contradicts: readonly Contradiction[];
}

/** A field of the entry around a record, by the entry's name for it, and what each of them says. */
export interface Contradiction {
  field: string;
  outside: string;
  inside: string;
}

/** A wrapper that holds no record, in a sentence. `passedOver`: it belongs to such a file and is no fault (a control message, another service's event). */
export interface NoRecord {
  is: 'other';
  kind: FileKind;
  reason: string;
  passedOver: boolean;
}

/** Wrappers inside wrappers are followed so deep. SQS, SNS and EventBridge make three. */
export const MAX_WRAPPERS = 6;

/** An object that has none of these is no CloudTrail record. */
const RECORD_FIELDS = ['eventName', 'eventSource', 'eventTime', 'userIdentity'] as const;

/** True for events, insights and aggregated records; notifications that only look like them name their source `aws:…`. */
export function looksLikeRecord(value: JsonObject): boolean {
  if (typeof value.eventSource === 'string' && value.eventSource.startsWith('aws:')) return false;
  if (value.eventCategory === 'Aggregated' || value.eventType === 'AwsAggregatedEvent' || 'insightDetails' in value) return true;
  return RECORD_FIELDS.some((field) => Object.hasOwn(value, field));
}

type Step =
  /** The value at the keys, an object or text that holds one. */
  { path: readonly string[]; value: unknown; shape: RecordShape } | { made: JsonObject; shape: RecordShape } | NoRecord;

/**
 * The record inside an object that is none itself. Null when the object is no wrapper that is known. `text` is the object's own
 * text, when the record's is wanted too.
 */
export function unwrap(outer: JsonObject, text: string | null = null): Unwrapped | NoRecord | null {
  const shapes: RecordShape[] = [];
  let value = outer;
  let holder = outer;
  let entry: JsonObject | null = null;
  let at = text;
  for (let depth = 0; ; depth++) {
    if (looksLikeRecord(value)) return whole(value, shapes, at, entry);
    if (depth === MAX_WRAPPERS)
      return noRecord(shapes, `Wrappers inside wrappers, more than ${MAX_WRAPPERS} deep: not followed further.`, false);
    const step = stepOf(value);
    if (step === null) {
      if (shapes.length === 0) return null;
      if (shapes.at(-1) === 'lookup-events') return made(lookupFields(holder), [...shapes.slice(0, -1), 'lookup-fields'], text !== null);
      const list = listOf(value);
      if (list === null) return noRecord(shapes, rewritten(value) ?? `${capital(inWords(shapes))} that holds no CloudTrail record.`, true);
      if (list.items.length > 1) return noRecord(shapes, severalSentence(shapes, list.items.length), false);
      at = at === null ? null : onlyElement(memberText(at, list.key));
      value = list.items[0];
      continue;
    }
    if ('is' in step) return shapes.length === 0 ? step : { ...step, kind: shapeFacts(shapes[0]).kind };
    shapes.push(step.shape);
    if (step.shape === 'lookup-events') entry = value;
    if ('made' in step) return made(step.made, shapes, at !== null);
    if (at !== null) for (const key of step.path) at = at === null ? null : memberText(at, key);
    holder = value;
    if (isObject(step.value)) {
      value = step.value;
      continue;
    }
    const inner = typeof step.value === 'string' ? parseObject(step.value) : null;
    if (inner === null) return withoutObject(holder, step, shapes, text !== null);
    at = text === null ? null : (step.value as string);
    value = inner;
  }
}

/** A record that stands by itself or inside a wrapper, from the exact text that is cited. `header`: the CSV header above it. */
export function unwrapText(text: string, header: string | null): Unwrapped | NoRecord | null {
  if (header !== null) {
    const columns = headerOf(header);
    return columns === null ? null : unwrapCsv(columns, text, true);
  }
  const line = logLine(text);
  if (line !== null) return unwrapLine(line, true);
  const value = parseObject(text);
  if (value !== null) return unwrap(value, text);
  const row = text.trimStart().startsWith('[') ? insightsRow(parseObject(`{"row":${text}}`)?.row) : null;
  return row === null ? null : unwrap(row, JSON.stringify(row));
}

export interface RecordInside {
  text: string;
  shapes: readonly RecordShape[];
  contradicts: readonly Contradiction[];
}

/** What a record read back shows as the record: text, and the shapes it was read from. The text itself when it is the record. */
export function recordInside(read: { text: string; csvHeader?: string | null }): RecordInside {
  // A trail's own record begins like this; the full look at each of them would cost more than reading it.
  if (!read.csvHeader && PLAIN.test(read.text) && !read.text.includes('"@timestamp"'))
    return { text: read.text, shapes: [], contradicts: NO_CONTRADICTION };
  const inside = unwrapText(read.text, read.csvHeader ?? null);
  return inside?.is === 'record' && inside.shapes.length > 0
    ? { text: inside.text ?? read.text, shapes: inside.shapes, contradicts: inside.contradicts }
    : { text: read.text, shapes: [], contradicts: NO_CONTRADICTION };
}
const PLAIN = /^\s{0,64}\{\s{0,64}"eventVersion"\s{0,8}:\s{0,8}"[\d.]{1,8}"\s{0,8},\s{0,64}"userIdentity"\s{0,8}:\s{0,8}\{/;

/** `<timestamp> <JSON>`: the JSON part of a line of a CloudWatch Logs export; null for any other text. */
export const logLine = (text: string): string | null => LOG_LINE.exec(text)?.[1] ?? null;
const LOG_LINE = /^\s{0,8}\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.]{0,12}(?:Z|[+-]\d\d:?\d\d)?[ \t]{1,8}(\{[\s\S]*)$/;

export function unwrapLine(json: string, withText: boolean): Unwrapped | NoRecord | null {
  const value = parseObject(json);
  if (value === null) return null;
  const inside = unwrap(value, withText ? json : null);
  if (inside?.is === 'record') inside.shapes.unshift('cloudwatch-export');
  return inside;
}

export function unwrapCsv(header: CsvHeader, line: string, withText: boolean): Unwrapped | NoRecord {
  const found = csvRecord(header, line);
  if ('problem' in found) return noRecord([header.shape], found.problem, false);
  if ('record' in found) return made(found.record, [header.shape], withText);
  const value = parseObject(found.text);
  const inside = value === null ? null : unwrap(value, withText ? found.text : null);
  if (inside?.is !== 'record')
    return noRecord([header.shape], 'A line whose message is no CloudTrail record.', header.shape === 'cloudwatch-insights');
  inside.shapes.unshift(header.shape);
  return inside;
}

/** Keys under which records, or wrappers of them, stand in a list; `hits` holds another `hits`. */
export const LIST_KEYS: readonly string[] = ['Records', 'Events', 'logEvents', 'events', 'Messages', 'results'];

/** The list of records that an object holds, with the objects in it; null without one. */
export function listOf(value: JsonObject): { key: string; items: JsonObject[] } | null {
  for (const key of LIST_KEYS) {
    const list = value[key];
    if (!Array.isArray(list)) continue;
    const items = list.map((item) => insightsRow(item) ?? item).filter(isObject);
    if (items.length > 0 && items.length === list.length) return { key, items };
  }
  return null;
}

/** A row of a CloudWatch Logs Insights answer, `[{"field":"@message","value":"…"},…]` (get-query-results), as an object; null for anything else. */
export function insightsRow(value: unknown): JsonObject | null {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_FIELDS) return null;
  const row: [string, unknown][] = [];
  for (const cell of value) {
    if (!isObject(cell) || typeof cell.field !== 'string') return null;
    row.push([cell.field, cell.value]);
  }
  return Object.fromEntries(row);
}
const MAX_FIELDS = 1000;

const severalSentence = (shapes: readonly RecordShape[], n: number): string =>
  `${capital(inWords(shapes))} that holds ${n} entries in one piece of text: they are not read one by one. Take them out of it and import them.`;

/** The only element of a list's text, without its brackets. */
const onlyElement = (list: string | null): string | null => (list === null ? null : list.slice(1, list.lastIndexOf(']')).trim());

let lastHeader: { text: string; header: CsvHeader | null } | null = null;
function headerOf(text: string): CsvHeader | null {
  if (lastHeader?.text !== text) lastHeader = { text, header: csvHeader(text) };
  return lastHeader.header;
}

function whole(value: JsonObject, shapes: RecordShape[], text: string | null, entry: JsonObject | null): Unwrapped {
  const mended = value.eventTime === undefined || typeof value.userIdentity === 'string' ? mend(value) : null;
  const contradicts = entry === null ? NO_CONTRADICTION : contradictions(entry, mended?.record ?? value);
  if (mended === null) return { is: 'record', record: value, shapes, summary: false, text, contradicts };
  shapes.push(mended.shape);
  const textInside = text === null ? null : mendedText(mended, text);
  return { is: 'record', record: mended.record, shapes, summary: false, text: textInside, contradicts };
}

/** Where only the time was moved, the rest stays as written. */
function mendedText({ record, shape }: { record: JsonObject; shape: RecordShape }, text: string): string {
  if (shape !== 'logstash-time') return JSON.stringify(record, null, 2);
  const brace = text.indexOf('{') + 1;
  return `${text.slice(0, brace)}"eventTime":${JSON.stringify(record.eventTime)},${text.slice(brace)}`;
}

function made(record: JsonObject, shapes: RecordShape[], withText: boolean): Unwrapped {
  return {
    is: 'record',
    record,
    shapes,
    summary: true,
    text: withText ? JSON.stringify(record, null, 2) : null,
    contradicts: NO_CONTRADICTION,
  };
}

const OBJECT_FIELDS = [
  'userIdentity',
  'requestParameters',
  'responseElements',
  'additionalEventData',
  'serviceEventDetails',
  'tlsDetails',
  'addendum',
  'insightDetails',
];
const TRUTHS: Record<string, unknown> = { null: null, true: true, false: false };

/**
 * A record that an export has altered, as it was; null for any other. Some turn objects, booleans and null into text (told by the
 * identity, which is an object in every record). Logstash's codec for CloudTrail moves eventTime to @timestamp
 * (logstash-codec-cloudtrail, `decode`).
 */
export function mend(value: JsonObject): { record: JsonObject; shape: RecordShape } | null {
  if (value.eventTime === undefined && typeof value['@timestamp'] === 'string' && Object.hasOwn(value, '@version'))
    return { record: { eventTime: value['@timestamp'], ...value }, shape: 'logstash-time' };
  if (typeof value.userIdentity !== 'string' || parseObject(value.userIdentity) === null) return null;
  const record: JsonObject = {};
  for (const [key, field] of Object.entries(value)) {
    if (typeof field !== 'string') record[key] = field;
    else if (OBJECT_FIELDS.includes(key)) record[key] = parseObject(field) ?? (field === 'null' ? null : field);
    else if (key === 'resources') record[key] = listIn(field);
    else record[key] = Object.hasOwn(TRUTHS, field) ? TRUTHS[field] : field;
  }
  return { record, shape: 'text-fields' };
}

function listIn(text: string): unknown {
  const holder = parseObject(`{"list":${text}}`);
  return Array.isArray(holder?.list) ? holder.list : text === 'null' ? null : text;
}

/** A sentence for an event that another tool has rewritten into its own form; null for anything else. */
export function rewritten(value: JsonObject): string | null {
  if (Object.hasOwn(value, 'class_uid') && isObject(value.metadata))
    return 'An event in the OCSF form of Security Lake, rewritten from CloudTrail: not the original record, and not read.';
  const ecs = isObject(value.aws) && isObject(value.aws.cloudtrail);
  if (ecs || 'aws.cloudtrail.event_type' in value || (isObject(value.event) && ('dataset' in value.event || 'provider' in value.event)))
    return 'An event in the Elastic Common Schema, rewritten by a log shipper without the original record (event.original): not read.';
  return null;
}

function stepOf(value: JsonObject): Step | null {
  const has = (key: string): boolean => Object.hasOwn(value, key);
  const inside = (shape: RecordShape, ...path: string[]): Step => {
    let at: unknown = value;
    for (const key of path) at = isObject(at) ? at[key] : undefined;
    return { path, value: at, shape };
  };
  if (has('CloudTrailEvent') || (has('EventId') && has('EventName'))) {
    return filled(value.CloudTrailEvent)
      ? inside('lookup-events', 'CloudTrailEvent')
      : { made: lookupFields(value), shape: 'lookup-fields' };
  }
  if (has('detail') && (has('detail-type') || has('source'))) return eventBridge(value, inside('eventbridge', 'detail'));
  if (isObject(value.Sns)) return inside('sns', 'Sns', 'Message');
  if (has('Message') && (has('TopicArn') || has('MessageId'))) return snsMessage(value, inside('sns', 'Message'));
  if (has('body') && (has('messageId') || has('receiptHandle'))) return inside('sqs', 'body');
  if (has('Body') && (has('MessageId') || has('ReceiptHandle'))) return inside('sqs', 'Body');
  if (has('@message')) return inside('cloudwatch-insights', '@message');
  if (has('_source') && (has('_index') || has('_id'))) return inside('elasticsearch', '_source');
  if (typeof value.message === 'string' && typeof value.timestamp === 'number') return inside('cloudwatch-message', 'message');
  if (isObject(value.event) && filled(value.event.original)) return inside('logstash', 'event', 'original');
  if (filled(value['event.original'])) return inside('logstash', 'event.original');
  for (const key of ['message', 'json', 'doc', 'cloudtrail', 'detail']) {
    const field = value[key];
    if (isObject(field) ? looksLikeRecord(field) : key === 'message' && typeof field === 'string' && field.trimStart().startsWith('{'))
      return inside('logstash', key);
  }
  return null;
}

function eventBridge(value: JsonObject, step: Step): Step {
  const detail = typeof value.detail === 'string' ? parseObject(value.detail) : value.detail;
  if (isObject(detail) && (looksLikeRecord(detail) || stepOf(detail) !== null)) return step;
  const type = typeof value['detail-type'] === 'string' ? `“${value['detail-type'].slice(0, 100)}”` : 'without a type';
  return { is: 'other', kind: 'eventbridge', reason: `An EventBridge message without a CloudTrail record (${type}).`, passedOver: true };
}

function snsMessage(value: JsonObject, step: Step): Step {
  const inner = typeof value.Message === 'string' ? parseObject(value.Message) : null;
  if (inner !== null && Array.isArray(inner.s3ObjectKey))
    return {
      is: 'other',
      kind: 'sns',
      reason: 'CloudTrail’s notice that log files were delivered: it names them and holds no record.',
      passedOver: true,
    };
  return step;
}

/** The value in a wrapper is no JSON object. */
function withoutObject(
  holder: JsonObject,
  step: { value: unknown; shape: RecordShape },
  shapes: RecordShape[],
  withText: boolean,
): Unwrapped | NoRecord {
  if (step.shape === 'lookup-events') return made(lookupFields(holder), [...shapes.slice(0, -1), 'lookup-fields'], withText);
  const text = typeof step.value === 'string' ? step.value.trimStart() : '';
  if (text.startsWith('CWL CONTROL MESSAGE'))
    return {
      is: 'other',
      kind: 'cloudwatch-subscription',
      reason: 'A control message of CloudWatch Logs, by which it tests a destination: no record.',
      passedOver: true,
    };
  const broken = text.startsWith('{');
  return noRecord(
    shapes,
    broken
      ? `${capital(inWords(shapes))} whose text is broken JSON, or nested too deep.`
      : `${capital(inWords(shapes))} that holds no JSON: not a CloudTrail record.`,
    !broken,
  );
}

const noRecord = (shapes: readonly RecordShape[], reason: string, passedOver: boolean): NoRecord => ({
  is: 'other',
  kind: shapeFacts(shapes[0]).kind,
  reason,
  passedOver,
});

const inWords = (shapes: readonly RecordShape[]): string => shapes.map((shape) => shapeFacts(shape).words).join(', in it ');
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const filled = (value: unknown): boolean => (typeof value === 'string' ? value !== '' : isObject(value));

/** The outer fields of a lookup-events entry under the names that a record gives them. */
function lookupFields(entry: JsonObject): JsonObject {
  const record: JsonObject = {};
  const put = (name: string, value: unknown): void => {
    if (value !== undefined && value !== null && value !== '') record[name] = value;
  };
  put('eventTime', timeOf(entry.EventTime));
  put('eventSource', entry.EventSource);
  put('eventName', entry.EventName);
  put('eventID', entry.EventId);
  put('readOnly', entry.ReadOnly);
  const identity: JsonObject = {};
  if (filled(entry.Username)) identity.userName = entry.Username;
  if (filled(entry.AccessKeyId)) identity.accessKeyId = entry.AccessKeyId;
  if (Object.keys(identity).length > 0) record.userIdentity = identity;
  if (Array.isArray(entry.Resources) && entry.Resources.length > 0) {
    record.resources = entry.Resources.filter(isObject).map((r) => ({ resourceType: r.ResourceType, resourceName: r.ResourceName }));
  }
  return record;
}

const NO_CONTRADICTION: readonly Contradiction[] = [];

/** Fields that LookupEvents takes from the record (CloudTrail API reference, "Event"); Username is worked out, and not compared. */
const SAME_TEXT: readonly [outside: string, inside: string][] = [
  ['EventId', 'eventID'],
  ['EventName', 'eventName'],
  ['EventSource', 'eventSource'],
];

/** Only what both of them have is compared; times when each is an instant, and by the second, of which the entry's has no parts. */
function contradictions(entry: JsonObject, record: JsonObject): readonly Contradiction[] {
  const found: Contradiction[] = [];
  const [outer, inner] = [timeOf(entry.EventTime), record.eventTime];
  const [told, recorded] = [instantOf(outer), instantOf(inner)];
  if (told !== null && recorded !== null && Math.abs(told - recorded) >= 1000)
    found.push({ field: 'EventTime', outside: String(outer), inside: String(inner) });
  for (const [field, name] of SAME_TEXT) {
    const [outside, inside] = [entry[field], record[name]];
    if (typeof outside === 'string' && typeof inside === 'string' && outside !== '' && inside !== '' && outside !== inside)
      found.push({ field, outside, inside });
  }
  const [outside, inside] = [entry.ReadOnly, record.readOnly].map((value) => String(value).toLowerCase());
  if (TRUTH.includes(outside) && TRUTH.includes(inside) && outside !== inside) found.push({ field: 'ReadOnly', outside, inside });
  return found.length === 0 ? NO_CONTRADICTION : found;
}
const TRUTH: readonly string[] = ['true', 'false'];

/** Null for anything that is no whole time with its zone: a local time is no instant. */
function instantOf(value: unknown): number | null {
  const match = typeof value === 'string' ? INSTANT.exec(value) : null;
  const ms = match ? Date.parse(`${match[1]}${match[2] === 'Z' ? 'Z' : `${match[2].slice(0, 3)}:${match[2].slice(-2)}`}`) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}
const INSTANT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?)(Z|[+-]\d\d:?\d\d)$/;

const TOLD_CHARACTERS = 100;

/** In one sentence; null without any. */
export function contradictionSentence(contradicts: readonly Contradiction[]): string | null {
  if (contradicts.length === 0) return null;
  const cut = (value: string): string =>
    value.length > TOLD_CHARACTERS ? `${value.slice(0, TOLD_CHARACTERS).toWellFormed()}…` : value || 'empty';
  const list = contradicts.map(({ field, outside, inside }) => `${field} is ${cut(outside)} outside and ${cut(inside)} inside`);
  return `The lookup-events entry contradicts the record in it: ${list.join('; ')}. What is shown is the record’s.`;
}

/** UNIX seconds, `2022-02-08 09:23:37+11:00` and PowerShell's `/Date(ms)/` as ISO 8601; anything else as it stands. */
function timeOf(value: unknown): unknown {
  if (typeof value === 'number') return iso(value * 1000) ?? String(value);
  if (typeof value !== 'string') return value;
  const ticks = /^\/Date\((-?\d{1,15})\)\/$/.exec(value);
  if (ticks) return iso(Number(ticks[1])) ?? value;
  if (/^\d{9,11}(\.\d{1,9})?$/.test(value)) return iso(Number(value) * 1000) ?? value;
  return value.replace(/^(\d{4}-\d\d-\d\d) (\d\d:)/, '$1T$2');
}

function iso(ms: number): string | null {
  const date = new Date(Math.round(ms));
  return Number.isNaN(date.getTime()) ? null : date.toISOString().replace('.000Z', 'Z');
}
