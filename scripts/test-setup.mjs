/** A browser for tests and measurements: an installed Chrome or Chromium, else one is installed, else one sentence says what to do. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { onPath, ROOT, run, say } from './lib/setup.mjs';

/** @returns {string | null} TRAILCASE_BROWSER, an installed Chrome or Chromium, or the one that Playwright fetched earlier */
export function findBrowser() {
  const given = process.env.TRAILCASE_BROWSER;
  if (given && existsSync(given)) return given;
  for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']) {
    const found = onPath(name);
    if (found) return found;
  }
  const installed = [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    `${process.env.PROGRAMFILES}\\Google\\Chrome\\Application\\chrome.exe`,
    `${process.env['PROGRAMFILES(X86)']}\\Google\\Chrome\\Application\\chrome.exe`,
  ].find((file) => existsSync(file));
  if (installed) return installed;
  try {
    const fetched = createRequire(import.meta.url)('@playwright/test').chromium.executablePath();
    return existsSync(fetched) ? fetched : null;
  } catch {
    return null;
  }
}

/** @returns {string} its executable. Throws one sentence when there is none and none can be installed. */
export function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  say('No Chrome or Chromium is installed: playwright install chromium');
  run(process.execPath, [join(ROOT, 'node_modules/@playwright/test/cli.js'), 'install', 'chromium']);
  let browser = findBrowser();
  if (!browser && process.getuid?.() === 0 && onPath('apt-get')) {
    say('apt-get install chromium');
    run('apt-get', ['update', '-q']);
    run('apt-get', ['install', '-yq', '--no-install-recommends', 'chromium']);
    browser = findBrowser();
  }
  if (!browser) throw new Error('No browser for the end-to-end tests: install Chrome or Chromium, or let TRAILCASE_BROWSER name one.');
  return browser;
}
