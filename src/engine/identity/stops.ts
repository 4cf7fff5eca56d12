/** Why a chain goes no further back: what the evidence holds of the account, the Region and the time in which the issue would be. */
import { STOP_CODES, type StopCode } from '../../shared/lineage.ts';
import { HIDDEN } from '../columns/segment-columns.ts';
import type { OpenCase } from '../query/open-case.ts';
import { type CredentialGraph, type KeptColumn, KINDS } from './graph.ts';
import { resemblance, sessionName } from './kinds.ts';
import { identityText, keyText, maskedKeyText } from './names.ts';
import { contestedText } from './reasons.ts';
import { CaseRows } from './rows.ts';
import { credentialTime, secondOf, utcTime } from './times.ts';

/** Where IAM and the global STS endpoint record, by partition (CloudTrail User Guide, "Global service events"). */
const HOME_REGIONS: ReadonlyMap<string, string> = new Map([
  ['aws', 'us-east-1'],
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
]);
const SHOWN = 200;
const DAY_MS = 86_400_000;
const WORKLOADS = new Set(['lambda', 'ecs', 'eks', 'ssm', 'service', 'service-linked']);

/** From when the evidence holds what an account recorded: at all, in the Region of its global services, of STS in any Region. Infinity: never. */
interface Held {
  first: number;
  home: number;
  sts: number;
}

export class Stops {
  private readonly rows: CaseRows;
  private readonly held = new Map<string, Held>();
  private readonly signers = new Set<number>();
  private ofPrincipal: Map<number, number> | null = null;

  constructor(
    private readonly open: OpenCase,
    private readonly graph: CredentialGraph,
  ) {
    this.rows = new CaseRows(open);
    this.survey();
  }

  codeOf(n: number): StopCode {
    const { graph } = this;
    const kind = KINDS[graph.kind[n]];
    if (kind === 'attempt') return 'attempt';
    if (graph.owners.has(n)) return 'contested';
    if (graph.issues[n] > 1) return 'ambiguous';
    const named = graph.named.get(n);
    if (named !== undefined) return named.startsWith('IdentityCenterUser:') ? 'identity-provider' : 'issue-not-in-evidence';
    if (kind === 'service-call') return 'service';
    if (graph.issueRow[n] >= 0) {
      if (this.rows.text(graph.issueRow[n], 'identityType') !== 'AWSService') return 'no-identity';
      return kind === 'ec2' ? 'issued-for-instance' : 'issued-for-service';
    }
    const type = this.text(n, 'identityType');
    if (kind === 'external' && type !== 'AWSAccount') return 'identity-provider';
    if (type === 'IdentityCenterUser') return 'identity-provider';
    if (kind === 'root') return 'root';
    if (kind === 'ec2') return 'issued-for-instance';
    if (WORKLOADS.has(kind)) return 'issued-for-service';
    if (this.signers.has(n)) return 'signed-in';
    if (kind === 'service-forwarded') return 'forwarded';
    if (kind === 'console' && (graph.kept.fromConsole[n] !== 0 || graph.key[n] !== 0)) return 'console';
    return this.missing(n);
  }

  /** A sentence for the code that `codeOf` gave. */
  textOf(n: number): string {
    const code = STOP_CODES[this.graph.stop[n]];
    const account = this.issuingAccount(n);
    const kind = KINDS[this.graph.kind[n]];
    const what = this.what(n);
    const What = capital(what);
    switch (code) {
      case 'before-evidence': {
        const held = account === null ? undefined : this.held.get(account);
        if (kind === 'long-term' && held && !(this.graph.first[n] > held.first))
          return `${What} was issued before the evidence begins${day(held.first)}: the first event of account ${account} is made with it.`;
        if (kind === 'long-term')
          return `${What} was issued before the evidence begins${day(held?.home)}, or the record is missing: what account ${account} recorded in ${this.home(n)} from then on holds no CreateAccessKey for it.`;
        return `${What} was issued before the evidence begins${day(held?.first)}: its session began at ${this.text(n, 'sessionStart')}.${this.hint(n)}`;
      }
      case 'account-not-in-evidence':
        return `Issuing account of ${what} not in evidence: nothing that account ${account} recorded is here.`;
      case 'region-not-in-evidence':
        return `The issue of ${what} may be in Region ${this.home(n)} of account ${account}, where IAM and the global STS endpoint record; ${this.homeHeld(n, account)}.${this.hint(n)}`;
      case 'issue-not-in-evidence':
        return this.missingText(n) + this.hint(n) + this.samePrincipal(n);
      case 'issued-for-instance':
        return `${What} was issued by AWS for an instance${this.graph.issueRow[n] < 0 ? '' : ', as the AssumeRole call of the EC2 service shows'}. No event tells who launched it.`;
      case 'issued-for-service':
        return `${What} was issued by AWS for a service${this.service(n)}.`;
      case 'service':
        return 'An AWS service acted by itself.';
      case 'identity-provider':
        return 'Signed in at the identity provider: what came before is in its logs, not in CloudTrail.';
      case 'signed-in':
        return 'A person signed in at the console.';
      case 'console':
        return `${What} is of a console session whose sign-in is not in evidence. No recorded call issues the keys of one.`;
      case 'forwarded':
        return `AWS forwarded the call for the user: only AWS services called with ${what}. How it was issued is not recorded.`;
      case 'root':
        return 'The root user: nobody issues what root is.';
      case 'ambiguous':
        return `Ambiguous: ${this.graph.issues[n]} events issue ${what}, so that none of them is taken as its origin.`;
      case 'contested':
        return `${contestedText(this.graph, n)} Nothing is concluded from ${what}; the uses of each principal stand by themselves.`;
      case 'attempt':
        return 'Nobody is shown: no sign-in succeeded here. The name is what was typed or sent; who did that, these records do not tell.';
      case 'cycle':
        return 'The credentials issue each other in a circle; the chain is cut at the earliest of these events.';
      case 'no-identity':
        return `The event that issued ${what} does not say who called.`;
    }
  }

  private missing(n: number): StopCode {
    const account = this.issuingAccount(n);
    const held = account === null ? undefined : this.held.get(account);
    if (account !== null && held === undefined) return 'account-not-in-evidence';
    const isKey = KINDS[this.graph.kind[n]] === 'long-term';
    const until = isKey ? secondOf(this.graph.first[n]) : secondOf(credentialTime(this.text(n, 'sessionStart')));
    if (!isKey && held && until < secondOf(held.first)) return 'before-evidence';
    const recorded = held === undefined ? Number.NaN : isKey ? held.home : Math.min(held.home, held.sts);
    if (recorded === Number.POSITIVE_INFINITY) return 'region-not-in-evidence';
    // A Region may record nothing for hours; a key that the first event of all uses is older than all of them.
    const late = held !== undefined && recorded - held.first >= DAY_MS && until > secondOf(held.first);
    if (late && until < secondOf(recorded)) return 'region-not-in-evidence';
    return isKey && maskedKeyText(this.open, this.graph, n) === null ? 'before-evidence' : 'issue-not-in-evidence';
  }

  /** The Region in which the account's global services record. */
  private home(n: number): string {
    const partition = (this.text(n, 'sessionIssuer') || this.text(n, 'identity') || '').split(':', 2)[1] ?? '';
    return HOME_REGIONS.get(partition) ?? 'us-east-1';
  }

  private homeHeld(n: number, account: string | null): string {
    const from = account === null ? undefined : this.held.get(account)?.home;
    if (from === undefined || !Number.isFinite(from)) return 'that Region is not in evidence';
    const isKey = KINDS[this.graph.kind[n]] === 'long-term';
    const after = isKey
      ? `and the key was first used at ${utcTime(this.graph.first[n])}`
      : `and the session began at ${this.text(n, 'sessionStart')}`;
    return `that Region is in evidence from ${utcTime(from)} only, ${after}`;
  }

  /** Who has the principal ID by which another account names its caller, where none of its credentials can be told. */
  private samePrincipal(n: number): string {
    const { graph } = this;
    const id = graph.kept.principalId[n];
    if (KINDS[graph.kind[n]] !== 'external' || id === 0) return '';
    if (this.ofPrincipal === null) {
      this.ofPrincipal = new Map();
      for (let m = graph.count; m > 0; m--)
        if (KINDS[graph.kind[m]] !== 'external' && graph.attempt[m] === 0) this.ofPrincipal.set(graph.kept.principalId[m], m);
    }
    const other = this.ofPrincipal.get(id);
    const who = other === undefined ? null : identityText(this.open, graph, other);
    return who === null
      ? ''
      : ` Other records give this principal ID to ${who.slice(0, SHOWN)}; which of its credentials called is not shown.`;
  }

  /** What a session looks like where nothing shows that AWS issued it. */
  private hint(n: number): string {
    const name = sessionName(this.text(n, 'principalId'), this.text(n, 'identity'));
    const looks = this.text(n, 'identityType') === 'AssumedRole' ? resemblance(name, this.text(n, 'userAgent')) : null;
    return looks === null ? '' : ` ${looks}; no record shows that AWS issued it, and whoever calls can choose that.`;
  }

  private missingText(n: number): string {
    if (this.graph.named.has(n)) return 'Named by the session; no event in the evidence shows it acting.';
    if (maskedKeyText(this.open, this.graph, n) !== null)
      return `Nothing can be matched with an issuing event: the records have ${maskedKeyText(this.open, this.graph, n)?.slice(0, SHOWN)} in the place of a key ID.`;
    if (this.graph.key[n] === 0 && this.graph.firstRow[n] >= 0)
      return 'The records name no access key, so that nothing can be matched with an issuing event.';
    const start = this.text(n, 'sessionStart');
    const reach = start === null ? '' : `, though the evidence reaches back to before ${start}, when the session began`;
    if (KINDS[this.graph.kind[n]] === 'session')
      return `How ${this.what(n)} was issued is not recorded: no event in the evidence issues it${reach}. By GetSessionToken, whose record is then missing, or by the console, which records no issue.`;
    return `No event in the evidence issues ${this.what(n)}${reach}: the record is missing, or in another account or Region.`;
  }

  /** The credential in a sentence. */
  private what(n: number): string {
    const key = keyText(this.open, this.graph, n);
    if (key !== null) return `key ${key.slice(0, SHOWN)}`;
    const who = identityText(this.open, this.graph, n);
    if (KINDS[this.graph.kind[n]] === 'external' && who !== null) return who.slice(0, SHOWN);
    return who === null ? 'the session' : `the session of ${who.slice(0, SHOWN)}`;
  }

  private service(n: number): string {
    const row = this.graph.issueRow[n];
    const name = row < 0 ? (this.text(n, 'issuedFor') ?? this.text(n, 'invokedBy')) : this.rows.text(row, 'invokedBy');
    return name === null ? '' : ` (${name.slice(0, 200)})`;
  }

  /** Where the issue would be recorded: the account of the role, of the user, or of the caller as another account names it. */
  private issuingAccount(n: number): string | null {
    const parts = this.text(n, 'sessionIssuer')?.split(':', 6) ?? [];
    const account = parts[4] || this.text(n, 'callerAccount');
    return account === '' ? null : account;
  }

  private text(n: number, column: KeptColumn): string | null {
    return this.open.columns.dictionary(column).get(this.graph.kept[column][n]);
  }

  private survey(): void {
    const { columns } = this.open;
    const accounts = columns.dictionary('account');
    const regions = columns.dictionary('awsRegion');
    const home = Array.from(HOME_REGIONS.values(), (name) => regions.find(name)).filter((code) => code > 0);
    const sts = columns.dictionary('eventSource').find('sts.amazonaws.com');
    const signIn = columns.dictionary('eventName').find('ConsoleLogin');
    const success = columns.dictionary('outcome').find('success');
    const first = new Float64Array(accounts.count + 1).fill(Number.POSITIVE_INFINITY);
    const inHome = first.slice();
    const inSts = first.slice();
    const seen = new Uint8Array(accounts.count + 1);
    const isHome = new Uint8Array(regions.count + 1);
    for (const code of home) isHome[code] = 1;
    for (const { base, rows, state, time, dict } of columns.segments) {
      for (let i = 0; i < rows; i++) {
        if (state[i] & HIDDEN) continue;
        const account = dict.account[i];
        seen[account] = 1;
        if (time[i] < first[account]) first[account] = time[i];
        if (isHome[dict.awsRegion[i]] === 1 && time[i] < inHome[account]) inHome[account] = time[i];
        if (sts > 0 && dict.eventSource[i] === sts && time[i] < inSts[account]) inSts[account] = time[i];
        if (signIn > 0 && success > 0 && dict.eventName[i] === signIn && dict.outcome[i] === success)
          this.signers.add(this.graph.ofRow[base + i]);
      }
    }
    for (let code = 1; code <= accounts.count; code++) {
      const name = accounts.get(code);
      if (seen[code] === 1 && name !== null) this.held.set(name, { first: first[code], home: inHome[code], sts: inSts[code] });
    }
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const day = (time = Number.NaN): string =>
  Number.isFinite(time) && Math.abs(time) < 8.64e15 ? ` (${new Date(time).toISOString().slice(0, 10)})` : '';
