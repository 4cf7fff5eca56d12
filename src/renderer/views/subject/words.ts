/** What the subject of a page is, in words, from its value alone. Says what the form of a value means, not what is not in it. */
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

function addressWords(value: string): SubjectWords {
  if (value === 'AWS Internal') return { kind: 'Internal', text: 'The call came from inside AWS; no address is recorded.' };
  if (/^(\d{1,3}\.){3}\d{1,3}$/.test(value)) {
    const [a, b] = value.split('.').map(Number);
    const inside = a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168);
    if (inside)
      return {
        kind: 'Private address',
        text: 'A private address: the call came through a VPC endpoint, and the address says nothing outside that network.',
      };
    if (a === 100 && b >= 64 && b <= 127)
      return { kind: 'Shared address', text: 'An address of the range that carriers share (100.64.0.0/10).' };
    return { kind: 'IP address', text: '' };
  }
  if (value.includes(':')) return { kind: 'IPv6 address', text: '' };
  if (/\.amazonaws\.com(\.cn)?$/.test(value))
    return { kind: 'AWS service', text: 'An AWS service made the calls, so its name stands in the place of an address.' };
  return { kind: 'Source', text: 'What stands here is no address.' };
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
    text: `A resource of ${service || 'an unnamed service'}${where ? ` ${where}` : ''}, as its ARN says. Other calls may name it by a short name, which has a page of its own.`,
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
    case 'sourceIPAddress': {
      const words = addressWords(value);
      return { kind: words.kind, text: words.text };
    }
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
