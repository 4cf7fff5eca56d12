import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lanePath } from '../../../../src/renderer/views/overview/lane-path.ts';

describe('the path of a lane', () => {
  it('has a bar for each bin with events, and none without', () => {
    expect(lanePath([0, 0, 0], 300, 14)).toBe('');
    expect(lanePath([0, 5, 0], 300, 14)).toBe('M100.0 14H200.0V0.0H100.0Z');
    fc.assert(
      fc.property(fc.array(fc.nat(1e6), { minLength: 1, maxLength: 300 }), (counts) => {
        expect(lanePath(counts, 900, 14).split('Z').length - 1).toBe(counts.filter((n) => n > 0).length);
      }),
    );
  });

  it('shows a single event beside thousands: every bar has a third of the height and a width that is seen', () => {
    const bars = [...lanePath([1, 1_000_000], 0.5, 14).matchAll(/M([\d.]+) 14H([\d.]+)V([\d.]+)/g)];
    for (const [, left, right, top] of bars) {
      expect(Number(right) - Number(left)).toBeGreaterThanOrEqual(1.4);
      expect(14 - Number(top)).toBeGreaterThan(14 / 3);
    }
    expect(bars).toHaveLength(2);
  });
});
