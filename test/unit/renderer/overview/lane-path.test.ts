import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binAfter, lanePath, laneScale } from '../../../../src/renderer/views/overview/lane-path.ts';

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

  it('is to one scale over all lanes: three denied of 306 are a hundredth of the height, and still seen', () => {
    const all = [{ counts: [306, 30] }, { counts: [153, 0] }];
    const max = laneScale(all);
    expect(max).toBe(306);
    const heights = (counts: number[]): number[] =>
      [...lanePath(counts, max, 100, 200).matchAll(/V(-?[\d.]+)/g)].map(([, top]) => Math.round((200 - Number(top)) * 10) / 10);
    expect(heights([306, 30])).toEqual([200, 19.6]);
    expect(heights([153, 0])).toEqual([100]);
    expect(heights([3, 0])).toEqual([2]);
    expect(heights([1, 0])).toEqual([1.5]);
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
