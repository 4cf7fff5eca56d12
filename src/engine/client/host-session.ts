/**
 * The page's way to its host. On the local server every call carries a bearer, which the one-use token of the launch link is
 * exchanged for; the bearer stays in this tab's session storage, so that a reload works.
 */
import { AppError, isAppErrorShape } from '../../shared/errors.ts';
import { LAUNCH_FRAGMENT } from '../../shared/host.ts';

const BEARER_KEY = 'trailcase-bearer';

let bearer: string | null = null;

export const currentBearer = (): string | null => bearer;

/** `fetch` of a host route, signed in. Answers as fetch does: a refusal is a response. */
export function hostFetch(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (bearer !== null) headers.set('Authorization', `Bearer ${bearer}`);
  return fetch(path, { ...init, headers });
}

/** The response of a route that succeeded; rejects with the host's own sentence. */
export async function hostCall(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await hostFetch(path, init);
  if (response.ok) return response;
  const body: unknown = await response.json().catch(() => null);
  if (isAppErrorShape(body)) throw new AppError(body.kind, body.message);
  throw new AppError('internal', `The host answered ${response.status} to ${path}.`);
}

/** Signs in with the launch link's token, or with the bearer of an earlier load of this tab. Does nothing in Electron. */
export async function signIn(page: Pick<Window, 'location' | 'history' | 'sessionStorage'>): Promise<void> {
  bearer = page.sessionStorage.getItem(BEARER_KEY);
  const { hash, pathname, search } = page.location;
  const fragment = hash.slice(1);
  if (!fragment.startsWith(LAUNCH_FRAGMENT)) return;
  const token = fragment.slice(LAUNCH_FRAGMENT.length);
  // First: neither a bookmark nor the history should keep the token.
  page.history.replaceState(null, '', pathname + search);
  try {
    const response = await hostCall('/api/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    const answer = (await response.json()) as { bearer: string };
    bearer = answer.bearer;
    page.sessionStorage.setItem(BEARER_KEY, bearer);
  } catch (thrown) {
    // A used link in a tab that is signed in already.
    if (bearer === null) throw thrown;
  }
}
