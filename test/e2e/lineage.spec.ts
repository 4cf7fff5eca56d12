/** Who is really behind one event: the chain in its details, its origin as a filter, and the same in the batch summary. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

test('who failed to sign in, and who used a key whose ID is masked? nobody is said to be whom a name alone names', async ({ app }) => {
  const event = (name: string, at: string, rest: object) => ({
    eventVersion: '1.11',
    eventID: `00000000-0000-4000-8000-0000000000${at}`,
    eventTime: `2026-04-05T01:00:${at}Z`,
    eventName: name,
    eventSource: 'signin.amazonaws.com',
    awsRegion: 'us-east-1',
    recipientAccountId: '111111111111',
    ...rest,
  });
  const masked = (arn: string) => ({ type: 'IAMUser', principalId: 'AIDA****', arn, accountId: '111111111111', accessKeyId: 'AKIA****' });
  const Records = [
    event('ConsoleLogin', '10', {
      userIdentity: { type: 'IAMUser', principalId: 'AIDAERIN', accountId: '111111111111', userName: 'erin' },
      responseElements: { ConsoleLogin: 'Failure' },
      errorMessage: 'Failed authentication',
    }),
    event('GetUser', '20', { userIdentity: masked('arn:aws:iam::111111111111:user/jane') }),
    event('ListUsers', '30', { userIdentity: masked('arn:aws:iam::111111111111:user/dana') }),
  ];
  const file = join(app.folder, 'names.json');
  await writeFile(file, JSON.stringify({ Records }));
  await app.drop(file);
  await app.waitIdle();
  await app.workbench.go('Events');
  const events = new Events(app.page);
  const behind = events.details.getByRole('region', { name: 'Who is really behind this' });
  const says: [string, string[], string[]][] = [
    ['ConsoleLogin', ['Sign-in attempt', 'Nobody is shown'], ['session']],
    ['GetUser', ['user/jane', 'Long-term key'], ['dana']],
    ['ListUsers', ['user/dana', 'AKIA**** in the place of a key ID'], ['jane']],
  ];
  await app.waitIdle();
  for (const [name, shown, absent] of says) {
    await events.grid.getByRole('row').filter({ hasText: name }).click();
    await app.waitIdle();
    await expect(events.details.getByRole('heading', { level: 2 })).toHaveText(name);
    for (const words of shown) await expect(behind).toContainText(words);
    for (const words of absent) await expect(behind).not.toContainText(words);
  }
});
