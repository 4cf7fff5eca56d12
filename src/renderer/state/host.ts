/** Calls of the host's routes that answer with JSON, and what the preload of the Electron mount offers. */
import { hostCall } from '../../engine/client/index.ts';
import type { TrailcasePreload } from '../../shared/host.ts';

declare global {
  interface Window {
    /** Absent in a browser. */
    trailcase?: TrailcasePreload;
  }
}

/** Rejects with the host's own sentence. */
export async function hostJson<T>(path: string, init: RequestInit = {}): Promise<T> {
  return (await (await hostCall(path, init)).json()) as T;
}
