import { describe, expect, it } from 'vitest';
import { isPlainNote } from '../../../src/shared/note-limits.ts';

describe('a note', () => {
  it('is formatted when it is one that people write', () => {
    expect(isPlainNote('# Findings\n\n- the **key** of [alice](event:id%3Ax)\n'.repeat(500))).toBe(false);
  });
  it.each([
    ['5 MB long', 'lorem ipsum '.repeat(450_000)],
    ['of many marks', '*'.repeat(10_001)],
    ['nested deeply', '> '.repeat(200)],
  ])('%s is plain text', (_, text) => expect(isPlainNote(text)).toBe(true));
});
