/** Who got in, across which accounts, and what is worth a look: Access, then one of its parts. */
import { violations } from './axe.ts';
import { type App, expect, test } from './fixtures.ts';

async function openPart(app: App, part: 'Sign-ins' | 'Across accounts' | 'Worth a look'): Promise<void> {
  await app.workbench.go('Access');
  await app.page.getByRole('radiogroup', { name: 'What to see of access' }).getByText(part).click();
  await app.waitIdle();
}

test.beforeEach(async ({ app }) => {
  await app.workbench.openSample();
  await app.waitIdle();
});

test('which sign-ins failed? Access, Failed: root’s, with its events; g s leads there', async ({ app }) => {
  await app.page.keyboard.press('g');
  await app.page.keyboard.press('s');
  await app.waitIdle();
  const points = app.page.getByRole('region', { name: 'What stands out among the sign-ins' });
  await expect(points).toContainText('111122223333/root');
  await expect(points).toContainText('3 times in a row');
  const rows = app.page.getByRole('table', { name: 'Sign-ins' }).getByRole('row');
  await app.page
    .getByRole('radiogroup', { name: 'Which sign-ins' })
    .getByText(/^Failed/)
    .click();
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText('203.0.113.66');
  await points.getByRole('button', { name: 'Show the events' }).first().click();
  await app.waitIdle();
  await expect(app.page.getByRole('grid', { name: 'Events' })).toHaveAttribute('aria-rowcount', '4');
});

test('who assumed into which account? Access, Across accounts: each call once, with both records', async ({ app }) => {
  await openPart(app, 'Across accounts');
  const table = app.page.getByRole('table', { name: 'Calls across accounts' });
  const row = table.getByRole('row').filter({ hasText: 'ci-deploy' });
  await expect(row).toContainText('both sides 2');
  await row.getByRole('button', { name: 'called one’s record' }).click();
  await app.waitIdle();
  await expect(app.workbench.details).toContainText('AssumeRole');
  await app.page.keyboard.press('Escape');
  await app.page.getByRole('button', { name: 'Note from this page' }).click();
  await app.waitIdle();
  await expect(app.page.getByRole('main')).toContainText('Across accounts');
});

test('what is worth a look over everybody? Access, Worth a look; the tab is kept on the way back', async ({ app }) => {
  await openPart(app, 'Worth a look');
  const instance = app.page.getByRole('region', { name: 'Instance credentials used elsewhere' });
  await expect(instance).toContainText('203.0.113.171');
  await expect(app.page.getByRole('region', { name: 'Quarantine by AWS' })).toContainText('No AWSCompromisedKeyQuarantine');
  await instance.getByRole('button', { name: 'Open the page of i-0c1f6e982c78e05a7' }).first().click();
  await app.waitIdle();
  await app.page.keyboard.press('Alt+ArrowLeft');
  await app.waitIdle();
  await expect(instance).toBeVisible();
});

test('each part of Access is without serious violations of axe’s rules', async ({ app }) => {
  test.setTimeout(120_000);
  for (const theme of ['light', 'dark']) {
    while (!(await app.page.getByRole('button', { name: `Change the theme, now ${theme}` }).isVisible()))
      await app.page.getByRole('button', { name: /^Change the theme/ }).click();
    for (const part of ['Sign-ins', 'Across accounts', 'Worth a look'] as const) {
      await openPart(app, part);
      expect.soft(await violations(app), `${part}, ${theme}`).toEqual([]);
    }
  }
});
