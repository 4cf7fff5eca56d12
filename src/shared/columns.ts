/**
 * The one column list. Ingest fills these, the segment stores them, the query engine filters and counts them, the table and the
 * facets show them. To add a column: a row here, an extractor of the same id in `engine/ingest/extract.ts`, and a step in
 * `SEGMENT_VERSION` (docs/formats.md).
 */

/** Stored as dictionary codes, one per source row. Values are verbatim from the record unless `derived`. */
export const DICT_COLUMNS = [
  { id: 'eventName', label: 'Event name', help: 'The API call or action, as recorded.' },
  { id: 'eventSource', label: 'Event source', help: 'The service that was called.' },
  {
    id: 'principal',
    label: 'Principal',
    derived: true,
    help: 'Account and role or user; root, service or federated subject. Sessions of one role are one principal.',
  },
  {
    id: 'userName',
    label: 'User name (session)',
    derived: true,
    help: 'As in Event history: the session name of an assumed role, the name of an IAM user, or root.',
  },
  { id: 'identityType', label: 'Identity type', help: 'userIdentity.type' },
  {
    id: 'identity',
    label: 'Identity ARN',
    derived: true,
    help: 'userIdentity.arn; without one, the type and the first of invokedBy, userName, principalId, accountId.',
  },
  { id: 'accessKeyId', label: 'Access key', help: 'userIdentity.accessKeyId: AKIA… long-term, ASIA… temporary.' },
  { id: 'sourceIPAddress', label: 'Source IP', help: 'An address, a service name, or AWS Internal.' },
  { id: 'userAgent', label: 'User agent', help: 'As sent by the caller, who chooses it.' },
  { id: 'awsRegion', label: 'Region', help: 'The Region the call was made in.' },
  { id: 'account', label: 'Account', derived: true, help: 'recipientAccountId, else userIdentity.accountId.' },
  { id: 'callerAccount', label: 'Caller account', help: 'userIdentity.accountId: differs from Account in cross-account calls.' },
  {
    id: 'errorCode',
    label: 'Error code',
    help: 'Absent when the call succeeded or the failure is only in responseElements or errorMessage.',
  },
  { id: 'outcome', label: 'Outcome', derived: true, help: 'success, denied (an authorization failure), error.' },
  { id: 'readOnly', label: 'Read-only', help: 'true, false, or not recorded.' },
  { id: 'eventCategory', label: 'Category', help: 'Management, Data, NetworkActivity, Insight.' },
  { id: 'eventType', label: 'Event type', help: 'AwsApiCall, AwsConsoleSignIn, AwsServiceEvent, …' },
  { id: 'invokedBy', label: 'Invoked by', help: 'The AWS service that made the call for the identity.' },
  { id: 'vpcEndpointId', label: 'VPC endpoint', help: 'vpcEndpointId' },
] as const satisfies readonly ColumnSpec[];

/** Several values a row: distinct resource identifiers of resources[] and of the stated request and response keys. */
export const MULTI_COLUMNS = [
  { id: 'resource', label: 'Resource', derived: true, help: 'Identifiers in resources[], in the request and in the response.' },
] as const satisfies readonly ColumnSpec[];

/** Known to the query engine only: computed from ledger, stars or the row itself, never stored per row as a dictionary. */
export const VIRTUAL_COLUMNS = [
  { id: 'eventTime', label: 'Event time', help: 'When the call was made (UTC in the record).' },
  { id: 'eventID', label: 'Event ID', help: 'CloudTrail’s identifier of the event.' },
  { id: 'starred', label: 'Starred', help: 'Marked by you.' },
  { id: 'file', label: 'Evidence file', help: 'The file that the shown record was read from.' },
] as const satisfies readonly ColumnSpec[];

export interface ColumnSpec {
  id: string;
  label: string;
  help: string;
  /** Computed from several fields rather than copied. */
  derived?: boolean;
}

export type DictColumnId = (typeof DICT_COLUMNS)[number]['id'];
export type MultiColumnId = (typeof MULTI_COLUMNS)[number]['id'];
export type VirtualColumnId = (typeof VIRTUAL_COLUMNS)[number]['id'];
/** Columns whose values can be counted and filtered as strings. */
export type ValueColumnId = DictColumnId | MultiColumnId | 'starred' | 'file';
export type ColumnId = DictColumnId | MultiColumnId | VirtualColumnId;

export const DICT_COLUMN_IDS: readonly DictColumnId[] = DICT_COLUMNS.map((c) => c.id);
export const ALL_COLUMNS: readonly (ColumnSpec & { id: ColumnId })[] = [...VIRTUAL_COLUMNS, ...DICT_COLUMNS, ...MULTI_COLUMNS];
export const columnSpec = (id: ColumnId): ColumnSpec => {
  const found = ALL_COLUMNS.find((c) => c.id === id);
  if (!found) throw new Error(`unknown column ${id}`);
  return found;
};

/** Facets of the overview, in their order. */
export const FACET_COLUMNS: readonly ValueColumnId[] = [
  'eventName',
  'eventSource',
  'principal',
  'identityType',
  'sourceIPAddress',
  'awsRegion',
  'account',
  'errorCode',
  'accessKeyId',
  'resource',
  'userAgent',
  'readOnly',
  'eventCategory',
  'invokedBy',
  'userName',
  'outcome',
  'eventType',
  'starred',
];

/** What the timeline can be stacked by. */
export const STACK_COLUMNS: readonly DictColumnId[] = [
  'readOnly',
  'eventSource',
  'errorCode',
  'outcome',
  'awsRegion',
  'identityType',
  'account',
];

/** Columns of the events table in their first order: those of Event history first. */
export const DEFAULT_TABLE_COLUMNS: readonly ColumnId[] = [
  'eventTime',
  'eventName',
  'userName',
  'eventSource',
  'resource',
  'principal',
  'sourceIPAddress',
  'awsRegion',
  'errorCode',
  'account',
];
