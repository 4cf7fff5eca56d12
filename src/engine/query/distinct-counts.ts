/** Numbers of distinct values of one column in the groups of another. */
import type { ValueColumnId } from '../../shared/columns.ts';
import type { SegmentColumns } from '../columns/segment-columns.ts';
import type { Counts } from './counting.ts';
import type { Matches, RowList } from './matching.ts';
import { isMulti, type OpenCase } from './open-case.ts';
import type { Turn } from './turns.ts';

/** Distinct values are counted in bit sets of at most so many bits at a time (16 MB). */
const MAX_BITS = 1 << 27;
/** Where that would take more than so many passes over the rows, pairs are sorted instead. */
const MAX_PASSES = 4;

/** For each of `codes` of the column `by`, at its own number: how many values of `column` its events have. For an order of all groups. */
export async function distinctOfAll(
  codes: Uint32Array,
  maxCode: number,
  by: ValueColumnId,
  column: ValueColumnId,
  open: OpenCase,
  matches: Matches,
  turn: Turn,
  passes = MAX_PASSES,
): Promise<Counts> {
  const byCode = new Uint32Array(maxCode + 1);
  const width = open.dictionary(column).count + 1;
  if (codes.length * width <= passes * MAX_BITS) {
    const counts = await distinctCounts(codes, maxCode, by, column, open, matches, turn);
    codes.forEach((code, k) => {
      byCode[code] = counts[k];
    });
    return byCode;
  }
  const pairs = new Pairs();
  for (const { segment, selected } of matches.segments) {
    eachPair(valuesOf(open, segment, by), valuesOf(open, segment, column), selected, (group, value) => pairs.add(group * width + value));
    if (turn.over()) await turn.yield();
  }
  const distinct = pairs.distinct();
  for (let k = 0; k < distinct.length; k++) byCode[Math.floor(distinct[k] / width)]++;
  return byCode;
}

/** Numbers of which each counts once; kept sorted and without repeats as they become many. */
class Pairs {
  private held = new Float64Array(1 << 20);
  private n = 0;

  add(pair: number): void {
    if (this.n === this.held.length) this.compact();
    this.held[this.n++] = pair;
  }

  distinct(): Float64Array {
    this.compact();
    return this.held.subarray(0, this.n);
  }

  private compact(): void {
    const sorted = this.held.subarray(0, this.n).sort();
    let kept = 0;
    for (let k = 0; k < sorted.length; k++) if (k === 0 || sorted[k] !== sorted[k - 1]) sorted[kept++] = sorted[k];
    this.n = kept;
    if (kept * 2 <= this.held.length) return;
    const more = new Float64Array(this.held.length * 2);
    more.set(this.held.subarray(0, kept));
    this.held = more;
  }
}

function eachPair(groups: Values, values: Values, rows: RowList, tell: (group: number, value: number) => void): void {
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k];
    const groupFrom = groups.start ? groups.start[row] : row;
    const groupTo = groups.start ? groups.start[row + 1] : row + 1;
    const valueFrom = values.start ? values.start[row] : row;
    const valueTo = values.start ? values.start[row + 1] : row + 1;
    const bare = groupFrom === groupTo ? 1 : 0;
    for (let g = groupFrom; g < groupTo + bare; g++)
      for (let v = valueFrom; v < valueTo; v++) if (values.codes[v] !== 0) tell(bare ? 0 : groups.codes[g], values.codes[v]);
  }
}

/** For each of `codes` of the column `by`: how many values of `column` its events have. */
export async function distinctCounts(
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
