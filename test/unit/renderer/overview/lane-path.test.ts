import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binAfter, halfOf, lanePath, laneScale } from '../../../../src/renderer/views/overview/lane-path.ts';

describe('the path of a lane', () => {
  it('has a bar for each bin with events, and none without', () => {
    expect(lanePath([0, 0, 0], 5, 300, 20)).toBe('');
    expect(lanePath([0, 5, 0], 5, 300, 20)).toBe('M100.0 20H200.0V0.0H100.0Z');
    fc.assert(
      fc.property(fc.array(fc.nat(1e6), { minLength: 1, maxLength: 300 }), (counts) => {
        const path = lanePath(counts, laneScale([{ counts }]), 900, 20);
        expect(path.split('Z').length - 1).toBe(counts.filter((n) => n > 0).length);
      }),
    );
  });

  it('is to one scale over all lanes, and the part that was denied is a share of its bar', () => {
    const all = [{ counts: [400, 100] }, { counts: [4, 0] }];
    const max = laneScale(all);
    expect(max).toBe(400);
    expect(halfOf(max)).toBe(100);
    const heights = (counts: number[], part?: number[]): number[] =>
      [...lanePath(counts, max, 100, 200, part).matchAll(/V(-?[\d.]+)/g)].map(([, top]) => Math.round((200 - Number(top)) * 10) / 10);
    expect(heights([400, 100])).toEqual([200, 100]);
    expect(heights([4, 0])).toEqual([20]);
    expect(heights([400, 100], [40, 0])).toEqual([20]);
    expect(heights([400, 100], [0, 50])).toEqual([50]);
    // Three of 306 fill no half of the strip, but they are seen.
    expect(heights([306], [3])).toEqual([1.7]);
    expect(heights([306], [1])).toEqual([1.5]);
    expect(laneScale([])).toBe(0);
  });
});

describe('the cursor on a lane', () => {
  it('walks from bin to bin and stays inside', () => {
    expect(binAfter('ArrowRight', false, 4, 100)).toBe(5);
    expect(binAfter('ArrowLeft', true, 4, 100)).toBe(0);
    expect(binAfter('End', false, 4, 100)).toBe(99);
    expect(binAfter('PageDown', false, 95, 100)).toBe(99);
    expect(binAfter('Enter', false, 4, 100)).toBeUndefined();
    expect(binAfter('ArrowRight', false, 0, 0)).toBeUndefined();
  });
});
