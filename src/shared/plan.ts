/**
 * What a view asks of the query worker. A plan is data: a selection (which events) and asks (what of them). One plan is one pass
 * where it can be; answers come back in the order of the asks.
 */
import type { EpochMs, EventKey, RowIndex } from './brand.ts';
import type { ColumnId, SingleColumnId, ValueColumnId } from './columns.ts';

/** `null` in a value list stands for "absent". Values are verbatim and case-sensitive; `contains` ignores case. */
export type Filter =
  | { op: 'in'; column: ValueColumnId; values: (string | null)[]; not?: boolean }
  /** Rows where the value of the column (any value column for 'any', eventID too) contains the text, ignoring case. */
  | { op: 'contains'; column: ValueColumnId | 'eventID' | 'any'; text: string; not?: boolean }
  | { op: 'eventID'; ids: string[]; not?: boolean }
  | { op: 'keys'; keys: EventKey[]; not?: boolean }
  | { op: 'and'; filters: Filter[]; not?: boolean }
  | { op: 'or'; filters: Filter[]; not?: boolean };

export interface TimeRange {
  /** Inclusive; null = from the beginning. */
  from: EpochMs | null;
  /** Exclusive; null = to the end. With both null, events without a readable time are in the selection too. */
  to: EpochMs | null;
}

export interface Selection {
  time: TimeRange;
  /** All must hold. */
  filters: Filter[];
  /** Hide events with readOnly true, as Event history does. */
  hideReadOnly: boolean;
  /** Hide calls made by AWS services: invokedBy present, identity type AWSService, or source `AWS Internal`. */
  hideServiceCalls: boolean;
}

export const EMPTY_SELECTION: Selection = { time: { from: null, to: null }, filters: [], hideReadOnly: false, hideServiceCalls: false };

/** `distinct:<column>`: by the number of distinct values of that column. */
export type GroupSort = 'count' | 'failed' | 'denied' | 'writes' | 'first' | 'last' | 'value' | `distinct:${ValueColumnId}`;

export type Ask =
  | { ask: 'count' }
  /** Counts over time. `bins` at most 1,000; the bin width is a whole, plain unit of time (1 s … 1 month). */
  | { ask: 'histogram'; bins: number; stackBy: SingleColumnId | null; stackTop: number }
  /**
   * Values of a column by count. `in` filters on the column itself are left out of its own count (so that siblings stay
   * visible), except with `strict`. `find`: only values that contain it, ignoring case.
   */
  | { ask: 'facet'; column: ValueColumnId; limit: number; find?: string; strict?: boolean }
  /** One page of rows in the global order: time, then eventID, then source; events without time come last, either way. */
  | { ask: 'page'; offset: number; limit: number; descending: boolean; columns: ColumnId[] }
  /** Groups by a column with what an investigator wants of each. `distinct`: numbers of distinct values of these columns. */
  | {
      ask: 'group';
      by: ValueColumnId;
      sort: GroupSort;
      descending: boolean;
      offset: number;
      limit: number;
      distinct: ValueColumnId[];
      find?: string;
    }
  /** Place of an event in the page order of this selection; position −1 when it is not in it. */
  | { ask: 'position'; key: EventKey; descending: boolean }
  /** Keys of the events of the selection in order, at most `limit`. */
  | { ask: 'keys'; limit: number; descending: boolean };

export interface QueryPlan {
  /** Who asks: a newer plan of the same view supersedes an older one that still runs. */
  view: string;
  selection: Selection;
  asks: Ask[];
}

export interface CountAnswer {
  ask: 'count';
  /** Events in the selection, those that failed by their outcome (denied or error), those of them that were denied, and the span of their times. */
  events: number;
  failed: number;
  denied: number;
  withoutTime: number;
  first: EpochMs | null;
  last: EpochMs | null;
  /** Events in the case without any selection. */
  total: number;
}

export interface HistogramAnswer {
  ask: 'histogram';
  from: EpochMs;
  binMs: number;
  /** Layers: the top values of `stackBy` by count, then `other` if more; a single layer without stackBy. */
  layers: { value: string | null; other: boolean; counts: Uint32Array<ArrayBuffer> }[];
  bins: number;
}

export interface FacetValue {
  value: string | null;
  count: number;
}
export interface FacetAnswer {
  ask: 'facet';
  column: ValueColumnId;
  values: FacetValue[];
  /** Distinct values with a count above 0 (that match `find`), the absent one included. */
  distinct: number;
  /** Whether the absent value is one of `distinct`. */
  absent: boolean;
}

export interface PageAnswer {
  ask: 'page';
  offset: number;
  /** Rows in the whole selection. */
  total: number;
  rows: PageRow[];
}
export interface PageRow {
  key: EventKey;
  row: RowIndex;
  time: EpochMs | null;
  eventID: string | null;
  starred: boolean;
  /** Source rows of this event (1 = no duplicate) and whether copies contradict each other. */
  copies: number;
  conflict: boolean;
  /** Values of the asked dictionary and multi columns, in the order asked; several values joined in an array. */
  values: (string | null | string[])[];
}

export interface GroupRow {
  value: string | null;
  count: number;
  /** By the outcome: success; denied or error; denied alone. Insights and unknown outcomes are in none of them. */
  succeeded: number;
  failed: number;
  denied: number;
  writes: number;
  first: EpochMs | null;
  last: EpochMs | null;
  /** In the order of `distinct`; absent values do not count. */
  distinct: number[];
}
export interface GroupAnswer {
  ask: 'group';
  by: ValueColumnId;
  groups: number;
  /** Whether the absent value is one of `groups`. */
  absent: boolean;
  rows: GroupRow[];
}
export interface PositionAnswer {
  ask: 'position';
  position: number;
}
export interface KeysAnswer {
  ask: 'keys';
  keys: EventKey[];
  total: number;
}

export type Answer = CountAnswer | HistogramAnswer | FacetAnswer | PageAnswer | GroupAnswer | PositionAnswer | KeysAnswer;
export type AnswerOf<A extends Ask> = Extract<Answer, { ask: A['ask'] }>;
/** The answers of a tuple of asks, position by position. */
export type Answers<A extends readonly Ask[]> = { [I in keyof A]: A[I] extends { ask: infer K } ? Extract<Answer, { ask: K }> : never };

export interface PlanResult<A extends readonly Ask[] = readonly Ask[]> {
  answers: Answers<A>;
  /** Generation of the data the answers were computed on (`QueryStatus.generation`). */
  generation: number;
  ms: number;
}
