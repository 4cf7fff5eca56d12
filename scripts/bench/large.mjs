/**
 * `npm run bench -- --large`: single files of gigabytes and hundreds of thousands of small ones, imported in the app as a person
 * would: throughput, peak memory of all its processes, and whether the window still answers meanwhile. --scale makes all of it smaller.
 */
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { generateBulk } from '../generate/bulk.mjs';
import { generateLarge } from '../generate/large.mjs';
import { say } from '../lib/setup.mjs';
import { importInApp } from './in-app.mjs';
import { watchMemory } from './memory.mjs';

const GB = 1e9;

/** @typedef {{events: number, files: number, path: string, bytes: number}} Evidence `bytes` as found */
/** @type {Record<string, (path: string, scale: number) => Promise<Evidence>>} */
const CASES = {
  ndjson3GB: (path, scale) => single(`${path}.ndjson`, 3 * GB * scale, 'ndjson', false),
  ndjson3GBgz: (path, scale) => single(`${path}.ndjson.gz`, 3 * GB * scale, 'ndjson', true),
  records2GB: (path, scale) => single(`${path}.json`, 2 * GB * scale, 'records', false),
  records2GBgz: (path, scale) => single(`${path}.json.gz`, 2 * GB * scale, 'records', true),
  async small300k(path, scale) {
    const files = Math.round(300_000 * scale);
    mkdirSync(path);
    const totals = await generateBulk({ out: path, events: files * 2, perFile: 2, seed: 3 });
    return { events: totals.events, files: totals.files, path, bytes: totals.gzipBytes };
  },
};
export const LARGE_CASES = Object.keys(CASES);

/** @param {string} path @param {number} bytes @param {'ndjson' | 'records'} form @param {boolean} gzip @returns {Promise<Evidence>} */
async function single(path, bytes, form, gzip) {
  const { events } = await generateLarge({ path, bytes, form, gzip });
  return { events, files: 1, path, bytes: statSync(path).size };
}

/** The longest wait for an answer of the window, asked five times a second, in ms. @param {import('../drive.mjs').Driven} app */
function watchWindow(app) {
  let longest = 0;
  let stopped = false;
  const asking = (async () => {
    while (!stopped) {
      const began = performance.now();
      await app.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve(0)))).catch(() => undefined);
      longest = Math.max(longest, performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  })();
  return async () => {
    stopped = true;
    await asking;
    return Math.round(longest);
  };
}

/**
 * @param {{work: string, scale: number, mount: 'electron' | 'web', only?: string[]}} options
 * @returns {Promise<Record<string, unknown>>} by name of the case; one that failed has its `error`
 */
export async function measureLarge({ work, scale, mount, only }) {
  const results = /** @type {Record<string, unknown>} */ ({ scale, mount });
  for (const name of only ?? LARGE_CASES) {
    const path = join(work, name);
    const profile = join(work, `${name}-profile`);
    try {
      say(`generating ${name} at scale ${scale}`);
      const evidence = await CASES[name](path, scale);
      results[name] = await measureOne(mount, profile, evidence);
    } catch (error) {
      results[name] = { error: error instanceof Error ? error.message.split('\n')[0] : String(error) };
    }
    say(`${name}: ${JSON.stringify(results[name])}`);
    for (const left of [profile, path, ...['.ndjson', '.ndjson.gz', '.json', '.json.gz'].map((end) => path + end)])
      rmSync(left, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
  return results;
}

/** @param {'electron' | 'web'} mount @param {string} profile @param {Evidence} evidence */
async function measureOne(mount, profile, evidence) {
  const peak = watchMemory();
  let longest = async () => 0;
  const result = await importInApp(mount, profile, evidence.path, (app) => {
    longest = watchWindow(app);
  });
  const longestAnswerMs = await longest();
  const peakMemoryMB = peak();
  await result.app.close();
  if (result.events !== evidence.events) throw new Error(`${result.events} of ${evidence.events} events arrived`);
  if (result.files !== evidence.files) throw new Error(`${result.files} of ${evidence.files} ledger rows arrived`);
  const seconds = result.ms / 1000;
  return {
    events: evidence.events,
    files: evidence.files,
    megabytes: Math.round(evidence.bytes / 1e6),
    seconds: Number(seconds.toFixed(1)),
    eventsPerSecond: Math.round(evidence.events / seconds),
    filesPerSecond: Number((evidence.files / seconds).toFixed(2)),
    megabytesPerSecond: Number((evidence.bytes / 1e6 / seconds).toFixed(1)),
    peakMemoryMB,
    longestAnswerMs,
  };
}
