/** Evidence as evidence: a file is withdrawn and brought back, custody is stated and reported, originals are verified again. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { type App, expect, test } from './fixtures.ts';

const event = (n: number): object => ({
  eventVersion: '1.08',
  eventID: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  eventTime: `2026-03-01T10:00:${String(n).padStart(2, '0')}Z`,
  eventName: n < 10 ? 'GetObject' : 'StopLogging',
  eventSource: 's3.amazonaws.com',
  awsRegion: 'eu-west-1',
  recipientAccountId: '111122223333',
  userIdentity: { type: 'IAMUser', userName: 'ops', arn: 'arn:aws:iam::111122223333:user/ops', accountId: '111122223333' },
});
const trail = (...ns: number[]): string => JSON.stringify({ Records: ns.map(event) });

/** ours.json and theirs.json, with an event that both hold. */
async function folderOf(folder: string): Promise<string> {
  const out = join(folder, 'collected');
  await mkdir(out);
  await writeFile(join(out, 'ours.json'), trail(1, 2, 3));
  await writeFile(join(out, 'theirs.json'), trail(3, 20, 21));
  return out;
}

async function openPart(app: App, part: string): Promise<void> {
  await app.workbench.go('Evidence');
  await app.page.getByRole('radiogroup', { name: 'Part of the evidence' }).getByText(part, { exact: true }).click();
  await app.waitIdle();
}

async function openFile(app: App, name: RegExp): Promise<void> {
  await openPart(app, 'Files');
  await app.page.getByRole('grid', { name: 'Files of the evidence' }).getByRole('row', { name }).click();
  await app.waitIdle();
}

const details = (page: Page) => page.getByRole('complementary', { name: 'File of the evidence' });

test('a file is withdrawn with its reason, stays so after a restart, and is brought back', async ({ start, folder }) => {
  const app = await start();
  await app.drop(await folderOf(folder));
  await expect.poll(() => app.events()).toBe(5);
  await app.waitIdle();
  await openFile(app, /theirs\.json/);
  await details(app.page).getByRole('button', { name: 'Withdraw…' }).click();
  const dialog = app.workbench.dialog('Withdraw a file from the evidence');
  await expect(dialog.getByRole('button', { name: 'Withdraw', exact: true })).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Belongs to another customer');
  await dialog.getByRole('button', { name: 'Withdraw', exact: true }).click();
  await expect(app.page.getByText('2 events went with the file; 3 are left.')).toBeVisible();
  await app.waitIdle();
  expect(await app.events()).toBe(3);
  await expect(details(app.page)).toContainText('Withdrawn: Belongs to another customer');
  await expect(app.page.getByRole('button', { name: /withdrawn 1/ })).toBeVisible();
  await app.workbench.go('Overview');
  await app.waitIdle();
  await expect(app.page.getByText('StopLogging')).toHaveCount(0);
  await app.driven.close();

  const again = await start();
  expect(await again.events()).toBe(3);
  await openFile(again, /theirs\.json/);
  await details(again.page).getByRole('button', { name: 'Bring back' }).click();
  await expect(again.page.getByText('2 events came back; there are 5.')).toBeVisible();
  await again.waitIdle();
  expect(await again.events()).toBe(5);
  await expect(details(again.page).getByRole('button', { name: 'Withdraw…' })).toBeVisible();
  const audit = await again.ask(async ({ engine }) => {
    const [{ id }] = await engine.store.listCases();
    const entries = (await engine.store.readJournal(id)).filter((e) => e.kind === 'audit');
    return entries.map((e) => (e.data as { action: string }).action);
  });
  expect(audit).toEqual(['withdraw', 'bring back']);
});

test('all files that a search leaves are withdrawn at once, and importing them again leaves them so', async ({ app, folder }) => {
  const path = await folderOf(folder);
  await app.drop(path);
  await expect.poll(() => app.events()).toBe(5);
  await app.waitIdle();
  await openPart(app, 'Files');
  await app.page.getByRole('textbox', { name: 'Find files' }).fill('theirs');
  await app.page.getByRole('button', { name: 'Files shown' }).click();
  await app.page.getByRole('menuitem', { name: 'Withdraw 1 file…' }).click();
  const dialog = app.workbench.dialog('Withdraw a file from the evidence');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Not ours');
  await dialog.getByRole('button', { name: 'Withdraw', exact: true }).click();
  await expect.poll(() => app.events()).toBe(3);
  await app.drop(path);
  await expect(app.page.getByText(/1 withdrawn file was seen again and stays withdrawn/)).toBeVisible();
  await app.waitIdle();
  expect(await app.events()).toBe(3);
});

test('custody is stated for the case and for an import, and stands at the file and in the report', async ({ app, folder }) => {
  await app.drop(await folderOf(folder));
  await expect.poll(() => app.events()).toBe(5);
  await app.waitIdle();
  await openPart(app, 'Custody');
  await app.page.getByRole('button', { name: 'State for the case…' }).click();
  const ofCase = app.workbench.dialog('Chain of custody of the case');
  await ofCase.getByRole('textbox', { name: 'Collected by' }).fill('R. Responder, Example CERT');
  await ofCase.getByRole('textbox', { name: 'How' }).fill('aws s3 sync');
  await ofCase.getByRole('button', { name: 'Save' }).click();
  await expect(ofCase).toBeHidden();
  await app.waitIdle();
  await app.page.getByRole('button', { name: /^Edit the custody of/ }).click();
  const ofImport = app.workbench.dialog(/Chain of custody of the import of/);
  await ofImport.getByRole('textbox', { name: 'Seal or receipt' }).fill('bag 4711');
  await ofImport.getByRole('button', { name: 'Save' }).click();
  await expect(ofImport).toBeHidden();
  await app.waitIdle();
  await openFile(app, /ours\.json/);
  for (const text of ['Collected by: R. Responder, Example CERT', 'How: aws s3 sync', 'Seal or receipt: bag 4711'])
    await expect(details(app.page)).toContainText(text);
  await app.page.getByRole('button', { name: 'Export report' }).click();
  const dialog = app.workbench.dialog('Export the report');
  await dialog.getByRole('radiogroup', { name: 'Form of the report' }).getByText('HTML').click();
  const html = (await app.saved(() => dialog.getByRole('button', { name: 'Export', exact: true }).click())).toString();
  for (const text of ['R. Responder, Example CERT', 'aws s3 sync', 'bag 4711', 'not verified again']) expect(html).toContain(text);
});

test('one byte of one original is changed: verifying names that file and nothing else', async ({ start, folder }) => {
  const path = await folderOf(folder);
  const app = await start({ args: [path] });
  await expect.poll(() => app.events()).toBe(5);
  await app.waitIdle();
  await openPart(app, 'Custody');
  const section = app.page.getByRole('region', { name: 'Verification' });
  await section.getByRole('button', { name: 'Verify all files' }).click();
  await expect(section).toContainText('nothing was found changed');
  await expect(section).toContainText('Originals on disk: 2 unchanged.');
  await expect(section).toContainText('Bytes in the case: 2 unchanged.');
  await app.waitIdle();

  const bytes = await readFile(join(path, 'theirs.json'));
  bytes[bytes.indexOf('StopLogging')] ^= 1;
  await writeFile(join(path, 'theirs.json'), bytes);
  await section.getByRole('button', { name: 'Verify all files' }).click();
  await expect(section).toContainText('Originals on disk: 1 unchanged, 1 changed.');
  await app.waitIdle();
  const findings = section.getByRole('list', { name: 'Findings' });
  await expect(findings.getByRole('listitem')).toHaveCount(1);
  await expect(findings).toContainText('theirs.json');
  await expect(findings).toContainText('The size is the same, the bytes are not.');
  expect(await app.events()).toBe(5);
  const records = await app.ask(async ({ engine }) => engine.store.listVerifications());
  expect(records.map((r) => r.findings.length)).toEqual([1, 0]);
  // The name leads to the file.
  await findings.getByRole('button', { name: /theirs\.json/ }).click();
  await expect(details(app.page)).toContainText('theirs.json');
});

test('originals without a path, or elsewhere now, are chosen again', async ({ app, folder, host }) => {
  const path = await folderOf(folder);
  await app.drop(path);
  await expect.poll(() => app.events()).toBe(5);
  await app.waitIdle();
  await openPart(app, 'Custody');
  const section = app.page.getByRole('region', { name: 'Verification' });
  await section.getByRole('button', { name: 'Verify all files' }).click();
  // A browser's drop tells no path, a desktop's does.
  await expect(section).toContainText(host === 'web' ? 'Originals on disk: 2 not verifiable.' : 'Originals on disk: 2 unchanged.');
  await app.waitIdle();
  await app.answerOpenDialog(path);
  await section.getByRole('button', { name: 'Choose originals…' }).click();
  const folderItem = app.page.getByRole('menuitem', { name: 'Folder…' });
  if (host === 'web') {
    const [chooser] = await Promise.all([app.page.waitForEvent('filechooser'), folderItem.click()]);
    await chooser.setFiles(path);
  } else await folderItem.click();
  await expect(section).toContainText('all files, with collected');
  await expect(section.getByText('Originals on disk: 2 unchanged.').first()).toBeVisible();
});
