/** Tar, tar in gzip, and containers within containers, as made by people, by odd writers, and by someone who means harm. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import yazl from 'yazl';
import { hashOf, recordText, runImport } from '../unit/main/import/run-import.ts';
import { record } from './records.ts';
import { longName, pax, tar, tarEntry } from './tar-bytes.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'trailcase-containers-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let made = 0;
const file = (bytes: Buffer, name: string): string => {
  const path = join(dir, `${made++}-${name}`);
  writeFileSync(path, bytes);
  return path;
};

const trail = (records = 1): string => JSON.stringify({ Records: Array.from({ length: records }, () => record()) });
/** Text that gzip cannot make small. */
const noisy = (bytes: number): string => {
  const one = (): string =>
    JSON.stringify(
      record({ requestParameters: { note: Buffer.from(Array.from({ length: 600 }, () => Math.random() * 256)).toString('base64') } }),
    );
  const lines: string[] = [];
  for (let have = 0; have < bytes; have += lines.at(-1)!.length + 1) lines.push(one());
  return lines.join('\n');
};

function zip(members: [name: string, bytes: Buffer, compress?: boolean][]): Promise<Buffer> {
  const out = new yazl.ZipFile();
  for (const [name, bytes, compress] of members) out.addBuffer(bytes, name, { compress: compress ?? true });
  out.end();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    out.outputStream.on('data', (c: Buffer) => chunks.push(c));
    out.outputStream.on('error', reject);
    out.outputStream.on('end', () => resolve(Buffer.concat(chunks)));
  });
}

const both = (bytes: Buffer): [string, Buffer][] => [
  ['a.tar', bytes],
  ['a.tgz', gzipSync(bytes)],
];
const names = (files: { path: string }[], from: string): string[] => files.map((f) => f.path.slice(from.length)).sort();

describe('a tar, plain and in gzip', () => {
  it('gives way to its members, each with the hash of its bytes, plain or gzip', async () => {
    const log = gzipSync(trail(3));
    const plain = Buffer.from(trail(2));
    for (const [name, bytes] of both(
      tar({ name: 'logs/', type: '5' }, { name: 'logs/a.json.gz', data: log }, { name: 'b.json', data: plain }),
    )) {
      const path = file(bytes, name);
      const imported = await runImport([path]);
      expect(names(imported.files, path)).toEqual(['!b.json', '!logs/a.json.gz']);
      expect(imported.file('a.json.gz')).toMatchObject({
        container: 'tar+gzip',
        status: 'imported',
        records: 3,
        sha256: hashOf(log),
        size: log.length,
      });
      expect(imported.file('b.json')).toMatchObject({
        container: 'tar',
        status: 'imported',
        records: 2,
        sha256: hashOf(plain),
        modified: 1_772_442_000_000,
      });
      expect(imported.rows).toHaveLength(5);
      for (const row of imported.rows) expect(JSON.parse(await recordText(imported, row)).eventID).toBe(row.id);
      expect(imported.progress).toMatchObject({ filesFound: 2, filesDone: 2 });
    }
  });

  it.runIf(existsSync('/usr/bin/tar') || existsSync('/bin/tar'))('of every format that GNU tar writes reads the same', async () => {
    const folder = mkdtempSync(join(dir, 'tree-'));
    const deep = `${'folder-with-a-name/'.repeat(8)}${'n'.repeat(120)}.json`;
    mkdirSync(join(folder, 'folder-with-a-name/'.repeat(8)), { recursive: true });
    writeFileSync(join(folder, deep), trail());
    writeFileSync(join(folder, 'grün.json'), trail());
    symlinkSync('grün.json', join(folder, 'link.json'));
    for (const format of ['gnu', 'pax', 'ustar', 'v7', 'oldgnu']) {
      const path = join(dir, `${format}.tar.gz`);
      const short = format === 'ustar' || format === 'v7';
      execFileSync('tar', ['-C', folder, `--format=${format}`, '-czf', path, 'grün.json', 'link.json', ...(short ? [] : [deep])]);
      const imported = await runImport([path]);
      const expected = ['!grün.json', '!link.json', ...(short ? [] : [`!${deep}`])];
      expect(names(imported.files, path)).toEqual(expected.sort());
      expect(imported.file('link.json')).toMatchObject({ status: 'rejected', reason: expect.stringMatching(/links are not followed/) });
      expect(imported.rows).toHaveLength(short ? 1 : 2);
    }
  });

  it('knows long names, prefixes, pax names and sizes, and names in Latin-1', async () => {
    const data = trail();
    const bytes = tar(
      longName(`${'g'.repeat(150)}.json`),
      { name: 'cut', data: trail(), magic: 'gnu' },
      { name: 'ustar.json', prefix: 'with/prefix', data: trail() },
      pax({ path: 'päx.json', size: String(Buffer.byteLength(data)) }),
      { name: 'short', data, change: (h) => h.write('00000000000\0', 124) },
      { name: Buffer.from('caf\xe9.json', 'latin1'), data: trail() },
      { name: 'old.json', magic: 'none', data: trail() },
    );
    for (const [name, whole] of both(bytes)) {
      const path = file(whole, name);
      const imported = await runImport([path]);
      expect(names(imported.files, path)).toEqual(
        [`!${'g'.repeat(150)}.json`, '!with/prefix/ustar.json', '!päx.json', '!café.json', '!old.json'].sort(),
      );
      expect(imported.rows).toHaveLength(5);
    }
  });

  it('takes member names as labels, twice the same name included', async () => {
    const hostile = ['../../etc/passwd', '/abs/olute.json', 'C:\\evil.json', 'twice.json', 'twice.json', 'line\nbreak.json'];
    for (const [name, bytes] of both(tar(...hostile.map((n) => ({ name: n, data: trail() }))))) {
      const path = file(bytes, name);
      const imported = await runImport([path]);
      expect(names(imported.files, path)).toEqual(hostile.map((n) => `!${n.replace('\n', '\ufffd')}`).sort());
      expect(imported.rows).toHaveLength(6);
    }
  });

  it('tells links, devices, pipes and sparse files, and goes on behind them', async () => {
    const map = Buffer.alloc(512);
    const bytes = tar(
      { name: 'hard.json', type: '1' },
      { name: 'soft.json', type: '2' },
      { name: 'null', type: '3' },
      { name: 'pipe', type: '6' },
      { name: 'sparse.json', type: 'S', magic: 'gnu', data: 'x'.repeat(700), extra: map, change: (h) => void h.writeUInt8(1, 482) },
      pax({ 'GNU.sparse.major': '1' }),
      { name: 'GNUSparseFile.0/s.json', data: trail() },
      { name: 'good.json', data: trail() },
    );
    for (const [name, whole] of both(bytes)) {
      const imported = await runImport([file(whole, name)]);
      const reasons = imported.files.filter((f) => f.status === 'rejected').map((f) => f.reason);
      expect(reasons).toHaveLength(6);
      expect(reasons.join(' ')).toMatch(/links are not followed.*links are not followed.*device.*pipe.*sparse.*sparse/);
      expect(imported.rows).toHaveLength(1);
    }
  });

  it('reads a member that the archive ends in as far as it goes, and says so', async () => {
    const whole = tarEntry({ name: 'first.json', data: trail() });
    const lines = Array.from({ length: 40 }, () => JSON.stringify(record())).join('\n');
    const last = tarEntry({ name: 'last.ndjson', data: lines });
    for (const [name, bytes] of both(Buffer.concat([whole, last.subarray(0, 512 + 4000)]))) {
      const imported = await runImport([file(bytes, name)]);
      expect(imported.file('first.json').status).toBe('imported');
      expect(imported.file('last.ndjson')).toMatchObject({
        status: 'partial',
        reason: expect.stringMatching(/^The tar ends inside this member: 4000 of its \d+ bytes/),
      });
      expect(imported.file('last.ndjson').records).toBeGreaterThan(3);
    }
    const damaged = Buffer.concat([whole, Buffer.alloc(512, 'x'), last]);
    for (const [name, bytes] of both(damaged)) {
      const path = file(bytes, name);
      const imported = await runImport([path]);
      expect(imported.files.find((f) => f.path === path)).toMatchObject({ kind: 'tar', status: 'rejected', sha256: hashOf(bytes) });
      expect(imported.files.find((f) => f.path === path)?.reason).toMatch(/no header where one should be.*One member before that was read/);
      expect(imported.rows).toHaveLength(1);
    }
    const cut = gzipSync(Buffer.concat([whole, tarEntry({ name: 'noise.ndjson', data: noisy(100_000) }), whole]));
    const path = file(cut.subarray(0, cut.length - 1000), 'cut.tgz');
    const imported = await runImport([path]);
    expect(imported.files.find((f) => f.path === path)?.reason).toMatch(/^The gzip data is cut off/);
    expect(imported.file('noise.ndjson')).toMatchObject({ status: 'partial' });
    expect(imported.file('first.json').status).toBe('imported');
  });

  it('says of sizes that cannot be, of names without end, and of an empty archive what they are', async () => {
    const cases: [Buffer, RegExp][] = [
      [tar({ name: 'a', change: (h) => void h.fill(0xff, 124, 136) }), /no readable size/],
      [tar({ name: 'a', change: (h) => void h.write('not octal..', 124) }), /no readable size/],
      [tar({ name: 'x', type: 'L', size: 1e9 }), /a name or its records would take/],
      [tar(pax({ size: '-5' }), { name: 'a' }), /no readable size/],
      [tar({ name: 'folder/', type: '5' }), /holds no files/],
    ];
    for (const [bytes, reason] of cases) {
      for (const [name, whole] of both(bytes)) {
        const imported = await runImport([file(whole, name)]);
        expect(imported.files).toHaveLength(1);
        expect(imported.files[0].reason).toMatch(reason);
      }
    }
  });

  it('spools a large member of a stream, and leaves no temporary file behind', async () => {
    const spoolDir = mkdtempSync(join(dir, 'spool-'));
    const text = noisy(20_000_000);
    const path = file(
      gzipSync(tar({ name: 'small.json', data: trail() }, { name: 'large.ndjson', data: text }), { level: 1 }),
      'large.tgz',
    );
    const imported = await runImport([path], { spoolDir });
    expect(imported.file('large.ndjson')).toMatchObject({ status: 'imported', container: 'tar', sha256: hashOf(Buffer.from(text)) });
    expect(imported.rows).toHaveLength(text.split('\n').length + 1);
    expect(readdirSync(spoolDir)).toEqual([]);
  });

  it('is cancelled in the middle: every member has a row or the archive says that it was not read to its end', async () => {
    const bytes = gzipSync(tar(...Array.from({ length: 3000 }, (_, i) => ({ name: `${i}.json`, data: trail() }))));
    const path = file(bytes, 'many.tgz');
    const imported = await runImport([path], { onCommit: (_, cancel) => cancel(), maxWaiting: 50 });
    expect(imported.cancelled).toBe(true);
    const own = imported.files.find((f) => f.path === path);
    expect(own !== undefined || imported.files.length === 3000).toBe(true);
    if (own) expect(own).toMatchObject({ status: 'cancelled', kind: 'tar' });
  });
});

describe('a zip', () => {
  /** Members whose names are these bytes, without a word on their encoding. */
  const zipOf = async (members: [name: Buffer, mode: number][]): Promise<Buffer> => {
    const out = new yazl.ZipFile();
    for (const [i, [name, mode]] of members.entries())
      out.addBuffer(Buffer.from(trail()), String(i).padEnd(name.length, '_'), { mode, compress: false });
    out.end();
    const chunks: Buffer[] = [];
    for await (const chunk of out.outputStream) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    for (const [i, [name]] of members.entries()) {
      const placeholder = String(i).padEnd(name.length, '_');
      for (let at = bytes.indexOf(placeholder); at !== -1; at = bytes.indexOf(placeholder, at + 1)) name.copy(bytes, at);
    }
    // Bit 11 would say that names are UTF-8.
    for (const [signature, flags] of [
      ['PK\x03\x04', 6],
      ['PK\x01\x02', 8],
    ] as const)
      for (let at = bytes.indexOf(signature, 0, 'latin1'); at !== -1; at = bytes.indexOf(signature, at + 1, 'latin1'))
        bytes[at + flags + 1] &= 0xf7;
    return bytes;
  };

  it('tells names of code page 437 and unmarked UTF-8 apart, and does not follow links', async () => {
    const path = file(
      await zipOf([
        [Buffer.from([0x81, 0x62, 0x65, 0x72, 0x2d, 0x31, 0x31]), 0o100644],
        [Buffer.from('grün-22'), 0o100644],
        [Buffer.from('link-333'), 0o120777],
      ]),
      'names.zip',
    );
    const imported = await runImport([path]);
    expect(names(imported.files, path)).toEqual(['!grün-22', '!link-333', '!über-11']);
    expect(imported.file('link-333')).toMatchObject({ status: 'rejected', reason: expect.stringMatching(/^A link inside its zip/) });
    expect(imported.rows).toHaveLength(2);
  });
});

describe('containers within containers', () => {
  it('are opened: zip in tar, tar in zip, tgz in tgz; stored, deflated and large', async () => {
    const spoolDir = mkdtempSync(join(dir, 'spool-'));
    const tgz = gzipSync(tar({ name: 'x.json', data: trail() }));
    const inner = await zip([['y.json', Buffer.from(trail())]]);
    const text = noisy(9_000_000);
    const large = await zip([['l.ndjson', Buffer.from(text)]]);
    const outer = await zip([
      ['stored.tar', tar({ name: 's.json', data: trail() }), false],
      ['deflated.tar', tar({ name: 'd.json', data: trail() })],
      ['in.tgz', tgz],
      ['in.zip', inner],
    ]);
    const whole = tar({ name: 'a/outer.zip', data: outer }, { name: 'large.zip', data: large }, { name: 'i.tgz', data: tgz });
    for (const [name, bytes] of both(whole)) {
      const path = file(bytes, name);
      const imported = await runImport([path], { spoolDir });
      expect(names(imported.files, path)).toEqual(
        [
          '!a/outer.zip!stored.tar!s.json',
          '!a/outer.zip!deflated.tar!d.json',
          '!a/outer.zip!in.tgz!x.json',
          '!a/outer.zip!in.zip!y.json',
          '!large.zip!l.ndjson',
          '!i.tgz!x.json',
        ].sort(),
      );
      expect(imported.files.filter((f) => f.status === 'imported')).toHaveLength(5);
      expect(imported.files.filter((f) => f.status === 'repeated')).toHaveLength(1);
      expect(imported.rows).toHaveLength(4 + text.split('\n').length);
      expect(imported.file('s.json').container).toBe('tar');
      expect(imported.file('y.json').container).toBe('zip');
      expect(readdirSync(spoolDir)).toEqual([]);
    }
  });

  it('are named, not opened, below the third', async () => {
    let bytes: Buffer = tar({ name: 'x.json', data: trail() });
    for (let i = 0; i < 4; i++) bytes = i % 2 ? tar({ name: `${i}.tgz`, data: bytes }) : gzipSync(tar({ name: `${i}.tar`, data: bytes }));
    const path = file(bytes, 'deep.tar');
    const imported = await runImport([path]);
    expect(imported.files).toHaveLength(1);
    expect(imported.files[0]).toMatchObject({
      kind: 'tar',
      status: 'rejected',
      reason: expect.stringMatching(/^A tar inside 3 other containers: not opened/),
    });
  });

  it('that unpack to too much stop at the limit, each by itself and together', { timeout: 120_000 }, async () => {
    const blank = gzipSync(tar({ name: 'blank.json', data: Buffer.alloc(100 * 1024 * 1024, ' ') }));
    const path = file(blank, 'bomb.tgz');
    const bomb = await runImport([path]);
    expect(bomb.files.find((f) => f.path === path)?.reason).toMatch(/unpacks to more than \d+ times its size: the rest was not read/);
    expect(bomb.rows).toHaveLength(0);
    // 35 archives of 40 MB each: none is a bomb by itself.
    const inner = gzipSync(tar({ name: 'blank.json', data: Buffer.alloc(40 * 1024 * 1024, ' ') }));
    const many = gzipSync(tar(...Array.from({ length: 35 }, (_, i) => ({ name: `${i}.tgz`, data: inner }))));
    const together = await runImport([file(many, 'many.tgz')]);
    expect(together.files.filter((f) => /within it unpack to more than 300 times/.test(f.reason ?? '')).length).toBeGreaterThan(10);
    expect(together.rows).toHaveLength(0);
  });
});

describe('copies', () => {
  it('of a rejected file are rejected, for the same reason; in whatever order threads come to them', async () => {
    for (const threads of [1, 4]) {
      const folder = mkdtempSync(join(dir, 'copies-'));
      for (let i = 0; i < 20; i++) writeFileSync(join(folder, `${i}.txt`), 'nothing of CloudTrail');
      for (let i = 0; i < 20; i++) writeFileSync(join(folder, `${i}.json`), JSON.stringify({ Records: [record({ eventID: 'same' })] }));
      const { files } = await runImport([folder], { threads });
      const text = files.filter((f) => f.path.endsWith('.txt'));
      expect(text.map((f) => f.status)).toEqual(Array(20).fill('rejected'));
      expect(text.filter((f) => /^The same bytes as .*\.txt: Plain text/.test(f.reason ?? ''))).toHaveLength(19);
      const trails = files.filter((f) => f.path.endsWith('.json'));
      expect(trails.filter((f) => f.status === 'repeated' && f.kind === 'records')).toHaveLength(19);
    }
  });
});

it('a tar broken anywhere costs what is broken, and never the import', { timeout: 120_000 }, async () => {
  const good = tar({ name: 'a.json', data: trail(3) }, pax({ path: 'b.json' }), { name: 'b', data: trail(2) }, longName('c.json'), {
    name: 'c',
    data: gzipSync(trail(2)),
    magic: 'gnu',
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      fc.nat(good.length),
      fc.boolean(),
      async (changes, length, packed) => {
        const bytes = Buffer.from(good.subarray(0, good.length - (length % 3 === 0 ? length : 0)));
        for (const [at, to] of changes) if (at < bytes.length) bytes[at] = to;
        const path = join(dir, 'fuzz.tar');
        writeFileSync(path, packed ? gzipSync(bytes) : bytes);
        const { files, rows } = await runImport([path]);
        expect(files.length).toBeGreaterThan(0);
        expect(rows.length).toBe(files.reduce((sum, f) => sum + (f.status === 'repeated' ? 0 : f.records), 0));
        for (const f of files) if (f.status === 'rejected') expect(f.reason).toMatch(/\S \S.*[.:]/);
      },
    ),
    { numRuns: 400 },
  );
});
