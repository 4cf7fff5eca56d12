/** One ingest thread as the pool sees it: a Node worker, or in a test anything that behaves like one. */
import { Worker } from 'node:worker_threads';
import type { FromThread, ThreadSetup, ToThread } from '../../../engine/ingest/thread-types.ts';

export interface ThreadEvents {
  message(message: FromThread): void;
  /** The thread is gone, whatever the cause; nothing more comes from it. */
  died(cause: Error): void;
}

export interface Thread {
  send(message: ToThread): void;
  /** Ends it at once; `died` is not called. */
  stop(): Promise<void>;
}

export type StartThread = (setup: ThreadSetup, events: ThreadEvents) => Thread;

/** What a hostile file can use up is one thread's memory. The young generation is large because records live for microseconds. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 };

export const startWorker =
  (threadFile: string): StartThread =>
  (setup, events) => {
    const worker = new Worker(threadFile, { workerData: setup, resourceLimits: RESOURCE_LIMITS, name: 'ingest' });
    let over = false;
    const die = (cause: Error): void => {
      if (over) return;
      over = true;
      events.died(cause);
    };
    worker.on('message', (message: FromThread) => {
      if (!over) events.message(message);
    });
    worker.on('messageerror', die);
    worker.on('error', die);
    worker.on('exit', (code) => die(new Error(`the thread ended with code ${code}`)));
    return {
      send: (message) => worker.postMessage(message),
      async stop() {
        over = true;
        await worker.terminate();
      },
    };
  };
