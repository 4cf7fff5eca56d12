import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SegmentDictionary } from '../../../../src/engine/ingest/segment-dictionary.ts';
import { BufferLayout, readDictionary } from '../../../../src/shared/segment.ts';

function written(dictionary: SegmentDictionary): string[] {
  const out = new BufferLayout();
  const part = dictionary.addTo(out);
  return readDictionary(out.finish(), part);
}

describe('the strings of a column', () => {
  it('have one code each, in the order they came, and are written as they were, well-formed', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('', 'a', 'Zoë', '🦊', '\ud800', 'x\udc00y', '\ufffd', 'arn:aws:s3:::b/k1', 'arn:aws:s3:::b/k2'),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 300 }), (values) => {
        const dictionary = new SegmentDictionary();
        const codes = values.map((value) => dictionary.code(value));
        const strings = [...new Set(values.map((value) => value.toWellFormed()))];
        expect(codes.map((code) => strings[code - 1])).toEqual(values.map((value) => value.toWellFormed()));
        expect(dictionary.count).toBe(strings.length);
        expect(written(dictionary)).toEqual(strings);
      }),
    );
  });

  it('may be hundreds of thousands', () => {
    const dictionary = new SegmentDictionary();
    const many = Array.from({ length: 200_000 }, (_, i) => `arn:aws:s3:::bucket/${i % 150_000}/ä`.slice(0, i % 2 ? -2 : undefined));
    const codes = many.map((value) => dictionary.code(value));
    const strings = written(dictionary);
    expect(strings).toHaveLength(new Set(many).size);
    expect(many.every((value, i) => strings[codes[i] - 1] === value)).toBe(true);
  });

  it('are cut where they are longer than a value may be', () => {
    const dictionary = new SegmentDictionary();
    const long = 'x'.repeat(100_000);
    expect(dictionary.code(long)).toBe(dictionary.code(`${long}y`));
    expect(written(dictionary)[0]).toHaveLength(8192);
  });
});
