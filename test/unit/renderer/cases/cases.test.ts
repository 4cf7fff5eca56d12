import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatPercent, formatShort } from '../../../../src/renderer/components/numbers.ts';
import { meaningOf, valueWords } from '../../../../src/renderer/components/value-words.ts';
import { newestFirst } from '../../../../src/renderer/views/cases/queries.ts';
import { type CaseId, epochMs } from '../../../../src/shared/brand.ts';

describe('the list of cases', () => {
  it('begins with the one opened last', () => {
    const info = (name: string, openedAt: number) => ({
      id: name as CaseId,
      name,
      createdAt: epochMs(0),
      openedAt: epochMs(openedAt),
      files: 0,
      events: 0,
      firstTime: null,
      lastTime: null,
    });
    expect(newestFirst([info('b', 5), info('c', 9), info('a', 5)]).map((c) => c.name)).toEqual(['c', 'a', 'b']);
  });
});

describe('numbers and values in words', () => {
  it('rounds nothing away', () => {
    expect([0, 1, 995, 1200, 38_400, 1_250_000].map(formatShort)).toEqual(['0', '1', '995', '1.2k', '38.4k', '1.3M']);
    expect([820, 1300, 151_000_000, 999_999].map(formatBytes)).toEqual(['820 B', '1.3 kB', '151 MB', '1.0 MB']);
    expect([formatPercent(1, 1000), formatPercent(999, 1000), formatPercent(0, 0), formatPercent(74, 100)]).toEqual([
      '<1 %',
      '>99 %',
      '0 %',
      '74 %',
    ]);
    expect(formatCount(1_204_331)).toBe('1,204,331');
  });
  it('says absence and empty text', () => {
    expect([
      valueWords('readOnly', null),
      valueWords('userAgent', null),
      valueWords('userAgent', ''),
      valueWords('readOnly', 'true'),
      valueWords('userAgent', 'true'),
    ]).toEqual(['(not recorded)', '(absent)', '(empty text)', 'read', 'true']);
    expect([
      meaningOf('outcome', 'denied'),
      meaningOf('errorCode', null),
      meaningOf('errorCode', 'X'),
      meaningOf('readOnly', 'maybe'),
    ]).toEqual(['denied', 'success', null, null]);
  });
});
