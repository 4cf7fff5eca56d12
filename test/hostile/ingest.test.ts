/** Files made to break an importer: each costs itself, gets a sentence in the ledger, and nothing beside it is lost. */
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import yazl from 'yazl';
import { SegmentBuilder } from '../../src/engine/ingest/builder.ts';
import { FileParser } from '../../src/engine/ingest/parse-file.ts';
import type { StartThread } from '../../src/main/host/import/thread.ts';
import { ROW_TIME_UNREADABLE } from '../../src/shared/segment.ts';
import { inProcess, recordText, runImport } from '../unit/main/import/run-import.ts';
import { record } from './records.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'trailcase-hostile-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let files = 0;
function file(bytes: string | Buffer, name = 'evidence.json'): string {
  const path = join(dir, `${files++}-${name}`);
  writeFileSync(path, bytes);
  return path;
}

const trail = (...records: unknown[]): string => JSON.stringify({ Records: records });
const one = async (bytes: string | Buffer, name?: string) => {
  const path = file(bytes, name);
  const imported = await runImport([path]);
  return { ...imported, row: imported.file(path) };
};

function zip(members: [name: string, bytes: Buffer][], change?: (bytes: Buffer) => void): Promise<Buffer> {
  const out = new yazl.ZipFile();
  for (const [name, bytes] of members) out.addBuffer(bytes, name);
  out.end();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    out.outputStream.on('data', (c: Buffer) => chunks.push(c));
    out.outputStream.on('error', reject);
    out.outputStream.on('end', () => {
      const bytes = Buffer.concat(chunks);
      change?.(bytes);
      resolve(bytes);
    });
  });
}

describe('gzip', () => {
  it('stops a bomb and names it', async () => {
    const blank = await one(gzipSync(Buffer.concat([Buffer.from('{"Records":['), Buffer.alloc(100 * 1024 * 1024, ' ')])));
    expect(blank.row).toMatchObject({ kind: 'other-json', status: 'rejected', records: 0 });
    expect(blank.row.reason).toMatch(/No record was found in its first 64 MB/);
    const padded = `${JSON.stringify(record({ userAgent: 'a'.repeat(3000) }))},`;
    const many = await one(gzipSync(`{"Records":[${padded.repeat(40_000)}${JSON.stringify(record())}]}`));
    expect(many.row.status).toBe('partial');
    expect(many.row.reason).toMatch(/unpacks to more than \d+ times its size/);
    expect(many.rows.length).toBe(many.row.records);
  });

  it('uses every whole record of a file cut off anywhere', async () => {
    const packed = gzipSync(
      trail(...Array.from({ length: 300 }, () => record({ requestParameters: { note: Math.random().toString(36) } }))),
    );
    for (const part of [0.2, 0.5, 0.9]) {
      const { row, rows } = await one(packed.subarray(0, Math.floor(packed.length * part)));
      expect(row.status).toBe('partial');
      expect(row.reason).toMatch(/cut off/);
      expect(row.sha256Unpacked).toBeNull();
      expect(rows.length).toBeGreaterThan(300 * part * 0.6);
      expect(row.records).toBe(rows.length);
    }
    const { row, rows } = await one(packed.subarray(0, packed.length - 4));
    expect(rows).toHaveLength(300);
    expect(row.status).toBe('partial');
  });

  it('notices damage by the checksum, and the damaged text is still shown from the vault', async () => {
    const packed = gzipSync(trail(record(), record()));
    packed[packed.length - 5] ^= 1;
    const imported = await one(packed);
    expect(imported.row.reason).toMatch(/checksum/);
    expect(imported.rows).toHaveLength(2);
    expect(JSON.parse(await recordText(imported, imported.rows[1]))).toHaveProperty('eventName', 'ListBuckets');
  });

  it.each([
    ['zero bytes', Buffer.alloc(64), /64 zero bytes follow/],
    ['other bytes', Buffer.from('appended by someone'), /19 bytes that are no gzip data follow/],
    ['a second member', gzipSync('\n{"Records":[]}'), /2 members/],
  ])('notices %s behind the last member', async (_, tail, reason) => {
    const { row, rows } = await one(Buffer.concat([gzipSync(trail(record())), tail]));
    expect(rows).toHaveLength(1);
    expect(row.status).toBe('imported');
    expect(row.reason).toMatch(reason);
  });

  it('cut off before its first byte is rejected as damaged, not taken for an empty file', async () => {
    const { row } = await one(gzipSync(trail(record())).subarray(0, 20));
    expect(row).toMatchObject({ status: 'rejected', records: 0, sha256Unpacked: null });
    expect(row.reason).toMatch(/No record could be read/);
  });

  it('names gzip inside gzip', async () => {
    expect((await one(gzipSync(gzipSync('{}')))).row.reason).toMatch(/inside gzip data/);
  });
});

describe('zip', () => {
  it('treats member names as labels only', async () => {
    const names = ['../../etc/passwd', '/abs/olute.json', 'C:\\evil.json', 'a/../../b.json'];
    const padded = names.map((n) => n.replaceAll(/[/\\.:]/g, 'x'));
    const bytes = await zip(
      padded.map((n) => [n, Buffer.from(trail(record()))]),
      (all) =>
        padded.forEach((n, i) => {
          for (let at = all.indexOf(n); at !== -1; at = all.indexOf(n, at + 1)) all.write(names[i], at, 'latin1');
        }),
    );
    const path = file(bytes, 'names.zip');
    const imported = await runImport([path]);
    expect(imported.files.map((f) => f.path).sort()).toEqual(names.map((n) => `${path}!${n}`).sort());
    expect(imported.rows).toHaveLength(4);
  });

  it('rejects encrypted members and broken zips by a sentence', async () => {
    const inner = await zip([['x.json', Buffer.from(trail(record()))]]);
    const encrypted = file(
      await zip([['secret.json', Buffer.from(trail(record()))]], (all) => {
        all[6] |= 1;
        all[all.indexOf('PK\x01\x02', 0, 'latin1') + 8] |= 1;
      }),
      'encrypted.zip',
    );
    expect((await runImport([encrypted])).file('secret.json').reason).toMatch(/^Encrypted inside its zip/);
    const broken = await one(inner.subarray(0, inner.length - 30), 'broken.zip');
    expect(broken.row).toMatchObject({ kind: 'zip', status: 'rejected' });
    expect(broken.row.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('waits with several zips at a time when more is found than can be read', async () => {
    const members = (from: number): [string, Buffer][] =>
      Array.from({ length: 300 }, (_, i) => [`${i}.json`, Buffer.from(trail(record({ eventID: `zip-${from + i}` })))]);
    const folder = mkdtempSync(join(dir, 'zips-'));
    for (const from of [0, 1000, 2000]) writeFileSync(join(folder, `${from}.zip`), await zip(members(from)));
    // Threads that are slower than the listing of zips.
    const slow: StartThread = (setup, events) => {
      const thread = inProcess(setup, events);
      const later = (turns: number, act: () => void): void => {
        if (turns === 0) act();
        else setImmediate(() => later(turns - 1, act));
      };
      return { ...thread, send: (message) => later(50, () => thread.send(message)) };
    };
    const { rows, files: ledger } = await runImport([folder], { maxWaiting: 3, startThread: slow });
    expect(ledger).toHaveLength(900);
    expect(rows).toHaveLength(900);
  });

  it('does not unpack a member that lies about its size, nor members that lie over one another', async () => {
    const bomb = await zip([['big.json', Buffer.alloc(50_000_000, ' ')]], (all) => {
      const central = all.indexOf('PK\x01\x02', 0, 'latin1');
      all.writeUInt32LE(1000, central + 24);
    });
    const lying = await runImport([file(bomb, 'lying.zip')]);
    expect(lying.files[0].reason).toMatch(/unpacks to more than the zip says/);
    const two = await zip(
      [
        ['a.json', Buffer.from(trail(record()).repeat(1))],
        ['b.json', Buffer.from(trail(record()))],
      ],
      (all) => {
        const central = all.indexOf('PK\x01\x02', 0, 'latin1');
        const second = all.indexOf('PK\x01\x02', central + 4, 'latin1');
        for (const at of [central, second]) all.writeUInt32LE(all.length - 100, at + 20);
      },
    );
    const overlapping = await runImport([file(two, 'overlap.zip')]);
    expect(overlapping.files.at(-1)?.reason).toMatch(/lie over one another/);
  });
});

describe('JSON', () => {
  it.each([
    ['nothing', '', 'withoutEvents', /empty/],
    ['blank space', ' \n\r\n ', 'withoutEvents', /blank/],
    ['NUL bytes', '\0'.repeat(5000), 'rejected', /Binary|Not text/],
    ['Records never closed', '{"Records":', 'rejected', /Invalid JSON at line 1, column 12/],
    ['a list never closed', '{"Records":[', 'rejected', /ends before its first record/],
    ['Records that is no list', '{"Records":{"a":1}}', 'rejected', /not a list/],
    ['an empty list', '{"Records":[]}', 'withoutEvents', /Holds no records/],
    ['only rubbish', '[1,"two",null,[3]]', 'rejected', /None of its 4 entries/],
    ['deep nesting', `{"Records":[${'['.repeat(100_000)}`, 'rejected', /nesting deeper|Invalid JSON/],
    ['other JSON', '{"hello":"world"}', 'rejected', /no CloudTrail record/],
    ['UTF-16', Buffer.from('\ufeff{"Records":[]}', 'utf16le'), 'withoutEvents', /UTF-16/],
  ])('%s', async (_, bytes, status, reason) => {
    const { row, rows } = await one(bytes);
    expect(row.status).toBe(status);
    expect(row.reason).toMatch(reason);
    expect(rows).toHaveLength(0);
  });

  it('keeps strange records and loses no neighbour', async () => {
    const strange = [
      record(),
      record({ eventTime: 'redacted' }),
      record({ eventTime: 1772442000 }),
      record({ eventTime: undefined, eventID: undefined, userIdentity: undefined }),
      record({ requestParameters: '{"bucketName":"b"}', responseElements: 'null', resources: 'none' }),
      record({ userIdentity: 'root', readOnly: 'true' }),
      record({ userIdentity: [1, 2], errorCode: { a: 1 } }),
      record({ eventName: '\ud800 lone', eventID: 'not-a-uuid' }),
      Object.fromEntries([...Object.entries(record()), ...Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i])]),
    ];
    const text = trail(...strange)
      .replace('"eventName":"ListBuckets"', '"__proto__":{"eventName":"Injected"},"eventName":"First","eventName":"ListBuckets"')
      .replace(/\]\}$/, ',{"eventVersion":"1.08","constructor":{"prototype":{}},"eventName":"X","resources":[null,1,{"ARN":{}}]}]}');
    const { row, rows } = await one(text);
    expect(row).toMatchObject({ status: 'imported', records: 10, unreadableRecords: 0 });
    expect(rows).toHaveLength(10);
    expect(rows[0].values.eventName).toBe('ListBuckets');
    expect(rows[1].flags & ROW_TIME_UNREADABLE).toBeTruthy();
    expect(rows[2].flags & ROW_TIME_UNREADABLE).toBeTruthy();
    expect([rows[3].time, rows[3].id, rows[3].flags, rows[3].values.principal]).toEqual([Number.NaN, null, 0, null]);
    expect(rows[5].values.readOnly).toBe('true');
    expect(rows[6].values.errorCode).toBe('{"a":1}');
    expect(rows[7]).toMatchObject({ id: 'not-a-uuid' });
    expect(rows[8].richness).toBe(255);
    expect(({} as Record<string, unknown>).eventName).toBeUndefined();
  });

  it('shows invalid UTF-8 as such and keeps the bytes', async () => {
    const bytes = Buffer.from(trail(record({ userAgent: 'AA' })));
    bytes[bytes.indexOf('AA')] = 0xff;
    const { row, rows } = await one(bytes);
    expect(row.reason).toMatch(/not valid UTF-8/);
    expect(rows[0].values.userAgent).toBe('\ufffdA');
  });

  it('a text of 100 MB in one record costs that record', async () => {
    const path = file(
      `{"Records":[${JSON.stringify(record())},{"eventVersion":"1","eventName":"${'x'.repeat(100 * 1024 * 1024)}"},${JSON.stringify(record())}]}`,
    );
    const { rows, files: ledger, problems } = await runImport([path]);
    expect(rows).toHaveLength(2);
    expect(ledger[0]).toMatchObject({ status: 'partial', unreadableRecords: 1 });
    expect(problems[0].length).toBeGreaterThan(100 * 1024 * 1024);
  });

  it('names line and column of invalid JSON', async () => {
    const { row } = await one('{\n  "eventName": "X",\n  "eventTime": oops\n}');
    expect(row.reason).toBe('Invalid JSON at line 3, column 16: found “o”, expected a value.');
  });
});

describe('disk', () => {
  it('gives a row to what could not be had at all', async () => {
    const good = file(trail(record()));
    const imported = await runImport([{ path: join(dir, 'none'), shown: 'd/pipe', refused: 'A pipe.' }, good]);
    expect(imported.file('d/pipe')).toMatchObject({ status: 'rejected', reason: 'A pipe.' });
    expect(imported.file(good).status).toBe('imported');
  });

  it('reads files and folders whose names are not UTF-8, and shows their bytes', async (context) => {
    const folder = mkdtempSync(join(dir, 'names-'));
    const below = (...name: number[]): Buffer => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name)]);
    try {
      writeFileSync(below(0x61, 0xff, 0xc3, 0xbc, 0xfe), trail(record()));
      mkdirSync(below(0x64, 0xff));
    } catch {
      console.log('This disk holds only names in UTF-8: nothing to test.');
      context.skip();
    }
    writeFileSync(Buffer.concat([below(0x64, 0xff), Buffer.from('/in.json')]), gzipSync(trail(record())));
    writeFileSync(join(folder, 'good.json'), trail(record()));
    const { files: ledger, rows } = await runImport([folder]);
    expect(rows).toHaveLength(3);
    expect(ledger.map((f) => f.path).sort()).toEqual(['a\\xFFü\\xFE', 'd\\xFF/in.json', 'good.json'].map((name) => `${folder}/${name}`));
  });

  it('says of a sparse file that the disk holds little of it', async (context) => {
    const path = file('{"Records":[');
    truncateSync(path, 30_000_000);
    if (statSync(path).blocks * 512 > 1_000_000) context.skip();
    const { files: ledger } = await runImport([path]);
    expect(ledger[0]).toMatchObject({ status: 'rejected', size: 30_000_000 });
    expect(ledger[0].reason).toMatch(/The disk holds only \d+ of its 30000000 bytes \(a sparse or packed file\)/);
  });

  it('says so of a file that is one hole, too', async (context) => {
    const path = file('');
    truncateSync(path, 30_000_000);
    if (statSync(path).blocks * 512 > 1_000_000) context.skip();
    const { files: ledger } = await runImport([path]);
    expect(ledger[0]).toMatchObject({ status: 'rejected', size: 30_000_000 });
    expect(ledger[0].reason).toMatch(/The disk holds only \d+ of its 30000000 bytes/);
  });

  it('gives a row to links, missing files, folders that are gone and Mac litter', async () => {
    const target = file(trail(record()));
    const folder = mkdtempSync(join(dir, 'tree-'));
    symlinkSync(target, join(folder, 'link.json'));
    symlinkSync(folder, join(folder, 'loop'));
    writeFileSync(join(folder, '._x.json'), Buffer.from([0, 5, 22, 7, 0, 2, 0, 0]));
    writeFileSync(join(folder, '.DS_Store'), Buffer.from('\0\0\0\x01Bud1', 'latin1'));
    const { files: ledger } = await runImport([folder, join(dir, 'absent')]);
    expect(ledger.map((f) => f.status)).toEqual(Array(5).fill('rejected'));
    expect(ledger.map((f) => f.reason).join(' ')).toMatch(/links are not followed/);
    expect(ledger.map((f) => f.reason).join(' ')).toMatch(/was gone/);
    expect(ledger.map((f) => f.reason).join(' ')).toMatch(/AppleDouble/);
  });
});

/** Parses text as a file that is fed whole, or in windows of the given size as a large one. */
function parse(text: Buffer, window: number | null) {
  const numbers: unknown[] = [];
  class Noting extends SegmentBuilder {
    override add(...row: Parameters<SegmentBuilder['add']>): void {
      numbers.push(row[0].record.n);
      super.add(...row);
    }
  }
  const builder = { segment: new Noting(), problems: [], aggregated: [], file: 0, block: 0 };
  const parser = new FileParser(builder);
  if (window === null) parser.feed(text, 0, true);
  else {
    let at = 0;
    let size = window;
    for (;;) {
      const end = Math.min(text.length, at + size);
      const used = parser.feed(text.subarray(at, end), at, end === text.length);
      if (end === text.length) break;
      at += used;
      size = used === 0 ? size + window : window;
    }
  }
  return { facts: parser.facts(null), numbers };
}

const value = fc.dictionary(
  fc.string({ maxLength: 8 }),
  fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.integer(), fc.constant({ a: ['x,{', '"}'] })),
  { maxKeys: 5 },
);

describe('one broken record', () => {
  it('is lost alone, whatever is broken in it and however the text is laid out', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 2, maxLength: 12 }),
        fc.nat(),
        fc.nat(),
        fc.constantFrom('cut', 'delete', 'quote', 'open', 'close', 'bracket', 'nul'),
        fc.constantFrom(0, 2),
        fc.constantFrom('records', 'array', 'lines'),
        fc.option(fc.integer({ min: 8, max: 400 })),
        (extras, which, where, how, indent, layout, window) => {
          const texts = extras.map((extra, i) =>
            JSON.stringify({ ...record(), requestParameters: extra, n: i }, null, layout === 'lines' ? 0 : indent),
          );
          const victim = which % texts.length;
          const at = 1 + (where % (texts[victim].length - 2));
          const good = texts[victim];
          const inserted = { quote: '"', open: '{', close: '}', bracket: '[', nul: '\0' } as Record<string, string>;
          texts[victim] =
            how === 'cut' ? good.slice(0, at) : good.slice(0, at) + (inserted[how] ?? '') + good.slice(how === 'delete' ? at + 1 : at);
          let valid = true;
          try {
            JSON.parse(texts[victim]);
          } catch {
            valid = false;
          }
          fc.pre(!valid);
          const body = layout === 'lines' ? `${texts.join('\n')}\n` : `[${texts.join(indent ? ',\n' : ',')}]`;
          const { facts, numbers } = parse(Buffer.from(layout === 'records' ? `{"Records":${body}}` : body), window);
          // What stands before a stray brace may be a whole record; the others are never touched.
          expect(numbers.filter((n) => n !== victim)).toEqual(texts.map((_, i) => i).filter((i) => i !== victim));
          expect(facts.unreadableRecords).toBeGreaterThanOrEqual(1);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('splitting in windows of any size gives the rows of splitting whole', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 3, max: 300 }),
        fc.boolean(),
        (extras, window, lines) => {
          const texts = extras.map((extra) => JSON.stringify({ ...record(), requestParameters: extra }));
          const text = Buffer.from(
            lines ? texts.join('\r\n') : `\ufeff{"a":[{"x":"]"}],"Records" : [ ${texts.join(' , ')} ] , "z":{"Records":1}}`,
          );
          const whole = parse(text, null).facts;
          expect(whole.records).toBe(texts.length);
          expect(parse(text, window).facts).toEqual(whole);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('random bytes never crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(60), (noise, at) => {
        const text = Buffer.from(trail(record(), record()));
        const bytes = Buffer.concat([text.subarray(0, at), noise, text.subarray(at)]);
        expect(parse(bytes, null).facts.status).toMatch(/imported|partial|rejected|withoutEvents/);
        expect(() => gunzipSync(gzipSync(bytes))).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});
