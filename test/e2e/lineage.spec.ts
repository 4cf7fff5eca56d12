/** Who is really behind one event: the chain in its details, its origin as a filter, and the same in the batch summary. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { BatchSummary } from '../../src/shared/batch.ts';
import { expect, test } from './fixtures.ts';
import { Events } from './pages/events.ts';
import { sample } from './sample.ts';

const run = promisify(execFile);

test('who is really behind this event? the details say it, each hop opens its event, the origin filters', async ({ app }) => {
  await app.workbench.openSample();
  await app.waitIdle();
  await app.workbench.go('Events');
  await app.workbench.findFor('assumed-role/ops-admin');
  await app.waitIdle();
  const events = new Events(app.page);
  await events.grid.focus();
  await app.page.keyboard.press('Enter');
  await app.waitIdle();
  const behind = events.details.getByRole('region', { name: 'Who is really behind this' });
  await expect(behind).toContainText('jenkins-legacy');
  await expect(behind).toContainText('= proven');
  const hops = behind.getByRole('listitem');
  const depth = (await hops.count()) - 1;
  expect(depth).toBeGreaterThan(1);
  const opened = await events.details.getByRole('heading', { level: 2 }).textContent();
  await behind
    .getByRole('button', { name: /^exact: / })
    .last()
    .click();
  await app.waitIdle();
  await expect(events.details.getByRole('heading', { level: 2 })).toHaveText('AssumeRole');
  expect(opened).not.toBe('AssumeRole');
  await expect(behind.getByRole('listitem')).toHaveCount(depth);
  await behind.getByRole('listitem').first().getByRole('button').first().click();
  await app.page.getByRole('menuitem', { name: /^Include/ }).click();
  await app.waitIdle();
  await expect(app.workbench.chip('Origin')).toBeVisible();
  expect(await events.total()).toBeGreaterThan(0);
});

test('the batch summary tells where credentials came from, as a count by hand does', async ({ host }) => {
  const { stdout } = await run(process.execPath, ['scripts/batch.mjs', '--host', host, 'assets/sample-trail.zip'], {
    maxBuffer: 256 * 1024 * 1024,
  });
  const { credentials, notRun } = JSON.parse(stdout) as BatchSummary;
  expect(notRun.map((n) => n.section)).not.toContain('credentials');
  const issued = new Map<string, boolean>();
  for (const event of sample.events) {
    const { credentials: temporary, accessKey } = (event.responseElements ?? {}) as {
      credentials?: { accessKeyId?: string };
      accessKey?: { accessKeyId?: string };
    };
    const key = temporary?.accessKeyId ?? accessKey?.accessKeyId;
    if (key && !event.errorCode) issued.set(key, event.eventName === 'CreateAccessKey');
  }
  const longTerm = [...issued.values()].filter(Boolean).length;
  expect(credentials).toMatchObject({ issuedTemporary: issued.size - longTerm, issuedLongTerm: longTerm });
  expect(credentials.usedLater).toBeGreaterThan(0);
  for (const row of credentials.list) {
    expect(row.issuedByEvent !== null).toBe(issued.has(row.accessKeyId));
    if (row.parentKey !== null) expect(row.depth).toBeGreaterThan(0);
    expect(row.stoppedBecause).not.toBe('');
  }
});
