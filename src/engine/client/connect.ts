/** Starts the two workers and connects them to each other. */
import type { QueryApi, StoreApi } from '../../shared/engine.ts';
import { AppError } from '../../shared/errors.ts';
import type { AppInfo } from '../../shared/host.ts';
import { currentBearer, hostCall, signIn } from './host-session.ts';
import { Breakable, remoteApi, withPort } from './remote.ts';

/** The contracts as seen from the page: every method is asynchronous; callbacks may be passed as they are. */
export interface Engine {
  app: AppInfo;
  store: Omit<StoreApi, 'start'>;
  query: Omit<QueryApi, 'start'>;
}

/** Rejects with a sentence when the page is not signed in or a worker cannot start. Call once. */
export async function connectEngine(): Promise<Engine> {
  await signIn(window);
  const app = (await (await hostCall('/api/app')).json()) as AppInfo;
  const storeWorker = new Worker(new URL('../store/store.worker.ts', import.meta.url), { type: 'module', name: 'store' });
  const queryWorker = new Worker(new URL('../query/query.worker.ts', import.meta.url), { type: 'module', name: 'query' });
  const store = remoteApi<StoreApi>(storeWorker, breakable(storeWorker, 'store'));
  const query = remoteApi<QueryApi>(queryWorker, breakable(queryWorker, 'query'));
  const { port1, port2 } = new MessageChannel();
  await Promise.all([
    query.start(withPort({ storePort: port1 }, port1)),
    store.start(withPort({ app, bearer: currentBearer(), queryPort: port2 }, port2)),
  ]);
  return { app, store: askingToPersist(store), query };
}

/** Evidence should not be evicted when the disk gets full. Only a page may ask, so it is asked here; the answer is in `storage()`. */
function askingToPersist(store: StoreApi): StoreApi {
  const importGrants: StoreApi['importGrants'] = async (grants, onProgress) => {
    await navigator.storage.persist().catch(() => false);
    return store.importGrants(grants, onProgress);
  };
  return new Proxy(store, { get: (target, name) => (name === 'importGrants' ? importGrants : Reflect.get(target, name)) });
}

function breakable(worker: Worker, name: string): Breakable {
  const whole = new Breakable();
  // Also fired for an error inside that nobody caught: the worker then lives on, but something waits for an answer in vain.
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    whole.break(
      new AppError('internal', `Trailcase’s ${name} worker failed: ${event.message || 'it could not be loaded'}. Reload the window.`),
    );
  });
  return whole;
}
