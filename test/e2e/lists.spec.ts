/** The manners that all lists share: what they group by, their keys, what they say when empty, and how one comes back to them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type App, expect, test } from './fixtures.ts';

test.beforeEach(async ({ app }) => {
  await app.workbench.openSample();
  await app.waitIdle();
});

async function list(app: App, view: Parameters<App['workbench']['go']>[0], grid: string) {
  await app.workbench.go(view);
  await app.waitIdle();
  return app.page.getByRole('grid', { name: grid, exact: true });
}

const activeRow = (app: App) => app.page.locator('.tc-gl-row.active');

test('who is behind it all? principals by origin, an origin’s page, and the timeline stacked by it', async ({ app }) => {
  await list(app, 'Principals', 'principals');
  await app.page.getByLabel('Grouped by').selectOption('origin');
  await app.waitIdle();
  const origins = app.page.getByRole('grid', { name: 'origins' });
  await expect(origins).toContainText('jenkins-legacy');
  await app.page.getByRole('textbox', { name: 'Find origins' }).fill('jenkins-legacy');
  await app.waitIdle();
  await origins.focus();
  await app.page.keyboard.press('Enter');
  await app.waitIdle();
  await expect(app.page.getByRole('main')).toContainText('The earliest actor that can be shown');
  const here = app.page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Principals', exact: true });
  await expect(here).toHaveAttribute('aria-current', 'page');
  await app.workbench.go('Overview');
  await app.waitIdle();
  const timeline = app.page.getByRole('region', { name: 'Timeline' });
  for (const [value, text] of [
    ['origin', 'jenkins-legacy'],
    ['depth', '1'],
    ['originProof', 'proven'],
    ['agentTool', 'Boto3'],
    ['addressKind', 'public'],
  ]) {
    await timeline.getByLabel('Stack the timeline by').selectOption(value);
    await app.waitIdle();
    await expect(timeline.getByRole('list', { name: /^Legend/ })).toContainText(text);
  }
});

test('any facet opens as a list, which goes on to other columns', async ({ app }) => {
  await app.page.getByRole('region', { name: 'Facet Region' }).getByRole('button', { name: 'Open Region as a list' }).click();
  await app.waitIdle();
  await expect(app.page.getByRole('grid', { name: 'Regions' })).toContainText('eu-central-1');
  await app.page.getByLabel('Grouped by').selectOption('errorCode');
  await app.waitIdle();
  await expect(app.page.getByRole('grid', { name: 'error codes' })).toContainText('AccessDenied');
  await app.page.getByLabel('Grouped by').selectOption('addressKind');
  await app.waitIdle();
  await expect(app.page.getByRole('grid', { name: 'kinds' })).toContainText('public');
  await app.page.keyboard.press('Escape');
  await app.page.keyboard.press('Alt+ArrowLeft');
  await app.waitIdle();
  await expect(app.page.getByRole('region', { name: 'Timeline' })).toBeVisible();
});

test('a list is as it was left: switch, search, order and row; tabs are no steps on the way back', async ({ app }) => {
  await list(app, 'Principals', 'principals');
  await app.page.getByLabel('Grouped by').selectOption('identity');
  await app.waitIdle();
  const grid = app.page.getByRole('grid', { name: 'identity ARNs' });
  await app.page.getByRole('textbox', { name: 'Find identity ARNs' }).fill('role');
  await app.waitIdle();
  await grid.getByRole('button', { name: /^Sort by Last/ }).click();
  await app.waitIdle();
  await grid.focus();
  for (let i = 0; i < 3; i++) await app.page.keyboard.press('ArrowDown');
  const opened = await activeRow(app).textContent();
  await app.page.keyboard.press('Enter');
  await app.waitIdle();
  for (const tab of ['What it left behind', 'Sessions', 'Activity']) {
    await app.page.getByRole('main').getByText(tab, { exact: true }).click();
    await app.waitIdle();
  }
  await app.page.keyboard.press('Alt+ArrowLeft');
  await app.waitIdle();
  await expect(app.page.getByRole('textbox', { name: 'Find identity ARNs' })).toHaveValue('role');
  await expect(grid.getByRole('columnheader', { name: /^Sort by Last/ })).toHaveAttribute('aria-sort', 'descending');
  await expect(grid).toBeFocused();
  expect(await activeRow(app).textContent()).toBe(opened);
});

test('far down a list, the way back leads there again', async ({ app }) => {
  const grid = await list(app, 'Resources', 'resources');
  await grid.focus();
  for (let i = 0; i < 6; i++) await app.page.keyboard.press('PageDown');
  await app.waitIdle();
  const opened = await activeRow(app).textContent();
  await app.page.keyboard.press('Enter');
  await app.waitIdle();
  await app.page.getByRole('button', { name: 'Back', exact: true }).click();
  await app.waitIdle();
  await expect(activeRow(app)).toBeInViewport();
  expect(await activeRow(app).textContent()).toBe(opened);
});

test('the events, too, are where they were left', async ({ app }) => {
  const grid = await list(app, 'Events', 'Events');
  await grid.focus();
  for (let i = 0; i < 40; i++) await app.page.keyboard.press('PageDown');
  await app.waitIdle();
  const focused = () => grid.getAttribute('aria-activedescendant');
  const opened = await focused();
  expect(Number(opened?.split('-')[2])).toBeGreaterThan(500);
  await app.page.keyboard.press('g');
  await app.page.keyboard.press('p');
  await app.waitIdle();
  await app.page.keyboard.press('Alt+ArrowLeft');
  await app.waitIdle();
  await expect(grid).toBeFocused();
  expect(await focused()).toBe(opened);
  await expect(app.page.locator(`#${opened}`)).toBeInViewport();
});

test('the same keys in every list: filter, exclude, copy, menu, cite, its events', async ({ app }) => {
  for (const [view, name] of [
    ['Principals', 'principals'],
    ['Addresses', 'addresses'],
    ['Credentials', 'Credentials'],
  ] as const) {
    const grid = await list(app, view, name);
    await grid.focus();
    await app.page.keyboard.press('x');
    await app.waitIdle();
    await expect(app.workbench.chip('not')).toHaveCount(1);
    await app.page.keyboard.press('[');
    await app.waitIdle();
    await app.page.keyboard.press('c');
    await expect(app.page.getByText(/^Copied the /)).toBeVisible();
    await app.page.keyboard.press('m');
    await app.page.getByRole('menuitem', { name: 'Cite in note, with its count' }).click();
    await app.waitIdle();
    await expect(app.page.getByText(/^Cited (the event|2 events) in /).last()).toBeVisible();
    await expect(grid).toBeFocused();
    await app.page.keyboard.press('e');
    await app.waitIdle();
    await expect(app.page.getByRole('grid', { name: 'Events' })).toBeVisible();
    await app.workbench.reset();
    await app.waitIdle();
  }
  await app.workbench.go('Notebook');
  await app.waitIdle();
  await expect(app.page.getByRole('main')).toContainText(/Principal .*: [\d,]+ events/);
  // The second key of a sequence is the window's, whatever it means in the list.
  const grid = await list(app, 'Principals', 'principals');
  await grid.focus();
  await app.page.keyboard.press('g');
  await app.page.keyboard.press('e');
  await app.waitIdle();
  await expect(app.page.getByRole('grid', { name: 'Events' })).toBeVisible();
  await expect(app.page.getByRole('button', { name: 'Reset the selection' }).first()).toBeDisabled();
});

test('a credential’s row answers for three values: the key, whom it acts as, who is behind it', async ({ app }) => {
  const grid = await list(app, 'Credentials', 'Credentials');
  await app.page.getByRole('textbox', { name: 'Find credentials' }).fill('assumed-role/ops-admin');
  await app.waitIdle();
  await grid.focus();
  await app.page.keyboard.press('ArrowRight');
  await app.page.keyboard.press('ArrowRight');
  await app.page.keyboard.press('m');
  await expect(app.page.getByRole('menu', { name: 'Value of Origin' })).toContainText('jenkins-legacy');
  await app.page.keyboard.press('Escape');
  await grid.getByRole('row').nth(1).getByRole('gridcell').nth(2).click({ button: 'right' });
  await expect(app.page.getByRole('menu', { name: 'Value of Identity ARN' })).toBeVisible();
  await app.page.keyboard.press('Escape');
  await grid
    .getByRole('button', { name: /^More for A/ })
    .first()
    .click();
  await expect(app.page.getByRole('menu', { name: 'Value of Access key' })).toBeVisible();
});

test('odd agents are marked where they stand; a list without values says what that means', async ({ app, folder }) => {
  await list(app, 'Agents', 'tools');
  await app.page.getByText('Odd ones').click();
  await app.waitIdle();
  await expect(app.page.getByRole('status').filter({ hasText: '0 marks' })).toBeVisible();
  await expect(app.page.getByRole('main')).toContainText('An attacker who hides says something usual.');
  const agent = 'aws-cli/2.9.0 Python/3.11 Linux/6.1.0-kali9-amd64 source/x86_64.kali.2023';
  const record = {
    eventVersion: '1.11',
    eventTime: '2026-03-05T11:02:09Z',
    eventSource: 'sts.amazonaws.com',
    eventName: 'GetCallerIdentity',
    awsRegion: 'us-east-1',
    sourceIPAddress: '198.51.100.7',
    userAgent: agent,
    userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/alice', accountId: '111122223333', userName: 'alice' },
    eventID: '6f9619ff-8b86-4d01-b42d-00c04fc964ff',
    readOnly: true,
    recipientAccountId: '111122223333',
  };
  const path = join(folder, 'odd.json');
  await writeFile(path, JSON.stringify({ Records: [record] }));
  await app.drop(path);
  await app.waitIdle();
  const marks = app.page.getByRole('grid', { name: 'marks' });
  await expect(marks).toContainText('Kali Linux');
  await app.page.getByText('Whole agents').click();
  await app.waitIdle();
  await app.page.getByRole('textbox', { name: 'Find user agents' }).fill('kali');
  await app.waitIdle();
  await expect(app.page.getByRole('grid', { name: 'user agents' })).toContainText('▲ Kali Linux');
  await app.page.getByText('Odd ones').click();
  await app.waitIdle();
  await marks.focus();
  await app.page.keyboard.press('ArrowDown');
  await app.page.keyboard.press('Enter');
  await app.waitIdle();
  await expect(app.page.getByRole('main')).toContainText('A distribution for penetration tests.');
  await app.page.getByRole('button', { name: 'Back', exact: true }).click();
  await app.waitIdle();
  await expect(marks).toBeFocused();
});

test('who touched the bucket, ever? its ARN and its name are one page, which says so', async ({ app }) => {
  const bucket = 'larkfield-prod-customer-exports';
  await app.workbench.findFor(`arn:aws:s3:::${bucket}`);
  await app.waitIdle();
  await app.workbench.reset();
  await app.waitIdle();
  await list(app, 'Resources', 'resources');
  await app.page.getByRole('textbox', { name: 'Find resources' }).fill(`arn:aws:s3:::${bucket}`);
  await app.waitIdle();
  await app.page.getByRole('grid', { name: 'resources' }).focus();
  await app.page.keyboard.press('Enter');
  await app.waitIdle();
  const names = app.page.getByRole('region', { name: 'Other names of it' });
  await expect(names).toContainText(/by its ARN .*\(793 events\) and by its name .*\(858 S3 events\)/);
  const facts = app.page.getByLabel('Key numbers');
  await expect(facts).toContainText('Failed13');
  await names.getByLabel(/^count both together/).uncheck();
  await app.waitIdle();
  await expect(facts).toContainText('Events793');
  await expect(facts).toContainText('Failed0');
  await names.getByLabel(/^count both together/).check();
  await app.page.getByRole('button', { name: 'All events', exact: true }).click();
  await app.waitIdle();
  await expect(app.page.getByRole('grid', { name: 'Events' })).toHaveAttribute('aria-rowcount', '859');
});

test('every number of a list sorts it', async ({ app }) => {
  const grid = await list(app, 'Principals', 'principals');
  for (const name of ['of which denied', 'Writes', 'IPs', 'Sessions']) {
    await grid.getByRole('button', { name: `Sort by ${name}` }).click();
    await app.waitIdle();
    const head = grid.getByRole('columnheader', { name: `Sort by ${name}` });
    await expect(head).toHaveAttribute('aria-sort', 'descending');
    const at = await head.evaluate((h) => Array.from(h.parentElement?.children ?? []).indexOf(h));
    const numbers = await grid
      .getByRole('row')
      .evaluateAll((rows, cell) => rows.slice(1, 15).map((r) => Number((r.children[cell]?.textContent ?? '').replace(/[^0-9]/g, ''))), at);
    expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
    expect(numbers[0]).toBeGreaterThan(1);
  }
});

test('the help names the keys of a table', async ({ app }) => {
  await app.page.keyboard.press('?');
  const help = app.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  for (const words of ['In every list, and in the events', 'Copy the value', 'Exclude the value', 'Choose the row', 'Star the event'])
    await expect(help).toContainText(words);
});
