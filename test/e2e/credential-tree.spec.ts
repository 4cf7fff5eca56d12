/** A credential's tree: into the report and out of it again, kept with the case; and hundreds of credentials by keyboard and search. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { violations } from './axe.ts';
import type { App } from './fixtures.ts';
import { expect, test } from './fixtures.ts';

async function openCredential(app: App, find: string): Promise<void> {
  await app.workbench.go('Credentials');
  await app.waitIdle();
  await app.page.getByText('All, unused too').click();
  await app.page.getByRole('textbox', { name: 'Find credentials' }).fill(find);
  await app.waitIdle();
  await app.page.getByRole('grid', { name: 'Credentials' }).focus();
  await app.page.keyboard.press('Enter');
  await app.waitIdle();
}

async function exportReport(app: App, format: 'HTML' | 'Markdown'): Promise<string> {
  await app.page.getByRole('button', { name: 'Export report' }).click();
  const dialog = app.workbench.dialog('Export the report');
  await dialog.getByRole('radiogroup', { name: 'Form of the report' }).getByText(format).click();
  return (await app.saved(() => dialog.getByRole('button', { name: 'Export', exact: true }).click())).toString();
}

const tree = (app: App) => app.page.getByRole('region', { name: 'Credential tree' });

test('a tree and a part of it go into the report, stay there over a restart, and are taken out in its dialog', async ({ start }) => {
  test.setTimeout(180_000);
  const app = await start();
  await app.workbench.openSample();
  await app.waitIdle();
  await openCredential(app, 'jenkins-legacy');
  await tree(app).getByRole('button', { name: 'Add tree to the report' }).click();
  await expect(tree(app).getByRole('button', { name: 'In the report: remove tree' })).toBeVisible();
  await tree(app).getByRole('tree').focus();
  await app.page.keyboard.press('Home');
  await app.page.keyboard.press('ArrowRight');
  await tree(app).getByRole('button', { name: 'Add subtree to the report' }).click();
  await expect(tree(app).getByRole('button', { name: 'In the report: remove subtree' })).toBeVisible();
  await app.waitIdle();
  await app.driven.close();

  const again = await start();
  const kept = await again.ask(async ({ engine }) => engine.store.listReportTrees());
  expect(kept.map((t) => t.scope)).toEqual(['tree', 'subtree']);
  const html = await exportReport(again, 'HTML');
  const section = /<h2 class="page">Credential trees<\/h2>.*?<\/section>/s.exec(html)?.[0] ?? '';
  expect(section.match(/<article>/g)).toHaveLength(2);
  for (const part of ['Long-term key', 'ops-admin', '= exact', 'expires', 'what was issued before', 'The chain stops here', 'To end it'])
    expect(section).toContain(part);
  const cited = [...section.matchAll(/href="#record-(\d+)"/g)].map((m) => m[1]);
  expect(cited.length).toBeGreaterThan(2);
  for (const n of cited) expect(html).toContain(`id="record-${n}"`);

  await again.page.getByRole('button', { name: 'Export report' }).click();
  const dialog = again.workbench.dialog('Export the report');
  const list = dialog.getByRole('list', { name: 'Credential trees in the report' });
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await list
    .getByRole('button', { name: /^Remove the subtree of / })
    .first()
    .click();
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await list.getByRole('listitem').getByRole('button').first().click();
  await again.waitIdle();
  await tree(again).getByRole('button', { name: 'In the report: remove tree' }).click();
  await expect(tree(again).getByRole('button', { name: 'Add tree to the report' })).toBeVisible();
  await again.waitIdle();
  expect(await exportReport(again, 'Markdown')).not.toContain('Credential trees');
  const journal = await again.ask(async ({ engine }) => {
    const [{ id }] = await engine.store.listCases();
    return (await engine.store.readJournal(id)).filter((e) => e.kind === 'reportTree').map((e) => e.data === null);
  });
  expect(journal).toEqual([false, false, true, true]);
});

/** A user who assumed 300 roles once each, unused, and one role 200 times, each used once; from the last session a chain goes on. */
async function manyRoles(folder: string): Promise<string> {
  const account = '111122223333';
  const user = {
    type: 'IAMUser',
    principalId: 'AIDAX',
    arn: `arn:aws:iam::${account}:user/runner`,
    accountId: account,
    userName: 'runner',
  };
  let n = 0;
  const at = (): string => new Date(Date.UTC(2026, 2, 2) + ++n * 1000).toISOString().replace('.000Z', 'Z');
  const event = (userIdentity: object, eventName: string, more: object = {}) => ({
    eventVersion: '1.09',
    eventTime: at(),
    eventID: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    eventName,
    eventSource: 'sts.amazonaws.com',
    awsRegion: 'us-east-1',
    sourceIPAddress: '198.51.100.7',
    userAgent: 'aws-cli/2.15.0',
    recipientAccountId: account,
    userIdentity,
    ...more,
  });
  const session = (role: string, key: string, began: string) => ({
    type: 'AssumedRole',
    principalId: `AROA${role}:work`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/work`,
    accountId: account,
    accessKeyId: key,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: `AROA${role}`,
        arn: `arn:aws:iam::${account}:role/${role}`,
        accountId: account,
        userName: role,
      },
      attributes: { creationDate: began, mfaAuthenticated: 'false' },
    },
  });
  const records: object[] = [];
  const assume = (caller: object, role: string, key: string) => {
    const call = event(caller, 'AssumeRole', {
      requestParameters: { roleArn: `arn:aws:iam::${account}:role/${role}`, roleSessionName: 'work' },
      responseElements: {
        credentials: { accessKeyId: key, expiration: 'Mar 2, 2026, 11:00:00 PM' },
        assumedRoleUser: { arn: `arn:aws:sts::${account}:assumed-role/${role}/work` },
      },
    });
    records.push(call);
    return session(role, key, call.eventTime);
  };
  const runner = { ...user, accessKeyId: 'AKIARUNNER0000000001' };
  for (let i = 0; i < 300; i++) assume(runner, `team-${i}`, `ASIATEAM${String(i).padStart(12, '0')}`);
  for (let i = 0; i < 200; i++)
    records.push(event(assume(runner, 'deploy', `ASIADEPLOY${String(i).padStart(10, '0')}`), 'GetCallerIdentity'));
  let hop = assume(runner, 'jump', 'ASIAJUMP000000000001');
  for (const role of ['vault', 'exfil<b>']) hop = assume(hop, role, `ASIA${role.slice(0, 5).toUpperCase()}000000000X`);
  for (let i = 0; i < 40; i++) records.push(event(hop, 'GetSecretValue', { errorCode: 'AccessDenied' }));
  const file = join(folder, 'many-roles.json');
  await writeFile(file, JSON.stringify({ Records: records }));
  return file;
}

test('500 credentials: the worst branch stands first, the rest behind lines with totals, all found by search and keys', async ({
  app,
  folder,
}) => {
  await app.drop(await manyRoles(folder));
  await app.waitIdle();
  await openCredential(app, 'AKIARUNNER');
  const lines = tree(app).getByRole('treeitem');
  await expect(lines.first()).toHaveAccessibleName(/^runner, AKIARUNNER0000000001, Long-term key/);
  expect(await lines.count()).toBeLessThan(40);
  await expect(lines.nth(1)).toHaveAccessibleName(/^jump \/ work, .* 2 credentials below, with them 42 events, 40 denied$/);
  await expect(tree(app).getByRole('treeitem', { name: /^197 more like this: deploy in 111122223333/ })).toBeVisible();

  await tree(app).getByRole('tree').focus();
  await app.page.keyboard.press('Home');
  await app.page.keyboard.press('j');
  await expect(lines.nth(1)).toHaveAttribute('aria-selected', 'true');
  await app.page.keyboard.press('ArrowRight');
  await expect(lines.nth(2)).toHaveAccessibleName(/^vault \/ work/);
  await app.page.keyboard.press('ArrowLeft');
  await app.page.keyboard.press('ArrowLeft');
  await expect(lines.first()).toHaveAttribute('aria-selected', 'true');

  await tree(app).getByRole('button', { name: 'Expand all' }).click();
  await tree(app).getByRole('tree').focus();
  await app.page.keyboard.press('End');
  const last = tree(app).locator('[aria-selected="true"]');
  await expect(last).toBeVisible();
  expect(await tree(app).getByRole('tree').getAttribute('aria-activedescendant')).toBe(await last.getAttribute('id'));
  expect(await lines.count()).toBeLessThan(120);
  await tree(app).getByRole('button', { name: 'Collapse all' }).click();

  const find = tree(app).getByRole('textbox', { name: 'Find in the tree' });
  await find.fill('exfil');
  await expect(tree(app).getByRole('status')).toHaveText(/^1 of 504 credentials found/);
  await expect(lines).toHaveCount(4);
  await find.press('Enter');
  await expect(tree(app).getByRole('region', { name: 'The chosen credential' })).toContainText('40 denied');
  await find.press('Escape');
  await expect(tree(app).getByRole('treeitem', { name: /^exfil/ })).toHaveAttribute('aria-selected', 'true');
  await tree(app).getByRole('combobox', { name: 'Order of siblings' }).selectOption('Denied in the branch');
  await expect(lines.nth(1)).toHaveAccessibleName(/^jump/);
  expect(await violations(app)).toEqual([]);

  await tree(app).getByRole('button', { name: 'Add tree to the report' }).click();
  await app.waitIdle();
  const html = await exportReport(app, 'HTML');
  expect(html).toContain('4 more that were issued from it are left out');
  expect(html).toContain('exfil&lt;b&gt;');
});
