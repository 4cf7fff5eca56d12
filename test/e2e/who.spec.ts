/** Who did it: the person behind a key, what came of it, how it differs from before, what is left to revert. The sample's own story. */
import { type App, expect, test } from './fixtures.ts';

async function openStolenKey(app: App): Promise<void> {
  await app.workbench.go('Credentials');
  await app.waitIdle();
  await app.page.getByRole('textbox', { name: 'Find credentials' }).fill('jenkins-legacy');
  await app.page
    .getByRole('group', { name: 'Kinds' })
    .getByText(/^Long-term key/)
    .click();
  await app.waitIdle();
  await app.page.getByRole('grid', { name: 'Credentials' }).focus();
  await app.page.keyboard.press('Enter');
  await app.waitIdle();
}

async function openPrincipal(app: App, name: string): Promise<void> {
  await app.workbench.go('Principals');
  await app.waitIdle();
  await app.page.getByRole('textbox', { name: /^Find principals/ }).fill(name);
  await app.waitIdle();
  await app.page.getByRole('grid', { name: 'principals' }).focus();
  await app.page.keyboard.press('Enter');
  await app.waitIdle();
}

test.beforeEach(async ({ app }) => {
  await app.workbench.openSample();
  await app.waitIdle();
});

test('where did this session come from? credentials, then its page: back to the stolen key, each step with its event', async ({ app }) => {
  await app.workbench.go('Credentials');
  await app.waitIdle();
  await app.page.getByRole('textbox', { name: 'Find credentials' }).fill('assumed-role/ops-admin');
  await app.waitIdle();
  const grid = app.page.getByRole('grid', { name: 'Credentials' });
  await expect(grid.getByRole('row').nth(1)).toContainText('jenkins-legacy');
  await grid.focus();
  await app.page.keyboard.press('Enter');
  await app.waitIdle();
  const chain = app.page.getByRole('region', { name: 'Who is behind it' });
  for (const words of ['deployer', 'ci-deploy', 'jenkins-legacy', '= exact']) await expect(chain).toContainText(words);
  await expect(chain).toContainText('3 steps back');
  await chain
    .getByRole('button', { name: /^(its event|event 1)/ })
    .first()
    .click();
  await app.waitIdle();
  await expect(app.workbench.details).toContainText('AssumeRole');
});

test('what came of the stolen key? its tree, by keyboard, and only its events', async ({ app }) => {
  await openStolenKey(app);
  const tree = app.page.getByRole('tree', { name: /^Credentials/ });
  const lines = tree.getByRole('treeitem');
  const before = await lines.count();
  expect(before).toBeGreaterThan(6);
  await tree.focus();
  await app.page.keyboard.press('Home');
  await app.page.keyboard.press('ArrowLeft');
  await expect(lines).toHaveCount(1);
  await app.page.keyboard.press('ArrowRight');
  await expect(lines).toHaveCount(before);
  await app.page.getByRole('region', { name: 'Credential tree' }).getByRole('button', { name: 'Filter to this subtree' }).first().click();
  await app.waitIdle();
  await expect(app.workbench.chip('jenkins-legacy').or(app.workbench.chip(/AKIA/))).toBeVisible();
  const grid = app.page.getByRole('grid', { name: 'Events' });
  await expect(grid).toBeVisible();
  const rows = Number(await grid.getAttribute('aria-rowcount'));
  expect(rows).toBeGreaterThan(600);
  expect(rows).toBeLessThan(1500);
});

test('how is the key ended? the page says which keys and which sessions, and gives the policy', async ({ app }) => {
  await openStolenKey(app);
  const card = app.page.getByRole('region', { name: 'To end it' });
  await expect(card.getByRole('table', { name: 'Long-term keys' })).toContainText('UpdateAccessKey');
  await expect(card.getByRole('table', { name: 'Sessions to revoke' })).toContainText('ops-admin');
  await app.page.getByRole('button', { name: 'Note from this page' }).click();
  await app.waitIdle();
  await expect(app.page.getByRole('main')).toContainText('aws:TokenIssueTime');
});

test('what was new? the window against the principal’s own history, and what it left behind', async ({ app }) => {
  await openPrincipal(app, 'jenkins-legacy');
  const page = app.page.getByRole('main');
  await page.getByText('Against its own history').click();
  await app.waitIdle();
  await page.getByRole('button', { name: '7 d', exact: true }).click();
  await app.waitIdle();
  await page.getByText('Sessions', { exact: true }).click();
  await app.waitIdle();
  await expect(page.getByRole('region', { name: 'Sessions' })).toContainText('203.0.113.66');
});

test('what is left to revert? the key that was made, deleted later; the database snapshot that nobody took back', async ({ app }) => {
  await openPrincipal(app, 'ops-admin');
  const page = app.page.getByRole('main');
  await page.getByText('What it left behind').click();
  await app.waitIdle();
  const rows = page.getByRole('region', { name: 'What it left behind' }).getByRole('row');
  await expect(rows.filter({ hasText: 'CreateAccessKey' }).first()).toContainText('Undone');
  await expect(rows.filter({ hasText: 'ModifyDBSnapshotAttribute' }).first()).toContainText('Stands');
  await expect(rows.filter({ hasText: 'ModifySnapshotAttribute' }).first()).toContainText('Undone');
});

test('did root sign in? the page says that all three failed, and the key’s page who took it away', async ({ app }) => {
  await openPrincipal(app, '111122223333/root');
  const page = app.page.getByRole('main');
  await expect(page.getByLabel('Key numbers')).toContainText('⊘ 3 of these denied');
  const signIn = page.getByRole('region', { name: 'Actions' }).getByRole('row').filter({ hasText: 'ConsoleLogin' });
  await expect(signIn.getByRole('cell').nth(1)).toHaveText('0');
  await expect(signIn.getByRole('cell').nth(2)).toHaveText('⊘ 3');

  await app.workbench.go('Resources');
  await app.waitIdle();
  await app.page.getByRole('textbox', { name: /^Find resources/ }).fill('AKIA6HZHGNSGAEXAMPLE');
  await app.waitIdle();
  await app.page.getByRole('grid', { name: 'resources' }).focus();
  await app.page.keyboard.press('Enter');
  await app.waitIdle();
  await page.getByText('What was changed on it').click();
  await app.waitIdle();
  const taken = page.getByRole('region', { name: 'What was changed on it' }).getByRole('row').filter({ hasText: 'Undid another' });
  await expect(taken).toContainText('undid CreateAccessKey by 111122223333/role/ops-admin');
  await expect(taken).toContainText('nothing is left to undo');
});

test('lanes of chosen principals stand below the timeline: added, ordered and walked by keyboard, kept with the case', async ({ app }) => {
  const region = app.page.getByRole('region', { name: 'Lanes' });
  await app.page.getByLabel('A lane for each').selectOption('principal');
  await app.waitIdle();
  const lanes = region.getByRole('list').getByRole('listitem');
  await expect(lanes).toHaveCount(8);
  await expect(lanes.first()).toContainText('web-shop');
  await expect(region).toContainText(/one scale: full height = [\d,]+ events? in/);
  await region.getByLabel(/^and the 8 most active/).uncheck();
  const add = app.page.getByLabel(/^Add a lane: find a value of principal/);
  for (const name of ['deployer', 'ops-admin']) {
    await add.fill(name);
    await app.waitIdle();
    await app.page.keyboard.press('ArrowDown');
    await app.page.keyboard.press('Enter');
    await app.waitIdle();
  }
  await expect(lanes).toHaveCount(2);
  await expect(lanes.first()).toContainText('deployer');
  await region.getByRole('button', { name: /^Move the lane of .*ops-admin up$/ }).click();
  await app.waitIdle();
  await expect(lanes.first()).toContainText('ops-admin');
  // Elsewhere and back, and in another selection: what was chosen stays.
  await app.workbench.go('Events');
  await app.workbench.go('Overview');
  await app.waitIdle();
  await expect(lanes).toHaveCount(2);
  const strip = region.getByRole('slider', { name: /^Activity of .*ops-admin/ });
  await strip.focus();
  await app.page.keyboard.press('End');
  await app.page.keyboard.press('ArrowLeft');
  await expect(strip).toHaveAttribute('aria-valuetext', /^2026-\d\d-\d\d \d\d:\d\d:\d\d UTC: \d+ events?/);
  await app.page.keyboard.press('ArrowDown');
  await expect(region.getByRole('slider', { name: /^Activity of .*deployer/ })).toBeFocused();
  await app.page.keyboard.press('Enter');
  await app.waitIdle();
  await expect(app.page.getByRole('button', { name: 'All times: reset the time range' })).toBeEnabled();
  await region.getByRole('button', { name: /^Remove the lane of .*ops-admin$/ }).click();
  await app.waitIdle();
  await expect(lanes).toHaveCount(1);
  await app.page.reload();
  await app.waitIdle();
  await expect(app.page.getByRole('region', { name: 'Lanes' }).getByRole('list').getByRole('listitem')).toHaveCount(1);
});

test('which tools were used? agents by tool, and an address by its kind', async ({ app }) => {
  await app.workbench.go('Agents');
  await app.waitIdle();
  const tools = app.page.getByRole('grid', { name: 'tools' });
  await expect(tools).toContainText('aws-cli/2.x');
  await app.page.getByText('Whole agents').click();
  await app.waitIdle();
  await app.page.getByRole('grid', { name: 'user agents' }).focus();
  await app.page.keyboard.press('Enter');
  await app.waitIdle();
  await expect(app.page.getByRole('main')).toContainText('It says of itself');
  await app.workbench.go('Addresses');
  await app.waitIdle();
  await app.page.getByText('Kinds', { exact: true }).click();
  await app.waitIdle();
  await expect(app.page.getByRole('grid', { name: 'kinds' })).toContainText('VPC endpoint');
});
