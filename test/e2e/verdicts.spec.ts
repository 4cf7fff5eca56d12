/** Can an event be trusted? A signed chain with a changed and an added log, and events that contradict each other, from drop to diff. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Chain, shared, type TestFile } from '../unit/engine/integrity/chain-maker.ts';
import { violations } from './axe.ts';
import { type App, expect, test } from './fixtures.ts';
import { Events } from './pages/events.ts';
import { Overview } from './pages/overview.ts';

async function writeFiles(folder: string, files: readonly Pick<TestFile, 'path' | 'text'>[]): Promise<string> {
  for (const { path, text } of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, path.endsWith('.gz') ? gzipSync(text) : text);
  }
  return folder;
}

/** Three hours of two logs each, of which one is changed, and one log more that no digest lists. The keys lie beside them. */
async function changedChain(folder: string): Promise<string> {
  const chain = new Chain({ hours: 3 });
  const [changed] = chain.logs;
  const files = chain.files().map((f) => (f.path === changed.path ? { ...f, text: f.text.replace('ListBuckets', 'DeleteTrail') } : f));
  const extra = {
    ...changed,
    path: changed.path.replace(/_[A-Za-z0-9]+\.json\.gz$/, '_AAAAAAAAAAAAAAAA.json.gz'),
    text: '{"Records":[{"eventVersion":"1.11","eventTime":"2024-05-01T10:12:00Z","eventName":"PutBucketPolicy","eventID":"put-there"}]}',
  };
  return writeFiles(join(folder, 'chain'), [...files, extra, { path: 'list-public-keys.json', text: JSON.stringify(shared.list()) }]);
}

const record = (fields: Record<string, unknown>): string =>
  JSON.stringify({
    Records: [
      {
        eventVersion: '1.11',
        userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/ana', accountId: '111122223333', userName: 'ana' },
        eventTime: '2024-05-01T10:12:00Z',
        eventSource: 's3.amazonaws.com',
        eventName: 'GetObject',
        awsRegion: 'eu-west-1',
        sourceIPAddress: '192.0.2.1',
        eventID: '0c6e1c3e-0000-4000-8000-000000000001',
        ...fields,
      },
    ],
  });

const other = { eventID: '0c6e1c3e-0000-4000-8000-000000000002', eventName: 'PutObject' };
const CONTRADICTING = [
  { path: 'one.json', text: record({ requestParameters: { bucketName: 'plans', key: 'a.txt' } }) },
  { path: 'two.json', text: record({ sourceIPAddress: '198.51.100.66', requestParameters: { key: 'b.txt', bucketName: 'plans' } }) },
  { path: 'three.json', text: record(other) },
  { path: 'four.json', text: record({ ...other, additionalEventData: { bytesTransferredIn: 12 } }) },
];

async function drop(app: App, path: string, events: number): Promise<void> {
  await app.drop(path);
  await expect.poll(() => app.events()).toBe(events);
  await app.waitIdle();
}

test('verdicts: a changed log shows as a facet, a mark and a reason, and leads to the integrity list', async ({ app, folder, start }) => {
  await drop(app, await changedChain(folder), 7);
  // What the import said is completed when the digests were checked.
  const against = 'Checked by the digests: 1 log file differs from what the digests list, 1 log file is extra.';
  await expect(app.page.getByRole('status').filter({ hasText: 'Import done' })).toContainText(against);
  await app.workbench.go('Evidence');
  await app.waitIdle();
  const files = app.page.getByRole('grid', { name: 'Files of the evidence' });
  await expect(files.getByRole('row').filter({ hasText: /✕ mismatch/ })).toHaveCount(1);
  await expect(files.getByRole('row').filter({ hasText: /\+ extra/ })).toHaveCount(1);
  expect(await violations(app)).toEqual([]);
  await app.page.getByText('Coverage', { exact: true }).click();
  await app.waitIdle();
  await expect(app.page.getByRole('list', { name: 'What the evidence covers' })).toContainText(against);
  await app.workbench.go('Overview');
  const overview = new Overview(app.page);
  const mismatch = overview.value('Integrity', 'mismatch');
  await expect(mismatch).toHaveAccessibleName('mismatch, 1');
  await expect(overview.value('Integrity', 'matches, signed (key from evidence)')).toHaveAccessibleName(/, 5$/);
  await expect(overview.value('Integrity', 'extra')).toHaveAccessibleName('extra, 1');
  expect(await violations(app)).toEqual([]);
  await mismatch.click();
  await app.waitIdle();
  await expect(app.workbench.chip(/Integrity.*mismatch/)).toBeVisible();

  await app.workbench.go('Events');
  await app.waitIdle();
  const events = new Events(app.page);
  expect(await events.total()).toBe(1);
  await expect(events.row(0)).toContainText('DeleteTrail');
  await expect(events.row(0)).toContainText('The file of this event differs from what the digests list');
  await events.grid.focus();
  await app.page.keyboard.press('Enter');
  await app.waitIdle();
  await expect(events.details).toContainText('Its hash is not the one that the digest names');
  expect(await violations(app)).toEqual([]);
  const csv = await app.saved(async () => {
    await app.page.getByRole('button', { name: 'Export', exact: true }).click();
    await app.page.getByRole('menuitem', { name: 'CSV of all columns' }).click();
  });
  const [head, row] = csv.toString('utf8').split('\r\n');
  expect(row.split(',')[head.split(',').indexOf('integrity')]).toBe('mismatch');

  await events.details.getByRole('button', { name: 'Open in Evidence › Integrity' }).click();
  await app.waitIdle();
  const verdict = app.page.getByRole('complementary', { name: 'Verdict' });
  await expect(verdict).toContainText('mismatch');
  await expect(verdict).toContainText('the bytes are not those that were digested');
  await app.driven.close();

  // Opened again, the files are checked again, without being asked for.
  const again = await start();
  await again.workbench.go('Overview');
  await again.workbench.reset();
  await expect(new Overview(again.page).value('Integrity', 'mismatch')).toHaveAccessibleName('mismatch, 1');
});

test('contradictions: two records of one ID are a finding, side by side; copies that only lack a field are none', async ({
  app,
  folder,
}) => {
  await drop(app, await writeFiles(join(folder, 'contradicting'), CONTRADICTING), 3);
  await app.workbench.go('Evidence');
  await app.page.getByText('Contradictions (1)', { exact: true }).click();
  await app.waitIdle();
  const grid = app.page.getByRole('grid', { name: 'Contradictions' });
  await expect(grid.getByRole('row')).toHaveCount(2);
  await expect(grid.getByRole('row').nth(1)).toContainText('Source IP');
  await grid.getByRole('row').nth(1).click();
  await app.waitIdle();
  const aside = app.page.getByRole('complementary', { name: 'Contradiction' });
  const rows = aside.getByRole('table').getByRole('row');
  await expect(rows.filter({ hasText: '$.sourceIPAddress' })).toContainText('198.51.100.66');
  await expect(rows.filter({ hasText: '$.requestParameters.key' })).toContainText('b.txt');
  // The order of keys is no difference, and what is the same is not listed.
  await expect(rows).toHaveCount(3);
  await aside.getByRole('button', { name: 'Show the original texts' }).click();
  await expect(aside.getByRole('row').filter({ hasText: 'Original text' })).toContainText('"key":"b.txt"');
  expect(await violations(app)).toEqual([]);
  await rows.filter({ hasText: '$.sourceIPAddress' }).getByRole('button', { name: '"198.51.100.66"' }).click();
  await app.page.getByRole('menuitem', { name: 'Include' }).click();
  await app.workbench.go('Events');
  await app.waitIdle();
  const events = new Events(app.page);
  expect(await events.total()).toBe(1);

  // From the event to the one that contradicts it, and back to the finding.
  await events.grid.focus();
  await app.page.keyboard.press('Enter');
  await app.waitIdle();
  await events.details.getByRole('button', { name: 'Compare', exact: true }).click();
  await app.waitIdle();
  await expect(events.details.getByRole('region', { name: 'Field by field' })).toContainText('192.0.2.1');
  await events.details.getByRole('button', { name: 'Open in Evidence › Contradictions' }).click();
  await app.waitIdle();
  await expect(app.page.getByRole('complementary', { name: 'Contradiction', exact: true })).toContainText('2 events with this ID');

  // The other pair is one event: what only one copy has is told quietly.
  await app.workbench.reset();
  await app.workbench.go('Events');
  await app.workbench.findFor('PutObject');
  await app.waitIdle();
  await events.grid.focus();
  await app.page.keyboard.press('Enter');
  await events.tab('Sources').click();
  await app.waitIdle();
  const quiet = events.details.getByRole('region', { name: 'Differences between the copies' });
  await expect(quiet).toContainText('1 difference, 1 in only some of them');
  await expect(quiet).toContainText('$.additionalEventData');
});
