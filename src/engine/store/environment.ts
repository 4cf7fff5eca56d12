/** What the store takes from its surroundings, so that its core runs in plain Node as well as in a worker. */
import type { IndexedDbApi } from './databases.ts';

/** The part of the Web Locks API that is used. */
export interface LockApi {
  request<T>(name: string, options: { ifAvailable: true }, callback: (lock: unknown) => Promise<T>): Promise<T>;
}

/** The part of BroadcastChannel that is used. */
export interface ChannelApi {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/** The part of `navigator.storage` that is used; a worker has no `persist`, the page asks for that. */
export interface StorageApi {
  estimate(): Promise<{ usage?: number; quota?: number }>;
  persisted(): Promise<boolean>;
}

export interface StoreEnvironment extends IndexedDbApi {
  fetch(input: string, init?: RequestInit): Promise<Response>;
  locks: LockApi;
  channel: ChannelApi;
  storage: StorageApi;
  /** EpochMs. */
  now(): number;
  /** A fresh UUID. */
  newId(): string;
  wait(ms: number): Promise<void>;
}

/** Of the worker it runs in. */
export function workerEnvironment(): StoreEnvironment {
  return {
    indexedDB,
    IDBKeyRange,
    fetch: (input, init) => fetch(input, init),
    locks: navigator.locks as LockApi,
    channel: new BroadcastChannel('trailcase'),
    storage: navigator.storage,
    now: Date.now,
    newId: () => crypto.randomUUID(),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
}
