/** Records inside something else, from the file to the details: one event, its sources, the record inside and the text as found. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HISTORY_HEADER, historyLine, makeRecord, SHAPES } from '../unit/main/import/shape-maker.ts';
import { expect, test } from './fixtures.ts';
import { Events } from './pages/events.ts';

test('an event of three exports is one; the details show its record, what it stood in, and every source', async ({ app, folder }) => {
  const place = join(folder, 'exports');
  await mkdir(place);
  const record = makeRecord({ eventName: 'PutBucketPolicy', userAgent: 'aws-cli/2' });
  await writeFile(join(place, 'history.csv'), `${HISTORY_HEADER}\r\n${historyLine(record)}\r\n`);
  await writeFile(join(place, 'queue.json'), SHAPES['SQS, SNS, EventBridge'].make([record]));
  await writeFile(join(place, 'page.json'), Buffer.from(`\ufeff${SHAPES['lookup-events, ISO times, indented'].make([record])}`, 'utf16le'));
  await app.drop(place);
  await expect.poll(() => app.events()).toBe(1);
  await app.waitIdle();
  const events = new Events(app.page);
  await app.workbench.go('Events');
  await events.row(0).click();
  await app.waitIdle();
  await expect(events.details).toContainText(/Read from an? (SQS message, in it an SNS message|entry of lookup-events output)/);
  await events.tab('Record').click();
  await expect(events.details.getByText('requestParameters')).toBeVisible();
  await events.tab('Sources').click();
  for (const name of ['history.csv', 'queue.json', 'page.json'])
    await expect(events.details.getByText(name, { exact: false })).toBeVisible();

  const saved = await app.ask(async ({ engine }) => {
    const row = (await engine.store.ledger()).find((r) => r.path.endsWith('page.json'));
    return row ? { reason: row.reason, bytes: [...(await engine.store.readOriginal(row.id))] } : null;
  });
  expect(saved?.reason).toContain('UTF-16');
  expect(Buffer.from(saved?.bytes ?? []).equals(await readFile(join(place, 'page.json')))).toBe(true);
});

test('an event of a CSV alone: what the source cannot answer is said, the line and its header are shown', async ({ app, folder }) => {
  const place = join(folder, 'event_history.csv');
  await writeFile(place, `\ufeff${HISTORY_HEADER}\r\n${historyLine(makeRecord())}\r\n`);
  await app.drop(place);
  await expect.poll(() => app.events()).toBe(1);
  await app.waitIdle();
  const events = new Events(app.page);
  await app.workbench.go('Events');
  await events.row(0).click();
  await app.waitIdle();
  await expect(events.details).toContainText('no request parameters');
  await expect(events.details).toContainText('how it ended is not in this source');
  await events.tab('Original text').click();
  await expect(events.details).toContainText('The header of its file: User name,AWS access key');
  await expect(events.details).toContainText('AKIAEXAMPLE000000001');
});
