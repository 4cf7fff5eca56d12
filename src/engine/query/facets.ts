/** Values of a column by count. */

import type { ValueColumnId } from '../../shared/columns.ts';
import type { FacetAnswer } from '../../shared/plan.ts';
import type { Dictionary } from '../columns/dictionary.ts';
import type { Counts } from './counting.ts';
import { firstOf, present } from './top.ts';

/** Codes with a count, most first, equals by value. */
export function topCodes(
  counts: Counts,
  dictionary: Dictionary,
  limit: number,
  accept: Uint8Array | null,
): { codes: Uint32Array; distinct: number } {
  const found = present(counts, accept);
  const before = (a: number, b: number): boolean => counts[a] > counts[b] || (counts[a] === counts[b] && dictionary.compare(a, b) < 0);
  return { codes: firstOf(found, limit, before), distinct: found.length };
}

export function facetAnswer(
  column: ValueColumnId,
  counts: Counts,
  dictionary: Dictionary,
  limit: number,
  find: string | undefined,
): FacetAnswer {
  const accept = find ? dictionary.search(find) : null;
  const { codes, distinct } = topCodes(counts, dictionary, limit, accept);
  return {
    ask: 'facet',
    column,
    values: Array.from(codes, (code) => ({ value: dictionary.get(code), count: counts[code] })),
    distinct,
    // Code 0 is the absent value.
    absent: counts[0] > 0 && (accept === null || accept[0] === 1),
  };
}
