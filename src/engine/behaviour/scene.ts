/** What every analysis of a subject sees: its events, which of them lie in the window, and how much history there is. */

import type { Basis, Opening, SentencePart, Statement, StatementValue, Subject } from '../../shared/behaviour.ts';
import type { EpochMs, EventKey } from '../../shared/brand.ts';
import type { ValueColumnId } from '../../shared/columns.ts';
import type { Filter, TimeRange } from '../../shared/plan.ts';
import type { OpenCase } from '../query/open-case.ts';
import type { EventRows } from './event-rows.ts';

export const DAY_MS = 86_400_000;
/** Fewer events, or fewer days with events, say little about habits. */
export const THIN_EVENTS = 20;
const THIN_DAYS = 3;
export const VALUES_LISTED = 50;
const CITED = 20;
/** An opening names at most so many values or events. */
export const OPENED = 1000;

export interface Scene {
  open: OpenCase;
  subject: Subject;
  window: TimeRange;
  rows: EventRows;
  /** Events from ≤ k < to lie in the window; k < from is history. Those without a time are not among them. */
  from: number;
  to: number;
  /** Codes of the column `outcome`. */
  success: number;
  denied: number;
  basis: Basis;
  /** What selects `rows`: the subject, without the second records of its calls (up to 1,000 of them). */
  filters: Filter[];
}

export const subjectFilter = (subject: Subject): Filter => ({ op: 'in', column: subject.column, values: [subject.value] });

export function sceneOf(open: OpenCase, subject: Subject, window: TimeRange, rows: EventRows): Scene {
  const from = window.from === null ? 0 : rows.firstAt(window.from);
  const to = window.to === null ? rows.timed : Math.max(from, rows.firstAt(window.to));
  return {
    open,
    subject,
    window,
    rows,
    from,
    to,
    success: rows.code('outcome', 'success'),
    denied: rows.code('outcome', 'denied'),
    basis: basisOf(open, rows, from),
    filters: [subjectFilter(subject), ...withoutTwins(rows)],
  };
}

function withoutTwins({ open, twins }: EventRows): Filter[] {
  if (twins.length === 0 || twins.length > OPENED) return [];
  return [{ op: 'keys', keys: Array.from(twins, (row) => open.keys.keyOf(row)), not: true }];
}

function basisOf(open: OpenCase, rows: EventRows, historyEvents: number): Basis {
  const span = open.span();
  let historyDays = 0;
  let next = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < historyEvents; k++) {
    if (rows.time[k] < next) continue;
    historyDays++;
    next = (Math.floor(rows.time[k] / DAY_MS) + 1) * DAY_MS;
  }
  const evidenceFrom = (span?.first ?? null) as EpochMs | null;
  const begin: SentencePart[] = evidenceFrom === null ? [] : [', which begin ', { part: 'day', day: evidenceFrom }];
  return {
    evidenceFrom,
    evidenceTo: (span?.last ?? null) as EpochMs | null,
    historyEvents,
    historyFrom: historyEvents > 0 ? rows.timeOf(0) : null,
    historyDays,
    history: historyEvents === 0 ? 'none' : historyEvents < THIN_EVENTS || historyDays < THIN_DAYS ? 'thin' : 'enough',
    sentence:
      historyEvents === 0
        ? ['no history before the window in these files', ...begin]
        : [
            'first in these files',
            ...begin,
            '; before the window there are ',
            count(historyEvents, 'event', 'events'),
            ' of it on ',
            count(historyDays, 'day', 'days'),
          ],
  };
}

export const count = (n: number, one: string, many: string): SentencePart => ({ part: 'count', count: n, one, many });
export const value = (text: string, column: ValueColumnId | null): SentencePart => ({ part: 'value', value: text, column });
export const time = (t: number): SentencePart => ({ part: 'time', time: t as EpochMs });

/** "a", "a and b", "a, b and 3 more". */
export function listed(values: readonly StatementValue[], total: number, shown = 3): SentencePart[] {
  const parts: SentencePart[] = [];
  const few = values.slice(0, shown);
  const rest = total - few.length;
  few.forEach((v, i) => {
    if (i > 0) parts.push(i === few.length - 1 && rest === 0 ? ' and ' : ', ');
    parts.push(value(v.value, v.column));
  });
  if (rest > 0) parts.push(` and ${rest} more`);
  return parts;
}

type Given = Pick<Statement, 'kind' | 'section' | 'weight' | 'parts' | 'opens'> &
  Partial<Pick<Statement, 'counts' | 'compares'>> & {
    values?: StatementValue[];
    /** How many values there are, when `values` holds the first of them only. */
    total?: number;
    cited?: readonly EventKey[];
  };

/** A statement with its lists cut to what is allowed. */
export function statement(given: Given): Statement {
  const values = given.values ?? [];
  return {
    kind: given.kind,
    section: given.section,
    weight: given.weight,
    parts: given.parts,
    counts: given.counts ?? {},
    values: values.slice(0, VALUES_LISTED),
    more: Math.max(0, (given.total ?? values.length) - VALUES_LISTED),
    cited: (given.cited ?? []).slice(0, CITED),
    opens: given.opens,
    compares: given.compares ?? false,
  };
}

/** The subject's events of the window that pass these filters too. */
export const within = (scene: Scene, ...filters: Filter[]): Opening => ({
  time: scene.window,
  filters: [...scene.filters, ...filters],
});

export const oneOf = (column: ValueColumnId, values: Iterable<string | null>): Filter => ({
  op: 'in',
  column,
  values: [...values].slice(0, OPENED),
});

/** Exactly these events. */
export const exactly = (keys: readonly EventKey[]): Opening => ({
  time: { from: null, to: null },
  filters: [{ op: 'keys', keys: keys.slice(0, OPENED) }],
});

/** Keys of the first of these positions. */
export const citedOf = (rows: EventRows, positions: readonly number[]): EventKey[] => positions.slice(0, CITED).map((k) => rows.key(k));
