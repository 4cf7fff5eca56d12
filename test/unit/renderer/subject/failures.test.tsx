import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Failures, failureWords } from '../../../../src/renderer/components/failures.tsx';

describe('failures', () => {
  it('bear the mark of what they are: denied, other errors, or both told apart', () => {
    const text = (failed: number, denied: number): string =>
      renderToStaticMarkup(<Failures failed={failed} denied={denied} />).replace(/<[^>]+>/g, '');
    expect([text(0, 0), text(3, 3), text(6, 0), text(19, 13)]).toEqual(['0', '⊘ 3', '✕ 6', '19 (⊘ 13)']);
    expect(renderToStaticMarkup(<Failures failed={3} denied={3} />)).toContain('class="tc-denied"');
  });

  it('are said in one way', () => {
    expect([failureWords(0, 0), failureWords(6, 0), failureWords(3, 3), failureWords(19, 13)]).toEqual([
      '',
      '6 failed',
      '3 failed, all denied',
      '19 failed, 13 of these denied',
    ]);
  });
});
