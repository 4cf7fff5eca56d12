/** The sentence that says how a link is known. */
import type { LinkKind } from '../../shared/lineage.ts';
import type { OpenCase } from '../query/open-case.ts';
import type { CredentialGraph, Link } from './graph.ts';
import { keptText, keyText } from './names.ts';
import { CaseRows } from './rows.ts';

const SHOWN = 200;

export function reasonOf(open: OpenCase, graph: CredentialGraph, n: number, { how, exact, row }: Link): string {
  const rows = new CaseRows(open);
  const call = short(rows.text(row, 'eventName') ?? 'The call');
  const key = short(keyText(open, graph, n) ?? '');
  const parent = graph.parent[n];
  const by = keyText(open, graph, parent);
  const start = keptText(open, graph, n, 'sessionStart');
  const sentences: Record<LinkKind, string> = {
    issued: exact
      ? `${call} answered with key ${key}${by === null ? ', called by whom the record names' : `, called with key ${short(by)}`}; it was used within its lifetime.`
      : `${call} answered with key ${key}, but all uses lie outside its lifetime or have no time.`,
    'issued-unused': `${call} answered with key ${key}${by === null ? '' : `, called with key ${short(by)}`}; issued, never used in evidence. The issue is exact; there is no use to tie to it.`,
    'created-key': exact
      ? `CreateAccessKey made key ${key} for ${short(rows.text(row, 'issuedTo') ?? 'the caller')}${graph.events[n] === 0 ? '; created, never used in evidence' : ''}.`
      : `CreateAccessKey made key ${key}, but all uses lie before that or have no time.`,
    'signed-in':
      'The same principal signed in at the console when this session began. No record ties the keys of a console session to the sign-in.',
    'signin-token': 'GetSigninToken was called for the same principal shortly before this console session began.',
    'switched-role':
      'SwitchRole of this session names the identity that it was switched from; which of its sessions that was is taken from the time.',
    'same-session': 'Same principal ID and same beginning of the session; these records name no access key.',
    'for-service': `${short(keptText(open, graph, n, 'invokedBy') ?? 'An AWS service')} called with a key of its own for a session with the same principal ID and beginning.`,
    'session-name':
      rows.code(row, 'issuedKey') === 0
        ? `${call} for this role was called in the second in which the session began; its record leaves out which key it answered with.`
        : `${call} issued a session of this role and name within a second of ${short(start ?? 'its beginning')}, when this session began; the key IDs were not matched.`,
    launched: 'RunInstances launched the instance that the session is named after.',
    'same-principal':
      graph.issueRow[n] === row
        ? `${call} answered with key ${key}; only the account that was called recorded it, and names the caller by its principal ID. This is the only credential of that principal that was in use then.`
        : 'The other account names the caller by its principal ID; this is the only credential of that principal that was in use then.',
    federated: 'The Identity Center user of this session’s name signed in shortly before it began.',
    'on-behalf-of': 'The session names the Identity Center user that it acts for.',
    'source-identity': 'The session carries this source identity, which was set when the first role of the chain was assumed.',
  };
  const twin =
    (how === 'issued' || how === 'issued-unused') && parent !== 0 && by === null && rows.text(row, 'identityType') === 'AWSAccount'
      ? ' The record is the one of the account that was called, which does not name the caller’s key.'
      : '';
  return sentences[how] + twin;
}

const short = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
