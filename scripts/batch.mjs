/**
 * `npm run batch -- [--summary FILE] [--report FILE.(html|pdf|md)] [--keys FILE] [--host electron|web] <paths…>`: the same app
 * without a window, on a throw-away profile. --keys: public keys (the JSON of list-public-keys) to check digests with. The summary
 * goes to FILE or to stdout, and nothing else does; progress goes to stderr. Exit 0 if at least one file was imported or held no
 * events, else 1 with one line on stderr.
 */
import { spawn } from 'node:child_process';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { parseBatch } from './lib/batch-options.mjs';
import { displayPrefix, electronCommand, findElectron, serverCommand } from './lib/mount.mjs';
import { ensureBuild, ensureModules, say } from './lib/setup.mjs';

/** Milliseconds without a sign of life from the page. */
const SILENCE_MS = Number(process.env.TRAILCASE_BATCH_SILENCE_MS ?? 300_000);
const PROGRESS = 'trailcase: ';
const FAILURE = 'trailcase-error: ';

/** @param {'electron' | 'web' | null} forced @param {string[]} args @returns {string[]} */
function command(forced, args) {
  const electron = forced === 'web' ? null : findElectron();
  const prefix = displayPrefix();
  if (electron && prefix) return electronCommand(electron, prefix, args);
  if (forced === 'electron')
    throw new Error(electron ? 'Electron needs a display.' : 'Electron’s runtime is not there: run npm start once.');
  return serverCommand(args);
}

/**
 * Runs the app to its end. Lines that it marks as progress go to stderr; the browser's own are kept for a failure without a reason.
 * @param {string[]} words @param {(end: () => void) => void} onStart
 * @returns {Promise<{code: number | null, reason: string | null, last: string[]}>}
 */
function runApp([name, ...args], onStart) {
  return new Promise((done, failed) => {
    const grouped = process.platform !== 'win32';
    const child = spawn(name, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: grouped });
    /** @type {string | null} */
    let reason = null;
    /** @type {string[]} */
    const last = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        if (line.startsWith(PROGRESS)) say(line.slice(PROGRESS.length));
        else if (line.startsWith(FAILURE)) reason = line.slice(FAILURE.length);
        else last.push(line.slice(0, 300));
        if (last.length > 5) last.shift();
      });
    }
    /** @param {NodeJS.Signals} signal */
    const kill = (signal) => {
      try {
        if (grouped && child.pid !== undefined) process.kill(-child.pid, signal);
        else child.kill(signal);
      } catch {
        // It ended by itself meanwhile.
      }
    };
    onStart(() => {
      kill('SIGTERM');
      setTimeout(() => kill('SIGKILL'), 5000).unref();
    });
    child.on('error', failed);
    child.on('exit', (code) => {
      // Helpers of a browser that crashed would hold the profile, and our pipes, open.
      kill('SIGKILL');
      done({ code, reason, last });
    });
  });
}

async function main() {
  const here = process.env.INIT_CWD ?? process.cwd();
  const options = parseBatch(process.argv.slice(2));
  const paths = options.paths.map((path) => resolve(here, path));
  const missing = paths.find((path) => !existsSync(path));
  if (missing) throw new Error(`There is no such file or folder: ${missing}`);
  const keys = options.keys === null ? null : resolve(here, options.keys);
  if (keys && !statSync(keys, { throwIfNoEntry: false })?.isFile()) throw new Error(`There is no such file: ${keys}`);
  const summary = options.summary === null ? null : resolve(here, options.summary);
  const report = options.report === null ? null : { ...options.report, path: resolve(here, options.report.path) };
  for (const file of [summary, report?.path]) {
    if (file && !statSync(dirname(file), { throwIfNoEntry: false })?.isDirectory())
      throw new Error(`There is no such folder: ${dirname(file)}`);
  }
  ensureModules();
  ensureBuild();

  const work = await mkdtemp(join(tmpdir(), 'trailcase-batch-'));
  /** @type {() => void} */
  let endApp = () => undefined;
  let stopped = false;
  const interrupted = () => {
    stopped = true;
    endApp();
  };
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', interrupted);
  try {
    const made = join(work, 'summary.json');
    const job = join(work, 'job.json');
    await writeFile(job, JSON.stringify({ paths, summary: summary ?? made, report, keys, silenceMs: SILENCE_MS }));
    const { code, reason, last } = await runApp(command(options.host, [`--profile=${join(work, 'profile')}`, `--batch=${job}`]), (end) => {
      endApp = end;
    });
    if (stopped) throw new Error('The run was interrupted.');
    // Also of a run in which nothing could be imported: its ledger says why.
    if (summary === null && existsSync(made)) await pipeline(createReadStream(made), process.stdout, { end: false });
    if (code !== 0) throw new Error(reason ?? `The app ended unexpectedly${last.length > 0 ? `: ${last.join(' | ')}` : '.'}`);
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

main().catch((error) => {
  say(`trailcase batch: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
});
