/**
 * Whether two whole records of one eventID say something else: a field that both have, with another value. What one of them lacks, what
 * deliveries of one event are known to differ in, and the way a value is written contradict nothing. Pure.
 */
import type { VerdictState } from './integrity.ts';
import { type JsonNode, parseRecord } from './json-tree.ts';
import { DIFF_LIMITS, diffRecords } from './record-diff.ts';

/**
 * Whole records of one eventID whose texts are not the same are compared field by field, behind everything else. EventIDs of such
 * records, and how many of these were compared: the earliest, and none whose records cannot be read or are too large or too many.
 */
export interface CopyCheck {
  state: VerdictState;
  /** A sentence when it failed. */
  reason: string | null;
  differing: number;
  compared: number;
}

/** `unknown`: one of them is too large, is no JSON, or there are more differences than were looked at. */
export type CopyVerdict = 'agree' | 'contradict' | 'unknown';

/** CloudTrail's own fields (User Guide, "CloudTrail record contents"), without eventVersion, eventTime (a column) and addendum. Tools add others. */
const FIELDS = new Set([
  'userIdentity',
  'eventSource',
  'eventName',
  'awsRegion',
  'sourceIPAddress',
  'userAgent',
  'errorCode',
  'errorMessage',
  'requestParameters',
  'responseElements',
  'additionalEventData',
  'requestID',
  'eventID',
  'eventType',
  'apiVersion',
  'managementEvent',
  'readOnly',
  'resources',
  'recipientAccountId',
  'serviceEventDetails',
  'sharedEventID',
  'vpcEndpointId',
  'vpcEndpointAccountId',
  'eventCategory',
  'sessionCredentialFromConsole',
  'edgeDeviceDetails',
  'tlsDetails',
  'insightDetails',
]);
/** Lists here are of the call itself: an element more or less is another call. */
const OF_THE_CALL = new Set(['requestParameters', 'responseElements']);
const FIELD = /^\$\.([A-Za-z]+)/;
/** Written by CloudTrail and by exports in the place of a value. */
const NOTHING: readonly string[] = ['', 'null', 'HIDDEN_DUE_TO_SECURITY_REASONS'];

export function compareCopies(a: string, b: string): CopyVerdict {
  if (Math.max(a.length, b.length) > DIFF_LIMITS.characters) return 'unknown';
  const x = parseRecord(a).root;
  const y = parseRecord(b).root;
  return x && y ? compareTrees(x, y) : 'unknown';
}

export function compareTrees(a: JsonNode, b: JsonNode): CopyVerdict {
  const updated = `${updatedFields(a)} ${updatedFields(b)}`;
  const { rows, total } = diffRecords([a, b]);
  for (const { path, nodes } of rows) {
    const field = FIELD.exec(path)?.[1];
    if (field === undefined || !FIELDS.has(field) || updated.includes(field)) continue;
    if (contradict(nodes[0], nodes[1], OF_THE_CALL.has(field))) return 'contradict';
  }
  return total > rows.length ? 'unknown' : 'agree';
}

/** A record that CloudTrail delivered again names what it has changed (`addendum.updatedFields`). */
function updatedFields(root: JsonNode): string {
  const addendum = root.children.find((child) => child.key === 'addendum');
  const named = addendum?.children.find((child) => child.key === 'updatedFields');
  return named ? [named.value, ...named.children.map((child) => child.value)].join(' ') : '';
}

function contradict(a: JsonNode | null, b: JsonNode | null, ofTheCall: boolean): boolean {
  if (a === null || b === null) return ofTheCall && typeof (a ?? b)?.key === 'number';
  if (isNothing(a) || isNothing(b)) return false;
  if (isHolder(a) && isHolder(b)) return true;
  if (isHolder(a) || isHolder(b)) return isHolder(a) ? textContradicts(b, a) : textContradicts(a, b);
  return !sameValue(a, b);
}

const isHolder = (node: JsonNode): boolean => node.kind === 'object' || node.kind === 'array';
const isNothing = (node: JsonNode): boolean => node.kind === 'null' || (node.kind === 'string' && NOTHING.includes(node.value.trim()));

/** Some exports write an object as text; one in another notation than JSON cannot be told apart. */
function textContradicts(text: JsonNode, holder: JsonNode): boolean {
  const { root } = parseRecord(text.value);
  if (!root || !isHolder(root)) return !/^\s*[{[]/.test(text.value);
  return diffRecords([root, holder]).rows.some(({ nodes: [x, y] }) => contradict(x, y, false));
}

function sameValue(a: JsonNode, b: JsonNode): boolean {
  const x = a.value.trim();
  const y = b.value.trim();
  if (x === y) return true;
  if (a.kind !== 'string' || b.kind !== 'string') return x.toLowerCase() === y.toLowerCase() || (x !== '' && Number(x) === Number(y));
  return sameTime(x, y);
}

const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/;

/** The same second, of which one may tell the milliseconds too. */
export function sameTime(a: string, b: string): boolean {
  if (!TIME.test(a) || !TIME.test(b)) return false;
  const x = Date.parse(a);
  const y = Date.parse(b);
  return x === y || (Math.floor(x / 1000) === Math.floor(y / 1000) && (x % 1000 === 0 || y % 1000 === 0));
}

const count = (n: number): string => n.toLocaleString('en-US');

/** What may be said of copies beside the contradictions that were found (`ids`), in sentences; empty when there is nothing to add. */
export function copyWords(check: CopyCheck | undefined, ids: number): string {
  const whole = check?.state === 'checked' && check.compared === check.differing;
  if (ids > 0 && whole) return '';
  if (whole) {
    const none = 'No two records of the evidence share an event ID and say something else in a field that both have.';
    const texts =
      check.differing === 0
        ? ''
        : ` The whole records of ${eventIDs(check.differing)} differ in their text and were compared field by field.`;
    return `${none}${texts} Entries without a whole record, such as rows of Event history, were compared by the columns that they fill.`;
  }
  const columns = ids > 0 ? '' : 'No two records that share an event ID contradict each other in their columns. ';
  if (check?.state === 'failed') return `${columns}Their other fields could not be compared: ${check.reason ?? 'the reason is not known.'}`;
  if (check?.state !== 'checked') return `${columns}Whether they do in other fields is not known yet.`;
  return `${columns}The whole records of ${eventIDs(check.differing)} differ in their text. Those of ${count(check.compared)} were compared field by field, the earliest first; the others were too many, too large or not readable, and were compared by their columns only.`;
}

const eventIDs = (n: number): string => `${count(n)} event ID${n === 1 ? '' : 's'}`;
