/** Baseline: what Node alone needs to gunzip and parse the same files, nothing stored, on a number of threads. */
import { readFileSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';

/** @param {string[]} files @param {number} threads @returns {Promise<{events: number, ms: number}>} threads are started before the clock */
export async function nodeBaseline(files, threads) {
  const workers = Array.from({ length: threads }, (_, part) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { files: files.filter((_file, i) => i % threads === part) } });
    const message = () =>
      new Promise((/** @type {(value: number) => void} */ resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
      });
    return { worker, message, ready: message() };
  });
  await Promise.all(workers.map((w) => w.ready));
  const started = performance.now();
  const counts = await Promise.all(
    workers.map((w) => {
      const done = w.message();
      w.worker.postMessage('go');
      return done;
    }),
  );
  const ms = performance.now() - started;
  await Promise.all(workers.map((w) => w.worker.terminate()));
  return { events: counts.reduce((a, b) => a + b, 0), ms };
}

if (!isMainThread && workerData?.files) {
  parentPort?.once('message', () => {
    let events = 0;
    for (const file of workerData.files) events += JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')).Records.length;
    parentPort?.postMessage(events);
  });
  parentPort?.postMessage(0);
}
