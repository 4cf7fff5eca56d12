/** Text made to keep a reader busy: the time that broken records take grows with their number, not with its square. */
import { describe, expect, it } from 'vitest';
import { SegmentBuilder } from '../../src/engine/ingest/builder.ts';
import { FileParser, type TextFormat } from '../../src/engine/ingest/parse-file.ts';

const MB = 1024 * 1024;
const TIMES = 8;

function read(head: string, piece: string, bytes: number, format: TextFormat): { ms: number; unreadable: number; problems: number } {
  const target = { segment: new SegmentBuilder(), problems: [], aggregated: [], file: 0, block: 0 };
  const parser = new FileParser(target, format);
  const text = Buffer.from(head + piece.repeat(bytes / piece.length));
  const from = performance.now();
  parser.feed(text, 0, true);
  return { ms: performance.now() - from, unreadable: parser.facts(null).unreadableRecords, problems: target.problems.length };
}

describe('broken records by the hundred thousand', () => {
  it.each<[string, string, TextFormat?]>([
    ['{"Records":[', ',{"eventVersion":{}'],
    ['{"Records":[', ',{"eventVersion":"x'],
    ['{"Records":[', '{"Records":[{"eventVersion":1'],
    ['{"Records":[', ',\n{"eventVersion":[[[[[[[[}'],
    ['', '\n{"eventVersion":{}'],
    ['', '{"eventVersion":1} x\n'],
    ['', '{"a":bad}'],
    ['[{"a":1,"b":2,"eventName":1},{"eventName":1}', '{"a":bad},'],
    ['[', ',{"eventVersion":bad}'],
    ['2026-03-02T09:00:00Z {"eventVersion":', '\n2026-03-02T09:00:00Z {', 'log-lines'],
    ['User name,Event time,Event source,Event name,Event ID\n', '"a,b\n', 'csv'],
  ])('%s%s…', (head, piece, format = 'json') => {
    read(head, piece, MB / 16, format);
    const small = read(head, piece, MB / 16, format);
    const large = read(head, piece, (MB / 16) * TIMES, format);
    // Eight times the text may take four times eight times as long on a busy machine; by its square it would be sixty-four.
    expect(large.ms).toBeLessThan(small.ms * TIMES * 4 + 1500);
    expect(large.unreadable).toBeGreaterThan(small.unreadable * 7);
    expect(large.problems).toBeLessThanOrEqual(1000);
  });
});
