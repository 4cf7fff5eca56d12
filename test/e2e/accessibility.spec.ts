/** Every view and every page in both themes: no serious violations of axe's rules, and one heading that says where one is. */
import type { Route } from '../../src/renderer/state/app.ts';
import type { ValueColumnId } from '../../src/shared/columns.ts';
import { credentialOfKey } from '../../src/shared/lineage.ts';
import { violations } from './axe.ts';
import { type App, expect, test } from './fixtures.ts';
import type { ViewName } from './pages/workbench.ts';

const VIEWS: readonly ViewName[] = [
  'Overview',
  'Events',
  'Principals',
  'Credentials',
  'Access',
  'Addresses',
  'Agents',
  'Resources',
  'Evidence',
  'Notebook',
];

const subject = (column: ValueColumnId, value: string): Route => ({ view: 'subject', column, value });
/** Pages of the sample's own story: the stolen key, whom it belongs to, and what was used and taken. */
const PAGES: readonly { name: string; route: Route; tabs?: readonly string[] }[] = [
  {
    name: 'principal',
    route: subject('principal', '444455556666/user/jenkins-legacy'),
    tabs: ['Activity', 'Against its own history', 'What it left behind', 'Sessions'],
  },
  { name: 'credential', route: { view: 'credential', id: credentialOfKey('AKIAUBLUFC2GYEXAMPLE') } },
  { name: 'unknown credential', route: { view: 'credential', id: credentialOfKey('AKIANOWHERE0EXAMPLE0') } },
  { name: 'access key', route: subject('accessKeyId', 'AKIAUBLUFC2GYEXAMPLE') },
  {
    name: 'address',
    route: subject('sourceIPAddress', '203.0.113.66'),
    tabs: ['Activity', 'Against its own history', 'What was changed from it', 'Sessions'],
  },
  { name: 'agent', route: subject('agentTool', 'Boto3') },
  {
    name: 'resource',
    route: subject('resource', 'larkfield-prod-customer-exports'),
    tabs: ['Activity', 'Against its own history', 'What was changed on it', 'Sessions'],
  },
  { name: 'access', route: { view: 'access' }, tabs: ['Sign-ins', 'Across accounts', 'Worth a look'] },
  { name: 'unknown resource', route: subject('resource', 'in-no-event') },
  {
    name: 'evidence',
    route: { view: 'evidence' },
    tabs: ['Files', 'Integrity', 'Contradictions', 'Coverage', 'Aggregated windows', 'Custody', 'Imports and storage'],
  },
];

async function inTheme(app: App, theme: 'light' | 'dark'): Promise<void> {
  while (!(await app.page.getByRole('button', { name: `Change the theme, now ${theme}` }).isVisible()))
    await app.page.getByRole('button', { name: /^Change the theme/ }).click();
}

async function check(app: App, what: string): Promise<void> {
  await app.waitIdle();
  await expect.soft(app.page.getByRole('heading', { level: 1 }), `${what}: headings of the first level`).toHaveCount(1);
  expect.soft(await violations(app), what).toEqual([]);
}

for (const theme of ['light', 'dark'] as const) {
  test(`views have a heading and no serious violations in the ${theme} theme`, async ({ app }) => {
    test.setTimeout(180_000);
    await inTheme(app, theme);
    await check(app, 'first start');
    await app.workbench.openSample();
    await app.waitIdle();
    for (const view of VIEWS) {
      await app.workbench.go(view);
      await app.waitIdle();
      if (view === 'Events') {
        await check(app, 'Events without details');
        await app.page.getByRole('grid', { name: 'Events' }).focus();
        await app.page.keyboard.press('Enter');
      }
      await check(app, view);
    }
  });

  test(`pages have a heading and no serious violations in the ${theme} theme`, async ({ app }) => {
    test.setTimeout(360_000);
    await inTheme(app, theme);
    await app.workbench.openSample();
    await app.waitIdle();
    for (const { name, route, tabs = [] } of PAGES) {
      await app.page.evaluate((to) => window.__app?.app.getState().navigate(to), route);
      if (tabs.length === 0) await check(app, name);
      for (const tab of tabs) {
        await app.waitIdle();
        await app.page.getByRole('main').getByRole('radiogroup').first().getByText(tab).click();
        await check(app, `${name}: ${tab}`);
      }
    }
  });
}
