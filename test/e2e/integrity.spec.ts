/** Digest validation as a person meets it: the vectors are dropped, and every verdict is read from the screen. */
import { existsSync } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type App, expect, test } from './fixtures.ts';

const VECTORS = '../shared/fixtures/digest-vectors-synthetic';
const NAME = /_([A-Za-z0-9]{16})\.json\.gz$|_(\d{8}T\d{6}Z)\.json\.gz$/;
const shortOf = (key: string): string => NAME.exec(key)?.slice(1).find(Boolean) ?? key;

async function openIntegrity(app: App): Promise<void> {
  await app.workbench.go('Evidence');
  await app.page.getByText('Integrity', { exact: true }).click();
  await app.waitIdle();
}

test.beforeEach(() => {
  if (!existsSync(VECTORS)) console.log('skipped: the shared fixtures are not here');
  test.skip(!existsSync(VECTORS), 'the shared fixtures are not here');
});

test('the vectors: each digest and log has its verdict, and the source of the keys is said', async ({ app }) => {
  const expected = JSON.parse(await readFile(join(VECTORS, 'expected.json'), 'utf8'));
  await app.drop(join(process.cwd(), VECTORS));
  await expect.poll(() => app.events()).toBeGreaterThan(0);
  await app.waitIdle();
  await openIntegrity(app);
  const page = app.page;
  await expect(page.getByRole('list', { name: 'What the digests prove' })).toContainText('whoever forged them could have forged the key');
  const words: Record<string, string> = {
    valid: 'matches, signed',
    "INVALID: hash value doesn't match": 'mismatch',
    'INVALID: not found': 'missing',
  };
  const grid = page.getByRole('grid', { name: 'Digests and logs' });
  const rows = await grid.getByRole('row').allTextContents();
  for (const [key, verdict] of Object.entries<string>(expected.logs)) {
    expect(rows.filter((r) => r.includes(shortOf(key))).join(), key).toContain(words[verdict]);
  }
  for (const key of Object.keys(expected.digests)) {
    expect(rows.filter((r) => r.includes(shortOf(key))).join(), key).toContain('signed (key from evidence)');
  }
  // A verdict chip narrows the table, and a row tells its reason in full.
  await page.getByRole('button', { name: /missing 1/ }).click();
  await expect(grid.getByRole('row')).toHaveCount(2);
  await grid.getByRole('row').nth(1).click();
  await expect(page.getByRole('complementary', { name: 'Verdict' })).toContainText('it is not among the evidence');
});

test('keys are given by pasting them, kept in the case, and change what is proven', async ({ app, folder, start }) => {
  const evidence = join(folder, 'without-keys');
  await cp(join(VECTORS, 'invictus-trail-bucket'), join(evidence, 'invictus-trail-bucket'), { recursive: true });
  await cp(join(VECTORS, 'head-object-metadata.json'), join(evidence, 'head-object-metadata.json'));
  await app.drop(evidence);
  await expect.poll(() => app.events()).toBeGreaterThan(0);
  await app.waitIdle();
  await openIntegrity(app);
  const { page } = app;
  const digests = page.getByRole('group', { name: 'Digests by verdict' });
  await expect(digests).toContainText('hash-linked 2');
  await page.getByRole('button', { name: 'Keys…' }).click();
  const dialog = app.workbench.dialog('Public keys for digests');
  await dialog.getByLabel('JSON of list-public-keys').fill('{}');
  await dialog.getByRole('button', { name: 'Add keys' }).click();
  await expect(dialog.getByRole('alert')).toContainText('no PublicKeyList');
  await dialog.getByLabel('JSON of list-public-keys').fill(await readFile(join(VECTORS, 'list-public-keys.json'), 'utf8'));
  await dialog.getByRole('button', { name: 'Add keys' }).click();
  await expect(dialog.getByRole('list', { name: 'Keys of this case' })).toContainText('pasted keys');
  await page.keyboard.press('Escape');
  await app.waitIdle();
  await expect(digests).toContainText('signed 3');
  await expect(page.getByRole('list', { name: 'What the digests prove' })).toContainText('public keys that you gave');
  await app.driven.close();

  const again = await start();
  await openIntegrity(again);
  await expect(again.page.getByRole('group', { name: 'Digests by verdict' })).toContainText('signed 3');
});
