/** The calls across accounts: finds their records, those of the other side too, and joins the records of one call. */
import type { MultiColumnId, ValueColumnId } from '../../shared/columns.ts';
import type { EventRows } from '../behaviour/event-rows.ts';
import type { Matches, SegmentMatch } from '../query/matching.ts';
import type { OpenCase } from '../query/open-case.ts';
import { DENIED, FAILED, outcomeMarks } from '../query/outcomes.ts';
import type { Turn } from '../query/turns.ts';
import { marksOf, pickAll } from './pick.ts';

const ASSUMING = ['AssumeRole', 'AssumeRoot', 'SwitchRole'];
const ROLE = /^arn:[^:]{1,40}:iam::([^:]{1,64}):role\/./;
const ARN_ACCOUNT = /^arn:[^:]{1,40}:(?:iam|sts)::([^:]{1,64}):/;
const NAMES = 2 ** 26;

interface Named {
  column: Exclude<ValueColumnId, MultiColumnId> | 'resource';
  code: number;
}

export interface Call {
  /** Indices into `accounts`. */
  from: number;
  to: number;
  how: 'assumed' | 'called';
  who: Named | null;
  what: Named | null;
  /** Positions of the caller's own records, and of those of the account that was called. */
  own: number[];
  called: number[];
  /** One, or how often one side recorded calls that share an ID. */
  times: number;
  denied: boolean;
  failed: boolean;
}

export interface Calls {
  rows: EventRows;
  accounts: string[];
  list: Call[];
}

export async function acrossCalls(open: OpenCase, matches: Matches, turn: Turn): Promise<Calls> {
  const rows = await recordsOf(open, matches, turn);
  const accounts = new Accounts(rows);
  const groups = new Map<number, number[]>();
  const list: Call[] = [];
  const shared = rows.codes('sharedEventID');
  const issued = rows.codes('issuedKey');
  const names = rows.codes('eventName');
  const emptyShared = rows.code('sharedEventID', '');
  let done = 0;
  for (let k = 0; k < rows.length; k++) {
    // Exports without the shared ID: a key is issued by one call.
    const id = shared[k] !== 0 && shared[k] !== emptyShared ? shared[k] * 2 : issued[k] !== 0 ? issued[k] * 2 + 1 : 0;
    if (id === 0) list.push(...accounts.calls([k]));
    else {
      const name = id * NAMES + names[k];
      const own = groups.get(name);
      if (own) own.push(k);
      else groups.set(name, [k]);
    }
    if (++done % 8192 === 0 && turn.over()) await turn.yield();
  }
  for (const group of groups.values()) {
    list.push(...accounts.calls(group));
    if (++done % 8192 === 0 && turn.over()) await turn.yield();
  }
  return { rows, accounts: accounts.names, list };
}

/** Records of the selection that may be of a call across accounts, and all that share their ID. */
async function recordsOf(open: OpenCase, matches: Matches, turn: Turn): Promise<EventRows> {
  const assuming = marksOf(open, 'eventName', ASSUMING);
  const sameAccount = accountOfCaller(open);
  const sharedMarks = new Uint8Array(open.dictionary('sharedEventID').count + 1);
  const chosen = new Uint8Array(open.columns.rows);
  for (const match of matches.segments) {
    mark(match, { sharedMarks, chosen, sameAccount, assuming });
    if (turn.over()) await turn.yield();
  }
  sharedMarks[0] = 0;
  return pickAll(
    open,
    ({ base, dict: { sharedEventID } }) =>
      (i) =>
        sharedMarks[sharedEventID[i]] === 1 || chosen[base + i] === 1,
    turn,
  );
}

type Marks = Record<'sharedMarks' | 'chosen' | 'assuming', Uint8Array> & { sameAccount: Uint32Array };

function mark({ segment, selected }: SegmentMatch, { sharedMarks, chosen, sameAccount, assuming }: Marks): void {
  const { base, dict } = segment;
  const { callerAccount, account, eventName, sharedEventID } = dict;
  for (let n = 0; n < selected.length; n++) {
    const i = selected[n];
    const caller = callerAccount[i];
    if (sharedEventID[i] !== 0) sharedMarks[sharedEventID[i]] = 1;
    else if ((caller !== 0 && account[i] !== 0 && sameAccount[caller] !== account[i]) || assuming[eventName[i]] === 1) chosen[base + i] = 1;
  }
}

/** Code of the caller's account → code of the same text among the accounts; 0 where nothing was recorded in it. */
function accountOfCaller(open: OpenCase): Uint32Array {
  const callers = open.dictionary('callerAccount');
  const accounts = open.dictionary('account');
  if (callers.count > 64) accounts.index();
  return Uint32Array.from({ length: callers.count + 1 }, (_, code) => (code === 0 ? 0 : accounts.find(callers.get(code) ?? '')));
}

/** Which accounts the records name, and what is one call. */
class Accounts {
  readonly names: string[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly roles = new Map<number, string | null>();
  private readonly assuming: ReadonlySet<number>;
  private readonly switching: number;
  private readonly rooting: number;
  private readonly outcomes: Uint8Array;
  private readonly anotherAccount: number;

  constructor(private readonly rows: EventRows) {
    this.assuming = new Set(ASSUMING.map((name) => rows.code('eventName', name)).filter((code) => code !== 0));
    this.switching = rows.code('eventName', 'SwitchRole');
    this.rooting = rows.code('eventName', 'AssumeRoot');
    this.outcomes = outcomeMarks(rows.open);
    this.anotherAccount = rows.code('identityType', 'AWSAccount');
  }

  /** What the records of one ID come to: mostly one call, or none across accounts. */
  calls(group: readonly number[]): Call[] {
    const { rows } = this;
    const found = new Map<string, Call>();
    const own: number[] = [];
    const note = (from: string, to: string, k: number, side: 'own' | 'called'): void => {
      const name = `${this.number(from)} ${this.number(to)}`;
      let call = found.get(name);
      if (!call) {
        const how = this.assuming.has(rows.codes('eventName')[k]) ? 'assumed' : 'called';
        call = {
          from: this.number(from),
          to: this.number(to),
          how,
          who: null,
          what: null,
          own: [],
          called: [],
          times: 0,
          denied: false,
          failed: false,
        };
        found.set(name, call);
      }
      call[side].push(k);
    };
    for (const k of group) {
      const caller = rows.text('callerAccount', k) || null;
      const account = rows.text('account', k) || null;
      const from = this.switchedFrom(k);
      if (from !== null && account !== null && from !== account) note(from, account, k, 'called');
      else if (caller !== null && account !== null && caller !== account) note(caller, account, k, 'called');
      else if (account !== null) own.push(k);
    }
    for (const k of own) {
      const account = rows.text('account', k) ?? '';
      const into = this.targetOf(k);
      const joined = [...found.values()].filter((call) => this.names[call.from] === account);
      if (into !== null && into !== account) note(account, into, k, 'own');
      else for (const call of joined) call.own.push(k);
    }
    return [...found.values()].map((call) => this.finished(call));
  }

  private finished(call: Call): Call {
    const { rows, outcomes } = this;
    const records = [...call.own, ...call.called];
    const outcome = rows.codes('outcome');
    call.times = Math.max(call.own.length, call.called.length);
    call.denied = records.some((k) => outcomes[outcome[k]] & DENIED);
    call.failed = records.some((k) => outcomes[outcome[k]] & FAILED);
    call.who = this.whoOf(call);
    call.what = this.whatOf(call);
    return call;
  }

  private whoOf({ own, called }: Call): Named | null {
    const { rows } = this;
    if (own.length > 0 && rows.codes('principal')[own[0]] !== 0) return { column: 'principal', code: rows.codes('principal')[own[0]] };
    const k = called[0] ?? own[0];
    const switched = rows.codes('switchedFrom')[k];
    if (switched !== 0) return { column: 'switchedFrom', code: switched };
    const [id, name] = [rows.codes('principalId')[k], rows.codes('principal')[k]];
    const isNamed = rows.codes('identityType')[k] !== this.anotherAccount && name !== 0;
    if (isNamed || id === 0) return name === 0 ? null : { column: 'principal', code: name };
    return { column: 'principalId', code: id };
  }

  private whatOf({ how, own, called }: Call): Named | null {
    const { rows } = this;
    const k = own[0] ?? called[0];
    const named = (column: Exclude<Named['column'], 'resource'>): Named | null =>
      rows.codes(column)[k] === 0 ? null : { column, code: rows.codes(column)[k] };
    if (how === 'called') return named('eventSource');
    const name = rows.codes('eventName')[k];
    if (name === this.switching) return named('principal');
    if (name === this.rooting) return named('issuedTo');
    const role = this.roleOf(k);
    return role === 0 ? null : { column: 'resource', code: role };
  }

  private number(account: string): number {
    let number = this.numbers.get(account);
    if (number === undefined) {
      number = this.names.push(account) - 1;
      this.numbers.set(account, number);
    }
    return number;
  }

  private switchedFrom(k: number): string | null {
    if (this.switching === 0 || this.rows.codes('eventName')[k] !== this.switching) return null;
    return ARN_ACCOUNT.exec((this.rows.text('switchedFrom', k) ?? '').slice(0, 300))?.[1] ?? null;
  }

  /** The account that the caller's own record says the call went to. */
  private targetOf(k: number): string | null {
    const { rows } = this;
    const name = rows.codes('eventName')[k];
    if (!this.assuming.has(name)) return null;
    if (name === this.rooting) {
      const target = rows.text('issuedTo', k) ?? '';
      return /^\d{12}$/.test(target) ? target : (ARN_ACCOUNT.exec(target.slice(0, 300))?.[1] ?? null);
    }
    const role = this.roleOf(k);
    return role === 0 ? null : this.accountOfRole(role);
  }

  /** Code of the first resource that is the ARN of a role; 0 without one. */
  private roleOf(k: number): number {
    const { start, codes } = this.rows.resources();
    for (let c = start[k]; c < start[k + 1]; c++) if (this.accountOfRole(codes[c]) !== null) return codes[c];
    return 0;
  }

  private accountOfRole(code: number): string | null {
    let account = this.roles.get(code);
    if (account === undefined) {
      const dictionary = this.rows.dictionary('resource');
      account = dictionary.startsWith(code, 'arn:') ? (ROLE.exec((dictionary.get(code) ?? '').slice(0, 300))?.[1] ?? null) : null;
      this.roles.set(code, account);
    }
    return account;
  }
}
