/**
 * Third pass: what the records suggest where no exact link is. Each rule is tried in turn for a credential without a parent; the
 * first that gives exactly one answer holds. Rules read identity, time and names; none reads what the exact links concluded.
 */
import type { OpenCase } from '../query/open-case.ts';
import type { Turn } from '../query/turns.ts';
import { ByCode, type Signs } from './collect.ts';
import { type CredentialGraph, type KeptColumn, KINDS, type Link } from './graph.ts';
import { INSTANCE, sessionName } from './kinds.ts';
import { CaseRows } from './rows.ts';
import { CODES } from './sessions.ts';
import { credentialTime, secondOf } from './times.ts';

const SIGN_IN_SECONDS = 300;
const CONSOLE_SECONDS = 12 * 3600;
/** A sign-in token is valid for 15 minutes (IAM User Guide, "Enable custom identity broker access"). */
const TOKEN_SECONDS = 15 * 60;
/** Sessions of users last at most 36 hours, of roles 12 (STS API, GetSessionToken, GetFederationToken, AssumeRole). */
const LONG_SESSIONS: ReadonlySet<string> = new Set(['session-token', 'session', 'federation-token', 'service-forwarded']);
const TURN_NODES = 2048;
/** Among more candidates than this none is told apart. */
const COMPARED = 1000;

type Found = Link & { parent: number };

export async function inferLinks(open: OpenCase, graph: CredentialGraph, signs: Signs, turn: Turn): Promise<void> {
  const scene = new Scene(open, graph, signs);
  const used = graph.count;
  for (let n = 1; n <= used; n++) {
    if (graph.issues[n] > 1) continue;
    const found = graph.parent[n] === 0 ? scene.find(n) : scene.callerOf(n);
    if (found !== null && found.parent !== n) {
      const { parent, ...link } = found;
      graph.parent[n] = parent;
      graph.links.set(n, link);
    }
    if (n % TURN_NODES === 0 && turn.over()) await turn.yield();
  }
}

class Scene {
  private readonly rows: CaseRows;
  private readonly byPrincipalId: ByCode;
  private readonly byIdentity: ByCode;
  private readonly signIns: Map<number, number[]>;
  private readonly tokens: Map<number, number[]>;
  private readonly switches: Map<number, number[]>;
  private readonly issuedTo = new Map<string, number[]>();
  /** By second and role (a code of `resource`): who called, 0 for several; the row is the first. */
  private readonly unanswered = new Map<string, { caller: number; row: number }>();
  private readonly portals = new Map<string, number[]>();
  private readonly people = new Map<number, number>();
  private readonly sessions = new Map<number, number[]>();
  /** Credentials that are seen signing in. */
  private readonly signers: Set<number>;
  /** By instance (a code of `resource`): the one RunInstances that names it, -1 for several. */
  private readonly launches = new Map<number, number>();
  private readonly actors = new Map<string, number>();

  constructor(
    private readonly open: OpenCase,
    private readonly graph: CredentialGraph,
    signs: Signs,
  ) {
    this.rows = new CaseRows(open);
    this.byPrincipalId = new ByCode(graph, 'principalId');
    this.byIdentity = new ByCode(graph, 'identity');
    const byCaller = (list: readonly number[]): Map<number, number[]> => group(list, (row) => this.rows.code(row, 'principalId'));
    this.signIns = byCaller(signs.signIns);
    this.tokens = byCaller(signs.signinTokens);
    this.switches = byCaller(signs.switches);
    for (const row of signs.issues) {
      const to = this.rows.text(row, 'issuedTo');
      if (to !== null) push(this.issuedTo, `${secondOf(this.rows.time(row))}|${to}`, row);
    }
    for (const row of signs.unanswered) {
      const second = secondOf(this.rows.time(row));
      const caller = this.rows.text(row, 'identityType') === 'AWSService' ? 0 : graph.ofRow[row];
      for (const role of this.rows.multi(row, 'resource')) {
        const known = this.unanswered.get(`${second}|${role}`);
        this.unanswered.set(`${second}|${role}`, { row: known?.row ?? row, caller: known && known.caller !== caller ? 0 : caller });
      }
    }
    for (const row of signs.portals) {
      const name = this.rows.text(row, 'userName');
      if (name !== null) push(this.portals, name.toLowerCase(), row);
    }
    this.signers = new Set(signs.signIns.map((row) => graph.ofRow[row]));
    for (const row of signs.launches)
      for (const code of this.rows.multi(row, 'resource')) this.launches.set(code, this.launches.has(code) ? -1 : row);
    for (let n = 1; n <= graph.count; n++) {
      if (graph.attempt[n] === 1) continue;
      const { principalId, sessionStart } = graph.kept;
      if (principalId[n] !== 0 && sessionStart[n] !== 0) push(this.sessions, principalId[n] * CODES + sessionStart[n], n);
      const user = graph.kept.onBehalfOf[n];
      if (user !== 0 && this.text(n, 'identityType') === 'IdentityCenterUser' && !this.people.has(user)) this.people.set(user, n);
    }
  }

  find(n: number): Found | null {
    const kind = KINDS[this.graph.kind[n]];
    if (kind === 'attempt' || kind === 'service-call' || kind === 'long-term' || kind === 'service-linked') return null;
    if (kind === 'external') return this.samePrincipal(n);
    // AWS issued it, and the record says so: only who launched the instance can be told beyond that.
    if (this.graph.issueRow[n] >= 0) return this.launched(n);
    return (
      this.forService(n) ??
      this.sameSession(n) ??
      this.bySessionName(n) ??
      this.byRole(n) ??
      this.switched(n) ??
      this.signedIn(n) ??
      this.signinToken(n) ??
      this.launched(n) ??
      this.portal(n) ??
      this.onBehalfOf(n) ??
      this.sourceIdentity(n)
    );
  }

  private text(n: number, column: KeptColumn): string | null {
    return this.open.columns.dictionary(column).get(this.graph.kept[column][n]);
  }

  private start(n: number): number {
    return secondOf(credentialTime(this.text(n, 'sessionStart')));
  }

  /** Others of the same principal ID and beginning. */
  private siblings(n: number, wanted: (other: number) => boolean): number[] {
    const { kept } = this.graph;
    const session = this.sessions.get(kept.principalId[n] * CODES + kept.sessionStart[n]) ?? [];
    return session.length > COMPARED ? [] : session.filter((m) => m !== n && wanted(m));
  }

  private forService(n: number): Found | null {
    const { graph } = this;
    if (graph.kept.invokedBy[n] === 0 || graph.key[n] === 0) return null;
    const own = this.siblings(n, (m) => graph.key[m] !== 0 && graph.kept.invokedBy[m] === 0);
    return own.length === 1 ? link('for-service', own[0], graph.firstRow[n], graph.firstRow[own[0]]) : null;
  }

  private sameSession(n: number): Found | null {
    const { graph } = this;
    if (graph.key[n] !== 0) return null;
    const keyed = this.siblings(n, (m) => graph.key[m] !== 0);
    const own = keyed.length === 1 ? keyed : keyed.filter((m) => graph.issueRow[m] >= 0);
    return own.length === 1 ? link('same-session', own[0], graph.firstRow[n], graph.firstRow[own[0]]) : null;
  }

  private bySessionName(n: number): Found | null {
    const identity = this.text(n, 'identity');
    const start = this.start(n);
    if (identity === null || Number.isNaN(start)) return null;
    const issuing = [start, start - 1, start + 1].flatMap((second) => this.issuedTo.get(`${second}|${identity}`) ?? []);
    if (issuing.length === 0) return null;
    const callers = new Set(issuing.map((row) => this.graph.ofRow[row]));
    const caller = this.graph.ofRow[issuing[0]];
    if (callers.size !== 1 || caller === 0 || this.rows.text(issuing[0], 'identityType') === 'AWSService') return null;
    return link('session-name', caller, issuing[0], this.graph.firstRow[n]);
  }

  /** The one call for this role in the second in which the session began, where the record leaves out the answer. */
  private byRole(n: number): Found | null {
    const issuer = this.text(n, 'sessionIssuer');
    const role = issuer === null ? 0 : this.open.columns.dictionary('resource').find(issuer);
    const call = role === 0 ? undefined : this.unanswered.get(`${this.start(n)}|${role}`);
    return call && call.caller !== 0 ? link('session-name', call.caller, call.row, this.graph.firstRow[n]) : null;
  }

  /** SwitchRole is recorded with the new session's identity and names the one it was switched from. */
  private switched(n: number): Found | null {
    const { graph } = this;
    const row = this.nearest(this.switches.get(graph.kept.principalId[n]), n, SIGN_IN_SECONDS, CONSOLE_SECONDS);
    if (row < 0) return null;
    const from = this.rows.text(row, 'switchedFrom');
    const code = from === null ? 0 : this.open.columns.dictionary('identity').find(from);
    const second = secondOf(this.rows.time(row));
    const before = this.byIdentity
      .with(code)
      .slice(-COMPARED)
      .filter((m) => m !== n && KINDS[graph.kind[m]] !== 'long-term' && !(secondOf(graph.first[m]) > second));
    // In the order of their first events: the last one came into use last.
    const parent = before.findLast((m) => graph.key[m] !== 0) ?? before.at(-1);
    return parent === undefined ? null : link('switched-role', parent, row, graph.firstRow[parent]);
  }

  private signedIn(n: number): Found | null {
    const { graph } = this;
    const kind = KINDS[graph.kind[n]];
    const console = kind === 'console' || kind === 'root' || graph.kept.fromConsole[n] !== 0;
    if (!console || graph.kept.principalId[n] === 0) return null;
    const row = this.nearest(this.signIns.get(graph.kept.principalId[n]), n, SIGN_IN_SECONDS, CONSOLE_SECONDS);
    if (row < 0 || graph.ofRow[row] === n || graph.ofRow[row] === 0) return null;
    return link('signed-in', graph.ofRow[row], row, graph.firstRow[n]);
  }

  /** The console session that GetSigninToken opens acts as the principal whose keys asked for the token. */
  private signinToken(n: number): Found | null {
    const { graph } = this;
    const type = this.text(n, 'identityType');
    if (type !== 'AssumedRole' && type !== 'FederatedUser') return null;
    if (graph.kept.fromConsole[n] === 0 && !this.signers.has(n)) return null;
    const row = this.nearest(this.tokens.get(graph.kept.principalId[n]), n, TOKEN_SECONDS, CONSOLE_SECONDS);
    if (row < 0 || graph.ofRow[row] === n || graph.ofRow[row] === 0) return null;
    return link('signin-token', graph.ofRow[row], row, graph.firstRow[n]);
  }

  private launched(n: number): Found | null {
    const issued = this.graph.issueRow[n];
    const arn = this.text(n, 'identity') ?? (issued < 0 ? null : this.rows.text(issued, 'issuedTo'));
    const instance = sessionName(this.text(n, 'principalId'), arn);
    if (instance === null || !INSTANCE.test(instance)) return null;
    const code = this.open.columns.dictionary('resource').find(instance);
    const row = code === 0 ? -1 : (this.launches.get(code) ?? -1);
    if (row < 0 || this.graph.ofRow[row] === 0 || this.rows.time(row) > this.graph.first[n]) return null;
    return link('launched', this.graph.ofRow[row], row, this.graph.firstRow[n]);
  }

  private portal(n: number): Found | null {
    if (KINDS[this.graph.kind[n]] !== 'identity-center') return null;
    const name = sessionName(this.text(n, 'principalId'), this.text(n, 'identity'));
    const row = this.nearest(name === null ? undefined : this.portals.get(name.toLowerCase()), n, SIGN_IN_SECONDS, CONSOLE_SECONDS);
    if (row < 0 || this.graph.ofRow[row] === 0) return null;
    return link('federated', this.graph.ofRow[row], row, this.graph.firstRow[n]);
  }

  private onBehalfOf(n: number): Found | null {
    const user = this.graph.kept.onBehalfOf[n];
    if (user === 0 || this.graph.firstRow[n] < 0) return null;
    if (this.text(n, 'identityType') === 'IdentityCenterUser') return null;
    const parent = this.people.get(user) ?? this.actor(`IdentityCenterUser:${this.text(n, 'onBehalfOf')}`);
    return link('on-behalf-of', parent, this.graph.firstRow[n], -1);
  }

  private sourceIdentity(n: number): Found | null {
    if (this.graph.kept.sourceIdentity[n] === 0 || this.graph.firstRow[n] < 0) return null;
    return link('source-identity', this.actor(`SourceIdentity:${this.text(n, 'sourceIdentity')}`), this.graph.firstRow[n], -1);
  }

  /** A role whose issue only the other account recorded: the caller is there by its principal ID, not by its key. */
  callerOf(n: number): Found | null {
    const { graph } = this;
    if (KINDS[graph.kind[graph.parent[n]]] !== 'external') return null;
    return this.inUse(graph.parent[n], this.rows.time(graph.issueRow[n]), graph.issueRow[n]);
  }

  private samePrincipal(n: number): Found | null {
    return this.inUse(n, this.graph.first[n], this.graph.firstRow[n]);
  }

  /** The one credential of a principal that another account named which was in use at the time. */
  private inUse(external: number, time: number, row: number): Found | null {
    const { graph } = this;
    if (this.text(external, 'identityType') !== 'AWSAccount') return null;
    const same = this.byPrincipalId.with(graph.kept.principalId[external]);
    if (same.length > COMPARED) return null;
    const own = Array.from(same).filter((m) => KINDS[graph.kind[m]] !== 'external' && graph.first[m] <= time);
    const used = own.filter((m) => graph.last[m] >= time);
    // Without one that is seen in use before and after, one that may still have been valid; not when another may have been too.
    const then = used.length > 0 ? used : own.filter((m) => this.endOf(m) >= time);
    return then.length === 1 ? link('same-principal', then[0], row, graph.firstRow[then[0]]) : null;
  }

  /** Until when a credential can have worked. */
  private endOf(n: number): number {
    const { graph } = this;
    const kind = KINDS[graph.kind[n]];
    if (kind === 'long-term') return Number.POSITIVE_INFINITY;
    if (Number.isFinite(graph.expirySecond[n])) return (graph.expirySecond[n] + 1) * 1000;
    const began = credentialTime(this.text(n, 'sessionStart'));
    return (Number.isNaN(began) ? graph.first[n] : began) + (LONG_SESSIONS.has(kind) ? 36 : 12) * 3_600_000;
  }

  /** Somebody whom a record names and no record shows. */
  private actor(name: string): number {
    let n = this.actors.get(name);
    if (n === undefined) {
      n = ++this.graph.count;
      this.actors.set(name, n);
      this.graph.named.set(n, name);
      this.graph.kind[n] = KINDS.indexOf('external');
    }
    return n;
  }

  /**
   * Of these events the latest at or before the session's beginning (at most `near` seconds before), or, where its beginning is not
   * recorded, before its first use (at most `far` seconds before). -1 without any.
   */
  private nearest(list: readonly number[] | undefined, n: number, near: number, far: number): number {
    if (list === undefined) return -1;
    const start = this.start(n);
    const until = Number.isNaN(start) ? secondOf(this.graph.first[n]) : start + 1;
    const from = until - (Number.isNaN(start) ? far : near);
    // In order of time, those without one last: the last that is not after `until`.
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (secondOf(this.rows.time(list[middle])) <= until) low = middle + 1;
      else high = middle;
    }
    return low > 0 && secondOf(this.rows.time(list[low - 1])) >= from ? list[low - 1] : -1;
  }
}

const link = (how: Link['how'], parent: number, row: number, second: number): Found => ({ how, exact: false, parent, row, second });

function push<K>(map: Map<K, number[]>, key: K, row: number): void {
  const known = map.get(key);
  if (known) known.push(row);
  else map.set(key, [row]);
}

function group(list: readonly number[], keyOf: (row: number) => number): Map<number, number[]> {
  const map = new Map<number, number[]>();
  for (const row of list) if (keyOf(row) !== 0) push(map, keyOf(row), row);
  return map;
}
