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
  { id: 'principalId', label: 'Principal ID', help: 'userIdentity.principalId: the unique ID, with the session name behind a colon.' },
  { id: 'sessionIssuer', label: 'Session issuer', help: 'ARN of the role or user that the session was issued for.' },
  { id: 'sessionStart', label: 'Session began', help: 'When the temporary credentials were issued, as recorded with each of their calls.' },
  { id: 'mfa', label: 'MFA', derived: true, help: 'true, false: of the session, or of the console sign-in; absent when not recorded.' },
  { id: 'sourceIdentity', label: 'Source identity', help: 'sessionContext.sourceIdentity: set once, kept through role chains.' },
  { id: 'onBehalfOf', label: 'On behalf of', help: 'Identity Center user ID that the session acts for.' },
  {
    id: 'federation',
    label: 'Identity provider',
    derived: true,
    help: 'The SAML, OIDC or web identity provider of the session or the call.',
  },
  {
    id: 'issuedFor',
    label: 'Issued for',
    help: 'inScopeOf.credentialsIssuedTo: the function, instance or task that AWS issued the credentials to.',
  },
  { id: 'roleDelivery', label: 'IMDS version', help: 'How an instance got its role credentials: 1.0 = IMDSv1, 2.0 = IMDSv2.' },
  { id: 'fromConsole', label: 'From console', help: 'true when the credentials came from a console session.' },
  { id: 'sharedEventID', label: 'Shared event ID', help: 'The same call as recorded in the other account has this ID too.' },
  {
    id: 'switchedFrom',
    label: 'Switched from',
    help: 'additionalEventData.SwitchFrom: the identity that switched to this role in the console.',
  },
  { id: 'issuedKey', label: 'Issued key', derived: true, help: 'Access key ID that this call created or issued.' },
  { id: 'issuedTo', label: 'Issued to', derived: true, help: 'Session ARN or user name that the issued key belongs to.' },
  { id: 'issuedExpires', label: 'Issued key expires', help: 'As recorded by STS.' },
  { id: 'bytesIn', label: 'Bytes in', help: 'additionalEventData.bytesTransferredIn (S3 data events).' },
  { id: 'bytesOut', label: 'Bytes out', help: 'additionalEventData.bytesTransferredOut (S3 data events).' },
] as const satisfies readonly ColumnSpec[];

/** Several values a row: distinct resource identifiers of resources[] and of the stated request and response keys. */
export const MULTI_COLUMNS = [
  {
    id: 'resource',
    label: 'Resource',
    derived: true,
    help: 'Identifiers in resources[], in the request and in the response; of a call that shares also with whom, “remove:” before whom it no longer shares with.',
  },
] as const satisfies readonly ColumnSpec[];

/** Known to the query engine only: computed from ledger, stars or the row itself, never stored per row as a dictionary. */
export const VIRTUAL_COLUMNS = [
  { id: 'eventTime', label: 'Event time', help: 'When the call was made (UTC in the record).' },
  { id: 'eventID', label: 'Event ID', help: 'CloudTrail’s identifier of the event.' },
  { id: 'starred', label: 'Starred', help: 'Marked by you.' },
  { id: 'file', label: 'Evidence file', help: 'The file that the shown record was read from.' },
  {
    id: 'agentTool',
    label: 'Agent tool',
    derived: true,
    help: 'The tool that the user agent names: aws-cli/2.x, Boto3, AWS console, Terraform, … The caller chooses what it says.',
  },
  {
    id: 'agentMark',
    label: 'Odd agent',
    derived: true,
    help: 'Why the user agent deserves a second look: Kali Linux, Pacu, a bare HTTP client, … Absent when nothing odd is known of it.',
  },
  {
    id: 'addressKind',
    label: 'Address kind',
    derived: true,
    help: 'public, private, VPC endpoint (as recorded), AWS service, AWS Internal, or not an address.',
  },
  {
    id: 'origin',
    label: 'Origin',
    derived: true,
    help: 'The earliest actor that can be shown: the identity at the end of the chain of credentials; of an instance’s work who launched it, of a failed sign-in nobody.',
  },
  {
    id: 'depth',
    label: 'Hops to origin',
    derived: true,
    help: 'How many credentials lie between the event and its origin; 0 is the origin itself.',
  },
  {
    id: 'originProof',
    label: 'Origin known by',
    derived: true,
    help: 'proven: every hop is an issued key ID that was then used; inferred: at least one hop rests on names and times, or several principals use the key ID.',
  },
  {
    id: 'integrity',
    label: 'Integrity',
    derived: true,
    help: 'What CloudTrail’s digests say of the file that the shown record was read from. Of copies with as many fields the one from the best proven file is shown; a copy with more fields is shown with the verdict of its own file. The details list the verdict of every copy.',
  },
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
/** Those of the virtual columns that are values, counted and filtered like the stored ones. */
export type VirtualValueColumnId = Exclude<VirtualColumnId, 'eventTime' | 'eventID'>;
/** Columns whose values can be counted and filtered as strings. */
export type ValueColumnId = DictColumnId | MultiColumnId | VirtualValueColumnId;
export type ColumnId = DictColumnId | MultiColumnId | VirtualColumnId;
/** Columns that give every event one value at most, so that a stack of their values adds up to the events. */
export type SingleColumnId = Exclude<ValueColumnId, MultiColumnId>;

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
  'agentTool',
  'agentMark',
  'addressKind',
  'readOnly',
  'eventCategory',
  'invokedBy',
  'userName',
  'sourceIdentity',
  'mfa',
  'outcome',
  'eventType',
  'integrity',
  'origin',
  'depth',
  'originProof',
  'starred',
];

/** What the timeline can be stacked by. */
export const STACK_COLUMNS: readonly SingleColumnId[] = [
  'readOnly',
  'eventSource',
  'errorCode',
  'outcome',
  'awsRegion',
  'identityType',
  'account',
  'principal',
  'origin',
  'depth',
  'originProof',
  'agentTool',
  'agentMark',
  'addressKind',
  'sourceIPAddress',
  'accessKeyId',
  'eventName',
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
