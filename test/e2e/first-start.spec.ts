/** Somebody starts the app for the first time. */
import { expect, test } from './fixtures.ts';
import { Overview } from './pages/overview.ts';
import { asShown, hasFailed, sample } from './sample.ts';

test('the sample trail is one click away, and the app reopens where it was', async ({ start }) => {
  const app = await start();
  await expect(app.workbench.welcome).toBeVisible();
  await app.workbench.openSample();
  await app.waitIdle();
  const overview = new Overview(app.page);
  await expect(overview.number('Events')).toHaveText(asShown(sample.events.length));
  await expect(overview.number('Failed')).toHaveText(asShown(sample.events.filter(hasFailed).length));
  await expect(overview.chart).toBeVisible();
  await expect(app.workbench.status).toContainText(asShownWithin(sample.files));

  await overview.value('Region', 'us-east-1').click();
  await app.waitIdle();
  await app.workbench.go('Events');
  await app.waitIdle();
  await app.driven.close();

  const again = await start();
  await expect(again.page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Events', exact: true })).toHaveAttribute(
    'aria-current',
    'page',
  );
  await expect(again.workbench.chip('us-east-1')).toBeVisible();
  expect(await again.events()).toBe(sample.events.length);
});

const asShownWithin = (n: number): RegExp => new RegExp(asShown(n).source.slice(1, -1));

test('a folder and a zip on the command line are imported at the start', async ({ start, evidence }) => {
  const folder = await evidence({ events: 600, perFile: 60 });
  const app = await start({ args: [folder] });
  await expect.poll(() => app.events()).toBe(600);
});
