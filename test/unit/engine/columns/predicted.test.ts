import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Predicted } from '../../../../src/engine/columns/predicted.ts';

const all = (kept: Predicted, rows: number): number[] => Array.from({ length: rows }, (_, row) => kept.at(row));

describe('numbers that follow from the row before', () => {
  it('gives back whatever it was given', () => {
    const steps = fc.array(fc.oneof(fc.constant(0), fc.nat(3), fc.nat(70_000), fc.integer({ min: -5, max: 5 })), { maxLength: 200 });
    fc.assert(
      fc.property(steps, fc.nat(2 ** 31), (extra, first) => {
        let last = first;
        const values = Uint32Array.from(extra, (more) => (last = Math.max(0, last + 7 + more)));
        const kept = new Predicted(values, (_, before) => before + 7);
        expect(all(kept, values.length)).toEqual([...values]);
      }),
    );
  });

  it('keeps next to nothing of what is as predicted', () => {
    const rows = 65_536;
    const starts = (row: number): boolean => row % 2000 === 0;
    const values = Uint32Array.from({ length: rows }, (_, row) => row % 2000);
    const kept = new Predicted(values, (row, before) => (starts(row) ? 0 : before + 1));
    expect(all(kept, rows)).toEqual([...values]);
    expect(kept.byteLength).toBeLessThan(rows / 4);
  });
});
