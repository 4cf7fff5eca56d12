/**
 * The route table's machinery: matching, bodies read with a limit, JSON out, and failures as `AppErrorShape` with their status.
 */
import * as v from 'valibot';
import { AppError, toAppError } from '../../shared/errors.ts';
import { API_ERROR_STATUS } from '../../shared/host.ts';

export interface Call {
  request: Request;
  url: URL;
  /** Values of the `:name` parts of the pattern; decoded, never empty. */
  params: Record<string, string>;
}

export type Handler = (call: Call) => Promise<Response> | Response;
export type Route = [method: string, pattern: string, handler: Handler];

/** Answers of the API are data: a browser that is pointed at one must neither sniff nor run it. */
const API_HEADERS: Record<string, string> = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
};

export type ResponseBody = ConstructorParameters<typeof Response>[0];

export function answer(body: ResponseBody, headers: Record<string, string>, status = 200): Response {
  return new Response(body, { status, headers: { ...API_HEADERS, ...headers } });
}

export const json = (value: unknown, status = 200): Response =>
  answer(JSON.stringify(value), { 'Content-Type': 'application/json; charset=utf-8' }, status);

const DISK_KINDS: Record<string, AppError['kind']> = {
  ENOSPC: 'storage',
  EDQUOT: 'storage',
  EROFS: 'storage',
  EACCES: 'storage',
  EPERM: 'storage',
  ENOENT: 'not-found',
};

/** Any thrown value as an answer. What the disk says gets its own kind, so that the page can tell it from a bug. */
export function failure(thrown: unknown): Response {
  const code = (thrown as NodeJS.ErrnoException | null)?.code;
  const kind = thrown instanceof AppError || code === undefined ? undefined : DISK_KINDS[code];
  const error = kind ? new AppError(kind, `The disk refused: ${(thrown as Error).message}.`) : toAppError(thrown);
  return json(error.toShape(), API_ERROR_STATUS[error.kind]);
}

/** Finds and runs the route. Never throws. */
export async function dispatch(routes: readonly Route[], request: Request, url: URL): Promise<Response> {
  try {
    for (const [method, pattern, handler] of routes) {
      if (method !== request.method) continue;
      const params = match(pattern, url.pathname);
      if (params) return await handler({ request, url, params });
    }
    throw new AppError('not-found', `There is no route ${request.method} ${url.pathname.slice(0, 100)}.`);
  } catch (thrown) {
    return failure(thrown);
  }
}

function match(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split('/');
  const have = path.split('/');
  if (want.length !== have.length) return null;
  const params: Record<string, string> = {};
  for (let i = 0; i < want.length; i++) {
    if (!want[i].startsWith(':')) {
      if (want[i] !== have[i]) return null;
      continue;
    }
    try {
      params[want[i].slice(1)] = decodeURIComponent(have[i]);
    } catch {
      return null;
    }
    if (have[i] === '') return null;
  }
  return params;
}

/** The whole body. Throws 'too-large' as soon as it passes `limit` bytes, before the rest is read. */
export async function readBytes(request: Request, limit: number, what: string): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = (): AppError => new AppError('too-large', `The ${what} is larger than ${limit} bytes.`);
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let total = 0;
  if (request.body) {
    for await (const chunk of request.body as ReadableStream<Uint8Array>) {
      total += chunk.byteLength;
      if (total > limit) throw tooLarge();
      chunks.push(chunk);
    }
  }
  const whole = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

export async function readText(request: Request, limit: number, what: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readBytes(request, limit, what));
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw new AppError('bad-input', `The ${what} is not UTF-8 text.`);
  }
}

export const SMALL_BODY = 1024 * 1024;

/** The body as JSON of the given shape; anything else is 'bad-input'. */
export async function readJson<S extends v.GenericSchema>(request: Request, schema: S, limit = SMALL_BODY): Promise<v.InferOutput<S>> {
  const text = await readText(request, limit, 'request');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AppError('bad-input', 'The request is not JSON.');
  }
  return check(schema, value, 'request');
}

export function check<S extends v.GenericSchema>(schema: S, value: unknown, what: string): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new AppError('bad-input', `The ${what} is malformed at ${v.getDotPath(issue) ?? 'its top'}: ${issue.message}`);
}

/** Names made by the page or the host: nothing in them can mean anything in a path or a URL. */
export const IdSchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,80}$/, 'not an id'));
export const parseId = (value: string, what: string): string => check(IdSchema, value, what);
