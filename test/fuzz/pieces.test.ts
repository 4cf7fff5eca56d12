/** The readers that work on a text or a stream by themselves, each against what must hold of any answer, or against another reader. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { JournalReplay, journalEntries } from '../../src/engine/case/journal.ts';
import { parseTime } from '../../src/engine/ingest/event-time.ts';
import { type StreamEnd, unpackSmall, unpackStream } from '../../src/engine/ingest/unpack.ts';
import { parseDigest } from '../../src/engine/integrity/digest.ts';
import { fromBase64, withoutWhitespace } from '../../src/engine/integrity/encoding.ts';
import { importKey, parseKeyText, spkiOf } from '../../src/engine/integrity/keys.ts';
import { awsLogsSuffix, digestName, logName } from '../../src/engine/integrity/names.ts';
import { parseSidecar } from '../../src/engine/integrity/sidecar.ts';
import { csvCells, csvHeader, csvRecord } from '../../src/shared/csv-record.ts';
import { AppError } from '../../src/shared/errors.ts';
import { decodeFrames, encodeFrame } from '../../src/shared/frame.ts';
import { recordInside, unwrapText } from '../../src/shared/unwrap.ts';
import { Chain, shared } from '../unit/engine/integrity/chain-maker.ts';
import { events, historyCsv, members, SHAPES, type Shape } from './support/evidence.ts';
import { mutate } from './support/mutate.ts';
import { fuzz, Random } from './support/seeds.ts';

const seed = new Random(6);
const POOL = Array.from({ length: 40 }, () => events(seed, seed.between(1, 4)));
const spoil =
  (seeds: readonly Buffer[], kind: 'text' | 'binary') =>
  (random: Random): Buffer =>
    mutate(random, random.pick(seeds), random.pick(seeds), kind);
const buffers = (texts: readonly string[]): Buffer[] => texts.map((text) => Buffer.from(text));

/** The bytes in pieces whose sizes depend on the bytes alone. */
async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  const random = new Random(bytes.length, bytes[0] ?? 0);
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + random.skewed(400);
    yield Buffer.from(bytes.subarray(at, at + size));
    at += size;
  }
}
function streamOf(bytes: Buffer): ReadableStream<Uint8Array> {
  const pieces = inPieces(bytes);
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}
const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** By Node's own gunzip, which also looks at the length behind the checksum. */
function unpackedByNode(packed: Buffer): string {
  try {
    return gunzipSync(packed).toString('latin1');
  } catch (thrown) {
    return `not unpacked: ${(thrown as Error).message}`;
  }
}

describe('fuzz of pieces', { timeout: 240_000 }, () => {
  it('frames', async () => {
    const random = new Random(1);
    const streams = Array.from({ length: 30 }, () =>
      Buffer.concat(
        Array.from({ length: random.between(1, 4) }, (_, i) =>
          encodeFrame({ type: 'commit', i }, [Buffer.alloc(random.skewed(200), i), new ArrayBuffer(random.below(30))]),
        ).flat(),
      ),
    );
    await fuzz('frames', 3000, spoil(streams, 'binary'), async (input) => {
      let used = 0;
      try {
        for await (const { buffers: found } of decodeFrames(streamOf(input))) {
          used += 16 + found.reduce((sum, buffer) => sum + 8 + buffer.byteLength, 0);
          // Nothing is made up: what was given lay in the stream.
          expect(used).toBeLessThanOrEqual(input.length);
        }
      } catch (thrown) {
        if ((thrown as Error).name === 'AssertionError') throw thrown;
        expect(thrown).toBeInstanceOf(Error);
      }
    });
  });

  it('gzip, whole and as a stream', async () => {
    const texts = POOL.map((list) => Buffer.from(SHAPES.records(list)));
    const packed = texts.map((bytes, i) => (i % 3 === 0 ? members(seed, bytes) : gzipSync(bytes, { level: i % 2 === 0 ? 0 : 6 })));
    await fuzz('gzip, whole and as a stream', 2500, spoil(packed, 'binary'), async (input) => {
      const whole = unpackSmall(input, 50_000_000);
      const end: StreamEnd = { members: 0, damage: null, trailing: 0, trailingZeros: true };
      const pieces: Buffer[] = [];
      for await (const piece of unpackStream(inPieces(input), end)) pieces.push(piece);
      const streamed = Buffer.concat(pieces);
      expect(end.damage === null).toBe(whole.damage === null);
      // Before damage the stream may give less: what zlib held when it met the bad data.
      expect(whole.bytes.subarray(0, streamed.length).equals(streamed)).toBe(true);
      if (whole.damage !== null) return;
      expect(streamed.length).toBe(whole.bytes.length);
      expect([end.members, end.trailing]).toEqual([whole.members, whole.trailing]);
      if (whole.members > 0 && whole.trailing === 0) expect(unpackedByNode(input)).toEqual(whole.bytes.toString('latin1'));
    });
  });

  it('journals', async () => {
    const line = (kind: string, id: string, data: unknown): string =>
      JSON.stringify({ version: 1, at: 5, appVersion: '1', kind, id, data });
    const journals = buffers([
      [
        line('case', 'c', { name: 'Näme', createdAt: 1 }),
        line('note', 'n', { id: 'n', title: 't', text: '✓', createdAt: 1, changedAt: 2 }),
        line('star', 'k', { key: 'k', at: 3 }),
        line('star', 'k', null),
        line('citation', 'k', { key: 'k', recordSha256: 'a', path: 'p', recordNumber: 1, citedAt: 2 }),
        line('import', 'i', { id: 'i', status: 'done', startedAt: 1, roots: [] }),
        line('keys', 'k', { id: 'k', label: 'l', keys: [], refused: [] }),
        line('file', 'f', { path: 'p', kind: 'records', container: 'plain', size: 1, records: 1, status: 'imported' }),
        line('audit', 'a', { action: 'x', detail: { y: 1 } }),
        '',
      ].join('\n'),
    ]);
    await fuzz('journals', 3000, spoil(journals, 'text'), async (input) => {
      const replay = new JournalReplay();
      let entries = 0;
      try {
        for await (const entry of journalEntries(inPieces(input))) {
          replay.add(entry);
          entries++;
        }
      } catch (thrown) {
        expect(thrown).toMatchObject({ kind: 'too-new' });
        expect(thrown).toBeInstanceOf(AppError);
        return;
      }
      const lines = new TextDecoder().decode(input).split('\n');
      expect(entries).toBe(lines.filter((text) => text.trim() !== '').length);
      const state = replay.state();
      expect(state.unreadable).toBeLessThanOrEqual(entries);
      expect(state.notes.length + state.stars.length + state.files.length + state.audit.length + state.imports.length).toBeLessThanOrEqual(
        entries,
      );
    });
  });

  it('digests', async () => {
    const chain = new Chain({ hours: 3 });
    await fuzz('digests', 2500, spoil(buffers(chain.digests.map((d) => d.text)), 'text'), (input) => {
      const digest = parseDigest(input.toString('utf8'));
      if (typeof digest === 'string') {
        expect(digest).toMatch(/^(It|Of|The) .+\.$/s);
        return;
      }
      expect(Number.isFinite(digest.start) && digest.end >= digest.start).toBe(true);
      for (const log of digest.logs) expect(log.hash).toMatch(/^[0-9a-f]{64}$/);
    });
  });

  it('keys and sidecars', async () => {
    const chain = new Chain({ hours: 1 });
    const texts = [JSON.stringify(shared.list()), JSON.stringify(shared.list('spki')), chain.sidecar().text];
    await fuzz('keys and sidecars', 2500, spoil(buffers(texts), 'text'), async (input) => {
      const text = input.toString('utf8');
      const list = parseKeyText(text);
      if (typeof list === 'string') expect(list).not.toBe('');
      else for (const key of list.keys) expect(await importKey(key)).toSatisfy((k) => k === null || k.type === 'public');
      if (isJson(text)) for (const found of parseSidecar(JSON.parse(text), 'p')) expect(found.signature).toMatch(/^(?:[0-9a-f]{2})+$/i);
    });
  });

  it('key bytes', async () => {
    await fuzz('key bytes', 2500, spoil([shared.pkcs1, shared.spki], 'binary'), (input) => {
      const der = spkiOf(new Uint8Array(input));
      if (der !== null) expect(der[0]).toBe(0x30);
      const text = input.toString('base64');
      const back = fromBase64(text);
      expect(back === null ? input.length === 0 : Buffer.from(back).equals(input)).toBe(true);
    });
  });

  it('JSON without its white space', async () => {
    const texts = POOL.map((list) => Buffer.from(JSON.stringify(list, null, 2)));
    await fuzz('JSON without its white space', 1500, spoil(texts, 'text'), (input) => {
      const less = withoutWhitespace(new Uint8Array(input));
      const text = input.toString('utf8');
      if (less !== null && isJson(text)) expect(JSON.parse(Buffer.from(less).toString('utf8'))).toEqual(JSON.parse(text));
    });
  });

  it('times', async () => {
    const texts = [
      '2026-03-02T09:00:00Z',
      '2024-02-29T23:59:59.123456789+05:30',
      '1999-12-31T00:00:00,5-0800',
      '0001-01-01T00:00:00Z',
      '2026-03-02 09:00:00',
    ];
    await fuzz('times', 4000, spoil(buffers(texts), 'text'), (input) => {
      const text = input.toString('utf8');
      const time = parseTime(text);
      if (Number.isNaN(time)) return;
      expect(Number.isInteger(time)).toBe(true);
      expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/);
      const reference = Date.parse(text.replace(',', '.').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
      if (!Number.isNaN(reference)) expect(Math.abs(time - reference)).toBeLessThanOrEqual(1);
    });
  });

  it('records in wrappers', async () => {
    const inner = POOL.map((list) => list[0]);
    const wrappers = ['EventBridge', 'EventBridge by SNS', 'Logstash lines', 'CloudWatch export'] as const;
    const texts = inner.flatMap((record) => wrappers.map((shape) => SHAPES[shape]([record]).trim()));
    await fuzz('records in wrappers', 3000, spoil(buffers(texts), 'text'), (input) => {
      const text = input.toString('utf8');
      const inside = unwrapText(text, null);
      if (inside === null) return;
      if (inside.is === 'other') {
        expect(inside.reason).toMatch(/\.$/);
        return;
      }
      const shown = recordInside({ text });
      expect(JSON.parse(inside.text ?? 'null')).toEqual(inside.record);
      if (inside.shapes.length > 0) expect(JSON.parse(shown.text)).toEqual(inside.record);
    });
  });

  it('lines of CSV', async () => {
    const lines = POOL.flatMap((list) =>
      historyCsv(list)
        .split('\n')
        .map((line) => Buffer.from(line)),
    );
    const header = csvHeader(lines[0].toString());
    await fuzz('lines of CSV', 3000, spoil(lines, 'text'), (input) => {
      const text = input.toString('utf8');
      csvHeader(text);
      const cells = csvCells(text, ',');
      if (cells !== null) expect(cells.length).toBeGreaterThan(0);
      if (header === null) throw new Error('no header');
      const found = csvRecord(header, text);
      if ('problem' in found) expect(found.problem).toMatch(/\.$/);
    });
  });

  it('names of files', async () => {
    const chain = new Chain({ hours: 2, prefix: 'a/b/' });
    const names = [
      ...chain.logs.map((l) => l.path),
      ...chain.digests.map((d) => d.object),
      `C:\\x\\${chain.logs[0].path.replaceAll('/', '\\')}`,
    ];
    await fuzz('names of files', 3000, spoil(buffers(names), 'text'), (input) => {
      const path = input.toString('utf8');
      const suffix = awsLogsSuffix(path);
      if (suffix !== null) expect(suffix.startsWith('AWSLogs/')).toBe(true);
      const log = logName(path);
      if (log !== null) expect(path).toContain('_CloudTrail');
      digestName(path);
    });
  });
});

/** Kinds of text for which nothing may be found: a guard against readers that see evidence in everything. */
describe('what is not CloudTrail', () => {
  it.each(['', '{}', '[]', '{"Records":{}}', 'a,b\n1,2', '2026-03-02T09:00:00Z not json'])('%s gives no record', (text) => {
    const inside = unwrapText(text, null);
    expect(inside === null || inside.is === 'other').toBe(true);
  });
  it('has as many shapes under test as are read', () => {
    expect(Object.keys(SHAPES satisfies Record<Shape, unknown>).length).toBeGreaterThanOrEqual(19);
  });
});
