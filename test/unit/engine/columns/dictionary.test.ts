import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dictionary } from '../../../../src/engine/columns/dictionary.ts';
import { type ByteStrings, compareBytes, encodeUtf8, endsOfLengths, stringAt, utf16Length } from '../../../../src/shared/byte-strings.ts';

const textArb = fc
  .oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a', 'B', 'é', '\uE000', '\uFFFD', '\u{1F600}', '\u{10FFFF}', 'İ', '\u212A'))
  .map((s) => s.toWellFormed());
const listArb = fc.array(textArb, { maxLength: 30 });

function byteStrings(strings: string[]): ByteStrings {
  const bytes = encodeUtf8(strings.join(''));
  return {
    count: strings.length,
    bytes,
    ends: endsOfLengths(
      bytes,
      Uint32Array.from(strings, (s) => s.length),
    ),
  };
}

describe('strings kept as bytes', () => {
  it('are read back, measured and compared as JavaScript does', () => {
    fc.assert(
      fc.property(listArb, textArb, textArb, (strings, a, b) => {
        const list = byteStrings(strings);
        expect(strings.map((_, i) => stringAt(list, i))).toEqual(strings);
        const x = encodeUtf8(a);
        const y = encodeUtf8(b);
        expect(utf16Length(x, 0, x.length)).toBe(a.length);
        expect(Math.sign(compareBytes(x, 0, x.length, y, 0, y.length))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
      { numRuns: 500 },
    );
  });

  it('never reach past their bytes, whatever the lengths say', () => {
    const ends = endsOfLengths(encodeUtf8('aé'), Uint32Array.of(1, 5, 0xffffffff));
    expect([...ends]).toEqual([1, 3, 3]);
  });
});

describe('a global dictionary', () => {
  it('gives every string one code for good, however the strings come', () => {
    fc.assert(
      fc.property(fc.array(listArb, { maxLength: 4 }), fc.boolean(), textArb, (lists, reopened, stranger) => {
        let dictionary = new Dictionary();
        const known: string[] = [];
        for (const list of lists) {
          const remap = dictionary.merge(byteStrings(list));
          for (const text of list) if (!known.includes(text)) known.push(text);
          expect([...remap]).toEqual([0, ...list.map((text) => known.indexOf(text) + 1)]);
          const growth = dictionary.growth(1);
          if (reopened && growth) {
            dictionary = new Dictionary();
            dictionary.appendChunk(1, growth.text, growth.lengths);
          }
        }
        expect(Array.from({ length: dictionary.count }, (_, i) => dictionary.get(i + 1))).toEqual(known);
        for (const text of [...known, stranger]) expect(dictionary.find(text)).toBe(known.indexOf(text) + 1);
        for (const needle of [stranger, stranger.slice(0, 1), ...known.slice(0, 3)]) {
          const found = dictionary.search(needle);
          expect([...found]).toEqual([0, ...known.map((text) => (text.toLowerCase().includes(needle.toLowerCase()) ? 1 : 0))]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('searches across its blocks without joining neighbours', () => {
    const strings = Array.from({ length: 20_000 }, (_, i) => `arn:aws:iam::${i}:Role/abc`);
    const dictionary = new Dictionary();
    dictionary.merge(byteStrings(strings));
    expect(dictionary.search('cARN').includes(1)).toBe(false);
    expect([...dictionary.search('::777:ROLE')].flatMap((hit, code) => (hit ? [dictionary.get(code)] : []))).toEqual([
      'arn:aws:iam::777:Role/abc',
    ]);
    expect(dictionary.search('').reduce((sum, hit) => sum + hit, 0)).toBe(strings.length);
  });

  it('grows from tens to hundreds of thousands of strings and gives back the room it does not use', () => {
    const dictionary = new Dictionary();
    const strings = Array.from({ length: 100_000 }, (_, i) => `value ${i}`);
    for (let from = 0; from < strings.length; from += 9999) dictionary.merge(byteStrings(strings.slice(from, from + 9999)));
    dictionary.resize(0, 0);
    expect(dictionary.count).toBe(strings.length);
    expect([1, 50_000, 100_000].map((code) => dictionary.get(code))).toEqual(['value 0', 'value 49999', 'value 99999']);
    expect(dictionary.find('value 99999')).toBe(100_000);
    expect(dictionary.add('one more')).toBe(100_001);
  });

  it('refuses growth that does not begin where it ends', () => {
    const dictionary = new Dictionary();
    expect(() => dictionary.appendChunk(2, encodeUtf8('x'), Uint32Array.of(1))).toThrow('begins at 2');
  });
});
