/** The sentence that says how a link is known. */
import type { LinkKind } from '../../shared/lineage.ts';
import type { OpenCase } from '../query/open-case.ts';
import { type CredentialGraph, KINDS, type Link } from './graph.ts';
import { keptText, keyText } from './names.ts';
import { CaseRows } from './rows.ts';
import { utcTime } from './times.ts';

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
    launched:
      KINDS[graph.kind[n]] === 'ec2'
        ? 'RunInstances launched the instance that the session is named after. The instance was launched by this credential; who uses it since, the record does not tell.'
        : 'RunInstances launched an instance of the name that this session has. No record shows that AWS issued the session to it: whoever assumes a role can choose such a name. Launched by this credential, no more.',
    'same-principal':
      graph.issueRow[n] === row
        ? `${call} answered with key ${key}; only the account that was called recorded it, and names the caller by its principal ID. ${inUse(rows.time(row), graph.last[parent])}`
        : `The other account names the caller by its principal ID. ${inUse(rows.time(row), graph.last[parent])}`,
    federated: 'The Identity Center user of this session’s name signed in shortly before it began.',
    'on-behalf-of': 'The session names the Identity Center user that it acts for.',
    'source-identity': 'The session carries this source identity, which was set when the first role of the chain was assumed.',
  };
  const twin =
    (how === 'issued' || how === 'issued-unused') && parent !== 0 && by === null && rows.text(row, 'identityType') === 'AWSAccount'
      ? ' The record is the one of the account that was called, which does not name the caller’s key.'
      : '';
  const misfit = graph.misfits.has(n) ? ' Its uses are of another than it was issued to, so that it is not taken as proof.' : '';
  const contested = graph.owners.has(n) ? ` ${contestedText(graph, n)} The issue is taken for whom it names, and not as proof.` : '';
  return sentences[how] + twin + misfit + contested;
}

/** That a key ID is used by several principals. */
export const contestedText = (graph: CredentialGraph, n: number): string =>
  `Records give this key ID to ${graph.owners.get(n)?.length ?? 0} principals, though AWS gives one to a single principal: it was changed or made unreadable in some of them, or they are not what they seem.`;

/** How one credential of a principal was told from others that it may have had. */
const inUse = (time: number, lastUse: number): string =>
  time > lastUse
    ? `Which of its credentials that was is not recorded; this is the only one in evidence that can have been valid then. Its last recorded use is at ${utcTime(lastUse)}.`
    : 'This is the only credential of that principal in evidence that was used before and after.';

const short = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
