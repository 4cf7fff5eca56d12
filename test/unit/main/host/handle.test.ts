import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../../../src/shared/case.ts';
import type { Grant, SaveResult } from '../../../../src/shared/host.ts';
import { makeHost, piece, refusal, type TestHost } from './make-host.ts';

let t: TestHost;
beforeEach(async () => {
  t = await makeHost();
});
afterEach(() => t.close());

describe('the page', () => {
  it('is served with a strict policy, isolated and unsniffed', async () => {
    const page = await t.call('GET', '/');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const csp = page.headers.get('content-security-policy') ?? '';
    expect(csp).toContain("default-src 'none'");
    expect(csp).toContain("script-src 'self';");
    expect(csp).not.toContain('unsafe-eval');
    expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(page.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('has its hashed files cached and nothing else', async () => {
    expect((await t.call('GET', '/assets/index-abc123.js')).headers.get('cache-control')).toContain('immutable');
    expect((await t.call('GET', '/')).headers.get('cache-control')).toBe('no-cache');
  });

  it('is only read', async () => {
    expect(await refusal(await t.call('POST', '/', 'x'))).toEqual([404, 'not-found']);
    expect((await t.call('HEAD', '/')).body).toBeNull();
  });
});

describe('grants', () => {
  it('are given for what was offered, once, and never hold a path', async () => {
    const file = join(t.dir, 'secret.txt');
    t.host.offerPaths([file, join(t.dir, 'absent')]);
    const { grants } = await t.json<{ grants: Grant[] }>('GET', '/api/arguments');
    expect(grants).toEqual([{ id: expect.any(String), label: 'secret.txt', kind: 'file' }]);
    expect(JSON.stringify(grants)).not.toContain(t.dir);
    expect(await t.json('GET', '/api/arguments')).toEqual({ grants: [] });
    expect((await t.importAll(grants)).status).toBe(200);
    expect(t.jobs[0].sources).toEqual([{ path: file, shown: file }]);
  });

  it('come from the dialog where there is one', async () => {
    expect(await refusal(await t.call('POST', '/api/open', '{"what":"files"}'))).toEqual([501, 'not-supported']);
    await t.close();
    t = await makeHost({ openDialog: async (what) => (what === 'folder' ? [t.dir] : []) });
    const { grants } = await t.json<{ grants: Grant[] }>('POST', '/api/open', { what: 'folder' });
    expect(grants.map((g) => g.kind)).toEqual(['folder']);
    expect(await t.json('POST', '/api/open', { what: 'files' })).toEqual({ grants: [] });
  });

  it('stand for the sample trail', async () => {
    const { grants } = await t.json<{ grants: Grant[] }>('POST', '/api/sample');
    await t.importAll(grants);
    expect(t.jobs[0].sources[0]).toEqual({ path: join(t.dir, 'assets/sample-trail.zip'), shown: 'sample-trail.zip' });
  });

  it('stand for pasted text, which is gone when its import has ended', async () => {
    const { grants } = await (await t.call('POST', '/api/paste', '{"eventName":"X"}')).json();
    const spooled = (await readdir(join(t.profile, 'spool')))[0];
    expect(await readFile(join(t.profile, 'spool', spooled), 'utf8')).toBe('{"eventName":"X"}');
    await t.importAll(grants);
    expect(t.jobs[0].sources[0].shown).toBe('pasted text');
    expect(await readdir(join(t.profile, 'spool'))).toEqual([]);
    expect(await refusal(await t.importAll(grants, 'import-2'))).toEqual([403, 'forbidden']);
  });
});

describe('uploads', () => {
  it('are put together from pieces and shown under the browser’s names', async () => {
    const { upload } = await t.json<{ upload: string }>('POST', '/api/upload');
    const first = Buffer.concat([
      piece('drop/a.json', 'AAAA', { size: 6, length: 4 }),
      piece('drop/sub/b.json', 'B'),
      piece('other.json', ''),
    ]);
    await t.call('PUT', `/api/upload/${upload}`, first);
    const second = await t.call('PUT', `/api/upload/${upload}`, piece('drop/a.json', 'aa', { size: 6, offset: 4, length: 2 }));
    expect(second.status).toBe(200);
    const { grants } = await t.json<{ grants: Grant[] }>('POST', `/api/upload/${upload}/finish`);
    expect(grants.map((g) => [g.label, g.kind])).toEqual([
      ['drop', 'uploaded'],
      ['other.json', 'uploaded'],
    ]);
    const running = t.call(
      'POST',
      '/api/import',
      JSON.stringify({ importId: 'i', caseId: 'c', grants: grants.map((g) => g.id), known: [] }),
    );
    const { body } = await running;
    const { sources } = t.jobs[0];
    expect(sources.map((s) => [s.shown, s.modified])).toEqual([
      ['drop/a.json', 1_700_000_000_000],
      ['drop/sub/b.json', 1_700_000_000_000],
      ['other.json', 1_700_000_000_000],
    ]);
    expect(await Promise.all(sources.map((s) => readFile(s.path, 'utf8')))).toEqual(['AAAAaa', 'B', '']);
    for await (const chunk of body!) expect(chunk.byteLength).toBeGreaterThan(0);
    expect(await readdir(join(t.profile, 'spool'))).toEqual([]);
  });

  it('are taken whatever the chunks they arrive in', async () => {
    const { upload } = await t.json<{ upload: string }>('POST', '/api/upload');
    const bytes = Buffer.concat([piece('a', 'one'), piece('b', 'two')]);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect((await t.call('PUT', `/api/upload/${upload}`, body)).status).toBe(200);
    expect((await t.json<{ grants: Grant[] }>('POST', `/api/upload/${upload}/finish`)).grants.map((g) => g.label)).toEqual(['a', 'b']);
  });

  it('of one name are two files', async () => {
    const { upload } = await t.json<{ upload: string }>('POST', '/api/upload');
    await t.call('PUT', `/api/upload/${upload}`, Buffer.concat([piece('a.json', 'one'), piece('a.json', 'three')]));
    const { grants } = await t.json<{ grants: Grant[] }>('POST', `/api/upload/${upload}/finish`);
    expect(grants.map((g) => g.label)).toEqual(['a.json', 'a.json (2)']);
  });

  it('that lack bytes are refused and leave nothing', async () => {
    const { upload } = await t.json<{ upload: string }>('POST', '/api/upload');
    await t.call('PUT', `/api/upload/${upload}`, piece('a', 'one', { size: 10, length: 3 }));
    expect(await refusal(await t.call('POST', `/api/upload/${upload}/finish`))).toEqual([400, 'bad-input']);
    expect(await readdir(join(t.profile, 'spool'))).toEqual([]);
  });
});

describe('imports', () => {
  it('are refused twice under one id, and paused, resumed and cancelled by it', async () => {
    await t.close();
    let ended = false;
    const leave = (): void => {
      ended = true;
    };
    const cancelled: string[] = [];
    t = await makeHost({
      startImport: (job) => ({
        stream: new ReadableStream<Uint8Array>({ pull: (c) => c.enqueue(new Uint8Array(10)), cancel: () => leave() }),
        cancel: () => void cancelled.push(job.importId),
        pause: (reason) => void cancelled.push(`${job.importId}: ${reason}`),
      }),
    });
    const { grants } = await t.json<{ grants: Grant[] }>('POST', '/api/sample');
    const body = JSON.stringify({ importId: 'one', caseId: 'c', grants: grants.map((g) => g.id), known: [] });
    const running = await t.call('POST', '/api/import', body);
    expect(await refusal(await t.call('POST', '/api/import', body))).toEqual([409, 'busy']);
    await t.json('POST', '/api/import/one/cancel');
    await t.json('POST', '/api/import/unknown/cancel');
    await t.json('POST', '/api/import/one/pause', { reason: 'Paused.' });
    await t.json('POST', '/api/import/one/resume');
    await t.json('POST', '/api/import/unknown/resume');
    expect(await refusal(await t.call('POST', '/api/import/one/pause', '{}'))).toEqual([400, 'bad-input']);
    expect(cancelled).toEqual(['one', 'one: Paused.', 'one: null']);
    await running.body?.cancel();
    expect(ended).toBe(true);
    expect((await t.call('POST', '/api/import', body)).status).toBe(200);
  });

  it('note their roots where no route can write them', async () => {
    const folder = join(t.dir, 'evidence');
    await mkdir(folder);
    t.host.offerPaths([folder]);
    const { grants } = await t.json<{ grants: Grant[] }>('GET', '/api/arguments');
    const pasted = (await (await t.call('POST', '/api/paste', '{}')).json()) as { grants: Grant[] };
    await t.importAll([...grants, ...pasted.grants]);
    const originals = await t.json<{ grants: Grant[]; missing: string[] }>('POST', '/api/journal/case-1/originals');
    expect(originals.grants.map((g) => [g.label, g.kind])).toEqual([['evidence', 'folder']]);
    expect(originals.missing).toEqual(['pasted text']);
    // Not through the journal: a page could name any path there.
    const forged = {
      version: 1,
      at: 1,
      appVersion: '1',
      kind: 'audit',
      id: 'x',
      data: { roots: [{ label: 'x', path: join(t.dir, 'secret.txt') }] },
    };
    await t.json('POST', '/api/journal/case-1', forged);
    const again = await t.json<{ grants: Grant[] }>('POST', '/api/journal/case-1/originals');
    expect(again.grants.map((g) => g.label)).toEqual(['evidence']);
  });
});

describe('journals', () => {
  const entry = (id: string): string => JSON.stringify({ version: 1, at: 5, appVersion: '1', kind: 'note', id, data: { text: 'ä\n' } });

  it('are appended to, listed, read and thrown away', async () => {
    await t.call('POST', '/api/journal/c-1', `${entry('a')}\n${entry('b')}\n`);
    await t.call('POST', '/api/journal/c-1', entry('c'));
    expect(await (await t.call('GET', '/api/journal/c-1')).text()).toBe(`${[entry('a'), entry('b'), entry('c')].join('\n')}\n`);
    const { cases } = await t.json<{ cases: { caseId: string; entries: number; bytes: number }[] }>('GET', '/api/journals');
    expect(cases).toEqual([{ caseId: 'c-1', entries: 3, bytes: expect.any(Number), changedAt: expect.any(Number) }]);
    await t.json('DELETE', '/api/journal/c-1');
    expect(await refusal(await t.call('GET', '/api/journal/c-1'))).toEqual([404, 'not-found']);
    expect((await readdir(join(t.profile, 'trash')))[0]).toMatch(/case-c-1\.ndjson$/);
  });

  it('take every kind of entry', async () => {
    for (const kind of ['case', 'import', 'file', 'note', 'star', 'citation', 'keys', 'audit'] satisfies JournalEntry['kind'][]) {
      const line = JSON.stringify({ version: 1, at: 5, appVersion: '1', kind, id: 'x', data: null });
      expect((await t.call('POST', '/api/journal/c-2', line)).ok, kind).toBe(true);
    }
  });

  it('keep a line that a kill cut off apart from the next', async () => {
    await t.call('POST', '/api/journal/c', entry('a'));
    const file = join(t.profile, 'journals/case-c.ndjson');
    await writeFile(file, '{"version":1,"at":7,"app', { flag: 'a' });
    await t.call('POST', '/api/journal/c', entry('b'));
    expect((await readFile(file, 'utf8')).split('\n')).toEqual([entry('a'), '{"version":1,"at":7,"app', entry('b'), '']);
  });

  it('never mix lines of appends at the same time', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, i) => t.call('POST', '/api/journal/c', `${entry(`${i}`)}\n${entry(`${i}!`)}`)));
    const lines = (await (await t.call('GET', '/api/journal/c')).text()).trim().split('\n');
    expect(lines.map((l) => JSON.parse(l).id)).toEqual(Array.from({ length: 30 }, (_, i) => [`${i}`, `${i}!`]).flat());
  });

  it('take whole entries only: one bad line and nothing is written', async () => {
    for (const bad of ['not json', '{}', JSON.stringify({ version: 2, at: 1, appVersion: '', kind: 'note', id: 'x', data: null }), '']) {
      expect(await refusal(await t.call('POST', '/api/journal/c', `${bad === '' ? '' : `${entry('a')}\n`}${bad}`))).toEqual([
        400,
        'bad-input',
      ]);
    }
    expect(await refusal(await t.call('GET', '/api/journal/c'))).toEqual([404, 'not-found']);
  });

  it('go to the system’s trash where there is one', async () => {
    await t.close();
    const trashed: string[] = [];
    t = await makeHost({ trash: async (path) => void trashed.push(path) });
    await t.call('POST', '/api/journal/c', entry('a'));
    await t.json('DELETE', '/api/journal/c');
    expect(trashed).toEqual([join(t.profile, 'journals/case-c.ndjson')]);
  });
});

describe('saving', () => {
  it('without a dialog ends in a download that works once', async () => {
    const { save } = await t.json<{ save: string }>('POST', '/api/save', { suggestedName: 'évents "1".csv', mimeType: 'text/csv' });
    await t.call('PUT', `/api/save/${save}`, 'a,b\n');
    await t.call('PUT', `/api/save/${save}`, '1,2\n');
    const result = await t.json<SaveResult>('POST', `/api/save/${save}/finish`);
    expect(result.label).toBe('évents _1_.csv');
    const file = await t.call('GET', `/api/download/${result.download}`);
    expect(file.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''%C3%A9vents%20_1_.csv");
    expect(await file.text()).toBe('a,b\n1,2\n');
    expect(await refusal(await t.call('GET', `/api/download/${result.download}`))).toEqual([404, 'not-found']);
    expect(await refusal(await t.call('PUT', `/api/save/${save}`, 'x'))).toEqual([403, 'forbidden']);
  });

  it('with a dialog replaces the target only when the file is whole', async () => {
    await t.close();
    let target: string | null = null;
    t = await makeHost({ saveDialog: async () => target });
    target = join(t.dir, 'report.html');
    await writeFile(target, 'old');
    const request = { suggestedName: 'report.html', mimeType: 'text/html' };
    const first = await t.json<{ save: string }>('POST', '/api/save', request);
    await t.call('PUT', `/api/save/${first.save}`, 'half');
    expect(await readFile(target, 'utf8')).toBe('old');
    await t.json('DELETE', `/api/save/${first.save}`);
    expect((await readdir(t.dir)).filter((n) => n.endsWith('.part'))).toEqual([]);

    const second = await t.json<{ save: string }>('POST', '/api/save', request);
    await t.call('PUT', `/api/save/${second.save}`, 'new');
    expect(await t.json('POST', `/api/save/${second.save}/finish`)).toEqual({ label: target, download: null });
    expect(await readFile(target, 'utf8')).toBe('new');

    target = null;
    expect(await t.json('POST', '/api/save', request)).toEqual({ cancelled: true });
  });

  it('whose body breaks off leaves nothing behind', async () => {
    const { save } = await t.json<{ save: string }>('POST', '/api/save', { suggestedName: 'x', mimeType: 'text/csv' });
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error('gone'));
      },
    });
    expect((await t.call('PUT', `/api/save/${save}`, body)).status).toBe(500);
    expect(await readdir(join(t.profile, 'spool'))).toEqual([]);
    expect(await refusal(await t.call('POST', `/api/save/${save}/finish`))).toEqual([403, 'forbidden']);
  });
});

describe('the rest', () => {
  it('tells what it is, and how much room is left', async () => {
    expect(await t.json('GET', '/api/app')).toMatchObject({ version: '1.2.3', host: 'web', threads: 2, batch: false });
    expect((await t.json<{ freeBytes: number }>('GET', '/api/disk')).freeBytes).toBeGreaterThan(0);
  });

  it('prints through the platform', async () => {
    const pdf = await t.call('POST', '/api/pdf', '<p>report');
    expect([pdf.headers.get('content-type'), await pdf.text()]).toEqual(['application/pdf', '%PDF']);
  });

  it('empties the spool at the start', async () => {
    await writeFile(join(t.profile, 'spool/left-over'), 'x');
    const again = await makeHost({ profileDir: t.profile });
    expect(await stat(join(t.profile, 'spool/left-over')).catch(() => null)).toBeNull();
    await again.close();
  });

  it('knows no batch unless it is one', async () => {
    expect(await refusal(await t.call('GET', '/api/batch'))).toEqual([404, 'not-found']);
    await t.close();
    const seen: unknown[] = [];
    t = await makeHost({
      batch: {
        paths: ['/'],
        report: 'md',
        keys: { label: 'keys.json', text: '{}' },
        touch: () => undefined,
        progress: (line) => void seen.push(line),
        output: async (what, body) => void seen.push([what, await new Response(body).text()]),
        end: (ok, message) => void seen.push([ok, message]),
      },
    });
    expect(await t.json('GET', '/api/batch')).toMatchObject({
      grants: [{ kind: 'folder' }],
      summary: true,
      report: 'md',
      keys: { text: '{}' },
    });
    await t.json('POST', '/api/batch/progress', { line: 'half' });
    await t.call('POST', '/api/batch/output?what=summary', '{}');
    expect(await refusal(await t.call('POST', '/api/batch/output?what=other', '{}'))).toEqual([400, 'bad-input']);
    await t.json('POST', '/api/batch/end', { ok: false, message: 'because' });
    expect(seen).toEqual(['half', ['summary', '{}'], [false, 'because']]);
  });
});
