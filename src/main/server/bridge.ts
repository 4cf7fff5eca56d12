/** Node's http to Request and Response and back: streams both ways, each side waiting for the other. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

/** Null when the request line or headers make no Request. */
export function toRequest(message: IncomingMessage, origin: string): Request | null {
  try {
    // Only a path: an absolute URL in the request line must not name another origin.
    const path = message.url?.startsWith('/') ? message.url : '/';
    const url = origin + path;
    const headers = new Headers();
    for (let i = 0; i + 1 < message.rawHeaders.length; i += 2) headers.append(message.rawHeaders[i], message.rawHeaders[i + 1]);
    const method = message.method ?? 'GET';
    const hasBody = method !== 'GET' && method !== 'HEAD';
    const body = hasBody ? (Readable.toWeb(message) as ReadableStream<Uint8Array>) : null;
    return new Request(url, { method, headers, body, ...(body ? { duplex: 'half' } : {}) } as RequestInit);
  } catch {
    return null;
  }
}

/** Ends when all was handed to the socket. When the browser goes away the body's `cancel` is called. */
export async function sendResponse(response: Response, out: ServerResponse): Promise<void> {
  out.statusCode = response.status;
  response.headers.forEach((value, name) => {
    out.setHeader(name, value);
  });
  if (!response.body) {
    out.end();
    return;
  }
  const reader = response.body.getReader();
  let gone = false;
  const leave = (): void => {
    if (out.writableFinished) return;
    gone = true;
    void reader.cancel().catch(() => undefined);
  };
  out.once('close', leave);
  out.flushHeaders();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || gone) break;
      if (!out.write(value)) await drained(out);
    }
    out.end();
  } catch {
    // The status line is gone already; a cut-off body is the only way left to say that it failed.
    out.destroy();
  }
}

function drained(out: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      out.off('drain', done);
      out.off('close', done);
      resolve();
    };
    out.once('drain', done);
    out.once('close', done);
  });
}
