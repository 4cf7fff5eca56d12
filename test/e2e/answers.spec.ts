/** Questions of an investigation, each two clicks from its answer. */
import { expect, test } from './fixtures.ts';
import { Events } from './pages/events.ts';
import { Overview } from './pages/overview.ts';
import { sample } from './sample.ts';

test.beforeEach(async ({ app }) => {
  await app.workbench.openSample();
  await app.waitIdle();
});

test('what did this principal do? principals, then its page', async ({ app }) => {
  await app.workbench.go('Principals');
  await app.waitIdle();
  await app.page
    .getByRole('main')
    .getByText(/role\/ops-admin|ops-admin/)
    .first()
    .click();
  await app.waitIdle();
  const page = app.page.getByRole('main');
  await page.getByRole('button', { name: /^Show \d+: Actions$/ }).click();
  await app.waitIdle();
  for (const name of ['StopLogging', 'CreateAccessKey', 'GetObject', 'SendSSHPublicKey']) await expect(page).toContainText(name);
  for (const address of ['203.0.113.66', '203.0.113.171']) await expect(page).toContainText(address);
  await expect(page).toContainText('maintenance');
});

test('who acted on this resource? resources, then its page', async ({ app }) => {
  await app.workbench.go('Resources');
  await app.waitIdle();
  await app.page.getByRole('main').getByText('larkfield-prod-customer-exports').first().click();
  await app.waitIdle();
  await expect(app.page.getByRole('main')).toContainText('ops-admin');
  await expect(app.page.getByRole('main')).toContainText('GetObject');
});

test('which instance, OS user and key did EC2 Instance Connect get? on the page of who sent them, and in the record', async ({ app }) => {
  const [connect] = sample.events.filter((e) => e.eventName === 'SendSSHPublicKey');
  await app.workbench.go('Resources');
  await app.waitIdle();
  await app.page.getByRole('textbox', { name: /^Find resources/i }).fill(connect.requestParameters?.instanceId ?? '');
  await app.waitIdle();
  await app.page
    .getByRole('main')
    .getByRole('grid')
    .getByText(connect.requestParameters?.instanceId ?? '')
    .first()
    .click();
  await app.waitIdle();
  const page = app.page.getByRole('main');
  for (const words of ['ubuntu', 'ec2-user', 'ssh-ed25519', '203.0.113.66']) await expect(page).toContainText(words);

  await app.workbench.findFor(connect.eventID);
  await app.waitIdle();
  const events = new Events(app.page);
  await events.tab('Record').click();
  await expect(events.details.getByRole('tree')).toContainText(connect.requestParameters?.instanceOSUser ?? '');
});

test('from which addresses did this activity come? one facet click', async ({ app }) => {
  const overview = new Overview(app.page);
  await overview.findIn('Event name', 'StopLogging');
  await overview.value('Event name', 'StopLogging').click();
  await app.waitIdle();
  await expect(overview.value('Source IP', '203.0.113.171')).toBeVisible();
});
