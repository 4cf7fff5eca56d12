/**
 * What `npm test` and `npm run bench` need before they can run: installed modules, a fresh build, a browser, perhaps an Electron
 * runtime and a display. Each function does what is missing or says in one sentence what a person must do.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

/** @param {string} command @param {string[]} args @param {{quiet?: boolean}} [options] */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    stdio: ['ignore', options.quiet ? 'ignore' : 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  return result.status === 0;
}

/** @param {string} name @returns {string | null} */
export function onPath(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, name);
    if (folder && existsSync(file)) return file;
  }
  return null;
}

/** Runs `npm ci` when a package of the lock file is missing or has another version. */
export function ensureModules() {
  /** @param {string} path @returns {Record<string, {version?: string, optional?: boolean}>} */
  const packages = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {});
  const wanted = packages('package-lock.json');
  const installed = packages('node_modules/.package-lock.json');
  const stale = Object.keys(wanted).find(
    (name) => name !== '' && !wanted[name].optional && installed[name]?.version !== wanted[name].version,
  );
  if (stale === undefined) return;
  console.log(`setup: ${stale} is missing or old; npm ci`);
  // No package needs its install script; Electron's runtime is fetched when it is first started.
  if (!run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']))
    throw new Error('npm ci failed: see above; is the registry reachable?');
}

/** @param {string} path @returns {number} newest change below, in ms */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

export const BUILT = ['out/main/index.js', 'out/main/local-server.js', 'out/preload/preload.cjs', 'out/renderer/index.html'];

/** Builds when a source is newer than the oldest output. */
export function ensureBuild() {
  const sources = Math.max(...['src', 'electron.vite.config.ts', 'package-lock.json'].map(newest));
  if (BUILT.every((file) => existsSync(file) && statSync(file).mtimeMs >= sources)) return;
  console.log('setup: building');
  if (!run(process.execPath, ['node_modules/electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn']))
    throw new Error('The build failed: see above.');
}

/** @returns {string | null} an installed Chrome or Chromium, or the one that Playwright fetched earlier */
export function findBrowser() {
  const given = process.env.TRAILCASE_BROWSER;
  if (given && existsSync(given)) return given;
  for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']) {
    const found = onPath(name);
    if (found) return found;
  }
  const places = [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    `${process.env.PROGRAMFILES}\\Google\\Chrome\\Application\\chrome.exe`,
    `${process.env['PROGRAMFILES(X86)']}\\Google\\Chrome\\Application\\chrome.exe`,
  ];
  const place = places.find((file) => existsSync(file));
  if (place) return place;
  try {
    const own = createRequire(import.meta.url)('@playwright/test').chromium.executablePath();
    return existsSync(own) ? own : null;
  } catch {
    return null;
  }
}

/** Finds a browser or installs one: by Playwright, else by apt where we may. Throws with one sentence when neither works. */
export function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  console.log('setup: no Chrome or Chromium; playwright install chromium');
  run(process.execPath, ['node_modules/@playwright/test/cli.js', 'install', 'chromium']);
  let browser = findBrowser();
  if (!browser && process.getuid?.() === 0 && onPath('apt-get')) {
    console.log('setup: apt-get install chromium');
    run('apt-get', ['update', '-q']);
    run('apt-get', ['install', '-yq', '--no-install-recommends', 'chromium']);
    browser = findBrowser();
  }
  if (!browser) throw new Error('No browser for the end-to-end tests: install Chrome or Chromium, or set TRAILCASE_BROWSER to one.');
  return browser;
}

/** @returns {string | null} Electron's executable: ELECTRON_OVERRIDE_DIST_PATH, else what the electron package has fetched */
export function findElectron() {
  const name =
    process.platform === 'win32' ? 'electron.exe' : process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';
  for (const folder of [process.env.ELECTRON_OVERRIDE_DIST_PATH, 'node_modules/electron/dist']) {
    if (folder && existsSync(join(folder, name))) return join(folder, name);
  }
  return null;
}

/** Command words to put before a command that opens windows; null when there is no display and no way to make one. */
export function displayPrefix() {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return [];
  return onPath('xvfb-run') && onPath('xauth') ? ['xvfb-run', '-a', '-s', '-screen 0 1920x1200x24'] : null;
}
