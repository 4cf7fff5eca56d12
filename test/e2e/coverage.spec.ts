/** Coverage as a person meets it: two clicks to the map, a cell to its events, and an empty answer that says what it can mean. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { violations } from './axe.ts';
import { type App, expect, test } from './fixtures.ts';
import { sample } from './sample.ts';

async function openCoverage(app: App): Promise<void> {
  await app.workbench.openSample();
  await expect.poll(() => app.events()).toBe(sample.events.length);
  await app.waitIdle();
  await app.workbench.go('Evidence');
  await app.page.getByText('Coverage', { exact: true }).click();
  await app.waitIdle();
}

const HOUR = 3_600_000;

test('the map says a cell in a sentence, and a click shows exactly its events', async ({ app }) => {
  await openCoverage(app);
  const { page } = app;
  const statements = page.getByRole('list', { name: 'What the evidence covers' });
  await expect(statements).toContainText('Data events are there: S3');
  await expect(statements).toContainText('did not log from StopLogging at 2026-03-05 02:41:09 UTC until StartLogging');
  await expect(page.getByRole('region', { name: 'Foreign accounts' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Changes of logging' })).toContainText('StopLogging');

  const map = page.getByRole('application', { name: /^Coverage map/ });
  await page.getByText('Days', { exact: true }).click();
  await expect(map).toHaveAttribute('data-column-hours', '24');
  await page.getByText('Hours', { exact: true }).click();
  await expect(map).toHaveAttribute('data-column-hours', '1');
  await map.focus();
  // To the first row, then three hours on.
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
  const first = sample.events.map((e) => Date.parse(e.eventTime)).sort((a, b) => a - b)[0];
  const hour = Math.floor(first / HOUR) + 3;
  const [account, region] = sample.events.map((e) => [e.recipientAccountId, e.awsRegion]).sort((a, b) => (a.join() < b.join() ? -1 : 1))[0];
  const inCell = sample.events.filter(
    (e) => e.recipientAccountId === account && e.awsRegion === region && Math.floor(Date.parse(e.eventTime) / HOUR) === hour,
  ).length;
  const cell = page.getByRole('status').filter({ hasText: `${account} in ${region}` });
  await expect(cell).toContainText(inCell === 0 ? 'no event' : `${inCell} event`);
  await page.keyboard.press('Enter');
  await app.waitIdle();
  await expect(app.workbench.chip(account)).toBeVisible();
  await expect(app.workbench.chip(region)).toBeVisible();
  await expect(page.getByRole('toolbar', { name: 'Events' }).getByRole('status')).toHaveText(`${inCell} event${inCell === 1 ? '' : 's'}`);
});

for (const theme of ['light', 'dark'] as const) {
  test(`the map has no serious violations of accessibility in the ${theme} theme`, async ({ app }) => {
    while (!(await app.page.getByRole('button', { name: `Change the theme, now ${theme}` }).isVisible()))
      await app.page.getByRole('button', { name: /^Change the theme/ }).click();
    await openCoverage(app);
    expect(await violations(app)).toEqual([]);
  });
}

const VECTORS = '../shared/fixtures/digest-vectors-synthetic';

test('with digests: delivered, and listed but missing', async ({ app }) => {
  if (!existsSync(VECTORS)) console.log('skipped: the shared fixtures are not here');
  test.skip(!existsSync(VECTORS), 'the shared fixtures are not here');
  await app.drop(join(process.cwd(), VECTORS));
  await expect.poll(() => app.events()).toBeGreaterThan(0);
  await app.waitIdle();
  await app.workbench.go('Evidence');
  await app.page.getByText('Coverage', { exact: true }).click();
  await app.waitIdle();
  await app.page.getByText('Hours', { exact: true }).click();
  await app.page.getByRole('application', { name: /^Coverage map/ }).focus();
  // The second row: the account of the file names. Of the logs delivered from 11:00 one is missing, those from 12:00 are here.
  await app.page.keyboard.press('ArrowRight');
  await app.page.keyboard.press('ArrowDown');
  const cell = app.page.getByRole('status').filter({ hasText: '218007301253 in us-east-1' });
  const seen: string[] = [];
  for (let i = 0; i < 3; i++) {
    seen.push((await cell.textContent()) ?? '');
    await app.page.keyboard.press('ArrowRight');
  }
  expect(seen.filter((text) => /1 log file that a digest lists is missing/.test(text))).toHaveLength(1);
  expect(seen.some((text) => /In this hour \d+ log files were delivered/.test(text))).toBe(true);
});

test('a click with the mouse does the same', async ({ app }) => {
  await openCoverage(app);
  const map = app.page.getByRole('application', { name: /^Coverage map/ });
  const box = await map.boundingBox();
  if (!box) throw new Error('the map is not shown');
  await app.page.mouse.move(box.x + box.width - 260, box.y + 36 + 30);
  const text = (await app.page.locator('#tc-cov-cell').textContent()) ?? '';
  const events = Number(/: ([\d,]+) event/.exec(text)?.[1].replace(',', '') ?? 0);
  await app.page.mouse.click(box.x + box.width - 260, box.y + 36 + 30);
  await app.waitIdle();
  await expect(app.page.getByRole('toolbar', { name: 'Events' }).getByRole('status')).toHaveText(
    `${events} event${events === 1 ? '' : 's'}`,
  );
});

test('an empty answer says what the evidence covers of it', async ({ app }) => {
  await openCoverage(app);
  const { page } = app;
  await app.workbench.go('Events');
  await page.getByRole('textbox', { name: /time range/i }).fill('2026-03-07 10:00 → 2026-03-08 10:00');
  await page.getByRole('textbox', { name: /time range/i }).press('Enter');
  await app.waitIdle();
  const note = page.getByRole('note', { name: 'What the evidence covers' });
  await expect(note).toContainText('The evidence covers none of the 24 hours of this range. The last event is of 2026-03-06');
  await app.workbench.go('Principals');
  await app.waitIdle();
  await expect(note).toContainText('The evidence covers none of the 24 hours of this range');
  await app.workbench.go('Overview');
  await app.waitIdle();
  await note.getByRole('button', { name: 'See the coverage' }).click();
  await expect(page.getByRole('application', { name: /^Coverage map/ })).toBeVisible();
});
