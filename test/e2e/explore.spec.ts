/** Brushing, facets, chips, switches, find: one selection for all views. */
import type { App } from './fixtures.ts';
import { expect, test } from './fixtures.ts';
import { Overview } from './pages/overview.ts';
import { asShown, sample } from './sample.ts';

test.beforeEach(async ({ app }) => {
  await app.workbench.openSample();
  await app.waitIdle();
});

const shown = async (app: App): Promise<number> => {
  await app.waitIdle();
  return app.ask(
    async ({ engine, selection }) =>
      (await engine.query.run({ view: 'e2e', selection: selection.getState().selection, asks: [{ ask: 'count' }] })).answers[0].events,
  );
};

test('brushing zooms the selection; back, forward and reset undo and redo it', async ({ app }) => {
  const overview = new Overview(app.page);
  await overview.brush(0.35, 0.55);
  const zoomed = await shown(app);
  expect(zoomed).toBeGreaterThan(0);
  expect(zoomed).toBeLessThan(sample.events.length);
  await expect(overview.number('Events')).toHaveText(asShown(zoomed));
  await app.page.getByRole('button', { name: 'Selection before this one' }).click();
  expect(await shown(app)).toBe(sample.events.length);
  await app.page.getByRole('button', { name: 'Selection after this one' }).click();
  expect(await shown(app)).toBe(zoomed);
  await app.workbench.reset();
  expect(await shown(app)).toBe(sample.events.length);
});

test('the timeline is usable by keyboard alone', async ({ app }) => {
  const overview = new Overview(app.page);
  await overview.chart.focus();
  await app.page.keyboard.press('+');
  const zoomed = await shown(app);
  expect(zoomed).toBeLessThan(sample.events.length);
  await app.page.keyboard.press('Home');
  expect(await shown(app)).toBe(sample.events.length);
});

test('a typed range selects exactly its events', async ({ app }) => {
  const input = app.page.getByRole('textbox', { name: /^Time range/ });
  await input.fill('2026-03-05 02:00 to 2026-03-05 05:00');
  await input.press('Enter');
  const expected = sample.events.filter((e) => e.eventTime >= '2026-03-05T02:00' && e.eventTime < '2026-03-05T05:00').length;
  expect(await shown(app)).toBe(expected);
});

test('facet values include and exclude; counts follow; chips take them away again', async ({ app }) => {
  const overview = new Overview(app.page);
  const inRegion = sample.events.filter((e) => e.awsRegion === 'us-east-1');
  await overview.value('Region', 'us-east-1').click();
  expect(await shown(app)).toBe(inRegion.length);
  await overview.value('Event name', 'ConsoleLogin').click({ modifiers: ['Alt'] });
  expect(await shown(app)).toBe(inRegion.filter((e) => e.eventName !== 'ConsoleLogin').length);
  await expect(app.workbench.chip('ConsoleLogin')).toContainText('not');
  await app.workbench.chip('us-east-1').getByRole('button').click();
  expect(await shown(app)).toBe(sample.events.filter((e) => e.eventName !== 'ConsoleLogin').length);
});

test('finding inside a facet', async ({ app }) => {
  const overview = new Overview(app.page);
  await overview.findIn('Event name', 'SSHPublic');
  await app.waitIdle();
  await expect(overview.value('Event name', 'SendSSHPublicKey')).toBeVisible();
  await overview.value('Event name', 'SendSSHPublicKey').click();
  expect(await shown(app)).toBe(2);
});

test('two switches hide read-only events and calls of AWS services, off by default', async ({ app }) => {
  const readOnly = app.page.getByRole('switch', { name: 'Hide read-only' });
  await expect(readOnly).not.toBeChecked();
  await readOnly.check({ force: true });
  expect(await shown(app)).toBe(sample.events.filter((e) => e.readOnly !== true).length);
  await readOnly.uncheck({ force: true });
  const services = app.page.getByRole('switch', { name: 'Hide AWS service calls' });
  await services.check({ force: true });
  const without = await shown(app);
  expect(without).toBeLessThan(sample.events.length);
  expect(without).toBeGreaterThan(sample.events.length / 2);
});

test('the find box jumps to an event, and filters by a part of a value', async ({ app }) => {
  const stop = sample.events.find((e) => e.eventName === 'StopLogging');
  await app.workbench.findFor(stop?.eventID ?? '');
  await app.waitIdle();
  await expect(app.page.getByRole('complementary', { name: 'Event details' })).toContainText('StopLogging');
  await app.page.keyboard.press('Escape');
  await app.workbench.findFor('customer-exports');
  const found = await shown(app);
  expect(found).toBeGreaterThanOrEqual(420);
  expect(found).toBeLessThan(sample.events.length);
});

test('the timeline is stacked by a chosen column, and is there as a table', async ({ app }) => {
  const overview = new Overview(app.page);
  await overview.timeline.getByRole('combobox', { name: 'Stack the timeline by' }).selectOption({ label: 'by account' });
  await app.waitIdle();
  await expect(overview.timeline.getByRole('list', { name: 'Legend: Account' })).toContainText('111122223333');
  await overview.timeline.getByRole('button', { name: 'Show the timeline as a table' }).click();
  await expect(overview.timeline.getByRole('table', { name: 'Timeline as a table' })).toBeVisible();
});
