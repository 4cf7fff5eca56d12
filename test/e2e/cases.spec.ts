/** Cases, and the window around them: create, rename, delete, theme, zone of times. */
import { expect, test } from './fixtures.ts';

test('a case is made, renamed, closed, opened and deleted', async ({ app }) => {
  await app.page.getByRole('button', { name: 'New empty case…' }).click();
  await app.page.getByRole('textbox', { name: 'Name' }).fill('INC-1042');
  await app.page.getByRole('button', { name: 'Create case' }).click();
  await app.waitIdle();
  await expect(app.page.getByRole('button', { name: 'Case INC-1042: menu' })).toBeVisible();
  await expect(app.page.getByText('This case holds no events yet')).toBeVisible();

  await app.workbench.caseMenu('Rename case…');
  await app.page.getByRole('textbox', { name: 'Name' }).fill('INC-1042 stolen key');
  await app.page.getByRole('button', { name: 'Rename', exact: true }).click();
  await expect(app.page.getByRole('button', { name: 'Case INC-1042 stolen key: menu' })).toBeVisible();

  await app.workbench.caseMenu('Close case');
  await app.waitIdle();
  await app.page.getByRole('button', { name: 'Open the case INC-1042 stolen key' }).click();
  await app.waitIdle();

  await app.workbench.caseMenu('Delete case…');
  const dialog = app.workbench.dialog('Delete the case');
  await expect(dialog.getByRole('button', { name: 'Delete case' })).toBeDisabled();
  await dialog.getByRole('textbox').fill('INC-1042 stolen key');
  await dialog.getByRole('button', { name: 'Delete case' }).click();
  await app.waitIdle();
  await expect(app.workbench.welcome).toBeVisible();
  expect(await app.ask(async ({ engine }) => engine.store.listCases())).toEqual([]);
});

test('cases do not see each other’s events', async ({ app, evidence }) => {
  await app.workbench.openSample();
  await app.waitIdle();
  const inSample = await app.events();
  await app.workbench.caseMenu('New case…');
  await app.page.getByRole('textbox', { name: 'Name' }).fill('Other');
  await app.page.getByRole('button', { name: 'Create case' }).click();
  await app.waitIdle();
  expect(await app.events()).toBe(0);
  await app.drop(await evidence({ events: 300, perFile: 50 }));
  await expect.poll(() => app.events()).toBe(300);
  await app.waitIdle();
  await app.workbench.caseMenu('All cases');
  await app.page.getByRole('button', { name: 'Open the case Sample trail' }).click();
  await app.waitIdle();
  expect(await app.events()).toBe(inSample);
});

test('light and dark, UTC and local: one switch each, kept over a restart', async ({ start }) => {
  const app = await start();
  await app.workbench.openSample();
  await app.waitIdle();
  const scheme = (a: typeof app) => a.page.locator('html').getAttribute('data-mantine-color-scheme');
  const seen = new Set<string | null>();
  for (let i = 0; i < 3; i++) {
    await app.page.getByRole('button', { name: /^Change the theme/ }).click();
    seen.add(await scheme(app));
  }
  expect([...seen].sort()).toEqual(['dark', 'light']);
  while (!(await app.page.getByRole('button', { name: 'Change the theme, now dark' }).isVisible()))
    await app.page.getByRole('button', { name: /^Change the theme/ }).click();
  await app.page.getByRole('button', { name: /^Times in UTC/ }).click();
  await expect(app.page.getByRole('button', { name: /^Times in local time/ })).toBeVisible();
  await app.waitIdle();
  await app.driven.close();
  const again = await start();
  await expect.poll(() => scheme(again)).toBe('dark');
  await expect(again.page.getByRole('button', { name: /^Times in local time/ })).toBeVisible();
});
