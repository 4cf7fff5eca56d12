/** The events table and the details of an event. */
import { expect, test } from './fixtures.ts';
import { Events } from './pages/events.ts';
import { sample } from './sample.ts';

test.beforeEach(async ({ app }) => {
  await app.workbench.openSample();
  await app.waitIdle();
  await app.workbench.go('Events');
  await app.waitIdle();
});

test('the whole selection scrolls, in both orders', async ({ app }) => {
  const events = new Events(app.page);
  await expect.poll(() => events.total()).toBe(sample.events.length);
  await events.grid.focus();
  await app.page.keyboard.press('End');
  await app.waitIdle();
  await expect(events.row(sample.events.length - 1)).toBeVisible();
  const times = sample.events.map((e) => e.eventTime).sort();
  const before = await events.row(sample.events.length - 1).textContent();
  await events.toolbar.getByRole('button', { name: /first$/ }).click();
  await app.waitIdle();
  await events.grid.focus();
  await app.page.keyboard.press('End');
  await app.waitIdle();
  await expect(events.row(sample.events.length - 1)).toBeVisible();
  const after = await events.row(sample.events.length - 1).textContent();
  const ends = [times[0], times.at(-1) ?? ''].map((t) => t.slice(11, 19));
  expect([before, after].map((text) => ends.findIndex((t) => text?.includes(t))).sort()).toEqual([0, 1]);
});

test('columns are chosen and kept', async ({ app }) => {
  const events = new Events(app.page);
  expect(await events.columns()).not.toContain('Access key');
  await events.toolbar.getByRole('button', { name: 'Columns' }).click();
  await app.page.getByRole('checkbox', { name: 'Access key' }).check();
  await app.page.keyboard.press('Escape');
  expect(await events.columns()).toContain('Access key');
  await app.workbench.go('Overview');
  await app.workbench.go('Events');
  await expect.poll(() => events.columns()).toContain('Access key');
});

test('by keyboard: move, star, open, close; the star is a facet', async ({ app }) => {
  const events = new Events(app.page);
  await events.grid.focus();
  await app.page.keyboard.press('ArrowDown');
  await app.page.keyboard.press('s');
  await app.waitIdle();
  await expect(events.grid.getByRole('gridcell', { name: /starred/ })).toHaveCount(1);
  await app.page.keyboard.press('Enter');
  await app.waitIdle();
  await expect(events.details).toBeVisible();
  await expect(events.details.getByRole('button', { name: 'Starred' })).toBeVisible();
  await app.page.keyboard.press('Escape');
  await expect(events.details).toBeHidden();
  await events.toolbar.getByRole('button', { name: /starred/i }).click();
  await app.waitIdle();
  await expect.poll(() => events.total()).toBe(1);
});

test('details say who, what, where and when, and show the record as a tree and as its exact text', async ({ app }) => {
  const connect = sample.events.find((e) => e.eventName === 'SendSSHPublicKey');
  await app.workbench.findFor(connect?.eventID ?? '');
  await app.waitIdle();
  const events = new Events(app.page);
  await expect(events.details).toContainText('SendSSHPublicKey');
  await expect(events.details).toContainText('203.0.113.66');
  await events.tab('Record').click();
  await expect(events.details.getByRole('tree')).toContainText('instanceOSUser');
  await events.tab('Original text').click();
  await expect(events.details).toContainText(connect?.eventID ?? '');
  await events.tab('Sources').click();
  await expect(events.details).toContainText('sample-trail.zip');
});

test('the selection is exported as CSV that no spreadsheet runs, and as the original records', async ({ app }) => {
  const events = new Events(app.page);
  await app.workbench.findFor('SendSSHPublicKey');
  await app.waitIdle();
  const save = (item: string | RegExp) =>
    app.saved(async () => {
      await events.toolbar.getByRole('button', { name: 'Export' }).click();
      await app.page.getByRole('menuitem', { name: item }).click();
    });
  await app.page.keyboard.press('Escape');
  const csv = (await save('CSV of all columns')).toString();
  expect(csv.split(/\r?\n/)[0]).toContain('eventName');
  expect(csv.match(/SendSSHPublicKey/g)?.length).toBeGreaterThan(0);
  const lines = (await save(/Original records/)).toString().trim().split('\n');
  for (const line of lines) expect(sample.events.some((e) => e.eventID === JSON.parse(line).eventID)).toBe(true);
});

test('facets beside the rows narrow them down; a file named in the details is opened in the ledger', async ({ app }) => {
  const events = new Events(app.page);
  const stolen = sample.events.filter((e) => e.sourceIPAddress === '203.0.113.66').length;
  const facet = app.page.getByRole('complementary', { name: 'Facets' }).getByRole('region', { name: 'Facet Source IP' });
  await facet.getByRole('button', { name: 'Find in Source IP' }).click();
  await app.page.keyboard.type('203.0.113.66');
  await app.waitIdle();
  await facet.getByRole('button', { name: /^203\.0\.113\.66,/ }).click();
  await app.waitIdle();
  await expect.poll(() => events.total()).toBe(stolen);
  await app.page.keyboard.press('r');
  await app.page.keyboard.press('Enter');
  await app.waitIdle();
  await app.page.keyboard.press('b');
  await expect(facet).toBeHidden();
  await events.tab('Sources').click();
  await events.details
    .getByRole('button', { name: /\.json\.gz$/ })
    .first()
    .click();
  await app.waitIdle();
  await expect(app.page.getByRole('button', { name: 'Events of this file' })).toBeVisible();
});
