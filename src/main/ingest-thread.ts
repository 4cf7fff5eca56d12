/** The shell of an ingest thread: messages in, messages out. */
import { parentPort, workerData } from 'node:worker_threads';
import { IngestCore } from '../engine/ingest/ingest-core.ts';
import type { ThreadSetup, ToThread } from '../engine/ingest/thread-types.ts';

const port = parentPort!;
const core = new IngestCore(workerData as ThreadSetup, (message, transfer) => port.postMessage(message, transfer));
port.on('message', (message: ToThread) => {
  core.take(message).catch((thrown) =>
    setImmediate(() => {
      throw thrown;
    }),
  );
});
