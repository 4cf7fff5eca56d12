/**
 * Second records of one call: a call across accounts is in the logs of both, under one `sharedEventID`. The account that was called
 * names the caller as AWSAccount, by principal ID; the caller's own record says which credential it was.
 */
import { HIDDEN } from '../columns/segment-columns.ts';
import type { OpenCase } from '../query/open-case.ts';
import { CaseRows } from './rows.ts';

const SEVERAL = -1;

/** Row of another account's record → row of the caller's own, where exactly one record of the case is that. */
export function foreignRecords(open: OpenCase): Map<number, number> {
  const { columns } = open;
  const found = new Map<number, number>();
  const account = columns.dictionary('identityType').find('AWSAccount');
  const shared = columns.dictionary('sharedEventID');
  if (account <= 0 || shared.count === 0) return found;
  const empty = shared.find('');
  const foreign: number[] = [];
  const own = new Map<number, number>();
  for (const { base, rows, state, dict } of columns.segments) {
    for (let i = 0; i < rows; i++) {
      const code = dict.sharedEventID[i];
      if (code === 0 || code === empty || state[i] & HIDDEN) continue;
      if (dict.identityType[i] === account) foreign.push(base + i);
      else own.set(code, own.has(code) ? SEVERAL : base + i);
    }
  }
  const of = new CaseRows(open);
  for (const row of foreign) {
    const caller = own.get(of.code(row, 'sharedEventID')) ?? SEVERAL;
    if (caller !== SEVERAL && sameCall(of, row, caller)) found.set(row, caller);
  }
  return found;
}

/** What both accounts write alike. A record without a name for its caller is no answer to who called. */
function sameCall(of: CaseRows, foreign: number, caller: number): boolean {
  const id = of.text(foreign, 'principalId') || null;
  const named = of.text(caller, 'accessKeyId') || of.text(caller, 'principalId') || of.text(caller, 'identity');
  return (
    !!named &&
    of.text(caller, 'identityType') !== 'AWSService' &&
    of.code(foreign, 'eventName') === of.code(caller, 'eventName') &&
    (id === null || id === of.text(caller, 'principalId'))
  );
}
