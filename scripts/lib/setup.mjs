/**
 * What every command of the project needs before it can run: installed modules and a fresh build. Says on stderr what it does, since
 * stdout belongs to the command. Uses nothing but Node, for there may be no node_modules yet.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** @param {string} text */
export const say = (text) => void process.stderr.write(`${text}\n`);

/**
 * Runs to its end, its output on our stderr.
 * @param {string} command @param {string[]} args @param {{timeout?: number, quiet?: boolean}} [options]
 */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: ROOT,
    stdio: options.quiet ? 'ignore' : ['ignore', 2, 2],
    shell: process.platform === 'win32' && command === 'npm',
    timeout: options.timeout,
    killSignal: 'SIGKILL',
  });
  return result.status === 0;
}

/** @param {string} name @returns {string | null} */
export function onPath(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder && existsSync(join(folder, name))) return join(folder, name);
  }
  return null;
}

/** @param {string} file @returns {Record<string, {version?: string, optional?: boolean}>} */
function lockedPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

/** Installs what package-lock.json names when something of it is missing or has another version. Throws when that fails. */
export function ensureModules() {
  const wanted = lockedPackages(join(ROOT, 'package-lock.json'));
  const installed = lockedPackages(join(ROOT, 'node_modules/.package-lock.json'));
  const stale = Object.keys(wanted).find(
    (name) => name !== '' && !wanted[name].optional && installed[name]?.version !== wanted[name].version,
  );
  if (stale === undefined) return;
  say(`Installing the packages that package-lock.json names (${stale} is missing or old): npm ci`);
  // No package needs its install script; Electron's runtime is fetched on its own when it is first wanted.
  if (!run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=warn'])) {
    throw new Error('npm ci failed: see above. Is the package registry reachable?');
  }
}

/** @param {string} path @returns {number} time of the newest change below, in ms */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const BUILT = ['out/main/index.js', 'out/main/local-server.js', 'out/preload/preload.cjs', 'out/renderer/index.html'].map((file) =>
  join(ROOT, file),
);

function isBuilt() {
  const sources = Math.max(...['src', 'electron.vite.config.ts', 'package-lock.json'].map((name) => newest(join(ROOT, name))));
  return BUILT.every((file) => existsSync(file) && statSync(file).mtimeMs >= sources);
}

/** Builds when a source is newer than the oldest output; one process at a time. Throws when the build fails. */
export function ensureBuild() {
  if (isBuilt()) return;
  const lock = join(ROOT, 'node_modules/.trailcase-build');
  takeLock(lock);
  try {
    if (isBuilt()) return;
    say('Building the app: electron-vite build');
    if (!run(process.execPath, ['node_modules/electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn'])) {
      throw new Error('The build failed: see above.');
    }
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** @param {string} lock a folder: making one is the only step that two processes cannot both do */
function takeLock(lock) {
  const stale = 5 * 60_000;
  for (;;) {
    try {
      mkdirSync(lock);
      return;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      const made = statSync(lock, { throwIfNoEntry: false });
      if (made && Date.now() - made.mtimeMs > stale) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
}
