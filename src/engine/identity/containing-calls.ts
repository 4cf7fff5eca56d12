/** Recorded calls that end what a credential can do: changes of long-term keys, and policies written into roles and users. */
import type { CredentialRows } from './credential-rows.ts';

const KEY_CALLS = ['UpdateAccessKey', 'DeleteAccessKey'];
/** "Revoke active sessions" writes an inline policy (IAM User Guide, "Revoking IAM role temporary security credentials"). */
const POLICY_CALLS = ['PutRolePolicy', 'PutUserPolicy'];

export interface ContainingCalls {
  /** Rows of the calls that change a key, oldest first. */
  ofKey: (key: string) => readonly number[];
  /** Rows of the calls that write a policy into the role or user of this ARN, in its own account, oldest first. */
  ofIdentity: (arn: string) => readonly number[];
}

/** Successful calls only; by the resources they name. */
export function containingCalls(of: CredentialRows): ContainingCalls {
  const { columns } = of.open;
  const resources = columns.dictionary('resource');
  const keys = byResource(of, KEY_CALLS);
  const policies = byResource(of, POLICY_CALLS);
  const named = (rows: Map<number, number[]>, name: string): readonly number[] => rows.get(resources.find(name)) ?? [];
  return {
    ofKey: (key) => named(keys, key),
    ofIdentity: (arn) => {
      const parts = arn.split(':', 6);
      const account = parts[4];
      const path = parts[5] ?? '';
      const call = path.startsWith('user/') ? 'PutUserPolicy' : path.startsWith('role/') ? 'PutRolePolicy' : null;
      if (call === null) return [];
      const rows = new Set([...named(policies, arn), ...named(policies, path.slice(path.lastIndexOf('/') + 1))]);
      const fit = [...rows].filter((row) => of.rows.text(row, 'eventName') === call && of.rows.text(row, 'account') === account);
      return fit.sort((a, b) => of.open.order.compare(a, b));
    },
  };
}

function byResource(of: CredentialRows, calls: readonly string[]): Map<number, number[]> {
  const names = of.open.columns.dictionary('eventName');
  const codes = calls.map((name) => names.find(name)).filter((code) => code > 0);
  const found = new Map<number, number[]>();
  if (codes.length === 0) return found;
  for (const row of of.open.orderedRows()) {
    if (!codes.includes(of.rows.code(row, 'eventName')) || of.rows.code(row, 'errorCode') !== 0) continue;
    for (const code of new Set(of.rows.multi(row, 'resource'))) {
      const known = found.get(code);
      if (known) known.push(row);
      else found.set(code, [row]);
    }
  }
  return found;
}

/** The call after which a key cannot or may not be used: the earliest that deletes it, else the last that changes it. Null without a timed one. */
export function endOfKey(of: CredentialRows, changes: readonly number[]): { row: number; deleted: boolean } | null {
  const timed = changes.filter((row) => Number.isFinite(of.rows.time(row)));
  const deleted = timed.find((row) => of.rows.text(row, 'eventName') === 'DeleteAccessKey');
  if (deleted !== undefined) return { row: deleted, deleted: true };
  const last = timed.at(-1);
  return last === undefined ? null : { row: last, deleted: false };
}
