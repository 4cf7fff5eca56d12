import { describe, expect, it } from 'vitest';
import { filterHover, filterSentence, filterWords } from '../../../../src/renderer/app/filter-words.ts';
import { findOffers, looksLikeOneThing } from '../../../../src/renderer/app/find.ts';
import { navigationOf } from '../../../../src/renderer/app/navigation.tsx';
import { checkPaste } from '../../../../src/renderer/app/paste-check.ts';
import { type KeyStroke, keysShown, makeMatcher } from '../../../../src/renderer/app/sequence.ts';
import type { EventKey } from '../../../../src/shared/brand.ts';
import { credentialOfKey } from '../../../../src/shared/lineage.ts';

describe('filters in words', () => {
  it('says absence, negation and fixed meanings in words', () => {
    expect(filterSentence({ op: 'in', column: 'errorCode', values: [null] })).toBe('Error code is (no error code)');
    expect(filterSentence({ op: 'in', column: 'readOnly', values: ['false'], not: true })).toBe('not: Read-only is write');
    expect(filterWords({ op: 'contains', column: 'any', text: 'a\u202eb' })).toEqual({
      subject: 'Any column',
      relation: 'contains',
      value: 'a⟨RLO⟩b',
      not: false,
    });
  });
  it('shortens long lists and shows them whole on hover', () => {
    const filter = { op: 'in', column: 'awsRegion', values: ['a', 'b', 'c', 'd', 'e'] } as const;
    expect(filterSentence({ ...filter, values: [...filter.values] })).toBe('Region is a or b or 3 more');
    expect(filterHover({ ...filter, values: [...filter.values] })).toBe('Region:\na\nb\nc\nd\ne');
  });
  it('joins nested filters', () => {
    expect(
      filterSentence({
        op: 'or',
        filters: [
          { op: 'in', column: 'awsRegion', values: ['a'] },
          { op: 'contains', column: 'eventName', text: 'x' },
        ],
      }),
    ).toBe('Any of Region is a; or Event name contains x');
  });
});

describe('the find box', () => {
  const located = { events: ['id:1' as EventKey], columns: [{ column: 'sourceIPAddress' as const, value: '192.0.2.1', count: 12 }] };
  it('puts an exact hit first when the text is one thing, else the filter', () => {
    expect(
      findOffers('192.0.2.1', 'contains', located)
        .map((o) => o.label)
        .slice(0, 4),
    ).toEqual(['Open the event', 'Source IP is', 'Open the address', 'Any column contains']);
    expect(findOffers('Get', 'contains', located)[0].label).toBe('Any column contains');
  });
  it('offers only exact hits when asked to, and nothing for nothing', () => {
    expect(findOffers('x', 'exact', { events: [], columns: [] })).toEqual([]);
    expect(findOffers('  ', 'contains', null)).toEqual([]);
  });
  it('knows event IDs, keys, addresses and ARNs', () => {
    for (const text of [
      '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
      'AKIAIOSFODNN7EXAMPLE',
      '192.0.2.1',
      '2001:db8::1',
      'arn:aws:iam::111122223333:root',
    ])
      expect(looksLikeOneThing(text)).toBe(true);
    for (const text of ['GetObject', 'alice', '12:30', '1.2']) expect(looksLikeOneThing(text)).toBe(false);
  });
});

describe('keyboard', () => {
  const stroke = (key: string, more: Partial<KeyStroke> = {}): KeyStroke => ({
    key,
    ctrl: false,
    alt: false,
    meta: false,
    shift: false,
    ...more,
  });
  const bindings = ['g e', 'Mod+k', 'Alt+1', '/', '?', '['].map((keys) => ({ keys, inText: keys.startsWith('Mod'), run: () => undefined }));
  it('knows two keys one after the other, within a pause', () => {
    const match = makeMatcher(bindings, false);
    expect(match(stroke('g'), false, 0)).toBeNull();
    expect(match(stroke('e'), false, 500)?.keys).toBe('g e');
    match(stroke('g'), false, 1000);
    expect(match(stroke('e'), false, 9000)).toBeNull();
    match(stroke('g'), false, 10_000);
    match(stroke('x'), false, 10_100);
    expect(match(stroke('e'), false, 10_200)).toBeNull();
  });
  it('leaves text fields alone, except for what says otherwise', () => {
    const match = makeMatcher(bindings, false);
    expect(match(stroke('/'), true, 0)).toBeNull();
    expect(match(stroke('k', { ctrl: true }), true, 0)?.keys).toBe('Mod+k');
    match(stroke('g'), true, 0);
    expect(match(stroke('e'), false, 10)).toBeNull();
  });
  it('means the command key on a Mac, and Shift only where it is part of the shortcut', () => {
    expect(makeMatcher(bindings, true)(stroke('k', { meta: true }), false, 0)?.keys).toBe('Mod+k');
    expect(makeMatcher(bindings, true)(stroke('k', { ctrl: true }), false, 0)).toBeNull();
    expect(makeMatcher(bindings, false)(stroke('?', { shift: true }), false, 0)?.keys).toBe('?');
    expect(makeMatcher(bindings, false)(stroke('K', { ctrl: true, shift: true }), false, 0)).toBeNull();
    expect([keysShown('Mod+Shift+o', false), keysShown('Mod+k', true), keysShown('g e', true)]).toEqual(['Ctrl+Shift+O', '⌘K', 'g e']);
  });
});

describe('pasted text', () => {
  it('accepts one record, an array, Records, and one record a line', () => {
    for (const text of ['{"a":1}', '[{"a":1}]', '{"Records":[{}]}', '{"a":1}\n\n{"b":2}\n'])
      expect(checkPaste(text)).toMatchObject({ usable: true, problem: null });
  });
  it('names line and column where it stops being JSON', () => {
    expect(checkPaste('{\n  "a": 1,\n  "b": oops\n}')).toMatchObject({
      usable: false,
      problem: expect.stringContaining('line 3, column 8'),
    });
    expect(checkPaste('{"a":1}\n{"b":')).toMatchObject({ usable: true, problem: expect.stringContaining('Line 2, column 6') });
    expect(checkPaste('{"a":1')).toMatchObject({ usable: false, problem: expect.stringContaining('line 1, column 7') });
  });
  it('refuses what is JSON but no record, and says nothing of nothing', () => {
    expect(checkPaste('{"Events":[{"EventId":"a"}]}')).toMatchObject({ usable: true, what: 'Events: 1' });
    expect(checkPaste('Event ID,Event name,Event time\na,b,c')).toMatchObject({ usable: true, what: expect.stringContaining('CSV') });
    expect(checkPaste('2026-03-02T09:00:00.000Z {"eventID":"a"}')).toMatchObject({ usable: true, problem: null });
    expect(checkPaste('42').usable).toBe(false);
    expect(checkPaste('[]').problem).toBe('The array is empty.');
    expect(checkPaste('  ')).toEqual({ usable: false, problem: null, what: null });
  });
});

describe('navigation', () => {
  it('marks the view that a page belongs to', () => {
    expect(navigationOf({ view: 'subject', column: 'resource', value: 'x' })).toBe('resources');
    expect(navigationOf({ view: 'subject', column: 'principal', value: 'x' })).toBe('principals');
    expect(navigationOf({ view: 'subject', column: 'accessKeyId', value: 'x' })).toBe('credentials');
    expect(navigationOf({ view: 'credential', id: credentialOfKey('x') })).toBe('credentials');
    expect(navigationOf({ view: 'subject', column: 'agentTool', value: 'x' })).toBe('agents');
    expect(navigationOf({ view: 'subject', column: 'sourceIPAddress', value: 'x' })).toBe('addresses');
    expect(navigationOf({ view: 'subject', column: 'awsRegion', value: 'x' })).toBe('overview');
    expect(navigationOf({ view: 'cases' })).toBeNull();
  });
});
