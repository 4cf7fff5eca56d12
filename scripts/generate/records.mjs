/**
 * Builds CloudTrail records: the identities a call can have and the record around them, in the field order of real trail files
 * (record version 1.11). Pure: everything random comes in.
 */

/** @typedef {Record<string, unknown>} Json */
/**
 * A caller: what goes into `userIdentity`, and what comes with it in every record.
 * @typedef {object} Caller
 * @property {Json} identity
 * @property {string | null} account the caller's account
 * @property {string} ip address or service name
 * @property {string} agent
 * @property {boolean} [console] the session came from the console
 * @property {string} [vpcEndpoint]
 */
/**
 * An API call, or an event that is none.
 * @typedef {object} Call
 * @property {string} source such as `ec2.amazonaws.com`
 * @property {string} name
 * @property {boolean} readOnly
 * @property {Json | null} [request]
 * @property {Json | null} [response]
 * @property {Json} [additional]
 * @property {{ARN: string, accountId?: string, type: string}[]} [resources]
 * @property {string} [errorCode]
 * @property {string} [errorMessage]
 * @property {string} [type] AwsApiCall unless said otherwise
 * @property {'Management' | 'Data'} [category]
 * @property {string} [apiVersion]
 * @property {Json} [serviceEvent]
 * @property {string} [sharedEventID]
 */

/** @param {number} ms @returns {string} the format of eventTime: whole seconds, UTC */
export const eventTime = (ms) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** @param {string} account @param {string} role @param {string} roleId */
const issuer = (account, role, roleId) => ({
  type: 'Role',
  principalId: roleId,
  arn: `arn:aws:iam::${account}:role/${role}`,
  accountId: account,
  userName: role.slice(role.lastIndexOf('/') + 1),
});

export const identities = {
  /** @param {{account: string, user: string, id: string, key: string, consoleSince?: number}} u */
  iamUser: (u) => ({
    type: 'IAMUser',
    principalId: u.id,
    arn: `arn:aws:iam::${u.account}:user/${u.user}`,
    accountId: u.account,
    accessKeyId: u.key,
    userName: u.user,
    ...(u.consoleSince ? { sessionContext: { attributes: { creationDate: eventTime(u.consoleSince), mfaAuthenticated: 'true' } } } : {}),
  }),

  /** @param {{account: string, key?: string, since?: number}} r */
  root: (r) => ({
    type: 'Root',
    principalId: r.account,
    arn: `arn:aws:iam::${r.account}:root`,
    accountId: r.account,
    ...(r.key ? { accessKeyId: r.key } : {}),
    ...(r.since ? { sessionContext: { attributes: { creationDate: eventTime(r.since), mfaAuthenticated: 'true' } } } : {}),
  }),

  /**
   * @param {{account: string, role: string, roleId: string, session: string, key: string, since: number, mfa?: boolean,
   *   federation?: {provider: string, attributes: Json}, sourceIdentity?: string, ec2?: boolean, invokedBy?: string}} s
   */
  assumedRole: (s) => ({
    type: 'AssumedRole',
    principalId: `${s.roleId}:${s.session}`,
    arn: `arn:aws:sts::${s.account}:assumed-role/${s.role.slice(s.role.lastIndexOf('/') + 1)}/${s.session}`,
    accountId: s.account,
    accessKeyId: s.key,
    sessionContext: {
      sessionIssuer: issuer(s.account, s.role, s.roleId),
      ...(s.federation
        ? { webIdFederationData: { federatedProvider: s.federation.provider, attributes: s.federation.attributes } }
        : { webIdFederationData: {} }),
      attributes: { creationDate: eventTime(s.since), mfaAuthenticated: s.mfa ? 'true' : 'false' },
      ...(s.sourceIdentity ? { sourceIdentity: s.sourceIdentity } : {}),
      ...(s.ec2 ? { ec2RoleDelivery: '2.0' } : {}),
    },
    ...(s.invokedBy ? { invokedBy: s.invokedBy } : {}),
  }),

  /** @param {string} service */
  service: (service) => ({ type: 'AWSService', invokedBy: service }),

  /** @param {{principalId: string, userName: string, provider: string}} w */
  webIdentity: (w) => ({ type: 'WebIdentityUser', principalId: w.principalId, userName: w.userName, identityProvider: w.provider }),

  /** @param {{principalId: string, userName: string, provider: string}} s */
  saml: (s) => ({ type: 'SAMLUser', principalId: s.principalId, userName: s.userName, identityProvider: s.provider }),

  /** @param {{account: string, principalId: string}} a */
  otherAccount: (a) => ({ type: 'AWSAccount', principalId: a.principalId, accountId: a.account }),

  /** @param {{account: string, userId: string, store: string, credential: string}} i */
  identityCenter: (i) => ({
    type: 'IdentityCenterUser',
    accountId: i.account,
    onBehalfOf: { userId: i.userId, identityStoreArn: `arn:aws:identitystore::${i.account}:identitystore/${i.store}` },
    credentialId: i.credential,
  }),
};

/** Host names of services in tlsDetails, for calls made with a client of our own. @param {string} source @param {string} region */
const host = (source, region) => {
  const service = source.slice(0, source.indexOf('.'));
  return service === 'iam' ? 'iam.amazonaws.com' : `${service}.${region}.amazonaws.com`;
};

/**
 * One record as it stands in a trail file.
 * @param {import('./random.mjs').Random} random @param {number} time ms @param {Caller} caller @param {Call} call
 * @param {{region: string, account: string}} place account is the recipient's
 * @returns {Json}
 */
export function record(random, time, caller, call, place) {
  const fromService = caller.ip.endsWith('.amazonaws.com') || caller.ip === 'AWS Internal';
  const data = call.category === 'Data';
  return {
    eventVersion: '1.11',
    userIdentity: caller.identity,
    eventTime: eventTime(time),
    eventSource: call.source,
    eventName: call.name,
    awsRegion: place.region,
    sourceIPAddress: caller.ip,
    userAgent: caller.agent,
    ...(call.errorCode ? { errorCode: call.errorCode } : {}),
    ...(call.errorMessage ? { errorMessage: call.errorMessage } : {}),
    requestParameters: call.request ?? null,
    responseElements: call.errorCode ? null : (call.response ?? null),
    ...(call.additional ? { additionalEventData: call.additional } : {}),
    requestID: random.uuid(),
    eventID: random.uuid(),
    readOnly: call.readOnly,
    ...(call.resources && !call.errorCode ? { resources: call.resources } : {}),
    eventType: call.type ?? 'AwsApiCall',
    ...(call.apiVersion ? { apiVersion: call.apiVersion } : {}),
    managementEvent: !data,
    recipientAccountId: place.account,
    ...(call.sharedEventID ? { sharedEventID: call.sharedEventID } : {}),
    ...(call.serviceEvent ? { serviceEventDetails: call.serviceEvent } : {}),
    ...(caller.vpcEndpoint ? { vpcEndpointId: caller.vpcEndpoint, vpcEndpointAccountId: place.account } : {}),
    eventCategory: call.category ?? 'Management',
    ...(fromService || call.type === 'AwsServiceEvent' || call.type === 'AwsConsoleSignIn'
      ? {}
      : {
          tlsDetails: {
            tlsVersion: 'TLSv1.3',
            cipherSuite: 'TLS_AES_128_GCM_SHA256',
            clientProvidedHostHeader: host(call.source, place.region),
          },
        }),
    ...(caller.console ? { sessionCredentialFromConsole: 'true' } : {}),
  };
}
