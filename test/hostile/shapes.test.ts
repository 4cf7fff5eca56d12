/** Wrapped records made to break the readers: text inside text, bombs, quotes without end; and what is shown is always what was counted. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SegmentBuilder } from '../../src/engine/ingest/builder.ts';
import { FileParser, type TextFormat } from '../../src/engine/ingest/parse-file.ts';
import { sniff } from '../../src/engine/ingest/sniff.ts';
import type { RecordProblem } from '../../src/shared/ledger.ts';
import { recordInside, unwrapText } from '../../src/shared/unwrap.ts';
import { HISTORY_HEADER, historyLine, lookupEntry, makeRecord, SHAPES } from '../unit/main/import/shape-maker.ts';

interface Found {
  id: string | null;
  number: number;
  text: string;
}

/** Reads text as a file does: whole, or in windows of the given size. */
function read(bytes: Buffer, window: number | null) {
  const found: Found[] = [];
  let base = 0;
  let fed: Buffer = bytes;
  class Noting extends SegmentBuilder {
    override add(...row: Parameters<SegmentBuilder['add']>): void {
      const { textOffset, textLength, recordNumber } = row[3];
      found.push({ id: row[2], number: recordNumber, text: fed.toString('utf8', textOffset, textOffset + textLength) });
      super.add(...row);
    }
  }
  const sniffed = sniff(bytes, true);
  const format: TextFormat = sniffed.is === 'csv' || sniffed.is === 'log-lines' ? sniffed.is : 'json';
  const problems: RecordProblem[] = [];
  const parser = new FileParser({ segment: new Noting(), problems, aggregated: [], file: 0, block: 0 }, format);
  let size = window ?? bytes.length;
  for (;;) {
    const end = Math.min(bytes.length, base + size);
    fed = bytes.subarray(base, end);
    const used = parser.feed(fed, base, end === bytes.length);
    if (end === bytes.length || parser.ended) break;
    base += used;
    size = used === 0 ? size + (window ?? 0) : (window ?? 0);
  }
  return { found, problems, facts: parser.facts(null), header: parser.csvHeader };
}

const records = Array.from({ length: 5 }, () => makeRecord());
const texts = Object.entries(SHAPES).map(([name, shape]) => [name, Buffer.from(shape.make(records))] as const);

describe('any shape, broken anywhere', () => {
  it('never throws, and what is read back is what was counted', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom('', '"', '{', '}', '[', ']', '\\', '\n', ',', '\0', '\ufeff', 'null')), {
          maxLength: 4,
        }),
        fc.option(fc.integer({ min: 5, max: 3000 })),
        ([, whole], edits, window) => {
          let bytes = whole;
          for (const [at, what] of edits) {
            const place = at % bytes.length;
            bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from(what), bytes.subarray(place + (what === '' ? 1 : 0))]);
          }
          const { found, facts, header } = read(bytes, window);
          expect(facts.records).toBe(found.length);
          for (const row of found) {
            const inside = JSON.parse(recordInside({ text: row.text, csvHeader: header }).text) as Record<string, unknown>;
            expect(inside.eventID ?? null).toBe(row.id);
          }
          if (edits.length === 0) expect(found.map((row) => row.id)).toEqual(records.map((r) => r.eventID));
        },
      ),
      { numRuns: 4000 },
    );
  });

  it('any text at all can be asked for the record in it', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '"',
      ':',
      ',',
      '\\"',
      '"message"',
      '"timestamp"',
      '1',
      '"detail"',
      '"source"',
      '"Message"',
      '"Events"',
      '"CloudTrailEvent"',
      '"{}"',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.array(pieces).map((p) => p.join('')),
        ),
        fc.option(fc.string()),
        (text, header) => {
          unwrapText(text, header);
          expect(typeof recordInside({ text, csvHeader: header }).text).toBe('string');
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('text inside text', () => {
  const message = (text: string): string => JSON.stringify({ id: '1', timestamp: 1, message: text });
  const among = (element: string): Buffer => Buffer.from(`{"logEvents":[${element},${message(JSON.stringify(makeRecord()))}]}`);

  it.each<[string, string]>([
    ['nested without end', `{"a":${'['.repeat(500_000)}`],
    ['nested deep and closed', `{"eventName":"x","a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['nested objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['no JSON', `{${'x'.repeat(1_000_000)}`],
  ])('%s costs itself', (_, text) => {
    const { found, facts } = read(among(message(text)), null);
    expect(found).toHaveLength(1);
    expect(facts).toMatchObject({ status: 'partial', unreadableRecords: 1, reason: expect.stringContaining('CloudWatch Logs message') });
  });

  it('a huge text in a record is read, and one over the limit costs itself', () => {
    const large = makeRecord({ requestParameters: { text: '\\"'.repeat(1_000_000) } });
    expect(read(among(message(JSON.stringify(large))), null).found.map((f) => f.id)).toContain(large.eventID);
    const over = read(among(message('x'.repeat(17 * 1024 * 1024))), 1024 * 1024);
    expect(over.found).toHaveLength(1);
    expect(over.facts).toMatchObject({ status: 'partial', unreadableRecords: 1 });
  });

  it('names that every object has are no fields', () => {
    const odd = '{"__proto__":{"eventName":"x"},"constructor":1,"hasOwnProperty":2,"toString":3}';
    expect(read(Buffer.from(`[${odd},{"Events":{"length":3}},{"hits":{"hits":{"length":1}}}]`), null).found).toEqual([]);
    const entry = read(Buffer.from(JSON.stringify({ Events: [lookupEntry(makeRecord(), { CloudTrailEvent: odd })] })), null);
    expect(entry.found).toHaveLength(1);
  });
});

describe('lines', () => {
  const quick = (work: () => void): void => {
    const begin = performance.now();
    work();
    expect(performance.now() - begin).toBeLessThan(20_000);
  };

  it('quotes without end, on every line, take time in proportion', () => {
    const text = Buffer.from(
      `${HISTORY_HEADER}\n${'"never closed, and "again\n'.repeat(300_000)}${historyLine(makeRecord({ userAgent: 'x' }))}\n`,
    );
    quick(() => expect(read(text, 1024 * 1024).facts.unreadableRecords).toBeGreaterThan(0));
    const odd = Buffer.from(`${HISTORY_HEADER}\n"${'a,b\n'.repeat(500_000)}`);
    quick(() => expect(read(odd, 1024 * 1024).facts).toMatchObject({ records: 0 }));
  });

  it('a line longer than a record may be is passed over, the next is read', () => {
    const record = makeRecord();
    const line = (json: string): string => `2026-03-02T09:00:00.000Z ${json}\n`;
    const text = Buffer.from(
      line(JSON.stringify(makeRecord())) + line(`{"a":"${'x'.repeat(18 * 1024 * 1024)}"}`) + line(JSON.stringify(record)),
    );
    for (const window of [null, 1024 * 1024]) {
      const { found, facts, problems } = read(text, window);
      expect(found.at(-1)?.id).toBe(record.eventID);
      expect(facts).toMatchObject({ status: 'partial', records: 2, unreadableRecords: 1 });
      expect(problems[0].recordNumber).toBe(1);
    }
  });

  it('a header of thousands of columns is none', () => {
    const text = Buffer.from(`eventName,eventTime,eventID,${'x,'.repeat(100_000)}\n1,2,3\n`);
    quick(() => expect(read(text, null).facts.records).toBe(0));
  });
});
