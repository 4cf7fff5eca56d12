/** Every view in both themes, without serious violations of axe's rules, at two widths of window. */
import { violations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import type { ViewName } from './pages/workbench.ts';

const VIEWS: readonly ViewName[] = [
  'Overview',
  'Events',
  'Principals',
  'Credentials',
  'Addresses',
  'Agents',
  'Resources',
  'Evidence',
  'Notebook',
];

for (const theme of ['light', 'dark'] as const) {
  test(`no serious violations in the ${theme} theme`, async ({ app }) => {
    test.setTimeout(180_000);
    while (!(await app.page.getByRole('button', { name: `Change the theme, now ${theme}` }).isVisible()))
      await app.page.getByRole('button', { name: /^Change the theme/ }).click();
    expect.soft(await violations(app), 'first start').toEqual([]);
    await app.workbench.openSample();
    await app.waitIdle();
    for (const view of VIEWS) {
      await app.workbench.go(view);
      await app.waitIdle();
      if (view === 'Events') {
        await app.page.getByRole('grid', { name: 'Events' }).focus();
        await app.page.keyboard.press('Enter');
        await app.waitIdle();
      }
      expect.soft(await violations(app), view).toEqual([]);
    }
  });
}
