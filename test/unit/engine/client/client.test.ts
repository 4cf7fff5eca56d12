/** The page's side: errors and callbacks across a worker's port, signing in, saving, and exports. */
import { expose } from 'comlink';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Engine } from '../../../../src/engine/client/connect.ts';
import { csvCell, csvLines, ndjsonLines } from '../../../../src/engine/client/exports.ts';
import { hostFetch, signIn } from '../../../../src/engine/client/host-session.ts';
import { Breakable, remoteApi, throwingShapes } from '../../../../src/engine/client/remote.ts';
import { oneChunk, saveStream } from '../../../../src/engine/client/save.ts';
import { AppError } from '../../../../src/shared/errors.ts';
import { EMPTY_SELECTION, type PageRow } from '../../../../src/shared/plan.ts';

afterEach(() => vi.unstubAllGlobals());

class Api {
  private count = 2;
  async twice(n: number): Promise<number> {
    return n * this.count;
  }
  async fail(): Promise<void> {
    throw new AppError('too-new', 'Written by a newer version.');
  }
  async broken(): Promise<void> {
    throw new TypeError('x is not a function');
  }
  async count3(listener: (n: number) => void): Promise<void> {
    for (let i = 1; i <= 3; i++) listener(i);
  }
  async never(): Promise<void> {
    await new Promise(() => undefined);
  }
}

function connected(): { api: Api; worker: Breakable; close(): void } {
  const { port1, port2 } = new MessageChannel();
  expose(throwingShapes(new Api()), port1);
  const worker = new Breakable();
  const api = remoteApi<Api>(port2, worker);
  return {
    api,
    worker,
    close: () => {
      port1.close();
      port2.close();
    },
  };
}

describe('a worker', () => {
  it('answers, keeps the kind of its errors, and calls back plain functions', async () => {
    const { api, close } = connected();
    expect(await api.twice(21)).toBe(42);
    await expect(api.fail()).rejects.toMatchObject({ name: 'AppError', kind: 'too-new', message: 'Written by a newer version.' });
    await expect(api.broken()).rejects.toMatchObject({ name: 'AppError', kind: 'internal', message: 'x is not a function' });
    const heard: number[] = [];
    await new Promise<void>((resolve) => {
      void api.count3((n) => {
        heard.push(n);
        if (n === 3) resolve();
      });
    });
    expect(heard).toEqual([1, 2, 3]);
    close();
  });

  it('that breaks rejects what is under way and what comes later', async () => {
    const { api, worker, close } = connected();
    const waiting = api.never();
    worker.break(new AppError('internal', 'The worker failed.'));
    await expect(waiting).rejects.toMatchObject({ message: 'The worker failed.' });
    await expect(api.twice(1)).rejects.toMatchObject({ message: 'The worker failed.' });
    close();
  });
});

describe('signing in', () => {
  const page = (hash: string, stored: Record<string, string> = {}) => {
    const replaced: string[] = [];
    return {
      replaced,
      stored,
      window: {
        location: { hash, pathname: '/', search: '' },
        history: { replaceState: (_s: unknown, _t: string, url: string) => replaced.push(url) },
        sessionStorage: { getItem: (k: string) => stored[k] ?? null, setItem: (k: string, v: string) => (stored[k] = v) },
      } as unknown as Window,
    };
  };

  it('exchanges the token once, forgets it in the address, and a reload keeps the bearer', async () => {
    const calls: [string, string | null, unknown][] = [];
    vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
      calls.push([path, new Headers(init.headers).get('Authorization'), init.body]);
      return path === '/api/session' ? Response.json({ bearer: 'B' }) : Response.json({});
    });
    const first = page('#token=T');
    await signIn(first.window);
    await hostFetch('/api/app');
    expect(first.replaced).toEqual(['/']);
    expect(calls).toEqual([
      ['/api/session', null, '{"token":"T"}'],
      ['/api/app', 'Bearer B', undefined],
    ]);
    await signIn(page('', first.stored).window);
    await hostFetch('/api/disk');
    expect(calls[2]).toEqual(['/api/disk', 'Bearer B', undefined]);
    expect(calls).toHaveLength(3);
  });

  it('with a used link fails in a sentence, unless the tab is signed in', async () => {
    vi.stubGlobal('fetch', async () => Response.json({ kind: 'forbidden', message: 'This link was already used.' }, { status: 403 }));
    await expect(signIn(page('#token=T').window)).rejects.toMatchObject({ kind: 'forbidden', message: 'This link was already used.' });
    await expect(signIn(page('#token=T', { 'trailcase-bearer': 'B' }).window)).resolves.toBeUndefined();
  });
});

describe('saving', () => {
  const host = (answers: Record<string, unknown>) => {
    const calls: string[] = [];
    const written: Uint8Array[] = [];
    vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
      calls.push(`${init.method} ${path}`);
      if (init.method === 'PUT') written.push(new Uint8Array(await (init.body as Blob).arrayBuffer()));
      return Response.json(answers[path] ?? {});
    });
    return { calls, written };
  };

  it('writes in pieces, finishes, and starts a download where there is no dialog', async () => {
    const { calls, written } = host({ '/api/save': { save: 's' }, '/api/save/s/finish': { label: 'x.csv', download: 'tok' } });
    const downloads: string[] = [];
    const chunks = async function* (): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 5; i++) yield new Uint8Array(400_000).fill(i);
    };
    const saved = await saveStream('x.csv', 'text/csv', chunks(), (url) => downloads.push(url));
    expect(saved?.label).toBe('x.csv');
    expect(calls).toEqual(['POST /api/save', 'PUT /api/save/s', 'PUT /api/save/s', 'POST /api/save/s/finish']);
    expect(written.map((w) => w.byteLength)).toEqual([1_200_000, 800_000]);
    expect(written[1][0]).toBe(3);
    expect(downloads).toEqual(['/api/download/tok']);
  });

  it('leaves nothing when the content fails, and knows a cancelled dialog', async () => {
    const { calls } = host({ '/api/save': { save: 's' } });
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield* oneChunk('text');
      throw new AppError('cancelled', 'The export was cancelled.');
    };
    await expect(saveStream('x', 'text/plain', failing())).rejects.toMatchObject({ kind: 'cancelled' });
    expect(calls.at(-1)).toBe('DELETE /api/save/s');
    host({ '/api/save': { cancelled: true } });
    expect(await saveStream('x', 'text/plain', oneChunk('text'))).toBeNull();
  });
});

describe('an export', () => {
  const events = Array.from({ length: 4500 }, (_, i) => i);
  const row = (i: number): PageRow => ({
    key: `id:${i}` as PageRow['key'],
    row: i as PageRow['row'],
    time: i === 1 ? null : (Date.UTC(2026, 2, 1) as PageRow['time']),
    eventID: String(i),
    starred: i === 0,
    copies: 1,
    conflict: false,
    values: [i === 0 ? '=cmd()' : 'ListBuckets', ['a', 'b']],
  });
  const query = {
    run: async ({ asks }: { asks: { ask: string; offset: number; limit: number; columns: string[] }[] }) => {
      const [{ ask, offset, limit, columns }] = asks;
      if (ask === 'count') return { answers: [{ ask, events: events.length }] };
      expect(columns).toEqual(['eventName', 'resource']);
      return { answers: [{ ask, total: events.length, rows: events.slice(offset, offset + limit).map(row) }] };
    },
    refs: async (_s: unknown, _d: boolean, offset: number, limit: number) => {
      const page = events.slice(offset, offset + limit);
      return { keys: page, refs: page.map((i) => ({ commitId: 'c', block: 0, textOffset: i, textLength: 1 })) };
    },
  } as unknown as Engine['query'];
  const store = {
    readRecords: async (refs: { textOffset: number }[]) => refs.map((ref) => ({ ref, text: `{\n "n":${ref.textOffset}}`, sha256: '' })),
  } as unknown as Engine['store'];

  it('as CSV has a header, every event in order, and defused cells', async () => {
    let text = '';
    const seen: number[] = [];
    const columns = ['eventTime', 'eventName', 'starred', 'resource', 'eventID'] as const;
    for await (const piece of csvLines({ query }, EMPTY_SELECTION, columns, { onProgress: (n) => seen.push(n) })) text += piece.text;
    const lines = text.split('\r\n');
    expect(lines.slice(0, 3)).toEqual([
      'eventTime,eventName,starred,resource,eventID',
      "2026-03-01T00:00:00.000Z,'=cmd(),yes,a | b,0",
      ',ListBuckets,,a | b,1',
    ]);
    expect(lines).toHaveLength(4502);
    expect(seen).toEqual([2000, 4000, 4500]);
  });

  it('as NDJSON has each original record on one line, and stops when asked', async () => {
    const control = new AbortController();
    let text = '';
    for await (const piece of ndjsonLines({ query, store }, EMPTY_SELECTION, {})) text += piece.text;
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(4500);
    expect(lines.map((l) => (JSON.parse(l) as { n: number }).n)).toEqual(events);
    const stopped = async (): Promise<void> => {
      for await (const piece of ndjsonLines({ query, store }, EMPTY_SELECTION, { signal: control.signal }))
        if (piece.events > 0) control.abort();
    };
    await expect(stopped()).rejects.toMatchObject({ kind: 'cancelled' });
  });

  it('defuses what a spreadsheet would run', () => {
    expect(['=1', '+1', '-1', '@x', '\tx', '\rx'].map(csvCell)).toEqual(["'=1", "'+1", "'-1", "'@x", "'\tx", '"\'\rx"']);
    expect(['a"b', 'a,b', 'a\nb', 'a=b', ''].map(csvCell)).toEqual(['"a""b"', '"a,b"', '"a\nb"', 'a=b', '']);
  });
});
