import { describe, expect, it } from 'vitest';
import { keySections } from '../../../../src/renderer/app/key-sections.ts';
import { type Binding, makeMatcher } from '../../../../src/renderer/app/sequence.ts';
import { gridCommand } from '../../../../src/renderer/views/events/grid-keys.ts';

const stroke = (key: string) => ({ key, ctrl: false, alt: false, meta: false, shift: false });

describe('a sequence of two keys', () => {
  const run: string[] = [];
  const bindings: Binding[] = [
    { keys: 'g e', run: () => run.push('events') },
    { keys: 'p', run: () => run.push('pause') },
  ];
  it('has begun after its first key, for a while, and is over with its second', () => {
    const match = makeMatcher(bindings, false);
    expect(match.begun(0)).toBe(false);
    expect(match(stroke('g'), false, 100)).toBeNull();
    expect(match.begun(200)).toBe(true);
    expect(match.begun(5000)).toBe(false);
    expect(match(stroke('e'), false, 300)).toBe(bindings[0]);
    expect(match.begun(300)).toBe(false);
  });
  it('is over with a key that does not belong to it', () => {
    const match = makeMatcher(bindings, false);
    match(stroke('g'), false, 100);
    expect(match(stroke('q'), false, 200)).toBeNull();
    expect(match.begun(200)).toBe(false);
    expect(match(stroke('e'), false, 250)).toBeNull();
  });
});

describe('the help on keys', () => {
  const plain = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
  it('names every key that the events table knows', () => {
    const shown = keySections([], false)
      .filter(({ where }) => where.startsWith('In '))
      .flatMap(({ keys }) => keys.map(([key]) => key))
      .join(' ');
    const names: Record<string, string> = {
      ' ': 'Space',
      ContextMenu: 'menu key',
      ArrowUp: '↑',
      ArrowDown: '↓',
      ArrowLeft: '←',
      ArrowRight: '→',
      Escape: 'Esc',
    };
    for (const key of [
      'ArrowUp',
      'ArrowDown',
      'ArrowLeft',
      'ArrowRight',
      'Home',
      'End',
      'Enter',
      'Escape',
      ' ',
      'ContextMenu',
      'm',
      's',
      'c',
      'f',
      'x',
    ]) {
      expect(gridCommand({ key, ...plain })).not.toBeNull();
      expect(shown).toContain(names[key] ?? key);
    }
  });
  it('says no two things with the same words', () => {
    for (const { keys } of keySections([], true)) expect(new Set(keys.map(([, what]) => what)).size).toBe(keys.length);
  });
});
