/**
 * An event in one sentence: who, what, where from, with what, and how it ended. Only what the record says; a part that the
 * record lacks is named as not recorded. Identity types are those of the CloudTrail userIdentity reference.
 */
import type { ValueColumnId } from '../../../shared/columns.ts';
import { type JsonNode, nodeAt, textAt } from '../record-tree-model.ts';

/** A piece of the sentence; with a column it is a value that can be filtered by. */
export interface Phrase {
  text: string;
  column?: ValueColumnId;
  value?: string;
  /** Emphasis of the outcome. */
  tone?: 'denied' | 'error' | 'good';
}

export type ColumnValues = Partial<Record<string, string | null | string[]>>;

const plain = (text: string): Phrase => ({ text });
const valued = (column: ValueColumnId, value: string, text = value): Phrase => ({ text, column, value });

/** One value of a column as the engine derived it. */
export function oneOf(values: ColumnValues, column: string): string | null {
  const value = values[column];
  return Array.isArray(value) ? (value[0] ?? null) : (value ?? null);
}

/** `s3` for `s3.amazonaws.com`; anything else stays as it is. */
export const shortService = (source: string): string => source.replace(/\.amazonaws\.com(\.cn)?$/, '');

/** Last part of an ARN's resource: `Admin` of `arn:aws:iam::1:role/path/Admin`. */
export const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** Role and session of an assumed-role ARN; null for any other text. */
export function assumedRole(arn: string): { role: string; session: string } | null {
  const match = /^arn:[^:]*:sts::[^:]*:assumed-role\/(.+)\/([^/]*)$/su.exec(arn);
  return match ? { role: match[1], session: match[2] } : null;
}

interface Reader {
  identity(...keys: (string | number)[]): string | null;
  record(...keys: (string | number)[]): string | null;
  values: ColumnValues;
}

const read = (root: JsonNode | null, values: ColumnValues): Reader => ({
  identity: (...keys) => textAt(root, 'userIdentity', ...keys),
  record: (...keys) => textAt(root, ...keys),
  values,
});

/** Who, as a noun phrase that begins with a capital letter. */
export function whoPhrases(root: JsonNode | null, values: ColumnValues): Phrase[] {
  const r = read(root, values);
  const type = r.identity('type') ?? oneOf(values, 'identityType');
  const out = callerPhrases(r, type);
  const caller = r.identity('accountId') ?? oneOf(values, 'callerAccount');
  if (caller && type !== 'AWSAccount') out.push(plain(' of account '), valued('callerAccount', caller));
  const source = r.identity('sessionContext', 'sourceIdentity');
  if (source) out.push(plain(`, source identity ${source}`));
  const behalf = r.identity('onBehalfOf', 'userId');
  if (behalf && type !== 'IdentityCenterUser') out.push(plain(`, on behalf of Identity Center user ${behalf}`));
  const invokedBy = r.identity('invokedBy') ?? oneOf(values, 'invokedBy');
  if (invokedBy && type !== 'AWSService') out.push(plain(', through the service '), valued('invokedBy', invokedBy), plain(','));
  return out;
}

function callerPhrases(r: Reader, type: string | null): Phrase[] {
  const arn = r.identity('arn') ?? '';
  const userName = r.identity('userName');
  const issuer = r.identity('sessionContext', 'sessionIssuer', 'userName');
  const provider = r.identity('identityProvider') ?? r.identity('sessionContext', 'webIdFederationData', 'federatedProvider');
  const principal = oneOf(r.values, 'principal');
  const named = (name: string): Phrase => (principal ? valued('principal', principal, name) : plain(name));
  const session = (name: string): Phrase[] => {
    const known = oneOf(r.values, 'userName');
    return [plain(' (session '), known === name ? valued('userName', name) : plain(name), plain(')')];
  };
  switch (type) {
    case 'Root':
      return [named('The root user')];
    case 'IAMUser':
      return [plain('IAM user '), named(userName ?? (arn ? lastPart(arn) : 'without a recorded name'))];
    case 'AssumedRole': {
      const parts = assumedRole(arn);
      if (r.identity('sessionContext', 'assumedRoot') === 'true') return [named('The root user'), plain(' (a session from AssumeRoot)')];
      const role = issuer ?? parts?.role ?? null;
      const name = parts?.session ?? sessionOfPrincipalId(r.identity('principalId'));
      return [plain('Role '), named(role ?? 'without a recorded name'), ...(name ? session(name) : [plain(' (session not recorded)')])];
    }
    case 'Role':
      return [plain('Role '), named(userName ?? issuer ?? (arn ? lastPart(arn) : 'without a recorded name'))];
    case 'FederatedUser': {
      const name = userName ?? (arn ? lastPart(arn) : null) ?? sessionOfPrincipalId(r.identity('principalId'));
      const by = issuer ?? r.identity('sessionContext', 'sessionIssuer', 'type');
      return [plain('Federated user '), named(name ?? 'without a recorded name'), ...(by ? [plain(` (credentials issued by ${by})`)] : [])];
    }
    case 'Directory':
      return [plain('Directory user '), named(userName ?? 'without a recorded name')];
    case 'AWSAccount': {
      const account = r.identity('accountId') ?? oneOf(r.values, 'callerAccount');
      const id = r.identity('principalId') ?? oneOf(r.values, 'principalId');
      const out: Phrase[] = [plain('Someone of account '), account ? valued('callerAccount', account) : plain('not recorded')];
      if (id === null) return [...out, plain(' (only the account is recorded)')];
      return [...out, plain(' (principal ID '), valued('principalId', id), plain(', by which the other account names its caller)')];
    }
    case 'AWSService': {
      const service = r.identity('invokedBy') ?? oneOf(r.values, 'invokedBy');
      return [plain('The AWS service '), service ? valued('invokedBy', service) : plain('without a recorded name')];
    }
    case 'IdentityCenterUser': {
      const id = r.identity('onBehalfOf', 'userId');
      return [plain('Identity Center user '), named(userName ?? id ?? 'without a recorded name')];
    }
    case 'SAMLUser':
    case 'WebIdentityUser': {
      const what = type === 'SAMLUser' ? 'SAML user ' : 'Web identity user ';
      const name = userName ?? sessionOfPrincipalId(r.identity('principalId')) ?? r.identity('principalId');
      return [plain(what), named(name ?? 'without a recorded name'), ...(provider ? [plain(` (by ${provider})`)] : [])];
    }
    case 'Unknown':
      return [plain('An identity that CloudTrail calls Unknown'), ...(userName ? [plain(' ('), named(userName), plain(')')] : [])];
    case null:
      return principal ? [named(principal)] : [plain('A caller that is not recorded')];
    default:
      return [plain(`An identity of type ${type}`), ...(userName ? [plain(' ('), named(userName), plain(')')] : [])];
  }
}

/** `AROA…:session` carries the session or user name after the colon. */
function sessionOfPrincipalId(principalId: string | null): string | null {
  const colon = principalId?.indexOf(':') ?? -1;
  return principalId && colon >= 0 && colon < principalId.length - 1 ? principalId.slice(colon + 1) : null;
}

/** What was done, beginning with the verb and a blank before it. */
function whatPhrases(r: Reader): Phrase[] {
  const name = r.record('eventName') ?? oneOf(r.values, 'eventName');
  const source = r.record('eventSource') ?? oneOf(r.values, 'eventSource');
  const type = r.record('eventType') ?? oneOf(r.values, 'eventType');
  const verb =
    type === 'AwsServiceEvent'
      ? ' is named in the service event '
      : type === 'AwsConsoleSignIn'
        ? ' used the sign-in event '
        : type === 'AwsConsoleAction'
          ? ' did in the console '
          : ' called ';
  const out: Phrase[] = [plain(verb), name ? valued('eventName', name) : plain('something without an event name')];
  out.push(plain(type === 'AwsServiceEvent' ? ' of ' : ' on '));
  out.push(source ? valued('eventSource', source, shortService(source)) : plain('a service that is not recorded'));
  if (type === 'AwsVpceEvent') out.push(plain(' through a VPC endpoint'));
  const region = r.record('awsRegion') ?? oneOf(r.values, 'awsRegion');
  const account = oneOf(r.values, 'account');
  const caller = r.identity('accountId') ?? oneOf(r.values, 'callerAccount');
  if (region) out.push(plain(' in '), valued('awsRegion', region));
  if (account && account !== caller) out.push(plain(' of account '), valued('account', account));
  const resources = r.values.resource;
  const all = Array.isArray(resources) ? resources : resources ? [resources] : [];
  if (all.length > 0) out.push(plain(', naming '), valued('resource', all[0]));
  if (all.length > 1) out.push(plain(` and ${all.length - 1} more`));
  return out;
}

function fromPhrases(r: Reader): Phrase[] {
  const ip = r.record('sourceIPAddress') ?? oneOf(r.values, 'sourceIPAddress');
  const agent = r.record('userAgent') ?? oneOf(r.values, 'userAgent');
  const out: Phrase[] = ip ? [plain(', from '), valued('sourceIPAddress', ip)] : [plain(', from an address that is not recorded')];
  if (agent && agent !== ip) out.push(plain(' with '), valued('userAgent', agent, shortAgent(agent)));
  return out;
}

/** The first product of a user agent, as it names itself; the whole one stands among the values. */
export function shortAgent(agent: string): string {
  const text = /^\[(.*)\]$/su.exec(agent)?.[1] ?? agent;
  const product = text.split(' ', 1)[0];
  return product === '' || product === text ? agent : `${product} …`;
}

/** How it ended. CloudTrail records failures; where it records none, that is all that can be said. */
export function outcomePhrases(root: JsonNode | null, values: ColumnValues): Phrase[] {
  const r = read(root, values);
  const outcome = oneOf(values, 'outcome');
  const code = r.record('errorCode') ?? oneOf(values, 'errorCode');
  const message = r.record('errorMessage');
  const why: Phrase[] = [];
  if (code) why.push(plain(': '), valued('errorCode', code));
  if (message) why.push(plain(`${code ? ', ' : ': '}“${message}”`));
  if (outcome === 'denied') return [{ text: 'denied', tone: 'denied', column: 'outcome', value: 'denied' }, ...why];
  if (outcome === 'error' || code) return [{ text: 'failed', tone: 'error', column: 'outcome', value: outcome ?? 'error' }, ...why];
  const signIn = textAt(root, 'responseElements', 'ConsoleLogin');
  if (signIn === 'Success') return [{ text: 'succeeded', tone: 'good' }];
  if (signIn) return [{ text: `sign-in: ${signIn}`, tone: signIn === 'Failure' ? 'error' : undefined }, ...why];
  if (values.outcome === null) return [plain('how it ended is not in this source')];
  return [{ text: 'no error recorded', tone: 'good' }, ...why];
}

/** The whole sentence, without the time (the pane shows it beside). Works on the columns alone when the record is not there. */
export function sentenceOf(root: JsonNode | null, values: ColumnValues): Phrase[] {
  const insight = nodeAt(root, 'insightDetails');
  if (insight && insight.kind === 'object') return insightPhrases(root, values);
  const r = read(root, values);
  return [...whoPhrases(root, values), ...whatPhrases(r), ...fromPhrases(r), plain(' – '), ...outcomePhrases(root, values), plain('.')];
}

function insightPhrases(root: JsonNode | null, values: ColumnValues): Phrase[] {
  const at = (key: string): string | null => textAt(root, 'insightDetails', key);
  const state = at('state');
  const name = at('eventName') ?? oneOf(values, 'eventName');
  const source = at('eventSource') ?? oneOf(values, 'eventSource');
  const region = oneOf(values, 'awsRegion');
  const out: Phrase[] = [plain('CloudTrail Insights: an unusual rate ('), plain(at('insightType') ?? 'type not recorded'), plain(') of ')];
  out.push(name ? valued('eventName', name) : plain('a call that is not named'));
  if (source) out.push(plain(' on '), valued('eventSource', source, shortService(source)));
  if (region) out.push(plain(' in '), valued('awsRegion', region));
  out.push(plain(state === 'Start' ? ' began.' : state === 'End' ? ' ended.' : ' was noticed.'));
  out.push(plain(' An insight has no caller.'));
  return out;
}

/** The sentence as text, for notes and copying: with the whole user agent. */
export const sentenceText = (phrases: readonly Phrase[]): string =>
  phrases.map((p) => (p.column === 'userAgent' ? (p.value ?? p.text) : p.text)).join('');

/** What is to be said of a request or response that is not there. CloudTrail leaves out what is over 100 KB. */
export function absenceText(state: 'absent' | 'null', part: 'request' | 'response'): string {
  if (state === 'absent') return `The field is absent from the record: nothing can be said about the ${part}.`;
  return part === 'response'
    ? 'null in the record: read-only calls have no response here, and CloudTrail leaves out what is larger than 100 KB.'
    : 'null in the record: the call had no parameters, or they were left out (CloudTrail leaves out what is larger than 100 KB).';
}
