/**
 * Who may talk to the local server. Any page in any browser can send requests to 127.0.0.1, so: the Host must be ours (a rebound
 * DNS name is not), the Origin ours or absent, and every API call needs a bearer, which a one-use launch token is exchanged for.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import { AppError } from '../../shared/errors.ts';
import { failure, json, readJson } from '../host/route.ts';

export interface Guard {
  /** A fresh one-use token for the fragment of a launch URL. */
  launchToken(): string;
  /** The refusal of this request, the answer of /api/session, or null: let it pass to the host. */
  check(request: Request, host: string | undefined): Promise<Response | null>;
}

const SessionSchema = v.object({ token: v.pipe(v.string(), v.maxLength(200)) });

/** `authority` is host and port as a browser sends them, e.g. `127.0.0.1:24817`. */
export function createGuard(authority: string): Guard {
  const tokens = new Set<string>();
  const bearers: Buffer[] = [];
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  const secret = (): string => randomBytes(32).toString('base64url');
  const knows = (request: Request): boolean => {
    const given = /^Bearer ([\w-]{1,100})$/.exec(request.headers.get('authorization') ?? '')?.[1];
    if (!given) return false;
    const hashed = hash(given);
    return bearers.some((bearer) => timingSafeEqual(bearer, hashed));
  };
  const forbidden = (message: string): Response => failure(new AppError('forbidden', message));

  return {
    launchToken() {
      const token = secret();
      tokens.add(token);
      return token;
    },
    async check(request, host) {
      const origin = request.headers.get('origin');
      const site = request.headers.get('sec-fetch-site');
      const { pathname } = new URL(request.url);
      const isApi = pathname === '/api' || pathname.startsWith('/api/');
      if (host !== authority) return forbidden('This address is not Trailcase’s. Open the link that Trailcase printed.');
      if (origin !== null && origin !== `http://${authority}`) return forbidden('Another site may not talk to Trailcase.');
      if (isApi && site !== null && site !== 'same-origin') return forbidden('Another site may not talk to Trailcase.');
      if (!isApi) return null;
      if (pathname === '/api/session' && request.method === 'POST') {
        try {
          const { token } = await readJson(request, SessionSchema);
          if (!tokens.delete(token)) return forbidden('This link was already used. Start Trailcase again for a new one.');
          const bearer = secret();
          bearers.push(hash(bearer));
          return json({ bearer });
        } catch (thrown) {
          return failure(thrown);
        }
      }
      // A download is a navigation and carries no header; its token is random and good for one use.
      if (request.method === 'GET' && pathname.startsWith('/api/download/')) return null;
      if (!knows(request)) return forbidden('This page is not signed in to Trailcase. Open the link that Trailcase printed.');
      return null;
    },
  };
}
