/** Renders assets/icon.svg to the sizes that systems want. Run it after a change of the drawing; the results are kept with the source. */
import { mkdirSync, readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { ensureBrowser } from './test-setup.mjs';

const svg = readFileSync('assets/icon.svg', 'utf8');
const browser = await chromium.launch({ executablePath: ensureBrowser() });
mkdirSync('assets/icons', { recursive: true });
/** @param {number} size @param {string} path */
async function render(size, path) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  await page.screenshot({ path, omitBackground: true });
  await page.close();
}
for (const size of [16, 32, 48, 64, 128, 256, 512]) await render(size, `assets/icons/${size}x${size}.png`);
await render(1024, 'assets/icon.png');
await browser.close();
