/**
 * Generates any amount of evidence for measuring: gzip trail files in the folders of an organisation trail. Reproducible from the
 * seed, whatever the number of threads, because every file has its own generator of randomness.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { BEGIN, makeWorld, REGIONS } from './bulk-world.mjs';
import { assumeRole, CALLS, failed, MIXES } from './calls.mjs';
import { trailPath } from './files.mjs';
import { Random, weighted } from './random.mjs';
import { record } from './records.mjs';

/**
 * @typedef {object} BulkOptions
 * @property {string} out folder, made when absent
 * @property {number} events
 * @property {number} perFile events in each file (the last may have fewer)
 * @property {number} [seed]
 * @property {number} [threads]
 */
/** @typedef {{files: number, events: number, gzipBytes: number, jsonBytes: number}} BulkTotals */

const DAYS = 28;

/** @param {BulkOptions} options @param {number} part @param {number} parts @returns {BulkTotals} */
function writePart(options, part, parts) {
  const seed = options.seed ?? 1;
  const world = makeWorld(new Random(seed, 0x517), options.events);
  const draws = Object.fromEntries(Object.entries(MIXES).map(([name, entries]) => [name, weighted(entries)]));
  const files = Math.ceil(options.events / options.perFile);
  const totals = { files: 0, events: 0, gzipBytes: 0, jsonBytes: 0 };
  for (let file = part; file < files; file += parts) {
    const random = new Random(seed, file, 0xf11e);
    const home = random.skewed(world.estates.length);
    const estate = world.estates[home];
    const region = REGIONS[random.skewed(REGIONS.length)];
    const from = BEGIN + Math.floor((file / files) * DAYS * 86_400_000);
    const span = Math.max(300_000, Math.floor((DAYS * 86_400_000) / files));
    const sessions = world.sessions[home];
    const width = Math.max(10, Math.floor(sessions.length / 40));
    const first = Math.floor((file / files) * Math.max(0, sessions.length - width));
    const events = Math.min(options.perFile, options.events - file * options.perFile);
    const records = new Array(events);
    for (let i = 0; i < events; i++) {
      const byService = random.chance(12);
      const session = byService ? random.pick(world.services) : sessions[Math.min(sessions.length - 1, first + random.below(width))];
      const time = from + Math.floor((i / events) * span);
      const scene = { random, estate, region, time };
      const identity = /** @type {any} */ (session.caller.identity);
      if (!byService && identity.type === 'AssumedRole' && random.chance(6)) {
        const issuer = identity.sessionContext.sessionIssuer;
        const service = world.services[0].caller;
        const [roleId, name] = identity.principalId.split(':');
        const issue = assumeRole(scene, {
          account: issuer.accountId,
          role: issuer.userName,
          roleId,
          session: name,
          key: identity.accessKeyId,
        });
        records[i] = record(random, time, service, { ...issue, sharedEventID: random.uuid() }, { region, account: estate.account });
        continue;
      }
      let call = CALLS[draws[session.mix](random)](scene);
      if (random.chance(4)) call = failed(call, identity.arn ?? session.caller.agent, random);
      records[i] = record(random, time, session.caller, call, { region, account: estate.account });
    }
    const json = JSON.stringify({ Records: records });
    const packed = gzipSync(json, { level: 6 });
    const path = join(
      options.out,
      trailPath(random, { organization: world.organization, account: estate.account, region, delivered: from + span + 240_000 }),
    );
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, packed);
    totals.files++;
    totals.events += events;
    totals.gzipBytes += packed.length;
    totals.jsonBytes += json.length;
  }
  return totals;
}

/** @param {BulkOptions} options @returns {Promise<BulkTotals>} */
export async function generateBulk(options) {
  const threads = Math.max(1, Math.min(options.threads ?? availableParallelism(), Math.ceil(options.events / options.perFile)));
  const parts = await Promise.all(
    Array.from(
      { length: threads },
      (_, part) =>
        new Promise((/** @type {(totals: BulkTotals) => void} */ resolve, reject) => {
          const worker = new Worker(new URL(import.meta.url), { workerData: { options, part, threads } });
          worker.once('message', resolve);
          worker.once('error', reject);
        }),
    ),
  );
  return parts.reduce((sum, p) => ({
    files: sum.files + p.files,
    events: sum.events + p.events,
    gzipBytes: sum.gzipBytes + p.gzipBytes,
    jsonBytes: sum.jsonBytes + p.jsonBytes,
  }));
}

if (!isMainThread && workerData?.options) parentPort?.postMessage(writePart(workerData.options, workerData.part, workerData.threads));
