/** Which of the two mounts can run on this machine, and the command line that starts it. */
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onPath, ROOT, run, say } from './setup.mjs';

const EXECUTABLE =
  process.platform === 'win32' ? 'electron.exe' : process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';

/** @returns {string | null} Electron's executable: of ELECTRON_OVERRIDE_DIST_PATH, else the one the electron package has fetched */
export function findElectron() {
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  for (const folder of given ? [given] : [join(ROOT, 'node_modules/electron/dist')]) {
    if (existsSync(join(folder, EXECUTABLE))) return join(folder, EXECUTABLE);
  }
  return null;
}

/** Electron's executable, fetched if it must be and can be; a fetch that failed is not tried again for an hour. */
export function ensureElectron() {
  const found = findElectron();
  const installer = join(ROOT, 'node_modules/electron/install.js');
  const failed = join(ROOT, 'node_modules/.cache/trailcase-electron-failed');
  if (found || process.env.ELECTRON_OVERRIDE_DIST_PATH || !existsSync(installer)) return found;
  const last = statSync(failed, { throwIfNoEntry: false });
  if (last && Date.now() - last.mtimeMs < 3_600_000) return null;
  say('Fetching Electron’s runtime (once; at most two minutes).');
  if (!run(process.execPath, [installer], { timeout: 120_000, quiet: true })) {
    mkdirSync(dirname(failed), { recursive: true });
    writeFileSync(failed, '');
  }
  return findElectron();
}

/** @returns {string[] | null} words before a command that opens windows; null: no display, and no way to make one */
export function displayPrefix() {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return [];
  const xvfb = onPath('xvfb-run');
  return xvfb && onPath('xauth') ? [xvfb, '-a', '-s', '-screen 0 1920x1200x24'] : null;
}

/**
 * @param {string} electron its executable @param {string[]} prefix of `displayPrefix` @param {string[]} args for the app
 * @returns {string[]}
 */
export function electronCommand(electron, prefix, args) {
  const flags = [];
  // Chromium refuses to start its sandbox as root.
  if (process.getuid?.() === 0) flags.push('--no-sandbox');
  // Nobody's graphics card is behind a virtual display.
  if (prefix.length > 0) flags.push('--disable-gpu');
  return [...prefix, electron, ...flags, ROOT, ...args];
}

/** @param {string[]} args for the app @returns {string[]} */
export const serverCommand = (args) => [process.execPath, join(ROOT, 'out/main/local-server.js'), ...args];
