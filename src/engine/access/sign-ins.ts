/**
 * Sign-ins of the selection: of the console (ConsoleLogin) and of IAM Identity Center (UserAuthentication ends one; of
 * CredentialVerification, a step of it, only the failures count). How one ended is the column `outcome`, since a failed ConsoleLogin may
 * carry no error code (CloudTrail User Guide, "Console sign-in events"; IAM Identity Center User Guide, "Sign-in events").
 */
import { ACCESS_POINTS, ACCESS_ROWS, HIDDEN_USER, type MfaUse, type SignInRow, type SignInsAnswer } from '../../shared/access.ts';
import type { Filter, Selection } from '../../shared/plan.ts';
import { type Codes, type EventRows, paired } from '../behaviour/event-rows.ts';
import { oneOf } from '../behaviour/scene.ts';
import type { Matches } from '../query/matching.ts';
import type { OpenCase } from '../query/open-case.ts';
import { FAILED, outcomeMarks, SUCCEEDED } from '../query/outcomes.ts';
import type { Turn } from '../query/turns.ts';
import { any, marksOf, pickSelected } from './pick.ts';
import { placesOf } from './places.ts';
import { signInPoints } from './sign-in-points.ts';

export const SIGN_IN_NAMES = ['ConsoleLogin', 'UserAuthentication'];
export const STEP_NAMES = ['CredentialVerification'];
/** Who is asked for MFA by AWS itself; for everybody else a provider may have asked. */
export const OWN_MFA = new Set(['IAMUser', 'Root']);

/** Sign-ins in order, with what the analyses look at. */
export interface SignIns {
  rows: EventRows;
  /** Of each: the number of its identity (principal and user name), and of its row (identity and address). */
  identity: Codes;
  row: Codes;
  identities: number;
  outcome: Uint8Array;
  mfa: MfaUse[];
  hidden: Uint8Array;
  /** Before each success: failures of its identity since its last success, in earlier seconds. */
  failuresBefore: Uint32Array;
}

export async function collectSignIns(open: OpenCase, matches: Matches, turn: Turn): Promise<SignIns> {
  const names = marksOf(open, 'eventName', SIGN_IN_NAMES);
  const steps = marksOf(open, 'eventName', STEP_NAMES);
  const outcomes = outcomeMarks(open);
  const none = !any(names) && !any(steps);
  const rows = await pickSelected(
    open,
    matches,
    ({ dict }) =>
      none ? null : (i) => names[dict.eventName[i]] === 1 || (steps[dict.eventName[i]] === 1 && (outcomes[dict.outcome[i]] & FAILED) !== 0),
    turn,
  );
  const { of: identity, count: identities } = paired(rows.codes('principal'), rows.codes('userName'), rows.dictionary('userName').count);
  const { of: row } = paired(identity, rows.codes('sourceIPAddress'), rows.dictionary('sourceIPAddress').count);
  const outcome = Uint8Array.from(rows.codes('outcome'), (code) => outcomes[code]);
  const hiddenCode = rows.code('userName', HIDDEN_USER);
  const hidden = Uint8Array.from(rows.codes('userName'), (code) => (hiddenCode !== 0 && code === hiddenCode ? 1 : 0));
  const mfa = Array.from(outcome, (_, k) => mfaAt(rows, k));
  return { rows, identity, row, identities, outcome, mfa, hidden, failuresBefore: failuresBefore(rows, identity, identities, outcome) };
}

function mfaAt(rows: EventRows, k: number): MfaUse {
  const type = rows.text('identityType', k);
  // Records say true or Yes, one real one YES.
  const said = rows.text('mfa', k)?.toLowerCase() ?? null;
  if (said === 'true' || said === 'yes') return 'yes';
  if (type !== null && !OWN_MFA.has(type)) return 'provider';
  return said === 'false' || said === 'no' ? 'no' : 'notRecorded';
}

function failuresBefore(rows: EventRows, identity: Codes, identities: number, outcome: Uint8Array): Uint32Array {
  const before = new Uint32Array(rows.length);
  // Of each identity since its last success: failures, those of the last second with failures, and that second.
  const failures = new Uint32Array(identities);
  const inSecond = new Uint32Array(identities);
  const second = new Float64Array(identities).fill(Number.NaN);
  for (let k = 0; k < rows.timed; k++) {
    const id = identity[k];
    if (outcome[k] & FAILED) {
      inSecond[id] = second[id] === rows.time[k] ? inSecond[id] + 1 : 1;
      second[id] = rows.time[k];
      failures[id]++;
    } else if (outcome[k] & SUCCEEDED) {
      // Those of the same second may have come after it.
      const same = second[id] === rows.time[k] ? inSecond[id] : 0;
      before[k] = failures[id] - same;
      failures[id] = same;
    }
  }
  return before;
}

export async function signInsOf(
  open: OpenCase,
  selection: Selection,
  matches: Matches,
  turn: Turn,
): Promise<Omit<SignInsAnswer, 'generation' | 'ms'>> {
  const found = await collectSignIns(open, matches, turn);
  const { rows, outcome, hidden } = found;
  const members = membersOf(found);
  const places = await placesOf(open, found, members, turn);
  const all = members.map((at, row) => rowOf(found, at, places[row], selection));
  const totals = { signIns: rows.length, succeeded: 0, failed: 0, unclear: 0, hidden: 0, mfa: noMfa() };
  for (let k = 0; k < rows.length; k++) {
    if (outcome[k] & SUCCEEDED) {
      totals.succeeded++;
      totals.mfa[found.mfa[k]]++;
    } else if (outcome[k] & FAILED) {
      totals.failed++;
      totals.hidden += hidden[k];
    } else totals.unclear++;
  }
  const points = signInPoints(found, members, places, selection);
  return {
    totals: { ...totals, identities: found.identities, addresses: new Set(rows.codes('sourceIPAddress')).size },
    points: points.slice(0, ACCESS_POINTS),
    morePoints: Math.max(0, points.length - ACCESS_POINTS),
    rows: latestOf(all),
    rowsTotal: all.length,
    evidenceFrom: (open.span()?.first ?? null) as SignInsAnswer['evidenceFrom'],
  };
}

export const noMfa = (): Record<MfaUse, number> => ({ yes: 0, no: 0, notRecorded: 0, provider: 0 });

/** Positions of the sign-ins of each row, in order. */
function membersOf({ rows, row }: SignIns): number[][] {
  const members: number[][] = [];
  for (let k = 0; k < rows.length; k++) {
    const own = members[row[k]];
    if (own) own.push(k);
    else members[row[k]] = [k];
  }
  return members;
}

const isTelling = (row: SignInRow): boolean => row.failed > 0 || row.mfa.no > 0 || row.place.state === 'new';
const lastOf = (row: SignInRow): number => row.last ?? Number.NEGATIVE_INFINITY;

function latestOf(all: SignInRow[]): SignInRow[] {
  const byTime = (a: SignInRow, b: SignInRow): number => lastOf(b) - lastOf(a);
  return all
    .toSorted((a, b) => Number(isTelling(b)) - Number(isTelling(a)) || byTime(a, b))
    .slice(0, ACCESS_ROWS)
    .sort(byTime);
}

function rowOf(found: SignIns, at: readonly number[], place: SignInRow['place'], selection: Selection): SignInRow {
  const { rows, outcome, mfa, failuresBefore: before } = found;
  const k = at[0];
  const timed = at.filter((j) => j < rows.timed);
  const counts = { succeeded: 0, failed: 0, unclear: 0, failuresBefore: 0, mfa: noMfa() };
  for (const j of at) {
    if (outcome[j] & SUCCEEDED) {
      counts.succeeded++;
      counts.mfa[mfa[j]]++;
      counts.failuresBefore = Math.max(counts.failuresBefore, before[j]);
    } else if (outcome[j] & FAILED) counts.failed++;
    else counts.unclear++;
  }
  return {
    principal: rows.text('principal', k),
    userName: rows.text('userName', k),
    identityType: rows.text('identityType', k),
    hidden: found.hidden[k] === 1,
    account: rows.text('account', k),
    sourceIPAddress: rows.text('sourceIPAddress', k),
    addressKind: rows.text('addressKind', k),
    ...counts,
    first: timed.length > 0 ? rows.timeOf(timed[0]) : null,
    last: timed.length > 0 ? rows.timeOf(timed[timed.length - 1]) : null,
    firstKey: rows.key(k),
    lastKey: rows.key(timed.at(-1) ?? k),
    place,
    opens: {
      time: selection.time,
      filters: [
        ...selection.filters,
        signInFilter,
        oneOf('principal', [rows.text('principal', k)]),
        oneOf('userName', [rows.text('userName', k)]),
        oneOf('sourceIPAddress', [rows.text('sourceIPAddress', k)]),
      ],
    },
  };
}

/** What counts as a sign-in. */
export const signInFilter: Filter = {
  op: 'or',
  filters: [
    oneOf('eventName', SIGN_IN_NAMES),
    { op: 'and', filters: [oneOf('eventName', STEP_NAMES), oneOf('outcome', ['denied', 'error'])] },
  ],
};
