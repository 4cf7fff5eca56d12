/** The details in their order: columns by the question they answer, and facts of the record that are no column. */
import type { ColumnId } from '../../../shared/columns.ts';
import { type JsonNode, nodeAt, presence, textAt } from '../record-tree-model.ts';
import { cut, visibleString } from '../visible-text.tsx';
import { absenceText } from './sentence.ts';

export interface FactGroup {
  title: string;
  columns: ColumnId[];
  facts(root: JsonNode): Fact[];
}

export interface Fact {
  label: string;
  text: string;
  /** A remark of ours rather than a value of the record. */
  remark: boolean;
}

/** Fields as `[label, path…]`; those that are absent or null are left out. */
function fields(root: JsonNode, list: readonly (readonly [string, ...string[]])[]): Fact[] {
  return list.flatMap(([label, ...path]) => {
    const text = textAt(root, ...path);
    return text === null ? [] : [{ label, text, remark: false }];
  });
}

const SESSION = ['userIdentity', 'sessionContext'] as const;

/** Fields of a body shown one by one, and characters of each: the record has the rest. */
const BODY_FIELDS = 8;
const BODY_TEXT = 300;
const LABEL = 60;

/** What the record says of request or response: its plain fields, how many more there are, or honestly why there is nothing. */
export function body(root: JsonNode, key: 'requestParameters' | 'responseElements'): Fact[] {
  const part = key === 'requestParameters' ? 'request' : 'response';
  const label = key === 'requestParameters' ? 'Request' : 'Response';
  const state = presence(root, key);
  if (state !== 'present') return [{ label, text: absenceText(state, part), remark: true }];
  const node = nodeAt(root, key);
  if (!node || (node.kind !== 'object' && node.kind !== 'array')) return [{ label, text: node?.value ?? '', remark: false }];
  const n = node.children.length;
  if (n === 0) return [{ label, text: 'present, without fields', remark: true }];
  const plain = node.children.filter((c) => c.kind === 'string' || c.kind === 'number' || c.kind === 'boolean').slice(0, BODY_FIELDS);
  const facts = plain.map((c): Fact => {
    const text = c.value.length > BODY_TEXT ? `${cut(c.value, BODY_TEXT)}…` : c.value;
    return { label: `${label}: ${visibleString(cut(String(c.key), LABEL))}`, text, remark: false };
  });
  const more = n - plain.length;
  if (more > 0) {
    const words = `${more}${plain.length > 0 ? ' more' : ''} field${more === 1 ? '' : 's'}: see the record`;
    facts.push({ label, text: words, remark: true });
  }
  return facts;
}

export const FACT_GROUPS: readonly FactGroup[] = [
  {
    title: 'Who',
    columns: ['principal', 'userName', 'identityType', 'identity', 'accessKeyId', 'callerAccount', 'invokedBy'],
    facts: (root) =>
      fields(root, [
        ['MFA in the session', ...SESSION, 'attributes', 'mfaAuthenticated'],
        ['Session began', ...SESSION, 'attributes', 'creationDate'],
        ['Source identity', ...SESSION, 'sourceIdentity'],
        ['Session issued by', ...SESSION, 'sessionIssuer', 'arn'],
        ['EC2 role delivery', ...SESSION, 'ec2RoleDelivery'],
        ['From the console', 'sessionCredentialFromConsole'],
        ['On behalf of', 'userIdentity', 'onBehalfOf', 'userId'],
        ['MFA at sign-in', 'additionalEventData', 'MFAUsed'],
      ]),
  },
  {
    title: 'What',
    columns: ['eventName', 'eventSource', 'resource', 'readOnly', 'eventCategory', 'eventType'],
    facts: (root) => [...body(root, 'requestParameters'), ...body(root, 'responseElements')],
  },
  {
    title: 'Where from, where to',
    columns: ['sourceIPAddress', 'userAgent', 'awsRegion', 'account', 'vpcEndpointId'],
    facts: (root) =>
      fields(root, [
        ['TLS version', 'tlsDetails', 'tlsVersion'],
        ['Host called', 'tlsDetails', 'clientProvidedHostHeader'],
      ]),
  },
  {
    title: 'When',
    columns: ['eventTime'],
    facts: (root) =>
      fields(root, [
        ['Time as recorded', 'eventTime'],
        ['Delivered late', 'addendum', 'reason'],
      ]),
  },
  {
    title: 'Outcome',
    columns: ['outcome', 'errorCode'],
    facts: (root) =>
      fields(root, [
        ['Error message', 'errorMessage'],
        ['Sign-in', 'responseElements', 'ConsoleLogin'],
      ]),
  },
  {
    title: 'Identifiers',
    columns: ['eventID', 'file', 'integrity'],
    facts: (root) =>
      fields(root, [
        ['Request ID', 'requestID'],
        ['Shared event ID', 'sharedEventID'],
        ['Record version', 'eventVersion'],
      ]),
  },
];
