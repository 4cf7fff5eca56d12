/**
 * The page itself. What may be served is a list made once from the built folder, so that a request's path is only ever compared
 * with names, never joined to a folder.
 */
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { AppError } from '../../shared/errors.ts';
import { failure, type ResponseBody } from './route.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Style attributes are Mantine's and Recharts'; nothing else is inline. */
export const PAGE_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "worker-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A report to be printed: whatever it holds, nothing of it runs and nothing is fetched. */
export const PRINT_HEADERS: Record<string, string> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

const PAGE_HEADERS: Record<string, string> = {
  'Content-Security-Policy': PAGE_CSP,
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy':
    'camera=(), microphone=(), display-capture=(), geolocation=(), clipboard-read=(), usb=(), serial=(), hid=(), midi=(), payment=()',
};

export interface StaticFiles {
  serve(request: Request, path: string): Promise<Response>;
}

export async function createStatic(dir: string): Promise<StaticFiles> {
  const files = new Map<string, string>();
  await list(dir, '/', files);
  return {
    async serve(request, path) {
      const name = path === '/' ? '/index.html' : path;
      const file = files.get(name);
      if (!file) return failure(new AppError('not-found', 'There is no such page.'));
      if (request.method !== 'GET' && request.method !== 'HEAD') return failure(new AppError('not-found', 'Pages can only be read.'));
      const headers = {
        ...PAGE_HEADERS,
        'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream',
        // Names below assets/ carry a hash of their content.
        'Cache-Control': name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      };
      if (request.method === 'HEAD') return new Response(null, { headers });
      // Electron reads files inside an asar archive whole; streams over it are slower and no safer.
      const body = file.includes('.asar') ? await readFile(file) : (Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>);
      return new Response(body as ResponseBody, { headers });
    },
  };
}

async function list(dir: string, prefix: string, files: Map<string, string>): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true }).catch(() => [])) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) await list(path, `${prefix}${entry.name}/`, files);
    else if (entry.isFile()) files.set(`${prefix}${entry.name}`, path);
  }
}
