import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BufferLayout, readDictionary, viewCodes, viewF64, viewU32 } from '../../../src/shared/segment.ts';

describe('the buffer of a segment', () => {
  it('gives back arrays and dictionaries, each aligned to 8 bytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(70_000), { maxLength: 50 }),
        fc.array(fc.string({ unit: 'binary' })),
        fc.array(fc.double(), { maxLength: 20 }),
        (codes, strings, times) => {
          const layout = new BufferLayout();
          const codePart = layout.addCodes(codes, Math.max(0, ...codes));
          const dictionary = layout.addDictionary(strings);
          const timePart = layout.add('f64', Float64Array.from(times));
          const buffer = layout.finish();
          expect([...viewCodes(buffer, codePart)]).toEqual(codes);
          expect(readDictionary(buffer, dictionary)).toEqual(strings.map((s) => s.toWellFormed()));
          expect([...viewF64(buffer, timePart)]).toEqual(times);
          for (const part of [codePart, dictionary.text, dictionary.lengths, timePart]) expect(part.offset % 8).toBe(0);
        },
      ),
    );
  });

  it('keeps a byte order mark inside a dictionary value', () => {
    const layout = new BufferLayout();
    const part = layout.addDictionary(['\uFEFFname', '']);
    expect(readDictionary(layout.finish(), part)).toEqual(['\uFEFFname', '']);
  });

  it('takes the narrowest codes that are wide enough', () => {
    const layout = new BufferLayout();
    expect(layout.addCodes([255], 255).type).toBe('u8');
    expect(layout.addCodes([256], 256).type).toBe('u16');
    expect(layout.addCodes([65_536], 65_536).type).toBe('u32');
  });

  it('refuses to read a part as what it is not', () => {
    const layout = new BufferLayout();
    const time = layout.add('f64', new Float64Array(1));
    const buffer = layout.finish();
    expect(() => viewCodes(buffer, time)).toThrow('holds no codes');
    expect(() => viewU32(buffer, time)).toThrow('f64');
  });
});
