/** Groups by a column, with what an investigator wants of each. */
import type { EpochMs } from '../../shared/brand.ts';
import type { ValueColumnId } from '../../shared/columns.ts';
import type { AnswerOf, Ask, GroupAnswer, GroupRow, GroupSort } from '../../shared/plan.ts';
import type { Dictionary } from '../columns/dictionary.ts';
import type { SegmentColumns } from '../columns/segment-columns.ts';
import type { Counts } from './counting.ts';
import { codesOfValues } from './filters.ts';
import type { Matches, RowList } from './matching.ts';
import { isMulti, type OpenCase } from './open-case.ts';
import { firstOf, present } from './top.ts';
import type { Turn } from './turns.ts';

type GroupAsk = Extract<Ask, { ask: 'group' }>;

/** Per code of the column. `first` and `last` are ±Infinity where no event has a time. */
interface Stats {
  count: Counts;
  errors: Counts;
  denied: Counts;
  writes: Counts;
  first: Float64Array;
  last: Float64Array;
}

/** Bits of what is counted of a row beside its presence. */
const ERROR = 1;
const DENIED = 2;
const WRITE = 4;

/** Distinct values are counted in bit sets of at most so many bits at a time (16 MB). */
const MAX_BITS = 1 << 27;

export async function groupAnswer(ask: GroupAsk, open: OpenCase, matches: Matches, turn: Turn): Promise<AnswerOf<GroupAsk>> {
  const dictionary = open.dictionary(ask.by);
  const stats = await collect(ask.by, open, matches, turn);
  const found = present(stats.count, ask.find ? dictionary.search(ask.find) : null);
  const sorted = firstOf(found, ask.offset + ask.limit, orderOf(ask.sort, ask.descending, stats, dictionary));
  const codes = sorted.subarray(ask.offset);
  const distinct = await Promise.all(
    ask.distinct.map((column) => distinctCounts(codes, dictionary.count, ask.by, column, open, matches, turn)),
  );
  const rows = Array.from(
    codes,
    (code, k): GroupRow => ({
      value: dictionary.get(code),
      count: stats.count[code],
      errors: stats.errors[code],
      denied: stats.denied[code],
      writes: stats.writes[code],
      first: stats.first[code] === Number.POSITIVE_INFINITY ? null : (stats.first[code] as EpochMs),
      last: stats.last[code] === Number.NEGATIVE_INFINITY ? null : (stats.last[code] as EpochMs),
      distinct: distinct.map((counts) => counts[k]),
    }),
  );
  const answer: GroupAnswer = { ask: 'group', by: ask.by, groups: found.length, rows };
  return answer;
}

/** Equal groups stand by value; groups without a time stand last, either way. */
function orderOf(sort: GroupSort, descending: boolean, stats: Stats, dictionary: Dictionary): (a: number, b: number) => boolean {
  const byValue = (a: number, b: number): boolean => dictionary.compare(a, b) < 0;
  if (sort === 'value') return descending ? (a, b) => byValue(b, a) : byValue;
  const keys = stats[sort];
  const never = sort === 'first' || sort === 'last';
  return (a, b) => {
    const x = keys[a];
    const y = keys[b];
    if (x === y) return byValue(a, b);
    if (never && (!Number.isFinite(x) || !Number.isFinite(y))) return Number.isFinite(x);
    return descending ? x > y : x < y;
  };
}

async function collect(by: ValueColumnId, open: OpenCase, matches: Matches, turn: Turn): Promise<Stats> {
  const size = open.dictionary(by).count + 1;
  const stats: Stats = {
    count: new Uint32Array(size),
    errors: new Uint32Array(size),
    denied: new Uint32Array(size),
    writes: new Uint32Array(size),
    first: new Float64Array(size).fill(Number.POSITIVE_INFINITY),
    last: new Float64Array(size).fill(Number.NEGATIVE_INFINITY),
  };
  const denied = codesOfValues(open, 'outcome', ['denied']);
  const writes = codesOfValues(open, 'readOnly', ['false']);
  for (const { segment, selected } of matches.segments) {
    if (selected.length === 0) continue;
    const bits = rowBits(segment, denied, writes);
    if (isMulti(by)) {
      const { start, codes } = open.multi(segment, by);
      for (let k = 0; k < selected.length; k++) {
        const row = selected[k];
        const time = segment.time[row];
        if (start[row] === start[row + 1]) addRow(stats, 0, bits[row], time);
        for (let c = start[row]; c < start[row + 1]; c++) addRow(stats, codes[c], bits[row], time);
      }
    } else {
      const codes = open.codes(segment, by);
      for (let k = 0; k < selected.length; k++) addRow(stats, codes[selected[k]], bits[selected[k]], segment.time[selected[k]]);
    }
    if (turn.over()) await turn.yield();
  }
  return stats;
}

function rowBits(segment: SegmentColumns, denied: Uint8Array, writes: Uint8Array): Uint8Array {
  const { errorCode, outcome, readOnly } = segment.dict;
  const bits = new Uint8Array(segment.rows);
  for (let i = 0; i < bits.length; i++)
    bits[i] = (errorCode[i] === 0 ? 0 : ERROR) | (denied[outcome[i]] * DENIED) | (writes[readOnly[i]] * WRITE);
  return bits;
}

function addRow(stats: Stats, code: number, bits: number, time: number): void {
  stats.count[code]++;
  stats.errors[code] += bits & 1;
  stats.denied[code] += (bits >> 1) & 1;
  stats.writes[code] += bits >> 2;
  if (time < stats.first[code]) stats.first[code] = time;
  if (time > stats.last[code]) stats.last[code] = time;
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
