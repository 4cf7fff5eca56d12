/** Groups by a column, with what an investigator wants of each. */
import type { EpochMs } from '../../shared/brand.ts';
import type { ValueColumnId } from '../../shared/columns.ts';
import type { AnswerOf, Ask, GroupAnswer, GroupRow, GroupSort } from '../../shared/plan.ts';
import type { Dictionary } from '../columns/dictionary.ts';
import { type Counts, countRows } from './counting.ts';
import { distinctCounts, distinctOfAll } from './distinct-counts.ts';
import { type RowBits, Stats } from './group-stats.ts';
import type { Matches, RowList } from './matching.ts';
import { isMulti, type OpenCase } from './open-case.ts';
import { firstOf, present } from './top.ts';
import type { Turn } from './turns.ts';

type GroupAsk = Extract<Ask, { ask: 'group' }>;

export async function groupAnswer(ask: GroupAsk, open: OpenCase, matches: Matches, bits: RowBits, turn: Turn): Promise<AnswerOf<GroupAsk>> {
  const dictionary = open.dictionary(ask.by);
  const accept = ask.find ? dictionary.search(ask.find) : null;
  const pick = (counts: Counts, before: (a: number, b: number) => boolean): typeof chosen => {
    const found = present(counts, accept);
    // Code 0 is the absent value.
    return { groups: found.length, absent: found[0] === 0, codes: firstOf(found, ask.offset + ask.limit, before).subarray(ask.offset) };
  };
  let chosen: { groups: number; absent: boolean; codes: Uint32Array };
  let stats: Stats;
  const { sort } = ask;
  if (sort === 'count' || sort === 'value' || isDistinctSort(sort)) {
    // Their order needs no more than one count a group: the rest is worked out for those that are given.
    const counts = new Uint32Array(dictionary.count + 1);
    for (const { segment, selected } of matches.segments) {
      countRows(open, segment, ask.by, selected, 1, counts);
      if (turn.over()) await turn.yield();
    }
    if (!isDistinctSort(sort)) chosen = pick(counts, orderOf(sort, ask.descending, { count: counts }, dictionary));
    else {
      const column = sort.slice(DISTINCT.length) as ValueColumnId;
      const values = await distinctOfAll(present(counts, accept), dictionary.count, ask.by, column, open, matches, turn);
      chosen = pick(counts, orderOf('count', ask.descending, { count: values }, dictionary));
    }
    const slots = counts.fill(0);
    chosen.codes.forEach((code, k) => {
      slots[code] = k + 1;
    });
    stats = await collect(ask.by, slots, chosen.codes.length, open, matches, bits, turn);
  } else {
    const all = await collect(ask.by, null, dictionary.count + 1, open, matches, bits, turn);
    chosen = pick(all.count, orderOf(sort, ask.descending, all, dictionary));
    stats = all.of(chosen.codes);
  }
  const { codes, groups, absent } = chosen;
  const distinct = await Promise.all(
    ask.distinct.map((column) => distinctCounts(codes, dictionary.count, ask.by, column, open, matches, turn)),
  );
  const rows = Array.from(
    codes,
    (code, k): GroupRow => ({
      value: dictionary.get(code),
      count: stats.count[k],
      succeeded: stats.succeeded[k],
      failed: stats.failed[k],
      denied: stats.denied[k],
      writes: stats.writes[k],
      first: stats.first[k] === Number.POSITIVE_INFINITY ? null : (stats.first[k] as EpochMs),
      last: stats.last[k] === Number.NEGATIVE_INFINITY ? null : (stats.last[k] as EpochMs),
      distinct: distinct.map((counts) => counts[k]),
    }),
  );
  const answer: GroupAnswer = { ask: 'group', by: ask.by, groups, absent, rows };
  return answer;
}

type DistinctSort = Extract<GroupSort, `distinct:${string}`>;
type StatSort = Exclude<GroupSort, DistinctSort>;

const isDistinctSort = (sort: GroupSort): sort is DistinctSort => sort.startsWith(DISTINCT);
const DISTINCT = 'distinct:';

/** The column of a sort by numbers of distinct values; null for every other sort. */
export const distinctColumn = (sort: GroupSort): ValueColumnId | null =>
  isDistinctSort(sort) ? (sort.slice(DISTINCT.length) as ValueColumnId) : null;

/** Equal groups stand by value; groups without a time stand last, either way. */
function orderOf<S extends StatSort>(
  sort: S,
  descending: boolean,
  stats: Pick<Stats, Exclude<S, 'value'>>,
  dictionary: Dictionary,
): (a: number, b: number) => boolean {
  const byValue = (a: number, b: number): boolean => dictionary.compare(a, b) < 0;
  if (sort === 'value') return descending ? (a, b) => byValue(b, a) : byValue;
  const keys = stats[sort as Exclude<S, 'value'>];
  const never = sort === 'first' || sort === 'last';
  return (a, b) => {
    const x = keys[a];
    const y = keys[b];
    if (x === y) return byValue(a, b);
    if (never && (!Number.isFinite(x) || !Number.isFinite(y))) return Number.isFinite(x);
    return descending ? x > y : x < y;
  };
}

/** `slots`: where the values of a code are counted + 1, 0 = not at all; null: each code at its own number. */
async function collect(
  by: ValueColumnId,
  slots: Uint32Array | null,
  size: number,
  open: OpenCase,
  matches: Matches,
  bits: RowBits,
  turn: Turn,
): Promise<Stats> {
  const stats = new Stats(size);
  for (const match of matches.segments) {
    const { segment, selected } = match;
    if (selected.length === 0) continue;
    const ofRow = bits.of(match);
    if (isMulti(by)) addMulti(stats, open.multi(segment, by), segment.time, selected, ofRow, slots);
    else addSingle(stats, open.codes(segment, by), segment.time, selected, ofRow, slots);
    if (turn.over()) await turn.yield();
  }
  return stats;
}

function addSingle(
  stats: Stats,
  codes: ArrayLike<number>,
  time: Float64Array,
  rows: RowList,
  bits: Uint8Array,
  slots: Uint32Array | null,
): void {
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k];
    const slot = slots ? slots[codes[row]] - 1 : codes[row];
    if (slot >= 0) stats.add(slot, bits[k], time[row]);
  }
}

function addMulti(
  stats: Stats,
  { start, codes }: { start: Uint32Array; codes: ArrayLike<number> },
  time: Float64Array,
  rows: RowList,
  bits: Uint8Array,
  slots: Uint32Array | null,
): void {
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k];
    // A row without any value belongs to the group of the absent value.
    const bare = start[row] === start[row + 1] ? 1 : 0;
    for (let c = start[row]; c < start[row + 1] + bare; c++) {
      const code = bare ? 0 : codes[c];
      const slot = slots ? slots[code] - 1 : code;
      if (slot >= 0) stats.add(slot, bits[k], time[row]);
    }
  }
}
