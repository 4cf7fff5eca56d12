/** The store worker: the store's core behind Comlink. */
import { expose } from 'comlink';
import { throwingShapes } from '../client/remote.ts';
import { workerEnvironment } from './environment.ts';
import { Store } from './store.ts';

expose(throwingShapes(new Store(workerEnvironment())));
