/** `node scripts/screenshots.mjs [--out FOLDER] [--mount web|electron]`: pictures of the views with the sample trail, for the README and for looking at. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launch, waitIdle } from './drive.mjs';
import { ensureBuild } from './lib/setup.mjs';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'docs/images' },
    mount: { type: 'string', default: 'web' },
    width: { type: 'string', default: '1440' },
    height: { type: 'string', default: '900' },
    views: { type: 'string', default: 'Overview,Events' },
    themes: { type: 'string', default: 'light,dark' },
  },
});
ensureBuild();
const profile = mkdtempSync(join(tmpdir(), 'trailcase-pictures-'));
mkdirSync(values.out, { recursive: true });
const app = await launch({
  mount: values.mount === 'electron' ? 'electron' : 'web',
  profile,
  size: { width: Number(values.width), height: Number(values.height) },
});
const { page } = app;
try {
  await waitIdle(page);
  const theme = async (/** @type {string} */ wanted) => {
    while (!(await page.getByRole('button', { name: `Change the theme, now ${wanted}` }).isVisible()))
      await page.getByRole('button', { name: /^Change the theme/ }).click();
    await page.mouse.move(0, 0);
    await page.getByRole('tooltip').waitFor({ state: 'hidden' });
  };
  await theme('light');
  await page.getByRole('button', { name: 'Open the sample trail' }).click();
  await waitIdle(page);
  for (const button of await page.locator('.mantine-Notification-closeButton').all()) await button.click();
  for (const name of values.themes.split(',')) {
    await theme(name);
    for (const view of values.views.split(',')) {
      await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: view, exact: true }).click();
      await waitIdle(page);
      if (view === 'Events') {
        await page.getByRole('textbox', { name: /^Find in all columns/ }).fill('SendSSHPublicKey');
        await page.getByRole('textbox', { name: /^Find in all columns/ }).press('Enter');
        await waitIdle(page);
        await page.getByRole('grid', { name: 'Events' }).focus();
        await page.keyboard.press('Enter');
        await waitIdle(page);
      }
      if (view === 'Credentials') {
        await page.getByRole('textbox', { name: 'Find credentials' }).fill('assumed-role/ops-admin');
        await waitIdle(page);
        await page.getByRole('grid', { name: 'Credentials' }).focus();
        await page.keyboard.press('Enter');
        await waitIdle(page);
      }
      if (view === 'Evidence') {
        await page.getByRole('main').getByText('Coverage', { exact: true }).click();
        await waitIdle(page);
      }
      await page.screenshot({ path: join(values.out, `${view.toLowerCase()}-${name}.png`), animations: 'disabled' });
      if (view === 'Events') {
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'Reset the selection' }).first().click();
        await waitIdle(page);
      }
    }
  }
} finally {
  await app.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
