/** Evidence comes in: dropped, again, broken, interrupted. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from './fixtures.ts';

const record = (n: number, more: object = {}): object => ({
  eventVersion: '1.11',
  eventTime: `2026-03-02T09:00:${String(n % 60).padStart(2, '0')}Z`,
  eventName: 'ListBuckets',
  eventSource: 's3.amazonaws.com',
  awsRegion: 'eu-west-1',
  eventID: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/a', accountId: '111122223333', userName: 'a' },
  recipientAccountId: '111122223333',
  ...more,
});

test('a dropped folder of nested files is imported; dropping it again adds nothing', async ({ app, evidence }) => {
  const folder = await evidence({ events: 3_000, perFile: 25 });
  await app.drop(folder);
  await expect.poll(() => app.events(), { timeout: 30_000 }).toBe(3_000);
  await app.waitIdle();
  await app.drop(folder);
  await expect(app.page.getByText(/120 files already in the case/)).toBeVisible();
  await app.waitIdle();
  expect(await app.events()).toBe(3_000);
});

test('every file gets a row with its reason, and the readable rest of a broken file is used', async ({ app, folder }) => {
  const place = join(folder, 'odd');
  await mkdir(place);
  await writeFile(join(place, 'good.json'), JSON.stringify({ Records: [record(1), record(2)] }));
  await writeFile(join(place, 'same-bytes.txt'), JSON.stringify({ Records: [record(1), record(2)] }));
  await writeFile(join(place, 'lines.log'), `${JSON.stringify(record(3))}\n{"eventVersion": broken\n${JSON.stringify(record(4))}\n`);
  await writeFile(join(place, 'cut.json.gz'), gzipSync(JSON.stringify({ Records: [record(5)] })).subarray(0, 60));
  await writeFile(join(place, 'picture.png'), Buffer.from('89504e470d0a1a0a0000000d', 'hex'));
  await writeFile(join(place, 'nothing.json'), '{"Records":[]}');
  await app.drop(place);
  await expect.poll(() => app.events()).toBe(4);
  await app.waitIdle();
  await app.workbench.go('Evidence');
  for (const name of ['good.json', 'same-bytes.txt', 'lines.log', 'cut.json.gz', 'picture.png', 'nothing.json'])
    await expect(app.page.getByText(name, { exact: false }).first()).toBeVisible();
  const rows = await app.ask(async ({ engine }) =>
    (await engine.store.ledger()).map((r) => ({ path: r.path, status: r.status, reason: r.reason })),
  );
  const of = (name: string) => rows.find((r) => r.path.endsWith(name));
  expect([of('good.json')?.status, of('same-bytes.txt')?.status].sort()).toEqual(['imported', 'repeated']);
  expect(of('lines.log')).toMatchObject({ status: 'partial', reason: expect.any(String) });
  expect(['rejected', 'partial']).toContain(of('cut.json.gz')?.status);
  expect(of('cut.json.gz')?.reason).toBeTruthy();
  expect(of('picture.png')).toMatchObject({ status: 'rejected', reason: expect.any(String) });
  expect(of('nothing.json')?.status).toBe('withoutEvents');
});

test('a record pasted as text is imported; invalid JSON is named by line and column', async ({ app }) => {
  await app.workbench.openSample();
  await app.waitIdle();
  const before = await app.events();
  await app.workbench.caseMenu('Paste records…');
  const dialog = app.workbench.dialog('Paste records');
  await dialog.getByRole('textbox', { name: 'Records' }).fill('{\n  "eventName": oops\n}');
  await expect(dialog.getByText(/line 2/i)).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Records' }).fill(JSON.stringify(record(7, { eventName: 'PastedEvent' })));
  await dialog.getByRole('button', { name: 'Import' }).click();
  await expect(dialog).toBeHidden();
  await app.waitIdle();
  expect(await app.events()).toBe(before + 1);
});

test('cancelling keeps what is wholly in, and importing again completes it', async ({ app, evidence }) => {
  const folder = await evidence({ events: 120_000, perFile: 500 });
  await app.drop(folder);
  await app.workbench.importPanel.getByRole('button', { name: 'Cancel import' }).click();
  await app.waitIdle();
  const kept = await app.events();
  expect(kept).toBeLessThan(120_000);
  expect(kept % 500).toBe(0);
  await app.drop(folder);
  await expect.poll(() => app.events(), { timeout: 60_000 }).toBe(120_000);
});

test('a kill in the middle leaves a case that opens and can be continued', async ({ start, evidence }) => {
  const folder = await evidence({ events: 150_000, perFile: 500 });
  const app = await start();
  await app.drop(folder);
  await expect.poll(() => app.events(), { timeout: 30_000, intervals: [20] }).toBeGreaterThan(0);
  await app.driven.kill();

  const again = await start();
  const kept = await again.events();
  expect(kept).toBeLessThanOrEqual(150_000);
  expect(kept % 500).toBe(0);
  const ledger = await again.ask(async ({ engine }) => (await engine.store.ledger()).reduce((sum, r) => sum + r.records, 0));
  expect(ledger).toBe(kept);
  if (again.mount === 'electron' && kept < 150_000) {
    await again.page.getByRole('button', { name: 'Continue import' }).click();
  } else {
    await again.drop(folder);
  }
  await expect.poll(() => again.events(), { timeout: 60_000 }).toBe(150_000);
});

test('progress is shown while an import runs, and the app stays usable', async ({ app, evidence }) => {
  const folder = await evidence({ events: 120_000, perFile: 1_000 });
  await app.drop(folder);
  await expect(app.workbench.importPanel).toContainText('Records');
  await app.workbench.go('Events');
  await expect(app.page.getByRole('grid', { name: 'Events' })).toBeVisible();
  await expect.poll(() => app.events(), { timeout: 60_000 }).toBe(120_000);
  await app.waitIdle();
  await expect(app.workbench.importPanel).toBeHidden();
});

const invictus = '../shared/fixtures/invictus-ir-aws_dataset';
test('a real trail of an intrusion: 2,900 events', async ({ app }) => {
  test.skip(!existsSync(invictus), 'the shared fixtures are not here');
  await app.drop(join(process.cwd(), invictus));
  const facts = JSON.parse(await readFile('../shared/fixtures/FACTS.json', 'utf8'))['invictus-ir-aws_dataset'];
  await expect.poll(() => app.events(), { timeout: 30_000 }).toBe(facts.unique_eventIDs);
});

test('originals are never changed', async ({ app, evidence }) => {
  const folder = await evidence({ events: 200, perFile: 100 });
  const list = async (): Promise<string[]> => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
    return Promise.all(files.sort().map(async (file) => `${file} ${(await readFile(file)).toString('base64')}`));
  };
  const before = await list();
  await app.drop(folder);
  await expect.poll(() => app.events()).toBe(200);
  await app.waitIdle();
  expect(await list()).toEqual(before);
});
