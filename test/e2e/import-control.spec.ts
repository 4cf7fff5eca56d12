/** Archives of every kind dropped together, and an import that is paused, resumed, cancelled and closed in between. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tar } from '../hostile/tar-bytes.ts';
import { type App, expect, test } from './fixtures.ts';

/** The files of a folder as a tar. */
async function tarOf(folder: string): Promise<Buffer> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return tar(
    ...(await Promise.all(files.sort().map(async (path) => ({ name: relative(folder, path).slice(-90), data: await readFile(path) })))),
  );
}
const paused = (app: App): Promise<boolean> => app.ask(async ({ app: store }) => Boolean(store.getState().importing?.progress.paused));
const importing = (app: App): Promise<boolean> => app.ask(async ({ app: store }) => store.getState().importing !== null);

test('a tar, a tar.gz and a folder dropped together: every member has a row with its hash', async ({ app, evidence, folder }) => {
  const one = await evidence({ events: 2_000, perFile: 100, seed: 1 });
  const two = await evidence({ events: 1_000, perFile: 100, seed: 2 });
  const three = await evidence({ events: 500, perFile: 100, seed: 3 });
  const [plain, packed] = [join(folder, 'plain.tar'), join(folder, 'packed.tgz')];
  await writeFile(plain, await tarOf(one));
  await writeFile(packed, gzipSync(await tarOf(two)));
  await app.drop(plain, packed, three);
  await expect.poll(() => app.events(), { timeout: 60_000 }).toBe(3_500);
  await app.waitIdle();
  const rows = await app.ask(async ({ engine }) =>
    (await engine.store.ledger()).map(({ path, container, status, sha256 }) => ({ path, container, status, sha256 })),
  );
  expect(rows).toHaveLength(35);
  expect(rows.every((r) => r.status === 'imported' && r.sha256 !== null)).toBe(true);
  expect(rows.filter((r) => r.container === 'tar+gzip' && r.path.includes('plain.tar!'))).toHaveLength(20);
  expect(rows.filter((r) => r.container === 'tar+gzip' && r.path.includes('packed.tgz!'))).toHaveLength(10);
  expect(rows.filter((r) => r.container === 'gzip')).toHaveLength(5);
});

test('a pause stops reading and says so; what is in can be used; by button and by key it goes on to the end', async ({ app, evidence }) => {
  const folder = await evidence({ events: 150_000, perFile: 500 });
  await app.drop(folder);
  const panel = app.workbench.importPanel;
  await expect.poll(() => app.events(), { timeout: 30_000, intervals: [20] }).toBeGreaterThan(0);
  await panel.getByRole('button', { name: 'Pause' }).click();
  await expect(panel).toContainText('Paused: nothing is read until you resume');
  await expect(panel.getByRole('button', { name: 'Resume' })).toBeVisible();
  // What was on its way arrives; then nothing more.
  let before = -1;
  await expect
    .poll(
      async () => {
        const now = await app.events();
        const still = now === before;
        before = now;
        return still;
      },
      { timeout: 20_000, intervals: [700] },
    )
    .toBe(true);
  expect(before).toBeLessThan(150_000);
  await app.workbench.go('Events');
  await expect(app.page.getByRole('grid', { name: 'Events' })).toBeVisible();
  expect(await app.events()).toBe(before);
  // More may be dropped meanwhile: it waits, and says so.
  const more = await evidence({ events: 500, perFile: 100, seed: 9 });
  await app.drop(more);
  await expect(panel).toContainText('1 dropped item will be imported after this.');
  await app.page.getByRole('grid', { name: 'Events' }).focus();
  await app.page.keyboard.press('p');
  await expect.poll(() => paused(app)).toBe(false);
  await expect.poll(() => app.events(), { timeout: 90_000 }).toBe(150_500);
  await app.waitIdle();
  await expect(panel).toBeHidden();
});

test('cancelled while paused, it keeps what is wholly in, and importing again completes it', async ({ app, evidence }) => {
  const folder = await evidence({ events: 150_000, perFile: 500 });
  await app.drop(folder);
  const panel = app.workbench.importPanel;
  await panel.getByRole('button', { name: 'Pause' }).click();
  await expect.poll(() => paused(app)).toBe(true);
  await panel.getByRole('button', { name: 'Cancel import' }).click();
  await expect.poll(() => importing(app), { timeout: 30_000 }).toBe(false);
  await app.waitIdle();
  const kept = await app.events();
  expect(kept).toBeLessThan(150_000);
  expect(kept % 500).toBe(0);
  await app.drop(folder);
  await expect.poll(() => app.events(), { timeout: 90_000 }).toBe(150_000);
});

test('closed while paused, the case holds whole files and can be continued', async ({ start, evidence }) => {
  const folder = await evidence({ events: 150_000, perFile: 500 });
  const app = await start();
  await app.drop(folder);
  await expect.poll(() => app.events(), { timeout: 30_000, intervals: [20] }).toBeGreaterThan(0);
  await app.workbench.importPanel.getByRole('button', { name: 'Pause' }).click();
  await expect.poll(() => paused(app)).toBe(true);
  await app.driven.close();

  const again = await start();
  const kept = await again.events();
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(150_000);
  expect(kept % 500).toBe(0);
  await again.drop(folder);
  await expect.poll(() => again.events(), { timeout: 90_000 }).toBe(150_000);
});
