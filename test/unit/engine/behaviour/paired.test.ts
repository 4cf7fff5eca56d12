import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paired } from '../../../../src/engine/behaviour/event-rows.ts';

describe('numbers of pairs of codes', () => {
  it('are equal for equal pairs, and count from 0 in the order in which pairs come, by a small table and by a large one', () => {
    const code = (max: number) => fc.oneof(fc.nat(4), fc.nat(max));
    fc.assert(
      fc.property(fc.constantFrom(6, 70_000), fc.array(fc.tuple(code(90_000), code(6)), { maxLength: 200 }), (most, pairs) => {
        const a = Uint32Array.from(pairs, ([x]) => Math.min(x, most));
        const b = Uint32Array.from(pairs, ([x, y]) => (most > 6 ? x : y));
        const { of, count } = paired(a, b, Math.max(6, ...b));
        const known = new Map<string, number>();
        const expected = pairs.map((_, k) => {
          const name = `${a[k]} ${b[k]}`;
          if (!known.has(name)) known.set(name, known.size);
          return known.get(name);
        });
        expect(Array.from(of)).toEqual(expected);
        expect(count).toBe(known.size);
      }),
      { numRuns: 300 },
    );
  });
});
