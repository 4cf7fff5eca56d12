import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { sendResponse, toRequest } from '../../../../src/main/server/bridge.ts';
import { createGuard } from '../../../../src/main/server/guard.ts';

const HOST = '127.0.0.1:24817';
const ORIGIN = `http://${HOST}`;
const ask = (path: string, headers: Record<string, string> = {}, body?: string): Request =>
  new Request(ORIGIN + path, { method: body === undefined ? 'GET' : 'POST', headers, body });

describe('the local server’s guard', () => {
  it('exchanges a launch token for a bearer, once', async () => {
    const guard = createGuard(HOST);
    const token = guard.launchToken();
    const first = await guard.check(ask('/api/session', {}, JSON.stringify({ token })), HOST);
    const { bearer } = (await first!.json()) as { bearer: string };
    expect(await guard.check(ask('/api/app', { authorization: `Bearer ${bearer}` }), HOST)).toBeNull();
    const second = await guard.check(ask('/api/session', {}, JSON.stringify({ token })), HOST);
    expect(second?.status).toBe(403);
    expect(bearer).not.toBe(token);
    expect((await guard.check(ask('/api/app', { authorization: `Bearer ${token}` }), HOST))?.status).toBe(403);
  });

  it('refuses the API without a bearer, or with a wrong one', async () => {
    const guard = createGuard(HOST);
    for (const authorization of ['', 'Bearer ', 'Bearer x', 'Basic eDp5', `Bearer ${'a'.repeat(5000)}`]) {
      expect((await guard.check(ask('/api/app', authorization ? { authorization } : {}), HOST))?.status).toBe(403);
    }
    for (const token of ['', 'guess']) {
      expect((await guard.check(ask('/api/session', {}, JSON.stringify({ token })), HOST))?.status).toBe(403);
    }
    expect((await guard.check(ask('/api/session', {}, 'no json'), HOST))?.status).toBe(400);
  });

  it('gives the page to anyone who asks the right host, and a download to whoever holds its token', async () => {
    const guard = createGuard(HOST);
    expect(await guard.check(ask('/'), HOST)).toBeNull();
    expect(await guard.check(ask('/assets/index.js'), HOST)).toBeNull();
    expect(await guard.check(ask('/api/download/token'), HOST)).toBeNull();
  });

  it('refuses a name that was rebound to this machine, for the page too', async () => {
    const guard = createGuard(HOST);
    for (const host of ['evil.example:24817', 'localhost:24817', '127.0.0.1', '127.0.0.1:80', '[::1]:24817', undefined]) {
      expect((await guard.check(ask('/'), host))?.status).toBe(403);
    }
  });

  it('refuses other origins even with a bearer', async () => {
    const guard = createGuard(HOST);
    const session = await guard.check(ask('/api/session', {}, JSON.stringify({ token: guard.launchToken() })), HOST);
    const authorization = `Bearer ${((await session!.json()) as { bearer: string }).bearer}`;
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://127.0.0.1:24818' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ] as Record<string, string>[]) {
      expect((await guard.check(ask('/api/app', { authorization, ...headers }), HOST))?.status).toBe(403);
    }
    expect(await guard.check(ask('/api/app', { authorization, origin: ORIGIN, 'sec-fetch-site': 'same-origin' }), HOST)).toBeNull();
  });
});

describe('the bridge', () => {
  let close: () => void = () => undefined;
  afterEach(() => close());

  async function serve(handle: (request: Request) => Response | Promise<Response>): Promise<number> {
    const server = createServer((message, out) => {
      const made = toRequest(message, 'http://127.0.0.1:1');
      void Promise.resolve(made ? handle(made) : new Response(null, { status: 400 })).then((r) => sendResponse(r, out));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    close = () => {
      server.closeAllConnections();
      server.close();
    };
    return (server.address() as AddressInfo).port;
  }

  it('carries bodies both ways', async () => {
    const port = await serve(async (r) => new Response(r.body, { status: 201, headers: { 'x-method': r.method } }));
    const body = new Uint8Array(3_000_000).map((_, i) => i * 7);
    const answer = await fetch(`http://127.0.0.1:${port}/x`, { method: 'PUT', body });
    expect([answer.status, answer.headers.get('x-method')]).toEqual([201, 'PUT']);
    expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), Buffer.from(body))).toBe(0);
  });

  it('keeps to its own origin whatever the request line says', async () => {
    const urls: string[] = [];
    const port = await serve((r) => {
      urls.push(r.url);
      return new Response('');
    });
    for (const path of ['http://evil.example/api/app', '*', '//evil.example/x', '/../../etc/passwd']) {
      await new Promise<void>((resolve) => {
        request({ host: '127.0.0.1', port, path }, (answer) => answer.resume().on('end', () => resolve())).end();
      });
    }
    expect(urls.every((url) => new URL(url).host === '127.0.0.1:1')).toBe(true);
    expect(urls).toHaveLength(4);
  });

  it('stops producing when nobody reads, and cancels when the reader leaves', async () => {
    let produced = 0;
    let cancelled: () => void = () => undefined;
    const left = new Promise<void>((resolve) => {
      cancelled = resolve;
    });
    const port = await serve(
      () =>
        new Response(
          new ReadableStream<Uint8Array>({
            pull(controller) {
              produced += 1 << 20;
              controller.enqueue(new Uint8Array(1 << 20));
            },
            cancel: () => cancelled(),
          }),
        ),
    );
    const reader = request({ host: '127.0.0.1', port, path: '/' }, (answer) => {
      answer.once('readable', () => reader.destroy());
    });
    reader.on('error', () => undefined);
    reader.end();
    await left;
    expect(produced).toBeLessThan(64 << 20);
  });
});
