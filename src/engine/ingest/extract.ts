/**
 * From a record to the values of the columns: one extractor for each id of the column list. Values are verbatim; what is not a
 * string in the record is shown as its JSON. Null is absent.
 */
import type { DictColumnId } from '../../shared/columns.ts';
import { principalOf, userNameOf } from './principal.ts';
import { isObject, type JsonObject, type KnownIdentity, type RecordView, words } from './record.ts';

/** What an extractor sees. */
export interface Extracted extends RecordView {
  /** The identity, when other records of this import may share it. */
  known: KnownIdentity | null;
  /** Only some fields of the event are there: what is missing then says nothing. */
  summary?: boolean;
}

/** A view to be filled by `viewRecord`, record after record. */
export const emptyView = (): Extracted => ({
  record: {},
  identity: null,
  session: null,
  issuer: null,
  attributes: null,
  known: null,
  summary: false,
});

type Extractor = (view: Extracted) => string | null;

export const EXTRACTORS: Record<DictColumnId, Extractor> = {
  eventName: (v) => text(v.record.eventName),
  eventSource: (v) => text(v.record.eventSource),
  principal: (v) => (v.identity === null ? null : principalOf(v.identity, v)),
  userName: (v) => (v.identity === null ? null : userNameOf(v.identity)),
  identityType: (v) => (v.identity === null ? null : text(v.identity.type)),
  identity: (v) => (v.identity === null ? null : identityOf(v.identity)),
  accessKeyId: (v) => (v.identity === null ? null : text(v.identity.accessKeyId)),
  sourceIPAddress: (v) => text(v.record.sourceIPAddress),
  userAgent: (v) => text(v.record.userAgent),
  awsRegion: (v) => text(v.record.awsRegion),
  account: (v) => text(v.record.recipientAccountId) || (v.identity === null ? null : text(v.identity.accountId)),
  callerAccount: (v) => (v.identity === null ? null : text(v.identity.accountId)),
  errorCode: (v) => text(v.record.errorCode),
  outcome: (v) => (v.summary && words(v.record.errorCode) === null ? null : outcomeOf(v.record)),
  readOnly: (v) => text(v.record.readOnly),
  eventCategory: (v) => text(v.record.eventCategory),
  eventType: (v) => text(v.record.eventType),
  invokedBy: (v) => (v.identity === null ? null : text(v.identity.invokedBy)),
  vpcEndpointId: (v) => text(v.record.vpcEndpointId),
  principalId: (v) => (v.identity === null ? null : text(v.identity.principalId)),
  sessionIssuer: (v) => (v.issuer === null ? null : text(v.issuer.arn)),
  sessionStart: (v) => (v.attributes === null ? null : text(v.attributes.creationDate)),
  mfa: (v) => mfaOf(v),
  sourceIdentity: (v) => (v.session === null ? null : text(v.session.sourceIdentity)),
  onBehalfOf: (v) => (v.identity === null ? null : within(v.identity.onBehalfOf, 'userId')),
  federation: (v) =>
    v.identity === null
      ? null
      : (text(v.identity.identityProvider) ?? (v.session === null ? null : within(v.session.webIdFederationData, 'federatedProvider'))),
  issuedFor: (v) => (v.identity === null ? null : within(v.identity.inScopeOf, 'credentialsIssuedTo')),
  roleDelivery: (v) => (v.session === null ? null : text(v.session.ec2RoleDelivery)),
  fromConsole: (v) => text(v.record.sessionCredentialFromConsole),
  sharedEventID: (v) => text(v.record.sharedEventID),
  switchedFrom: (v) => within(v.record.additionalEventData, 'SwitchFrom'),
  issuedKey: (v) => issuedKeyOf(v.record.responseElements),
  issuedTo: (v) => issuedToOf(v.record),
  issuedExpires: (v) => (isObject(v.record.responseElements) ? within(v.record.responseElements.credentials, 'expiration') : null),
  bytesIn: (v) => within(v.record.additionalEventData, 'bytesTransferredIn'),
  bytesOut: (v) => within(v.record.additionalEventData, 'bytesTransferredOut'),
};

/** Columns whose values follow from the userIdentity alone, unless it is that of an AWS service. */
export const IDENTITY_COLUMNS: ReadonlySet<DictColumnId> = new Set<DictColumnId>([
  'principal',
  'userName',
  'identityType',
  'identity',
  'accessKeyId',
  'callerAccount',
  'invokedBy',
  'principalId',
  'sessionIssuer',
  'sessionStart',
  'sourceIdentity',
  'onBehalfOf',
  'federation',
  'issuedFor',
  'roleDelivery',
]);

const within = (value: unknown, field: string): string | null => (isObject(value) ? text(value[field]) : null);

/** `mfaAuthenticated` is a string in records; a console sign-in says MFAUsed Yes or No in additionalEventData. */
function mfaOf({ record, attributes }: Extracted): string | null {
  if (attributes !== null && attributes.mfaAuthenticated !== undefined) return text(attributes.mfaAuthenticated);
  const used = within(record.additionalEventData, 'MFAUsed');
  return used === 'Yes' ? 'true' : used === 'No' ? 'false' : used;
}

/** STS and its kin answer with `credentials`, IAM CreateAccessKey with `accessKey`. */
function issuedKeyOf(response: unknown): string | null {
  if (!isObject(response)) return null;
  return within(response.credentials, 'accessKeyId') ?? within(response.accessKey, 'accessKeyId');
}

/** AssumeRoot names in the request whose root it is, the others in the response who received the credentials. */
function issuedToOf(record: JsonObject): string | null {
  const response = record.responseElements;
  if (!isObject(response) || issuedKeyOf(response) === null) return null;
  return (
    within(response.assumedRoleUser, 'arn') ??
    within(response.federatedUser, 'arn') ??
    within(response.accessKey, 'userName') ??
    (record.eventName === 'AssumeRoot' ? within(record.requestParameters, 'targetPrincipal') : null)
  );
}

/** A value as a column shows it: strings verbatim, true and false and numbers as written in JSON, null and missing as absent. */
export function text(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The arn, else the type and the first of invokedBy, userName, principalId, accountId; null when the identity says none of them. */
function identityOf(u: JsonObject): string | null {
  const arn = words(u.arn);
  if (arn !== null) return arn;
  const first = words(u.invokedBy) ?? words(u.userName) ?? words(u.principalId) ?? words(u.accountId);
  return first === null ? null : `${words(u.type) ?? ''}:${first}`;
}

const DENIED =
  /access_?\s?denied|un_?authori[sz]ed|not_?\s?authori[sz]ed|authorizationerror|authfailure|forbidden|insufficientprivileges|failed authentication|no username found/i;
const outcomeOfCode = new Map<string, 'denied' | 'error'>();

function judge(code: string): 'denied' | 'error' {
  let outcome = outcomeOfCode.get(code);
  if (outcome === undefined) {
    outcome = DENIED.test(code.slice(0, 1024)) ? 'denied' : 'error';
    if (outcomeOfCode.size >= 10_000) outcomeOfCode.clear();
    outcomeOfCode.set(code, outcome);
  }
  return outcome;
}

/**
 * success, denied or error; null for what is no call (an insight). Sign-in events put their failure into responseElements under
 * the event's own name (those of Identity Center into serviceEventDetails), and a failed ConsoleLogin may carry only an errorMessage.
 */
function outcomeOf(record: JsonObject): string | null {
  const code = record.errorCode;
  if (typeof code === 'string' && code !== '') return judge(code);
  if (code !== undefined && code !== null && typeof code !== 'string') return 'error';
  const message = record.errorMessage;
  const name = record.eventName;
  if (typeof name === 'string' && (saysFailure(record.responseElements, name) || saysFailure(record.serviceEventDetails, name)))
    return 'denied';
  if (typeof message === 'string' && message !== '') return judge(message);
  return isInsight(record) ? null : 'success';
}

const saysFailure = (value: unknown, name: string): boolean => isObject(value) && Object.hasOwn(value, name) && value[name] === 'Failure';

export const isInsight = (record: JsonObject): boolean => record.eventCategory === 'Insight' || record.eventType === 'AwsCloudTrailInsight';
export const isAggregated = (record: JsonObject): boolean =>
  record.eventCategory === 'Aggregated' || record.eventType === 'AwsAggregatedEvent';

/** Number of top-level fields that have a value, at most 255: of several copies of an event the richest is shown. */
export function richness(record: JsonObject): number {
  let fields = 0;
  for (const key in record) if (record[key] !== null) fields++;
  return Math.min(fields, 255);
}
