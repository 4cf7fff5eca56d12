/** Accounts that appear only as callers, and the events that begin, end or change logging: both beside the hours of the coverage. */
import type { EpochMs } from '../../shared/brand.ts';
import { COVERAGE_LIMITS, type EventCoverage, type ForeignAccount } from '../../shared/coverage.ts';
import { HIDDEN } from '../columns/segment-columns.ts';
import type { EventColumns } from './event-layer.ts';
import { Pairs } from './pairs.ts';
import { LOGGING_CALLS } from './services.ts';

const MAX_CALLED_IN = 10;

/** By events, then by code unit. An account is foreign when no event has it as its own. */
export function foreignAccounts(columns: EventColumns): Pick<EventCoverage, 'foreign' | 'foreignLeftOut'> {
  const callers = columns.dictionary('callerAccount');
  const accounts = columns.dictionary('account');
  const count = new Uint32Array(callers.count + 1);
  const own = new Uint32Array(accounts.count + 1);
  for (const { state, dict } of columns.segments) {
    countShown(dict.callerAccount, state, count);
    countShown(dict.account, state, own);
  }
  own[0] = 0;
  accounts.index();
  const foreign = new Uint8Array(callers.count + 1);
  let total = 0;
  for (let code = 1; code <= callers.count; code++) {
    if (count[code] === 0 || own[accounts.find(callers.get(code) ?? '')] > 0) continue;
    foreign[code] = 1;
    total++;
  }
  if (total === 0) return { foreign: [], foreignLeftOut: 0 };
  const first = new Float64Array(callers.count + 1).fill(Number.POSITIVE_INFINITY);
  const last = new Float64Array(callers.count + 1).fill(Number.NEGATIVE_INFINITY);
  const called = new Pairs(callers.count + 1, accounts.count + 1);
  for (const { rows, state, dict, time } of columns.segments) {
    const { account, callerAccount } = dict;
    for (let i = 0; i < rows; i++) {
      const code = callerAccount[i];
      if (foreign[code] === 0 || state[i] & HIDDEN) continue;
      called.of(code, account[i]);
      if (time[i] < first[code]) first[code] = time[i];
      if (time[i] > last[code]) last[code] = time[i];
    }
  }
  const calledIn = new Map<number, (string | null)[]>();
  called.first.forEach((code, i) => {
    const list = calledIn.get(code);
    if (list) list.push(accounts.get(called.second[i]));
    else calledIn.set(code, [accounts.get(called.second[i])]);
  });
  const time = (t: number): EpochMs | null => (Number.isFinite(t) ? (t as EpochMs) : null);
  const list: ForeignAccount[] = [];
  for (let code = 1; code <= callers.count; code++) {
    if (foreign[code] === 0) continue;
    list.push({
      account: callers.get(code) ?? '',
      events: count[code],
      firstTime: time(first[code]),
      lastTime: time(last[code]),
      calledIn: (calledIn.get(code) ?? []).sort(byText).slice(0, MAX_CALLED_IN),
    });
  }
  list.sort((a, b) => b.events - a.events || byText(a.account, b.account));
  return { foreign: list.slice(0, COVERAGE_LIMITS.callers), foreignLeftOut: Math.max(0, list.length - COVERAGE_LIMITS.callers) };
}

function countShown(codes: ArrayLike<number>, state: Uint8Array, counts: Uint32Array): void {
  for (let i = 0; i < state.length; i++) if (!(state[i] & HIDDEN)) counts[codes[i]]++;
}

const byText = (a: string | null, b: string | null): number => ((a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0);

/** Row indices of the events by which logging is begun, ended or changed, as they lie. */
export function loggingRows(columns: EventColumns): number[] {
  const sources = columns.dictionary('eventSource');
  const names = columns.dictionary('eventName');
  const source = new Uint8Array(sources.count + 1);
  const calls = new Uint8Array(names.count + 1);
  LOGGING_CALLS.forEach(([name, list], i) => {
    source[sources.find(name)] = i + 1;
    for (const call of list) calls[names.find(call)] |= 1 << i;
  });
  source[0] = 0;
  calls[0] = 0;
  const found: number[] = [];
  for (const { rows, state, dict, base } of columns.segments) {
    const { eventName, eventSource } = dict;
    for (let i = 0; i < rows; i++) {
      if (calls[eventName[i]] === 0 || state[i] & HIDDEN) continue;
      const of = source[eventSource[i]];
      if (of !== 0 && (calls[eventName[i]] >>> (of - 1)) & 1) found.push(base + i);
    }
  }
  return found;
}
