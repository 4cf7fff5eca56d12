/**
 * Starts the built app on either mount and drives it from outside: for end-to-end tests, measurements and screenshots. Nothing in
 * the app knows of it but `window.__app.idle()`.
 */
import { spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { _electron, chromium } from '@playwright/test';
import { findElectron } from './lib/mount.mjs';
import { ROOT } from './lib/setup.mjs';
import { ensureBrowser } from './test-setup.mjs';

/** @typedef {import('@playwright/test').Page} Page */
/**
 * @typedef {object} Driven
 * @property {'electron' | 'web'} mount
 * @property {Page} page
 * @property {string} profile
 * @property {import('@playwright/test').ElectronApplication | null} electron
 * @property {() => Promise<void>} close ends the app as a person would
 * @property {() => Promise<void>} kill ends every process of the app at once, as a crash would
 */
/** @typedef {{mount: 'electron' | 'web', profile: string, args?: string[], size?: {width: number, height: number}}} LaunchOptions */

const ELECTRON_START_MS = 15_000;

/** @param {LaunchOptions} options @returns {Promise<Driven>} */
export async function launch(options) {
  await mkdir(options.profile, { recursive: true });
  const driven = options.mount === 'electron' ? await launchElectron(options) : await launchWeb(options);
  driven.page.setDefaultTimeout(20_000);
  await driven.page.waitForFunction(
    () => /** @type {any} */ (window).__app !== undefined || document.querySelector('[role=alert]') !== null,
  );
  return driven;
}

/** @param {LaunchOptions} options @returns {Promise<Driven>} */
async function launchElectron({ profile, args = [], size }) {
  const executablePath = findElectron();
  if (!executablePath) throw new Error('There is no Electron runtime: set ELECTRON_OVERRIDE_DIST_PATH.');
  const flags = [ROOT, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', `--profile=${profile}`, ...args];
  for (let attempt = 0; ; attempt++) {
    try {
      const app = await _electron.launch({ executablePath, args: flags, cwd: ROOT, timeout: ELECTRON_START_MS });
      const page = await app.firstWindow({ timeout: ELECTRON_START_MS });
      await page.waitForLoadState();
      if (size)
        await app.evaluate(({ BrowserWindow }, { width, height }) => BrowserWindow.getAllWindows()[0].setContentSize(width, height), size);
      return {
        mount: 'electron',
        page,
        profile,
        electron: app,
        close: () => app.close(),
        async kill() {
          const child = app.process();
          const ended = new Promise((resolve) => child.once('exit', resolve));
          child.kill('SIGKILL');
          await ended;
        },
      };
    } catch (error) {
      // A launch hangs now and then (2 of 60 with Electron 33): once more, then it is a failure.
      if (attempt === 1) throw error;
    }
  }
}

/** @param {LaunchOptions} options @returns {Promise<Driven>} */
async function launchWeb({ profile, args = [], size = { width: 1440, height: 900 } }) {
  const server = spawn(process.execPath, [join(ROOT, 'out/main/local-server.js'), `--profile=${profile}`, '--no-browser', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const serverEnded = new Promise((resolve) => server.once('exit', resolve));
  const url = await new Promise((/** @type {(url: string) => void} */ resolve, reject) => {
    let errors = '';
    server.stderr.on('data', (data) => {
      errors += data;
    });
    createInterface({ input: server.stdout }).on('line', (line) => {
      const found = /^Trailcase: (http:\S+)$/.exec(line)?.[1];
      if (found) resolve(found);
    });
    server.once('exit', (code) => reject(new Error(`The local server ended with ${code}: ${errors.trim()}`)));
  });
  const browserProfile = join(profile, 'browser');
  const context = await chromium.launchPersistentContext(browserProfile, {
    executablePath: ensureBrowser(),
    headless: true,
    viewport: size,
    args: ['--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
  });
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(url);
  return {
    mount: 'web',
    page,
    profile,
    electron: null,
    async close() {
      await context.close();
      server.kill('SIGTERM');
      await serverEnded;
    },
    async kill() {
      server.kill('SIGKILL');
      // Chromium keeps its process id in the name its lock points to: host-pid.
      const pid = Number(/-(\d+)$/.exec(readlinkSync(join(browserProfile, 'SingletonLock')))?.[1]);
      if (pid) process.kill(pid, 'SIGKILL');
      await Promise.all([serverEnded, context.close().catch(() => undefined)]);
    },
  };
}

/** Resolves when no query, import or opening has been pending for some polls on end. @param {Page} page @param {number} [timeout] ms */
export async function waitIdle(page, timeout = 60_000) {
  await page.evaluate(() => {
    /** @type {any} */ (window).__idlePolls = 0;
  });
  await page.waitForFunction(
    () => {
      const w = /** @type {any} */ (window);
      w.__idlePolls = w.__app?.idle() ? w.__idlePolls + 1 : 0;
      return w.__idlePolls >= 4;
    },
    null,
    { polling: 30, timeout },
  );
}

/** Drops files and folders on the window as a file manager does: in Electron with paths, in a browser without. @param {Page} page @param {string[]} paths */
export async function drop(page, paths) {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of /** @type {const} */ (['dragEnter', 'dragOver', 'drop']))
    await session.send('Input.dispatchDragEvent', { type, x: 400, y: 400, data });
  await session.detach();
}

/** Does what ends in a saved file and gives its bytes. @param {Driven} app @param {string} folder for the file @param {() => Promise<void>} action */
export async function saved(app, folder, action) {
  if (app.electron) {
    const file = join(folder, `saved-${Date.now()}`);
    await app.electron.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath });
    }, file);
    await action();
    await waitIdle(app.page);
    return readFile(file);
  }
  const download = app.page.waitForEvent('download', { timeout: 60_000 });
  await action();
  return readFile(await (await download).path());
}

/** Answers the next native open dialog. @param {Driven} app @param {string[]} filePaths */
export async function answerOpenDialog(app, filePaths) {
  await app.electron?.evaluate(({ dialog }, paths) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: paths });
  }, filePaths);
}
