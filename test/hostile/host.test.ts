/** A page that was taken over, or another program on the machine, against the host's routes. */
import { readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Grant } from '../../src/shared/host.ts';
import { makeHost, piece, refusal, type TestHost } from '../unit/main/host/make-host.ts';

let t: TestHost;
beforeAll(async () => {
  t = await makeHost();
});
afterAll(() => t.close());

const DEEP = '../../../../../../../../../../etc/passwd';

describe('traversal', () => {
  const attempts = [
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/%252e%252e%252fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/index.html%00.js',
    '/secret.txt%00.html',
    '//etc/passwd',
    '/%2fetc%2fpasswd',
    `/${DEEP}`,
    '/assets/',
    '/assets',
    '/index.html/',
    '/INDEX.HTML',
    '/C:/Windows/win.ini',
    '/file:///etc/passwd',
    '/constructor',
    '/__proto__',
  ];
  it.each(attempts)('%s is no page', async (path) => {
    const response = await t.call('GET', path);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('SECRET');
  });

  it.each([
    '/api/journal/..%2f..%2fsecret',
    '/api/journal/%2e%2e',
    '/api/journal/a%00b',
    '/api/journal/a%5cb',
    '/api/journal/CON.',
    '/api/journal/a.b',
  ])('%s is no journal', async (path) => {
    const line = JSON.stringify({ version: 1, at: 1, appVersion: '', kind: 'note', id: 'x', data: 1 });
    for (const method of ['GET', 'POST', 'DELETE']) {
      const response = await t.call(method, path, method === 'POST' ? line : undefined);
      expect([400, 404]).toContain(response.status);
    }
    expect(await readdir(join(t.profile, 'journals'))).toEqual([]);
  });

  it('of dropped names stays in what is shown', async () => {
    const { upload } = await t.json<{ upload: string }>('POST', '/api/upload');
    const names = [DEEP, '/etc/passwd', 'C:\\Windows\\win.ini', '..\\..\\x.json', 'a/./b/../c', '\u0000name'];
    for (const name of names) expect((await t.call('PUT', `/api/upload/${upload}`, piece(name, 'x'))).status).toBe(200);
    const { grants } = await t.json<{ grants: Grant[] }>('POST', `/api/upload/${upload}/finish`);
    await t.importAll(grants);
    for (const source of t.jobs.at(-1)!.sources) {
      expect(source.path.startsWith(join(t.profile, 'spool'))).toBe(true);
      expect(source.shown).not.toMatch(/^\/|\.\.|\\/);
    }
    expect(
      (await t.call('PUT', `/api/upload/${(await t.json<{ upload: string }>('POST', '/api/upload')).upload}`, piece('../..', 'x'))).status,
    ).toBe(400);
  });

  it('of a saved name stays a name', async () => {
    for (const suggestedName of [
      DEEP,
      '..',
      '.',
      '',
      'a/b\\c:d*e?f"g<h>i|j',
      '\u202Efdp.exe',
      '\u0000',
      `${'x'.repeat(290)}.html`,
      '.htaccess',
      'trail. ',
    ]) {
      const { save } = await t.json<{ save: string }>('POST', '/api/save', { suggestedName, mimeType: 'text/plain' });
      const { label } = await t.json<{ label: string }>('POST', `/api/save/${save}/finish`);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(label).toMatch(/^[^.\u0000-\u001f<>:"/\\|?*\u202a-\u202e][^\u0000-\u001f<>:"/\\|?*\u202a-\u202e]{0,140}$/);
    }
  });
});

describe('what a browser could not read', () => {
  it('comes to the import as a source with its reason, and stops nothing else', async () => {
    const { upload } = await t.json<{ upload: string }>('POST', '/api/upload');
    const put = async (path: string, bytes: string, at: Parameters<typeof piece>[2]): Promise<number> =>
      (await t.call('PUT', `/api/upload/${upload}`, piece(path, bytes, at))).status;
    expect(await put('d/pipe', '', { size: 0, refused: 'A pipe.' })).toBe(200);
    expect(await put('d/half', 'ab', { size: 4, length: 2 })).toBe(200);
    expect(await put('d/half', '', { size: 4, offset: 2, refused: 'It is gone.' })).toBe(200);
    expect(await put('d/half', 'cd', { size: 4, offset: 2, length: 2 })).toBe(400);
    expect(await put('d/good', 'x', {})).toBe(200);
    const { grants } = await t.json<{ grants: Grant[] }>('POST', `/api/upload/${upload}/finish`);
    await t.importAll(grants);
    expect(t.jobs.at(-1)!.sources.map((s) => [s.shown, s.refused])).toEqual([
      ['d/pipe', 'A pipe.'],
      ['d/half', 'It is gone.'],
      ['d/good', undefined],
    ]);
  });
});

describe('forged grants', () => {
  it.each(['', 'x', '/etc/passwd', '00000000-0000-4000-8000-000000000000', '__proto__', 'constructor'])(
    '“%s” opens nothing',
    async (id) => {
      const before = t.jobs.length;
      const { grants } = await t.json<{ grants: Grant[] }>('POST', '/api/sample');
      expect(await refusal(await t.importAll([{ ...grants[0] }, { id, label: '', kind: 'file' } as Grant], `forged-${before}`))).toEqual([
        403,
        'forbidden',
      ]);
      expect(t.jobs.length).toBe(before);
    },
  );

  it('of uploads, saves and downloads are refused alike', async () => {
    expect(await refusal(await t.call('PUT', '/api/upload/guess', piece('a', 'b')))).toEqual([403, 'forbidden']);
    expect(await refusal(await t.call('POST', '/api/upload/guess/finish'))).toEqual([403, 'forbidden']);
    expect(await refusal(await t.call('PUT', '/api/save/guess', 'x'))).toEqual([403, 'forbidden']);
    expect(await refusal(await t.call('DELETE', '/api/save/guess'))).toEqual([403, 'forbidden']);
    expect(await refusal(await t.call('GET', '/api/download/guess'))).toEqual([404, 'not-found']);
  });

  it('of device files and broken links are never given', async () => {
    await symlink(join(t.dir, 'nowhere'), join(t.dir, 'broken'));
    t.host.offerPaths(['/dev/zero', join(t.dir, 'broken')]);
    expect(await t.json('GET', '/api/arguments')).toEqual({ grants: [] });
  });
});

describe('bodies', () => {
  const json = (method: string, path: string, body: unknown): Promise<Response> => t.call(method, path, JSON.stringify(body));

  it.each([
    ['/api/open', '{"what":"everything"}'],
    ['/api/open', '{"what"'],
    ['/api/open', '[]'],
    ['/api/open', ''],
    ['/api/save', '{"suggestedName":1,"mimeType":"text/html"}'],
    ['/api/save', '{"suggestedName":"x","mimeType":"text/html\\r\\nSet-Cookie: a=b"}'],
    ['/api/import', '{"importId":"../x","caseId":"c","grants":["g"],"known":[]}'],
    ['/api/import', '{"importId":"i","caseId":"c","grants":[],"known":[]}'],
    ['/api/import', '{"importId":"i","caseId":"c","grants":["g"],"known":["ABC"]}'],
    ['/api/import', '{"importId":"i","caseId":"../../c","grants":["g"],"known":[]}'],
    ['/api/import', 'null'],
    ['/api/paste', ''],
  ])('%s refuses %s', async (path, body) => {
    expect(await refusal(await t.call('POST', path, body))).toEqual([400, 'bad-input']);
  });

  it('that are too large are refused before they are read', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1 << 16;
        controller.enqueue(new Uint8Array(1 << 16).fill(32));
      },
    });
    expect(await refusal(await t.call('POST', '/api/open', endless))).toEqual([413, 'too-large']);
    expect(sent).toBeLessThan(4 << 20);
  });

  it('that are not UTF-8 are no text', async () => {
    expect(await refusal(await t.call('POST', '/api/open', Uint8Array.of(0xff, 0xfe, 0x00)))).toEqual([400, 'bad-input']);
  });

  it('of an unpack are held to the limit asked for', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    expect(await refusal(await t.call('POST', '/api/unpack?packing=gzip&limit=1000000', bomb))).toEqual([413, 'too-large']);
    for (const query of [
      '',
      '?packing=zip&limit=1',
      '?packing=gzip',
      '?packing=gzip&limit=-1',
      '?packing=gzip&limit=1e9',
      '?packing=gzip&limit=99999999999',
    ]) {
      expect(await refusal(await t.call('POST', `/api/unpack${query}`, bomb))).toEqual([400, 'bad-input']);
    }
  });

  it('of any bytes end in an answer, never in a crash', async () => {
    const { upload } = await t.json<{ upload: string }>('POST', '/api/upload');
    const paths = [
      `/api/upload/${upload}`,
      '/api/import',
      '/api/open',
      '/api/save',
      '/api/journal/fuzz',
      '/api/unpack?packing=gzip&limit=1000',
      '/api/unpack?packing=deflate&limit=1000',
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.uint8Array({ maxLength: 300 }), async (path, bytes) => {
        const response = await t.call(path.startsWith('/api/upload') ? 'PUT' : 'POST', path, new Uint8Array(bytes));
        expect([200, 400, 403, 413, 501]).toContain(response.status);
      }),
      { numRuns: 300 },
    );
  });

  it('of uploads cannot overlap, skip, grow or hide', async () => {
    const bad: [string, Parameters<typeof piece>[2]][] = [
      ['abc', { size: 3, offset: 1, length: 3 }],
      ['abc', { size: 2, length: 3 }],
      ['abc', { size: 10, length: 9 }],
      ['abc', { size: -1 }],
      ['abc', { size: 1.5 }],
      ['abc', { size: Number.MAX_SAFE_INTEGER, offset: Number.MAX_SAFE_INTEGER, length: 3 }],
    ];
    for (const [bytes, at] of bad) {
      const { upload } = await t.json<{ upload: string }>('POST', '/api/upload');
      expect(await refusal(await t.call('PUT', `/api/upload/${upload}`, piece('a', bytes, at)))).toEqual([400, 'bad-input']);
    }
    const { upload } = await t.json<{ upload: string }>('POST', '/api/upload');
    await json('POST', '/api/upload', {});
    expect(await refusal(await t.call('PUT', `/api/upload/${upload}`, Uint8Array.of(255, 255, 255, 255, 1)))).toEqual([400, 'bad-input']);
  });
});

describe('answers', () => {
  it('of the API can neither be sniffed, framed, run nor kept', async () => {
    for (const response of [await t.call('GET', '/api/app'), await t.call('GET', '/api/nothing')]) {
      expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'; sandbox");
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});
