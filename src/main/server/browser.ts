/** Finds an installed Chromium, Chrome or Edge, and starts it: as the app's window, hidden, or to print. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';

const NAMES: Record<string, string[]> = {
  linux: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge-stable', 'microsoft-edge'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe', 'Chromium\\Application\\chrome.exe'],
};

/** Path of the browser to use, or null. TRAILCASE_BROWSER names one and is then the only one tried. */
export function findBrowser(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): string | null {
  const named = env.TRAILCASE_BROWSER;
  if (named) return runs(named) ? named : null;
  const names = NAMES[platform] ?? NAMES.linux;
  const folders =
    platform === 'darwin'
      ? ['']
      : platform === 'win32'
        ? [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA]
        : (env.PATH ?? '').split(delimiter);
  for (const name of names) {
    for (const folder of folders) {
      if (folder === undefined || (folder === '' && platform !== 'darwin')) continue;
      const path = folder === '' ? name : join(folder, name);
      if (runs(path)) return path;
    }
  }
  return null;
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** No name is ever looked up: the app works with the cable out, and hostile evidence must not call home through it. */
function commonFlags(profile: string): string[] {
  const flags = [
    `--user-data-dir=${profile}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-extensions',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-domain-reliability',
    '--disable-features=Translate,OptimizationHints,MediaRouter,AutofillServerCommunication',
    '--dns-prefetch-disable',
    '--no-pings',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  ];
  // Chromium refuses to start its sandbox as root.
  if (process.getuid?.() === 0) flags.push('--no-sandbox');
  return flags;
}

export interface OpenOptions {
  url: string;
  profile: string;
  headless: boolean;
}

export function openBrowser(browser: string, { url, profile, headless }: OpenOptions): ChildProcess {
  const flags = [...commonFlags(profile), ...(headless ? ['--headless=new', '--disable-gpu', url] : [`--app=${url}`])];
  return spawn(browser, flags, { stdio: 'ignore', detached: process.platform !== 'win32' });
}

/** Ends a browser that `openBrowser` started, with its helpers. */
export function endBrowser(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

const PRINT_LIMIT_MS = 120_000;

/** Prints the page at `url` with a profile of its own. Throws AppError when the browser does not manage it. */
export async function printPage(browser: string, url: string): Promise<Uint8Array<ArrayBuffer>> {
  const dir = await mkdtemp(join(tmpdir(), 'trailcase-print-'));
  try {
    const file = join(dir, 'report.pdf');
    const flags = [
      ...commonFlags(join(dir, 'profile')),
      '--headless=new',
      '--disable-gpu',
      '--no-pdf-header-footer',
      `--print-to-pdf=${file}`,
      url,
    ];
    await new Promise<void>((resolve) => {
      // What it says is not needed: the file is there, or it is not.
      execFile(browser, flags, { timeout: PRINT_LIMIT_MS, killSignal: 'SIGKILL' }, () => resolve());
    });
    return new Uint8Array(await readFile(file));
  } catch {
    throw new AppError('not-supported', 'The browser could not print the report. Export it as HTML and print it from there.');
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
  }
}
