/**
 * The page's one door to the engine: starts the two workers, connects them to each other, and gives typed remotes.
 * Nothing else in the renderer knows about workers, Comlink or IndexedDB.
 */
import type { QueryApi, StoreApi } from '../../shared/engine.ts';
import type { AppInfo } from '../../shared/host.ts';

/** The contracts as seen from the page: every method is asynchronous; callbacks may be passed as they are. */
export interface Engine {
  app: AppInfo;
  store: Omit<StoreApi, 'start'>;
  query: Omit<QueryApi, 'start'>;
}
