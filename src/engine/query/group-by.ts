/** Groups by a column, with what an investigator wants of each. */
import type { EpochMs } from '../../shared/brand.ts';
import type { ValueColumnId } from '../../shared/columns.ts';
import type { AnswerOf, Ask, GroupAnswer, GroupRow, GroupSort } from '../../shared/plan.ts';
import type { Dictionary } from '../columns/dictionary.ts';
import type { SegmentColumns } from '../columns/segment-columns.ts';
import { type Counts, countRows } from './counting.ts';
import { type RowBits, Stats } from './group-stats.ts';
import type { Matches, RowList } from './matching.ts';
import { isMulti, type OpenCase } from './open-case.ts';
import { firstOf, present } from './top.ts';
import type { Turn } from './turns.ts';

type GroupAsk = Extract<Ask, { ask: 'group' }>;

/** Distinct values are counted in bit sets of at most so many bits at a time (16 MB). */
const MAX_BITS = 1 << 27;

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
  if (ask.sort === 'count' || ask.sort === 'value') {
    // Their order needs no more than the counts: the rest is worked out for those that are given.
    const counts = new Uint32Array(dictionary.count + 1);
    for (const { segment, selected } of matches.segments) {
      countRows(open, segment, ask.by, selected, 1, counts);
      if (turn.over()) await turn.yield();
    }
    chosen = pick(counts, orderOf(ask.sort, ask.descending, { count: counts }, dictionary));
    const slots = counts.fill(0);
    chosen.codes.forEach((code, k) => {
      slots[code] = k + 1;
    });
    stats = await collect(ask.by, slots, chosen.codes.length, open, matches, bits, turn);
  } else {
    const all = await collect(ask.by, null, dictionary.count + 1, open, matches, bits, turn);
    chosen = pick(all.count, orderOf(ask.sort, ask.descending, all, dictionary));
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

/** Equal groups stand by value; groups without a time stand last, either way. */
function orderOf<S extends GroupSort>(
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

/** For each of `codes` of the column `by`: how many values of `column` its events have. */
async function distinctCounts(
  codes: Uint32Array,
  maxCode: number,
  by: ValueColumnId,
  column: ValueColumnId,
  open: OpenCase,
  matches: Matches,
  turn: Turn,
): Promise<Uint32Array> {
  const counts = new Uint32Array(codes.length);
  const width = open.dictionary(column).count + 1;
  const together = Math.max(1, Math.floor(MAX_BITS / width));
  for (let from = 0; from < codes.length; from += together) {
    const part = codes.subarray(from, from + together);
    // Slot + 1 of each code that is counted in this part.
    const slotOf = new Uint32Array(maxCode + 1);
    part.forEach((code, slot) => {
      slotOf[code] = slot + 1;
    });
    const seen = new Uint32Array(Math.ceil((part.length * width) / 32));
    for (const { segment, selected } of matches.segments) {
      const groups = valuesOf(open, segment, by);
      const values = valuesOf(open, segment, column);
      markPairs(groups, values, selected, slotOf, width, seen, counts.subarray(from));
      if (turn.over()) await turn.yield();
    }
  }
  return counts;
}

interface Values {
  /** Null for a column with one value a row. */
  start: Uint32Array | null;
  codes: ArrayLike<number>;
}

function valuesOf(open: OpenCase, segment: SegmentColumns, column: ValueColumnId): Values {
  return isMulti(column) ? open.multi(segment, column) : { start: null, codes: open.codes(segment, column) };
}

function markPairs(
  groups: Values,
  values: Values,
  rows: RowList,
  slotOf: Uint32Array,
  width: number,
  seen: Uint32Array,
  counts: Uint32Array,
): void {
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k];
    const groupFrom = groups.start ? groups.start[row] : row;
    const groupTo = groups.start ? groups.start[row + 1] : row + 1;
    const valueFrom = values.start ? values.start[row] : row;
    const valueTo = values.start ? values.start[row + 1] : row + 1;
    // A row without any value belongs to the group of the absent value.
    const bare = groupFrom === groupTo ? 1 : 0;
    for (let g = groupFrom; g < groupTo + bare; g++) {
      const slot = slotOf[bare ? 0 : groups.codes[g]] - 1;
      if (slot < 0) continue;
      for (let v = valueFrom; v < valueTo; v++) {
        const code = values.codes[v];
        if (code === 0) continue;
        const bit = slot * width + code;
        const mask = 1 << (bit & 31);
        const word = Math.floor(bit / 32);
        if (seen[word] & mask) continue;
        seen[word] |= mask;
        counts[slot]++;
      }
    }
  }
}
