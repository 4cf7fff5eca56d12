/**
 * A line of CSV that names CloudTrail's fields, as a record: what the console's Event history downloads (header copied from real
 * downloads; matched in any case), and the columns of Athena's CloudTrail table and of CloudTrail Lake. Cells are kept verbatim;
 * an empty cell is an absent field.
 */
import { isObject, type JsonObject, parseObject } from './json-text.ts';
import type { RecordShape } from './record-shapes.ts';

export interface CsvHeader {
  delimiter: string;
  /** Path of the field that each column fills, or null for a column that no record has. */
  fields: readonly (Field | null)[];
  shape: RecordShape & ('event-history-csv' | 'athena-csv' | 'lake-csv' | 'cloudwatch-insights');
}

interface Field {
  /** Name of the field; below userIdentity where `identity` is set. */
  name: string;
  identity?: boolean;
  /** JSON or Athena's struct text rather than a plain value. */
  json?: boolean;
}

/** A header longer than this is none. Characters. */
export const MAX_CSV_HEADER = 64 * 1024;
const MAX_COLUMNS = 500;

const plain = (...names: string[]): [string, Field][] => names.map((name) => [name.toLowerCase(), { name }]);

/** By the header's words without blanks, hyphens and underscores, in lower case. */
const FIELDS = new Map<string, Field>([
  ...plain(
    'eventVersion',
    'eventTime',
    'eventSource',
    'eventName',
    'awsRegion',
    'sourceIPAddress',
    'userAgent',
    'errorCode',
    'errorMessage',
  ),
  ...plain('requestID', 'eventID', 'readOnly', 'eventType', 'apiVersion', 'managementEvent', 'recipientAccountId', 'eventCategory'),
  ...plain('sharedEventID', 'vpcEndpointId', 'vpcEndpointAccountId', 'sessionCredentialFromConsole'),
  ...['userIdentity', 'requestParameters', 'responseElements', 'additionalEventData', 'serviceEventDetails', 'resources', 'tlsDetails'].map(
    (name): [string, Field] => [name.toLowerCase(), { name, json: true }],
  ),
  ...['addendum', 'edgeDeviceDetails', 'insightDetails', 'eventContext'].map((name): [string, Field] => [
    name.toLowerCase(),
    { name, json: true },
  ]),
  ['username', { name: 'userName', identity: true }],
  ['awsaccesskey', { name: 'accessKeyId', identity: true }],
]);

/** Columns that hold the whole record: CloudTrail Lake's, and the message of CloudWatch Logs Insights. */
const WHOLE: Field = { name: 'record' };
const WHOLE_RECORD: readonly (readonly [column: string, shape: CsvHeader['shape']])[] = [
  ['eventjson', 'lake-csv'],
  ['@message', 'cloudwatch-insights'],
];

/** Null when the line is no header of CloudTrail's fields. */
export function csvHeader(line: string): CsvHeader | null {
  if (line.length > MAX_CSV_HEADER) return null;
  const text = line.charCodeAt(0) === 0xfeff ? line.slice(1) : line;
  for (const delimiter of [',', ';', '\t']) {
    const cells = csvCells(text, delimiter);
    if (cells === null || cells.length > MAX_COLUMNS) continue;
    const names = cells.map((cell) => cell.toLowerCase().replace(/[\s_-]/g, ''));
    const fields = names.map((name) => FIELDS.get(name) ?? null);
    const has = (name: string): boolean => names.includes(name);
    const whole = WHOLE_RECORD.find(([column]) => has(column));
    if (whole) return { delimiter, fields: names.map((name) => (name === whole[0] ? WHOLE : null)), shape: whole[1] };
    if (cells.length < 3 || !has('eventname') || !(has('eventtime') || has('eventid'))) continue;
    const history = has('username') && !has('useridentity');
    return { delimiter, fields, shape: history ? 'event-history-csv' : 'athena-csv' };
  }
  return null;
}

/** Cells of one line (which may go on behind a line break inside quotes); null when a quote is never closed. RFC 4180. */
export function csvCells(line: string, delimiter: string): string[] | null {
  const text = line.endsWith('\n') ? line.slice(0, line.endsWith('\r\n') ? -2 : -1) : line.endsWith('\r') ? line.slice(0, -1) : line;
  const cells: string[] = [];
  for (let at = 0; ; ) {
    if (text.charCodeAt(at) === 0x22) {
      let cell = '';
      let from = at + 1;
      for (;;) {
        const quote = text.indexOf('"', from);
        if (quote === -1) return null;
        cell += text.slice(from, quote);
        at = quote + 1;
        if (text.charCodeAt(at) !== 0x22) break;
        cell += '"';
        from = at + 1;
      }
      const end = text.indexOf(delimiter, at);
      cells.push(cell + text.slice(at, end === -1 ? text.length : end));
      if (end === -1) return cells;
      at = end + 1;
    } else {
      const end = text.indexOf(delimiter, at);
      cells.push(text.slice(at, end === -1 ? text.length : end));
      if (end === -1) return cells;
      at = end + 1;
    }
    if (cells.length > MAX_COLUMNS) return cells;
  }
}

/** The record that a line gives, or the text of the record that its cell holds; `problem` says why there is none. */
export function csvRecord(header: CsvHeader, line: string): { record: JsonObject } | { text: string } | { problem: string } {
  const cells = csvCells(line, header.delimiter);
  if (cells === null) return { problem: 'A line of CSV in which a quote is never closed.' };
  while (cells.length > header.fields.length && cells.at(-1) === '') cells.pop();
  if (cells.length !== header.fields.length) {
    return { problem: `A line of ${cells.length} cells under a header of ${header.fields.length}: which cell is which cannot be told.` };
  }
  const record: JsonObject = {};
  const identity: JsonObject = {};
  for (let i = 0; i < cells.length; i++) {
    const field = header.fields[i];
    const cell = cells[i];
    if (field === null || cell === '' || Object.hasOwn(record, field.name)) continue;
    if (field === WHOLE) return { text: cell };
    if (field.identity) identity[field.name] = cell;
    else if (field.name === 'resources') record.resources = listOf(cell);
    else if (field.json)
      record[field.name] = cell === 'null' ? null : (parseObject(cell) ?? (field.name === 'userIdentity' ? structOf(cell) : cell));
    else record[field.name] = cell;
  }
  if (Object.keys(identity).length > 0 && !isObject(record.userIdentity)) record.userIdentity = identity;
  if (record.eventName === undefined && record.eventID === undefined)
    return { problem: 'A line of CSV without an event name and an event ID.' };
  return { record };
}

function listOf(cell: string): unknown {
  try {
    const value: unknown = cell.length > 64 * 1024 ? cell : JSON.parse(cell);
    return Array.isArray(value) ? value : cell;
  } catch {
    const arns = [...cell.matchAll(/\barn=(arn:[^,}\]]{1,2000})/gi)].slice(0, 100).map((match) => ({ ARN: match[1] }));
    return arns.length > 0 ? arns : cell;
  }
}

const IDENTITY_FIELDS = ['type', 'principalId', 'arn', 'accountId', 'accessKeyId', 'userName', 'invokedBy'] as const;

/**
 * Athena writes a struct as `{type=AssumedRole, principalid=…, sessioncontext={…}}`, unquoted. Only the plain fields of the
 * outermost level are taken; the text itself is kept beside them.
 */
function structOf(cell: string): unknown {
  if (!cell.startsWith('{') || !cell.endsWith('}') || cell.length > 64 * 1024) return cell;
  let top = '';
  let depth = 0;
  for (const char of cell) {
    if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    else if (depth === 1) top += char;
  }
  const identity: JsonObject = {};
  for (const part of top.split(/,\s+/)) {
    const equals = part.indexOf('=');
    const name = IDENTITY_FIELDS.find((field) => field.toLowerCase() === part.slice(0, equals).trim().toLowerCase());
    const value = part.slice(equals + 1).trim();
    if (name !== undefined && value !== '' && value !== 'null') identity[name] = value;
  }
  return Object.keys(identity).length === 0 ? cell : { ...identity, asWritten: cell };
}
