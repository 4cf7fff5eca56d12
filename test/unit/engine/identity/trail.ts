/**
 * Made-up trails for lineage, one call a step: "alice's key → AssumeRole A → AssumeRole B in account 2 → …". Every step says what
 * CloudTrail would have recorded of it; the rows become commits through the query tests' support.
 */
import type { DictColumnId } from '../../../../src/shared/columns.ts';
import { DAY_ONE, type Row } from '../query/support.ts';

type Values = Partial<Record<DictColumnId, string>>;

/** Who calls: the identity columns of its records. */
export interface Caller {
  values: Values;
  account: string;
}

const iso = (second: number): string => new Date(DAY_ONE + second * 1000).toISOString().replace('.000Z', 'Z');
/** As STS writes it. */
export const stsTime = (second: number): string =>
  new Date(DAY_ONE + second * 1000)
    .toLocaleString('en-US', {
      timeZone: 'UTC',
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: 'numeric',
      minute: '2-digit',
      second: '2-digit',
    })
    .replaceAll(' ', ' ');

export const LIFETIME = 3600;

export class Trail {
  readonly rows: Row[] = [];
  private made = 0;

  user(name: string, account: string, key: string | null): Caller {
    const values: Values = {
      identityType: 'IAMUser',
      identity: `arn:aws:iam::${account}:user/${name}`,
      principal: `${account}/user/${name}`,
      principalId: `AIDA${account}${name}`,
      callerAccount: account,
      userName: name,
    };
    return { account, values: key === null ? values : { ...values, accessKeyId: key } };
  }

  root(account: string): Caller {
    const values = { identityType: 'Root', identity: `arn:aws:iam::${account}:root`, principalId: account, callerAccount: account };
    return { account, values };
  }

  service(name: string): Caller {
    return { account: '', values: { identityType: 'AWSService', identity: `AWSService:${name}`, invokedBy: name } };
  }

  person(type: 'SAMLUser' | 'WebIdentityUser' | 'IdentityCenterUser', name: string): Caller {
    return { account: '', values: { identityType: type, identity: `${type}:${name}`, principalId: `idp:${name}`, userName: name } };
  }

  /** A caller as the other account's record names it. */
  foreign({ values, account }: Caller): Caller {
    const id = values.principalId ?? '';
    return { account, values: { identityType: 'AWSAccount', identity: `AWSAccount:${id}`, principalId: id, callerAccount: account } };
  }

  /** A role session. `key` null: its records name no key. */
  session(role: string, name: string, account: string, key: string | null, began: number, more: Values = {}): Caller {
    const values: Values = {
      identityType: 'AssumedRole',
      identity: `arn:aws:sts::${account}:assumed-role/${role}/${name}`,
      principal: `${account}/role/${role}`,
      principalId: `AROA${account}${role}:${name}`,
      sessionIssuer: `arn:aws:iam::${account}:role/${role}`,
      sessionStart: iso(began),
      callerAccount: account,
      userName: name,
      ...more,
    };
    return { account, values: key === null ? values : { ...values, accessKeyId: key } };
  }

  /** One event; gives its eventID. */
  call(caller: Caller, eventName: string, at: number | null, values: Values = {}, resources: string[] = []): string {
    const id = `e${String(this.made++).padStart(6, '0')}`;
    const time = at === null ? null : DAY_ONE + at * 1000;
    const common: Values = { eventName, eventSource: 's3.amazonaws.com', awsRegion: 'us-east-1', outcome: 'success' };
    const account = caller.account === '' ? {} : { account: caller.account };
    const whole = { ...common, ...account, ...caller.values, ...values };
    this.rows.push({ time, id, richness: 10, file: 'a', record: this.rows.length, insight: false, values: whole, resources });
    return id;
  }

  /** `caller` assumes a role; gives the session and the event that issued it. */
  assume(caller: Caller, role: string, account: string, key: string, at: number, more: Values = {}, call = 'AssumeRole') {
    const session = this.session(role, more.userName ?? 'work', account, key, at);
    const issued = { issuedKey: key, issuedTo: session.values.identity, issuedExpires: stsTime(at + LIFETIME) };
    const { userName: _, ...rest } = more;
    const event = this.call(caller, call, at, { eventSource: 'sts.amazonaws.com', account: caller.account || account, ...issued, ...rest });
    return { session, event };
  }

  /** As `assume` by whoever has an account, recorded by the account of the role too, which does not name the caller's key. */
  twin(caller: Caller, event: string): string {
    const issuing = this.rows.find((row) => row.id === event);
    if (!issuing) throw new Error(`no event ${event}`);
    const shared = `shared-${event}`;
    issuing.values.sharedEventID = shared;
    const { issuedKey, issuedTo, issuedExpires } = issuing.values;
    const account = issuedTo?.split(':')[4] ?? '';
    const at = issuing.time === null ? null : (issuing.time - DAY_ONE) / 1000;
    const values = { eventSource: 'sts.amazonaws.com', account, sharedEventID: shared, issuedKey, issuedTo, issuedExpires } as Values;
    return this.call(this.foreign(caller), 'AssumeRole', at, values);
  }

  createKey(caller: Caller, user: string, key: string, at: number): { user: Caller; event: string } {
    const event = this.call(caller, 'CreateAccessKey', at, { eventSource: 'iam.amazonaws.com', issuedKey: key, issuedTo: user }, [
      user,
      key,
    ]);
    return { user: this.user(user, caller.account, key), event };
  }
}
