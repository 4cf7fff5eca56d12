/** Calls of the host's routes that answer with JSON, and what the preload of the Electron mount offers. */
import { hostFetch } from '../../engine/client/index.ts';
import { AppError, isAppErrorShape } from '../../shared/errors.ts';
import type { TrailcasePreload } from '../../shared/host.ts';

declare global {
  interface Window {
    /** Absent in a browser. */
    trailcase?: TrailcasePreload;
  }
}

/** Rejects with the host's own sentence. */
export async function hostJson<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await hostFetch(path, init);
  if (response.ok) return (await response.json()) as T;
  const body: unknown = await response.json().catch(() => null);
  if (isAppErrorShape(body)) throw new AppError(body.kind, body.message);
  throw new AppError('internal', `The host answered ${response.status} to ${path}.`);
}
