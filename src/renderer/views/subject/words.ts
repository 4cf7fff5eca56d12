/** What the subject of a page is, in words, from its value alone. Says what the form of a value means, not what is not in it. */
import { type AddressKind, addressKind } from '../../../shared/addresses.ts';
import { markFacts, parseAgent, toolNamed } from '../../../shared/agents.ts';
import { columnSpec, type ValueColumnId } from '../../../shared/columns.ts';

export interface SubjectWords {
  /** `Role`, `IAM user`, `Access key`, … */
  kind: string;
  /** One or two sentences; empty when the column's own help says it all. */
  text: string;
}

const PRINCIPAL_KINDS: Record<string, { kind: string; text: (account: string, name: string) => string }> = {
  role: {
    kind: 'Role',
    text: (account, name) =>
      `The role ${name} of account ${account}. All its sessions are here; what Event history calls “User name” is the session name, which whoever assumes the role may choose.`,
  },
  user: { kind: 'IAM user', text: (account, name) => `The IAM user ${name} of account ${account}.` },
  root: { kind: 'Root', text: (account) => `The root user of account ${account}, its owner with all rights.` },
  'federated-user': {
    kind: 'Federated user',
    text: (account, name) => `${name}, a federated user (GetFederationToken) in account ${account}.`,
  },
};

const OUTER_KINDS: Record<string, { kind: string; text: (name: string) => string }> = {
  service: { kind: 'AWS service', text: (name) => `The AWS service ${name}, acting by itself.` },
  account: { kind: 'Account', text: (name) => `Someone of account ${name}; the record does not say who.` },
  saml: { kind: 'SAML subject', text: (name) => `A subject of a SAML provider: ${name}.` },
  'web-identity': { kind: 'Web identity', text: (name) => `A subject of a web identity provider: ${name}.` },
  'identity-center': { kind: 'Identity Center user', text: (name) => `The IAM Identity Center user with the identifier ${name}.` },
  directory: { kind: 'Directory user', text: (name) => `The directory user ${name}.` },
  unknown: { kind: 'Unknown identity', text: (name) => `An identity whose kind the record does not say: ${name}.` },
};

export function principalWords(value: string): SubjectWords {
  const [first, second, ...rest] = value.split('/');
  const outer = Object.hasOwn(OUTER_KINDS, first) ? OUTER_KINDS[first] : undefined;
  if (outer && second !== undefined) return { kind: outer.kind, text: outer.text([second, ...rest].join('/')) };
  const inner = second !== undefined && Object.hasOwn(PRINCIPAL_KINDS, second) ? PRINCIPAL_KINDS[second] : undefined;
  if (!inner) return { kind: 'Principal', text: '' };
  const account = first === '?' ? 'that is not recorded' : first;
  return { kind: inner.kind, text: inner.text(account, rest.join('/')) };
}

// Prefixes of unique identifiers: IAM User Guide, "IAM identifiers".
const KEY_KINDS: Record<string, SubjectWords> = {
  AKIA: { kind: 'Long-term access key', text: 'A long-term key of an IAM user or of root: it works until it is deactivated or deleted.' },
  ASIA: {
    kind: 'Temporary credentials',
    text: 'Temporary credentials of a session, issued by STS or the console: they end by themselves after hours.',
  },
};

const ADDRESS_WORDS: Record<AddressKind, SubjectWords> = {
  public: { kind: 'Public address', text: '' },
  private: {
    kind: 'Private address',
    text: 'An address that the internet does not route, so the call came from inside a network, as through a VPC endpoint; it says nothing outside of that network.',
  },
  'VPC endpoint': { kind: 'VPC endpoint', text: 'The call came through a VPC endpoint.' },
  'AWS service': {
    kind: 'AWS service',
    text: 'An AWS service made the calls, so its name stands in the place of an address.',
  },
  'AWS Internal': { kind: 'Internal', text: 'The call came from inside AWS; no address is recorded.' },
  'not an address': { kind: 'Source', text: 'What stands here is no address.' },
};

/** What an agent says of itself, and why it is odd. */
function agentWords(value: string): SubjectWords {
  const agent = parseAgent(value);
  const named = (part: { name: string; version: string | null } | null): string =>
    part === null ? '' : `${part.name}${part.version === null ? '' : ` ${part.version}`}`;
  // The tool of the AWS CLI has its major version in its name, and an SDK may be the tool itself.
  const tool = agent.tool === 'other' ? '' : named({ name: agent.tool.replace(/\/\d+\.x$/, ''), version: agent.version });
  const ownSdk = agent.sdk !== null && toolNamed(agent.sdk.name) === agent.tool;
  const facts = [
    tool,
    !ownSdk && named(agent.sdk) && `by ${named(agent.sdk)}`,
    named(agent.language) && `in ${named(agent.language)}`,
    named(agent.system) && `on ${named(agent.system)}`,
    agent.environment && `in the environment ${agent.environment}`,
    agent.command && `with the command ${agent.command}`,
  ].filter(Boolean);
  const marks = agent.marks.map((m) => ` ▲ ${m.mark}: ${m.why}`).join('');
  const known = agent.tool === 'other' ? 'It names no tool that Trailcase knows' : '';
  const said = facts.length > 0 ? `${known === '' ? 'It says of itself' : `${known}; it says of itself`}: ${facts.join(', ')}` : known;
  return {
    kind: agent.tool === 'other' ? 'User agent' : `User agent (${agent.kind})`,
    text: `${said}. The caller chooses what it says.${marks}`,
  };
}

/** Why agents with this mark deserve a second look. */
function markWords(value: string): SubjectWords {
  const facts = markFacts(value);
  if (!facts) return { kind: 'Odd agent', text: columnSpec('agentMark').help };
  return { kind: 'Odd agent', text: `▲ ${facts.why} (${facts.source}). The caller chooses what an agent says, so anybody may say this.` };
}

function resourceWords(value: string): SubjectWords {
  const arn = /^arn:([^:]*):([^:]*):([^:]*):([^:]*):(.+)$/s.exec(value);
  if (!arn)
    return {
      kind: 'Resource',
      text: 'An identifier as it stands in requests, responses and resource lists; the same name may mean different things to different services.',
    };
  const [, , service, region, account] = arn;
  const where = [account ? `of account ${account}` : '', region ? `in ${region}` : ''].filter(Boolean).join(' ');
  return {
    kind: 'Resource (ARN)',
    text: `A resource of ${service || 'an unnamed service'}${where ? ` ${where}` : ''}, as its ARN says. Other calls may name it by a short name.`,
  };
}

export function subjectWords(column: ValueColumnId, value: string | null): SubjectWords {
  const spec = columnSpec(column);
  if (value === null) return { kind: spec.label, text: `Events in which this is absent: ${spec.help}` };
  switch (column) {
    case 'principal':
      return principalWords(value);
    case 'accessKeyId':
      return KEY_KINDS[value.slice(0, 4)] ?? { kind: 'Access key', text: spec.help };
    case 'sourceIPAddress':
      return ADDRESS_WORDS[addressKind(value)];
    case 'userAgent':
      return agentWords(value);
    case 'agentMark':
      return markWords(value);
    case 'resource':
      return resourceWords(value);
    case 'userName':
      return {
        kind: 'User name (session)',
        text: 'As in Event history: the session name of an assumed role, the name of an IAM user, or root. Different principals may use the same session name.',
      };
    default:
      return { kind: spec.label, text: spec.help };
  }
}
